/// Sharpness as the variance of the Laplacian.
///
/// `var(L)` with `L = Y'(up) + Y'(down) + Y'(left) + Y'(right) - 4 Y'`, neighbours outside the frame
/// mirrored without repeating the edge; `Y'` as for ``LumaMean``.
///
/// - Unit: levels squared, from 0.
/// - Direction: higher is better.
/// - Edge cases: 0 for a flat frame; noise raises it; it depends on the resolution.
/// - Source: J. L. Pech-Pacheco et al., ICPR 2000; equal to the variance of OpenCV's `Laplacian`.
public struct LaplacianVariance: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "laplacian-variance", scope: .frame,
    summary: "Sharpness: how much fine detail the frame has.",
    unit: "levels squared", direction: .higherIsBetter,
    page: """
      The variance of the Laplacian, the familiar measure of blur.

      Formula    var(L), L = up + down + left + right - 4 * centre over Y' (see luma-mean);
                 neighbours outside mirror without repeating the edge (BORDER_REFLECT_101)
      Range      from 0; a flat frame is 0, ordinary pictures are in the hundreds
      Undefined  never
      Source     J. L. Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy, ICPR
                 2000; cv2.Laplacian(Y', CV_64F).var()

      It is measured on the working picture (see luma-mean), since it depends strongly on the
      resolution; videos of fewer than 270 lines do not compare with others. Noise raises it.
      tenengrad falls more evenly as blur grows.
      """)

  /// See ``FrameMetric/needs``.
  public static let needs: FramePass.Parts = .edges

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    let edges = pass.edges
    let variance = variance(
      count: edges.count, sum: edges.laplacian, sumOfSquares: edges.laplacianSquares)
    return .value(variance * pass.levelScale * pass.levelScale)
  }
}
