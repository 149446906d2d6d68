import Foundation
import Quality
import Testing
import VideoIO

/// What sees native pixels, against numpy 2.4.6 and ffmpeg 5.1.9.
@Suite struct NativeMetricTests {
  /// A picture, or one with blocks of 8 pixels drawn over it: noise and combing by their formulas in
  /// numpy, blockiness from ffmpeg -f rawvideo -pix_fmt gray ... -vf blockdetect,metadata=print.
  static let oracle: [(Int, Int, Bool, Double, Double, Double?)] = [
    (17, 13, false, 116.672152419, 1.148103, nil),
    (17, 13, true, 7.881953352, 26.388987, nil),
    (64, 48, false, 55.668475717, 1.340305, 1.015625),
    (64, 48, true, 5.070604900, 80.061226, 0.71875),
    (176, 144, false, 65.618444905, 1.142535, 1.15625),
    (176, 144, true, 5.932740784, 84.546829, 0.78125),
    (300, 200, false, 65.568270594, 1.112262, 1.140625),
    (300, 200, true, 6.018010027, 87.290901, 0.78125),
  ]

  @Test("values equal numpy's and ffmpeg's where the picture is seen whole", arguments: oracle)
  func equalsOracle(
    width: Int, height: Int, hasBlocks: Bool, noise: Double, blockiness: Double, combing: Double?
  ) throws {
    var pixels = picture(width, height, seed: 11)
    if hasBlocks {
      for place in pixels.indices {
        let (x, y) = (place % width, place / width)
        let block = (x / 8 * 37 + y / 8 * 59) % 11 * 20
        pixels[place] = UInt8((Int(pixels[place]) / 16 + block) % 256)
      }
    }
    let values = values(
      of: [Quality.Noise.self, Blockiness.self, Combing.self], pixels, width: width)
    #expect(abs(try #require(values[0].number) - noise) < 1e-8)
    // ffmpeg adds up 32-bit floats one by one and prints six decimals.
    #expect(abs(try #require(values[1].number) - blockiness) < 1e-6 * blockiness)
    #expect(values[2] == combing.map { .value($0) } ?? .undefined("too few pixels"))
  }

  @Test("blockiness of a clip equals that of ffmpeg's blockdetect on each frame alone")
  func blockinessOfClip() throws {
    // ffmpeg -i cfr-bframes.mp4 -vf select=eq(n\,N),blockdetect,metadata=print, for N = 0 and 9.
    let rows = try rows(
      of: Fixture.path("cfr-bframes.mp4"), [Blockiness.self], frames: 10)
    #expect(abs(try #require(rows[0][0].number) - 3.498883) < 1e-6 * 3.5)
    #expect(abs(try #require(rows[9][0].number) - 3.251666) < 1e-6 * 3.3)
  }

  @Test("noise is stretched in limited range, the ratios are not")
  func limitedRange() throws {
    let pixels = picture(64, 48, seed: 11)
    let metrics: [any FrameMetric.Type] = [Quality.Noise.self, Blockiness.self, Combing.self]
    let full = values(of: metrics, pixels, width: 64)
    let limited = values(of: metrics, pixels, width: 64, isFullRange: false)
    let noise = try #require(full[0].number)
    #expect(abs(try #require(limited[0].number) - noise * 255 / 219) < 1e-9)
    #expect(full[1...] == limited[1...])
  }

