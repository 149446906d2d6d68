import Testing
import Timeline

struct TimeBaseTests {
  @Test func `Ticks are seconds by an exact fraction`() {
    #expect(TimeBase(1, 90_000).seconds(90_090) == 1.001)
    #expect(TimeBase(1001, 30_000).seconds(30_000) == 1001)
    #expect(TimeBase(1, 1000).seconds(-500) == -0.5)
    #expect(Timestamp(ticks: 3, timeBase: TimeBase(1, 4)).seconds == 0.75)
  }

  @Test func `A time base is printed as ffprobe prints it`() {
    #expect(TimeBase(1, 12_800).description == "1/12800")
  }

  @Test(
    arguments: [
      (0, "00:00:00.000"), (13.747, "00:00:13.747"), (59.9996, "00:01:00.000"),
      (3599.9994, "00:59:59.999"), (3600, "01:00:00.000"), (360_000, "100:00:00.000"),
      (0.0005, "00:00:00.001"), (-1.5, "-00:00:01.500"), (-0.0001, "00:00:00.000"),
    ] as [(Double, String)])
  func `A time code has hours, minutes, seconds and milliseconds`(seconds: Double, code: String) {
    #expect(timeCode(seconds: seconds) == code)
  }

  @Test(arguments: [.nan, .infinity, -1e300] as [Double])
  func `What is no time is written as it is`(seconds: Double) {
    #expect(timeCode(seconds: seconds) == "\(seconds) s")
  }
}
