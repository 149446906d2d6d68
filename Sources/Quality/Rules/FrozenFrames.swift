import Timeline

/// Finds ranges in which the video repeats one picture.
public enum FrozenFrames: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "frozen-frames", scope: .video, level: .warning,
    summary: "Frames that repeat one picture.",
    page: """
      Frames that repeat the picture before them although time goes on (see the metric frozen): a
      camera that hung, a recorder that filled lost frames, a still. The range starts with the first
      repeat, not with the picture it repeats, and ends before the next new picture. It never
      crosses a cut.

      Labels on repeated frames count one moment many times, and make every measure of stability
      look better than it is.

      Example    picture  a b c c c c c c c c d e
                 range          XXXXXXXXXXXXX
      Excuses    ranges shorter than 0.25 seconds, which duplicate-frames reports: repeats that
                 only fill up a frame rate, as in a a b b c c, however long; black frames, which
                 black-frames reports, are a note
      Source     ffmpeg's freezedetect, which waits for 2 seconds and compares means; how noise of
                 the codec is told from motion is on the page of the metric frozen
      """,
    parameters: [
      .init("min-length", shortest, unit: "seconds", "Shorter ranges are not reported.")
    ],
    frameMetrics: [BlackShare.info.id, Frozen.info.id, TemporalInformation.info.id]
      + SceneCut.metricsForCuts)

  /// The shortest range that is reported, in seconds; `duplicate-frames` reports shorter ones.
  static let shortest = 0.25

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let video = input.video
    let minimum = settings["min-length"]
    let black = video.blackFlags
    let hysteresis = Hysteresis(on: 1, off: 1, minimum: max(0, minimum))
    let repeats = video.numbers(of: Frozen.info)
    let patterns = RepeatPattern.all(in: video)
    return hysteresis.runs(in: repeats, frames: video.frames, cuts: video.cuts).filter { run in
      !patterns.contains { $0.explains(run.range) }
    }.map { run in
      let seconds = video.frames.seconds(in: run.range)
      let verb = run.range.count == 1 ? "repeats" : "repeat"
      let shown = max(0, run.range.start - 1)
      let isBlack =
        run.range.end <= black.count && !black[run.range.start..<run.range.end].contains(false)
      return Finding(
        rule: info.id, level: isBlack ? .note : settings.level, range: run.range,
        score: seconds > 0 ? seconds / (seconds + max(0, minimum)) : 0,
        cause: isBlack ? .frameQuality : .unexplained,
        reason: "\(video.frames.lengthText(of: run.range)) \(verb) the picture of frame \(shown)"
          + (isBlack ? ", which is black" : ""))
    }
  }
}
