import Annotations
import Timeline

/// Finds frames in which an object has no label although it has one before and after.
public enum TrackGap: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "track-gap", scope: .source, level: .error,
    summary: "An object has labels before and after some frames, and none in them.",
    page: """
      Every hole in the labels of one track is a finding: a half-open range of annotated frames
      without a label between two labelled ones.

        person 7  XXXXX...XXXX   frames 5..<8 are missing
        person 8  XXXXX---XXXX   fine: the source declares it outside there

      A hole is explained, and then only a note, where
        declared        the source says that the object is outside
        cut             a new shot begins in it
        frame-quality   the picture is black or frozen in all of its frames
        left-frame      the object moved out at a side of the picture and came back there
        occluded        another label covers half of the place or more
        unannotated     nobody looked at the frames: labels on every 5th frame only, say
      Some annotators draw on behind an occluder and at the border, some do not. What a source does
      is learnt: an excuse that rests on the place holds where the source has few labels in such
      places, or where its holes there are more than twice as frequent as in free places (Poisson
      test, 2 %).

      The proposals are the missing boxes: a cubic curve through both ends, as far as the velocities
      at the ends can be believed, on top of the motion that the other objects share where the camera
      moves. How far that is, is learnt by cutting gaps out of the labels and giving them back; where
      that fails in half of the cases, and over the longest gap, no box is proposed.

      Where the labels of one other track lie in the place of the missing ones (IoU above 0.7 in half
      of the frames), and that track has no label on either end of the hole, the id was another one
      for a while: that track is named, and only what it leaves open is proposed.

      In predictions a gap is a warning. The score is the share of boxes that were given back well
      over gaps of the same length, 0 to 1.
      """,
    parameters: [
      .init(
        "longest-gap", 4, unit: "seconds",
        "The longest gap that is an error and gets proposals; a longer one is a warning.")
    ],
    frameMetrics: [BlackShare.info.id, Frozen.info.id] + SceneCut.metricsForCuts)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let longest = settings["longest-gap"]
    guard let source = input.source, let missing = MissingLabels.of(input, longest: longest) else {
      return []
    }
    var findings = missing.gaps.filter { $0.track == $0.next }.map { gap in
      let track = source.annotations.tracks[gap.track]
      let isLong = input.video.frames.seconds(in: gap.range) > longest + FrameTable.rounding
      // Where another id has the object in the meantime, its labels are there already.
      let standIn = gap.cause == .unexplained ? gap.standIn(in: source) : nil
      let explanation = gap.explanation ?? standIn.map { "\($0.spokenName) lies in its place" }
      let reason =
        "\(track.spokenName) is labelled at \(gap.before) and \(gap.after) but not in between"
      return Finding(
        rule: info.id,
        level: source.level(of: gap.cause, settings, isWeak: isLong), source: source.name,
        track: track.id, otherTracks: standIn.map { [$0.id] } ?? [], className: track.knownClass,
        range: gap.range, score: gap.score, cause: gap.cause,
        reason: reason + "; " + (explanation ?? "nothing explains it"), box: gap.place,
        proposals: isLong ? [] : missing.proposals(for: gap, in: source, coveredToo: standIn == nil)
      )
    }
    if let sparseness = missing.steps.sparseness, let extent = source.annotations.extent {
      findings.append(
        Finding(
          rule: info.id, level: .note, source: source.name, range: extent, cause: .unannotated,
          reason: sparseness + "; the others are no gaps"))
    }
    return findings
  }
}

extension SourceFacts {
  /// The level of a finding with `cause`: a note where it is explained; at most a warning in
  /// predictions and where the evidence is weak.
  func level(of cause: Cause, _ settings: RuleSettings, isWeak: Bool = false) -> Level {
    if cause != .unexplained { return .note }
    return kind == .predictions || isWeak ? min(.warning, settings.level) : settings.level
  }
}
