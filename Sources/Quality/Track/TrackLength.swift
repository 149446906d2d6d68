public import Annotations
import Timeline

/// How long a track is, from its first to its last label.
public enum TrackLength: TrackMetric {
  /// See ``TrackMetric/info``.
  public static let info = MetricInfo(
    id: "track-length", scope: .track,
    summary: "The time from the first label of a track to the end of its last.",
    unit: "seconds", direction: .neutral,
    page: """
      The time from the start of the frame with the first label to the end of the frame with the
      last one, on the video's own clock:

          t(last + 1) - t(first)

      Range: above 0. Gaps and declared absences inside count as part of the track. Without a video
      the nominal frame rate makes the times. Undefined for a track without labels, and for a lone
      detection without identity, which is no track.
      """)

  /// See ``TrackMetric/value(of:in:)``.
  public static func value(of track: Track, in input: RuleInput) -> MetricValue {
    guard track.isTracked else { return .undefined("no identity") }
    guard let extent = track.extent else { return .undefined("no labels") }
    return .value(input.video.frames.seconds(in: extent))
  }
}
