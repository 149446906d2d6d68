/// The share of black pixels in a frame.
///
/// A pixel is black up to a tenth of the way from black to white: `Y <= 16 + 0.10 * 219`, rounded
/// down to 37, and 25 in full range.
///
/// - Unit: share, 0...1.
/// - Direction: lower is better.
/// - Edge cases: defined for every frame; dark scenes reach 0.97.
/// - Source: ffmpeg's `blackdetect` with its default pixel threshold.
public struct BlackShare: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "black-share", scope: .frame, summary: "The share of black pixels.", unit: "share",
    direction: .lowerIsBetter,
    page: """
      The share of pixels that are black.

      Formula    share of pixels with Y <= 37 as decoded (16 + 0.10 * 219, rounded down); Y <= 25
                 in full-range video
      Range      0...1; 1 is a black frame
      Undefined  never
      Source     ffmpeg's blackdetect with pixel_black_th 0.10

      A frame with a burned-in clock stays close to 1. Dark scenes under infrared light reach 0.97.
      """)

  /// The share from which a frame counts as black, as ffmpeg's `blackdetect` has it.
  public static let blackFrame = 0.98

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    .value(pass.levels.blackShare)
  }
}
