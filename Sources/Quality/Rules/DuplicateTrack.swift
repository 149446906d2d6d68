import Annotations
import Timeline

/// Finds tracks that follow the same object.
public enum DuplicateTrack: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "duplicate-track", scope: .source, level: .error,
    summary: "Two tracks of one class lie on top of each other for most of their common life.",
    page: """
      Two objects may cover each other for a moment. Two tracks of which one lies on the other for
      nearly its whole life are one object labelled twice.

      Two tracks of one class are duplicates where

          frames with IoU >= min-iou / labels of the shorter track >= min-share

      and those frames last at least `min-duration` and are at least three. Duplicates of
      duplicates make one group, which is reported once: the track is the longest one, the others
      are listed, and the range reaches from the first to the last frame in which two of them
      overlap. Ranges are split at cuts.

          person 7   XXXXXXXXXXXXXXXX   good: two people who cross
          person 9   XXXXXXooXXXXXXXX   (o: IoU with 7 above min-iou)

          person 7   XXXXXXXXXXXXXXXX   bad
          person 9   ...oooooooooo...
                        ^^^^^^^^^^

      Excused: crossing objects, by `min-share`. Frames that were never annotated hold no labels
      and count for nothing. Lone detections without identity are looked at by duplicate-object,
      which in turn leaves the pairs of this rule alone.

      The bounds of boxes are compared. For outlines, masks and skeletons, and for tracks of
      different classes, bounds say less: there the IoU must reach 0.95.

      The score is the mean IoU of the frames that overlap.

      Source: duplicates of one class at IoU 0.6 as Encord Active has them per frame; the share of
      the life is ours.
      """,
    parameters: [
      .init(
        "min-iou", 0.6, unit: "IoU", "Two boxes that overlap by this much may show one object."),
      .init(
        "min-share", 0.8, unit: "share",
        "The share of the shorter track's labels that must overlap."),
      .init(
        "min-duration", 1, unit: "seconds", "How long the two must overlap in all."),
    ])

  /// The overlap at which bounds convince without a common class or a filled box.
  static let certainOverlap = 0.95

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    guard let source = input.source else { return [] }
    let tracks = source.annotations.tracks
    let overlaps = source.overlaps(
      OverlapThresholds(sameClass: settings["min-iou"], anyClass: certainOverlap))
    let duplicates = TrackPair.pairs(of: overlaps, tracks: tracks).filter {
      isDuplicate($0, tracks: tracks, video: input.video, settings: settings)
    }
    var groups = Groups(count: tracks.count)
    for pair in duplicates { groups.join(pair.a, pair.b) }
    var byGroup: [Int: [TrackPair]] = [:]
    for pair in duplicates { byGroup[groups.root(of: pair.a), default: []].append(pair) }
    return byGroup.sorted { $0.key < $1.key }.flatMap { _, pairs in
      findings(of: pairs, tracks: tracks, source: source.name, input: input, settings: settings)
    }
  }

  /// Tells whether two tracks are the same object for most of the shorter one's life.
  static func isDuplicate(
    _ pair: TrackPair, tracks: [Track], video: VideoFacts, settings: RuleSettings
  ) -> Bool {
    pair.overlaps.count >= 3 && pair.share(in: tracks) >= settings["min-share"]
      && video.frames.seconds(in: pair.extent) >= settings["min-duration"] - FrameTable.rounding
  }

  private static func findings(
    of pairs: [TrackPair], tracks: [Track], source: String, input: RuleInput,
    settings: RuleSettings
  ) -> [Finding] {
    let members = Set(pairs.flatMap { [$0.a, $0.b] }).sorted {
      let (a, b) = (tracks[$0].instances.count, tracks[$1].instances.count)
      return a != b ? a > b : $0 < $1
    }
    guard let first = members.first, let start = pairs.map(\.extent.start).min(),
      let end = pairs.map(\.extent.end).max()
    else { return [] }
    let count = pairs.reduce(0) { $0 + $1.overlaps.count }
    let mean =
      pairs.reduce(0) { $0 + $1.overlaps.reduce(0) { $0 + Double($1.iou) } }
      / Double(max(1, count))
    let frames = Set(pairs.flatMap { $0.overlaps.map(\.frame) }).count
    let track = tracks[first]
    let others = members.dropFirst().map { tracks[$0] }
    let isOneClass = others.allSatisfy { $0.className == track.className }
    return input.video.pieces(of: FrameRange(start, end)).map { piece in
      Finding(
        rule: info.id, level: settings.level, source: source, track: track.id,
        otherTracks: others.map(\.id),
        className: track.knownClass, range: piece, score: mean,
        reason: "\(track.spokenName) and "
          + listed(others.map { isOneClass ? $0.id : $0.spokenName })
          + " cover the same place in \(counted(frames, "frame")), mean IoU \(decimal(mean)), "
          + "for \(decimal(100 * shortestShare(pairs, tracks), digits: 0)) % of the shorter track",
        box: track.firstBox(in: piece))
    }
  }

  private static func shortestShare(_ pairs: [TrackPair], _ tracks: [Track]) -> Double {
    min(1, pairs.map { $0.share(in: tracks) }.min() ?? 0)
  }
}

extension Track {
  /// The first valid box in `range`; nil where there is none.
  func firstBox(in range: FrameRange) -> Box? {
    guard let frame = extent?.clamped(to: range), !frame.isEmpty else { return nil }
    return instances.lazy.filter { range.contains($0.frame) }.compactMap(\.shownBox).first
  }
}
