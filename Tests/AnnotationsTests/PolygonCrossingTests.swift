import Annotations
import Foundation
import Testing

@Suite struct PolygonCrossingTests {
  private static func ring(_ points: [(Double, Double)]) -> [Point] {
    points.map { Point($0.0, $0.1) }
  }

  /// A circle of `count` vertices, of which `swapped` trades places with the vertex after next.
  private static func circle(_ count: Int, swapped: Int? = nil) -> [Point] {
    var ring = (0..<count).map { vertex in
      let angle = 2 * Double.pi * Double(vertex) / Double(count)
      return Point(500 + 300 * cos(angle), 400 + 200 * sin(angle))
    }
    if let swapped { ring.swapAt(swapped, swapped + 2) }
    return ring
  }

  @Test func aBowTieCrossesInItsMiddle() {
    let crossing = Polygon.crossing(in: Self.ring([(0, 0), (10, 10), (10, 0), (0, 10)]))
    #expect(crossing == Point(5, 5))
  }

  @Test(arguments: [4, 7, 100, 20_000])
  func aConvexRingDoesNotCross(count: Int) {
    #expect(Polygon.crossing(in: Self.circle(count)) == nil)
    #expect(Polygon.crossing(in: Self.circle(count).reversed()) == nil)
  }

  @Test(arguments: [5, 100, 20_000])
  func twoVerticesInTheWrongOrderCross(count: Int) {
    #expect(Polygon.crossing(in: Self.circle(count, swapped: count / 2 - 1)) != nil)
  }

  @Test(arguments: [
    [], [(1.0, 1.0)], [(0, 0), (1, 0)], [(0, 0), (1, 0), (0, 1)],
    // Touching itself at a vertex, going back on itself, and a repeated vertex.
    [(0, 0), (10, 0), (10, 10), (5, 0), (0, 10)],
    [(0, 0), (10, 0), (20, 0), (10, 0), (10, 10)],
    [(0, 0), (0, 0), (10, 0), (10, 10)],
    [(0, 0), (.nan, 0), (10, 0), (10, 10)],
  ])
  func touchingIsNoCrossing(points: [(Double, Double)]) {
    #expect(Polygon.crossing(in: Self.ring(points)) == nil)
  }

  @Test func aTangledRingEnds() {
    // Edges between the two sides of a strip: nearly all of them cross, and the first pair tells.
    let ring = (0..<20_000).map { Point(Double($0 * 7919 % 20_000), $0 % 2 == 0 ? 0 : 100) }
    #expect(Polygon.crossing(in: ring) != nil)
  }
}
