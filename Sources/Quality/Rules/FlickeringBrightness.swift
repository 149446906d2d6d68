import Timeline

/// Finds ranges in which the brightness goes up and down.
public enum FlickeringBrightness: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "brightness-flicker", scope: .video, level: .warning,
    summary: "The brightness of the picture flickers.",
    page: """
      Ranges in which the brightness of the whole picture alternates, as the metric
      brightness-flicker measures it: by at least 1.2 levels of 255 (`amplitude`), which is 3 levels
      from frame to frame, for at least 0.3 seconds. A range ends where it falls below 70 % of
      that. Lamps on mains current do it, displays, and time lapses.

      The difference between two frames of such a range is not motion, though a tracker or a model
      that looks at differences takes it for some.

      Example    brightness  5 5 5 6 4 6 4 6 4 6 4 5 5 5
                 range             XXXXXXXXXXXXXXX
      Excuses    steps, single flashes and fades, which do not alternate
      Source     ours; ffmpeg's deflicker removes what is found here
      """,
    parameters: [
      .init("amplitude", 1.2, unit: "levels 0...255", "The flicker from which a range begins."),
      .init("min-length", 0.3, unit: "seconds", "Shorter ranges are not reported."),
      .init("merge", 0.5, unit: "seconds", "Shorter gaps between two ranges are closed."),
    ],
    frameMetrics: [BrightnessFlicker.info.id] + SceneCut.metricsForCuts)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let video = input.video
    let level = max(0, settings["amplitude"])
    let hysteresis = Hysteresis(
      on: level, off: 0.7 * level, merge: settings["merge"], minimum: settings["min-length"])
    let flicker = video.numbers(of: BrightnessFlicker.info)
    return hysteresis.runs(in: flicker, frames: video.frames, cuts: video.cuts).map { run in
      Finding(
        rule: info.id, level: settings.level, range: run.range,
        score: run.peak > 0 ? min(1, run.peak / (run.peak + level)) : 0,
        reason: "the brightness flickers for \(video.frames.lengthText(of: run.range)), by up to "
          + "\(decimal(run.peak, digits: 1)) of 255 levels")
    }
  }
}
