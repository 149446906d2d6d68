import Foundation
import Quality
import Testing
import VideoIO

/// The metrics of camera motion and of hashes, on real frames and on drawn ones.
@Suite struct ShiftTests {
  static let girls = "davis-schoolgirls/schoolgirls.mp4"
  private static let ids = ["shift-x", "shift-y", "shift-response", "dhash-distance"]
  private static let metrics: [any FrameMetric.Type] = [
    ShiftX.self, ShiftY.self, ShiftResponse.self, DHashDistance.self,
  ]

  @Test(
    "values equal numpy's and imagehash's",
    .enabled(if: RealData.has(girls), "schoolgirls.mp4 is in the folder that CONTINUITY_DATA names")
  )
  func equalsOracle() throws {
    // Luma of ffmpeg 5.1 -vf extractplanes=y, 432x240. Shifts and responses: see shift-x, with
    // cv2.resize to 128x64 and fft2 (OpenCV 4.14.0, numpy 2.4.6). Hashes: imagehash 4.3.2 over
    // Pillow 12.0.0 of cv2.resize to 216x120, INTER_AREA. OpenCV rounds halves to even, so a level
    // may differ by 1, and with it a bit of a flat part; none does here.
    let expected: [(Int, [Double])] = [
      (1, [0.001064, 0.000035, 0.936252, 0]), (2, [0.001348, -0.000066, 0.939151, 1]),
      (20, [0.002297, 0.000168, 0.855211, 1]), (45, [0.002171, -0.000036, 0.803854, 1]),
      (79, [-0.002467, -0.000246, 0.783839, 2]),
    ]
    let facts = try RealData.facts(of: Self.girls)
    for (frame, numbers) in expected {
      for (id, number) in zip(Self.ids, numbers) {
        let measured = try #require(facts.metrics[id]?[frame].number)
        #expect(abs(measured - number) <= (id == "shift-response" ? 2e-4 : 2e-5), "\(id) \(frame)")
      }
    }
  }

  @Test("the first frame has no shift and no distance; nor has a frame of another size")
  func undefined() {
    var measurement = FrameMeasurement(Self.metrics)
    let texture = Texture(width: 160, height: 120, seed: 3)
    func measure(_ x: Int, width: Int, index: Int) -> [MetricValue] {
      measurement.measure(
        texture.window(x: x, y: 5, width: width, height: 60), width: width, index: index)
    }
    #expect(
      measure(20, width: 80, index: 0) == Array(repeating: .undefined("first frame"), count: 4))
    #expect(
      measure(20, width: 96, index: 1)
        == Array(repeating: .undefined("the frame size changed"), count: 4))
    let values = measure(17, width: 96, index: 2).map { $0.number ?? .nan }
    #expect(abs(values[0] - 3.0 / 60) < 0.1 * 96 / 128 / 60)
    #expect(abs(values[1]) < 0.1 / 64)
  }

  @Test("a working picture moves by the same share as the frame")
  func workingPicture() throws {
    // 720 lines are measured on 270.
    var measurement = FrameMeasurement(Self.metrics)
    let texture = Texture(width: 1040, height: 760, seed: 9)
    _ = measurement.measure(
      texture.window(x: 30, y: 20, width: 960, height: 720), width: 960, index: 0)
    let values = measurement.measure(
      texture.window(x: 12, y: 29, width: 960, height: 720), width: 960, index: 1)
    let numbers = try values.map { try #require($0.number) }
    #expect(abs(numbers[0] - 18.0 / 720) < 0.1 * 960 / 128 / 720)
    #expect(abs(numbers[1] + 9.0 / 720) < 0.1 / 64)
    #expect(numbers[2] > 0.5)
  }

  @Test("hashes are told apart by the number of different bits, and printed in 16 digits")
  func hashes() {
    #expect(FrameHashes.distance(0b1011, 0b0110) == 3)
    #expect(FrameHashes.distance(0, .max) == 64)
    #expect(FrameHashes.text(0x0ba5_4a8b_92cd_69a6) == "0ba54a8b92cd69a6")
    #expect(FrameHashes.text(0) == "0000000000000000")
  }

  @Test("a working picture above 135 lines is halved before it is hashed, a smaller one is not")
  func halvedForHashes() throws {
    func hashes(_ side: Int) throws -> FrameHashes {
      var (hashes, values): (FrameHashes?, [MetricValue]) = (nil, [])
      var measurement = FrameMeasurement([DHashDistance.self])
      let pixels = picture(side * 2, side, seed: 11)
      LumaPlane.withPlane(of: pixels, width: side * 2, height: side) { luma in
        measurement.measure(luma, ChromaPlanes(), index: 0, into: &values) { hashes = $0.hashes }
      }
      return try #require(hashes)
    }
    // imagehash 4.3.2 over Pillow 12.0.0, of `picture` and of 2x2 means of it, rounded half up.
    #expect(try FrameHashes.text(hashes(134).dhash) == "a49c3656adc4da8c")
    #expect(try FrameHashes.text(hashes(134).phash) == "965cf202aeedcc58")
    #expect(try FrameHashes.text(hashes(136).dhash) == "a49c3455a9c4ca4d")
    #expect(try FrameHashes.text(hashes(136).phash) == "865cf203aeedcc58")
  }
}
