/// The classes of COCO and its relatives, by the ids that annotations use.
struct COCOCategories {
  // No animal has more; a damaged file may claim any number.
  private static let maximumJoints = 10_000

  private var slots = IdentitySlots()
  private var listed: [Int32: Ontology.Category] = [:]
  private var order: [Int32] = []
  // Whether a class that is not listed is a mistake.
  private var areComplete = true

  /// Reads one entry of `categories`; returns what is wrong with it.
  mutating func read(_ json: inout JSONReader) throws(LabelError) -> String? {
    guard try json.beginObject() else { return "the category is no object" }
    var id = SourceIdentity.none
    var category = Ontology.Category(name: "")
    var name: String?
    var bones: [(Int, Int)] = []
    while let key = try json.nextKey() {
      switch key {
      case "id": id = try json.identity()
      case "name": name = try json.text()
      case "keypoints":
        guard try json.beginArray() else { continue }
        while try json.nextElement() {
          let joint = try json.text() ?? ""
          if category.joints.count < Self.maximumJoints { category.joints.append(joint) }
        }
      case "skeleton":
        guard try json.beginArray() else { continue }
        while try json.nextElement() {
          guard let bone = try bone(&json), bones.count < Self.maximumJoints else { continue }
          bones.append(bone)
        }
      default: try json.skip()
      }
    }
    guard let spelling = id.spelling else { return "the category has no usable id" }
    category.name = name ?? spelling
    category.sourceID = spelling
    // Joints count from 1 here; one that is not there cannot be drawn.
    let joints = 1...max(1, category.joints.count)
    category.edges = bones.filter { joints.contains($0.0) && joints.contains($0.1) }
      .map { Ontology.Edge($0.0 - 1, $0.1 - 1) }
    let slot = slots.slot(of: id)
    guard listed[slot] == nil else { return "a category before has the same id" }
    listed[slot] = category
    order.append(slot)
    return nil
  }

  /// Takes what an entry of a list of results says of its class.
  mutating func note(name: String?, joints: [String], of identity: SourceIdentity) {
    guard let spelling = identity.spelling, name != nil || !joints.isEmpty else { return }
    let slot = slots.slot(of: identity)
    if listed[slot] == nil {
      listed[slot] = Ontology.Category(name: name ?? spelling, sourceID: spelling)
      order.append(slot)
      areComplete = false
    }
    if let known = listed[slot], known.joints.isEmpty {
      listed[slot]?.joints = Array(joints.prefix(Self.maximumJoints))
    }
  }

  private func bone(_ json: inout JSONReader) throws(LabelError) -> (Int, Int)? {
    var ends: [Double] = []
    guard try json.beginArray() else { return nil }
    while try json.nextElement() {
      let end = try json.number()
      if ends.count < 3 { ends.append(end ?? 0) }
    }
    guard ends.count == 2, let a = Int(exactly: ends[0]), let b = Int(exactly: ends[1]) else {
      return nil
    }
    return (a, b)
  }

  /// The place of the class with the id `identity`; -1 for no class.
  mutating func slot(of identity: SourceIdentity) -> Int32 {
    identity == .none ? -1 : slots.slot(of: identity)
  }

  /// The listed classes in the order of the file.
  var ontology: Ontology { Ontology(categories: order.compactMap { listed[$0] }) }

  /// Whether a listed class has a skeleton.
  var haveJoints: Bool { listed.values.contains { !$0.joints.isEmpty } }

  /// The name of the class at `slot`: its id where the file does not list it, empty for -1.
  func name(of slot: Int32) -> String {
    guard slot >= 0 else { return "" }
    return listed[slot]?.name ?? slots.identities[Int(slot)].spelling ?? ""
  }

  /// The name of the class with the id `identity`; nil for no id.
  func name(of identity: SourceIdentity) -> String? {
    slots.knownSlot(of: identity).map { name(of: $0) } ?? identity.spelling
  }

  /// The names of the joints of the class at `slot`.
  func joints(of slot: Int32) -> [String] { listed[slot]?.joints ?? [] }

  /// What speaks against an annotation of the class at `slot`; a file need not list its classes.
  func flaw(of slot: Int32) -> String? {
    guard areComplete, !listed.isEmpty, slot >= 0, listed[slot] == nil,
      let id = slots.identities[Int(slot)].spelling
    else { return nil }
    return "the category \(id) is not among the categories"
  }
}
