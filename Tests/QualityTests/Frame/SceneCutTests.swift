import Quality
import Testing
import Timeline

@Suite struct SceneCutTests {
  private static func flat(_ levels: [UInt8]) -> [[UInt8]] {
    levels.map { [UInt8](repeating: $0, count: 64) }
  }

  @Test("the score is the smaller of difference and change of difference")
  func score() {
    // By hand, after ffmpeg 5.1's scdet: d = 100 * step / 256 for steps 64, 64, 128, 0.
    let scores = values(
      of: SceneCut.self, over: Self.flat([0, 64, 128, 0, 0]), width: 8)
    #expect(scores == [.undefined("first frame"), .value(25), .value(0), .value(25), .value(0)])
  }

  @Test("scores above ten are cuts, never the first frame")
  func threshold() {
    #expect(SceneCut.cuts(in: [.value(50), .value(10), .value(10.1), .value(0)]) == [2])
  }

  /// The cuts of flat frames drawn as letters: each letter is a brightness.
  private func cuts(_ drawing: String) -> [FrameIndex] {
    let levels: [Character: UInt8] = [".": 16, "a": 90, "b": 140, "X": 235]
    let pictures = Self.flat(drawing.map { levels[$0] ?? 0 })
    var measurement = FrameMeasurement([SceneCut.self, LumaMean.self, RMSContrast.self])
    let rows = pictures.enumerated().map { measurement.measure($1, width: 8, index: $0) }
    let ids = ["scene-cut", "luma-mean", "rms-contrast"]
    let metrics = ids.indices.map { column in (ids[column], rows.map { $0[column] }) }
    return VideoFacts(
      name: "drawn", frames: FrameTable(nominalCount: rows.count, rate: 25),
      metrics: Dictionary(uniqueKeysWithValues: metrics)
    ).cuts
  }

  @Test(
    "flashes are no cuts, new shots are",
    arguments: [
      ("aaaaaaaabbbbbbbb", [8]),
      ("aaaaaaaaXaaaaaaa", []),
      ("aaaaaaaaXXXaaaaa", []),
      ("aaaaaaaa...aaaaa", []),
      ("aaaaXaaaaaXaaaaa", []),
      ("aaaaaaXXXXXXXXaaaaa", [6, 14]),
      ("........aaaaaaaa", [8]),
      ("aaaa........bbbb", [4, 12]),
      ("aaaaaaaaXXbbbbbbbb", [8, 10]),
    ])
  func flashes(drawing: String, expected: [FrameIndex]) {
    #expect(cuts(drawing) == expected)
  }

  @Test(
    "a step of the exposure is no cut, a change of the picture is",
    arguments: [(40.0, 3.0, []), (25, 3, [4]), (40, 30, [4])] as [(Double, Double, [FrameIndex])])
  func exposure(change: Double, changedBits: Double, expected: [FrameIndex]) {
    // The mean steps by `change` of the 40 levels that a pixel changes by.
    let video = ColumnVideo([
      "scene-cut": [nil, 0, 0, 0, 15, 0, 0, 0, 0],
      "luma-mean": (0..<9).map { $0 < 4 ? 50 : 50 + change },
      "rms-contrast": Array(repeating: 0.3, count: 9),
      "frame-difference": [nil, 1, 1, 1, 40, 1, 1, 1, 1],
      "dhash-distance": [nil, 0, 0, 0, changedBits, 0, 0, 0, 0],
    ])
    #expect(VideoFacts(name: "", frames: video.frames, metrics: video.columns).cuts == expected)
  }
}
