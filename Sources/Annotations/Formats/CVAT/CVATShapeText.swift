/// A shape as the element and the attributes that CVAT writes for it.
struct CVATShapeText {
  /// The name of the element.
  let element: String
  /// The geometry; empty for a skeleton, whose joints are elements.
  let geometry: [XMLOutput.Attribute]

  /// How CVAT writes `shape`; nil where it cannot: nothing is drawn, or a number is not finite.
  init?(_ shape: Shape) {
    guard shape.coordinates.allSatisfy({ abs($0.x) <= 1e9 && abs($0.y) <= 1e9 }) else { return nil }
    switch shape {
    case .box(let box):
      self.init("box", Self.corners(box, angle: 0))
    case .rotatedBox(let box):
      guard box.angle.isFinite else { return nil }
      self.init(
        "box",
        Self.corners(
          Box(center: box.center, width: box.width, height: box.height), angle: box.angle))
    case .ellipse(let ellipse):
      guard ellipse.angle.isFinite else { return nil }
      self.init(
        "ellipse",
        [
          ("cx", Self.number(ellipse.center.x)), ("cy", Self.number(ellipse.center.y)),
          ("rx", Self.number(ellipse.radiusX)), ("ry", Self.number(ellipse.radiusY)),
        ] + Self.rotation(ellipse.angle))
    case .polygon(let polygon):
      guard let ring = polygon.parts.first?.outer, !ring.isEmpty else { return nil }
      self.init("polygon", [("points", Self.points(ring))])
    case .polyline(let points):
      guard !points.isEmpty else { return nil }
      self.init("polyline", [("points", Self.points(points))])
    case .points(let points):
      guard !points.isEmpty else { return nil }
      self.init("points", [("points", Self.points(points))])
    case .mask(let mask):
      guard mask.width > 0, mask.height > 0 else { return nil }
      self.init(
        "mask",
        [
          ("rle", mask.runs.map { String($0) }.joined(separator: ", ")),
          ("left", String(mask.left)), ("top", String(mask.top)),
          ("width", String(mask.width)), ("height", String(mask.height)),
        ])
    case .cuboid(let corners):
      guard corners.count == 8 else { return nil }
      var geometry: [XMLOutput.Attribute] = []
      for (name, place) in zip(CVATShape.cuboidNames, CVATShape.cuboidPlaces) {
        geometry.append(("x" + name, Self.number(corners[place].x)))
        geometry.append(("y" + name, Self.number(corners[place].y)))
      }
      self.init("cuboid", geometry)
    case .skeleton(let skeleton):
      // CVAT calls a skeleton gone where all its joints are.
      guard skeleton.joints.contains(where: { $0.visibility != .absent }) else { return nil }
      self.init("skeleton", [])
    }
  }

  private init(_ element: String, _ geometry: [XMLOutput.Attribute]) {
    self.element = element
    self.geometry = geometry
  }

  /// Places as `x,y;x,y`.
  static func points(_ points: some Sequence<Point>) -> String {
    points.map { number($0.x) + "," + number($0.y) }.joined(separator: ";")
  }

  /// A number with the two decimals that CVAT writes.
  static func number(_ value: Double) -> String {
    // Numbers of shapes are finite and below 1e9 here; others are written as 0.
    guard abs(value) <= 1e12 else { return "0.00" }
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    return (hundredths < 0 ? "-" : "") + String(whole) + (rest < 10 ? ".0" : ".") + String(rest)
  }

  private static func corners(_ box: Box, angle: Double) -> [XMLOutput.Attribute] {
    [
      ("xtl", number(box.left)), ("ytl", number(box.top)), ("xbr", number(box.right)),
      ("ybr", number(box.bottom)),
    ] + rotation(angle)
  }

  /// The angle in degrees, as CVAT has it: 0 ..< 360, and absent for 0.
  private static func rotation(_ angle: Double) -> [XMLOutput.Attribute] {
    var degrees = (angle * 180 / .pi).truncatingRemainder(dividingBy: 360)
    if degrees < 0 { degrees += 360 }
    let text = number(degrees)
    return text == "0.00" || text == "360.00" ? [] : [("rotation", text)]
  }
}

extension Origin {
  /// What CVAT calls the origin; nil for one that it has no word for.
  var cvatSource: String {
    switch self {
    case .human, .interpolated: "manual"
    case .model: "auto"
    case .tracked: "semi-auto"
    case .imported: "file"
    case .unknown: "unknown"
    }
  }

  /// The origin that ``cvatSource`` is read as.
  var readFromCVAT: Origin { self == .interpolated ? .human : self }
}
