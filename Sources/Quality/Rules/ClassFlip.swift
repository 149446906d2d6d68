import Annotations
import Timeline

/// Finds tracks that change their class.
public enum ClassFlip: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "class-flip", scope: .source, level: .error,
    summary: "One track is labelled with more than one class.",
    page: """
      An object does not change its class. A track that is called person in some frames and rider
      in others is wrong in one of the two.

      The labels of a track are read as runs of one class; the class of most labels is the one of
      the track. Reported is

      - every run of another class that is shorter than `max-share` of the track's labels, or that
        is enclosed by the track's class: the range is the run. Such runs closer together than
        `merge` become one range;
      - a change for good, where the track begins or ends with a longer run of another class: the
        range is the two labels on either side of the change.

          person 7   XXXXXXXXXXXX   good
          person 7   XXXXXYYXXXXX   bad: called otherwise in 2 frames
                          ^^
          person 7   XXXXXXYYYYYY   bad: changed once, for good
                          ^^

      Excused: nothing. Lone detections without identity have no class to keep. A track that
      goes on under another id is no class flip; broken-track looks for those. Of two labels of
      one track in one frame the first counts; duplicate-object reports the pair.

      The score of a run is the share of the labels that disagree with it; a change for good has
      the share of the larger class.

      Source: identifier consistency of Model Assertions (Kang and others, MLSys 2020).
      """,
    parameters: [
      .init(
        "max-share", 0.2, unit: "share",
        "A run below this share of the track's labels is a flip, also at an end of the track."),
      .init(
        "merge", 0.2, unit: "seconds", "Flips closer together than this are one finding."),
    ])

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    guard let source = input.source else { return [] }
    return source.annotations.tracks.flatMap { track -> [Finding] in
      guard track.isTracked, track.instances.contains(where: { $0.className != nil }) else {
        return []
      }
      return findings(of: track, source: source.name, video: input.video, settings: settings)
    }
  }

  /// Consecutive labels of one class.
  private struct Run {
    var className: String
    var first: Instance
    var last: Instance
    var count: Int
    var range: FrameRange { FrameRange(first.frame, last.frame + 1) }
  }

  private static func findings(
    of track: Track, source: String, video: VideoFacts, settings: RuleSettings
  ) -> [Finding] {
    let runs = runs(of: track)
    let total = runs.reduce(0) { $0 + $1.count }
    var counts: [String: Int] = [:]
    for run in runs { counts[run.className, default: 0] += run.count }
    // The class of the track wins a tie, then the first in the alphabet: the same every time.
    let main =
      counts.max { a, b in
        a.value != b.value
          ? a.value < b.value
          : (a.key == track.className ? 1 : 0, b.key) < (b.key == track.className ? 1 : 0, a.key)
      }?.key ?? track.className

    var findings: [Finding] = []
    func report(_ range: FrameRange, score: Double, at instance: Instance, _ reason: String) {
      for piece in video.pieces(of: range) {
        findings.append(
          Finding(
            rule: info.id, level: settings.level, source: source, track: track.id,
            className: main.isEmpty ? nil : main, range: piece, score: score, reason: reason,
            box: instance.shownBox))
      }
    }
    var flips: [Run] = []
    for (place, run) in runs.enumerated() where run.className != main {
      let isEnclosed = place > 0 && place + 1 < runs.count
      if isEnclosed || Double(run.count) < settings["max-share"] * Double(total) {
        if var last = flips.last, last.className == run.className,
          video.frames.seconds(
            in: FrameRange(last.last.frame + 1, max(run.first.frame, last.last.frame + 1)))
            < settings["merge"] - FrameTable.rounding,
          video.cut(in: FrameRange(last.last.frame, run.first.frame + 1)) == nil
        {
          last.last = run.last
          last.count += run.count
          flips[flips.count - 1] = last
        } else {
          flips.append(run)
        }
      } else {
        let (before, after) = place > 0 ? (runs[place - 1], run) : (run, runs[place + 1])
        let seam = FrameRange(
          video.cut(in: FrameRange(before.last.frame, after.first.frame + 1))
            ?? before.last.frame, after.first.frame + 1)
        report(
          seam, score: Double(total - run.count) / Double(total), at: after.first,
          "track \(track.id) is \(name(before.className)) up to frame \(before.last.frame) and "
            + "\(name(after.className)) from frame \(after.first.frame) on")
      }
    }
    for flip in flips {
      report(
        flip.range, score: Double(total - flip.count) / Double(total), at: flip.first,
        "track \(track.id) is \(name(flip.className)) in \(counted(flip.count, "label")) "
          + "(\(flip.range.spokenFrames)), but \(name(main)) in \(counts[main] ?? 0) of \(total)")
    }
    return findings
  }

  private static func runs(of track: Track) -> [Run] {
    var runs: [Run] = []
    for instance in track.instances where runs.last?.last.frame != instance.frame {
      let className = track.className(of: instance)
      if runs.last?.className == className {
        runs[runs.count - 1].last = instance
        runs[runs.count - 1].count += 1
      } else {
        runs.append(Run(className: className, first: instance, last: instance, count: 1))
      }
    }
    return runs
  }

  private static func name(_ className: String) -> String {
    if className.isEmpty { return "without class" }
    return isNumber(className) ? "class \(className)" : className
  }
}
