extension Polygon {
  /// The most pairs of edges that ``crossing(in:)`` compares in one ring.
  ///
  /// Outlines of real objects need about ten pairs an edge; a ring made to be slow stops here.
  static let comparedPairs = 4_000_000

  /// Returns a place where `ring` crosses itself, or nil where it does not.
  ///
  /// Two edges cross where each has its ends on opposite sides of the other. Edges that merely
  /// touch do not: rounding to pixels makes vertices and edges meet in most real outlines.
  ///
  /// The edges are sorted along the axis on which they overlap least and swept, which takes
  /// O(n log n) for outlines. A ring so tangled that more than four million pairs of edges would
  /// have to be compared is given up and counts as not crossing.
  public static func crossing(in ring: [Point]) -> Point? {
    guard ring.count > 3, ring.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return nil }
    let xs = ring.indices.reduce(0) { $0 + abs(ring[$1].x - ring[next($1, ring)].x) }
    let ys = ring.indices.reduce(0) { $0 + abs(ring[$1].y - ring[next($1, ring)].y) }
    let (width, height) = (range(ring.map(\.x)), range(ring.map(\.y)))
    // The mean length of an edge along an axis, as a share of the ring's.
    let isAlongX = xs * height <= ys * width
    func ends(_ edge: Int) -> (low: Double, high: Double) {
      let (a, b) = (ring[edge], ring[next(edge, ring)])
      return isAlongX
        ? (min(a.x, b.x), max(a.x, b.x)) : (min(a.y, b.y), max(a.y, b.y))
    }
    let edges = ring.indices.map { (edge: $0, ends: ends($0)) }
      .sorted { ($0.ends.low, $0.edge) < ($1.ends.low, $1.edge) }
    var pairs = 0
    for i in edges.indices {
      var j = i + 1
      while j < edges.count, edges[j].ends.low <= edges[i].ends.high {
        if let place = crossing(edges[i].edge, edges[j].edge, ring) { return place }
        pairs += 1
        if pairs == comparedPairs { return nil }
        j += 1
      }
    }
    return nil
  }

  private static func next(_ place: Int, _ ring: [Point]) -> Int {
    place + 1 < ring.count ? place + 1 : 0
  }

  private static func range(_ values: [Double]) -> Double {
    (values.max() ?? 0) - (values.min() ?? 0)
  }

  /// Where two edges of `ring` cross, each named by its first vertex.
  private static func crossing(_ first: Int, _ second: Int, _ ring: [Point]) -> Point? {
    let (a, b) = (ring[first], ring[next(first, ring)])
    let (c, d) = (ring[second], ring[next(second, ring)])
    func side(_ p: Point, _ q: Point, _ r: Point) -> Double {
      (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)
    }
    let (c1, d1) = (side(a, b, c), side(a, b, d))
    guard (c1 > 0 && d1 < 0) || (c1 < 0 && d1 > 0) else { return nil }
    let (a1, b1) = (side(c, d, a), side(c, d, b))
    guard (a1 > 0 && b1 < 0) || (a1 < 0 && b1 > 0) else { return nil }
    let share = a1 / (a1 - b1)
    return Point(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share)
  }
}
