public import Timeline
import VideoIO

/// Finds places where a video of constant rate lacks frames.
public enum DroppedFrames: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "dropped-frames", scope: .video, level: .warning,
    summary: "Frames are missing from a video that otherwise runs at a constant rate.",
    page: """
      A recorder that falls behind, a damaged stretch or a cut-out leaves a hole: two frames that
      lie further apart than the others. A player shows the first of the two for longer. Labels made
      by time times frame rate, or on a copy without the hole, are off from there on.

      A hole is a step of at least `shortest` median steps, in a video of which most steps equal the
      median: at least the share `regular`, up to one tick of the clock or 2 %. Every hole is one
      finding, whose range is the two frames around it.

      Where fewer steps equal the median, but that share of them are whole multiples of it, frames
      are missing all over: one finding says how many. All else is video of variable rate, which is
      `variable-frame-rate`'s.

      One more finding tells where decoding gave fewer frames than there are packets to be shown.
      """,
    parameters: [
      .init("shortest", 1.5, unit: "median steps", "A step of at least this length is a hole."),
      .init("regular", 0.9, unit: "share", "The share of equal steps in a video of constant rate."),
    ])

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let frames = input.video.frames
    guard !frames.isNominal else { return [] }
    return holes(frames, settings) + lost(input.video, settings)
  }

  /// The frames before a hole, by the defaults of the rule; none where the rate is variable.
  public static func holes(in frames: FrameTable) -> [FrameIndex] {
    let steps = Steps(frames, RuleSettings(info))
    return steps.areRegular || steps.areMultiples ? steps.holes : []
  }

  /// The holes between the times of the frames.
  private static func holes(_ frames: FrameTable, _ settings: RuleSettings) -> [Finding] {
    let steps = Steps(frames, settings)
    let rule = seconds(frames.medianStep, frames)
    guard !steps.holes.isEmpty else { return [] }
    if steps.areRegular {
      return steps.holes.map { frame in
        let step = seconds(steps.all[frame], frames)
        return Finding(
          rule: info.id, level: settings.level, range: FrameRange(frame, frame + 2),
          reason: "\(step) s lie between frames \(frame) and \(frame + 1), \(rule) s as a rule: "
            + "about \(counted(steps.missing(after: frame), "frame is", "frames are")) missing")
      }
    }
    guard steps.areMultiples else { return [] }
    let missing = steps.holes.reduce(0) { $0 + steps.missing(after: $1) }
    return [
      Finding(
        rule: info.id, level: settings.level, range: frames.frames,
        reason: "about \(counted(missing, "frame is", "frames are")) missing in "
          + "\(counted(steps.holes.count, "place")) all over the video, whose frames lie "
          + "\(rule) s apart as a rule")
    ]
  }

  /// The steps between neighbouring frames, against their median.
  private struct Steps {
    let all: [Int64]
    /// The frames before a step that is a hole.
    let holes: [FrameIndex]
    /// Whether most steps equal the median.
    let areRegular: Bool
    /// Whether most steps are whole multiples of the median.
    let areMultiples: Bool
    private let median: Int64

    init(_ frames: FrameTable, _ settings: RuleSettings) {
      let median = max(1, frames.medianStep)
      let all = zip(frames.ticks.dropFirst(), frames.ticks).map { $0 - $1 }
      // Where a step is a few ticks only, one tick more or less is no rounding.
      let tolerance = min(max(1, median / 50), median / 10)
      let least = settings["shortest"] * Double(median)
      func isMost(_ isSo: (Int64) -> Bool) -> Bool {
        Double(all.count(where: isSo)) >= settings["regular"] * Double(all.count)
      }
      holes = all.indices.filter { Double(all[$0]) >= least && all[$0] - median > tolerance }
      areRegular = isMost { abs($0 - median) <= tolerance }
      areMultiples = isMost { step in
        let times = Self.times(step, median)
        return times > 0 && abs(step - times * median) <= times * tolerance
      }
      self.all = all
      self.median = median
    }

    /// About how many frames lie in the hole after `frame`.
    func missing(after frame: FrameIndex) -> Int {
      Int(max(1, Self.times(all[frame], median) - 1))
    }

    private static func times(_ step: Int64, _ median: Int64) -> Int64 {
      (step + median / 2) / median
    }
  }

  /// Packets that are to be shown and gave no frame.
  private static func lost(_ video: VideoFacts, _ settings: RuleSettings) -> [Finding] {
    guard let reading = video.reading, reading.isComplete,
      reading.decodedFrames < reading.shownPackets
    else { return [] }
    return [
      Finding(
        rule: info.id, level: settings.level, range: video.frames.frames,
        reason:
          "the file holds \(counted(reading.shownPackets, "packet")) to be shown, and decoding "
          + "gives \(counted(reading.decodedFrames, "frame"))")
    ]
  }

  private static func seconds(_ ticks: Int64, _ frames: FrameTable) -> String {
    decimal(frames.timeBase.seconds(ticks), digits: 3)
  }
}
