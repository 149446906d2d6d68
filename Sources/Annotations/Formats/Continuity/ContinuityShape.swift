/// Shapes as ``ContinuityLines`` spells them: an object with one member, named after the kind.
extension Shape {
  /// Reads a shape; nil where the object is none.
  init?(continuity value: JSONValue) {
    guard value.members.count == 1, let member = value.members.first else { return nil }
    switch member.key {
    case "box":
      guard let n = Self.numbers(member.value, count: 4) else { return nil }
      self = .box(Box(left: n[0], top: n[1], width: n[2], height: n[3]))
    case "rotated_box":
      guard let n = Self.numbers(member.value, count: 5) else { return nil }
      self = .rotatedBox(
        RotatedBox(center: Point(n[0], n[1]), width: n[2], height: n[3], angle: n[4]))
    case "ellipse":
      guard let n = Self.numbers(member.value, count: 5) else { return nil }
      self = .ellipse(
        Ellipse(center: Point(n[0], n[1]), radiusX: n[2], radiusY: n[3], angle: n[4]))
    case "polyline":
      guard let points = Self.points(member.value) else { return nil }
      self = .polyline(points)
    case "points":
      guard let points = Self.points(member.value) else { return nil }
      self = .points(points)
    case "cuboid":
      guard let points = Self.points(member.value), points.count == 8 else { return nil }
      self = .cuboid(points)
    case "polygon":
      var parts: [Polygon.Part] = []
      guard let elements = member.value.elements else { return nil }
      for part in elements {
        let rings = (part.elements ?? []).map { Self.points($0) }
        guard let first = rings.first, let outer = first else { return nil }
        let holes = rings.dropFirst().compactMap(\.self)
        guard holes.count + 1 == rings.count else { return nil }
        parts.append(Polygon.Part(outer: outer, holes: holes))
      }
      self = .polygon(Polygon(parts: parts))
    case "skeleton":
      var joints: [Joint] = []
      guard let elements = member.value.elements else { return nil }
      for joint in elements {
        guard let fields = joint.elements, fields.count == 5, let name = fields[0].text,
          let place = Self.numbers(.array(Array(fields[1...2])), count: 2),
          let visibility = fields[3].integer.flatMap({ Joint.Visibility(rawValue: $0) }),
          fields[4].isNull || fields[4].number != nil
        else { return nil }
        joints.append(
          Joint(
            name: name, position: Point(place[0], place[1]), visibility: visibility,
            confidence: fields[4].number))
      }
      self = .skeleton(Skeleton(joints: joints))
    case "mask":
      guard let left = member.value["left"]?.integer, let top = member.value["top"]?.integer,
        let width = member.value["width"]?.integer, let height = member.value["height"]?.integer,
        let runs = member.value["runs"]?.elements
      else { return nil }
      let lengths = runs.compactMap { $0.integer.flatMap { Int32(exactly: $0) } }
      guard lengths.count == runs.count,
        let mask = Mask(left: left, top: top, width: width, height: height, runs: lengths)
      else { return nil }
      self = .mask(mask)
    default: return nil
    }
  }

  /// The shape as an object with one member.
  var continuityJSON: JSONValue {
    func number(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }
    func point(_ point: Point) -> JSONValue { .array([number(point.x), number(point.y)]) }
    func points(_ points: [Point]) -> JSONValue { .array(points.map(point)) }
    func numbers(_ values: Double...) -> JSONValue { .array(values.map(number)) }
    func integer(_ value: Int) -> JSONValue { .number(Double(value)) }
    switch self {
    case .box(let box):
      return .members(["box": numbers(box.left, box.top, box.width, box.height)])
    case .rotatedBox(let box):
      return .members([
        "rotated_box": numbers(box.center.x, box.center.y, box.width, box.height, box.angle)
      ])
    case .ellipse(let ellipse):
      return .members([
        "ellipse": numbers(
          ellipse.center.x, ellipse.center.y, ellipse.radiusX, ellipse.radiusY, ellipse.angle)
      ])
    case .polygon(let polygon):
      return .members([
        "polygon": .array(polygon.parts.map { .array(([$0.outer] + $0.holes).map(points)) })
      ])
    case .polyline(let line): return .members(["polyline": points(line)])
    case .points(let places): return .members(["points": points(places)])
    case .cuboid(let corners): return .members(["cuboid": points(corners)])
    case .skeleton(let skeleton):
      return .members([
        "skeleton": .array(
          skeleton.joints.map { joint in
            .array([
              .string(joint.name), number(joint.position.x), number(joint.position.y),
              integer(joint.visibility.rawValue), joint.confidence.map(number) ?? .null,
            ])
          })
      ])
    case .mask(let mask):
      return .members([
        "mask": .members([
          "left": integer(mask.left), "top": integer(mask.top), "width": integer(mask.width),
          "height": integer(mask.height), "runs": .array(mask.runs.map { integer(Int($0)) }),
        ])
      ])
    }
  }

  // A null is a coordinate that is no finite number.
  private static func numbers(_ value: JSONValue, count: Int) -> [Double]? {
    guard let elements = value.elements, elements.count == count,
      elements.allSatisfy({ $0.isNull || $0.number != nil })
    else { return nil }
    return elements.map { $0.number ?? .nan }
  }

  private static func points(_ value: JSONValue) -> [Point]? {
    guard let elements = value.elements else { return nil }
    let points = elements.compactMap { numbers($0, count: 2).map { Point($0[0], $0[1]) } }
    return points.count == elements.count ? points : nil
  }
}