  @Test("what cannot be measured says why")
  func undefined() {
    let metrics: [any FrameMetric.Type] = [Quality.Noise.self, Blockiness.self, Combing.self]
    #expect(
      values(of: metrics, [1, 2, 3, 4], width: 2) == [
        .undefined("too few pixels"), .undefined("no detail"), .undefined("too few pixels"),
      ])
    // ffmpeg 5.1.9 prints lavfi.block=-nan for a flat picture.
    let flat = values(of: [Blockiness.self], [UInt8](repeating: 9, count: 64 * 64), width: 64)
    #expect(flat == [.undefined("no detail")])
  }

  @Test(
    "a sample of a larger picture is close to the whole",
    .enabled(
      if: RealData.has(RealClipTests.pets), "vtest.avi is in the folder that CONTINUITY_DATA names")
  )
  func sample() throws {
    // numpy by the formula, and ffmpeg's blockdetect, over whole frames of 768x576.
    let rows = try rows(
      of: RealData.path(RealClipTests.pets), [Quality.Noise.self, Blockiness.self], frames: 51)
    for (frame, noise, blockiness) in Self.wholeFrames {
      #expect(abs(try #require(rows[frame][0].number) / noise - 1) < 0.05)
      #expect(abs(try #require(rows[frame][1].number) / blockiness - 1) < 0.08)
    }
  }

  @Test("a sample of a frame just too large to be seen whole is close to the whole")
  func smallSample() throws {
    // demo.mp4 has 320x240; ffmpeg 5.1.9's blockdetect on each frame alone.
    let rows = try rows(of: Fixture.path("../demo.mp4"), [Blockiness.self], frames: 121)
    for (frame, whole) in [(0, 3.449506), (40, 3.40383), (120, 3.378607)] {
      #expect(abs(try #require(rows[frame][0].number) / whole - 1) < 0.03)
    }
  }

  static let wholeFrames: [(Int, Double, Double)] = [
    (0, 1.422580876, 4.411479), (10, 1.676725865, 1.441342), (50, 1.663929775, 1.430904),
  ]

  @Test(
    "interlaced video that moves is combed, the same video without fields is not",
    .enabled(
      if: RealData.has(RealClipTests.pets), "vtest.avi is in the folder that CONTINUITY_DATA names")
  )
  func interlaced() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let clip = folder.appending(path: "interlaced.mkv").path
    let ffmpeg = Process()
    ffmpeg.executableURL = URL(filePath: "/usr/bin/env")
    // Two frames become the two fields of one: what a camera with fields would have recorded.
    ffmpeg.arguments = [
      "ffmpeg", "-v", "error", "-i", RealData.path(RealClipTests.pets), "-vf",
      "tinterlace=mode=interleave_top", "-frames:v", "20", "-c:v", "mpeg2video", "-flags",
      "+ilme+ildct", "-q:v", "4", clip,
    ]
    try ffmpeg.run()
    ffmpeg.waitUntilExit()
    try #require(ffmpeg.terminationStatus == 0)
    // idet of ffmpeg 5.1.9 calls all 20 frames interlaced, and none of the first 20 of vtest.avi.
    let combed = try rows(of: clip, [Combing.self], frames: 20)
    #expect(combed.count == 20 && combed.allSatisfy { ($0[0].number ?? 0) > 1.2 })
    let whole = try rows(of: RealData.path(RealClipTests.pets), [Combing.self], frames: 20)
    #expect(whole.count == 20 && whole.allSatisfy { ($0[0].number ?? 2) < 1 })
  }

  @Test(
    "no frame of a soft progressive clip is taken for combed",
    .enabled(
      if: RealData.has("davis-schoolgirls/schoolgirls.mp4"),
      "the clips are in the folder that CONTINUITY_DATA names"))
  func progressive() throws {
    // The highest of the progressive clips at hand; idet of ffmpeg 5.1.9 is undecided on every frame.
    let rows = try rows(
      of: RealData.path("davis-schoolgirls/schoolgirls.mp4"), [Combing.self], frames: 80)
    #expect(rows.allSatisfy { ($0[0].number ?? 2) < 1.1 })
  }
}

/// The committed clips.
enum Fixture {
  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Fixtures/clips/\(name)").standardized.path
  }
}

/// The values of some metrics for one picture.
func values(
  of metrics: [any FrameMetric.Type], _ pixels: [UInt8], width: Int, isFullRange: Bool = true
) -> [MetricValue] {
  var measurement = FrameMeasurement(metrics)
  return measurement.measure(pixels, width: width, index: 0, isFullRange: isFullRange)
}

/// The values of some metrics for the first frames of a clip, a row a frame.
func rows(
  of path: String, _ metrics: [any FrameMetric.Type], frames count: Int
) throws -> [[MetricValue]] {
  var reader = try VideoReader.open(path: path)
  var measurement = FrameMeasurement(metrics)
  var rows: [[MetricValue]] = []
  var row: [MetricValue] = []
  while rows.count < count, let frame = try reader.next() {
    measurement.measure(frame, into: &row)
    rows.append(row)
  }
  return rows
}
