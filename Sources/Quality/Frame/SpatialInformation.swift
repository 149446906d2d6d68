/// How much detail a frame has: the spread of its gradients.
///
/// `sd(sqrt(Gx² + Gy²))` with the 3x3 Sobel operators over `Y'` (see ``LumaMean``), without the pixels
/// on the border; the population standard deviation.
///
/// - Unit: levels.
/// - Direction: neither is better.
/// - Edge cases: 0 for a flat frame; undefined below three pixels a side.
/// - Source: SI of ITU-T P.910; ffmpeg's `siti`.
public struct SpatialInformation: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "spatial-information", scope: .frame, summary: "How much detail the frame has.",
    unit: "levels", direction: .neutral,
    page: """
      The spatial information of ITU-T P.910, of one frame.

      Formula    sd(sqrt(Gx^2 + Gy^2)), 3x3 Sobel over Y' (see luma-mean), all pixels but those on the
                 border, population standard deviation
      Range      from 0; a flat frame is 0, ordinary pictures lie between 30 and 130
      Undefined  where the frame has fewer than three pixels a side
      Source     ITU-T P.910; SI of ffmpeg's siti, which drops the fraction of Y'

      High values cost bits and hide small objects.
      """)

  /// See ``FrameMetric/needs``.
  public static let needs: FramePass.Parts = .edges

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    let edges = pass.edges
    guard edges.innerCount > 0 else { return .undefined("too few pixels") }
    let count = Double(edges.innerCount)
    let mean = edges.innerMagnitude / count
    let variance = max(0, Double(edges.innerSquares) / count - mean * mean)
    return .value(variance.squareRoot() * pass.levelScale)
  }
}
