import Annotations
import Timeline

/// Finds tracks that live for a moment only.
public enum ShortTrack: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "short-track", scope: .source, level: .warning,
    summary: "A track is so short that no object can have come and gone.",
    page: """
      An object that appears in the middle of the picture and is gone a few frames later is a
      blip: a stray click, a label that got the wrong id, or a detector's mistake.

      Reported is a track that lasts less than `max-duration` from its first to its last label, both
      included, and at any frame rate a track in a single frame.

          person 7   ....XXXXXXXX   good
          person 7   .....X......   bad: a single frame
                          ^

      Excused, so not reported: a track that touches the border of the picture, where objects come
      and go; one that begins or ends beside a cut, at the first or the last frame of the video, or
      at an end of the annotated frames, because its rest was not there to be labelled. The border
      is the one of the video, or of the size that the labels state, or of the extent of all
      labels.

      A note, as occluded: a track of which the source calls every label occluded, or over which
      other labels lie: they cover more than half of it in its own frames, or of its place in the
      annotated frames just before and just after. Such an object was glimpsed between two others.

      Lone detections without identity are not looked at. A short piece of a broken track is a
      short track too: this rule sees one track at a time, and broken-track says where it belongs.
      In predictions a short track is a note: trackers lose and find objects all the time, and the
      list ranks by score.

      The score falls from 1 for one frame to 0.5 for the longest track reported; where the source
      gives confidences between 0 and 1, it is lowered by their mean.

      Source: short-tracklet suppression, as in arXiv 1912.10406; the length is ours.
      """,
    parameters: [
      .init(
        "max-duration", 0.2, unit: "seconds", "Tracks shorter than this are reported.")
    ],
    frameMetrics: SceneCut.metricsForCuts)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let video = input.video
    guard let source = input.source, let labelled = source.annotations.extent else { return [] }
    let annotated = source.annotations.annotated
    // Frames that are known to hold nothing count as a place to end; frames outside do not.
    let looked =
      annotated == .all && video.frames.count > 0
      ? video.frames.frames : FrameRange(min(0, labelled.start), labelled.end)
    let limit = video.frames.frames(in: settings["max-duration"], minimum: 2)
    var picture: Picture?
    var findings: [Finding] = []
    for (place, track) in source.annotations.tracks.enumerated() where track.isTracked {
      guard let extent = track.extent, extent.count < limit,
        let first = track.instances.first, let last = track.instances.last
      else { continue }
      let count = max(1, annotated.count(in: extent))
      guard let before = annotated.last(before: extent.start, in: looked),
        let after = annotated.first(after: extent.end - 1, in: looked),
        video.cut(in: FrameRange(before, after + 1)) == nil
      else { continue }
      if picture == nil { picture = Picture(input) }
      let boxes = track.instances.compactMap(\.shape.bounds).filter(\.isValid)
      // Without a place nothing can be said about the border.
      guard let picture, !boxes.isEmpty, !boxes.contains(where: picture.isTouched) else {
        continue
      }
      let isOccluded = isOccluded(
        first, last, of: place, before: before, after: after, in: source)
      let isPrediction = source.kind == .predictions
      let seconds = video.frames.seconds(in: extent)
      let confidences = track.instances.compactMap(\.confidence).filter { (0...1).contains($0) }
      let confidence =
        isPrediction && confidences.count == track.instances.count
        ? confidences.reduce(0, +) / Double(confidences.count) : 0
      findings.append(
        Finding(
          rule: info.id, level: isPrediction || isOccluded ? .note : settings.level,
          source: source.name, track: track.id,
          className: track.knownClass, range: extent,
          score: (1 - 0.5 * Double(count - 1) / Double(max(1, limit - 1))) * (1 - confidence / 2),
          cause: isOccluded ? .occluded : .unexplained,
          reason: (first.frame == last.frame
            ? "\(track.spokenName) is labelled in frame \(first.frame) only, away from the border"
            : "\(track.spokenName) lives for \(decimal(seconds)) seconds "
              + "(\(extent.spokenFrames)) and touches neither the border nor a cut")
            + (isOccluded ? ", where other objects hide it" : ""),
          box: first.shownBox))
    }
    return findings
  }

  /// Tells whether the track was a glimpse of something that other labels hide otherwise.
  private static func isOccluded(
    _ first: Instance, _ last: Instance, of track: Int, before: FrameIndex, after: FrameIndex,
    in source: SourceFacts
  ) -> Bool {
    let instances = source.annotations.tracks[track].instances
    if instances.allSatisfy({ $0.visibility.isMostlyHidden }) { return true }
    func isCovered(_ instance: Instance, at frame: FrameIndex) -> Bool {
      guard let box = instance.shape.bounds else { return false }
      return source.boxes[frame].contains { Int($0.track) != track && box.cover(by: $0.box) > 0.5 }
    }
    return (isCovered(first, at: before) || isCovered(first, at: first.frame))
      && (isCovered(last, at: after) || isCovered(last, at: last.frame))
  }
}

extension Visibility {
  /// Whether the source says that less than half of the object can be seen.
  fileprivate var isMostlyHidden: Bool {
    switch self {
    case .unknown, .visible: false
    case .occluded: true
    case .ratio(let share): share < 0.5
    }
  }
}
