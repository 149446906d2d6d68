/// Numbers for the classes of a dataset, as COCO and its relatives call them.
///
/// A class that has a number in its source keeps it where no other class of the file has it; the
/// others get what is free, from 1. Classes of one name in several videos are one class.
struct COCOClassNumbers {
  /// The classes with their numbers as ``Ontology/Category/sourceID``, in order of appearance.
  private(set) var categories: [Ontology.Category] = []
  /// How many classes had to get another number than their source's.
  private(set) var changedCount = 0

  private var places: [String: Int] = [:]
  private var numbers: [Int] = []
  private var jointPlaces: [[String: Int]] = []

  /// Gives every class of `dataset` a number, those that only instances name among them.
  ///
  /// - Parameters:
  ///   - dataset: The labels.
  ///   - isWithoutClass: Tells which tracks need no class.
  init(_ dataset: Dataset, except isWithoutClass: (Track) -> Bool = { _ in false }) {
    for video in dataset.videos {
      for category in video.ontology.categories { add(category) }
    }
    for video in dataset.videos {
      for track in video.tracks where !isWithoutClass(track) {
        for instance in track.instances {
          let name = instance.className ?? track.className
          let place = places[name] ?? add(Ontology.Category(name: name))
          if case .skeleton(let skeleton) = instance.shape { addJoints(of: skeleton, to: place) }
        }
      }
    }
    numberCategories()
  }

  /// The number of the class called `name`.
  func number(of name: String) -> Int { places[name].map { numbers[$0] } ?? 0 }

  /// Whether the class called `name` has a number.
  func contains(_ name: String) -> Bool { places[name] != nil }

  /// The joints of an instance in the order of its class; nil stands for one it does not have.
  func joints(of skeleton: Skeleton, className: String) -> [Joint?] {
    guard let place = places[className] else { return skeleton.joints }
    let names = categories[place].joints
    if names.count == skeleton.joints.count,
      zip(names, skeleton.joints).allSatisfy({ $0 == $1.name })
    {
      return skeleton.joints
    }
    var joints = [Joint?](repeating: nil, count: names.count)
    for joint in skeleton.joints {
      if let slot = jointPlaces[place][joint.name] { joints[slot] = joint }
    }
    return joints
  }

  @discardableResult
  private mutating func add(_ category: Ontology.Category) -> Int {
    guard let place = places[category.name] else {
      places[category.name] = categories.count
      categories.append(category)
      jointPlaces.append(
        Dictionary(category.joints.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a }))
      return categories.count - 1
    }
    if categories[place].sourceID == nil {
      categories[place].sourceID = category.sourceID
    } else if let id = category.sourceID, id != categories[place].sourceID {
      changedCount += 1
    }
    let joints = category.joints.map { addJoint($0, to: place) }
    for edge in category.edges
    where joints.indices.contains(edge.from) && joints.indices.contains(edge.to) {
      let bone = Ontology.Edge(joints[edge.from], joints[edge.to])
      if !categories[place].edges.contains(bone) { categories[place].edges.append(bone) }
    }
    return place
  }

  private mutating func addJoints(of skeleton: Skeleton, to place: Int) {
    let names = categories[place].joints
    if names.count == skeleton.joints.count,
      zip(names, skeleton.joints).allSatisfy({ $0 == $1.name })
    {
      return
    }
    for joint in skeleton.joints { addJoint(joint.name, to: place) }
  }

  @discardableResult
  private mutating func addJoint(_ name: String, to place: Int) -> Int {
    if let known = jointPlaces[place][name] { return known }
    categories[place].joints.append(name)
    jointPlaces[place][name] = categories[place].joints.count - 1
    return categories[place].joints.count - 1
  }

  private mutating func numberCategories() {
    var taken: Set<Int> = []
    var wanted: [Int?] = []
    for category in categories {
      let number = category.sourceID.flatMap { Int($0) }.flatMap { id in
        id >= 0 && String(id) == category.sourceID && taken.insert(id).inserted ? id : nil
      }
      if number == nil, category.sourceID != nil { changedCount += 1 }
      wanted.append(number)
    }
    var next = 1
    for (place, number) in wanted.enumerated() {
      while number == nil, !taken.insert(next).inserted { next += 1 }
      numbers.append(number ?? next)
      categories[place].sourceID = String(number ?? next)
    }
  }
}
