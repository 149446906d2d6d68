import Timeline

/// How strongly the brightness goes up and down around a frame, in levels.
///
/// The median of `|d|` over the frames around, with `d = Y(t) - mean of Y(t-2)...Y(t+2)`; 0 where
/// `d` does not keep changing its sign.
///
/// - Unit: levels 0...255.
/// - Direction: lower is better.
/// - Edge cases: undefined in shots shorter than five frames.
/// - Source: ours, with the five frames of ffmpeg's `deflicker`.
public enum BrightnessFlicker: SeriesMetric {
  /// See ``SeriesMetric/info``.
  public static let info = MetricInfo(
    id: "brightness-flicker", scope: .frame,
    summary: "How strongly the brightness goes up and down around here.",
    unit: "levels 0...255", direction: .lowerIsBetter,
    page: """
      How strongly the brightness of the whole picture alternates around a frame: lamps on mains
      current that beat against the shutter, a display or a time lapse that flickers.

      Formula    d(t) = Y(t) - mean of Y(t-2)...Y(t+2), Y = luma-mean, within the shot
                 median of |d| over the frames up to 0.2 s before and after, at least 4 frames each
                 way; 0 where fewer than a third of the neighbours among them, or fewer than 4,
                 differ in the sign of d; a |d| below half of the median has no sign
      Range      0...255; brightness that alternates by a from frame to frame scores 0.4 a
      Undefined  in shots shorter than 5 frames
      Source     ours; the window of 5 frames is that of ffmpeg's deflicker

      The mean of the five frames, not their median: the median of a picture that alternates every
      frame follows it exactly, and nothing would deviate. A step changes the sign of d once and a
      flash twice; a fade does not deviate at all.
      """)

  /// See ``SeriesMetric/inputs``.
  public static let inputs = [LumaMean.info.id]

  /// The frames on either side whose mean is taken.
  static let reach = 2
  /// The seconds on either side that are looked at, and at least the frames.
  static let surroundings = (seconds: 0.2, frames: 4)
  /// The fewest changes of sign, and their smallest share among neighbours.
  static let fewestChanges = (count: 4, share: 1.0 / 3)

  /// The share of the median deviation below which a deviation has no sign.
  static let clear = 0.5

  /// See ``SeriesMetric/values(of:)``.
  public static func values(of input: SeriesInput) -> [MetricValue] {
    let means = input.numbers(of: LumaMean.info.id)
    let around = input.frames.frames(
      in: surroundings.seconds, minimum: surroundings.frames)
    return input.shots.flatMap { shot in
      values(of: means[shot.start..<shot.end].map { $0 }, around: around)
    }
  }

  private static func values(of shot: [Double?], around: Int) -> [MetricValue] {
    guard shot.count > 2 * reach else { return shot.map { _ in .undefined("the shot is short") } }
    let known = shot.compactMap { $0 }
    guard known.count == shot.count else {
      return shot.map { _ in .undefined("a brightness is unknown") }
    }
    let deviations = known.indices.map { frame in
      let window = known[max(0, frame - reach)...min(known.count - 1, frame + reach)]
      return known[frame] - window.reduce(0, +) / Double(window.count)
    }
    return deviations.indices.map { frame in
      let part = deviations[max(0, frame - around)...min(deviations.count - 1, frame + around)]
      let usual = median(of: part.map(abs)) ?? 0
      let changes = zip(part, part.dropFirst()).count {
        $0 * $1 < 0 && min(abs($0), abs($1)) >= usual * clear
      }
      let fewest = max(
        Double(fewestChanges.count), fewestChanges.share * Double(part.count - 1))
      return .value(Double(changes) < fewest ? 0 : usual)
    }
  }
}
