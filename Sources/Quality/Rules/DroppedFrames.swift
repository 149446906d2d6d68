import Timeline
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

  /// The holes between the times of the frames.
  private static func holes(_ frames: FrameTable, _ settings: RuleSettings) -> [Finding] {
    let median = frames.medianStep
    let steps = zip(frames.ticks.dropFirst(), frames.ticks).map { $0 - $1 }
    guard median > 0, !steps.isEmpty else { return [] }
    let tolerance = max(1, median / 50)
    func whole(_ step: Int64) -> Int64 { (step + median / 2) / median }
    let least = settings["shortest"] * Double(median)
    let holes = steps.indices.filter {
      Double(steps[$0]) >= least && steps[$0] - median > tolerance
    }
    guard !holes.isEmpty else { return [] }
    func isMost(_ isSo: (Int64) -> Bool) -> Bool {
      Double(steps.count(where: isSo)) >= settings["regular"] * Double(steps.count)
    }
    if isMost({ abs($0 - median) <= tolerance }) {
      return holes.map { place in
        let missing = max(1, whole(steps[place]) - 1)
        return Finding(
          rule: info.id, level: settings.level, range: FrameRange(place, place + 2),
          reason: "\(seconds(steps[place], frames)) s lie between frames \(place) and \(place + 1), "
            + "\(seconds(median, frames)) s as a rule: about "
            + "\(counted(Int(missing), "frame is", "frames are")) missing")
      }
    }
    // A step of n frames is off by the rounding of its ends, not by n times that.
    guard isMost({ $0 > 0 && abs($0 - whole($0) * median) <= max(tolerance, whole($0)) }) else {
      return []
    }
    let missing = holes.reduce(0) { $0 + max(1, whole(steps[$1]) - 1) }
    return [
      Finding(
        rule: info.id, level: settings.level, range: frames.frames,
        reason: "about \(counted(Int(missing), "frame is", "frames are")) missing in "
          + "\(counted(holes.count, "place")) all over the video, whose frames lie "
          + "\(seconds(median, frames)) s apart as a rule")
    ]
  }

  /// Packets that are to be shown and gave no frame.
  private static func lost(_ video: VideoFacts, _ settings: RuleSettings) -> [Finding] {
    guard let reading = video.reading, reading.isComplete,
      reading.decodedFrames < reading.shownPackets
    else { return [] }
    return [
      Finding(
        rule: info.id, level: settings.level, range: video.frames.frames,
        reason: "the file holds \(counted(reading.shownPackets, "packet")) to be shown, and decoding "
          + "gives \(counted(reading.decodedFrames, "frame"))")
    ]
  }

  private static func seconds(_ ticks: Int64, _ frames: FrameTable) -> String {
    decimal(frames.timeBase.seconds(ticks), digits: 3)
  }
}
