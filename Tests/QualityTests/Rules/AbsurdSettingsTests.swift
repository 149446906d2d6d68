import Quality
import Testing

/// What a person configures may be absurd; a rule then finds nothing, or everything.
@Suite struct AbsurdSettingsTests {
  static let settings = Rules.all.flatMap { rule in
    rule.info.parameters.map { (rule: rule.info.id, parameter: $0.id) }
  }

  private let drawing = Drawing(
    """
    a      XXX..XXXX.XX
    b:car  XXXX---XX.XX
    c      XX2XXYYXX.XX
    *d     ....X.......
    cuts   .....|......
    """)

  @Test("no setting ends the program", arguments: settings, [-1e30, -1, 0])
  func absurd(setting: (rule: String, parameter: String), value: Double) throws {
    let rule = try #require(Rules.named(setting.rule))
    let findings = drawing.findings(of: rule, [setting.parameter: value])
    #expect(findings.allSatisfy { $0.score.isFinite })
  }

  @Test("no length is too long for a rule that counts frames")
  func endless() {
    #expect(drawing.findings(of: ShortTrack.self, ["max-duration": 1e30]).isEmpty)
    #expect(!drawing.findings(of: DuplicateObject.self, ["min-certain": 1e30]).isEmpty)
  }
}
