public import Annotations

/// Gives one number to every track of a source. One metric is one file.
///
/// A track metric runs over finished tracks and needs no pixels.
public protocol TrackMetric: Sendable {
  /// What the number means.
  static var info: MetricInfo { get }

  /// Measures `track`, which is one of the tracks of `input.source`.
  static func value(of track: Track, in input: RuleInput) -> MetricValue
}

/// The catalog of track metrics.
public enum TrackMetrics {
  /// Every track metric, in the order in which they are listed.
  public static let all: [any TrackMetric.Type] = [
    TrackLength.self,
    LabelCoverage.self,
    GapCount.self,
  ]

  /// Returns the metric called `id`.
  public static func named(_ id: String) -> (any TrackMetric.Type)? {
    all.first { $0.info.id == id }
  }
}
