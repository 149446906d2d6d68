import Quality
import Testing
import Timeline

/// Drawn timelines: `X` is a black frame, `c` black with a burned-in clock, `d` a dark scene.
@Suite struct BlackFramesTests {
  private func findings(_ drawing: String, rate: Double = 25) -> [Finding] {
    let shares: [Character: Double] = ["X": 1, "c": 0.985, "e": 0.975, "d": 0.96]
    var values: [MetricValue] = []
    var cuts: [FrameIndex] = []
    for mark in drawing {
      if mark == "|" { cuts.append(values.count) } else { values.append(.value(shares[mark] ?? 0)) }
    }
    let video = VideoFacts(
      name: "drawn", frames: FrameTable(nominalCount: values.count, rate: rate),
      metrics: ["black-share": values], cuts: cuts)
    return BlackFrames.findings(
      in: RuleInput(video: video), settings: RuleSettings(BlackFrames.info))
  }

  @Test(
    "black ranges",
    arguments: [
      ("....XXXX....", ["4..<8"]),
      ("....X.......", ["4..<5"]),
      ("..ccccX.....", ["2..<7"]),
      ("dddddddddddd", []),
      ("..eeXXeed...", ["4..<8"]),
      ("XX..XX......", ["0..<6"]),
      ("XX.....XX...", ["0..<2", "7..<9"]),
      ("..XXX|XXX...", ["2..<5", "5..<8"]),
      ("............", []),
    ])
  func ranges(drawing: String, expected: [String]) {
    #expect(findings(drawing).map { $0.range.description } == expected)
  }

  @Test("the reason has the length and the share")
  func reason() {
    #expect(
      findings("....XXccXX..").map { $0.reason } == [
        "6 frames (0.24 s) are black: 99.5 % of the pixels"
      ])
    #expect(
      findings("....X.......").map { $0.reason } == [
        "1 frame (0.04 s) is black: 100.0 % of the pixels"
      ])
  }

  @Test("a black frame with a burned-in clock is still dark")
  func burnedInClock() {
    // Acceptance case 32: white digits cover 100 x 18 of 640 x 360 pixels, in limited range.
    var pixels = [UInt8](repeating: 17, count: 640 * 360)
    for y in 330..<348 { for x in 20..<120 { pixels[y * 640 + x] = 235 } }
    let shares = values(of: BlackShare.self, over: [pixels], width: 640, isFullRange: false)
    let video = VideoFacts(
      name: "clock", frames: FrameTable(nominalCount: 1, rate: 25),
      metrics: ["black-share": shares])
    let found = BlackFrames.findings(
      in: RuleInput(video: video), settings: RuleSettings(BlackFrames.info))
    #expect(found.map { $0.range } == [FrameRange(0, 1)])
  }

  @Test("in a video that is dark by nature a black frame is darker than the others")
  func darkByNature() {
    // Infrared light: 98 % of the pixels count as black, and the mean level is 11.
    let shares = [Double?](repeating: 0.985, count: 12)
    let steady = ColumnVideo(["black-share": shares, "luma-mean": levels(Self.dark, times: 11)])
    #expect(steady.ranges(of: BlackFrames.self) == [])
    let lost = ColumnVideo(["black-share": shares, "luma-mean": levels(Self.lost, times: 11)])
    #expect(lost.ranges(of: BlackFrames.self) == ["4..<6"])
    let black = ColumnVideo(["black-share": shares, "luma-mean": levels(Self.dark, times: 2)])
    #expect(black.ranges(of: BlackFrames.self) == ["0..<12"])
  }

  private static let dark = "111111111111"
  private static let lost = "111100111111"

  @Test("no finding where nothing was measured")
  func nothingMeasured() {
    let video = VideoFacts(name: "none", frames: FrameTable(nominalCount: 9, rate: 25))
    let found = BlackFrames.findings(
      in: RuleInput(video: video), settings: RuleSettings(BlackFrames.info))
    #expect(found.isEmpty)
  }
}
