/// Presentation time, duration and key flag of every shown frame of one video.
///
/// The table is the one authority on how many frames there are and on index and time. Times are
/// relative to the stream's own clock; the first frame need not be at zero.
public struct FrameTable: Sendable, Equatable {
  /// The clock of the stream.
  public let timeBase: TimeBase
  /// The presentation tick of every frame, in presentation order.
  public let ticks: [Int64]
  /// How long every frame is shown, in ticks; never negative.
  public let durations: [Int64]
  /// Whether a frame can be decoded without the frames before it.
  public let keyFlags: [Bool]
  /// Whether the times were made up from a nominal frame rate because no video was read.
  public let isNominal: Bool
  /// The median step between neighbouring frames in ticks; 0 where no step is known.
  public let medianStep: Int64
  /// Whether steps between frames differ by more than rounding (one tick, or 2 % of the median).
  public let isVariableFrameRate: Bool

  /// Creates a table from columns in presentation order.
  ///
  /// - Parameters:
  ///   - timeBase: The clock of `ticks` and `durations`.
  ///   - ticks: Presentation ticks, one a frame, not falling.
  ///   - durations: Ticks a frame is shown; 0 means unknown and is filled from the next tick, for
  ///     the last frame from the median step.
  ///   - keyFlags: Key-frame flags, one a frame.
  public init(timeBase: TimeBase, ticks: [Int64], durations: [Int64], keyFlags: [Bool]) {
    self.init(
      timeBase: timeBase, ticks: ticks, durations: durations, keyFlags: keyFlags,
      isNominal: false)
  }

  /// Creates the table of labels without a video: `count` frames at a constant nominal rate.
  ///
  /// - Parameters:
  ///   - count: The number of frames; negative counts as 0.
  ///   - rate: Frames per second, kept within 0.000001...10,000; non-finite and non-positive rates
  ///     count as 25.
  public init(nominalCount count: Int, rate: Double) {
    let usable = rate.isFinite && rate > 0 ? min(max(rate, 1e-6), 10_000) : 25
    let step = 90_000 / usable
    let frames = 0..<max(0, count)
    self.init(
      timeBase: TimeBase(1, 90_000),
      ticks: frames.map { Int64((Double($0) * step).rounded()) },
      durations: Array(repeating: Int64(step.rounded()), count: frames.count),
      keyFlags: Array(repeating: false, count: frames.count), isNominal: true)
  }

  private init(
    timeBase: TimeBase, ticks: [Int64], durations: [Int64], keyFlags: [Bool], isNominal: Bool
  ) {
    precondition(
      ticks.count == durations.count && ticks.count == keyFlags.count,
      "The columns of a frame table have one length.")
    let steps = zip(ticks.dropFirst(), ticks).map { $0 - $1 }.filter { $0 > 0 }.sorted()
    let known = steps.isEmpty ? (durations.last.map { max(0, $0) } ?? 0) : steps[steps.count / 2]
    self.timeBase = timeBase
    self.ticks = ticks
    self.durations = durations.indices.map { frame in
      if durations[frame] > 0 { return durations[frame] }
      return frame + 1 < ticks.count ? max(0, ticks[frame + 1] - ticks[frame]) : known
    }
    self.keyFlags = keyFlags
    self.isNominal = isNominal
    medianStep = known
    if let low = steps.first, let high = steps.last {
      isVariableFrameRate = high - low > max(1, known / 50)
    } else {
      isVariableFrameRate = false
    }
  }

  /// The number of shown frames.
  public var count: Int { ticks.count }
  /// The range of all frames.
  public var frames: FrameRange { FrameRange(0, count) }

  /// The first frame shown at `tick`, or nil where none is.
  public func index(ofTick tick: Int64) -> FrameIndex? {
    let place = ticks.partitioningIndex { $0 >= tick }
    return place < count && ticks[place] == tick ? place : nil
  }

  /// The start of `frame` in seconds since the first frame; frames outside are extrapolated.
  public func seconds(at frame: FrameIndex) -> Double {
    guard let first = ticks.first, let last = ticks.last, frame >= 0 else {
      return Double(frame) * medianFrameSeconds
    }
    if frame < count { return timeBase.seconds(ticks[frame] - first) }
    let end = timeBase.seconds(last - first + (durations.last ?? 0))
    return end + Double(frame - count) * medianFrameSeconds
  }

  /// The seconds `range` is shown: from its first frame to the start of the first frame after it.
  public func seconds(in range: FrameRange) -> Double {
    seconds(at: range.end) - seconds(at: range.start)
  }

  /// The start of the first frame in seconds on the stream's own clock.
  public var startSeconds: Double { timeBase.seconds(ticks.first ?? 0) }

  /// The length of the video in seconds, from the first frame to the end of the last.
  public var duration: Double { seconds(at: count) }

  /// The number of frames nearest to `seconds` at the median frame duration, at least `minimum`.
  ///
  /// Thresholds are stated in seconds; this is where they become frames. No threshold is longer than
  /// a billion frames, so that a senseless number in a configuration does no harm.
  public func frames(in seconds: Double, minimum: Int = 1) -> Int {
    let count = (seconds / medianFrameSeconds).rounded()
    return count.isNaN ? minimum : max(minimum, Int(min(max(count, -1e9), 1e9)))
  }

  /// The median time between neighbouring frames in seconds; 0.04 where no step is known.
  public var medianFrameSeconds: Double { medianStep > 0 ? timeBase.seconds(medianStep) : 0.04 }

  /// The mean frame rate in frames per second, or 0 where it cannot be known.
  public var frameRate: Double { duration > 0 ? Double(count) / duration : 0 }
}
