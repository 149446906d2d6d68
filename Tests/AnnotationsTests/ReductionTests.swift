import Foundation
import Testing
import Timeline

@testable import Annotations

/// What a format cannot carry is taken out and counted; what it can stays.
///
/// The expected counts are counted by hand in the labels that each test states.
@Suite struct ReductionTests {
  private static let square = Shape.box(Box(left: 10, top: 20, width: 30, height: 40))

  /// A format that carries everything but `aspects`.
  private func format(
    without aspects: LabelAspect..., shapes: Set<Shape.Kind> = Set(Shape.Kind.allCases),
    identity: FormatCapabilities.Identity = .text,
    precision: FormatCapabilities.Precision = .exact
  ) -> FormatCapabilities {
    FormatCapabilities(
      shapes: shapes, identity: identity, precision: precision,
      aspects: Set(LabelAspect.allCases).subtracting(aspects), output: .file(extension: "x"),
      holdsManyVideos: true)
  }

  private func reduced(
    _ video: VideoAnnotations, to format: FormatCapabilities
  ) -> (video: VideoAnnotations, losses: [LabelAspect: Int]) {
    let (dataset, losses) = Dataset(format: "x", videos: [video]).reduced(to: format)
    return (dataset.videos[0], losses.counts)
  }

  private func reduced(
    _ instances: [Instance], to format: FormatCapabilities
  ) -> (instances: [Instance], losses: [LabelAspect: Int]) {
    let video = VideoAnnotations(
      width: 100, height: 100, tracks: [Track(id: "1", className: "a", instances: instances)])
    let (result, losses) = reduced(video, to: format)
    return (result.tracks.flatMap(\.instances), losses)
  }

  private func reduced(
    _ shape: Shape, to format: FormatCapabilities
  ) -> (shape: Shape?, losses: [LabelAspect: Int]) {
    let (instances, losses) = reduced([Instance(frame: 0, shape: shape)], to: format)
    return (instances.first?.shape, losses)
  }

  // MARK: Nothing lost

  @Test func `A format of everything loses nothing`() {
    for seed in 1...3 {
      var sample = SampleLabels(seed: UInt64(seed))
      let video = sample.video()
      let (result, losses) = reduced(video, to: format())
      #expect(losses == [:])
      #expect(result.tracks == video.tracks)
      #expect(result.ranges == video.ranges)
      #expect(result.ontology == video.ontology)
      #expect(result.imageNames == video.imageNames)
    }
  }

  // MARK: Videos

  @Test func `Facts of a video are taken out one by one`() {
    let video = VideoAnnotations(
      name: "clip.mp4", width: 64, height: 48, frameCount: 9, frameRate: 25,
      annotated: .only([1, 2]), imageNames: [0: "a.png", 1: "b.png"])
    let (name, nameLoss) = reduced(video, to: format(without: .videoName))
    #expect(name.name == nil && nameLoss == [.videoName: 1])
    let (size, sizeLoss) = reduced(video, to: format(without: .pictureSize))
    #expect(size.width == nil && size.height == nil && sizeLoss == [.pictureSize: 1])
    let (count, countLoss) = reduced(video, to: format(without: .frameCount))
    #expect(count.frameCount == nil && countLoss == [.frameCount: 1])
    let (rate, rateLoss) = reduced(video, to: format(without: .frameRate))
    #expect(rate.frameRate == nil && rateLoss == [.frameRate: 1])
    let (frames, framesLoss) = reduced(video, to: format(without: .annotatedFrames))
    #expect(frames.annotated == .all && framesLoss == [.annotatedFrames: 1])
    let (images, imagesLoss) = reduced(video, to: format(without: .imageNames))
    #expect(images.imageNames == [:] && imagesLoss == [.imageNames: 2])
  }

  @Test func `What nobody said is no loss`() {
    let none = FormatCapabilities(
      shapes: [.box], identity: .text, aspects: [], output: .file(extension: "x"))
    let video = VideoAnnotations(tracks: [
      Track(
        id: "1",
        instances: [
          Instance(frame: 0, shape: Self.square)
        ])
    ])
    #expect(reduced(video, to: none).losses == [:])
  }

