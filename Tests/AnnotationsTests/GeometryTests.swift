import Annotations
import Testing

/// Values by hand unless said otherwise.
struct GeometryTests {
  @Test func `IoU of boxes`() {
    let a = Box(left: 0, top: 0, width: 10, height: 10)
    #expect(a.iou(a) == 1)
    // Shared 5 x 10 = 50 of 100 + 100 - 50.
    #expect(abs(a.iou(Box(left: 5, top: 0, width: 10, height: 10)) - 1.0 / 3) < 1e-15)
    // Shared 4 x 4 = 16 of 100 + 16 - 16.
    #expect(abs(a.iou(Box(left: 2, top: 3, width: 4, height: 4)) - 0.16) < 1e-15)
    #expect(a.iou(Box(left: 10, top: 0, width: 5, height: 5)) == 0)
    #expect(a.iou(Box(left: 2, top: 2, width: -1, height: 4)) == 0)
    #expect(a.iou(Box(left: 2, top: 2, width: 0, height: 4)) == 0)
  }

  @Test func `cover, union, size and interpolation of boxes`() {
    let a = Box(left: 0, top: 0, width: 10, height: 40)
    #expect(a.cover(by: Box(left: 0, top: 0, width: 10, height: 10)) == 0.25)
    #expect(a.size == 20)
    #expect(
      a.union(Box(left: -5, top: 10, width: 5, height: 50))
        == Box(left: -5, top: 0, width: 15, height: 60))
    #expect(
      a.interpolated(to: Box(left: 10, top: 20, width: 30, height: 40), share: 0.5)
        == Box(left: 5, top: 10, width: 20, height: 40))
    #expect(a.center == Point(5, 20))
    #expect(Box(center: Point(5, 20), width: 10, height: 40) == a)
  }

  @Test func `a box is valid with finite numbers and a positive area only`() {
    #expect(Box(left: -5, top: 0, width: 1, height: 1).isValid)
    #expect(!Box(left: 0, top: 0, width: 0, height: 1).isValid)
    #expect(!Box(left: 0, top: 0, width: 1, height: -1).isValid)
    #expect(!Box(left: .nan, top: 0, width: 1, height: 1).isValid)
    #expect(!Box(left: 0, top: 0, width: .infinity, height: 1).isValid)
    #expect(Box(around: []) == nil)
  }

  @Test func `polygon area is outer rings minus holes, whichever way they turn`() {
    let square = [Point(0, 0), Point(10, 0), Point(10, 10), Point(0, 10)]
    let hole = [Point(2, 2), Point(2, 4), Point(4, 4), Point(4, 2)]
    #expect(Polygon(square).area == 100)
    #expect(Polygon(square.reversed()).area == 100)
    #expect(Polygon(parts: [.init(outer: square, holes: [hole])]).area == 96)
    #expect(Polygon(parts: [.init(outer: square), .init(outer: hole)]).area == 104)
    #expect(Polygon.signedArea(square) == 100)
    #expect(Polygon.signedArea(square.reversed()) == -100)
    // A triangle of base 3 and height 4, far from the origin.
    #expect(Polygon([Point(1e6, 1e6), Point(1e6 + 3, 1e6), Point(1e6, 1e6 + 4)]).area == 6)
    #expect(Polygon([]).area == 0)
    #expect(Polygon([Point(1, 1), Point(2, 2)]).area == 0)
  }

  @Test func `area and bounds of a mask`() throws {
    // Rows of a 4 x 3 crop at (1, 0): XXX. / .... / ...X
    let mask = try #require(Mask(left: 1, top: 0, width: 4, height: 3, runs: [0, 3, 8, 1]))
    #expect(mask.area == 4)
    #expect(mask.bounds == Box(left: 1, top: 0, width: 4, height: 3))
    // A run over the end of a row: ..XX / X...
    let wrapped = try #require(Mask(left: 5, top: 6, width: 4, height: 2, runs: [2, 3, 3]))
    #expect(wrapped.bounds == Box(left: 5, top: 6, width: 4, height: 2))
    // One column of a wide crop: .X.. / .X..
    let column = try #require(Mask(left: 5, top: 6, width: 4, height: 2, runs: [1, 1, 3, 1, 2]))
    #expect(column.bounds == Box(left: 6, top: 6, width: 1, height: 2))
  }

  @Test func `runs that do not fill the crop are no mask, an empty mask has no bounds`() {
    #expect(Mask(left: 0, top: 0, width: 2, height: 2, runs: [1, 2]) == nil)
    #expect(Mask(left: 0, top: 0, width: 2, height: 2, runs: [5, -1]) == nil)
    #expect(Mask(left: 0, top: 0, width: 2, height: 2, runs: [4])?.bounds == nil)
    #expect(Mask(left: 0, top: 0, width: 0, height: 0, runs: [])?.area == 0)
  }

  @Test func `bounds of turned shapes`() throws {
    let quarter = RotatedBox(center: Point(10, 10), width: 8, height: 2, angle: .pi / 2)
    let bounds = try #require(Shape.rotatedBox(quarter).bounds)
    #expect(abs(bounds.left - 9) < 1e-12 && abs(bounds.top - 6) < 1e-12)
    #expect(abs(bounds.width - 2) < 1e-12 && abs(bounds.height - 8) < 1e-12)
    let ellipse = Ellipse(center: Point(0, 0), radiusX: 5, radiusY: 5, angle: 1)
    #expect(abs(ellipse.bounds.width - 10) < 1e-12)
  }

  @Test func `joints that are hidden or absent do not count for bounds`() {
    let skeleton = Skeleton(joints: [
      Joint(name: "a", position: Point(1, 2), visibility: .visible),
      Joint(name: "b", position: Point(5, 9), visibility: .visible),
      Joint(name: "c", position: Point(100, 100), visibility: .hidden),
      Joint(name: "d", position: Point(0, 0), visibility: .absent),
    ])
    #expect(Shape.skeleton(skeleton).bounds == Box(left: 1, top: 2, width: 4, height: 7))
  }
}
