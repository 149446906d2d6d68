import Annotations
import Quality
import Testing
import Timeline

@Suite struct GeometryInvalidTests {
  /// The findings of one track with `shapes` in consecutive frames of a picture of 1280 x 720.
  private func findings(
    _ shapes: [Shape], isTracked: Bool = true, width: Double? = 1280, cuts: [Int] = []
  ) -> [Finding] {
    func instance(_ frame: Int) -> Instance {
      Instance(frame: frame, shape: shapes[frame], line: Int32(frame + 1))
    }
    let tracks =
      isTracked
      ? [Track(id: "7", className: "person", instances: shapes.indices.map(instance))]
      : shapes.indices.map {
        Track(id: "\($0)", className: "person", isTracked: false, instances: [instance($0)])
      }
    let input = RuleInput(
      video: VideoFacts(
        name: "v", frames: FrameTable(nominalCount: shapes.count, rate: 25), width: width,
        height: width.map { _ in 720 }, cuts: cuts),
      source: SourceFacts(
        name: "labels", kind: .labels, annotations: VideoAnnotations(tracks: tracks)))
    return GeometryInvalid.findings(in: input, settings: RuleSettings(GeometryInvalid.info))
      .sorted(by: Finding.reportOrder)
  }

  private static func box(_ left: Double, _ top: Double, _ width: Double, _ height: Double)
    -> Shape
  { .box(Box(left: left, top: top, width: width, height: height)) }

  private static func ring(_ points: [(Double, Double)]) -> Shape {
    .polygon(Polygon(points.map { Point($0.0, $0.1) }))
  }

  @Test(arguments: [
    (box(10, 10, 0, 5), "is 0.00 wide and 5.00 high"),
    (box(10, 10, 5, -3), "is 5.00 wide and -3.00 high"),
    (box(.nan, 10, 5, 5), "has a coordinate that is not a finite number"),
    (box(10, 10, .infinity, 5), "has a coordinate that is not a finite number"),
    (box(10, 10, 1e200, 1e200), "has coordinates too large to calculate with"),
    (
      .rotatedBox(RotatedBox(center: Point(50, 50), width: 5, height: 5, angle: .nan)),
      "has a coordinate that is not a finite number"
    ),
    (
      .ellipse(Ellipse(center: Point(50, 50), radiusX: 0, radiusY: 4)),
      "is 0.00 wide and 8.00 high"
    ),
    (ring([(0, 0), (10, 0)]), "is a polygon with a ring of 2 vertices"),
    (ring([(0, 0), (10, 10), (20, 20)]), "is a polygon of area 0"),
    (ring([(10, 10), (20, 20), (20, 10), (10, 20)]), "crosses itself at (15.0, 15.0)"),
    (.polygon(Polygon(parts: [])), "is a polygon without vertices"),
    (.polyline([Point(1, 1)]), "is a line of 1 vertex"),
    (.points([]), "holds no points"),
    (
      .skeleton(
        Skeleton(joints: [Joint(name: "head", position: Point(0, 0), visibility: .absent)])),
      "is a skeleton without any labelled joint"
    ),
    (box(2000, 10, 50, 50), "lies outside the picture of 1280 x 720"),
    (box(10, 10, 5000, 50), "reaches 3730 pixels beyond the picture of 1280 x 720"),
  ])
  func aBrokenShapeIsNamed(shape: Shape, what: String) throws {
    let found = findings([shape])
    #expect(found.map(\.reason) == ["person 7 \(what) in frame 0 (line 1)"])
  }

  @Test(arguments: [
    box(10, 10, 5, 5), box(-20, 10, 50, 50), box(1270, 700, 50, 50),
    ring([(0, 0), (10, 0), (10, 10), (0, 10)]),
    // The other winding, and a vertex that touches another edge.
    ring([(0, 10), (10, 10), (10, 0), (0, 0)]),
    ring([(0, 0), (10, 0), (10, 10), (5, 0), (0, 10)]),
    .polyline([Point(1, 1), Point(5, 1)]), .points([Point(3, 3)]),
    .skeleton(Skeleton(joints: [Joint(name: "head", position: Point(9, 9), visibility: .hidden)])),
    .skeleton(
      Skeleton(joints: [
        Joint(name: "head", position: Point(9, 9), visibility: .visible),
        Joint(name: "tail", position: Point(.nan, .nan), visibility: .absent),
      ])),
  ])
  func aSoundShapeIsNot(shape: Shape) { #expect(findings([shape]).isEmpty) }

  @Test func anEmptyMaskIsFound() throws {
    let empty = try #require(Mask(left: 0, top: 0, width: 2, height: 2, runs: [4]))
    #expect(
      findings([.mask(empty)]).map(\.reason) == ["person 7 is an empty mask in frame 0 (line 1)"])
  }

  @Test func theSameFaultInARowIsOneRange() {
    let good = Self.box(10, 10, 5, 5)
    let flat = Self.box(10, 10, 0, 5)
    let found = findings([good, flat, flat, flat, good, flat, Self.box(10, 10, .nan, 5)])
    #expect(found.map(\.range) == [FrameRange(1, 4), FrameRange(5, 6), FrameRange(6, 7)])
    #expect(
      found.first?.reason
        == "person 7 is 0.00 wide and 5.00 high in frame 1 (line 2), and so in the 2 labels after it"
    )
  }

  @Test func aRangeEndsAtACut() {
    let flat = Self.box(10, 10, 0, 5)
    #expect(
      findings([flat, flat, flat, flat], cuts: [2]).map(\.range)
        == [FrameRange(0, 2), FrameRange(2, 4)])
  }

  @Test func loneDetectionsWithOneFaultAreOneRange() {
    let flat = Self.box(10, 10, 0, 5)
    let found = findings([flat, flat, flat], isTracked: false)
    #expect(found.map(\.range) == [FrameRange(0, 3)])
    #expect(found.first?.track == nil)
    #expect(
      found.first?.reason == "a detection is 0.00 wide and 5.00 high in frame 0 (line 1), "
        + "and so in the 2 detections after it")
  }

  @Test func outsideThePictureIsAWarning() {
    #expect(findings([Self.box(2000, 10, 50, 50)]).map(\.level) == [.warning])
    #expect(findings([Self.box(10, 10, 0, 5)]).map(\.level) == [.error])
  }

  @Test func withoutAPictureNothingIsOutside() {
    #expect(findings([Self.box(2000, 10, 50, 50)], width: nil).isEmpty)
  }
}
