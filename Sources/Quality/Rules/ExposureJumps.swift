import Timeline

/// Finds sudden changes of brightness within a shot.
public enum ExposureJumps: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "exposure-jump", scope: .video, level: .warning,
    summary: "The brightness steps within a shot and stays.",
    page: """
      A frame from which on the whole picture is brighter or darker than before, as the metric
      exposure-jump measures it: by at least 10 levels of 255 (`step`), and by more than
      `spread` times what the brightness usually changes from frame to frame in the video. The
      step is at least half of the mean change of a pixel (frame-difference): where something
      bright comes into the picture, other pixels change more than the mean.

      A tracker or a detector that compares colours sees another object after it.

      Where the brightness steps back within 2 seconds (`back`), both steps are one finding over
      the frames between them. Otherwise the range is the first frame of the new brightness.

      Example    brightness  5 5 5 5 8 8 8 8 8 8 8 8 8
                 range               X
      Excuses    cuts, flashes and fades; steps into or out of frames that black-frames,
                 dark-frames or bright-frames report
      Source     ours
      """,
    parameters: [
      .init("step", 10, unit: "levels 0...255", "Smaller steps are not reported."),
      .init("spread", 5, unit: "standard deviations", "How far above the usual change a step is."),
      .init("back", 2, unit: "seconds", "A step back within this time belongs to the step."),
    ],
    frameMetrics: [
      ExposureJump.info.id, LumaMean.info.id, FrameDifference.info.id, ExposureEnd.dark.metric,
      ExposureEnd.bright.metric,
      BlackShare.info.id,
    ] + SceneCut.metricsForCuts)

  /// The share of the change of a pixel that the mean must change by: all go the same way.
  static let evenShare = 0.5

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let video = input.video
    let jumps = video.numbers(of: ExposureJump.info)
    let means = video.numbers(of: LumaMean.info)
    guard jumps.count == means.count, !jumps.isEmpty else { return [] }
    let changes = zip(means, means.dropFirst()).map { a, b in a.flatMap { a in b.map { $0 - a } } }
    let usual = 1.4826 * (median(of: changes.compactMap { $0.map(abs) }) ?? 0)
    let least = max(settings["step"], settings["spread"] * usual)
    let spoilt = video.spoiltFlags
    let differences = video.numbers(of: FrameDifference.info)
    let steps = jumps.indices.filter { frame in
      frame > 0 && (jumps[frame] ?? 0) >= least && changes[frame - 1] != nil
        && !spoilt[frame] && !spoilt[frame - 1]
    }
    .filter { frame in
      guard differences.indices.contains(frame), let difference = differences[frame],
        let change = changes[frame - 1]
      else { return true }
      return abs(change) >= evenShare * difference
    }
    var findings: [Finding] = []
    var next = 0
    while next < steps.count {
      let step = steps[next]
      let change = changes[step - 1] ?? 0
      var range = FrameRange(frame: step)
      next += 1
      if next < steps.count {
        let between = FrameRange(step, steps[next])
        let back = changes[steps[next] - 1] ?? 0
        if video.frames.seconds(in: between) <= settings["back"] + FrameTable.rounding,
          back * change < 0, abs(back + change) <= abs(change) / 2, video.cut(in: between) == nil
        {
          range = between
          next += 1
        }
      }
      let size = jumps[step] ?? 0
      let direction = change > 0 ? "brighter" : "darker"
      findings.append(
        Finding(
          rule: info.id, level: settings.level, range: range,
          score: min(1, max(0, size / (size + max(1, least)))),
          reason:
            "the picture is \(decimal(size, digits: 0)) of 255 levels \(direction) from frame "
            + "\(step) on"
            + (range.count > 1 ? ", for \(video.frames.lengthText(of: range))" : "")))
    }
    return findings
  }
}