  @Test func `A format that needs the picture keeps its size for the writer`() {
    var format = format(without: .pictureSize)
    format.needsPictureSize = true
    let (video, losses) = reduced(VideoAnnotations(width: 64, height: 48), to: format)
    #expect(video.width == 64 && video.height == 48)
    #expect(losses == [.pictureSize: 1])
  }

  @Test func `Ranges go whole, or lose their details`() {
    let plain = RangeLabel(range: FrameRange(0, 3), name: "run")
    let full = RangeLabel(
      range: FrameRange(1, 2), name: "sky", value: "grey", track: "1", attributes: ["a": "b"],
      origin: .human, confidence: 0.5)
    let video = VideoAnnotations(ranges: [plain, full])
    let (without, loss) = reduced(video, to: format(without: .ranges))
    #expect(without.ranges == [] && loss == [.ranges: 2])
    let (bare, details) = reduced(video, to: format(without: .rangeDetails))
    #expect(bare.ranges == [plain, RangeLabel(range: FrameRange(1, 2), name: "sky")])
    #expect(details == [.rangeDetails: 1])
  }

  @Test func `Classes lose what is not used, their numbers and bones`() {
    let video = VideoAnnotations(
      ontology: Ontology(categories: [
        Ontology.Category(
          name: "a", sourceID: "1", joints: ["x", "y"], edges: [Ontology.Edge(0, 1)]),
        Ontology.Category(name: "b"), Ontology.Category(name: "c", sourceID: "3"),
      ]),
      tracks: [
        Track(
          id: "1", className: "a",
          instances: [
            Instance(frame: 0, shape: Self.square, className: "b")
          ])
      ])
    let (used, unusedLoss) = reduced(video, to: format(without: .unusedClasses))
    #expect(used.ontology.categories.map(\.name) == ["a", "b"])
    #expect(unusedLoss == [.unusedClasses: 1])
    let (numbers, numbersLoss) = reduced(video, to: format(without: .classIDs))
    #expect(numbers.ontology.categories.allSatisfy { $0.sourceID == nil })
    #expect(numbersLoss == [.classIDs: 2])
    let (bones, bonesLoss) = reduced(video, to: format(without: .bones))
    #expect(bones.ontology.categories[0].edges == [])
    #expect(bones.ontology.categories[0].joints == ["x", "y"])
    #expect(bonesLoss == [.bones: 1])
  }

  // MARK: Tracks

  @Test func `Tracks lose absences, class and their own attributes`() {
    let track = Track(
      id: "1", className: "a",
      instances: [Instance(frame: 0, shape: Self.square), Instance(frame: 9, shape: Self.square)],
      absences: [FrameRange(1, 2), FrameRange(4, .max)], attributes: ["colour": "red"])
    let video = VideoAnnotations(tracks: [track])
    let (absent, absences) = reduced(video, to: format(without: .absences))
    #expect(absent.tracks[0].absences == [] && absences == [.absences: 2])
    let (nameless, names) = reduced(video, to: format(without: .classNames))
    #expect(nameless.tracks[0].className == "" && names == [.classNames: 2])
    let (plain, attributes) = reduced(video, to: format(without: .trackAttributes))
    #expect(plain.tracks[0].attributes == [:] && attributes == [.trackAttributes: 1])
  }

  @Test func `A track without instances goes where the format has no place for it`() {
    let video = VideoAnnotations(tracks: [Track(id: "1", absences: [FrameRange(0, 4)])])
    let (result, losses) = reduced(video, to: format(without: .emptyTracks))
    #expect(result.tracks == [] && losses == [.emptyTracks: 1])
    #expect(reduced(video, to: format()).video.tracks.count == 1)
  }

  @Test func `Of repeated frames the first stays`() {
    let (one, other) = (
      Instance(frame: 3, shape: Self.square, line: 1),
      Instance(frame: 3, shape: Self.square, line: 2)
    )
    let (kept, losses) = reduced([one, other], to: format(without: .duplicates))
    #expect(kept == [one] && losses == [.duplicates: 1])
    // Without identity nothing repeats.
    let (all, others) = reduced([one, other], to: format(without: .duplicates, identity: .none))
    #expect(all.count == 2 && others == [.identity: 1])
  }

  // MARK: Instances

