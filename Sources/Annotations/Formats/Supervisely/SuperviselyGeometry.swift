import Archives
import Foundation
import Timeline

/// The geometries of figures, in pixels.
enum SuperviselyGeometry {
  /// What is wrong with a geometry, as part of a sentence.
  struct Flaw: Error { var reason: String }

  /// Reads a geometry.
  ///
  /// - Parameters:
  ///   - type: Its type, such as `rectangle`.
  ///   - geometry: It as JSON.
  ///   - nodes: The nodes of the class, in order, for a graph.
  ///   - images: Decodes bitmaps.
  /// - Returns: The shape, or what is wrong with the geometry.
  static func read(
    _ type: String, _ geometry: JSONValue, nodes: [(key: String, name: String)],
    images: (any LabelImages)?
  ) -> Result<Shape, Flaw> {
    let exterior = geometry["points"]?["exterior"].flatMap(points)
    let flaw = Flaw(reason: "the \(type) has no usable places")
    switch type {
    case "rectangle":
      guard let exterior, let box = pixels(exterior) else { return .failure(flaw) }
      return .success(.box(box))
    case "oriented_bbox":
      guard let corners = geometry["points"].flatMap(points), let box = pixels(corners),
        let angle = geometry["angle"]?.number, angle.isFinite
      else { return .failure(flaw) }
      return .success(
        .rotatedBox(
          RotatedBox(center: box.center, width: box.width, height: box.height, angle: angle)))
    case "polygon":
      guard let points = geometry["points"], let part = part(points) else {
        return .failure(flaw)
      }
      return .success(.polygon(Polygon(parts: [part])))
    case "multipolygon":
      let parts = (geometry["parts"]?.elements ?? []).map { part($0) }
      guard !parts.isEmpty, parts.allSatisfy({ $0 != nil }) else { return .failure(flaw) }
      return .success(.polygon(Polygon(parts: parts.compactMap(\.self))))
    case "line", "polyline":
      guard let exterior, exterior.count > 1 else { return .failure(flaw) }
      return .success(.polyline(exterior))
    case "point":
      guard let exterior, exterior.count == 1 else { return .failure(flaw) }
      return .success(.points(exterior))
    case "graph": return joints(geometry, nodes).map { .success($0) } ?? .failure(flaw)
    case "cuboid_2d": return block(geometry).map { .success($0) } ?? .failure(flaw)
    case "cuboid": return oldBlock(geometry).map { .success($0) } ?? .failure(flaw)
    case "bitmap", "alpha_mask": return mask(geometry, images)
    default: return .failure(Flaw(reason: "a \(type) has no place in a picture"))
    }
  }

  private static func point(_ value: JSONValue) -> Point? {
    guard let numbers = value.numbers, numbers.count == 2,
      numbers.allSatisfy({ abs($0) < 1e9 })
    else { return nil }
    return Point(numbers[0], numbers[1])
  }

  private static func points(_ value: JSONValue) -> [Point]? {
    guard let elements = value.elements else { return nil }
    let points = elements.compactMap(point)
    return points.count == elements.count ? points : nil
  }

  /// The box of the pixels from one corner to the other, both included.
  private static func pixels(_ corners: [Point]) -> Box? {
    guard corners.count == 2, let box = Box(around: corners) else { return nil }
    return Box(left: box.left, top: box.top, width: box.width + 1, height: box.height + 1)
  }

  private static func part(_ value: JSONValue) -> Polygon.Part? {
    guard let outer = value["exterior"].flatMap(points), outer.count > 2 else { return nil }
    let holes = (value["interior"]?.elements ?? []).map { points($0) }
    guard holes.allSatisfy({ ($0?.count ?? 0) > 2 }) else { return nil }
    return Polygon.Part(outer: outer, holes: holes.compactMap(\.self))
  }

  private static func joints(
    _ geometry: JSONValue, _ nodes: [(key: String, name: String)]
  ) -> Shape? {
    let members = geometry["nodes"]?.members ?? []
    var places: [String: (place: Point, isDisabled: Bool)] = [:]
    for member in members {
      guard let place = member.value["loc"].flatMap(point) else { return nil }
      places[member.key] = (place, member.value["disabled"]?.boolean ?? false)
    }
    guard !places.isEmpty else { return nil }
    let known = Set(nodes.map(\.key))
    let others = members.map(\.key).filter { !known.contains($0) }.map { (key: $0, name: $0) }
    return .skeleton(
      Skeleton(
        joints: (nodes + others).map { node in
          let entry = places[node.key]
          return Joint(
            name: node.name, position: entry?.place ?? Point(0, 0),
            visibility: entry.map { $0.isDisabled ? .absent : .visible } ?? .absent)
        }))
  }

  /// The names of the corners, in the order of ``Shape/cuboid(_:)``.
  static let corners = ["face1", "face2"].flatMap { face in
    ["topleft", "topright", "bottomright", "bottomleft"].map { face + "-" + $0 }
  }

