import Annotations
import Foundation
import Quality
import Testing
import Timeline
import VideoIO

/// Blobs that the test draws, with labels that it shifts by a known number of frames.
@Suite struct LabelPixelsTests {
  private static let (width, height, frames) = (160, 120, 300)

  /// Where the blob of a lane is in a frame: it swings with two speeds at once.
  private static func box(_ lane: Int, _ frame: Int) -> Box {
    let (t, phase) = (Double(frame), Double(lane))
    let x = 66 + 36 * sin(2 * .pi * t / 61 + phase) + 24 * sin(2 * .pi * t / 37 + 2 * phase)
    return Box(left: x.rounded(), top: 6 + 28 * phase, width: 16, height: 22)
  }

  /// A still background of noise and four blobs of other noise, which rest where `isMoving` is false.
  private static func picture(_ frame: Int, isMoving: Bool = true) -> [UInt8] {
    func level(_ x: Int, _ y: Int, _ seed: Int) -> UInt8 {
      UInt8((x * 7919 + y * 104_729 + (x * y) * 31 + seed * 4241) % 97 + seed)
    }
    var pixels = [UInt8](repeating: 0, count: width * height)
    for y in 0..<height {
      for x in 0..<width { pixels[y * width + x] = level(x, y, 20) }
    }
    for lane in 0..<4 {
      let box = box(lane, isMoving ? frame : 0)
      for y in 0..<Int(box.height) {
        for x in 0..<Int(box.width) where 0..<width ~= Int(box.left) + x {
          pixels[(Int(box.top) + y) * width + Int(box.left) + x] = level(x, y, 120 + lane)
        }
      }
    }
    return pixels
  }

  private static func labels(
    shift: Int, isMoving: Bool = true, scale: Double = 1, isTracked: Bool = true
  ) -> VideoAnnotations {
    VideoAnnotations(
      tracks: (0..<4).map { lane in
        Track(
          id: "\(lane)", isTracked: isTracked,
          instances: (0..<frames).filter { 0..<frames ~= $0 + shift }.map { frame in
            var box = box(lane, isMoving ? frame : 0)
            box.left *= scale
            box.top *= scale
            box.width *= scale
            box.height *= scale
            return Instance(frame: frame + shift, shape: .box(box))
          })
      })
  }

  private static func evidence(
    _ sources: [VideoAnnotations], scale: Int = 1, pictures: (Int) -> [UInt8] = { picture($0) }
  ) -> [OffsetEvidence] {
    var pixels = LabelPixels(sources, width: width * scale, height: height * scale)
    for frame in 0..<frames {
      let picture = pictures(frame)
      pixels.measure(picture.span, width: width, height: height)
    }
    return pixels.evidence()
  }

  @Test func `Known shifts are found, and none where there is none`() {
    let shifts = Array(-4...4)
    let found = Self.evidence(shifts.map { Self.labels(shift: $0) })
    #expect(found.map(\.offset) == shifts.map(Optional.some))
  }

  @Test func `Labels of a larger video are scaled to the picture`() {
    #expect(Self.evidence([Self.labels(shift: 2, scale: 3)], scale: 3).map(\.offset) == [2])
  }

  @Test func `Shifts out of reach, blobs at rest and lone detections tell nothing`() {
    let found = Self.evidence([
      Self.labels(shift: 20), Self.labels(shift: 2, isTracked: false), VideoAnnotations(),
    ])
    #expect(found.map(\.offset) == [nil, nil, nil])
    let still = Self.evidence([Self.labels(shift: 2, isMoving: false)]) {
      Self.picture($0, isMoving: false)
    }
    #expect(still == [OffsetEvidence(byPlace: nil, bySpeed: nil, correlation: 0)])
  }

  @Test func `The same input gives the same evidence`() {
    let sources = [Self.labels(shift: 1), Self.labels(shift: -3)]
    #expect(Self.evidence(sources) == Self.evidence(sources))
  }

  @Test func `Very many labels are asked in part, with the same answer`() {
    var many = Self.labels(shift: -2)
    // 24 copies of four tracks are 28,608 labels, and no more than 20,000 are asked.
    many.tracks = (0..<24).flatMap { copy in
      many.tracks.map { track in
        Track(id: "\(copy)-\(track.id)", instances: track.instances)
      }
    }
    #expect(Self.evidence([many]).map(\.offset) == [-2])
  }

