import Annotations
import Timeline

/// Finds sources whose labels are all shifted in time against the pictures.
public enum LabelOffset: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "label-offset", scope: .source, level: .error,
    summary: "All labels lie a constant number of frames before or after what they label.",
    page: """
      Labels lag by 2 frames where the label of frame t fits the picture of frame t - 2; take 2 from
      every frame number. They lead by 2 frames where it fits the picture of frame t + 2; add 2.
      The usual reasons: frames counted from 1 and read as counted from 0, a video that was cut or
      encoded anew after it was labelled, a tool that computed frames from times.

      Two estimates of shifts up to 6 frames either way must agree:

      - By place: labels of moving objects (more than 0.02 object sizes a frame over 7 frames) lie
        on what moves in the picture. A pixel moves where it differs both from the picture 3 frames
        earlier and from the one 3 frames later. For every shift the mean in the box minus the mean
        in the ring around it (half as large again as the box) is averaged over the labels.
      - By speed: the speed of a label, in object sizes a frame, is correlated with how much the
        picture changes around it (square root of the sum of changes beyond the noise, over all
        places of the track within 6 frames). Both are taken as differences to their mean over 24
        frames on either side, at most two deviations.

      Each estimate is the top of a parabola through the peak; its deviation comes from 400
      resamplings of pieces of 50 frames of a track. A shift is reported only where both deviations
      are at most 0.35 frames, the correlation is at least 0.3, the estimates are at most 0.75
      frames apart and round to the same number, not 0, and two deviations of their weighted mean
      lie within half a frame of it. Otherwise nothing is said, which does not mean that there is no
      shift: short clips, resting objects, objects of constant speed, labels on every k-th frame,
      detections without tracks and turned videos do not tell. About 400 frames with motion do.

      Labels that the shift puts outside the video are not reported by label-out-of-range as well.
      Where timebase-mismatch tells why they lie outside, that rule reports instead of this one.

      The pictures are small (shorter side at most 270 pixels). Of a source with more than 20,000
      labels an even choice of stretches of tracks is looked at.
      """, asksPixels: true)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    guard let source = input.source, let evidence = source.offsetEvidence,
      let byPlace = evidence.byPlace, let bySpeed = evidence.bySpeed,
      let offset = evidence.offset, offset != 0, let extent = source.annotations.extent,
      !TimebaseMismatch.explainsRange(in: input)
    else { return [] }
    let frames = counted(abs(offset), "frame")
    func text(_ estimate: OffsetEvidence.Estimate) -> String {
      "\(decimal(abs(estimate.shift))) ± \(decimal(estimate.deviation))"
    }
    return [
      Finding(
        rule: info.id, level: settings.level, source: source.name, range: extent,
        score: 1 - max(byPlace.deviation, bySpeed.deviation),
        reason: "the labels \(offset > 0 ? "lag" : "lead") by \(frames)"
          + " (\(text(byPlace)) by place, \(text(bySpeed)) by speed);"
          + (offset > 0
            ? " take \(offset) from every frame number"
            : " add \(-offset) to every frame number"))
    ]
  }

  /// Whether this rule runs and reports the shift that puts labels of the source outside the video.
  static func explainsRange(in input: RuleInput) -> Bool {
    guard input.runs(self), let source = input.source, let offset = source.offsetEvidence?.offset
    else { return false }
    let count = input.video.frames.count
    let beyond = offset > 0 ? FrameRange(count, count + offset) : FrameRange(offset, 0)
    return source.outside.allSatisfy { track in
      track.instances.allSatisfy { beyond.contains($0.frame) }
    }
  }
}
