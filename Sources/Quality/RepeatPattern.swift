import Timeline

/// A stretch of one shot in which frames repeat the one before at even distances.
///
/// A video that was brought from 10 pictures a second to 25 shows each picture for 2 or 3 frames,
/// in turn. Looking ahead finds repeats that no frame alone shows: a codec hides them in small or
/// noisy pictures, but not their rhythm.
struct RepeatPattern: Hashable {
  /// From the first repeat to the end of the last.
  var range: FrameRange
  /// How many frames repeat the frame before.
  var repeats: Int
  /// The mean distance between the starts of two runs of repeats, in frames.
  var distance: Double

  /// The fewest runs of repeats of a pattern.
  static let fewest = 5
  /// The share of the distances between runs that must fit the pattern.
  static let regularShare = 0.8
  /// How much further apart than the nearest runs others of a pattern may be, as a share, at least
  /// one frame: clocks that do not match make 4 and 6 out of some distances of 5.
  static let slack = 0.5
  /// The share of the changes on both sides below which a frame repeats the one before.
  static let quietShare = 0.3
  /// The most runs that the words for a pattern count together: `7 of 12 frames` are five.
  static let mostRuns = 6

  /// The fewest whole runs that lie a whole number of frames apart: 2 runs in 5 frames; nil where
  /// there are none that one would name.
  private var rhythm: (runs: Int, frames: Int)? {
    for runs in 1...Self.mostRuns {
      let frames = (distance * Double(runs)).rounded()
      if abs(distance * Double(runs) - frames) < 0.15 { return (runs, Int(frames)) }
    }
    return nil
  }

  private var isMostlyRepeats: Bool { 2 * repeats > range.count }

  /// The share of the frames that repeat the one before, as the distance has it: repeats that were
  /// missed within a run do not change it.
  var share: Double {
    let runsAFrame = rhythm.map { Double($0.runs) / Double($0.frames) } ?? 1 / distance
    return isMostlyRepeats ? 1 - runsAFrame : runsAFrame
  }

  /// `every 5th frame repeats the frame before`, or `3 of 5 frames repeat the frame before`.
  var words: String {
    guard let (runs, frames) = rhythm else {
      return "\(decimal(100 * share, digits: 0)) % of the frames repeat the frame before"
    }
    if runs == 1 && (!isMostlyRepeats || frames <= 2) {
      return "every \(ordinal(frames)) frame repeats the frame before"
    }
    return "\(isMostlyRepeats ? frames - runs : runs) of \(frames) frames repeat the frame before"
  }

  /// Whether a run of repeats is part of the rhythm; a longer one is a freeze.
  func explains(_ run: FrameRange) -> Bool {
    range.overlaps(run) && Double(run.count) <= 2 * distance
  }

  /// The patterns of a video, at most one a shot; in a video of many shots that mostly has one, a
  /// single pattern over all of it.
  static func all(in video: VideoFacts) -> [RepeatPattern] {
    let repeats = video.repeats
    // Not the mean difference: a flicker in every third frame is no motion.
    let changes = video.numbers(of: TemporalInformation.info)
    let reach = max(1, Int(FrozenFrames.shortest * max(0, min(1e6, video.frames.frameRate))))
    let patterns = video.shots.compactMap { shot in
      let known = repeats.filter { $0.overlaps(shot) }.flatMap { Array($0.start..<$0.end) }
      return RepeatPattern(
        of: Set(known).union(quietFrames(in: shot, of: changes, reach: reach)))
    }
    let whole = video.joinedIfWhole(patterns.map { $0.range })
    guard whole.count == 1, patterns.count > 1 else { return patterns }
    let frames = Double(patterns.reduce(0) { $0 + $1.range.count })
    return [
      RepeatPattern(
        range: whole[0], repeats: patterns.reduce(0) { $0 + $1.repeats },
        distance: patterns.reduce(0) { $0 + $1.distance * Double($1.range.count) } / frames)
    ]
  }

  /// The pattern of frames of one shot that repeat the one before; nil where they are not regular.
  private init?(of frames: Set<FrameIndex>) {
    let runs = FrameRange.runs(of: frames)
    guard runs.count >= Self.fewest, let first = runs.first, let last = runs.last else {
      return nil
    }
    let distances = zip(runs, runs.dropFirst()).map { $1.start - $0.start }
    // An even distance between two whole numbers, such as 2.5, alternates between both.
    func fitting(_ nearest: Int) -> [Int] {
      let furthest = nearest + max(1, Int(Double(nearest) * Self.slack))
      return distances.filter { nearest...furthest ~= $0 }
    }
    let nearest = Set(distances).max { (fitting($0).count, $0) < (fitting($1).count, $1) }
    let fit = nearest.map(fitting) ?? []
    guard Double(fit.count) >= Self.regularShare * Double(distances.count) else { return nil }
    self.init(
      range: FrameRange(first.start, last.end), repeats: frames.count,
      distance: Double(fit.reduce(0, +)) / Double(fit.count))
  }

  private init(range: FrameRange, repeats: Int, distance: Double) {
    (self.range, self.repeats, self.distance) = (range, repeats, distance)
  }

  // The frames that change by much less than some frame shortly before and some shortly after.
  private static func quietFrames(
    in shot: FrameRange, of changes: [Double?], reach: Int
  ) -> [FrameIndex] {
    let end = min(shot.end, changes.count)
    func largest(_ start: FrameIndex, _ end: FrameIndex) -> Double? {
      start < end ? changes[start..<end].compactMap { $0 }.max() : nil
    }
    // The first frame of a shot differs from the shot before.
    return (shot.start + 1..<max(shot.start + 1, end)).filter { frame in
      guard let here = changes[frame],
        let before = largest(max(shot.start + 1, frame - reach), frame),
        let after = largest(frame + 1, min(end, frame + 1 + reach))
      else { return false }
      return here < quietShare * min(before, after)
    }
  }
}

extension VideoFacts {
  /// The runs of frames that repeat the frame before, without black ones.
  var repeats: [FrameRange] {
    let black = blackFlags
    return Hysteresis(on: 1, off: 1).runs(in: numbers(of: Frozen.info), frames: frames, cuts: cuts)
      .map { $0.range }.filter { range in
        range.end > black.count || black[range.start..<range.end].contains(false)
      }
  }
}
