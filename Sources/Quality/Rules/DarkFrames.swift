import Timeline

/// Finds frames in which even the bright parts are dark.
public enum DarkFrames: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "dark-frames", scope: .video, level: .warning,
    summary: "Frames that are too dark to be labelled well.",
    page: """
      Frames in which even the bright parts are dark: 90 % of the pixels lie below level 48
      (`brightness`) of 255, and the level they lie below is at most half (`share`) of what is
      usual in the video. A burned-in clock, or a lamp, does not hide a dark frame as long as it
      covers less than a tenth of it.

      Labels in the dark are guesses, and a detector that learns from them learns to guess.

      Example    brightness  9 9 9 9 2 2 2 2 9 9
                 range               XXXXXXX
      Excuses    frames that black-frames reports, and the end of a fade to or from them; a video
                 that is dark throughout, as under infrared light: one note for the whole of it
      Source     ours, with the idea of CleanVision, which takes the 99th percentile of a photo
      """,
    parameters: [
      .init(
        "brightness", ExposureEnd.darkLevel, unit: "levels 0...255",
        "The level below which 90 % of the pixels of a dark frame lie."),
      .init(
        "share", ExposureEnd.usualShare, unit: "share",
        "How much of what is usual in the video a dark frame has at most."),
      .init("min-length", 0, unit: "seconds", "Shorter ranges are not reported."),
      .init("merge", 0.2, unit: "seconds", "Shorter gaps between two ranges are closed."),
    ],
    frameMetrics: [ExposureEnd.dark.metric, BlackShare.info.id] + SceneCut.metricsForCuts)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let video = input.video
    let exposure = ExposureEnd.dark.judged(
      in: video, level: settings["brightness"], share: settings["share"], merge: settings["merge"],
      minimum: settings["min-length"])
    if let usual = exposure.throughout {
      return [
        Finding(
          rule: info.id, level: .note, range: video.frames.frames, score: 0.5,
          cause: .frameQuality,
          reason: "the video is dark throughout: 90 % of the pixels lie up to level "
            + "\(decimal(usual, digits: 0)) of 255 as a rule")
      ]
    }
    return exposure.runs.map { run in
      let verb = run.range.count == 1 ? "is" : "are"
      return Finding(
        rule: info.id, level: settings.level, range: run.range,
        score: min(1, max(0, 1 - run.mean / 255)),
        reason: "\(video.frames.lengthText(of: run.range)) \(verb) dark: 90 % of the pixels lie "
          + "up to level \(decimal(run.mean, digits: 0)) of 255")
    }
  }
}
