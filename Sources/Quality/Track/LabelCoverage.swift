public import Annotations
import Timeline

/// Which share of its life a track is labelled.
public enum LabelCoverage: TrackMetric {
  /// See ``TrackMetric/info``.
  public static let info = MetricInfo(
    id: "label-coverage", scope: .track,
    summary: "The share of annotated frames of a track's life that hold a label of it.",
    unit: "share 0...1", direction: .higherIsBetter,
    page: """
      Of the annotated frames from the first to the last label of a track, without those in which
      the source declares the object outside, the share that holds a label:

          labelled / (annotated - declared absent)

      Range: above 0 to 1; 1 is a track without gaps. A frame with two labels counts once, and a
      label in a frame that the source calls unannotated makes that frame an annotated one.
      Undefined for a track without labels, and for a lone detection without identity.
      """)

  /// See ``TrackMetric/value(of:in:)``.
  public static func value(of track: Track, in input: RuleInput) -> MetricValue {
    guard track.isTracked else { return .undefined("no identity") }
    guard !track.instances.isEmpty else { return .undefined("no labels") }
    let annotated = input.source?.annotations.annotated ?? .all
    var labelled = 0
    var last: FrameIndex?
    for place in track.instances.indices where track.instances[place].frame != last {
      labelled += 1
      last = track.instances[place].frame
    }
    let silent = track.silences(annotated: annotated).reduce(0) { $0 + $1.frames }
    return .value(Double(labelled) / Double(labelled + silent))
  }
}
