import Annotations
import Synchronization
import Timeline
import Tracking

/// Every hole in the labels of one source: within tracks, and between the pieces of broken ones.
///
/// Computed once for the rules `track-gap` and `broken-track`.
struct MissingLabels: Sendable {
  /// A hole between two labelled frames of one object.
  struct Gap: Sendable {
    /// The track that ends and the one that goes on, as places in the source; equal in one track.
    var track, next: Int
    /// The last labelled frame before and the first after the hole.
    var before, after: FrameIndex
    /// The last valid box before and the first after the hole.
    var beforeBox, afterBox: Box
    /// The velocities there, in pixels a step.
    var arrival, departure: (dx: Double, dy: Double)
    /// The annotated frames without label in between, rising; empty where an id just changes.
    var missing: [FrameIndex]
    /// The boxes expected in ``missing``.
    var boxes: [Box]
    /// Whether boxes over such a gap are good enough to be proposed.
    var isBridged: Bool
    /// How sure the two ends belong together, 0...1.
    var score: Double
    /// Why it may be harmless.
    var cause = Cause.unexplained
    /// The cause in words; nil where nothing explains it.
    var explanation: String?

    /// From the first to the last missing frame; the frame of the change where none is missing.
    var range: FrameRange {
      guard let first = missing.first, let last = missing.last else {
        return FrameRange(frame: after)
      }
      return FrameRange(first, last + 1)
    }

    /// The track that has the object in the meantime: its labels lie in the place of at least half
    /// of the missing frames, and it has none on either end, as an object that passes by has.
    func standIn(in source: SourceFacts) -> Track? {
      let tracks = source.annotations.tracks
      var counts: [Int32: Int] = [:]
      for (frame, box) in zip(missing, boxes) {
        for entry in source.boxes[frame] where entry.box.iou(box) > GapCauses.samePlace {
          counts[entry.track, default: 0] += 1
        }
      }
      let most = counts.filter { place, count in
        let track = tracks[Int(place)]
        return 2 * count >= missing.count && track.instance(at: before) == nil
          && track.instance(at: after) == nil
      }.max { ($0.value, $1.key) < ($1.value, $0.key) }
      return most.map { tracks[Int($0.key)] }
    }

    /// The smallest box around everything expected in the hole.
    var place: Box { boxes.reduce(beforeBox.union(afterBox)) { $0.union($1) } }
  }

  /// The least share of good boxes, plus a fifth of the mean IoU, for boxes to be proposed.
  static let leastQuality = 0.5

  /// The holes, by track and frame.
  private(set) var gaps: [Gap] = []
  /// The annotated frames.
  let steps: AnnotatedSteps
  // The area of the picture; nil where nobody states it.
  private let picture: Box?

  /// Finds the holes of `source`; pieces are joined over at most `longest` seconds.
  init(_ source: SourceFacts, on video: VideoFacts, longest: Double) {
    steps = AnnotatedSteps(source.annotations)
    picture = Picture(statedBy: source.annotations, or: video)?.box
    let tracks = source.annotations.tracks
    let cuts = video.cuts.map { [steps] in steps.step(of: $0) }
    var pieces: [Tracklet] = []
    var kinds: [String: Int] = [:]
    for (place, track) in tracks.enumerated() where track.isTracked && !track.isIgnored {
      let kind = kinds[track.className, default: kinds.count]
      kinds[track.className] = kind
      split(track, place, kind, cuts, into: &pieces)
    }
    // No gap is longer than the labels, whatever the configuration says.
    let extent = (pieces.map(\.end).max() ?? 0) - (pieces.map(\.start).min() ?? 0)
    let longestGap = min(steps.count(in: longest, video.frames), extent)
    let stitching = Stitching(pieces, longestGap: longestGap, cuts: cuts)
    var isJoined = [Bool](repeating: false, count: pieces.count)
    for join in stitching.joins {
      if pieces[join.from].track == pieces[join.to].track { isJoined[join.from] = true }
      gaps += gap(pieces, join.from, join.to, join.score, stitching, tracks)
    }
    // A gap in one track is reported whatever the assignment made of it.
    for place in pieces.indices.dropLast()
    where !isJoined[place] && pieces[place].track == pieces[place + 1].track {
      gaps += gap(pieces, place, place + 1, 0, stitching, tracks)
    }
    gaps.sort { ($0.track, $0.before, $0.next) < ($1.track, $1.before, $1.next) }
    gaps = GapCauses(source, video, gaps).explained()
  }

