public import Timeline

/// How likely a new shot starts at a frame, as ffmpeg's `scdet` scores it.
public struct SceneCut: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "scene-cut", scope: .frame, summary: "How likely a new shot starts here.",
    unit: "score 0...100", direction: .neutral, page: "")

  /// The score above which a frame is the first of a new shot.
  public static let threshold = 10.0

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    .undefined("not measured")
  }

  /// The first frames of new shots: those with a score above ``threshold``.
  public static func cuts(in scores: [MetricValue]) -> [FrameIndex] {
    scores.indices.filter { $0 > 0 && (scores[$0].number ?? 0) > threshold }
  }
}
