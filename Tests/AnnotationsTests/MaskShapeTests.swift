import Annotations
import Foundation
import Testing

/// Masks of shapes and outlines of masks; every picture was drawn and every corner counted by hand.
struct MaskShapeTests {
  private func rows(_ shape: Shape, _ width: Int = 6, _ height: Int = 4) throws -> [String] {
    let mask = try #require(Mask(filling: shape, width: width, height: height))
    return PixelRows.rows(mask, width: width, height: height)
  }

  @Test func `a pixel belongs to a box that holds its centre`() throws {
    let box = Box(left: 0.5, top: 0.51, width: 3, height: 2)
    #expect(try rows(.box(box)) == ["......", "###...", "###...", "......"])
  }

  @Test func `neighbouring boxes share no pixel and leave none out`() throws {
    let left = try #require(
      Mask(filling: .box(Box(left: 0, top: 0, width: 2.5, height: 4)), width: 6, height: 4))
    let right = try #require(
      Mask(filling: .box(Box(left: 2.5, top: 0, width: 3.5, height: 4)), width: 6, height: 4))
    #expect(left.area + right.area == 24)
  }

  @Test func `what leaves the frame is cut`() throws {
    let box = Box(left: -1e12, top: -3, width: 2e12, height: 4)
    #expect(try rows(.box(box)) == ["######", "......", "......", "......"])
    #expect(try rows(.box(Box(left: 9, top: 9, width: 1, height: 1))).allSatisfy { $0 == "......" })
  }

  @Test func `a part lacks its holes, parts are united, and overlap changes nothing`() throws {
    let polygon = Polygon(parts: [
      .init(
        outer: [Point(0, 0), Point(5, 0), Point(5, 4), Point(0, 4)],
        holes: [[Point(1, 1), Point(3, 1), Point(3, 3), Point(1, 3)]]),
      .init(outer: [Point(2, 2), Point(6, 2), Point(6, 4), Point(2, 4)]),
    ])
    #expect(try rows(.polygon(polygon)) == ["#####.", "#..##.", "#.####", "######"])
  }

  @Test func `a ring that winds twice round a place leaves it out`() throws {
    let ring = [
      Point(0, 0), Point(5, 0), Point(5, 4), Point(0, 4), Point(0, 0), Point(1, 1), Point(4, 1),
      Point(4, 3), Point(1, 3), Point(1, 1),
    ]
    #expect(try rows(.polygon(Polygon(ring))) == ["#####.", "#...#.", "#...#.", "#####."])
  }

  @Test func `a circle and a turned ellipse`() throws {
    let circle = Ellipse(center: Point(3, 2), radiusX: 2, radiusY: 2)
    #expect(try rows(.ellipse(circle)) == ["..##..", ".####.", ".####.", "..##.."])
    let flat = Ellipse(center: Point(3, 2), radiusX: 1, radiusY: 3, angle: .pi / 2)
    #expect(try rows(.ellipse(flat)) == ["......", "######", "######", "......"])
  }

  @Test func `a box turned by 45 degrees`() throws {
    let box = RotatedBox(center: Point(3, 2), width: 2.9, height: 2.9, angle: .pi / 4)
    #expect(try rows(.rotatedBox(box)) == ["..##..", ".####.", ".####.", "..##.."])
  }

  @Test func `lines, points and numbers that are none have no mask`() {
    let ring = [Point(0, 0), Point(.nan, 0), Point(5, 4)]
    #expect(Mask(filling: .polyline([Point(0, 0), Point(4, 4)]), width: 6, height: 4) == nil)
    #expect(Mask(filling: .polygon(Polygon(ring)), width: 6, height: 4) == nil)
    #expect(
      Mask(
        filling: .box(Box(left: 0, top: 0, width: .infinity, height: 1)), width: 6, height: 4)
        == nil)
    let box = Shape.box(Box(left: 0, top: 0, width: 1, height: 1))
    #expect(Mask(filling: box, width: .max, height: .max) == nil)
  }

  @Test func `a zigzag made to be slow is given up`() {
    let ring = (0..<20_000).map { Point(Double($0), $0 % 2 == 0 ? 0 : 8000) }
    #expect(Mask(filling: .polygon(Polygon(ring)), width: 8000, height: 8000) == nil)
  }

  @Test func `the outline of a block runs clockwise along the pixels`() throws {
    let mask = try PixelRows.mask(["....", ".##.", ".##."])
    #expect(
      mask.outline == Polygon([Point(1, 1), Point(3, 1), Point(3, 3), Point(1, 3)]))
  }

  @Test func `pixels that touch at a corner are two parts, unset ones make one hole`() throws {
    let parts = try PixelRows.mask(["#.", ".#"]).outline.parts
    #expect(parts.map(\.outer.count) == [4, 4])
    let ring = try PixelRows.mask(["####", "#.##", "##.#", "####"]).outline.parts
    #expect(ring.count == 1)
    #expect(ring[0].holes.map(\.count) == [8])
  }

  @Test func `a part within a hole is a part of its own`() throws {
    let mask = try PixelRows.mask([
      "#######", "#.....#", "#.###.#", "#.#.#.#", "#.###.#", "#.....#", "#######",
    ])
    let parts = mask.outline.parts
    #expect(parts.count == 2)
    #expect(parts.map(\.holes.count) == [1, 1])
    #expect(mask.outline.area == 33 - 1 + 0)
  }

  @Test func `an empty mask has no outline`() throws {
    #expect(try PixelRows.mask(["..."]).outline.parts.isEmpty)
  }

  /// Every arrangement of 3 times 4 pixels, and random ones of 12 times 9.
  @Test func `filling an outline gives the same mask, and its area is the count of pixels`() throws
  {
    func check(_ rows: [String]) throws {
      let mask = try PixelRows.mask(rows)
      let outline = mask.outline
      let filled = Mask(filling: .polygon(outline), width: rows[0].count, height: rows.count)
      try #require(filled == mask, "\(rows)")
      try #require(outline.area == Double(mask.area), "\(rows)")
      try #require(outline.rings.allSatisfy { $0.count >= 4 && $0.count % 2 == 0 })
    }
    for bits in 0..<1 << 12 {
      try check(
        (0..<3).map { y in String((0..<4).map { bits >> (4 * y + $0) & 1 == 1 ? "#" : "." }) })
    }
    var state = UInt64(7)
    for _ in 0..<200 {
      try check(
        (0..<9).map { _ in
          String(
            (0..<12).map { _ -> Character in
              state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
              return state >> 40 & 3 > 0 ? "#" : "."
            })
        })
    }
  }
}
