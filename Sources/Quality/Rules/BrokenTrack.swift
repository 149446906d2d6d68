import Annotations
import Timeline

/// Finds objects that go on under another id.
public enum BrokenTrack: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "broken-track", scope: .source, level: .error,
    summary: "An object goes on under another id, often with labels missing in between.",
    page: """
      Tracks of one class are joined end to start over the whole source: the best set of pairs under
      one global assignment.

        person 7  XXXXX.........
        person 9  ........XXXXXX   person 7 goes on as person 9; 5..<8 are missing

      A pair counts where the place, size and aspect at the start are likelier for the same object
      going on than for another one beginning there: errors of prediction learnt from the labels
      themselves, against the density of track starts in the source. It must beat every other pair
      that is still free by a factor of e, bridge no more than both pieces together are long, and
      six times the shorter one.

      Causes, levels and proposals are those of track-gap; the end marker that a format writes
      behind every track is no declaration. Frames in which another label already lies on the place
      (IoU above 0.7) get no proposal. Where the id changes without a missing frame, the range is
      the first frame of the new id. The score is the certainty of the pair times that of its boxes.
      """,
    parameters: [
      .init("longest-gap", 4, unit: "seconds", "The longest gap that tracks are joined across.")
    ],
    frameMetrics: TrackGap.info.frameMetrics)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    guard let source = input.source,
      let missing = MissingLabels.of(input, longest: settings["longest-gap"])
    else { return [] }
    return missing.gaps.filter { $0.track != $0.next }.map { gap in
      let track = source.annotations.tracks[gap.track]
      let next = source.annotations.tracks[gap.next]
      let reason =
        "\(track.spokenName) ends at \(gap.before) and goes on as \(next.spokenName) at \(gap.after)"
      return Finding(
        rule: info.id, level: source.level(of: gap.cause, settings), source: source.name,
        track: track.id, otherTracks: [next.id], className: track.knownClass, range: gap.range,
        score: gap.score, cause: gap.cause,
        reason: reason + (gap.explanation.map { "; \($0)" } ?? ""), box: gap.place,
        proposals: missing.proposals(for: gap, in: source, coveredToo: false))
    }
  }
}
