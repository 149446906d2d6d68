import Quality
import Testing
import Timeline

/// What the rules on pixels find in real clips; the folder is named by CONTINUITY_DATA.
@Suite struct RealFramesTests {
  static let girls = "davis-schoolgirls/schoolgirls.mp4"
  static let trailer = "video-oddities/Megamind.avi"

  private func findings(_ clip: String) throws -> [String] {
    var facts = try RealData.facts(of: clip)
    let series = SeriesInput(columns: facts.metrics, frames: facts.frames, cuts: facts.cuts)
    for metric in SeriesMetrics.all {
      facts.metrics[metric.info.id] = MetricColumn(metric.values(of: series))
    }
    return PixelRuleTests.ids.compactMap { Rules.named($0) }.flatMap { rule in
      rule.findings(in: RuleInput(video: facts), settings: RuleSettings(rule.info))
    }.map { "\($0.rule) \($0.range)" }
  }

  @Test(
    "two people who walk past a following camera raise nothing",
    .enabled(if: RealData.has(girls), "the clip is in the folder that CONTINUITY_DATA names"))
  func people() throws {
    #expect(try findings(Self.girls).isEmpty)
  }

  @Test(
    "a film trailer has a black frame and four cuts",
    .enabled(if: RealData.has(trailer), "the clip is in the folder that CONTINUITY_DATA names"))
  func film() throws {
    // ffmpeg 5.1 -vf scdet=t=10: lavfi.scd.time at the frames 1, 98, 154 and 200; frame 0 is black.
    #expect(
      try findings(Self.trailer) == [
        "scene-cut 1..<2", "scene-cut 98..<99", "scene-cut 154..<155", "scene-cut 200..<201",
        "black-frames 0..<1",
      ])
  }
}
