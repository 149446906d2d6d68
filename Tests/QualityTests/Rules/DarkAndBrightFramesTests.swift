import Quality
import Testing
import Timeline

/// Drawn levels: a digit times 25 is the level that 90 % of the pixels lie below, or above.
@Suite struct DarkAndBrightFramesTests {
  private func dark(_ drawing: String, black: String = "", cuts: [Int] = []) -> [Finding] {
    var columns = ["luma-p90": levels(drawing, times: 25)]
    if !black.isEmpty { columns["black-share"] = black.map { $0 == "X" ? 1 : 0.5 } }
    return ColumnVideo(columns, cuts: cuts).findings(of: DarkFrames.self)
  }

  private func bright(_ drawing: String) -> [Finding] {
    ColumnVideo(["luma-p10": levels(drawing, times: 28)]).findings(of: BrightFrames.self)
  }

  @Test(
    "dark ranges",
    arguments: [
      ("888811118888", ["4..<8"]),
      ("888818888888", ["4..<5"]),
      ("881118811188", ["2..<10"]),
      ("888844448888", []),
      ("333333333333", []),
      ("888888888888", []),
      ("", []),
    ])
  func ranges(drawing: String, expected: [String]) {
    #expect(dark(drawing).map { $0.range.description } == expected)
  }

  @Test("a range ends before a cut")
  func cut() {
    #expect(
      dark("888811118888", cuts: [6]).map { $0.range.description } == ["4..<6", "6..<8"])
  }

  @Test("a video that is dark throughout is one note")
  func darkThroughout() {
    let findings = dark("111111011111")
    #expect(findings.map { $0.range.description } == ["0..<12"])
    #expect(findings.map(\.level) == [.note])
    #expect(findings.map(\.cause) == [.frameQuality])
  }

  @Test("a fault that spoils most of a video does not make it dark by nature")
  func mostlyDark() {
    #expect(dark("888111111118").map { $0.range.description } == ["3..<11"])
  }

  @Test("black frames and the fade to them are left to black-frames")
  func blackFrames() {
    #expect(dark("888888110000", black: "........XXXX").isEmpty)
    #expect(dark("888800008888", black: "....XXXX....").isEmpty)
    // More than a second of darkness before the black frames is no fade.
    let long = String(repeating: "8", count: 60) + String(repeating: "1", count: 30) + "00"
    #expect(
      dark(long, black: String(repeating: ".", count: 90) + "XX").map { $0.range.description }
        == ["60..<90"])
  }

  @Test("the reason has the level")
  func reason() {
    #expect(
      dark("888811118888").map(\.reason) == [
        "4 frames (0.16 s) are dark: 90 % of the pixels lie up to level 25 of 255"
      ])
    #expect(
      bright("222992222222").map(\.reason) == [
        "2 frames (0.08 s) are washed out: 90 % of the pixels lie from level 252 of 255 on"
      ])
  }

  @Test(
    "bright ranges",
    arguments: [
      ("222299992222", ["4..<8"]),
      ("222222292222", ["7..<8"]),
      ("222277772222", []),
      ("888888888888", []),
      ("", []),
    ])
  func brightRanges(drawing: String, expected: [String]) {
    #expect(bright(drawing).map { $0.range.description } == expected)
  }

  @Test("a video that is bright throughout, such as a drawing, is one note")
  func brightThroughout() {
    let findings = bright("999999999999")
    #expect(findings.map(\.level) == [.note])
    #expect(findings.map { $0.range.description } == ["0..<12"])
  }
}
