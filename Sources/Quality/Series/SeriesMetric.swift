public import Timeline

/// Gives one number to every frame from the numbers of other frames, later ones included.
///
/// A series metric is computed once, after the last frame was measured, from the columns of the
/// frame metrics it names. It never sees a picture. One metric is one file in `Series`.
public protocol SeriesMetric: SendableMetatype {
  /// What the number means; the scope is ``MetricInfo/Scope/frame``.
  static var info: MetricInfo { get }

  /// The ids of the frame metrics it reads; where one was not measured, it is not computed.
  static var inputs: [String] { get }

  /// Computes the value of every frame, as many as ``SeriesInput/frames`` has.
  static func values(of input: SeriesInput) -> [MetricValue]
}

/// What a series metric sees: columns of numbers, the times of the frames, and the cuts.
public struct SeriesInput: Sendable {
  /// Measured frame metrics by id, one value a frame.
  public var columns: [String: MetricColumn]
  /// Count and times of the frames.
  public var frames: FrameTable
  /// The first frames of new shots, rising; the first frame of the video is not among them.
  public var cuts: [FrameIndex]

  /// Creates the input of a series metric.
  public init(
    columns: [String: some Sequence<MetricValue>], frames: FrameTable, cuts: [FrameIndex]
  ) {
    self.columns = columns.mapValues { $0 as? MetricColumn ?? MetricColumn($0) }
    self.frames = frames
    self.cuts = cuts
  }

  /// The shots, from the first frame to the last.
  var shots: [FrameRange] { frames.frames.pieces(cutAt: cuts) }

  /// The column of `metric`, one number a frame; nil where it is undefined or was not measured.
  func numbers(of metric: String) -> [Double?] {
    let column = columns[metric] ?? []
    return (0..<frames.count).map { $0 < column.count ? column[$0].number : nil }
  }
}

/// The catalog of series metrics.
public enum SeriesMetrics {
  /// Every series metric, in the order in which they are listed.
  public static let all: [any SeriesMetric.Type] = [
    ExposureJump.self, BrightnessFlicker.self, Shake.self,
  ]

  /// Returns the metric called `id`.
  public static func named(_ id: String) -> (any SeriesMetric.Type)? {
    all.first { $0.info.id == id }
  }
}