  @Test func `A change of size in the middle costs only the frames around it`() {
    var pixels = LabelPixels([Self.labels(shift: 2)], width: Self.width, height: Self.height)
    for frame in 0..<Self.frames {
      let picture = Self.picture(frame)
      guard frame < 50 else {
        pixels.measure(picture.span, width: Self.width, height: Self.height)
        continue
      }
      let half = (0..<Self.height / 2).flatMap { y in
        (0..<Self.width / 2).map { picture[2 * y * Self.width + 2 * $0] }
      }
      pixels.measure(half.span, width: Self.width / 2, height: Self.height / 2)
    }
    #expect(pixels.evidence().map(\.offset) == [2])
  }
}

/// What is concluded from two estimates; cases at and beyond every limit of the rule's page.
@Suite struct OffsetEvidenceTests {
  @Test(
    arguments: [
      (2.1, 0.05, 1.8, 0.3, 0.4, 2),
      (-2.9, 0.1, -3.2, 0.2, 0.3, -3),
      (0.1, 0.05, -0.2, 0.2, 0.5, 0),
      (2.1, 0.36, 1.8, 0.3, 0.4, nil),
      (2.1, 0.05, 1.8, 0.36, 0.4, nil),
      (2.1, 0.05, 1.8, 0.3, 0.29, nil),
      (2.3, 0.05, 1.54, 0.3, 0.4, nil),
      (1.6, 0.05, 1.4, 0.05, 0.4, nil),
      (0.53, 0.34, 0.54, 0.2, 0.9, nil),
    ] as [(Double, Double, Double, Double, Double, Int?)])
  func `Only sure and agreeing estimates count`(
    place: Double, placeDeviation: Double, speed: Double, speedDeviation: Double,
    correlation: Double, offset: Int?
  ) {
    let evidence = OffsetEvidence(
      byPlace: .init(shift: place, deviation: placeDeviation),
      bySpeed: .init(shift: speed, deviation: speedDeviation), correlation: correlation)
    #expect(evidence.offset == offset)
  }

  private func findings(
    _ shift: Double, outside: [Int] = [], of rule: any Rule.Type, running: Set<String>? = nil
  ) -> [Finding] {
    let track = Track(
      id: "1",
      instances: (Array(10..<90) + outside).map {
        Instance(frame: $0, shape: .box(Box(left: 0, top: 0, width: 9, height: 9)))
      })
    let frames = FrameTable(nominalCount: 100, rate: 25)
    let source = SourceFacts(
      name: "labels", kind: .labels, annotations: VideoAnnotations(tracks: [track]),
      frames: frames.frames,
      offsetEvidence: OffsetEvidence(
        byPlace: .init(shift: shift, deviation: 0.05),
        bySpeed: .init(shift: shift, deviation: 0.125), correlation: 0.5))
    let input = RuleInput(
      video: VideoFacts(name: "v", frames: frames), source: source, runningRules: running)
    return rule.findings(in: input, settings: RuleSettings(rule.info))
  }

  @Test func `The finding says which way, how sure, and what to do`() {
    let late = findings(2.04, of: LabelOffset.self)
    #expect(
      late.map(\.reason) == [
        "the labels lag by 2 frames (2.04 ± 0.05 by place, 2.04 ± 0.13 by speed); take 2 from every"
          + " frame number"
      ])
    #expect(late.map(\.range) == [FrameRange(10, 90)])
    #expect(late.map(\.score) == [0.875])
    #expect(
      findings(-1, of: LabelOffset.self).first?.reason.hasPrefix("the labels lead by 1 frame (")
        == true)
    #expect(findings(0, of: LabelOffset.self).isEmpty)
  }

  @Test func `Labels that the shift puts outside are not reported twice`() {
    #expect(findings(2, outside: [101], of: LabelOutOfRange.self).isEmpty)
    #expect(findings(2, outside: [102], of: LabelOutOfRange.self).count == 1)
    #expect(findings(-2, outside: [101], of: LabelOutOfRange.self).count == 1)
    #expect(
      findings(2, outside: [101], of: LabelOutOfRange.self, running: ["label-out-of-range"]).count
        == 1)
  }
}

