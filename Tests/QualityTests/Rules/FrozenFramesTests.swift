import Quality
import Testing
import Timeline

/// Drawn timelines: a letter is a picture, `|` a cut before the next frame.
@Suite struct FrozenFramesTests {
  private func findings(_ drawing: String, rate: Double = 25) -> [Finding] {
    var pictures: [Character] = []
    var cuts: [FrameIndex] = []
    for mark in drawing {
      if mark == "|" { cuts.append(pictures.count) } else { pictures.append(mark) }
    }
    var count = 0
    let values: [MetricValue] = pictures.indices.map { frame in
      if frame == 0 { return .undefined("first frame") }
      count = pictures[frame] == pictures[frame - 1] ? count + 1 : 0
      return .value(Double(count))
    }
    let video = VideoFacts(
      name: "drawn", frames: FrameTable(nominalCount: values.count, rate: rate),
      metrics: ["frozen": values], cuts: cuts)
    return FrozenFrames.findings(
      in: RuleInput(video: video), settings: RuleSettings(FrozenFrames.info))
  }

  @Test(
    "frozen ranges",
    arguments: [
      ("abcdddddddddefgh", ["4..<12"]),
      ("abcdddefgggghijk", []),
      ("aabbccddeeffgghh", []),
      ("aaaaaaaabbbbbbbb", ["1..<8", "9..<16"]),
      ("aaaaaaaa|aaaaaaaa", ["1..<8", "8..<16"]),
      ("abcdefghijklmnop", []),
    ])
  func ranges(drawing: String, expected: [String]) {
    #expect(findings(drawing).map { $0.range.description } == expected)
  }

  @Test("a black stretch is left to the rule for black frames")
  func black() {
    let values = (0..<20).map { MetricValue.value(Double($0)) }
    let video = VideoFacts(
      name: "drawn", frames: FrameTable(nominalCount: 20, rate: 25),
      metrics: ["frozen": values, "black-share": Array(repeating: .value(1), count: 20)])
    let findings = FrozenFrames.findings(
      in: RuleInput(video: video), settings: RuleSettings(FrozenFrames.info))
    #expect(findings.map(\.level) == [.note])
    #expect(findings.map(\.cause) == [.frameQuality])
  }

  @Test("the reason has the length and the picture, a longer freeze is surer")
  func reasonAndScore() {
    let short = findings("abcddddddddddefg")
    let long = findings("ab" + String(repeating: "c", count: 60))
    #expect(short.map { $0.reason } == ["9 frames (0.36 s) repeat the picture of frame 3"])
    #expect(short[0].score < long[0].score && long[0].score < 1)
  }
}
