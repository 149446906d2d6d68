/// The noise of a frame, estimated from its finest detail.
///
/// `sqrt(pi/2) / 6 * mean(abs(Y * M))` with the mask `M = [1 -2 1; -2 4 -2; 1 -2 1]` over the native
/// pixels that are not on the border, stretched to the scale 0...255 in limited range.
///
/// - Unit: levels, from 0: the standard deviation of the noise.
/// - Direction: lower is better.
/// - Edge cases: undefined in a frame of fewer than 3 rows or columns; texture counts as noise.
/// - Source: J. Immerkaer, "Fast noise variance estimation", CVIU 1996.
public struct Noise: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "noise", scope: .frame, summary: "How noisy the frame is.", unit: "levels",
    direction: .lowerIsBetter,
    page: """
      The standard deviation of the noise, as estimated from the finest detail of one frame.

      Formula    sqrt(pi/2) / 6 * mean(abs(Y * M)), M = [1 -2 1; -2 4 -2; 1 -2 1], over pixels not on
                 the border; limited range: times 255 / 219
      Range      from 0; a clean picture is below 4, strong grain above 10
      Undefined  in a frame of fewer than 3 rows or columns
      Source     J. Immerkaer, Fast noise variance estimation, Computer Vision and Image
                 Understanding 1996

      It is measured on native pixels, since averaging down would remove the noise. A frame of up to
      65536 pixels is seen whole; of a larger one about as many, in rows spread over the frame, the
      same rows in every frame: on real clips within 7 % of the value of the whole frame.

      Fine texture counts as noise, and strong compression removes both.
      """)

  /// See ``FrameMetric/needs``.
  public static let needs: FramePass.Parts = .noise

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    guard let mean = pass.native.noise else { return .undefined("too few pixels") }
    return .value((Double.pi / 2).squareRoot() / 6 * mean * pass.levelScale)
  }
}
