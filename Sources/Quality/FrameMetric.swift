/// Gives one number to every frame of a video. One metric is one file.
///
/// A metric sees the frames one after the other, from the first to the last, and keeps numbers
/// between them, never pixels. ``FramePass`` holds what all metrics share.
public protocol FrameMetric: SendableMetatype {
  /// What the number means.
  static var info: MetricInfo { get }

  /// Starts a video.
  init()

  /// Measures the next frame.
  mutating func measure(_ pass: borrowing FramePass) -> MetricValue
}

/// The catalog of frame metrics.
public enum FrameMetrics {
  /// Every frame metric, in the order in which they are listed.
  public static let all: [any FrameMetric.Type] = [
    LumaMean.self, RMSContrast.self, LaplacianVariance.self, Tenengrad.self, FrameDifference.self,
    SceneCut.self, BlackShare.self, Frozen.self,
  ]

  /// The metrics that are measured where they are asked for.
  public static let onRequest: [any FrameMetric.Type] = []

  /// Returns the metric called `id`.
  public static func named(_ id: String) -> (any FrameMetric.Type)? {
    all.first { $0.info.id == id }
  }
}
