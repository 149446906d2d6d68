import Quality
import Testing
import Timeline

@Suite struct SceneCutsTests {
  @Test("every cut is one note on the first frame of the new shot")
  func cuts() {
    let video = ColumnVideo(["scene-cut": levels("0004000200", times: 10)], cuts: [3, 7])
    let findings = video.findings(of: SceneCuts.self)
    #expect(findings.map { $0.range.description } == ["3..<4", "7..<8"])
    #expect(findings.map(\.level) == [.note, .note])
    #expect(findings[0].score > findings[1].score)
    #expect(findings[0].reason == "a new shot starts at frame 3, with a score of 40.0")
  }

  @Test("without a cut there is nothing to report")
  func none() {
    #expect(ColumnVideo(["scene-cut": levels("0000")]).ranges(of: SceneCuts.self) == [])
    #expect(ColumnVideo([:]).ranges(of: SceneCuts.self) == [])
  }
}
