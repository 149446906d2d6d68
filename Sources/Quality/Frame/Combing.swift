/// How strongly a frame shows the comb of two fields taken at different times.
///
/// In each segment of 32x2 native pixels, with `P = sum abs(2 Y(y) - Y(y-1) - Y(y+1))` and
/// `Q = sum abs(2 Y(y) - Y(y-2) - Y(y+2))`, the ratio is `P / (Q + 4 * 64)`. The value is the ratio
/// that one segment in a hundred reaches.
///
/// - Unit: ratio, 0...16.
/// - Direction: lower is better.
/// - Edge cases: undefined in a frame smaller than 32x6; interlaced video that stands still is low.
/// - Source: our own; the sums are those that ffmpeg's `idet` takes between frames.
public struct Combing: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "combing", scope: .frame, summary: "How strongly the frame shows two fields at once.",
    unit: "ratio", direction: .lowerIsBetter,
    page: """
      How much rows differ from their neighbours, next to how much they differ from the next rows of
      their own field. In interlaced video that moves, neighbouring rows were taken at two times.

      Formula    per segment of 32x2 pixels: P / (Q + 4 * 64), rounded down to a 64th, with
                 P = sum abs(2 Y(y) - Y(y-1) - Y(y+1)), Q = sum abs(2 Y(y) - Y(y-2) - Y(y+2));
                 of the n segments the value of rank max(1, n / 100) from the top
      Range      0...16; progressive video is 0.4...1, moving interlaced video 1.2 and more
      Undefined  in a frame smaller than 32x6
      Source     our own, on one frame alone; compare ffmpeg's idet, which looks at three

      The best hundredth counts, so that one moving object is enough and what stands still does not
      dilute it. 4 levels a pixel keep noise and flat areas low. It is measured on native pixels: a
      frame of up to 65536 whole, of a larger one pairs of rows spread over it, the same in every
      frame. Levels are as decoded.

      Interlaced video without motion is as low as progressive video; stripes of exactly one row, as
      in some drawings, are high.
      """)

  /// See ``FrameMetric/needs``.
  public static let needs: FramePass.Parts = .combing

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    guard let ratio = pass.native.combing else { return .undefined("too few pixels") }
    return .value(ratio)
  }
}
