import Foundation

/// The classes of a project, from its `meta.json`.
struct SuperviselyMeta {
  /// The classes, in the order of the file.
  var categories: [Ontology.Category] = []
  /// The names of the nodes of a class by their keys, in order.
  private var nodes: [String: [(key: String, name: String)]] = [:]

  /// Creates an empty one.
  init() {}

  /// Reads the `meta.json` at `path`.
  init(path: String) throws(LabelError) {
    var json = try JSONReader.open(path: path)
    let meta = try json.value()
    for entry in meta["classes"]?.elements ?? [] {
      guard let title = entry["title"]?.text else { continue }
      var category = Ontology.Category(name: title, sourceID: entry["id"]?.text)
      let names = (entry["geometry_config"]?["nodes"]?.members ?? []).map { member in
        (key: member.key, name: member.value["label"]?.text ?? member.key)
      }
      category.joints = names.map(\.name)
      let places = Dictionary(names.enumerated().map { ($0.element.key, $0.offset) }) { a, _ in a }
      category.edges = (entry["geometry_config"]?["edges"]?.elements ?? []).compactMap { edge in
        guard let from = edge["src"]?.text.flatMap({ places[$0] }),
          let to = edge["dst"]?.text.flatMap({ places[$0] })
        else { return nil }
        return Ontology.Edge(from, to)
      }
      nodes[title] = names
      categories.append(category)
    }
  }

  /// The nodes of a class; empty where nobody tells them.
  func nodes(of className: String) -> [(key: String, name: String)] { nodes[className] ?? [] }

  /// The `meta.json` that belongs to the annotation at `path`; nil where there is none.
  static func path(beside path: String) -> String? {
    var folder = URL(fileURLWithPath: path)
    for _ in 0..<3 {
      folder = folder.deletingLastPathComponent()
      let meta = folder.appendingPathComponent("meta.json").path
      if FileManager.default.fileExists(atPath: meta) { return meta }
    }
    return nil
  }
}
