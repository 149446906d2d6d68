import Annotations
import Foundation
import Timeline

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Generates labels that use everything the model has: all shapes, gaps, absences, scores, ranges.
struct SampleLabels {
  static let (width, height) = (640, 480)
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(state: seed) }

  /// Labels of one video with `trackCount` objects of these kinds over `frameCount` frames.
  mutating func video(
    kinds: [Shape.Kind] = Shape.Kind.allCases, trackCount: Int = 6, frameCount: Int = 24,
    name: String = "clip.mp4"
  ) -> VideoAnnotations {
    let joints = ["nose", "tail", "left ear", "right ear"]
    let names = ["person", "car", "fly, small \"one\"", "größe"]
    var video = VideoAnnotations(
      name: name, width: Self.width, height: Self.height, frameCount: frameCount, frameRate: 25,
      ontology: Ontology(
        categories: names.enumerated().map { place, name in
          Ontology.Category(
            name: name, sourceID: String(place + 1), joints: joints,
            edges: [Ontology.Edge(0, 1), Ontology.Edge(0, 2), Ontology.Edge(0, 3)])
        } + [Ontology.Category(name: "never used", sourceID: "9")]))
    for place in 0..<trackCount {
      let kind = kinds[place % kinds.count]
      video.tracks.append(
        track(
          id: place == 0 ? "7" : String(place + 10), className: names[place % names.count],
          kind: kind, joints: joints, frameCount: frameCount))
    }
    video.tracks.append(
      Track(
        id: "#1", className: "car", isTracked: false,
        instances: [instance(3, kinds[0], joints: joints)]))
    video.ranges = [
      RangeLabel(range: FrameRange(2, 9), name: "running"),
      RangeLabel(range: FrameRange(5, 6), name: "weather", value: "rain", origin: .human),
    ]
    for frame in 0..<frameCount { video.imageNames[frame] = "clip_\(100 + frame).jpg" }
    return video
  }

  private mutating func track(
    id: String, className: String, kind: Shape.Kind, joints: [String], frameCount: Int
  ) -> Track {
    let start = Int.random(in: 0..<frameCount / 3, using: &random)
    let end = Int.random(in: 2 * frameCount / 3..<frameCount, using: &random)
    let gap = Int.random(in: start + 1..<end, using: &random)
    let frames = (start..<end).filter { $0 != gap }
    let group = Bool.random(using: &random)
    return Track(
      id: id, className: className, instances: frames.map { instance($0, kind, joints: joints) },
      absences: Bool.random(using: &random) ? [FrameRange(gap, gap + 1)] : [],
      attributes: group ? [ReservedAttribute.group: "3", "colour": "red & <blue>"] : [:])
  }

  private mutating func instance(_ frame: Int, _ kind: Shape.Kind, joints: [String]) -> Instance {
    let visibilities: [Visibility] = [.unknown, .visible, .occluded, .ratio(0.25)]
    var attributes: [String: String] = [:]
    if Bool.random(using: &random) { attributes["pose"] = "standing" }
    if Int.random(in: 0..<8, using: &random) == 0 { attributes[ReservedAttribute.zOrder] = "2" }
    return Instance(
      frame: frame, shape: shape(kind, joints: joints),
      isKeyFrame: frame % 4 == 0, origin: frame % 4 == 0 ? .human : .interpolated,
      confidence: Bool.random(using: &random)
        ? (Double.random(in: 0...1, using: &random) * 100).rounded() / 100 : nil,
      visibility: visibilities[Int.random(in: 0..<4, using: &random)], attributes: attributes)
  }

  // Two decimals and within the picture, so that most formats can write it exactly.
  private mutating func number(_ range: ClosedRange<Double>) -> Double {
    (Double.random(in: range, using: &random) * 100).rounded() / 100
  }

  private mutating func point(around center: Point, by distance: Double) -> Point {
    Point(
      number(center.x - distance...center.x + distance),
      number(center.y - distance...center.y + distance))
  }

  private mutating func shape(_ kind: Shape.Kind, joints: [String]) -> Shape {
    let center = Point(number(100...540), number(100...380))
    let (w, h) = (number(10...90), number(10...90))
    let angle = Double.random(in: -1.5...1.5, using: &random)
    switch kind {
    case .box: return .box(Box(left: center.x, top: center.y, width: w, height: h))
    case .rotatedBox:
      return .rotatedBox(RotatedBox(center: center, width: w, height: h, angle: angle))
    case .ellipse:
      return .ellipse(Ellipse(center: center, radiusX: w, radiusY: h, angle: angle))
    case .polygon: return .polygon(polygon(center, w, h))
    case .polyline: return .polyline((0..<4).map { _ in point(around: center, by: 40) })
    case .points: return .points((0..<3).map { _ in point(around: center, by: 40) })
    case .cuboid:
      let front = [(0.0, 0.0), (w, 0), (w, h), (0, h)]
      return .cuboid(
        (front + front.map { ($0.0 + 8, $0.1 - 6) }).map { Point(center.x + $0.0, center.y + $0.1) }
      )
    case .skeleton:
      return .skeleton(
        Skeleton(
          joints: joints.enumerated().map { place, name in
            let visibility = Joint.Visibility(
              rawValue: place == 0 ? 2 : Int.random(in: 0...2, using: &random))
            return Joint(
              name: name, position: point(around: center, by: 40),
              visibility: visibility ?? .visible,
              confidence: Bool.random(using: &random) ? number(0...1) : nil)
          }))
    case .mask: return .mask(mask(left: Int(center.x), top: Int(center.y)))
    }
  }

  /// A triangle or square with a hole at times, and a second part at times.
  private mutating func polygon(_ center: Point, _ w: Double, _ h: Double) -> Polygon {
    func square(_ x: Double, _ y: Double, _ side: Double) -> [Point] {
      [Point(x, y), Point(x + side, y), Point(x + side, y + side), Point(x, y + side)]
    }
    let outer = [center, Point(center.x + w, center.y + 3), Point(center.x + w / 2, center.y + h)]
      .map { Point(($0.x * 100).rounded() / 100, ($0.y * 100).rounded() / 100) }
    switch Int.random(in: 0..<3, using: &random) {
    case 0: return Polygon(outer)
    case 1:
      return Polygon(parts: [
        Polygon.Part(
          outer: square(center.x, center.y, 40), holes: [square(center.x + 10, center.y + 10, 8)])
      ])
    default:
      return Polygon(parts: [
        Polygon.Part(outer: square(center.x, center.y, 30)),
        Polygon.Part(outer: square(center.x - 60, center.y, 12)),
      ])
    }
  }

  /// A mask with random runs whose crop is as small as can be.
  private mutating func mask(left: Int, top: Int) -> Mask {
    let (width, height) = (9, 7)
    var pixels = (0..<width * height).map { _ in Bool.random(using: &random) }
    for place in [0, width * height - 1] { pixels[place] = true }
    pixels[width - 1] = true
    var runs: [Int32] = []
    var (isSet, length) = (false, Int32(0))
    for pixel in pixels {
      if pixel != isSet {
        runs.append(length)
        (isSet, length) = (pixel, 0)
      }
      length += 1
    }
    runs.append(length)
    guard let mask = Mask(left: left, top: top, width: width, height: height, runs: runs) else {
      preconditionFailure("The runs fill the crop.")
    }
    return mask
  }
}
