/// The mean brightness of a frame.
///
/// `mean(Y')`, where `Y' = clamp((Y - 16) * 255 / 219, 0, 255)` for limited range and `Y' = Y` for
/// full range, over the working picture (see ``FramePass``). 0 is black and 255 white.
///
/// - Unit: levels 0...255.
/// - Direction: neither is better.
/// - Edge cases: defined for every frame.
/// - Source: the mean luma of ffmpeg's `signalstats` (YAVG), which does not stretch the range.
public struct LumaMean: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "luma-mean", scope: .frame, summary: "The mean brightness of the frame.",
    unit: "levels 0...255", direction: .neutral,
    page: """
      The mean of the luma plane, where 0 is black and 255 is white.

      It is taken over the working picture, as nearly all frame metrics are: the plane averaged down
      by area so that its shorter side has 270 pixels (a smaller one stays as it is), levels rounded.

      Formula    mean(Y'), Y' = clamp((Y - 16) * 255 / 219, 0, 255); full-range video: Y' = Y
      Range      0...255
      Undefined  never
      Source     YAVG of ffmpeg's signalstats, which leaves limited range as it is: for levels
                 within 16...235, luma-mean = (YAVG - 16) * 255 / 219

      Sudden steps without a cut point at exposure changes. Deeper video counts in 8 bits.
      """)

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    .value(pass.levels.mean)
  }
}
