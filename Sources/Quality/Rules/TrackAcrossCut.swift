import Annotations
import Timeline

/// Finds tracks that go on in the next shot.
public enum TrackAcrossCut: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "track-across-cut", scope: .source, level: .error,
    summary: "A track goes on after a cut, where the picture shows something else.",
    page: """
      A cut ends every motion. A track that is labelled on both sides of one was carried on by a
      tool, or its end was forgotten: the labels after the cut lie on something else, and a
      tracker that learns from them learns a jump.

      Reported is each track with a label before and a label after a cut that are not further
      apart than `max-gap`. The range begins with the cut and ends after the track's first label
      behind it.

          cuts       ......|.....
          person 7   XXXXXX......   good
          person 7   XXXXXXXXX...   bad
                           ^

      Excused: a track that the source declares outside between the two labels (a note, declared).
      Not looked at: lone detections without identity, and tracks that come back later than
      `max-gap`, such as the same person in shot and counter-shot. Without a measured cut the rule
      finds nothing, so it needs the video.

      The score is 1 where the object jumps at the cut, and 0.5 where its box stays in place: there
      the cut itself may be mistaken (a flash, for one).

      Source: our definition; cuts as ffmpeg's scdet scores them, see the metric scene-cut.
      """,
    parameters: [
      .init(
        "max-gap", 1, unit: "seconds",
        "The longest time between the labels on both sides of the cut.")
    ],
    frameMetrics: SceneCut.metricsForCuts)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let video = input.video
    guard let source = input.source, !video.cuts.isEmpty else { return [] }
    var findings: [Finding] = []
    for track in source.annotations.tracks where track.isTracked {
      guard let extent = track.extent else { continue }
      var place = video.firstCut(from: extent.start + 1)
      while place < video.cuts.count, video.cuts[place] < extent.end {
        let cut = video.cuts[place]
        place += 1
        let next = track.firstInstance(from: cut)
        guard next > 0, next < track.instances.count else { continue }
        let (before, after) = (track.instances[next - 1], track.instances[next])
        // Two cuts between the same labels are one finding, at the first of them.
        place = max(place, video.firstCut(from: after.frame + 1))
        let gap =
          video.frames.seconds(in: FrameRange(before.frame, after.frame))
          - video.frames.medianFrameSeconds
        guard gap <= settings["max-gap"] + FrameTable.rounding else { continue }
        let between = FrameRange(before.frame + 1, max(before.frame + 1, after.frame))
        let isDeclared = track.absences.contains { $0.overlaps(between) }
        let (old, new) = (before.shownBox, after.shownBox)
        let stay = old.flatMap { old in new.map { old.iou($0) } } ?? 0
        let range = FrameRange(
          cut, min(after.frame + 1, video.firstCutFrame(after: cut) ?? .max))
        findings.append(
          Finding(
            rule: info.id, level: isDeclared ? .note : settings.level, source: source.name,
            track: track.id, className: track.knownClass,
            range: range, score: 1 - stay / 2, cause: isDeclared ? .declared : .unexplained,
            reason: "\(track.spokenName) is labelled at \(before.frame) and at \(after.frame), "
              + "with a cut at \(cut) in between"
              + (isDeclared ? ", where it is declared outside" : ""),
            box: new))
      }
    }
    return findings
  }
}

extension VideoFacts {
  /// The first cut after `frame`; nil where there is none.
  fileprivate func firstCutFrame(after frame: FrameIndex) -> FrameIndex? {
    let place = firstCut(from: frame + 1)
    return place < cuts.count ? cuts[place] : nil
  }
}
