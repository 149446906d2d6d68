import Timeline

/// One end of the scale of brightness, and how far from it most of a picture must stay.
///
/// Dark and white frames are the same thing seen from two ends: the ninth tenth of the pixels, seen
/// from there, is too near to the end, and nearer than is usual in the video.
struct ExposureEnd {
  /// A range of frames that are too near to the end.
  struct Run {
    /// The frames, half-open.
    var range: FrameRange
    /// The mean distance from the end, in levels 0...255.
    var mean: Double
  }

  /// What ``judged(in:level:share:merge:minimum:)`` found.
  struct Exposure {
    /// The ranges that are too near; empty where the whole video is.
    var runs: [Run] = []
    /// The usual distance where the whole video is too near; nil where it is not.
    var throughout: Double?
  }

  /// The percentile of the levels that is looked at.
  let metric: String
  // The distance from the end is `origin + sign * percentile`.
  private let origin: Double
  private let sign: Double

  /// The dark end: the level below which 90 % of the pixels lie.
  static let dark = ExposureEnd(metric: LumaP90.info.id, origin: 0, sign: 1)
  /// The bright end: the level above which 90 % of the pixels lie.
  static let bright = ExposureEnd(metric: LumaP10.info.id, origin: 255, sign: -1)

  /// The distance from black up to which a frame is dark, in levels.
  static let darkLevel = 48.0
  /// The level from which on a frame is bright.
  static let brightLevel = 225.0
  /// The share of the usual distance up to which a frame is too near to an end.
  static let usualShare = 0.5
  /// How much larger the distance is that ends a range.
  static let slack = 1.15
  /// The usual distance is that which this share of the frames stays below.
  ///
  /// More than half, since a fault may spoil more than half of a video.
  static let usualQuantile = 0.8
  /// The longest end of a fade, in seconds: dark frames beside black ones.
  static let longestFade = 1.0

  /// Judges the frames of `video`; black frames have no part in it.
  ///
  /// - Parameters:
  ///   - video: The video, with the percentile and the share of black pixels measured.
  ///   - level: The distance from the end up to which a frame is too near, in levels.
  ///   - share: The share of the usual distance that it must not exceed either.
  ///   - merge: Shorter gaps are closed, in seconds.
  ///   - minimum: Shorter ranges are dropped, in seconds.
  /// - Returns: The ranges, or the usual distance where the whole video is too near.
  func judged(
    in video: VideoFacts, level: Double, share: Double, merge: Double, minimum: Double
  ) -> Exposure {
    let black = video.blackFlags
    let distances = (video.metrics[metric] ?? []).enumerated().map { frame, value -> Double? in
      frame < black.count && black[frame] ? nil : value.number.map { origin + sign * $0 }
    }
    guard let usual = quantile(Self.usualQuantile, of: distances.compactMap { $0 }) else {
      return Exposure()
    }
    if usual <= level { return Exposure(throughout: usual) }
    let limit = min(level, usual * share)
    // Runs are of high values: nearness is the distance turned round.
    let hysteresis = Hysteresis(
      on: -limit, off: -limit * Self.slack, merge: merge, minimum: minimum)
    let runs = hysteresis.runs(
      in: distances.map { $0.map { -$0 } }, frames: video.frames, cuts: video.cuts)
    return Exposure(
      runs: runs.filter { !isFade($0.range, in: video, black: black) }.map {
        Run(range: $0.range, mean: -$0.mean)
      })
  }

  /// Whether `range` is the dark end of a fade to or from black frames.
  private func isFade(_ range: FrameRange, in video: VideoFacts, black: [Bool]) -> Bool {
    [range.start - 1, range.end].contains { black.indices.contains($0) && black[$0] }
      && video.frames.seconds(in: range) <= Self.longestFade + FrameTable.rounding
  }
}

extension VideoFacts {
  /// For every frame whether it lies in a range that `black-frames` reports by default; empty where
  /// the share of black pixels was not measured.
  var blackFlags: [Bool] {
    var flags = [Bool](repeating: false, count: metrics[BlackShare.info.id]?.count ?? 0)
    for run in BlackFrames.runs(in: self, settings: RuleSettings(BlackFrames.info)) {
      for frame in run.range.start..<run.range.end { flags[frame] = true }
    }
    return flags
  }

  /// For every frame whether it is black, dark or washed out by default.
  var spoiltFlags: [Bool] {
    var flags = blackFlags
    flags += repeatElement(false, count: max(0, frames.count - flags.count))
    let ends = [
      (ExposureEnd.dark, ExposureEnd.darkLevel), (.bright, 255 - ExposureEnd.brightLevel),
    ]
    for (end, level) in ends {
      let exposure = end.judged(
        in: self, level: level, share: ExposureEnd.usualShare, merge: 0, minimum: 0)
      for run in exposure.runs {
        for frame in run.range.start..<run.range.end { flags[frame] = true }
      }
    }
    return flags
  }
}
