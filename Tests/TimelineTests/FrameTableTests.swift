import Testing
import Timeline

// Ticks, seconds and counts are worked out by hand.
struct FrameTableTests {
  /// A table without stated durations.
  private func table(_ timeBase: TimeBase, _ ticks: [Int64]) -> FrameTable {
    FrameTable(
      timeBase: timeBase, ticks: ticks, durations: Array(repeating: 0, count: ticks.count),
      keyFlags: Array(repeating: false, count: ticks.count))
  }

  // MARK: Nominal tables

  @Test(arguments: [(25_025, 3_600), (30_000, 3_003), (24_000, 3_754)] as [(Double, Int64)])
  func `A nominal table counts its frames at a rate`(thousands: Double, step: Int64) {
    let rate = thousands / 1001
    let table = FrameTable(nominalCount: 250, rate: rate)
    #expect(table.count == 250)
    #expect(table.frames == FrameRange(0, 250))
    #expect(table.isNominal)
    #expect(table.medianStep == step)
    #expect(!table.isVariableFrameRate)
    #expect(abs(table.seconds(at: 240) - 240 / rate) < 0.000_01)
  }

  @Test(arguments: [0, -1, .nan, .infinity] as [Double])
  func `A nominal rate that is none counts as 25`(rate: Double) {
    #expect(FrameTable(nominalCount: 2, rate: rate).ticks == [0, 3_600])
  }

  @Test(arguments: [0, -7])
  func `A table without frames has no time`(count: Int) {
    let table = FrameTable(nominalCount: count, rate: 25)
    #expect(table.count == 0)
    #expect(table.duration == 0)
    #expect(table.frameRate == 0)
    #expect(table.startSeconds == 0)
    #expect(table.frames.isEmpty)
  }

  @Test func `A table of 250,000 frames keeps its last tick exact`() {
    // 249,999 frames of 3,003 ticks lie before the last one.
    let table = FrameTable(nominalCount: 250_000, rate: 30_000.0 / 1001)
    #expect(table.ticks.last == Int64(750_746_997))
    #expect(!table.isVariableFrameRate)
  }

  // MARK: Index and time

  @Test func `Seconds count from the first frame, wherever the clock starts`() {
    let table = table(TimeBase(1, 1000), [500, 540, 580, 620])
    #expect(table.startSeconds == 0.5)
    #expect((0...3).map { table.seconds(at: $0) } == [0, 0.04, 0.08, 0.12])
  }

  @Test func `Frames outside the table lie on in steps of the median`() {
    let table = table(TimeBase(1, 1000), [500, 540, 580, 620])
    #expect(table.seconds(at: 4) == 0.16)
    #expect(abs(table.seconds(at: 6) - 0.24) < 1e-12)
    #expect(table.seconds(at: -1) == -0.04)
  }

  @Test func `A range lasts until the first frame after it is shown`() {
    let table = table(TimeBase(1, 100), [0, 4, 20, 24])
    #expect(table.seconds(in: FrameRange(1, 2)) == 0.16)
    #expect(table.seconds(in: FrameRange(0, 3)) == 0.24)
    #expect(table.seconds(in: FrameRange(2, 2)) == 0)
    #expect(table.duration == 0.28)
  }

  @Test func `Seconds become the nearest number of frames, and at least one`() {
    let table = FrameTable(nominalCount: 100, rate: 30_000.0 / 1001)
    #expect(table.frames(in: 1) == 30)
    // 0.05 s are 1.4985 frames, 0.0501 s are 1.5015.
    #expect(table.frames(in: 0.05) == 1)
    #expect(table.frames(in: 0.0501) == 2)
    #expect(table.frames(in: 0) == 1)
    #expect(table.frames(in: 0, minimum: 0) == 0)
    #expect(table.frames(in: 0.1, minimum: 5) == 5)
  }

  @Test func `Senseless seconds do not end the program`() {
    let table = FrameTable(nominalCount: 100, rate: 25)
    #expect(table.frames(in: 1e300) == 1_000_000_000)
    #expect(table.frames(in: .infinity) == 1_000_000_000)
    #expect(table.frames(in: -1e300) == 1)
    #expect(table.frames(in: .nan, minimum: 3) == 3)
  }

  @Test func `Without a step a frame lasts a 25th of a second`() {
    #expect(table(TimeBase(1, 1000), [500]).medianFrameSeconds == 0.04)
    #expect(FrameTable(nominalCount: 0, rate: 10).medianFrameSeconds == 0.04)
  }

  // MARK: Durations

  @Test func `Unknown durations are filled from the next frame, and the last from the median`() {
    let table = table(TimeBase(1, 100), [0, 4, 8, 20])
    #expect(table.durations == [4, 4, 12, 4])
    #expect(table.duration == 0.24)
  }

  @Test func `Known durations stay, and negative ones count as unknown`() {
    let table = FrameTable(
      timeBase: TimeBase(1, 100), ticks: [0, 4, 8], durations: [3, -5, 2],
      keyFlags: [true, false, false])
    #expect(table.durations == [3, 4, 2])
    #expect(table.keyFlags == [true, false, false])
    #expect(!table.isNominal)
  }

  @Test func `One frame lasts as long as it says`() {
    let table = FrameTable(
      timeBase: TimeBase(1, 100), ticks: [70], durations: [5], keyFlags: [true])
    #expect(table.duration == 0.05)
    #expect(table.medianStep == 5)
    #expect(table.frameRate == 20)
    #expect(!table.isVariableFrameRate)
  }

  // MARK: Frame rate

  @Test(
    arguments: [
      // 29.97 and 23.976 frames a second in milliseconds, as Matroska rounds them: 33 or 34, 41 or
      // 42; and on clocks that are finer, where a tick is no longer much.
      (30_000, 1_000), (24_000, 1_000), (30_000, 90_000), (60_000, 12_800),
    ] as [(Double, Int32)])
  func `Rounding to ticks is no variable rate`(thousands: Double, ticksASecond: Int32) {
    let rate = thousands / 1001
    let step = Double(ticksASecond) / rate
    let ticks = (0..<500).map { Int64((Double($0) * step).rounded()) }
    let table = table(TimeBase(1, ticksASecond), ticks)
    #expect(!table.isVariableFrameRate)
    #expect(abs(table.frameRate - rate) < 0.01)
  }

  @Test(
    arguments: [
      // A frame left out, a frame too many, two rates one after the other.
      [0, 40, 80, 160, 200, 240], [0, 40, 60, 80, 120, 160], [0, 40, 80, 120, 153, 186, 219],
    ] as [[Int64]])
  func `Steps that differ by more are a variable rate`(ticks: [Int64]) {
    #expect(table(TimeBase(1, 1000), ticks).isVariableFrameRate)
  }

  @Test func `The mean rate of a variable table is frames over time`() {
    // The last of the five frames lasts the median of 10 ticks.
    let table = table(TimeBase(1, 100), [0, 10, 20, 50, 60])
    #expect(table.duration == 0.7)
    #expect(abs(table.frameRate - 5 / 0.7) < 1e-12)
    #expect(table.medianFrameSeconds == 0.1)
  }

  @Test func `Frames of one tick neither end the arithmetic nor make the rate variable`() {
    let table = table(TimeBase(1, 1000), [0, 40, 40, 80])
    #expect(table.durations == [40, 0, 40, 40])
    #expect(table.medianStep == 40)
    #expect(!table.isVariableFrameRate)
  }
}
