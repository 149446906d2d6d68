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
      finding over the whole stretch. In it, a frame also counts as a repeat where it differs from
      the frame before by less than 30 % of what both of its neighbours do, since a codec hides
      repeats in small or noisy pictures. A stretch has at least 5 repeats; four in five of the
      distances between them are one number of frames or the next. Where most of the video has
      the pattern, one finding holds all of it.

      Other repeats that lie within half a second (`merge`) are one finding; fewer than 3 are a note.

      Repeated frames count one moment twice. An object that is tracked over them stands still and
      then jumps, and speeds are wrong.

      Example    picture  a b c d d e f g h h i j k l l
                 range            XXXXXXXXXXXXXXXXXXXXX
      Excuses    runs of 0.25 seconds (`max-length`) and longer, which frozen-frames reports;
                 black frames
      Source     ours; how repeats are told from new pictures is on the page of the metric frozen
      """,
    parameters: [
      .init(
        "max-length", FrozenFrames.shortest, unit: "seconds",
        "Runs as long as this are left to frozen-frames."),
      .init("merge", 0.5, unit: "seconds", "Repeats closer than this are one finding."),
    ],
    frameMetrics: [Frozen.info.id, FrameDifference.info.id, BlackShare.info.id]
      + SceneCut.metricsForCuts)

  /// The fewest repeats of a pattern.
  static let fewestOfPattern = 5
  /// The share of the distances between repeats that must fit the pattern.
  static let regularShare = 0.8
  /// The share of the difference of both neighbours below which a frame repeats the one before.
  static let quietShare = 0.3
  /// With fewer repeats a finding without a pattern is a note.
  static let fewestOfWarning = 3

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let video = input.video
    let frozen = video.numbers(of: Frozen.info)
    let black = video.blackFlags
    let repeats = Hysteresis(on: 1, off: 1).runs(in: frozen, frames: video.frames, cuts: video.cuts)
      .map { $0.range }.filter { range in
        range.end > black.count || black[range.start..<range.end].contains(false)
      }
    let isShort = repeats.map {
      video.frames.seconds(in: $0) < settings["max-length"] - FrameTable.rounding
    }
    let short = zip(repeats, isShort).filter { $1 }.map { $0.0 }
    let patterns = video.shots.compactMap { shot in
      pattern(in: shot, of: video, repeats: repeats)
    }
    let found = patterns.map { finding($0, in: video, level: settings.level) }
    let single = short.filter { range in !patterns.contains { $0.range.overlaps(range) } }
    return joined(found, patterns, in: video, level: settings.level)
      + groups(of: single, in: video, merge: settings["merge"]).map { group in
        finding(group, in: video, level: settings.level)
      }
  }

  // MARK: Patterns

  /// A stretch in which repeats come at even distances.
  private struct Pattern {
    /// From the first repeat to the end of the last.
    var range: FrameRange
    /// How many frames repeat the frame before.
    var repeats: Int
    /// The mean distance between the starts of two repeats, in frames.
    var distance: Double
  }

  /// The pattern of one shot; nil where its repeats are not regular.
  private static func pattern(
    in shot: FrameRange, of video: VideoFacts, repeats: [FrameRange]
  ) -> Pattern? {
    var frames = Set(
      repeats.filter { $0.overlaps(shot) }.flatMap { Array($0.start..<$0.end) })
    let differences = video.numbers(of: FrameDifference.info)
    for frame in shot.start + 1..<max(shot.start + 1, min(shot.end, differences.count) - 1) {
      guard let before = differences[frame - 1], let here = differences[frame],
        let after = differences[frame + 1]
      else { continue }
      if here < quietShare * min(before, after) { frames.insert(frame) }
    }
    let runs = FrameRange.runs(of: frames)
    guard runs.count >= fewestOfPattern else { return nil }
    let distances = zip(runs, runs.dropFirst()).map { $1.start - $0.start }
    let counts = Dictionary(distances.map { ($0, 1) }, uniquingKeysWith: +)
    // An even distance between two whole numbers, such as 2.5, alternates between both.
    let fitting = counts.keys.map { (counts[$0] ?? 0) + (counts[$0 + 1] ?? 0) }.max() ?? 0
    guard Double(fitting) >= regularShare * Double(distances.count), let first = runs.first,
      let last = runs.last
    else { return nil }
    return Pattern(
      range: FrameRange(first.start, last.end), repeats: frames.count,
      distance: Double(last.start - first.start) / Double(distances.count))
  }

  private static func finding(_ pattern: Pattern, in video: VideoFacts, level: Level) -> Finding {
    let share = Double(pattern.repeats) / Double(pattern.range.count)
    let isWhole = abs(pattern.distance - pattern.distance.rounded()) < 0.1
    let rhythm =
      isWhole
      ? "every \(ordinal(Int(pattern.distance.rounded()))) frame"
      : "one frame in \(decimal(pattern.distance, digits: 1))"
    return Finding(
      rule: info.id, level: level, range: pattern.range, score: 1 - 1 / Double(1 + pattern.repeats),
      reason: "\(rhythm) repeats the frame before: \(pattern.repeats) of "
        + "\(counted(pattern.range.count, "frame")), as in a video of "
        + "\(decimal(video.frames.frameRate * (1 - share), digits: 1)) pictures a second")
  }

  /// The pattern of the whole video where most of it has one, else the patterns of the shots.
  private static func joined(
    _ findings: [Finding], _ patterns: [Pattern], in video: VideoFacts, level: Level
  ) -> [Finding] {
    let whole = video.joinedIfWhole(patterns.map { $0.range })
    guard whole.count == 1, patterns.count > 1 else { return findings }
    let gaps = Double(patterns.reduce(0) { $0 + $1.range.count })
    let distance = patterns.reduce(0) { $0 + $1.distance * Double($1.range.count) } / gaps
    let repeats = patterns.reduce(0) { $0 + $1.repeats }
    return [
      finding(
        Pattern(range: whole[0], repeats: repeats, distance: distance), in: video, level: level)
    ]
  }

  // MARK: Single repeats

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

  /// `2nd`, `3rd`, `25th`.
  private static func ordinal(_ number: Int) -> String {
    switch (number % 10, number % 100) {
    case (_, 11...13): "\(number)th"
    case (1, _): "\(number)st"
    case (2, _): "\(number)nd"
    case (3, _): "\(number)rd"
    default: "\(number)th"
    }
  }
}