  @Test func `Instances lose what the format has no place for`() {
    let instance = Instance(
      frame: 0, shape: Self.square, className: "b", isKeyFrame: true, origin: .human,
      confidence: 0.5, attributes: ["pose": "up"])
    func check(
      _ aspect: LabelAspect, _ change: (inout Instance) -> Void,
      _ location: SourceLocation = #_sourceLocation
    ) {
      var expected = instance
      change(&expected)
      let (kept, losses) = reduced([instance], to: format(without: aspect))
      #expect(kept == [expected], sourceLocation: location)
      #expect(losses == [aspect: 1], sourceLocation: location)
    }
    check(.classChanges) { $0.className = nil }
    check(.keyFrames) { $0.isKeyFrame = nil }
    check(.origin) { $0.origin = .unknown }
    check(.confidence) { $0.confidence = nil }
    check(.attributes) { $0.attributes = [:] }
  }

  @Test(
    arguments: [
      (.ratio(0.5), .occluded, .unknown, .ratio(0.5)), (.ratio(1), .visible, .unknown, .ratio(1)),
      (.ratio(.nan), .occluded, .unknown, nil),
      (.occluded, .occluded, .occluded, .unknown), (.visible, .visible, .visible, .unknown),
      (.unknown, .unknown, .unknown, .unknown),
    ] as [(Visibility, Visibility, Visibility, Visibility?)])
  func `Visible shares become occluded or not, and then nothing`(
    visibility: Visibility, withoutRatio: Visibility, withoutBoth: Visibility,
    withoutOcclusion: Visibility?
  ) {
    let instance = Instance(frame: 0, shape: Self.square, visibility: visibility)
    #expect(
      reduced([instance], to: format(without: .visibilityRatio)).instances[0].visibility
        == withoutRatio)
    let (both, losses) = reduced([instance], to: format(without: .visibilityRatio, .occlusion))
    if case .ratio = visibility {
      #expect(both[0].visibility == withoutBoth)
      #expect(losses == [.visibilityRatio: 1])
    } else {
      #expect(both[0].visibility == .unknown)
      #expect(losses == (visibility == .unknown ? [:] : [.occlusion: 1]))
    }
    if let withoutOcclusion {
      #expect(
        reduced([instance], to: format(without: .occlusion)).instances[0].visibility
          == withoutOcclusion)
    }
  }

  @Test(
    arguments: [
      (ReservedAttribute.ignore, .ignore), (ReservedAttribute.zOrder, .zOrder),
      (ReservedAttribute.group, .group), (ReservedAttribute.truncated, .truncation),
      (ReservedAttribute.trackScore, .trackScore),
    ] as [(String, LabelAspect)])
  func `Reserved attributes are aspects of their own`(name: String, aspect: LabelAspect) {
    let instance = Instance(frame: 0, shape: Self.square, attributes: [name: "1", "pose": "up"])
    // A format that keeps any attribute keeps these under their names.
    #expect(reduced([instance], to: format(without: aspect)).losses == [:])
    let (own, ownLoss) = reduced([instance], to: format(without: .attributes))
    #expect(own[0].attributes == [name: "1"] && ownLoss == [.attributes: 1])
    let (none, bothLoss) = reduced([instance], to: format(without: .attributes, aspect))
    #expect(none[0].attributes == [:] && bothLoss == [.attributes: 1, aspect: 1])
  }

  // MARK: Shapes

  private static let corners = [Point(10, 20), Point(40, 20), Point(40, 60), Point(10, 60)]
  private static let polygon = Shape.polygon(Polygon(corners))
  private static let skeleton = Shape.skeleton(
    Skeleton(joints: [
      Joint(name: "a", position: Point(10, 20), visibility: .visible),
      Joint(name: "b", position: Point(40, 60), visibility: .visible),
      Joint(name: "c", position: Point(90, 90), visibility: .hidden),
      Joint(name: "d", position: Point(0, 0), visibility: .absent),
    ]))
  private static let cuboid = Shape.cuboid(corners + corners.map { Point($0.x + 5, $0.y - 5) })
  private static let mask = Mask(left: 10, top: 20, width: 30, height: 40, runs: [0, 1200])

  // The square of 30 by 40 at (10, 20) in all its forms.
  @Test(
    arguments: [
      (square, [.rotatedBox, .polygon, .mask], .rotatedBox),
      (square, [.polygon, .mask], .polygon), (square, [.mask], .mask), (square, [.points], nil),
      (polygon, [.box, .mask, .rotatedBox], .mask), (polygon, [.box, .rotatedBox], .box),
      (polygon, [.rotatedBox], .rotatedBox), (polygon, [.skeleton, .polyline], nil),
      (skeleton, [.points, .box], .points), (skeleton, [.box], .box),
      (skeleton, [.mask], nil), (cuboid, [.polygon, .box], .polygon), (cuboid, [.box], .box),
      (cuboid, [.mask], .mask), (.polyline(corners), [.points, .box], .points),
      (.polyline(corners), [.box], .box), (.points(corners), [.polyline, .box], .polyline),
      (.points(corners), [.box], .box), (.points([Point(1, 1)]), [.polyline], nil),
      (.mask(mask!), [.polygon, .box], .polygon), (.mask(mask!), [.box], .box),
      (
        .ellipse(Ellipse(center: Point(25, 40), radiusX: 15, radiusY: 20)),
        [.box, .rotatedBox, .polygon], .polygon
      ),
      (
        .ellipse(Ellipse(center: Point(25, 40), radiusX: 15, radiusY: 20)), [.box, .rotatedBox],
        .rotatedBox
      ),
      (
        .rotatedBox(RotatedBox(center: Point(25, 40), width: 30, height: 40, angle: 0)),
        [.box, .polygon], .polygon
      ),
    ] as [(Shape, Set<Shape.Kind>, Shape.Kind?)])
  func `A shape becomes the nearest kind that the format has`(
    shape: Shape, kinds: Set<Shape.Kind>, expected: Shape.Kind?
  ) throws {
    let (result, losses) = reduced(shape, to: format(shapes: kinds))
    #expect(result?.kind == expected)
    #expect(losses == (expected == nil ? [.instances: 1] : [.shape: 1]))
    // Where the object fills its box, every kind of area keeps the box.
    guard let result, [.box, .rotatedBox, .polygon, .mask].contains(result.kind) else { return }
    let bounds = try #require(result.bounds)
    let wanted = try #require(shape.kind == .cuboid && result.kind == .mask ? bounds : shape.bounds)
    for (a, b) in [
      (bounds.left, wanted.left), (bounds.top, wanted.top), (bounds.width, wanted.width),
      (bounds.height, wanted.height),
    ] { #expect(abs(a - b) < 1e-9) }
  }

  @Test func `A mask needs the picture, and a box stands in where there is none`() {
    let video = VideoAnnotations(tracks: [
      Track(id: "1", instances: [Instance(frame: 0, shape: Self.polygon)])
    ])
    let (result, losses) = reduced(video, to: format(shapes: [.mask, .box]))
    #expect(result.tracks[0].instances[0].shape.kind == .box)
    #expect(losses == [.shape: 1])
  }

  @Test func `A box or polygon becomes the pixels within`() throws {
    for shape in [Self.square, Self.polygon] {
      #expect(try reduced(shape, to: format(shapes: [.mask])).shape == .mask(#require(Self.mask)))
    }
  }

  @Test func `A shape outside of the picture has no mask`() {
    let far = Shape.box(Box(left: 500, top: 500, width: 9, height: 9))
    let (shape, losses) = reduced(far, to: format(shapes: [.mask]))
    #expect(shape == nil && losses == [.instances: 1])
  }

  @Test func `A skeleton of hidden joints alone keeps a box`() {
    let hidden = Shape.skeleton(
      Skeleton(joints: [
        Joint(name: "a", position: Point(1, 2), visibility: .hidden),
        Joint(name: "b", position: Point(4, 8), visibility: .hidden),
        Joint(name: "c", position: Point(0, 0), visibility: .absent),
      ]))
    #expect(
      reduced(hidden, to: format(shapes: [.box])).shape
        == .box(Box(left: 1, top: 2, width: 3, height: 6)))
  }

  @Test func `An ellipse as a polygon is drawn around its centre`() throws {
    let ellipse = Ellipse(center: Point(50, 50), radiusX: 20, radiusY: 10, angle: 0.5)
    guard
      case .polygon(let polygon) = try #require(
        reduced(.ellipse(ellipse), to: format(shapes: [.polygon])).shape)
    else { throw CocoaError(.featureUnsupported) }
    #expect(polygon.rings[0].count == 72)
    // A regular 72-gon has 0.9987 of the area of its circle: 72 / 2 * sin(2 pi / 72) / pi.
    #expect(abs(polygon.area / (Double.pi * 200) - 0.998731) < 1e-5)
  }

  @Test func `Broken numbers do no harm`() {
    for number in [Double.nan, .infinity, -.infinity, 1e300] {
      let shapes: [Shape] = [
        .box(Box(left: number, top: 0, width: number, height: 1)),
        .rotatedBox(RotatedBox(center: Point(number, 0), width: 1, height: 1, angle: number)),
        .ellipse(Ellipse(center: Point(number, number), radiusX: number, radiusY: 1)),
        .polygon(Polygon([Point(number, 0), Point(0, number), Point(1, 1)])),
        .polygon(Polygon(parts: [])), .points([]), .polyline([]), .cuboid([]),
        .cuboid((0..<8).map { Point(number, Double($0)) }), .skeleton(Skeleton(joints: [])),
        .points([Point(number, number)]),
      ]
      for shape in shapes {
        for kind in Shape.Kind.allCases {
          let (result, losses) = reduced(
            shape, to: format(without: .parts, .holes, shapes: [kind], precision: .decimals(2)))
          #expect((result == nil) == (losses[.instances] == 1))
        }
      }
    }
  }

  @Test func `Holes, parts and joints lose what the format does not know`() {
    let hole = [Point(20, 30), Point(25, 30), Point(25, 35)]
    let small = [Point(80, 80), Point(85, 80), Point(85, 85)]
    let polygon = Polygon(parts: [
      Polygon.Part(outer: small), Polygon.Part(outer: Self.corners, holes: [hole]),
    ])
    let (whole, holes) = reduced(.polygon(polygon), to: format(without: .holes))
    #expect(
      whole
        == .polygon(
          Polygon(parts: [Polygon.Part(outer: small), Polygon.Part(outer: Self.corners)])))
    #expect(holes == [.holes: 1])
    let (largest, parts) = reduced(.polygon(polygon), to: format(without: .parts))
    #expect(
      largest == .polygon(Polygon(parts: [Polygon.Part(outer: Self.corners, holes: [hole])])))
    #expect(parts == [.parts: 1])
    guard case .skeleton(var skeleton) = Self.skeleton else { return }
    #expect(
      reduced(Self.skeleton, to: format(without: .hiddenJoints)).losses == [.hiddenJoints: 1])
    skeleton.joints[0].confidence = 0.5
    let (joints, scores) = reduced(.skeleton(skeleton), to: format(without: .jointConfidence))
    #expect(joints == Self.skeleton && scores == [.jointConfidence: 1])
  }

  @Test(
    arguments: [
      (.exact, 0.123456789, 0), (.decimals(0), 3, 0), (.decimals(0), 3.5, 1),
      (.decimals(2), 0.25, 0), (.decimals(2), 0.255, 1), (.decimals(2), 1234.56, 0),
      // A hundredth of the picture's 100 pixels is a whole pixel.
      (.fraction(decimals: 2), 3, 0), (.fraction(decimals: 2), 3.5, 1),
      (.fraction(decimals: 6), 0.0001, 0), (.fraction(decimals: 6), 0.00011, 1),
    ] as [(FormatCapabilities.Precision, Double, Int)])
  func `Coordinates finer than the format writes are counted and kept`(
    precision: FormatCapabilities.Precision, number: Double, count: Int
  ) {
    let shape = Shape.points([Point(number, 7), Point(8, number)])
    let (result, losses) = reduced(shape, to: format(precision: precision))
    #expect(result == shape)
    #expect(losses[.precision, default: 0] == count)
  }

  // MARK: Identity

  private func tracks(_ ids: String..., untracked: Set<String> = []) -> VideoAnnotations {
    VideoAnnotations(
      tracks: ids.map {
        Track(
          id: $0, className: "a", isTracked: !untracked.contains($0),
          instances: [Instance(frame: 0, shape: Self.square)])
      })
  }

  private func ids(
    _ video: VideoAnnotations, _ format: FormatCapabilities
  ) -> (ids: [String], losses: [LabelAspect: Int]) {
    let (result, losses) = reduced(video, to: format)
    return (result.tracks.map(\.id), losses)
  }

  @Test func `Numbers stay, and what is none gets the smallest free ones`() {
    let all = FormatCapabilities.Identity.numbers(0...Int.max)
    let (kept, none) = ids(tracks("7", "0", "3"), format(identity: all))
    #expect(kept == ["7", "0", "3"] && none == [:])
    let (mixed, loss) = ids(
      tracks("fly", "1", "007", "-4", "+2", "99999999999999999999"),
      format(identity: .numbers(1...Int.max)))
    #expect(mixed == ["2", "1", "3", "4", "5", "6"] && loss == [.trackIDs: 5])
  }

  @Test func `Numbers that run out cost instances, and these are counted`() {
    let (kept, losses) = ids(tracks("a", "2", "b", "c"), format(identity: .numbers(1...3)))
    #expect(kept == ["1", "2", "3"])
    #expect(losses == [.trackIDs: 2, .instances: 1])
    let top = FormatCapabilities.Identity.numbers(Int.max...Int.max)
    #expect(ids(tracks("a", "b"), format(identity: top)).ids == [String(Int.max)])
  }

  @Test func `Detections keep their names where the format has no name for them`() {
    let video = tracks("#1", "5", untracked: ["#1"])
    let numbers = FormatCapabilities.Identity.numbers(1...Int.max)
    let (kept, none) = ids(video, format(identity: numbers))
    #expect(kept == ["#1", "5"] && none == [:])
    let (made, losses) = ids(video, format(without: .untracked, identity: numbers))
    #expect(made == ["1", "5"] && losses == [.untracked: 1, .trackIDs: 1])
    let (text, untracked) = reduced(video, to: format(without: .untracked))
    #expect(text.tracks.allSatisfy(\.isTracked) && untracked == [.untracked: 1])
  }

  @Test func `Places number the tracks from the first on`() {
    let (kept, losses) = ids(tracks("a", "2", "0"), format(identity: .places(from: 1)))
    #expect(kept == ["1", "2", "3"] && losses == [.trackIDs: 2])
  }

  @Test func `Without identity every instance stands alone`() {
    let track = Track(
      id: "1", className: "a",
      instances: [
        Instance(frame: 0, shape: Self.square),
        Instance(frame: 1, shape: Self.square, className: "b"),
      ], absences: [FrameRange(2, 3)], attributes: ["colour": "red"])
    let video = VideoAnnotations(
      tracks: [track, Track(id: "2")],
      ranges: [RangeLabel(range: FrameRange(0, 1), name: "run", track: "1")])
    let (result, losses) = reduced(video, to: format(identity: .none))
    #expect(result.tracks.map(\.className) == ["a", "b"])
    #expect(result.tracks.allSatisfy { !$0.isTracked && $0.instances.count == 1 })
    #expect(result.tracks.allSatisfy { $0.attributes == ["colour": "red"] })
    #expect(Set(result.tracks.map(\.id)).count == 2)
    #expect(result.ranges[0].track == nil)
    #expect(losses == [.identity: 1, .emptyTracks: 1, .absences: 1, .rangeDetails: 1])
  }

  @Test func `Ranges follow the tracks they speak of`() {
    var video = tracks("fly", "b")
    video.ranges = ["fly", "nobody"].map {
      RangeLabel(range: FrameRange(0, 1), name: "run", track: $0)
    }
    let (result, losses) = reduced(video, to: format(identity: .numbers(1...9)))
    #expect(result.ranges.map(\.track) == ["1", nil])
    #expect(losses == [.trackIDs: 2, .rangeDetails: 1])
  }

  // MARK: Reports

  @Test func `A report counts, adds up and speaks in order`() {
    var report = LossReport()
    #expect(report.isEmpty && report.lines == [] && report.json == "{}")
    report.add(.bones, 0)
    #expect(report.isEmpty)
    report.add(.bones, 2)
    report.add(.confidence)
    var other = LossReport()
    other.add(.confidence, 11)
    report.add(other)
    #expect(report.lines == ["12 scores (confidence)", "2 bones of skeletons (bones)"])
    #expect(report.json == #"{"confidence":12,"bones":2}"#)
    #expect(!report.isEmpty)
  }

  @Test func `Every aspect has words and a spelling of its own`() {
    #expect(Set(LabelAspect.allCases.map(\.words)).count == LabelAspect.allCases.count)
    for aspect in LabelAspect.allCases {
      #expect(!aspect.rawValue.contains { $0.isUppercase || $0 == " " })
    }
  }
}
