import Quality
import Testing

@Suite struct BrightnessFlickerTests {
  private func flicker(_ drawing: String, cuts: [Int] = [], rate: Double = 25) -> [Double?] {
    var video = ColumnVideo(["luma-mean": levels(drawing)], rate: rate, cuts: cuts)
    return video.compute(BrightnessFlicker.self).map { $0.number }
  }

  @Test("brightness that alternates by a scores 0.4 a, by hand")
  func alternates() throws {
    // The mean of 5 6 5 6 5 is 5.4 and that of 6 5 6 5 6 is 5.6: every frame is 0.4 away.
    let values = flicker("5656565656565656")
    for frame in 4..<12 { #expect(abs(try #require(values[frame]) - 4) < 1e-9) }
  }

  @Test(
    "slower flicker is flicker too",
    arguments: ["556655665566556655665566", "556556556556556556556556"])
  func slower(drawing: String) throws {
    let middle = flicker(drawing)[8..<16].compactMap { $0 }
    #expect(middle.count == 8 && middle.allSatisfy { $0 > 1 })
  }

  @Test(
    "steps, flashes and fades do not flicker",
    arguments: [
      "555555555888888888", "555555559555555555", "555555559955555555", "112233445566778899",
      "123456789876543212", "555555555555555555",
    ])
  func steady(drawing: String) {
    #expect(flicker(drawing).allSatisfy { $0 == 0 })
  }

  @Test("noise beside a flash is no flicker")
  func noise() {
    var video = ColumnVideo(
      ["luma-mean": [50, 50.1, 50, 50.1, 50, 50.1, 50, 95, 50, 50.1, 50, 50.1, 50, 50.1, 50]])
    let values = video.compute(BrightnessFlicker.self).compactMap { $0.number }
    #expect(values.count == 15 && values.allSatisfy { $0 < 0.1 })
  }

  @Test("a cut ends the flicker, and short shots have none")
  func cuts() {
    let values = flicker("565656565656555555555555", cuts: [12])
    #expect(values[12...].allSatisfy { $0 == 0 })
    #expect(flicker("5656", cuts: []) == [nil, nil, nil, nil])
  }
}