  private static func block(_ geometry: JSONValue) -> Shape? {
    let points = corners.compactMap { name in
      geometry["vertices"]?[name]?["loc"].flatMap(point)
    }
    return points.count == 8 ? .cuboid(points) : nil
  }

  /// A block of faces that name their corners; a corner that no face names completes its face.
  private static func oldBlock(_ geometry: JSONValue) -> Shape? {
    guard let places = geometry["points"].flatMap(points),
      let faces = geometry["faces"]?.elements?.map({ $0.numbers ?? [] }), let first = faces.first,
      faces.allSatisfy({ face in
        face.count == 4
          && face.allSatisfy { Int(exactly: $0).map { places.indices.contains($0) } ?? false }
      })
    else { return nil }
    let front = first.map { Int($0) }
    var back: [Int: Int] = [:]
    for face in faces.dropFirst().map({ $0.map { Int($0) } }) {
      for place in 0..<4 {
        let (a, b) = (face[place], face[(place + 1) % 4])
        if front.contains(a), !front.contains(b) { back[a] = b }
        if front.contains(b), !front.contains(a) { back[b] = a }
      }
    }
    var behind = front.map { back[$0].map { places[$0] } }
    for place in 0..<4 where behind[place] == nil {
      let sides = [behind[(place + 1) % 4], behind[(place + 3) % 4], behind[(place + 2) % 4]]
        .compactMap(\.self)
      guard sides.count == 3 else { return nil }
      behind[place] = Point(
        sides[0].x + sides[1].x - sides[2].x, sides[0].y + sides[1].y - sides[2].y)
    }
    return .cuboid(front.map { places[$0] } + behind.compactMap(\.self))
  }

  // MARK: - Bitmaps

  /// No PNG of a mask is larger; a larger one would be damage that fills the memory.
  private static let maximumPNG = 1 << 26

  private static func mask(
    _ geometry: JSONValue, _ images: (any LabelImages)?
  ) -> Result<Shape, Flaw> {
    func failure(_ reason: String) -> Result<Shape, Flaw> { .failure(Flaw(reason: reason)) }
    guard let images else { return failure("the bitmap needs a decoder of pictures") }
    guard let bitmap = geometry["bitmap"] ?? geometry["alpha_mask"],
      let origin = bitmap["origin"].flatMap(point), let left = Int(exactly: origin.x),
      let top = Int(exactly: origin.y), let text = bitmap["data"]?.string,
      let data = Data(base64Encoded: text)
    else { return failure("the bitmap has no origin or no data in base64") }
    // Older files are not deflated.
    let png = data.starts(with: [0x89, 0x50]) ? data : try? Zlib.inflate(data, limit: maximumPNG)
    guard let png, let image = try? images.decode(png, path: "bitmap") else {
      return failure("the data of the bitmap is no deflated PNG")
    }
    guard let mask = Mask(image, left: left, top: top) else {
      return failure("the bitmap is too large")
    }
    return .success(.mask(mask.tightened))
  }

  /// A mask as Supervisely's bitmap: a PNG of two colours, of which the first is transparent.
  static func bitmap(
    _ mask: Mask, images: any LabelImages, path: String
  ) throws(LabelError) -> JSONValue {
    var samples: [UInt16] = []
    samples.reserveCapacity(mask.width * mask.height)
    for (place, run) in mask.runs.enumerated() {
      samples += repeatElement(UInt16(place % 2), count: Int(run))
    }
    let image = LabelImage(
      width: mask.width, height: mask.height, content: .palette([0x0000_0000, 0xFFFF_FFFF]),
      samples: samples)
    let png = try images.encodePNG(image, path: path)
    let data: Data
    do { data = try Zlib.deflate(png) } catch {
      throw LabelError(.unwritable, path: path, "a bitmap cannot be deflated")
    }
    return .members([
      "bitmap": .members([
        "origin": .array([.number(Double(mask.left)), .number(Double(mask.top))]),
        "data": .string(data.base64EncodedString()),
      ]),
      "shape": .string("bitmap"), "geometryType": .string("bitmap"),
    ])
  }
}

extension Mask {
  /// The pixels of a picture that are not transparent, or where all are opaque, not 0.
  fileprivate init?(_ image: LabelImage, left: Int, top: Int) {
    guard image.width > 0, image.height > 0, image.width <= Self.maximumPixels / image.height
    else { return nil }
    let isSet: (Int) -> Bool
    switch image.content {
    case .grey: isSet = { image.samples[$0] != 0 }
    case .palette(let colors):
      let isClear = colors.map { $0 & 0xFF == 0 }
      isSet = { place in
        let index = Int(image.samples[place])
        return isClear.contains(true) ? !(index < isClear.count && isClear[index]) : index != 0
      }
    case .color: isSet = { image.colors[$0] != 0 }
    }
    var runs: [Int32] = []
    var (last, length) = (false, Int32(0))
    for place in 0..<image.width * image.height {
      if isSet(place) != last {
        runs.append(length)
        (last, length) = (!last, 0)
      }
      length += 1
    }
    runs.append(length)
    self.init(left: left, top: top, width: image.width, height: image.height, runs: runs)
  }
}
