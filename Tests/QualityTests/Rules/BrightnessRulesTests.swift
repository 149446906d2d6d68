import Quality
import Testing
import Timeline

/// The rules on brightness over time; a digit times 10 is a mean level.
@Suite struct BrightnessRulesTests {
  private func video(
    _ drawing: String, difference: String? = nil, cuts: [Int] = [], rate: Double = 25
  ) -> ColumnVideo {
    var columns = ["luma-mean": levels(drawing)]
    if let difference { columns["frame-difference"] = levels(difference) }
    var video = ColumnVideo(columns, rate: rate, cuts: cuts)
    _ = video.compute(ExposureJump.self)
    _ = video.compute(BrightnessFlicker.self)
    return video
  }

  @Test(
    "exposure steps",
    arguments: [
      ("555555888888", ["6..<7"]),
      ("888888555555", ["6..<7"]),
      ("555558888855555", ["5..<10"]),
      ("555558888899999", ["5..<6", "10..<11"]),
      ("555555855555", []),
      ("123456789987", []),
      ("555555555555", []),
      ("", []),
    ])
  func steps(drawing: String, expected: [String]) {
    #expect(video(drawing).ranges(of: ExposureJumps.self, ["step": 9.5]) == expected)
  }

  @Test("a step at a cut, and one that comes with something bright, is none")
  func notExposure() {
    #expect(video("555555888888", cuts: [6]).ranges(of: ExposureJumps.self) == [])
    #expect(
      video("555555777777", difference: "000000600000").ranges(of: ExposureJumps.self) == [])
    #expect(
      video("555555777777", difference: "000000200000").ranges(of: ExposureJumps.self)
        == ["6..<7"])
  }

  @Test("a step back after more than two seconds is a step of its own")
  func stepBack() {
    let drawing = "55555" + String(repeating: "8", count: 30) + "55555"
    #expect(video(drawing).ranges(of: ExposureJumps.self) == ["5..<35"])
    #expect(video(drawing, rate: 10).ranges(of: ExposureJumps.self) == ["5..<6", "35..<36"])
  }

  @Test("the reason has the size, the direction and the length")
  func reason() {
    #expect(
      video("555558888855555").findings(of: ExposureJumps.self).map(\.reason) == [
        "the picture is 30 of 255 levels brighter from frame 5 on, for 5 frames (0.2 s)"
      ])
  }

  @Test("steps into dark frames are left to dark-frames")
  func darkFrames() {
    var dark = video("888888222222888888888888")
    dark.columns["luma-p90"] = levels("888888111111888888888888", times: 25).map {
      .value($0 ?? 0)
    }
    #expect(dark.ranges(of: ExposureJumps.self) == [])
    #expect(dark.ranges(of: DarkFrames.self) == ["6..<12"])
  }

  @Test("flicker is one range, and single flashes are none")
  func flicker() {
    let steady = String(repeating: "5", count: 20)
    let found = video(steady + String(repeating: "56", count: 12) + steady)
      .findings(of: FlickeringBrightness.self)
    #expect(found.count == 1)
    // The window of five frames blurs the ends by as much.
    #expect(found.allSatisfy { abs($0.range.start - 20) <= 3 && abs($0.range.end - 44) <= 3 })
    #expect(video(steady + "9" + steady).ranges(of: FlickeringBrightness.self) == [])
    #expect(video(steady + "888" + steady).ranges(of: FlickeringBrightness.self) == [])
  }
}
