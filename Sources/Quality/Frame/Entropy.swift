/// How evenly the levels of a frame are used.
///
/// `-sum(p * log2(p))` over the 256 levels of the working picture, `p` the share of pixels of a level.
///
/// - Unit: bits, 0...8.
/// - Direction: neither is better.
/// - Edge cases: 0 for a flat frame.
/// - Source: C. E. Shannon 1948; ffmpeg's `entropy` of the luma plane.
public struct Entropy: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "entropy", scope: .frame, summary: "How evenly the levels of the frame are used.",
    unit: "bits", direction: .neutral,
    page: """
      The entropy of the brightness.

      Formula    -sum(p * log2(p)) over the 256 levels of the working picture as decoded, p the share
                 of the pixels that have the level
      Range      0...8; a flat frame is 0, ordinary pictures are near 7
      Undefined  never
      Source     C. E. Shannon, A mathematical theory of communication, 1948; the value of ffmpeg's
                 entropy for the first plane

      Low values are flat pictures: fog, a covered lens, a test card.
      """)

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    .value(pass.levels.entropy)
  }
}
