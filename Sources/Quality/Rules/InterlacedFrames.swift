import Timeline

/// Finds stretches whose frames hold two moments in alternate lines.
public enum InterlacedFrames: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "interlaced-frames", scope: .video, level: .warning,
    summary: "Frames that show two moments in alternate lines.",
    page: """
      Frames whose even and odd lines were taken at two moments, so that whatever moves has the
      edges of a comb (see the metric combing). The boxes of a moving object then hold it twice,
      and its border is nowhere.

      A frame is combed where the metric reaches 1.3 (`combing`): in the most combed hundredth of
      the picture, lines then differ more from their neighbours than from the lines beyond, which
      are of their own moment. Where nothing moves nothing is combed, so a range reaches from the
      first combed frame to the last, over gaps shorter than 2 seconds (`merge`). A single combed
      frame proves nothing. Where most of the video is interlaced, one finding holds all of it.

      Example    combing  .5 .5 1.4 2. .6 1.8 1.2 .5 .5
                 range          XXXXXXXXXXXXXXXX
      Excuses    GIF, whose dither looks like combs; lines as fine as a row, in a picture that was
                 made smaller without a filter, reach 1
      Source     ours; ffmpeg's idet compares fields, but with the frames before and after
      """,
    parameters: [
      .init("combing", 1.3, unit: "ratio", "The value of the metric from which a frame is combed."),
      .init("merge", 2, unit: "seconds", "Shorter gaps between two ranges are closed."),
    ],
    frameMetrics: [Combing.info.id] + SceneCut.metricsForCuts)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let video = input.video
    let off = endShare * settings["combing"]
    let values = video.numbers(of: Combing.info)
    return ranges(in: video, settings: settings).map { range in
      let shown = range.clamped(to: FrameRange(0, values.count))
      let count = values[shown.start..<shown.end].count { $0.map { $0 >= off } ?? false }
      return Finding(
        rule: info.id, level: settings.level, range: range,
        score: min(1, max(0, 0.5 + Double(count) / Double(max(1, 2 * range.count)))),
        reason: "\(video.frames.lengthText(of: range)) show two moments in alternate lines: "
          + "\(count) of them are combed")
    }
  }

  /// A codec that knows no fields, and whose dither looks like a comb.
  static let fieldless = "gif"

  /// How many combed frames it takes: one may be a texture.
  static let fewestCombed = 2

  /// The share of the limit below which a frame is no longer combed.
  static let endShare = 0.9

  /// The interlaced stretches of `video`, or all of it.
  static func ranges(in video: VideoFacts, settings: RuleSettings) -> [FrameRange] {
    guard video.codec != fieldless else { return [] }
    let on = settings["combing"]
    let values = video.numbers(of: Combing.info)
    let hysteresis = Hysteresis(on: on, off: endShare * on, merge: settings["merge"])
    let runs = hysteresis.runs(in: values, frames: video.frames, cuts: video.cuts)
    let ranges = runs.map { $0.range }.filter { range in
      let count = values[range.start..<range.end].count { $0.map { $0 >= endShare * on } ?? false }
      return count >= fewestCombed
    }
    return video.joinedIfWhole(ranges)
  }
}
