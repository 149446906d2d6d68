import Quality
import Testing

@Suite struct PixelRuleTests {
  @Test("the rules on pixels are in the catalog and ask for metrics that exist")
  func catalog() throws {
    for id in ["black-frames", "frozen-frames"] {
      let rule = try #require(Rules.named(id))
      #expect(rule.info.scope == .video)
      #expect(rule.info.frameMetrics.allSatisfy { FrameMetrics.named($0) != nil })
      #expect(rule.info.frameMetrics.contains("scene-cut"))
    }
  }
}
