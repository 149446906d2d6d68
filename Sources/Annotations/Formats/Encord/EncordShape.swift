import Foundation
import Timeline

/// The shapes of Encord's objects, in fractions of the picture.
enum EncordShape {
  /// Fractions reach beyond 0...1, but not without end.
  private static let limit = 1e6

  /// Reads the shape of an object on a picture of `width` times `height` pixels.
  ///
  /// - Returns: The shape, or what is wrong with it.
  static func read(_ object: JSONValue, width: Int, height: Int) -> Result<Shape, Flaw> {
    let scale = Scale(width: Double(width), height: Double(height))
    if let box = object["boundingBox"], !box.isNull { return box2D(box, scale) }
    if let box = object["rotatableBoundingBox"], !box.isNull { return rotatedBox(box, scale) }
    if object["polygons"]?.elements?.isEmpty == false || object["polygon"]?.isNull == false {
      return polygon(object, scale)
    }
    if let line = object["polyline"], !line.isNull {
      guard let points = points(line, scale), points.count > 1 else { return flaw("polyline") }
      return .success(.polyline(points))
    }
    if let point = object["point"], !point.isNull {
      guard let points = points(point, scale), !points.isEmpty else { return flaw("point") }
      return .success(.points(points))
    }
    if let skeleton = object["skeleton"], !skeleton.isNull { return joints(skeleton, scale) }
    if let mask = object["bitmask"], !mask.isNull { return bitmask(mask) }
    if let cuboid = object["cuboid_2d"], !cuboid.isNull { return block(cuboid, scale) }
    if let ellipse = object["ellipse"], !ellipse.isNull { return oval(ellipse, scale) }
    if let circle = object["circle"], !circle.isNull { return oval(circle, scale) }
    let shape = object["shape"]?.string ?? ""
    return .failure(Flaw(reason: "a shape \(shape) has no place in a picture"))
  }

  /// What is wrong with a shape, as part of a sentence.
  struct Flaw: Error { var reason: String }

  private static func flaw(_ name: String) -> Result<Shape, Flaw> {
    .failure(Flaw(reason: "the \(name) has no usable numbers"))
  }

  /// From fractions to pixels.
  struct Scale {
    var width: Double
    var height: Double

    func point(_ x: Double, _ y: Double) -> Point { Point(x * width, y * height) }
  }

  private static func number(_ value: JSONValue, _ key: String) -> Double? {
    value[key]?.number.flatMap { abs($0) <= limit ? $0 : nil }
  }

  private static func box2D(_ box: JSONValue, _ scale: Scale) -> Result<Shape, Flaw> {
    guard let x = number(box, "x"), let y = number(box, "y"), let w = number(box, "w"),
      let h = number(box, "h")
    else { return flaw("bounding box") }
    return .success(
      .box(
        Box(
          left: x * scale.width, top: y * scale.height, width: w * scale.width,
          height: h * scale.height)))
  }

  private static func rotatedBox(_ box: JSONValue, _ scale: Scale) -> Result<Shape, Flaw> {
    guard let x = number(box, "x"), let y = number(box, "y"), let w = number(box, "w"),
      let h = number(box, "h"), let theta = number(box, "theta")
    else { return flaw("rotatable bounding box") }
    return .success(
      .rotatedBox(
        RotatedBox(
          center: scale.point(x + w / 2, y + h / 2), width: w * scale.width,
          height: h * scale.height, angle: theta * .pi / 180)))
  }

  /// The places of a list, or of an object whose keys are their numbers.
  private static func items(_ value: JSONValue) -> [JSONValue] {
    if let elements = value.elements { return elements }
    let isNumbered = value.members.map { (number: Int($0.key) ?? .max, value: $0.value) }
    return isNumbered.enumerated()
      .sorted { ($0.element.number, $0.offset) < ($1.element.number, $1.offset) }
      .map(\.element.value)
  }

  private static func points(_ value: JSONValue, _ scale: Scale) -> [Point]? {
    var points: [Point] = []
    for item in items(value) {
      guard let x = number(item, "x"), let y = number(item, "y") else { return nil }
      points.append(scale.point(x, y))
    }
    return points
  }

