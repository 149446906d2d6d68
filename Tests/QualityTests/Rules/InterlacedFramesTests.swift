import Quality
import Testing
import Timeline

/// Drawn combing: a digit times 0.25 is the value, so that 6 is combed.
@Suite struct InterlacedFramesTests {
  private func findings(_ drawing: String, cuts: [Int] = []) -> [Finding] {
    ColumnVideo(["combing": levels(drawing, times: 0.25)], rate: 10, cuts: cuts)
      .findings(of: InterlacedFrames.self)
  }

  @Test(
    "interlaced stretches",
    arguments: [
      ("33337873378733333", ["4..<12"]),
      ("33337333333333333", []),
      ("33333344444333333", []),
      ("", []),
    ])
  func ranges(drawing: String, expected: [String]) {
    #expect(findings(drawing).map { $0.range.description } == expected)
  }

  @Test("the dither of a GIF is no interlacing")
  func gif() {
    let combed = [MetricValue](repeating: .value(1.8), count: 20)
    var video = VideoFacts(
      name: "a.gif", frames: FrameTable(nominalCount: 20, rate: 10), metrics: ["combing": combed])
    let settings = RuleSettings(InterlacedFrames.info)
    #expect(InterlacedFrames.findings(in: RuleInput(video: video), settings: settings).count == 1)
    video.codec = "gif"
    #expect(InterlacedFrames.findings(in: RuleInput(video: video), settings: settings).isEmpty)
  }

  @Test("stretches more than two seconds apart are two")
  func apart() {
    let still = String(repeating: "3", count: 60)
    let found = findings(still + "77" + still.prefix(25) + "77" + still)
    #expect(found.map { $0.range.description } == ["60..<62", "87..<89"])
  }

  @Test("where most of the video is interlaced it is one finding over all of it")
  func whole() {
    let found = findings("777777777733777777773377", cuts: [8, 16])
    #expect(found.map { $0.range.description } == ["0..<24"])
    #expect(
      found.map(\.reason) == [
        "24 frames (2.4 s) show two moments in alternate lines: 20 of them are combed"
      ])
  }

  @Test("flat pictures have no value and end nothing")
  func flat() {
    #expect(findings("337?73333").map { $0.range.description } == ["2..<5"])
  }
}
