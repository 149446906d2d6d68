import Quality
import Testing
import Timeline

/// Drawn sharpness: a digit is the ratio of Laplacian variance to Tenengrad in percent.
@Suite struct BlurredFramesTests {
  private func findings(
    _ drawing: String, tenengrad: String? = nil, contrast: String? = nil, cuts: [Int] = []
  ) -> [Finding] {
    let gradients = levels(tenengrad ?? drawing, times: 1000)
    let laplacian = zip(levels(drawing, times: 0.01), gradients).map { ratio, gradient in
      ratio.flatMap { ratio in gradient.map { ratio * $0 } }
    }
    return ColumnVideo(
      [
        "laplacian-variance": laplacian, "tenengrad": gradients,
        "rms-contrast": levels(contrast ?? drawing.map { _ in "3" }.joined(), times: 0.1),
      ], cuts: cuts
    ).findings(of: BlurredFrames.self)
  }

  @Test(
    "blurred ranges",
    arguments: [
      ("888882228888888", ["5..<8"]),
      ("888888818888888", ["7..<8"]),
      ("888811118811118", ["4..<8", "10..<14"]),
      ("888888777888888", []),
      ("222222222222222", []),
      ("888888888888888", []),
      ("", []),
    ])
  func ranges(drawing: String, expected: [String]) {
    #expect(findings(drawing).map { $0.range.description } == expected)
  }

  @Test("a soft shot beside a sharp one is not blurred")
  func softShot() {
    #expect(findings("888888882222222", cuts: [8]).isEmpty)
    #expect(
      findings("888822888222122", tenengrad: "888822888222122", cuts: [8])
        .map { $0.range.description } == ["4..<6", "12..<13"])
  }

  @Test("less in the picture is not less sharp")
  func lessInThePicture() {
    #expect(findings("888888888888888", tenengrad: "888882228888888").isEmpty)
  }

  @Test("a fade is no blur, even where the codec drops the detail")
  func fade() {
    #expect(findings("888888888864211", contrast: "333333333311000").isEmpty)
  }

  @Test("a blur as long as most of the shot is found against the shot")
  func longBlur() {
    let drawing = String(repeating: "8", count: 400) + String(repeating: "1", count: 250)
    #expect(findings(drawing).map { $0.range.description } == ["400..<650"])
  }

  @Test("the reason says how much detail is left")
  func reason() {
    #expect(
      findings("888882228888888").map(\.reason) == [
        "3 frames (0.12 s) are blurred: fine detail falls to 25 % of what is usual around"
      ])
  }
}