  private static func polygon(_ object: JSONValue, _ scale: Scale) -> Result<Shape, Flaw> {
    // `polygons` knows holes; where both are there and disagree, Encord's client prefers it too.
    guard let polygons = object["polygons"]?.elements, !polygons.isEmpty else {
      guard let ring = object["polygon"].flatMap({ points($0, scale) }), ring.count > 2 else {
        return flaw("polygon")
      }
      return .success(.polygon(Polygon(ring)))
    }
    var parts: [Polygon.Part] = []
    for rings in polygons {
      var read: [[Point]] = []
      for ring in rings.elements ?? [] {
        guard let points = flatPoints(ring, scale) ?? points(ring, scale), points.count > 2 else {
          return flaw("polygon")
        }
        read.append(points)
      }
      guard let outer = read.first else { return flaw("polygon") }
      parts.append(Polygon.Part(outer: outer, holes: Array(read.dropFirst())))
    }
    return .success(.polygon(Polygon(parts: parts)))
  }

  /// Places as x and y in turn.
  private static func flatPoints(_ value: JSONValue, _ scale: Scale) -> [Point]? {
    guard let numbers = value.numbers, !numbers.isEmpty, numbers.count % 2 == 0,
      numbers.allSatisfy({ abs($0) <= limit })
    else { return nil }
    return stride(from: 0, to: numbers.count, by: 2).map {
      scale.point(numbers[$0], numbers[$0 + 1])
    }
  }

  private static func joints(_ skeleton: JSONValue, _ scale: Scale) -> Result<Shape, Flaw> {
    var joints: [Joint] = []
    for item in items(skeleton) {
      guard let x = number(item, "x"), let y = number(item, "y") else { return flaw("skeleton") }
      joints.append(
        Joint(
          name: item["name"]?.text ?? String(joints.count), position: scale.point(x, y),
          visibility: visibility(of: item)))
    }
    return joints.isEmpty ? flaw("skeleton") : .success(.skeleton(Skeleton(joints: joints)))
  }

  /// One word, or in older files a flag of that name; a joint without either is seen.
  private static func visibility(of joint: JSONValue) -> Joint.Visibility {
    func isSaid(_ word: String) -> Bool {
      joint["visibility"]?.string == word || joint[word]?.boolean == true
    }
    if isSaid("invisible") { return .absent }
    if isSaid("occluded") || isSaid("selfOccluded") { return .hidden }
    return .visible
  }

  private static func bitmask(_ value: JSONValue) -> Result<Shape, Flaw> {
    guard let width = value["width"]?.integer, let height = value["height"]?.integer, width > 0,
      height > 0, let text = value["rleString"]?.string
    else { return .failure(Flaw(reason: "the bitmask has no size or no runs")) }
    var runs = COCORuns()
    let isRead = Array(text.utf8).withUnsafeBufferPointer { runs.read(compressed: $0) }
    guard isRead,
      var mask = RowRuns(width: width, height: height, counts: runs.counts).mask
    else { return .failure(Flaw(reason: "the runs of the bitmask do not fill its size")) }
    let offsets = ["left", "top"].map { value[$0]?.integer ?? 0 }
    guard offsets.allSatisfy({ abs($0) <= Mask.maximumPixels }) else {
      return .failure(Flaw(reason: "the bitmask lies too far outside"))
    }
    mask.left += offsets[0]
    mask.top += offsets[1]
    return .success(.mask(mask))
  }

  private static func block(_ cuboid: JSONValue, _ scale: Scale) -> Result<Shape, Flaw> {
    guard let front = cuboid["front"].flatMap({ flatPoints($0, scale) }), front.count == 4 else {
      return flaw("cuboid")
    }
    if let offset = cuboid["offset"], let x = number(offset, "x"), let y = number(offset, "y") {
      let step = scale.point(x, y)
      return .success(.cuboid(front + front.map { Point($0.x + step.x, $0.y + step.y) }))
    }
    guard let vanishing = cuboid["vanishingPoint"], let x = number(vanishing, "x"),
      let y = number(vanishing, "y"), let ratio = number(cuboid, "scaleRatio")
    else { return flaw("cuboid") }
    let goal = scale.point(x, y)
    let back = front.map {
      Point(goal.x + ($0.x - goal.x) * ratio, goal.y + ($0.y - goal.y) * ratio)
    }
    return .success(.cuboid(front + back))
  }

