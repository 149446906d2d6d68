/// How well the frame agrees with the frame before once that is shifted.
///
/// Phase correlation of the working pictures, see ``ShiftX``.
///
/// - Unit: share 0...1.
/// - Direction: neither is better.
/// - Edge cases: undefined in the first frame and where the frame size changes; 0 where this frame or
///   the one before is flat.
/// - Source: C. D. Kuglin and D. C. Hines, "The phase correlation image alignment method", 1975.
public struct ShiftResponse: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "shift-response", scope: .frame, summary: "How sure shift-x and shift-y are.",
    unit: "share 0...1", direction: .neutral,
    page: """
      How high the peak of the phase correlation is that shift-x and shift-y are read from, as a share of
      the peak that two equal pictures have.

      Formula    see shift-x
      Range      0...1; 1 for equal pictures, 0.4 to 1 within a shot, below 0.15 at a cut
      Undefined  in the first frame, and where the frame size changes; 0 if one of the two is flat
      Source     see shift-x; the response of cv2.phaseCorrelate sums 5x5 cells of another peak

      A pan lowers it by the share of the picture that is new.
      """)

  /// See ``FrameMetric/needs``.
  public static var needs: FramePass.Parts { .shift }

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    switch pass.shift {
    case .measured(_, _, let response): .value(response)
    case .undefined(let reason): .undefined(reason)
    }
  }
}
