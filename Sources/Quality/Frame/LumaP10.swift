/// The level below which the darkest tenth of the picture lies.
///
/// The lowest level up to which 10 % of the pixels lie, stretched as in ``LumaMean``.
///
/// - Unit: levels 0...255.
/// - Direction: neither is better.
/// - Edge cases: defined for every frame.
/// - Source: YLOW of ffmpeg's signalstats.
public struct LumaP10: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "luma-p10", scope: .frame,
    summary: "The brightness that the darkest tenth of the picture stays below.",
    unit: "levels 0...255", direction: .neutral,
    page: """
      A percentile of the brightness of the working picture.

      Formula    the lowest level L for which at least 10 % of the pixels (their number rounded to
                 a whole one) have Y <= L, stretched to Y' (see luma-mean)
      Range      0...255
      Undefined  never
      Source     YLOW of ffmpeg's signalstats
      """)

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    .value(pass.levels.percentile(0.10))
  }
}
