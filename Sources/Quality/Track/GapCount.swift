public import Annotations
import Timeline

/// How often a track falls silent between two labels.
public enum GapCount: TrackMetric {
  /// See ``TrackMetric/info``.
  public static let info = MetricInfo(
    id: "gap-count", scope: .track,
    summary: "How often a track has no label in annotated frames between two labels.",
    unit: "gaps", direction: .lowerIsBetter,
    page: """
      The number of pairs of consecutive labels with at least one annotated frame in between in
      which the source says nothing about the object. A gap of which every annotated frame is
      declared outside is not counted.

      Range: 0, 1, 2 and so on. Gaps count whatever explains them: the rule track-gap tells which
      are errors. Undefined for a track without labels, and for a lone detection without identity.
      """)

  /// See ``TrackMetric/value(of:in:)``.
  public static func value(of track: Track, in input: RuleInput) -> MetricValue {
    guard track.isTracked else { return .undefined("no identity") }
    guard !track.instances.isEmpty else { return .undefined("no labels") }
    let annotated = input.source?.annotations.annotated ?? .all
    return .value(Double(track.silences(annotated: annotated).count))
  }
}

extension Track {
  /// The gaps between labels, each with its number of annotated frames that are not declared
  /// absent; gaps without such a frame are left out.
  func silences(annotated: AnnotatedFrames) -> [(range: FrameRange, frames: Int)] {
    var silences: [(range: FrameRange, frames: Int)] = []
    var absence = 0
    for place in instances.indices.dropFirst() {
      let (before, after) = (instances[place - 1].frame, instances[place].frame)
      guard after > before + 1 else { continue }
      let gap = FrameRange(before + 1, after)
      var frames = annotated.count(in: gap)
      // Both lists rise, so that one walk along the absences serves all gaps.
      while absence < absences.count, absences[absence].end <= gap.start { absence += 1 }
      var overlapping = absence
      while overlapping < absences.count, absences[overlapping].start < gap.end {
        frames -= annotated.count(in: absences[overlapping].clamped(to: gap))
        overlapping += 1
      }
      if frames > 0 { silences.append((gap, frames)) }
    }
    return silences
  }
}
