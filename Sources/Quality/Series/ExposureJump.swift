import Timeline

/// By how much the brightness steps at a frame, in levels, where the step persists.
///
/// The gap between the levels of the frames before and the levels of the frames from this one on:
/// `max(0, min(after) - max(before), min(before) - max(after))`, with three frames (or 0.1 seconds,
/// where that is more) on either side. A flash does not persist, and a fade has no step: both
/// score next to nothing.
///
/// - Unit: levels 0...255.
/// - Direction: lower is better.
/// - Edge cases: 0 in the first frame of a shot; undefined where the shot ends before the step can
///   have persisted, or where the mean of a frame is undefined.
/// - Source: ours.
public enum ExposureJump: SeriesMetric {
  /// See ``SeriesMetric/info``.
  public static let info = MetricInfo(
    id: "exposure-jump", scope: .frame,
    summary: "By how much the brightness steps here and stays.",
    unit: "levels 0...255", direction: .lowerIsBetter,
    page: """
      The step of the mean brightness between the frames before and the frames from here on, where
      it persists: a camera that switches its exposure, a lamp that goes on.

      Formula    max(0, min A - max B, min B - max A); A = luma-mean of frames t...t+n-1, B = of
                 frames t-n...t-1, within the shot; n = 3 frames, or 0.1 s where that is more
      Range      0...255
      Undefined  where the shot ends within n frames: nobody can tell whether the step persists
      Source     ours

      The gap between the two ranges of levels, not the difference of two means: a flash is back
      within n frames and scores 0, and a fade scores no more than it changes from frame to frame.
      It is 0 in the first frame of a shot: a cut may change the brightness.
      """)

  /// See ``SeriesMetric/inputs``.
  public static let inputs = [LumaMean.info.id]

  /// How long a step must persist, in seconds, and at least in frames.
  static let persistence = (seconds: 0.1, frames: 3)

  /// See ``SeriesMetric/values(of:)``.
  public static func values(of input: SeriesInput) -> [MetricValue] {
    let means = input.numbers(of: LumaMean.info.id)
    let window = input.frames.frames(in: persistence.seconds, minimum: persistence.frames)
    return input.shots.flatMap { shot in
      (shot.start..<shot.end).map { frame in
        if frame == shot.start { return .value(0) }
        guard shot.end - frame >= window else { return .undefined("the shot ends") }
        let before = means[max(shot.start, frame - window)..<frame]
        let after = means[frame..<frame + window]
        guard let old = range(of: before), let new = range(of: after) else {
          return .undefined("a brightness is unknown")
        }
        return .value(
          max(0, new.lowerBound - old.upperBound, old.lowerBound - new.upperBound))
      }
    }
  }

  private static func range(of values: ArraySlice<Double?>) -> ClosedRange<Double>? {
    let known = values.compactMap { $0 }
    guard known.count == values.count, let low = known.min(), let high = known.max() else {
      return nil
    }
    return low...high
  }
}
