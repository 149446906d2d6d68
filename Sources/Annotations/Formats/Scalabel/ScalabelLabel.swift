import Foundation

/// One entry of `labels`.
struct ScalabelLabel {
  /// What is drawn; several where the label holds several open lines.
  var shapes: [Shape] = []
  /// The object over time.
  var identity = SourceIdentity.none
  var category = ""
  /// `manualShape`: drawn by a person, or carried on by the tool; nil where it is not said.
  var isManual: Bool?
  var confidence: Double?
  var visibility = Visibility.unknown
  var attributes: [String: String] = [:]
  /// Pairs of names of joints that are connected.
  var bones: [(String, String)] = []
  /// The size of the picture as a mask states it.
  var size: (width: Int, height: Int)?
  /// Whether a mask was left aside because the label has the outline it was made from.
  var hasUnusedMask = false

  private static let maximumPixel = 1e9

  /// Reads an entry; returns what is wrong with it, as part of a sentence.
  mutating func read(_ value: JSONValue) -> String? {
    guard value.isObject else { return "the label is no object" }
    identity = value["id"]?.identity ?? .none
    category = value["category"]?.text ?? ""
    isManual = value["manualShape"]?.boolean
    if let score = value["score"], !score.isNull {
      guard let number = score.number, number.isFinite else {
        return "the score is not a finite number"
      }
      confidence = number
    }
    readAttributes(value["attributes"])
    return readShape(value)
  }

  private mutating func readAttributes(_ value: JSONValue?) {
    for (key, value) in (value?.members ?? []).map({ ($0.key, $0.value) }) {
      switch key.lowercased() {
      case "occluded":
        if let isOccluded = value.truth { visibility = isOccluded ? .occluded : .visible }
      case "truncated":
        if value.truth != false { attributes[ReservedAttribute.truncated] = value.text }
      case "crowd":
        // Scalabel's evaluation does not judge these.
        if value.truth == true { attributes[ReservedAttribute.ignore] = "true" }
      case ReservedAttribute.ignore, "ignored":
        if value.truth == true { attributes[ReservedAttribute.ignore] = "true" }
      default: attributes[key] = value.text
      }
    }
  }

  // The most exact of what a label has: a skeleton, an outline, a mask, a box.
  private mutating func readShape(_ value: JSONValue) -> String? {
    if let graph = value["graph"], graph.isObject { return readGraph(graph) }
    if let lines = value["poly2d"]?.elements, !lines.isEmpty {
      hasUnusedMask = value["rle"]?.isObject == true
      if hasUnusedMask { readSize(value["rle"]) }
      return readLines(lines)
    }
    if let mask = value["rle"], mask.isObject {
      readSize(mask)
      guard let size, let mask = mask.cocoMask(width: size.width, height: size.height) else {
        return "the runs of the mask do not fill its size"
      }
      shapes = [.mask(mask)]
      return nil
    }
    if let box = value["box2d"], box.isObject {
      let corners = ["x1", "y1", "x2", "y2"].map { box[$0]?.number ?? .nan }
      guard corners.allSatisfy({ abs($0) <= Self.maximumPixel }) else {
        return "the box2d has no usable x1, y1, x2 and y2"
      }
      // Both corners are inside the box, which is thus one pixel larger than their distance.
      let (width, height) = (corners[2] - corners[0] + 1, corners[3] - corners[1] + 1)
      shapes = [.box(Box(left: corners[0], top: corners[1], width: width, height: height))]
      return nil
    }
    if let box = value["box3d"], box.isObject {
      return "a box3d lies in space, not in the picture"
    }
    return "there is neither box2d, poly2d, rle nor graph"
  }

  private mutating func readSize(_ mask: JSONValue?) {
    guard let numbers = mask?["size"]?.elements, numbers.count == 2,
      let height = numbers[0].count, let width = numbers[1].count
    else { return }
    size = (width, height)
  }

  private mutating func readLines(_ lines: [JSONValue]) -> String? {
    var parts: [Polygon.Part] = []
    for line in lines {
      guard let vertices = line["vertices"]?.elements else {
        return "the poly2d has no vertices"
      }
      let places = vertices.compactMap { $0.point(limit: Self.maximumPixel) }
      guard places.count == vertices.count, !places.isEmpty else {
        return "the poly2d has a vertex that is no pair of usable numbers"
      }
      let isClosed = line["closed"]?.truth ?? true
      let flat = BezierPath.flatten(
        places, types: line["types"]?.string ?? "", isClosed: isClosed)
      if isClosed {
        parts.append(Polygon.Part(outer: flat))
      } else {
        shapes.append(.polyline(flat))
      }
    }
    if !parts.isEmpty { shapes.insert(.polygon(Polygon(parts: parts)), at: 0) }
    return nil
  }

  private mutating func readGraph(_ graph: JSONValue) -> String? {
    var names: [String: String] = [:]
    var joints: [Joint] = []
    for node in graph["nodes"]?.elements ?? [] {
      let id = node["id"]?.text ?? ""
      let name = node["category"]?.text ?? id
      guard let place = node["location"]?.point(limit: Self.maximumPixel) else {
        return "a node of the graph has no usable location"
      }
      names[id] = name
      let visibility: Joint.Visibility =
        switch node["visibility"]?.string {
        case "N": .hidden
        case "A": .absent
        default: .visible
        }
      joints.append(
        Joint(
          name: name, position: place, visibility: visibility,
          confidence: node["score"]?.number))
    }
    guard !joints.isEmpty else { return "the graph has no nodes" }
    for edge in graph["edges"]?.elements ?? [] {
      guard let from = names[edge["source"]?.text ?? ""],
        let to = names[edge["target"]?.text ?? ""]
      else { continue }
      bones.append((from, to))
    }
    shapes = [.skeleton(Skeleton(joints: joints))]
    return nil
  }
}
