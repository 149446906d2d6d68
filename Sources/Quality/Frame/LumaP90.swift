/// The level below which all but the brightest tenth of the picture lies.
///
/// The lowest level up to which 90 % of the pixels lie, stretched as in ``LumaMean``.
///
/// - Unit: levels 0...255.
/// - Direction: neither is better.
/// - Edge cases: defined for every frame.
/// - Source: YHIGH of ffmpeg's signalstats.
public struct LumaP90: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "luma-p90", scope: .frame,
    summary: "The brightness that all but the brightest tenth of the picture stays below.",
    unit: "levels 0...255", direction: .neutral,
    page: """
      A percentile of the brightness of the working picture.

      Formula    the lowest level L for which at least 90 % of the pixels (their number rounded to
                 a whole one) have Y <= L, stretched to Y' (see luma-mean)
      Range      0...255
      Undefined  never
      Source     YHIGH of ffmpeg's signalstats
      """)

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    .value(pass.levels.percentile(0.90))
  }
}
