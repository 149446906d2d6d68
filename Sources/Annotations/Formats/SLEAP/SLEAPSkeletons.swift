/// The skeletons in the metadata of a SLEAP file, in all spellings that jsonpickle left behind.
///
/// A node is a number into a list of nodes, an object spelled out, or a `py/id` that counts the
/// objects spelled out before it. The kind of a link is spelled out once and then a `py/id`, too:
/// 1 is a bone, 2 joins mirrored joints and is none.
struct SLEAPSkeletons {
  private enum Pickled {
    case node(String)
    case kind(Int)
  }

  /// The classes, in the order of the file.
  private(set) var classes: [Ontology.Category] = []

  private static let bone = 1

  /// Reads the skeletons out of `metadata`.
  init(metadata: JSONValue) {
    let names = (metadata["nodes"]?.elements ?? []).map { Self.name(of: $0) ?? "" }
    for entry in metadata["skeletons"]?.elements ?? [] {
      let graph = entry["nx_graph"] ?? entry
      var skeleton = Reading(names: names)
      var category = skeleton.category(graph)
      category.name = graph["graph"]?["name"]?.text ?? entry["name"]?.text ?? ""
      // Classes are known by their names: a second one gets another.
      let name = category.name
      var copy = 2
      while classes.contains(where: { $0.name == category.name && $0 != category }) {
        category.name = "\(name)-\(copy)"
        copy += 1
      }
      classes.append(category)
    }
  }

  /// The name in a node that is spelled out.
  private static func name(of node: JSONValue) -> String? {
    let state = node["py/state"]
    return state?["py/tuple"]?.elements?.first?.text ?? state?["name"]?.text ?? node["name"]?.text
  }

  private struct Reading {
    let names: [String]
    private var pickled: [Pickled] = []
    private var kinds: [Int] = []

    init(names: [String]) { self.names = names }

    mutating func category(_ graph: JSONValue) -> Ontology.Category {
      var bones: [(order: Int, from: String, to: String)] = []
      var inLinks: [String] = []
      for link in graph["links"]?.elements ?? [] {
        // As jsonpickle walks through them.
        let source = node(link["source"])
        let target = node(link["target"])
        let kind = kind(of: link["type"])
        guard let source, let target else { continue }
        for name in [source, target] where !inLinks.contains(name) { inLinks.append(name) }
        if kind == bone {
          bones.append((link["edge_insert_idx"]?.integer ?? .max, source, target))
        }
      }
      var joints: [String] = []
      for entry in graph["nodes"]?.elements ?? [] {
        guard let name = node(entry["id"] ?? entry), !joints.contains(name) else { continue }
        joints.append(name)
      }
      if joints.isEmpty { joints = inLinks }
      let places = Dictionary(uniqueKeysWithValues: joints.enumerated().map { ($1, $0) })
      // The order in which a person drew them, as far as it is stored.
      let sorted = bones.enumerated().sorted {
        ($0.element.order, $0.offset) < ($1.element.order, $1.offset)
      }
      return Ontology.Category(
        name: "", joints: joints,
        edges: sorted.compactMap { _, bone in
          guard let from = places[bone.from], let to = places[bone.to] else { return nil }
          return Ontology.Edge(from, to)
        })
    }

    private mutating func node(_ value: JSONValue?) -> String? {
      guard let value else { return nil }
      if let place = value.integer { return names.indices.contains(place) ? names[place] : nil }
      if let reference = value["py/id"]?.integer {
        guard pickled.indices.contains(reference - 1), case .node(let name) = pickled[reference - 1]
        else { return nil }
        return name
      }
      guard let name = SLEAPSkeletons.name(of: value) else { return nil }
      let isKnown = pickled.contains { if case .node(name) = $0 { true } else { false } }
      if !isKnown { pickled.append(.node(name)) }
      return name
    }

    private mutating func kind(of value: JSONValue?) -> Int {
      guard let value else { return bone }
      if let kind = value.integer { return kind }
      if let made = value["py/reduce"]?.elements, made.count > 1,
        let kind = made[1]["py/tuple"]?.elements?.first?.integer
      {
        pickled.append(.kind(kind))
        if !kinds.contains(kind) { kinds.append(kind) }
        return kind
      }
      guard let reference = value["py/id"]?.integer else { return bone }
      if pickled.indices.contains(reference - 1), case .kind(let kind) = pickled[reference - 1] {
        return kind
      }
      // Some writers count the kinds alone, and some wrote the kind itself.
      return kinds.indices.contains(reference - 1) ? kinds[reference - 1] : reference
    }
  }
}
