/// How clearly the blocks of a codec show in a frame.
///
/// A step between neighbouring pixels counts as `abs(step) / max(1, sum of the three steps before and
/// the three after)`. For each grid of 3...24 pixels the mean over lines on the grid is divided by the
/// mean over lines off it, a line on the grid being the largest of itself and its neighbours; the
/// value is the largest ratio, across or down.
///
/// - Unit: ratio, from 0.
/// - Direction: lower is better.
/// - Edge cases: undefined in a flat frame, for which ffmpeg prints `-nan`.
/// - Source: R. Muijs and I. Kirenko, EUSIPCO 2005; ffmpeg's `blockdetect`.
public struct Blockiness: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "blockiness", scope: .frame, summary: "How clearly the blocks of a codec show.",
    unit: "ratio", direction: .lowerIsBetter,
    page: """
      How much stronger the steps between pixels are on a regular grid than off it.

      Formula    s = abs(step) / max(1, sum of the three steps before it and the three after), added
                 up along each line between pixels; per period of 3...24 the mean of the lines on
                 the grid (the largest of a line and its neighbours) over the mean of those off it;
                 the largest ratio over periods, across and down
      Range      from 0; pictures without blocks are 1...1.5, visible blocks above 2
      Undefined  in a flat frame, where ffmpeg prints -nan
      Source     R. Muijs and I. Kirenko, A no-reference blocking artifact measure for adaptive video
                 processing, EUSIPCO 2005; ffmpeg's blockdetect, which from the second frame of a
                 stream on adds to the sums of the frames before: ours is that of the frame alone

      It is measured on native pixels. A frame of up to 65536 pixels is seen whole; of a larger one
      about as many, in rows and in strips of columns spread over the frame, the same in every frame:
      on six real clips within 8 % of the value of the whole frame on average, most single frames
      within 16 % and the worst, where the picture is nearly flat, within 28 %, more often above than
      below. Text and test cards have grids of their own and score high.
      """)

  /// See ``FrameMetric/needs``.
  public static let needs: FramePass.Parts = .blockiness

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    guard let ratio = pass.native.blockiness else { return .undefined("no detail") }
    return .value(ratio)
  }
}
