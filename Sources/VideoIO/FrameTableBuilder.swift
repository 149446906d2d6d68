import Timeline

/// Collects the times of frames in presentation order, and mends what no table can hold.
struct FrameTableBuilder {
  private let timeBase: TimeBase
  private let nominalStep: Int64
  private let restart: Int64
  private var ticks: [Int64] = []
  private var durations: [Int64] = []
  private var keyFlags: [Bool] = []
  private var offset: Int64 = 0

  init(_ info: VideoInfo) {
    timeBase = info.timeBase
    let second = Double(info.timeBase.denominator) / Double(info.timeBase.numerator)
    let step = (second / (info.nominalFrameRate ?? 25)).rounded()
    nominalStep = step.isFinite && step >= 1 && step < 1e12 ? Int64(step) : 1
    restart = max(1, Int64(second.rounded()))
  }

  /// The number of frames so far.
  var count: Int { ticks.count }

  /// The table of the frames so far.
  var table: FrameTable {
    FrameTable(timeBase: timeBase, ticks: ticks, durations: durations, keyFlags: keyFlags)
  }

  /// Adds the next frame and returns the tick it is shown at.
  ///
  /// A frame without a time follows the one before it by that frame's duration. A time that falls
  /// behind by more than a second is a clock that started anew, as in files joined end to end: all
  /// later times are moved along. A smaller fall is one bad time: the frame keeps the time of the
  /// frame before. Every such case is counted.
  mutating func append(
    tick: Int64?, duration: Int64, isKey: Bool, report: inout DecodeReport
  ) -> Int64 {
    let previous = ticks.last
    let following = previous.map { $0 + step } ?? 0
    var shown = following
    if let tick {
      shown = clamped(tick + offset)
      if let previous, shown < previous {
        report.repairedTicks += 1
        if previous - shown > restart {
          offset = clamped(offset + (following - shown))
          shown = following
        } else {
          shown = previous
        }
      }
    } else {
      report.synthesisedTicks += 1
    }
    shown = clamped(shown)
    ticks.append(shown)
    durations.append(duration)
    keyFlags.append(isKey)
    return shown
  }

  /// The step from the last frame to one without a time of its own.
  private var step: Int64 {
    if let duration = durations.last, duration > 0 { return min(duration, 1 << 60) }
    return nominalStep
  }

  // Differences of such ticks stay within 64 bits.
  private func clamped(_ tick: Int64) -> Int64 { min(max(tick, -(1 << 61)), 1 << 61) }
}
