/// The numbers that MOTS gives to classes and objects: an object is 1000 times its class, plus 1 to
/// 999, and 10000 is what is not to be judged.
struct ClassNumbers {
  /// The most classes: 16 bits hold no higher number.
  static let maximumClass = 64
  /// The most objects of one class.
  static let maximumObject = 999
  /// The class of what is not to be judged.
  static let ignored = 10
  /// The names by which MOTS itself numbers classes.
  static let names = [1: "car", 2: "pedestrian"]

  /// The classes of the tracks by name.
  private(set) var classes: [String: Int] = [:]
  /// The number of every track by its id; none for one that finds no number.
  private(set) var ids: [String: String] = [:]

  /// Numbers the classes and objects of a video.
  ///
  /// Classes keep the numbers they came with, where all have one; car and pedestrian have theirs
  /// where there is no other; else classes count from 1. Objects keep numbers that fit their class.
  /// What is not to be judged keeps its id: its number is not its own.
  init(_ video: VideoAnnotations) {
    let judged = video.tracks.filter { !$0.isIgnored }
    numberClasses(of: judged, video.ontology)
    var taken: Set<Int> = []
    var others: [Track] = []
    for track in video.tracks {
      guard !track.isIgnored, let number = classes[track.className] else {
        if track.isIgnored { ids[track.id] = track.id }
        continue
      }
      let room = 1000 * number + 1...1000 * number + Self.maximumObject
      if let id = Int(track.id), room.contains(id), taken.insert(id).inserted {
        ids[track.id] = String(id)
      } else {
        others.append(track)
      }
    }
    var next: [Int: Int] = [:]
    for track in others {
      guard let number = classes[track.className] else { continue }
      var object = next[number, default: 1]
      while taken.contains(1000 * number + object) { object += 1 }
      next[number] = object + 1
      if object <= Self.maximumObject { ids[track.id] = String(1000 * number + object) }
    }
  }

  private mutating func numberClasses(of tracks: [Track], _ ontology: Ontology) {
    let used = Set(tracks.map(\.className))
    var names = ontology.categories.map(\.name).filter { used.contains($0) }
    for track in tracks where !names.contains(track.className) { names.append(track.className) }
    var stated: [String: Int] = [:]
    for category in ontology.categories where used.contains(category.name) {
      stated[category.name] = category.sourceID.flatMap { Int($0) }
    }
    let numbers = Set(stated.values)
    let areUsable =
      stated.count == names.count && numbers.count == names.count
      && numbers.allSatisfy { (1...Self.maximumClass).contains($0) && $0 != Self.ignored }
    let known = Dictionary(uniqueKeysWithValues: Self.names.map { ($0.value, $0.key) })
    if areUsable {
      classes = stated
    } else if names.allSatisfy({ known[$0] != nil }) {
      classes = known.filter { used.contains($0.key) }
    } else {
      let numbers = (1...Self.maximumClass).filter { $0 != Self.ignored }
      for (name, number) in zip(names, numbers) { classes[name] = number }
    }
  }
}
