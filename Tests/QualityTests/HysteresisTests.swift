import Quality
import Testing
import Timeline

/// Drawn timelines: `X` is 1, `o` 0.5, `.` 0, `?` undefined and `|` a cut before the next frame.
@Suite struct HysteresisTests {
  private func runs(
    _ drawing: String, off: Double = 0.4, merge: Double = 0, minimum: Double = 0
  ) -> String {
    var values: [Double?] = []
    var cuts: [FrameIndex] = []
    for mark in drawing {
      switch mark {
      case "|": cuts.append(values.count)
      case "X": values.append(1)
      case "o": values.append(0.5)
      case "?": values.append(nil)
      default: values.append(0)
      }
    }
    let found = Hysteresis(on: 1, off: off, merge: merge, minimum: minimum).runs(
      in: values, frames: FrameTable(nominalCount: values.count, rate: 10), cuts: cuts)
    var drawn = values.map { _ in Character(".") }
    for (number, run) in found.enumerated() {
      for frame in run.range.start..<run.range.end { drawn[frame] = number % 2 == 0 ? "1" : "2" }
    }
    return String(drawn)
  }

  @Test("a run opens at on and ends below off")
  func opensAndEnds() {
    #expect(runs("..oXooXo..o.X") == "...11111....2")
  }

  @Test("without a gap between the thresholds only high frames belong to a run")
  func oneThreshold() {
    #expect(runs("..oXooXo", off: 1) == "...1..2.")
  }

  @Test("gaps shorter than merge are closed, others not")
  func merges() {
    #expect(runs("XX.XX..XX", merge: 0.2) == "11111..22")
    #expect(runs("XX?XX", merge: 0.2) == "11111")
  }

  @Test("runs shorter than the minimum are dropped after merging")
  func drops() {
    #expect(runs("X..X.X....XXX", merge: 0.2, minimum: 0.3) == "...111....222")
  }

  @Test("a run as long as the minimum stays, whatever the time base rounds")
  func minimumIsInclusive() {
    let frames = FrameTable(
      timeBase: TimeBase(1, 1000), ticks: [0, 33, 67, 100, 133], durations: [33, 34, 33, 33, 33],
      keyFlags: Array(repeating: true, count: 5))
    let runs = Hysteresis(on: 1, off: 1, minimum: 0.1).runs(in: [0, 1, 1, 1, 0], frames: frames)
    #expect(runs.map { $0.range } == [FrameRange(1, 4)])
  }

  @Test("a run ends before a cut, and the new shot has to reach on by itself")
  func cuts() {
    #expect(runs("XXX|XXX", merge: 10) == "111222")
    #expect(runs("XXoo|ooX") == "1111..2")
    #expect(runs("XX.|.XX", merge: 10) == "11..22")
    #expect(runs("|XX||X") == "112")
  }

  @Test("undefined values end a run")
  func undefined() {
    #expect(runs("XX??XX?") == "11..22.")
    #expect(runs("") == "")
  }

  @Test("seconds are real ones where the frame rate varies")
  func variableFrameRate() {
    // Frame 1 is shown for 2 s, the others for 0.1 s.
    let frames = FrameTable(
      timeBase: TimeBase(1, 10), ticks: [0, 1, 21, 22], durations: [1, 20, 1, 1],
      keyFlags: Array(repeating: true, count: 4))
    let runs = Hysteresis(on: 1, off: 1, minimum: 1).runs(in: [0, 1, 0, 1], frames: frames)
    #expect(runs.map { $0.range } == [FrameRange(1, 2)])
  }

  @Test("a run knows its peak and the mean over closed gaps")
  func peakAndMean() {
    let frames = FrameTable(nominalCount: 12, rate: 10)
    let runs = Hysteresis(on: 2, off: 1, merge: 1).runs(
      in: [2, 4, nil, 0, 2], from: 5, frames: frames)
    #expect(runs.map { $0.range } == [FrameRange(5, 10)])
    #expect(runs.map { $0.peak } == [4])
    #expect(runs.map { $0.mean } == [2])
  }
}
