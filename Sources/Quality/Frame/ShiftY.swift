/// How far the picture as a whole moved down since the frame before.
///
/// Phase correlation of the working pictures, see ``ShiftX``.
///
/// - Unit: shares of the shorter side.
/// - Direction: neither is better.
/// - Edge cases: undefined in the first frame and where the frame size changes; 0 where this frame or
///   the one before is flat.
/// - Source: C. D. Kuglin and D. C. Hines, "The phase correlation image alignment method", 1975.
public struct ShiftY: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "shift-y", scope: .frame, summary: "How far the picture moved down.",
    unit: "shares of the shorter side", direction: .neutral,
    page: """
      How far the content moved down since the frame before: the camera tilted up.

      Formula    as shift-x, along the height
      Range      within half the height; 0.01 of a picture of 1080 lines are 10.8 pixels
      Undefined  in the first frame, and where the frame size changes; 0 if one of the two is flat
      Source     see shift-x

      Trust it where shift-response is above 0.15: at a cut it is noise.
      """)

  /// See ``FrameMetric/needs``.
  public static var needs: FramePass.Parts { .shift }

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    switch pass.shift {
    case .measured(_, let y, _): .value(y)
    case .undefined(let reason): .undefined(reason)
    }
  }
}
