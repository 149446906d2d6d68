/// Sharpness as the mean squared Sobel gradient.
///
/// `mean(Gx² + Gy²)` with the 3x3 Sobel operators over `Y'` (see ``LumaMean``), neighbours outside
/// the frame mirrored without repeating the edge.
///
/// - Unit: levels squared, from 0.
/// - Direction: higher is better.
/// - Edge cases: 0 for a flat frame; it depends on the resolution.
/// - Source: J. M. Tenenbaum, "Accommodation in computer vision", Stanford 1970; E. Krotkov 1988.
public struct Tenengrad: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "tenengrad", scope: .frame, summary: "Sharpness: how steep the edges of the frame are.",
    unit: "levels squared", direction: .higherIsBetter,
    page: """
      The mean squared gradient. It falls more evenly with blur than laplacian-variance does and is
      less upset by noise.

      Formula    mean(Gx^2 + Gy^2), 3x3 Sobel over Y' (see luma-mean); neighbours outside mirror
                 without repeating the edge (BORDER_REFLECT_101)
      Range      from 0; a flat frame is 0, ordinary pictures are in the thousands
      Undefined  never
      Source     J. M. Tenenbaum, Accommodation in computer vision, Stanford 1970; E. Krotkov,
                 Focusing, IJCV 1988; cv2.Sobel with ksize 3

      It is measured on the working picture (see luma-mean), since it depends on the resolution;
      videos of fewer than 270 lines do not compare with others.
      """)

  /// See ``FrameMetric/needs``.
  public static let needs: FramePass.Parts = .edges

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    let mean = Double(pass.edges.gradientSquares) / Double(pass.edges.count)
    return .value(mean * pass.levelScale * pass.levelScale)
  }
}
