/// Gives one number to every frame of a video. One metric is one file.
///
/// A metric sees the frames one after the other, from the first to the last, and keeps numbers
/// between them, never pixels. ``FramePass`` holds what all metrics share.
public protocol FrameMetric: SendableMetatype {
  /// What the number means.
  static var info: MetricInfo { get }

  /// The parts of a pass that the metric reads; by default the levels.
  static var needs: FramePass.Parts { get }

  /// Whether the working picture is as large as the frame; false for all but ``AtFullSize``.
  static var isAtFullSize: Bool { get }

  /// Starts a video.
  init()

  /// Measures the next frame.
  mutating func measure(_ pass: borrowing FramePass) -> MetricValue
}

extension FrameMetric {
  /// The levels.
  public static var needs: FramePass.Parts { .levels }

  /// The working picture is as small as for others.
  public static var isAtFullSize: Bool { false }
}

/// The catalog of frame metrics.
public enum FrameMetrics {
  /// The metrics that a scan measures, in the order in which they are listed.
  public static let all: [any FrameMetric.Type] = [
    LumaMean.self, LumaP1.self, LumaP10.self, LumaP90.self, LumaP99.self, RMSContrast.self,
    Entropy.self, LaplacianVariance.self, Tenengrad.self, SpatialInformation.self,
    TemporalInformation.self, FrameDifference.self, SceneCut.self, BlackShare.self, Frozen.self,
    Colourfulness.self, Saturation.self, Noise.self, Blockiness.self, Combing.self,
  ]

  /// The metrics that are measured where they are asked for.
  public static let onRequest: [any FrameMetric.Type] = [
    AtFullSize<RMSContrast>.self, AtFullSize<Entropy>.self, AtFullSize<LaplacianVariance>.self,
    AtFullSize<Tenengrad>.self, AtFullSize<SpatialInformation>.self,
    AtFullSize<TemporalInformation>.self, AtFullSize<FrameDifference>.self,
    AtFullSize<SceneCut>.self,
  ]

  /// Returns the metric called `id`.
  public static func named(_ id: String) -> (any FrameMetric.Type)? {
    (all + onRequest).first { $0.info.id == id }
  }
}
