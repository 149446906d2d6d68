extension Polygon {
  /// The most pairs of rings that ``init(nested:)`` compares; more are left without holes.
  private static let comparedRings = 4_000_000

  /// Creates a polygon from rings of which no one says what is a hole, by the even-odd rule.
  ///
  /// A ring inside an odd number of others is a hole of the smallest of them that is none; all
  /// others are parts. Rings are taken not to cross: the first vertex of a ring that does not lie
  /// on the edge of the other decides.
  public init(nested rings: [[Point]]) {
    let count = rings.count
    guard count > 1, count * count <= Polygon.comparedRings else {
      self.init(parts: rings.map { Part(outer: $0) })
      return
    }
    let areas = rings.map { abs(Polygon.signedArea($0)) }
    let boxes = rings.map { Box(around: $0) }
    var parts: [Part] = []
    // The place of the part that a ring has become.
    var places = [Int?](repeating: nil, count: count)
    let around = rings.indices.map { inner in
      rings.indices.filter { outer in
        guard outer != inner, (areas[outer], inner) > (areas[inner], outer),
          let a = boxes[outer], let b = boxes[inner], a.left <= b.left, a.top <= b.top,
          a.right >= b.right, a.bottom >= b.bottom
        else { return false }
        return Polygon.contains(rings[inner], in: rings[outer])
      }
    }
    for ring in rings.indices where around[ring].count % 2 == 0 {
      places[ring] = parts.count
      parts.append(Part(outer: rings[ring]))
    }
    for ring in rings.indices where around[ring].count % 2 == 1 {
      let owner = around[ring].filter { places[$0] != nil }.min { areas[$0] < areas[$1] }
      if let owner, let place = places[owner] { parts[place].holes.append(rings[ring]) }
    }
    self.init(parts: parts)
  }

  private static func contains(_ inner: [Point], in outer: [Point]) -> Bool {
    for point in inner.prefix(64) {
      switch side(of: point, in: outer) {
      case true?: return true
      case false?: return false
      case nil: continue
      }
    }
    return false
  }

  // Counts crossings of a ray to the right; nil on the edge itself.
  private static func side(of point: Point, in ring: [Point]) -> Bool? {
    guard var last = ring.last else { return false }
    var isInside = false
    for next in ring {
      let (a, b) = (last, next)
      last = next
      let cross = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)
      if cross == 0, min(a.x, b.x) <= point.x, point.x <= max(a.x, b.x),
        min(a.y, b.y) <= point.y, point.y <= max(a.y, b.y)
      {
        return nil
      }
      if (a.y > point.y) != (b.y > point.y), (cross > 0) == (b.y > a.y) { isInside.toggle() }
    }
    return isInside
  }
}
