import Quality
import Testing
import Timeline

@Suite struct ShakeTests {
  private func shake(
    _ dx: [Double?], responses: [Double?]? = nil, cuts: [Int] = [], rate: Double = 10
  ) -> [MetricValue] {
    var video = ColumnVideo(
      [
        "shift-x": dx, "shift-y": dx.map { $0.map { _ in 0 } },
        "shift-response": responses ?? dx.map { _ in 0.5 },
      ], rate: rate, cuts: cuts)
    return video.compute(Shake.self)
  }

  @Test("an even pan does not shake")
  func pan() {
    let values = shake([nil] + Array(repeating: 0.01, count: 39))
    #expect(values.count == 40)
    #expect(values.allSatisfy { abs($0.number ?? 1) < 1e-12 })
  }

  @Test("a path that goes to and fro has the deviation that numpy computes")
  func toAndFro() throws {
    // numpy 2.4.6: P = cumsum([0, .02, -.02, ...]); e = P - mean of P[t-5:t+6];
    // sqrt(mean(e[15:26]**2)) at t = 20.
    let dx: [Double?] = [nil] + (1..<40).map { $0 % 2 == 1 ? 0.02 : -0.02 }
    let value = try #require(shake(dx)[20].number)
    #expect(abs(value - 0.010909090909090908) < 1e-9)
  }

  @Test("an unclear shift has no number and parts the path")
  func unclear() {
    let dx: [Double?] = [nil] + Array(repeating: 0.01, count: 19)
    var responses: [Double?] = dx.map { _ in 0.5 }
    responses[10] = 0.05
    let values = shake(dx, responses: responses)
    #expect(values[10] == .undefined("the shift is unclear"))
    #expect(values[9].number != nil && values[11].number != nil)
  }

  @Test("a jump at a cut is not part of the path")
  func cut() {
    var dx: [Double?] = [nil] + Array(repeating: 0, count: 19)
    dx[10] = 0.4
    #expect(shake(dx, cuts: [10]).allSatisfy { $0.number == 0 })
    #expect(shake(dx).contains { ($0.number ?? 0) > 0.1 })
  }

  @Test("a path of less than half a second has no number")
  func short() {
    #expect(shake([nil, 0, 0, 0]).allSatisfy { $0 == .undefined("the path is too short") })
  }
}
