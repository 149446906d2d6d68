import Timeline

/// Finds frames in which even the dark parts are bright.
public enum BrightFrames: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "bright-frames", scope: .video, level: .warning,
    summary: "Frames that are washed out or white.",
    page: """
      Frames in which even the dark parts are bright: 90 % of the pixels lie above level 225
      (`brightness`) of 255, and the distance of that level from white is at most half (`share`) of
      what is usual in the video. A lens that looks into the sun, a flash, a lost exposure.

      Where everything is white, nothing tells an object from what is behind it.

      Example    brightness  5 5 5 5 9 9 9 9 5 5
                 range               XXXXXXX
      Excuses    a video that is bright throughout, such as drawings on white paper or microscopy:
                 one note for the whole of it
      Source     ours, with the idea of CleanVision, which takes the 5th percentile of a photo
      """,
    parameters: [
      .init(
        "brightness", ExposureEnd.brightLevel, unit: "levels 0...255",
        "The level above which 90 % of the pixels of a bright frame lie."),
      .init(
        "share", ExposureEnd.usualShare, unit: "share",
        "How much of the usual distance from white a bright frame has at most."),
      .init("min-length", 0, unit: "seconds", "Shorter ranges are not reported."),
      .init("merge", 0.2, unit: "seconds", "Shorter gaps between two ranges are closed."),
    ],
    frameMetrics: [ExposureEnd.bright.metric, BlackShare.info.id] + SceneCut.metricsForCuts)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let video = input.video
    let exposure = ExposureEnd.bright.judged(
      in: video, level: 255 - settings["brightness"], share: settings["share"],
      merge: settings["merge"], minimum: settings["min-length"])
    if let usual = exposure.throughout {
      return [
        Finding(
          rule: info.id, level: .note, range: video.frames.frames, score: 0.5,
          cause: .frameQuality,
          reason: "the video is bright throughout: 90 % of the pixels lie from level "
            + "\(decimal(255 - usual, digits: 0)) of 255 on as a rule")
      ]
    }
    return exposure.runs.map { run in
      let verb = run.range.count == 1 ? "is" : "are"
      return Finding(
        rule: info.id, level: settings.level, range: run.range,
        score: min(1, max(0, 1 - run.mean / 255)),
        reason: "\(video.frames.lengthText(of: run.range)) \(verb) washed out: 90 % of the pixels "
          + "lie from level \(decimal(255 - run.mean, digits: 0)) of 255 on")
    }
  }
}
