import Annotations
import Timeline

/// Compares labels by what they mean, as far as a format carries it.
///
/// Order within a frame, the place of a track in the list, the format and lines do not matter.
struct LabelDifference {
  /// The differences, one a line; empty where there are none.
  private(set) var lines: [String] = []

  private let capabilities: FormatCapabilities

  /// Compares what was expected with what was read back from a format of these capabilities.
  init(_ expected: Dataset, _ actual: Dataset, _ capabilities: FormatCapabilities) {
    self.capabilities = capabilities
    equal("videos", expected.videos.count, actual.videos.count)
    let byName = capabilities.carries(.videoName)
    for (place, video) in expected.videos.enumerated() {
      let other =
        byName && expected.videos.count > 1
        ? actual.videos.first { $0.name == video.name }
        : place < actual.videos.count ? actual.videos[place] : nil
      if let other { compare(video, other) } else { add("video \(video.name ?? "-") is missing") }
    }
  }

  private mutating func add(_ line: String) {
    if lines.count < 40 { lines.append(line) }
  }

  private mutating func equal<Value: Equatable>(_ what: String, _ a: Value, _ b: Value) {
    if a != b { add("\(what): expected \(a), read \(b)") }
  }

  private func carries(_ aspect: LabelAspect) -> Bool { capabilities.carries(aspect) }

  private mutating func compare(_ a: VideoAnnotations, _ b: VideoAnnotations) {
    if carries(.videoName) { equal("video name", a.name, b.name) }
    if carries(.pictureSize) { equal("size", [a.width, a.height], [b.width, b.height]) }
    if carries(.frameCount) { equal("frame count", a.frameCount, b.frameCount) }
    if carries(.frameRate) { equal("frame rate", a.frameRate, b.frameRate) }
    if carries(.imageNames) { equal("image names", a.imageNames, b.imageNames) }
    if carries(.annotatedFrames) {
      let frames = 0..<max(a.extent?.end ?? 0, b.extent?.end ?? 0)
      equal(
        "annotated frames", frames.filter { a.annotated.contains($0) },
        frames.filter { b.annotated.contains($0) })
    }
    if carries(.ranges) { equal("ranges", ranges(a), ranges(b)) }
    let (first, second) = (tracks(a), tracks(b))
    equal("tracks", first.keys.sorted(), second.keys.sorted())
    for (id, track) in first.sorted(by: { $0.key < $1.key }) {
      if let other = second[id] { compare(track, other, id) }
    }
    for category in a.ontology.categories {
      guard let other = b.ontology.categories.first(where: { $0.name == category.name }) else {
        add("class \(category.name) is missing")
        continue
      }
      if carries(.bones) { equal("bones of \(category.name)", category.edges, other.edges) }
      if carries(.classIDs) { equal("id of \(category.name)", category.sourceID, other.sourceID) }
    }
  }

  // Long ranges may come back frame by frame: what holds in which frame is what counts.
  private func ranges(_ video: VideoAnnotations) -> [String] {
    var held: Set<String> = []
    for label in video.ranges {
      for frame in label.range.start..<label.range.end {
        var text = "\(frame) \(label.name)"
        if carries(.rangeDetails) {
          text += " \(label.value ?? "-") \(label.track ?? "-")"
          text += " \(label.attributes.sorted { $0.key < $1.key }) \(label.origin)"
          text += " \(label.confidence.map { String($0) } ?? "-")"
        }
        held.insert(text)
      }
    }
    return held.sorted()
  }

  /// The tracks by id; detections without identity by frame, class and place instead.
  private func tracks(_ video: VideoAnnotations) -> [String: Track] {
    var result: [String: Track] = [:]
    var lone: [(key: (Int, Double, Double, String), track: Track)] = []
    for track in video.tracks {
      if track.isTracked {
        result[track.id] = track
      } else if let instance = track.instances.first {
        let corner = instance.shape.bounds ?? Box(left: 0, top: 0, width: 0, height: 0)
        lone.append(
          ((instance.frame, corner.left, corner.top, instance.shape.kind.rawValue), track))
      }
    }
    lone.sort { $0.key < $1.key }
    for (place, entry) in lone.enumerated() { result["lone \(place)"] = entry.track }
    return result
  }

  private mutating func compare(_ a: Track, _ b: Track, _ id: String) {
    let name = "track \(id)"
    if carries(.classNames) { equal("\(name) class", a.className, b.className) }
    if carries(.absences) {
      // Only within what both speak of: some formats leave the last absence open.
      let frames = (a.extent?.start ?? 0)..<(a.extent?.end ?? 0)
      equal(
        "\(name) absences", frames.filter { a.isDeclaredAbsent(at: $0) },
        frames.filter { b.isDeclaredAbsent(at: $0) })
    }
    equal("\(name) attributes", a.attributes, b.attributes)
    equal("\(name) frames", a.instances.map(\.frame), b.instances.map(\.frame))
    for (one, other) in zip(a.instances, b.instances) where one.frame == other.frame {
      compare(one, other, "\(name) frame \(one.frame)")
    }
  }

