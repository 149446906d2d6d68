import Timeline

/// Finds single frames that repeat the frame before, and videos that do so in a pattern.
public enum DuplicateFrames: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "duplicate-frames", scope: .video, level: .warning,
    summary: "Frames that repeat the frame before them.",
    page: """
      Frames that repeat the picture before them, too few in a row for frozen-frames: a recorder
      that filled a lost frame, or a video that was given another frame rate.

      A regular pattern, such as every 5th frame where 24 pictures a second were made 30, is one
      finding over the whole stretch, which says how many pictures a second there are. In it, a
      frame also counts as a repeat where its temporal-information is less than 30 % of that of some
      frame in the 0.25 seconds before and of some frame in those after, since a codec hides repeats
      in small or noisy pictures. A stretch has at least 5 runs of repeats; four in five of
      the distances between them are the same, up to a frame or a half of it more. Where most of
      the video has the pattern, one finding holds all of it.

      Other repeats that lie within half a second (`merge`) are one finding; fewer than 3 are a note.

      Repeated frames count one moment twice. An object that is tracked over them stands still and
      then jumps, and speeds are wrong.

      Example    picture  a b c d d e f g h h i j k l l
                 range            XXXXXXXXXXXXXXXXXXXXX
      Excuses    runs of 0.25 seconds (`max-length`) and longer, which frozen-frames reports;
                 black frames; repeats among frames that change by less than four times as much, or
                 by less than 0.01 levels in the mean: nothing moves there
      Source     ours; how repeats are told from new pictures is on the page of the metric frozen
      """,
    parameters: [
      .init(
        "max-length", FrozenFrames.shortest, unit: "seconds",
        "Runs as long as this are left to frozen-frames."),
      .init("merge", 0.5, unit: "seconds", "Repeats closer than this are one finding."),
    ],
    frameMetrics: [
      Frozen.info.id, FrameDifference.info.id, TemporalInformation.info.id, BlackShare.info.id,
    ] + SceneCut.metricsForCuts)

  /// The share of the differences around them up to which lone repeats stand out.
  static let singleShare = 0.25
  /// The mean difference in levels up to which nothing moves: a pixel in a hundred, by one level.
  static let stillness = 0.01
  /// With fewer repeats a finding without a pattern is a note.
  static let fewestOfWarning = 3

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let video = input.video
    let repeats = video.repeats
    let isShort = repeats.map {
      video.frames.seconds(in: $0) < settings["max-length"] - FrameTable.rounding
    }
    let short = zip(repeats, isShort).filter { $1 }.map { $0.0 }
    let patterns = RepeatPattern.all(in: video)
    let differences = video.numbers(of: FrameDifference.info)
    let single = short.filter { range in
      !patterns.contains { $0.range.overlaps(range) } && standsOut(range, among: differences)
    }
    return patterns.map { finding($0, in: video, level: settings.level) }
      + groups(of: single, in: video, merge: settings["merge"]).map { group in
        finding(group, in: video, level: settings.level)
      }
  }

  private static func finding(_ pattern: RepeatPattern, in video: VideoFacts, level: Level)
    -> Finding
  {
    let rate = video.frames.frameRate * (1 - pattern.share)
    let shown = decimal(rate, digits: abs(rate - rate.rounded()) < 0.05 ? 0 : 1)
    return Finding(
      rule: info.id, level: level, range: pattern.range, score: 1 - 1 / Double(1 + pattern.repeats),
      reason: "\(pattern.words), as in a video of \(shown) pictures a second "
        + "(\(pattern.repeats) found in \(counted(pattern.range.count, "frame")))")
  }

  // MARK: Single repeats

  /// Whether the frames around repeats change by much more than these.
  ///
  /// Where nothing moves, one frame is as good as a repeat of the next.
  private static func standsOut(_ range: FrameRange, among differences: [Double?]) -> Bool {
    func difference(at frame: FrameIndex) -> Double? {
      differences.indices.contains(frame) ? differences[frame] : nil
    }
    let around = [range.start - 1, range.end].compactMap { difference(at: $0) }
    let repeated = (range.start..<range.end).compactMap { difference(at: $0) }
    guard let least = around.min(), let most = repeated.max() else { return true }
    return least > stillness && most <= singleShare * least
  }

  private static func groups(
    of ranges: [FrameRange], in video: VideoFacts, merge: Double
  ) -> [[FrameRange]] {
    var groups: [[FrameRange]] = []
    for range in ranges {
      if let last = groups.last?.last,
        video.frames.seconds(in: FrameRange(last.end, range.start)) < merge - FrameTable.rounding,
        video.cut(in: FrameRange(last.start, range.end)) == nil
      {
        groups[groups.count - 1].append(range)
      } else {
        groups.append([range])
      }
    }
    return groups
  }

  private static func finding(_ group: [FrameRange], in video: VideoFacts, level: Level) -> Finding
  {
    let range = FrameRange(group[0].start, group[group.count - 1].end)
    let repeats = group.reduce(0) { $0 + $1.count }
    let verb = repeats == 1 ? "repeats" : "repeat"
    let what =
      group.count == 1
      ? "\(video.frames.lengthText(of: range)) \(verb) the picture of frame "
        + "\(max(0, range.start - 1))"
      : "\(repeats) of \(counted(range.count, "frame")) repeat the frame before"
    return Finding(
      rule: info.id, level: repeats < fewestOfWarning ? min(.note, level) : level, range: range,
      score: Double(repeats) / Double(repeats + fewestOfWarning), reason: what)
  }
}
