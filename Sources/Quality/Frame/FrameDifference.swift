/// How much a frame differs from the frame before.
///
/// `mean(|Y(t) - Y(t - 1)|) * s`, over levels as decoded; `s` is 255/219 for limited range and 1 for
/// full range.
///
/// - Unit: levels 0...255 (levels that limited range forbids may reach beyond).
/// - Direction: neither is better.
/// - Edge cases: undefined in the first frame and where the frame size changes.
/// - Source: YDIF of ffmpeg's `signalstats`, without the stretching.
public struct FrameDifference: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "frame-difference", scope: .frame,
    summary: "The mean absolute difference to the frame before.",
    unit: "levels 0...255", direction: .neutral,
    page: """
      How much the picture changes from one frame to the next.

      Formula    mean(|Y(t) - Y(t-1)|) * s over levels as decoded; s = 255/219 for limited range,
                 1 for full range
      Range      from 0; still pictures are near 0, a cut is often above 25
      Undefined  in the first frame, and where the frame size changes
      Source     YDIF of ffmpeg's signalstats times s; ffmpeg gives the first frame 0

      Cuts dominate a mean over a video: use medians.
      """)

  /// See ``FrameMetric/needs``.
  public static let needs: FramePass.Parts = .change

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    switch pass.difference {
    case .measured(let change):
      .value(Double(change.absolute) / Double(change.count) * pass.levelScale)
    case .undefined(let reason): .undefined(reason)
    }
  }
}