  private mutating func compare(_ a: Instance, _ b: Instance, _ name: String) {
    if carries(.classChanges) { equal("\(name) class", a.className, b.className) }
    if carries(.keyFrames) { equal("\(name) key frame", a.isKeyFrame, b.isKeyFrame) }
    if carries(.origin) { equal("\(name) origin", a.origin, b.origin) }
    if carries(.confidence) {
      if let score = a.confidence, let other = b.confidence {
        if abs(score - other) > 1e-6 { equal("\(name) confidence", score, other) }
      } else {
        equal("\(name) confidence", a.confidence, b.confidence)
      }
    }
    if carries(.occlusion) || carries(.visibilityRatio) {
      // Most formats have occluded or nothing, so visible and unknown are one.
      let blank: Set<Visibility> = [.unknown, .visible]
      if !(blank.contains(a.visibility) && blank.contains(b.visibility)) {
        equal("\(name) visibility", a.visibility, b.visibility)
      }
    }
    equal("\(name) attributes", a.attributes, b.attributes)
    if let text = shapeDifference(a.shape, b.shape) { add("\(name): \(text)") }
  }

  // MARK: Shapes

  /// How far a coordinate may lie off: half a step of the format, and the noise of arithmetic.
  private var tolerance: (x: Double, y: Double) {
    switch capabilities.precision {
    case .exact: return (1e-6, 1e-6)
    case .decimals(let decimals):
      let step = decimalStep(decimals)
      return (step / 2 + 1e-6, step / 2 + 1e-6)
    case .fraction(let decimals):
      let step = decimalStep(decimals)
      return (
        step / 2 * Double(SampleLabels.width) + 1e-6, step / 2 * Double(SampleLabels.height) + 1e-6
      )
    }
  }

  private func decimalStep(_ decimals: Int) -> Double {
    (0..<decimals).reduce(1) { value, _ in value / 10 }
  }

  private func near(_ a: Point, _ b: Point, _ factor: Double = 1) -> Bool {
    abs(a.x - b.x) <= tolerance.x * factor && abs(a.y - b.y) <= tolerance.y * factor
  }

  private func near(_ a: [Point], _ b: [Point]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { near($0, $1) }
  }

  private func shapeDifference(_ a: Shape, _ b: Shape) -> String? {
    let isNear: Bool
    switch (a, b) {
    case (.box(let one), .box(let other)):
      // Sizes are differences of two rounded edges in some formats.
      isNear =
        near(Point(one.left, one.top), Point(other.left, other.top), 2)
        && near(Point(one.right, one.bottom), Point(other.right, other.bottom), 2)
    case (.rotatedBox(let one), .rotatedBox(let other)):
      isNear = zip(one.corners, other.corners).allSatisfy { near($0, $1, 4) }
    case (.ellipse(let one), .ellipse(let other)):
      isNear =
        near(one.center, other.center, 2)
        && near(Point(one.radiusX, one.radiusY), Point(other.radiusX, other.radiusY), 2)
        && abs(one.angle - other.angle) < 1e-3
    case (.polygon(let one), .polygon(let other)):
      isNear =
        one.parts.count == other.parts.count
        && zip(one.parts, other.parts).allSatisfy { part, second in
          near(part.outer, second.outer) && part.holes.count == second.holes.count
            && zip(part.holes, second.holes).allSatisfy { near($0, $1) }
        }
    case (.polyline(let one), .polyline(let other)), (.points(let one), .points(let other)),
      (.cuboid(let one), .cuboid(let other)):
      isNear = near(one, other)
    case (.skeleton(let one), .skeleton(let other)):
      isNear =
        one.joints.count == other.joints.count
        && zip(one.joints, other.joints).allSatisfy { joint, second in
          joint.name == second.name && joint.visibility == second.visibility
            && (joint.visibility == .absent || near(joint.position, second.position))
            && (joint.visibility == .absent || !carries(.jointConfidence)
              || (joint.confidence.map { abs($0 - (second.confidence ?? .nan)) < 1e-6 }
                ?? (second.confidence == nil)))
        }
    case (.mask(let one), .mask(let other)): isNear = one == other
    default: isNear = false
    }
    return isNear ? nil : "expected \(a), read \(b)"
  }
}
