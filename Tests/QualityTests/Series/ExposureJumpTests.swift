import Quality
import Testing

@Suite struct ExposureJumpTests {
  private func jumps(_ drawing: String, cuts: [Int] = [], rate: Double = 25) -> [Double?] {
    var video = ColumnVideo(["luma-mean": levels(drawing)], rate: rate, cuts: cuts)
    return video.compute(ExposureJump.self).map { $0.number }
  }

  @Test("a step that stays has its height, by hand")
  func step() {
    // Three frames are looked at on either side; the last two have no three frames left.
    #expect(jumps("555588888") == [0, 0, 0, 0, 30, 0, 0, nil, nil])
    #expect(jumps("888855555")[4] == 30)
  }

  @Test("a flash and a fade are no step")
  func flashAndFade() {
    #expect(jumps("5555855555").compactMap { $0 }.max() == 0)
    #expect(jumps("5555885555").compactMap { $0 }.max() == 0)
    // A fade changes by 10 from frame to frame and never by more.
    #expect(jumps("1112345678999").compactMap { $0 }.max() == 10)
  }

  @Test("a cut is no step, and a shot starts afresh")
  func cut() {
    #expect(jumps("5555888888", cuts: [4]).compactMap { $0 }.max() == 0)
    #expect(jumps("5588888888", cuts: [1])[2] == 30)
  }

  @Test("at a high frame rate a step persists for a tenth of a second")
  func highRate() {
    #expect(jumps("555555888885555555", rate: 50).compactMap { $0 }.max() == 30)
    #expect(jumps("555555888855555555", rate: 50).compactMap { $0 }.max() == 0)
  }

  @Test("an unknown brightness is no number")
  func unknown() {
    #expect(jumps("5555?555555")[4] == nil)
    #expect(jumps("") == [])
  }
}
