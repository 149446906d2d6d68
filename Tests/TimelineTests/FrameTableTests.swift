import Testing
import Timeline

// Expected values are counted by hand.
struct FrameTableTests {
  @Test("a threshold in seconds becomes the nearest number of frames")
  func threshold() {
    let table = FrameTable(nominalCount: 10, rate: 25)
    #expect(table.frames(in: 0.2) == 5)
    #expect(table.frames(in: 0.01) == 1)
    #expect(table.frames(in: 0.01, minimum: 3) == 3)
  }

  @Test("no threshold is too large", arguments: [1e12, 1e30, .infinity])
  func absurdThreshold(seconds: Double) {
    #expect(FrameTable(nominalCount: 10, rate: 25).frames(in: seconds) == Int(Int32.max))
  }

  @Test("a negative threshold is no frame")
  func negativeThreshold() {
    #expect(FrameTable(nominalCount: 10, rate: 25).frames(in: -1e30, minimum: 0) == 0)
  }

  @Test("no nominal rate is too small or too large", arguments: [1e-300, 1e300])
  func absurdRate(rate: Double) {
    let table = FrameTable(nominalCount: 1000, rate: rate)
    #expect(table.count == 1000)
    #expect(table.duration.isFinite)
  }

  @Test(
    "times read as hours, minutes, seconds and milliseconds",
    arguments: [(0, "00:00:00.000"), (3661.5, "01:01:01.500"), (-0.04, "-00:00:00.040")])
  func times(seconds: Double, text: String) {
    #expect(timeCode(seconds: seconds) == text)
  }

  @Test("no clock is too far off for a time code", arguments: [1e18, .infinity, .nan])
  func absurdTimes(seconds: Double) {
    #expect(timeCode(seconds: seconds) == "277777777:46:40.000")
  }
}

struct PartitioningIndexTests {
  @Test("the first element that is above", arguments: [(0, 0), (1, 0), (2, 1), (3, 1), (9, 4)])
  func first(value: Int, place: Int) {
    #expect([1, 3, 5, 7].partitioningIndex { $0 >= value } == place)
  }

  @Test("places of a slice are its own")
  func slice() {
    #expect([1, 3, 5, 7][1...].partitioningIndex { $0 >= 4 } == 2)
  }
}
