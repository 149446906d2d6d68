/// A line of straight pieces and cubic Bezier curves, as Scalabel draws it.
enum BezierPath {
  /// How far a flattened curve may lie from the true one, in pixels.
  static let tolerance = 0.05
  /// One curve becomes at most so many pieces.
  static let maximumPieces = 64

  /// Flattens a line whose vertices are marked `L` (straight) and `C` (curve).
  ///
  /// The first vertex begins the line whatever its mark. A `C` after it is the first control point
  /// of a cubic curve; the next vertex is the second one and the vertex after that the end, also
  /// where that is the first vertex of a closed line. Scalabel's `poly_to_patch` draws so, by
  /// matplotlib's CURVE4. A curve that is not complete is drawn straight.
  ///
  /// - Parameters:
  ///   - vertices: The vertices.
  ///   - types: One letter a vertex; missing letters are `L`.
  ///   - isClosed: Whether the line returns to its first vertex.
  /// - Returns: The places, without the first one again at the end.
  static func flatten(_ vertices: [Point], types: String, isClosed: Bool) -> [Point] {
    guard let first = vertices.first, types.utf8.contains(UInt8(ascii: "C")) else {
      return vertices
    }
    let marks = Array(types.utf8)
    let path = isClosed ? vertices + [first] : vertices
    var result = [first]
    var place = 1
    while place < path.count {
      let isCurve = place < marks.count && marks[place] == UInt8(ascii: "C")
      if isCurve, place + 2 < path.count {
        curve(from: path[place - 1], path[place], path[place + 1], to: path[place + 2], &result)
        place += 3
      } else {
        result.append(path[place])
        place += 1
      }
    }
    if isClosed, result.count > 1 { result.removeLast() }
    return result
  }

  private static func curve(
    from a: Point, _ b: Point, _ c: Point, to d: Point, _ result: inout [Point]
  ) {
    // The second derivative bounds the distance to the chord of a piece.
    func bend(_ p: Point, _ q: Point, _ r: Point) -> Double {
      let (x, y) = (p.x - 2 * q.x + r.x, p.y - 2 * q.y + r.y)
      return (x * x + y * y).squareRoot()
    }
    let wanted = (0.75 * max(bend(a, b, c), bend(b, c, d)) / tolerance).squareRoot()
    let pieces = max(1, Int(min(Double(maximumPieces), wanted.rounded(.up))))
    for piece in 1..<max(2, pieces) where piece < pieces {
      let t = Double(piece) / Double(pieces)
      let s = 1 - t
      let (k0, k1, k2, k3) = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
      result.append(
        Point(
          k0 * a.x + k1 * b.x + k2 * c.x + k3 * d.x, k0 * a.y + k1 * b.y + k2 * c.y + k3 * d.y))
    }
    result.append(d)
  }
}
