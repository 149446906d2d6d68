/// How much of a frame changes: the spread of the differences to the frame before.
///
/// `sd(Y'(t) - Y'(t - 1))`, the population standard deviation; `Y'` as for ``LumaMean``.
///
/// - Unit: levels.
/// - Direction: neither is better.
/// - Edge cases: undefined in the first frame and where the frame size changes.
/// - Source: TI of ITU-T P.910; ffmpeg's `siti`.
public struct TemporalInformation: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "temporal-information", scope: .frame,
    summary: "How unevenly the frame differs from the one before.",
    unit: "levels", direction: .neutral,
    page: """
      The temporal information of ITU-T P.910, of one frame.

      Formula    sd(Y'(t) - Y'(t-1)), population standard deviation; Y' as for luma-mean
      Range      from 0; a still picture is 0, and so is one that becomes brighter everywhere alike
      Undefined  in the first frame, and where the frame size changes
      Source     ITU-T P.910; TI of ffmpeg's siti, which gives the first frame 0 and drops the
                 fraction of Y'
      """)

  /// See ``FrameMetric/needs``.
  public static let needs: FramePass.Parts = .change

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    switch pass.difference {
    case .measured(let change):
      let variance = variance(count: change.count, sum: change.sum, sumOfSquares: change.squares)
      return .value(variance.squareRoot() * pass.levelScale)
    case .undefined(let reason): return .undefined(reason)
    }
  }
}
