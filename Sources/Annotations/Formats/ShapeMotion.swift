extension Shape {
  /// The shape `share` of the way to `other`, every number moved linearly.
  ///
  /// - Returns: nil between shapes of two kinds or of different numbers of places, and for masks:
  ///   there the earlier one stays.
  func moved(to other: Shape, share: Double) -> Shape? {
    func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
    func mix(_ a: Point, _ b: Point) -> Point { Point(mix(a.x, b.x), mix(a.y, b.y)) }
    func mix(_ a: [Point], _ b: [Point]) -> [Point]? {
      a.count == b.count ? zip(a, b).map { mix($0, $1) } : nil
    }
    switch (self, other) {
    case (.box(let a), .box(let b)): return .box(a.interpolated(to: b, share: share))
    case (.rotatedBox(let a), .rotatedBox(let b)):
      return .rotatedBox(
        RotatedBox(
          center: mix(a.center, b.center), width: mix(a.width, b.width),
          height: mix(a.height, b.height),
          angle: a.angle + (b.angle - a.angle).remainder(dividingBy: 2 * .pi) * share))
    case (.ellipse(let a), .ellipse(let b)):
      return .ellipse(
        Ellipse(
          center: mix(a.center, b.center), radiusX: mix(a.radiusX, b.radiusX),
          radiusY: mix(a.radiusY, b.radiusY),
          angle: a.angle + (b.angle - a.angle).remainder(dividingBy: 2 * .pi) * share))
    case (.points(let a), .points(let b)): return mix(a, b).map { .points($0) }
    case (.polyline(let a), .polyline(let b)): return mix(a, b).map { .polyline($0) }
    case (.cuboid(let a), .cuboid(let b)): return mix(a, b).map { .cuboid($0) }
    case (.polygon(let a), .polygon(let b)):
      guard a.parts.map(\.holes.count) == b.parts.map(\.holes.count) else { return nil }
      let rings = zip(a.rings, b.rings).map { mix($0, $1) }
      guard rings.allSatisfy({ $0 != nil }) else { return nil }
      var next = rings.makeIterator()
      let parts = a.parts.map { part in
        Polygon.Part(
          outer: (next.next() ?? nil) ?? [],
          holes: part.holes.map { _ in (next.next() ?? nil) ?? [] })
      }
      return .polygon(Polygon(parts: parts))
    case (.skeleton(let a), .skeleton(let b)):
      guard a.joints.map(\.name) == b.joints.map(\.name) else { return nil }
      return .skeleton(
        Skeleton(
          joints: zip(a.joints, b.joints).map { from, to in
            var joint = from
            if to.visibility != .absent { joint.position = mix(from.position, to.position) }
            return joint
          }))
    default: return nil
    }
  }
}