/// Labels of real video, shifted by the test; not found is allowed, wrongly found is not.
@Suite(.enabled(if: RealData.has(""), "needs CONTINUITY_DATA"))
struct RealOffsetTests {
  private static let shifts = Array(-3...3)

  /// The offsets found when the labels are shifted by each of ``shifts``.
  private static func offsets(of tracks: [Track], on video: String) throws -> [Int?] {
    var reader = try VideoReader.open(path: video)
    let count = reader.info.headerFrameCount ?? .max
    let sources = shifts.map { shift in
      VideoAnnotations(
        tracks: tracks.map { track in
          Track(
            id: track.id,
            instances: track.instances.compactMap { instance in
              var moved = instance
              moved.frame += shift
              return 0..<count ~= moved.frame ? moved : nil
            })
        })
    }
    var pixels = LabelPixels(sources, width: reader.info.width, height: reader.info.height)
    var measurement = FrameMeasurement([])
    var values: [MetricValue] = []
    while let frame = try reader.next() {
      measurement.measure(frame, into: &values) { pass in pixels.measure(pass) }
    }
    return pixels.evidence().map(\.offset)
  }

  private static func motTracks(_ path: String) throws -> [Track] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var instances: [Int: [Instance]] = [:]
    for row in text.split(whereSeparator: \.isNewline) {
      let values = row.split(separator: ",").compactMap { Double($0) }
      let box = Box(left: values[2], top: values[3], width: values[4], height: values[5])
      instances[Int(values[1]), default: []]
        .append(Instance(frame: Int(values[0]) - 1, shape: .box(box)))
    }
    return instances.sorted { $0.key < $1.key }.map { Track(id: "\($0.key)", instances: $0.value) }
  }

  @Test func `Every shift of the people of PETS is found`() throws {
    let tracks = try Self.motTracks(RealData.path("pets09-s2l1/derived/gt.mot.txt"))
    let found = try Self.offsets(of: tracks, on: RealData.path("pets09-s2l1/vtest.avi"))
    #expect(found == Self.shifts.map(Optional.some))
  }

  @Test func `Eighty frames of DAVIS and two flies at rest do not tell`() throws {
    let flies = try Self.motTracks(RealData.path("sleap-flies-clip/derived/hulls.mot.txt"))
    let found = try Self.offsets(of: flies, on: RealData.path("sleap-flies-clip/clip.mp4"))
    #expect(zip(found, Self.shifts).allSatisfy { $0 == nil || $0 == $1 })
    let girls = try Self.masks(RealData.path("davis-schoolgirls/masks"))
    #expect(girls.count == 7)
    let few = try Self.offsets(
      of: girls, on: RealData.path("davis-schoolgirls/schoolgirls.mp4"))
    #expect(few.allSatisfy { $0 == nil })
  }

  /// The boxes of palette masks: one track a colour other than the background's.
  private static func masks(_ folder: String) throws -> [Track] {
    var reader = try VideoReader.open(path: folder)
    var edges: [UInt8: [Int: (x: ClosedRange<Int>, y: ClosedRange<Int>)]] = [:]
    while let frame = try reader.next() {
      let index = frame.index
      frame.withLuma { luma in
        let background = luma.withRow(0) { $0[0] }
        for y in 0..<luma.height {
          luma.withRow(y) { row in
            for x in 0..<row.count where row[x] != background {
              let old = edges[row[x]]?[index] ?? (x...x, y...y)
              edges[row[x], default: [:]][index] = (
                min(old.x.lowerBound, x)...max(old.x.upperBound, x), old.y.lowerBound...y
              )
            }
          }
        }
      }
    }
    return edges.sorted { $0.key < $1.key }.map { color, frames in
      Track(
        id: "\(color)",
        instances: frames.map { frame, edge in
          Instance(
            frame: frame,
            shape: .box(
              Box(
                left: Double(edge.x.lowerBound), top: Double(edge.y.lowerBound),
                width: Double(edge.x.count), height: Double(edge.y.count))))
        })
    }
  }
}
