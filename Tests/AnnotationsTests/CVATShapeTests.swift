import Annotations
import Foundation
import Testing
import Timeline

/// One element of each kind; values are read off the text by hand.
struct CVATShapeTests {
  private func shape(_ element: String) throws -> Shape {
    let flags = "frame=\"0\" keyframe=\"1\" outside=\"0\" occluded=\"0\" z_order=\"0\""
    let text = CVATText.task(
      "<track id=\"0\" label=\"man\"><\(element) \(flags)/></track>")
    return try #require(try CVATText.read(text).videos.first?.tracks.first?.instances.first).shape
  }

  @Test func `A box is read from its corners`() throws {
    #expect(
      try shape("box xtl=\"1.5\" ytl=\"2\" xbr=\"4\" ybr=\"8\"")
        == .box(Box(left: 1.5, top: 2, width: 2.5, height: 6)))
  }

  @Test func `A turned box turns about its centre by degrees`() throws {
    #expect(
      try shape("box xtl=\"0\" ytl=\"0\" xbr=\"4\" ybr=\"2\" rotation=\"90\"")
        == .rotatedBox(RotatedBox(center: Point(2, 1), width: 4, height: 2, angle: .pi / 2)))
  }

  @Test func `A box upside down is kept for the rules to judge`() throws {
    #expect(
      try shape("box xtl=\"4\" ytl=\"0\" xbr=\"1\" ybr=\"2\"")
        == .box(Box(left: 4, top: 0, width: -3, height: 2)))
  }

  @Test func `An ellipse is read from centre, half axes and degrees`() throws {
    #expect(
      try shape("ellipse cx=\"5\" cy=\"6\" rx=\"3\" ry=\"2\" rotation=\"180\"")
        == .ellipse(Ellipse(center: Point(5, 6), radiusX: 3, radiusY: 2, angle: .pi)))
  }

  @Test func `Polygons, lines and points are read in their order`() throws {
    let list = "points=\"1.00,2.00;3.50,4.00;5.00,0.00\""
    let points = [Point(1, 2), Point(3.5, 4), Point(5, 0)]
    #expect(try shape("polygon \(list)") == .polygon(Polygon(points)))
    #expect(try shape("polyline \(list)") == .polyline(points))
    #expect(try shape("points \(list)") == .points(points))
  }

  @Test func `A mask's runs go row by row through the crop`() throws {
    // Row 0 columns 1 to 3 and row 2 column 4 of a picture of 3 rows, as CVAT writes them.
    let mask = try shape("mask rle=\"0, 3, 8, 1\" left=\"1\" top=\"0\" width=\"4\" height=\"3\"")
    guard case .mask(let mask) = mask else {
      Issue.record("no mask")
      return
    }
    #expect(mask.area == 4)
    #expect(mask.bounds == Box(left: 1, top: 0, width: 4, height: 3))
    #expect(mask.runs == [0, 3, 8, 1])
  }

  @Test func `A cuboid's corners are named by their places in CVAT's list`() throws {
    // A square 0...4 in front and one 2...6 behind. CVAT's list goes round the edges: the right
    // edge of the back is the third, which the file calls tl2 and bl2.
    let front = "xtl1=\"0\" ytl1=\"0\" xbl1=\"0\" ybl1=\"4\" xtr1=\"4\" ytr1=\"0\" xbr1=\"4\" "
    let back = "xtl2=\"6\" ytl2=\"2\" xbl2=\"6\" ybl2=\"6\" xtr2=\"2\" ytr2=\"2\" xbr2=\"2\" "
    let cuboid = try shape("cuboid \(front) ybr1=\"4\" \(back) ybr2=\"6\"")
    #expect(
      cuboid
        == .cuboid([
          Point(0, 0), Point(4, 0), Point(4, 4), Point(0, 4),
          Point(2, 2), Point(6, 2), Point(6, 6), Point(2, 6),
        ]))
  }
}