  /// Splits a track into unbroken stretches, which never cross a cut.
  private func split(
    _ track: Track, _ place: Int, _ kind: Int, _ cuts: [Int], into pieces: inout [Tracklet]
  ) {
    var cut = cuts.startIndex
    var current: Tracklet?
    for instance in track.instances {
      guard let box = instance.shape.bounds, box.isValid else { continue }
      let step = steps.step(of: instance.frame)
      if let current, step < current.end { continue }
      var isAfterCut = false
      while cut < cuts.endIndex, cuts[cut] <= step {
        isAfterCut = true
        cut += 1
      }
      if current?.end == step, !isAfterCut {
        current?.states.append(BoxState(box))
      } else {
        if let current { pieces.append(current) }
        current = Tracklet(track: place, kind: kind, start: step, states: [BoxState(box)])
      }
    }
    if let current { pieces.append(current) }
  }

  /// The hole between two pieces; none where one track goes on without a missing label.
  private func gap(
    _ pieces: [Tracklet], _ from: Int, _ to: Int, _ score: Double, _ stitching: Stitching,
    _ tracks: [Track]
  ) -> [Gap] {
    let (a, b) = (pieces[from], pieces[to])
    let isOneTrack = a.track == b.track
    if isOneTrack, a.end == b.start { return [] }
    let bridge = stitching.bridge(from: from, to: to)
    var (missing, boxes): ([FrameIndex], [Box]) = ([], [])
    for (step, box) in zip(a.end..<b.start, bridge.boxes) {
      let frame = steps.frame(of: step)
      // A label whose shape is invalid is no missing label.
      guard tracks[a.track].instance(at: frame) == nil else { continue }
      missing.append(frame)
      boxes.append(box)
    }
    if isOneTrack, missing.isEmpty { return [] }
    var (before, after) = (steps.frame(of: a.end - 1), steps.frame(of: b.start))
    if isOneTrack, let first = missing.first, let last = missing.last {
      // An instance with an invalid shape is a label all the same.
      let instances = tracks[a.track].instances
      before = instances[instances.partitioningIndex { $0.frame >= first } - 1].frame
      after = instances[instances.partitioningIndex { $0.frame > last }].frame
    }
    let certainty = isOneTrack ? 1 : 1 - 1 / (1 + max(0, score))
    return [
      Gap(
        track: a.track, next: b.track, before: before, after: after,
        beforeBox: a.states[a.states.count - 1].box,
        afterBox: b.states[0].box, arrival: bridge.arrival, departure: bridge.departure,
        missing: missing, boxes: boxes, isBridged: bridge.quality >= Self.leastQuality,
        score: certainty * min(1, bridge.quality / 1.2))
    ]
  }
}

extension MissingLabels {
  /// The boxes of `gap` to draw, as far as they lie in the picture.
  ///
  /// Without `coveredToo`, only those on whose place no other label lies.
  func proposals(for gap: Gap, in source: SourceFacts, coveredToo: Bool) -> [Proposal] {
    guard gap.isBridged else { return [] }
    return zip(gap.missing, gap.boxes).filter { frame, box in
      (picture.map { $0.intersectionArea(box) > 0 } ?? true)
        && (coveredToo || !source.boxes[frame].contains { $0.box.iou(box) > GapCauses.samePlace })
    }.map { Proposal(frame: $0, box: $1) }
  }

  /// The holes of the source that `input` is about, computed by whoever asks first.
  static func of(_ input: RuleInput, longest: Double) -> MissingLabels? {
    input.source.map { source in source.missingLabels.value(source, input.video, longest) }
  }

  /// Keeps the holes of one source, so that two rules look for them once.
  final class Memo: Sendable {
    private let known = Mutex<[Double: MissingLabels]>([:])

    func value(_ source: SourceFacts, _ video: VideoFacts, _ longest: Double) -> MissingLabels {
      known.withLock { known in
        if let value = known[longest] { return value }
        let value = MissingLabels(source, on: video, longest: longest)
        known[longest] = value
        return value
      }
    }
  }
}
