import Timeline

/// Finds the first frame of every new shot.
public enum SceneCuts: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "scene-cut", scope: .video, level: .note, summary: "A new shot starts.",
    page: """
      A frame that shows another scene than the frame before, as the metric scene-cut scores it.
      Nothing is wrong with a cut. It is listed since so much depends on it: no track goes on
      across it, no range of another finding holds it, and sharpness and brightness start afresh.

      The range is the first frame of the new shot. Where a cut is found in the middle of a shot,
      the findings around it are to be read with that in mind.

      Example    picture  a a a a b b b b
                 range            X
      Excuses    flashes, and black frames for up to 0.2 seconds: the picture is back after them
      Source     ffmpeg's scdet; how flashes are told from cuts is on the page of the metric
      """,
    frameMetrics: SceneCut.metricsForCuts)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let video = input.video
    let scores = video.numbers(of: SceneCut.info)
    return video.cuts.filter { $0 < video.frames.count }.map { cut in
      let score = scores.indices.contains(cut) ? scores[cut] : nil
      return Finding(
        rule: info.id, level: settings.level, range: FrameRange(frame: cut),
        score: score.map { min(1, max(0, $0 / (abs($0) + SceneCut.threshold))) } ?? 1,
        reason: "a new shot starts at frame \(cut)"
          + (score.map { ", with a score of \(decimal($0, digits: 1))" } ?? ""))
    }
  }
}