  /// An ellipse with a radius for each side of the picture, or a circle with one of its width.
  private static func oval(_ value: JSONValue, _ scale: Scale) -> Result<Shape, Flaw> {
    guard let x = number(value, "x"), let y = number(value, "y") else { return flaw("ellipse") }
    let radii: (Double, Double)
    if let rx = number(value, "rx"), let ry = number(value, "ry") {
      radii = (rx * scale.width, ry * scale.height)
    } else if let r = number(value, "r") {
      radii = (r * scale.width, r * (number(value, "stretch") ?? 1) * scale.width)
    } else {
      return flaw("ellipse")
    }
    return .success(
      .ellipse(
        Ellipse(
          center: scale.point(x, y), radiusX: radii.0, radiusY: radii.1,
          angle: (number(value, "theta") ?? 0) * .pi / 180)))
  }
}

// MARK: - Writing

extension EncordShape {
  /// The name of a kind of shape in Encord's ontology.
  static func name(of shape: Shape) -> String {
    switch shape {
    // A single place becomes a box of no size where a format has no points.
    case .box(let box): box.width == 0 && box.height == 0 ? "point" : "bounding_box"
    case .rotatedBox: "rotatable_bounding_box"
    case .polygon: "polygon"
    case .polyline, .points: "polyline"
    case .skeleton: "skeleton"
    case .mask: "bitmask"
    case .ellipse: "ellipse"
    case .cuboid: "cuboid_2d"
    }
  }

  /// The members that draw a shape on a picture of `width` times `height` pixels; nil where there
  /// is nothing to draw.
  ///
  /// A block that cannot be drawn exactly is counted in `losses`. `hash` gives the feature hash of
  /// a joint of a name.
  static func members(
    _ shape: Shape, width: Int, height: Int, losses: inout LossReport,
    hash: (String) -> String
  ) -> [JSONValue.Member]? {
    let scale = Scale(width: Double(width), height: Double(height))
    func member(_ key: String, _ value: JSONValue) -> JSONValue.Member {
      JSONValue.Member(key: key, value: value)
    }
    switch shape {
    case .box(let box):
      if box.width == 0, box.height == 0 {
        return [member("point", places([Point(box.left, box.top)], scale))]
      }
      return [
        member(
          "boundingBox",
          .members([
            "h": .number(box.height / scale.height), "w": .number(box.width / scale.width),
            "x": .number(box.left / scale.width), "y": .number(box.top / scale.height),
          ]))
      ]
    case .rotatedBox(let box):
      return [
        member(
          "rotatableBoundingBox",
          .members([
            "h": .number(box.height / scale.height), "w": .number(box.width / scale.width),
            "x": .number((box.center.x - box.width / 2) / scale.width),
            "y": .number((box.center.y - box.height / 2) / scale.height),
            "theta": .number(box.angle * 180 / .pi),
          ]))
      ]
    case .polygon(let polygon):
      guard let outer = polygon.parts.first?.outer, !outer.isEmpty else { return nil }
      let rings = polygon.parts.map { part in
        JSONValue.array(([part.outer] + part.holes).map { .array(flat($0, scale)) })
      }
      return [member("polygon", places(outer, scale)), member("polygons", .array(rings))]
    case .polyline(let points), .points(let points):
      return points.isEmpty ? nil : [member("polyline", places(points, scale))]
    case .skeleton(let skeleton):
      return [member("skeleton", joints(skeleton, scale, hash))]
    case .mask(let mask):
      let runs = RowRuns(mask, width: width, height: height)
      return [
        member(
          "bitmask",
          .members([
            "top": .number(0), "left": .number(0), "height": .number(scale.height),
            "width": .number(scale.width),
            "rleString": .string(COCORuns(counts: runs.counts).compressed),
          ]))
      ]
    case .ellipse(let ellipse):
      return [
        member(
          "ellipse",
          .members([
            "x": .number(ellipse.center.x / scale.width),
            "y": .number(ellipse.center.y / scale.height),
            "rx": .number(ellipse.radiusX / scale.width),
            "ry": .number(ellipse.radiusY / scale.height),
            "theta": .number(ellipse.angle * 180 / .pi),
          ]))
      ]
    case .cuboid(let corners):
      guard corners.count == 8 else { return nil }
      return [member("cuboid_2d", block(corners, scale, &losses))]
    }
  }

