import Quality
import Testing
import Timeline

@Suite struct PixelRuleTests {
  static let ids = [
    "scene-cut", "black-frames", "dark-frames", "bright-frames", "blurred-frames",
    "exposure-jump", "brightness-flicker", "frozen-frames", "duplicate-frames",
    "interlaced-frames",
  ]

  @Test("the rules on pixels are in the catalog and ask for metrics that exist", arguments: ids)
  func catalog(id: String) throws {
    let rule = try #require(Rules.named(id))
    #expect(rule.info.scope == .video)
    for metric in rule.info.frameMetrics {
      #expect(
        FrameMetrics.named(metric) != nil || SeriesMetrics.named(metric) != nil, "\(metric)")
    }
    #expect(rule.info.frameMetrics.contains("scene-cut"))
  }

  @Test("without measured frames no rule on pixels finds anything", arguments: ids)
  func nothingMeasured(id: String) throws {
    let rule = try #require(Rules.named(id))
    #expect(ColumnVideo([:]).findings(of: rule).isEmpty)
  }
}
