import Foundation

/// What `object_data` says of one object, in a frame or for all of it.
struct OpenLABELData {
  /// One shape, and what makes it one track with others.
  struct Item {
    /// The name of the datum, which is the same from frame to frame.
    var name: String
    /// The camera whose picture it lies in; nil where there is none to choose from.
    var camera: String?
    var shape: Shape
    var attributes: [(name: String, value: String)]
  }

  /// The shapes on pictures.
  var items: [Item] = []
  /// Texts, numbers and truth values that hang on no shape.
  var attributes: [(name: String, value: String)] = []
  /// What is wrong with single shapes, as parts of sentences.
  var flaws: [String] = []
  /// How many shapes lie in space, and how many pictures there are.
  var spaceCount = 0
  var imageCount = 0

  /// The name that all rings of a hierarchy share.
  static let outline = "outline"
  private static let spaceKinds = [
    "cuboid", "poly3d", "point3d", "mesh", "mat", "line_reference", "area_reference",
    "volume_reference",
  ]

  /// Reads an `object_data`.
  init(_ value: JSONValue?) {
    guard let value else { return }
    attributes = Self.attributes(value)
    for entry in value["bbox"]?.elements ?? [] { readBox(entry, isTurned: false) }
    for entry in value["rbbox"]?.elements ?? [] { readBox(entry, isTurned: true) }
    readLines(value["poly2d"]?.elements ?? [])
    for entry in value["point2d"]?.elements ?? [] {
      guard let place = entry["val"]?.point() else {
        flaws.append("a point2d has no usable val")
        continue
      }
      add(entry, .points([place]))
    }
    for kind in Self.spaceKinds { spaceCount += value[kind]?.elements?.count ?? 0 }
    imageCount = (value["image"]?.elements?.count ?? 0) + (value["binary"]?.elements?.count ?? 0)
  }

  private static func attributes(_ value: JSONValue?) -> [(name: String, value: String)] {
    var result: [(name: String, value: String)] = []
    for kind in ["boolean", "num", "text", "vec"] {
      for entry in value?[kind]?.elements ?? [] {
        guard let name = entry["name"]?.text, let datum = entry["val"] else { continue }
        let text = datum.text ?? datum.elements?.compactMap(\.text).joined(separator: ",")
        if let text { result.append((name, text)) }
      }
    }
    return result
  }

  private mutating func add(_ entry: JSONValue, _ shape: Shape, name: String? = nil) {
    items.append(
      Item(
        name: name ?? entry["name"]?.text ?? "",
        camera: entry["coordinate_system"]?.text
          ?? Self.attributes(entry).first { $0.name == "stream" }?.value,
        shape: shape, attributes: Self.attributes(entry["attributes"])))
  }

  private mutating func readBox(_ entry: JSONValue, isTurned: Bool) {
    guard let values = entry["val"]?.numbers, values.count == (isTurned ? 5 : 4),
      values.allSatisfy({ abs($0) <= 1e9 })
    else {
      flaws.append("a \(isTurned ? "rbbox" : "bbox") has no usable val")
      return
    }
    let center = Point(values[0], values[1])
    add(
      entry,
      isTurned
        ? .rotatedBox(
          RotatedBox(center: center, width: values[2], height: values[3], angle: values[4]))
        : .box(Box(center: center, width: values[2], height: values[3])))
  }

  // Closed lines with a hierarchy are the rings of one area: the fourth number of a hierarchy is
  // the place of the ring around it, or -1.
  private mutating func readLines(_ entries: [JSONValue]) {
    var rings: [(ring: [Point], parent: Int, entry: JSONValue)] = []
    for entry in entries {
      guard let points = points(of: entry) else { continue }
      let isClosed = entry["closed"]?.truth ?? false
      if isClosed, let order = entry["hierarchy"]?.numbers, order.count == 4 {
        rings.append((points, Int(exactly: order[3]) ?? -1, entry))
      } else {
        add(entry, isClosed ? .polygon(Polygon(points)) : .polyline(points))
      }
    }
    guard let first = rings.first else { return }
    // How many rings lie around one; nil where they go round in a circle.
    func depth(_ place: Int) -> Int? {
      var (depth, at) = (0, rings[place].parent)
      while rings.indices.contains(at) {
        depth += 1
        guard depth <= rings.count else { return nil }
        at = rings[at].parent
      }
      return depth
    }
    let depths = rings.indices.map(depth)
    var parts: [Polygon.Part] = []
    var places: [Int: Int] = [:]
    for (place, depth) in depths.enumerated() where depth.map({ $0 % 2 == 0 }) ?? false {
      places[place] = parts.count
      parts.append(Polygon.Part(outer: rings[place].ring))
    }
    for (place, depth) in depths.enumerated() where depth.map({ $0 % 2 == 1 }) ?? false {
      if let part = places[rings[place].parent] { parts[part].holes.append(rings[place].ring) }
    }
    guard !parts.isEmpty else {
      flaws.append("the hierarchy of the poly2d goes round in a circle")
      return
    }
    add(first.entry, .polygon(Polygon(parts: parts)), name: Self.outline)
  }

  private mutating func points(of entry: JSONValue) -> [Point]? {
    let mode = entry["mode"]?.string ?? "MODE_POLY2D_ABSOLUTE"
    switch mode {
    case "MODE_POLY2D_ABSOLUTE", "MODE_POLY2D_RELATIVE":
      guard let values = entry["val"]?.numbers, values.count >= 2, values.count % 2 == 0,
        values.allSatisfy({ abs($0) <= 1e9 })
      else {
        flaws.append("a poly2d has no usable val")
        return nil
      }
      let points = stride(from: 0, to: values.count, by: 2).map {
        Point(values[$0], values[$0 + 1])
      }
      if mode == "MODE_POLY2D_ABSOLUTE" { return points }
      return [points[0]]
        + points.dropFirst().map { Point(points[0].x + $0.x, points[0].y + $0.y) }
    case "MODE_POLY2D_SRF6DCC", "MODE_POLY2D_RS6FCC":
      let values = (entry["val"]?.elements ?? []).compactMap(\.text)
      guard let points = ChainCode.points(values, mode: mode) else {
        flaws.append("a poly2d has no usable chain code")
        return nil
      }
      return points
    default:
      flaws.append("the mode \(mode.prefix(40)) of a poly2d is not known")
      return nil
    }
  }
}