  private static func flat(_ points: [Point], _ scale: Scale) -> [JSONValue] {
    points.flatMap { [.number($0.x / scale.width), .number($0.y / scale.height)] }
  }

  private static func place(_ point: Point, _ scale: Scale) -> JSONValue {
    .members(["x": .number(point.x / scale.width), "y": .number(point.y / scale.height)])
  }

  /// Places as an object whose keys are their numbers.
  private static func places(_ points: [Point], _ scale: Scale) -> JSONValue {
    .object(
      points.enumerated().map {
        JSONValue.Member(key: String($0.offset), value: place($0.element, scale))
      })
  }

  private static func joints(
    _ skeleton: Skeleton, _ scale: Scale, _ hash: (String) -> String
  ) -> JSONValue {
    .object(
      skeleton.joints.enumerated().map { number, joint in
        let isPlace = joint.position.x.isFinite && joint.position.y.isFinite
        let position = isPlace ? joint.position : Point(0, 0)
        let word: String
        switch joint.visibility {
        case .visible: word = "visible"
        case .hidden: word = "occluded"
        case .absent: word = "invisible"
        }
        return JSONValue.Member(
          key: String(number),
          value: .members([
            "x": .number(position.x / scale.width), "y": .number(position.y / scale.height),
            "name": .string(joint.name), "color": .string("#000000"),
            "value": .string(joint.name), "featureHash": .string(hash(joint.name)),
            "visibility": .string(word),
          ]))
      })
  }

  /// A block as its front face and either how far the back face is moved, or where its edges meet.
  private static func block(
    _ corners: [Point], _ scale: Scale, _ losses: inout LossReport
  ) -> JSONValue {
    let (front, back) = (Array(corners[..<4]), Array(corners[4...]))
    let flatFront = JSONValue.array(flat(front, scale))
    func center(_ points: [Point]) -> Point {
      Point(points.map(\.x).reduce(0, +) / 4, points.map(\.y).reduce(0, +) / 4)
    }
    func miss(_ drawn: [Point]) -> Double {
      zip(drawn, back).map { max(abs($0.x - $1.x), abs($0.y - $1.y)) }.max() ?? 0
    }
    let (a, b) = (center(front), center(back))
    // The ratio of the faces that fits all corners best.
    let (up, down) = zip(front, back).reduce((0.0, 0.0)) { sum, pair in
      let (x, y) = (pair.0.x - a.x, pair.0.y - a.y)
      return (sum.0 + x * (pair.1.x - b.x) + y * (pair.1.y - b.y), sum.1 + x * x + y * y)
    }
    let ratio = down > 0 ? up / down : 1
    let drawn = front.map { Point(b.x + ($0.x - a.x) * ratio, b.y + ($0.y - a.y) * ratio) }
    if miss(drawn) > 1e-6 { losses.add(.shape) }
    guard abs(1 - ratio) > 1e-9 else {
      return .members([
        "front": flatFront, "offset": place(Point(b.x - a.x, b.y - a.y), scale),
      ])
    }
    let goal = Point((b.x - a.x * ratio) / (1 - ratio), (b.y - a.y * ratio) / (1 - ratio))
    return .members([
      "front": flatFront, "vanishingPoint": place(goal, scale), "scaleRatio": .number(ratio),
    ])
  }
}
