import Foundation

extension Shape {
  /// The most vertices that an ellipse gets as a polygon.
  static let ellipseVertices = 72

  /// The same object as a shape of one of these kinds.
  ///
  /// - Parameters:
  ///   - kinds: The kinds that may be used.
  ///   - picture: The size of the picture, which masks need; nil where it is not known.
  /// - Returns: The shape itself where it can stay, else what keeps most of it; nil where nothing
  ///   does.
  func nearest(in kinds: Set<Kind>, picture: (width: Int, height: Int)?) -> Shape? {
    if kinds.contains(kind) { return self }
    for wanted in Self.nearest(to: kind) where kinds.contains(wanted) {
      if let shape = converted(to: wanted, picture) { return shape }
    }
    return nil
  }

  /// The kinds that come nearest to a kind, the nearest first.
  private static func nearest(to kind: Kind) -> [Kind] {
    switch kind {
    case .box: [.rotatedBox, .polygon, .mask]
    case .rotatedBox: [.polygon, .box, .mask]
    case .polygon: [.mask, .box, .rotatedBox]
    case .mask: [.polygon, .box, .rotatedBox]
    case .ellipse: [.polygon, .mask, .rotatedBox, .box]
    case .cuboid: [.polygon, .box, .rotatedBox, .mask]
    case .polyline: [.points, .box, .rotatedBox]
    case .points: [.polyline, .box, .rotatedBox]
    case .skeleton: [.points, .box, .rotatedBox]
    }
  }

  private func converted(to kind: Kind, _ picture: (width: Int, height: Int)?) -> Shape? {
    switch kind {
    case .box: return extent.map { .box($0) }
    case .rotatedBox:
      if case .ellipse(let ellipse) = self {
        return .rotatedBox(
          RotatedBox(
            center: ellipse.center, width: 2 * ellipse.radiusX, height: 2 * ellipse.radiusY,
            angle: ellipse.angle))
      }
      return extent.map {
        .rotatedBox(RotatedBox(center: $0.center, width: $0.width, height: $0.height, angle: 0))
      }
    case .polygon: return outline.map { .polygon($0) }
    case .points:
      let points = coordinates
      return points.isEmpty ? nil : .points(points)
    case .polyline:
      let points = coordinates
      return points.count > 1 ? .polyline(points) : nil
    case .mask:
      guard let picture else { return nil }
      let (width, height) = (picture.width, picture.height)
      // A cuboid has no area of its own but its outline has.
      let mask =
        Mask(filling: self, width: width, height: height)
        ?? outline.flatMap { Mask(filling: .polygon($0), width: width, height: height) }
      return mask.flatMap { $0.area > 0 ? .mask($0) : nil }
    case .skeleton, .ellipse, .cuboid: return nil
    }
  }

  /// The box around everything labelled: hidden joints count where none is seen.
  private var extent: Box? {
    if let bounds { return bounds }
    guard case .skeleton = self else { return nil }
    return Box(around: coordinates)
  }

  /// The area as a polygon; nil for shapes without one.
  private var outline: Polygon? {
    switch self {
    case .box(let box):
      return Polygon([
        Point(box.left, box.top), Point(box.right, box.top), Point(box.right, box.bottom),
        Point(box.left, box.bottom),
      ])
    case .rotatedBox(let box): return Polygon(box.corners)
    case .polygon(let polygon): return polygon
    case .mask(let mask):
      let outline = mask.outline
      return outline.parts.isEmpty ? nil : outline
    case .ellipse(let ellipse):
      let (c, s) = (cos(ellipse.angle), sin(ellipse.angle))
      return Polygon(
        (0..<Self.ellipseVertices).map { place in
          let turn = 2 * Double.pi * Double(place) / Double(Self.ellipseVertices)
          let (x, y) = (ellipse.radiusX * cos(turn), ellipse.radiusY * sin(turn))
          return Point(ellipse.center.x + x * c - y * s, ellipse.center.y + x * s + y * c)
        })
    case .cuboid(let corners): return Polygon.hull(of: corners)
    case .polyline, .points, .skeleton: return nil
    }
  }

  /// The numbers that make up the shape, as places; of a skeleton those of labelled joints.
  var coordinates: [Point] {
    switch self {
    case .box(let box): [Point(box.left, box.top), Point(box.width, box.height)]
    case .rotatedBox(let box): [box.center, Point(box.width, box.height)]
    case .polygon(let polygon): polygon.rings.flatMap { $0 }
    case .polyline(let points), .points(let points), .cuboid(let points): points
    case .skeleton(let skeleton):
      skeleton.joints.filter { $0.visibility != .absent }.map(\.position)
    case .mask: []
    case .ellipse(let ellipse): [ellipse.center, Point(ellipse.radiusX, ellipse.radiusY)]
    }
  }
}

extension Polygon {
  /// The convex hull of `points`; nil where they span no area.
  ///
  /// Andrew's monotone chain: the points sorted, the lower and the upper chain built apart.
  static func hull(of points: [Point]) -> Polygon? {
    let sorted = Set(points.filter { $0.x.isFinite && $0.y.isFinite })
      .sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    guard sorted.count > 2 else { return nil }
    func chain(_ points: some Sequence<Point>) -> [Point] {
      var chain: [Point] = []
      for point in points {
        while chain.count > 1 {
          let (a, b) = (chain[chain.count - 2], chain[chain.count - 1])
          guard (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) <= 0 else { break }
          chain.removeLast()
        }
        chain.append(point)
      }
      return chain.dropLast()
    }
    let ring = chain(sorted) + chain(sorted.reversed())
    return ring.count > 2 ? Polygon(ring) : nil
  }
}
