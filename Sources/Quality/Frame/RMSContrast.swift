/// The contrast of a frame: the standard deviation of its brightness.
///
/// `sd(Y') / 255` with the population standard deviation; `Y'` as for ``LumaMean``.
///
/// - Unit: share of full scale, 0...0.5.
/// - Direction: higher is better.
/// - Edge cases: 0 for a flat frame and for a single pixel.
/// - Source: E. Peli, "Contrast in complex images", J. Opt. Soc. Am. A 7 (1990).
public struct RMSContrast: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "rms-contrast", scope: .frame,
    summary: "How much the brightness varies within the frame.",
    unit: "share of full scale", direction: .higherIsBetter,
    page: """
      The standard deviation of the luma plane as a share of full scale.

      Formula    sd(Y') / 255, population standard deviation; Y' as for luma-mean
      Range      0...0.5; 0 is a flat frame, half black and half white is 0.5
      Undefined  never; a single pixel has contrast 0
      Source     E. Peli, Contrast in complex images, J. Opt. Soc. Am. A 7 (1990)

      Low values are fog, glare or a covered lens. Compare within one video.
      """)

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    .value(pass.levels.standardDeviation / 255)
  }
}
