import Timeline

/// Finds frames that are black.
public enum BlackFrames: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "black-frames", scope: .video, level: .warning, summary: "Frames that are black.",
    page: """
      Frames in which at least 98 % of the pixels are black (see the metric black-share), as a
      range that ends where the share falls below 97 %. A burned-in clock does not hide a black
      frame; where it covers more than 2 % of the picture, dark-frames reports the frame. Gaps
      shorter than 0.2 seconds are closed; a range never crosses a cut.

      Nothing can be labelled in a black frame, so its missing labels are no mistake, but a black
      frame in the middle of a video is a lost picture that counts in every statistic.

      Example    share  .1 .9 1. 1. 1. .97 .1
                 range        XXXXXXXXXXX
      Excuses    a video that is dark by nature (its mean level is usually below 32 of 255, as
                 under infrared light): there a frame is black only where its mean level is at most
                 3, or half of the usual; other dark scenes stay below 98 % as long as something
                 in them is lit
      Source     ffmpeg's blackdetect (picture_black_ratio_th 0.98), which by default waits for 2
                 seconds; here a single frame counts
      """,
    parameters: [
      .init(
        "share", BlackShare.blackFrame, unit: "share",
        "The share of black pixels from which a frame is black."),
      .init("min-length", 0, unit: "seconds", "Shorter ranges are not reported."),
      .init("merge", 0.2, unit: "seconds", "Shorter gaps between two ranges are closed."),
    ],
    frameMetrics: [BlackShare.info.id] + SceneCut.metricsForCuts)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let video = input.video
    return runs(in: video, settings: settings).map { run in
      let length = video.frames.lengthText(of: run.range)
      let verb = run.range.count == 1 ? "is" : "are"
      let percent = (run.mean * 1000).rounded() / 10
      return Finding(
        rule: info.id, level: settings.level, range: run.range, score: min(1, max(0, run.mean)),
        reason: "\(length) \(verb) black: \(percent) % of the pixels")
    }
  }

  /// The ranges of black frames in `video`.
  static func runs(in video: VideoFacts, settings: RuleSettings) -> [Hysteresis.Run] {
    let share = settings["share"]
    let hysteresis = Hysteresis(
      on: share, off: share - 0.01, merge: settings["merge"], minimum: settings["min-length"])
    var shares = video.numbers(of: BlackShare.info)
    let means = video.numbers(of: LumaMean.info)
    if let usual = quantile(ExposureEnd.usualQuantile, of: means.compactMap { $0 }),
      usual < darkVideo
    {
      let limit = max(blackMean, usual * ExposureEnd.usualShare)
      for frame in shares.indices where frame < means.count && means[frame] ?? 0 > limit {
        shares[frame] = 0
      }
    }
    return hysteresis.runs(in: shares, frames: video.frames, cuts: video.cuts)
  }

  /// A video whose frames usually have a mean level below this is dark by nature.
  static let darkVideo = 32.0
  /// The mean level up to which a frame may be black in any video.
  static let blackMean = 3.0
}
