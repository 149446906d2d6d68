import Annotations
import Timeline

/// Finds objects that are labelled twice in a frame.
public enum DuplicateObject: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "duplicate-object", scope: .source, level: .error,
    summary: "One object has two labels in the same frame.",
    page: """
      Two labels of one frame are suspected to show one object where

          IoU >= min-iou for one class, IoU >= certain-iou for any two

      and reported where there is no better explanation:

      - one track with two labels in a frame, wherever they lie: a repeated row, or an identity
        used twice;
      - lone detections without identity that overlap: there is no past that could explain them;
      - two tracks that lie on each other for at least half of the shorter one's labels;
      - two tracks that lie on each other suddenly and part suddenly: with an IoU below 0.1 in the
        frame before and the frame after, or with a track that begins or ends on the other one;
      - a track that begins or ends on another one with a mean IoU of at least 0.9;
      - two tracks that lie within `certain-iou` of each other for at least three frames and a
        `min-certain` of time, however they came there.

          person 7   XXXXXXXXXXXX   good: they come closer, cross, and part
          person 9   XXXXooooXXXX   (o: IoU with 7 above min-iou)

          person 7   XXXXXXXXXXXX   bad: 9 comes from nowhere and goes there
          person 9   ....oooo....
                         ^^^^

      Excused: objects that cross, one of which is hidden while its label goes on. They approach
      and part smoothly, so that each overlap has a smaller one beside it. At a cut, or where the
      annotated frames end, an approach cannot be seen and is not asked for.

      Labels that overlap in a chain are one group: three boxes on one object are one finding.
      Frames of a group less than `merge` apart are one range; ranges end at cuts. Pairs of tracks
      that duplicate-track reports (at its defaults) are left to it.

      A mean IoU of 0.9 or more is an error, and so is a track that stands twice in a frame; less
      is a warning. Outlines, masks and skeletons are compared by their bounds, and since those say
      less, only from `certain-iou` on.

      The score is the mean IoU; where the source gives confidences between 0 and 1, it is
      multiplied by the lower one of the pair, since a detector that is unsure doubles easily.

      Source: IoU 0.6 for one class as in Encord Active, 0.95 for any as in ObjectLab (cleanlab);
      telling crossing objects from doubled ones is ours.
      """,
    parameters: [
      .init(
        "min-iou", 0.6, unit: "IoU", "The overlap of two labels of one class."),
      .init(
        "certain-iou", 0.95, unit: "IoU", "The overlap of two labels of any class."),
      .init(
        "min-certain", 0.2, unit: "seconds",
        "How long tracks that came together smoothly must lie within certain-iou."),
      .init(
        "merge", 0.2, unit: "seconds", "Overlaps closer together than this are one finding."),
    ])

  /// From this mean overlap on a doubled label is an error, below a warning.
  private static let sureOverlap = 0.9

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    guard let source = input.source, let labelled = source.annotations.extent else { return [] }
    let tracks = source.annotations.tracks
    let overlaps = source.overlaps(
      OverlapThresholds(sameClass: settings["min-iou"], anyClass: settings["certain-iou"]))
    let whole = RuleSettings(DuplicateTrack.info)
    var suspects: [Suspect] = []
    for pair in TrackPair.pairs(of: overlaps, tracks: tracks) {
      if DuplicateTrack.isDuplicate(pair, tracks: tracks, video: input.video, settings: whole) {
        continue
      }
      let share = pair.share(in: tracks)
      let runs = pair.runs(
        in: source.annotations, video: input.video, merge: settings["merge"], limits: labelled)
      for run in runs where isDoubled(run, share: share, video: input.video, settings: settings) {
        suspects.append(Suspect(run, tracks: tracks))
      }
    }
    return grouped(suspects, source: source, settings: settings)
      + repeated(in: source, video: input.video, settings: settings)
      + lone(overlaps, source: source, video: input.video, settings: settings)
  }

  private static func isDoubled(
    _ run: OverlapRun, share: Double, video: VideoFacts, settings: RuleSettings
  ) -> Bool {
    if share >= 0.5 || (run.beginsAbruptly && run.endsAbruptly) { return true }
    if run.beginsAbruptly || run.endsAbruptly, run.meanIoU >= sureOverlap { return true }
    let certain = run.overlaps.filter { Double($0.iou) >= settings["certain-iou"] }.count
    return certain >= max(3, video.frames.frames(in: settings["min-certain"]))
  }

  /// Two tracks that are reported, with what the finding needs.
  private struct Suspect {
    var tracks: Set<Int>
    var range: FrameRange
    var frames: Set<FrameIndex>
    var sumIoU: Double
    var count: Int
    var confidence: Double

    init(_ run: OverlapRun, tracks list: [Track]) {
      tracks = [run.a, run.b]
      range = run.range
      frames = Set(run.overlaps.map(\.frame))
      sumIoU = run.overlaps.reduce(0) { $0 + Double($1.iou) }
      count = run.overlaps.count
      confidence = run.overlaps.reduce(1) { min($0, $1.confidence(in: list)) }
    }

    mutating func join(_ other: Suspect) {
      tracks.formUnion(other.tracks)
      range = FrameRange(min(range.start, other.range.start), max(range.end, other.range.end))
      frames.formUnion(other.frames)
      sumIoU += other.sumIoU
      count += other.count
      confidence = min(confidence, other.confidence)
    }
  }

  /// Joins suspects that share a track while they overlap in time, and words each group.
  private static func grouped(
    _ suspects: [Suspect], source: SourceFacts, settings: RuleSettings
  ) -> [Finding] {
    var groups = Groups(count: suspects.count)
    // For each track the latest suspects: by rising start, one that reaches into the next joins.
    var open: [Int: (suspect: Int, end: FrameIndex)] = [:]
    for place in suspects.indices.sorted(by: { suspects[$0].range < suspects[$1].range }) {
      for track in suspects[place].tracks.sorted() {
        if let last = open[track], last.end > suspects[place].range.start {
          groups.join(last.suspect, place)
        }
        if (open[track]?.end ?? .min) < suspects[place].range.end {
          open[track] = (place, suspects[place].range.end)
        }
      }
    }
    var joined: [Int: Suspect] = [:]
    for place in suspects.indices {
      let root = groups.root(of: place)
      if joined[root]?.join(suspects[place]) == nil { joined[root] = suspects[place] }
    }
    return joined.sorted { $0.key < $1.key }.map { _, group in
      let members = group.tracks.sorted().map { source.annotations.tracks[$0] }
      let track = members[0]
      let isOneClass = members.allSatisfy { $0.className == track.className }
      let mean = group.sumIoU / Double(max(1, group.count))
      let names =
        [track.spokenName]
        + members.dropFirst().map { isOneClass ? $0.id : $0.spokenName }
      return Finding(
        rule: info.id, level: mean >= sureOverlap ? settings.level : min(settings.level, .warning),
        source: source.name, track: track.id, otherTracks: members.dropFirst().map(\.id),
        className: track.knownClass, range: group.range,
        score: mean * group.confidence,
        reason: listed(names) + " cover the same place in "
          + "\(counted(group.frames.count, "frame")), mean IoU \(decimal(mean))",
        box: track.firstBox(in: group.range))
    }
  }

  /// Finds tracks with several labels in a frame.
  private static func repeated(
    in source: SourceFacts, video: VideoFacts, settings: RuleSettings
  ) -> [Finding] {
    source.annotations.tracks.flatMap { track -> [Finding] in
      let list = track.instances
      var twice: [(frame: FrameIndex, first: Int)] = []
      for place in list.indices.dropFirst() where list[place].frame == list[place - 1].frame {
        if twice.last?.frame != list[place].frame { twice.append((list[place].frame, place - 1)) }
      }
      if twice.isEmpty { return [] }
      let firsts = Dictionary(uniqueKeysWithValues: twice.map { ($0.frame, $0.first) })
      let ranges = FrameRange.runs(of: twice.map(\.frame)).flatMap(video.pieces)
      return ranges.map { range in
        let first = firsts[range.start] ?? 0
        let same = list[first...].prefix { $0.frame == range.start }
        let boxes = same.compactMap(\.shownBox)
        let iou = zip(boxes, boxes.dropFirst()).map { $0.iou($1) }.min() ?? 0
        let lines = same.map(\.line).filter { $0 > 0 }.map(String.init)
        let place = iou >= settings["certain-iou"] ? "at the same place" : "at different places"
        return Finding(
          rule: info.id, level: settings.level, source: source.name, track: track.id,
          className: track.knownClass, range: range, score: 1,
          reason: "\(track.spokenName) has \(same.count) labels in frame \(range.start) \(place)"
            + (lines.isEmpty ? "" : " (lines \(listed(lines)))")
            + (range.count > 1
              ? ", and several in \(counted(range.count - 1, "frame")) after it" : ""),
          box: boxes.first)
      }
    }
  }

  /// A group of overlapping labels in one frame, at least one of them without identity.
  private struct LoneGroup {
    var range: FrameRange
    var box: Box
    var mostLabels: Int
    var sumIoU: Double
    var count: Int
    var confidence: Double
    var track: Int
    var frames = 1
  }

  /// Finds overlapping labels without identity, and links the groups from frame to frame.
  private static func lone(
    _ overlaps: [Overlap], source: SourceFacts, video: VideoFacts, settings: RuleSettings
  ) -> [Finding] {
    let tracks = source.annotations.tracks
    let lone = overlaps.filter {
      $0.trackA != $0.trackB
        && !(tracks[Int($0.trackA)].isTracked && tracks[Int($0.trackB)].isTracked)
    }
    let merge = settings["merge"] + FrameTable.rounding
    var done: [LoneGroup] = []
    var open: [LoneGroup] = []
    var start = 0
    while start < lone.count {
      var end = start
      while end < lone.count, lone[end].frame == lone[start].frame { end += 1 }
      let frame = lone[start].frame
      for group in groups(in: lone[start..<end], tracks: tracks) {
        let match = open.firstIndex { before in
          before.range.end <= frame && before.box.iou(group.box) >= 0.5
            && video.frames.seconds(in: FrameRange(before.range.end, frame)) <= merge
            && video.cut(in: FrameRange(before.range.start, frame + 1)) == nil
        }
        if let match {
          open[match].range.end = frame + 1
          open[match].box = group.box
          open[match].mostLabels = max(open[match].mostLabels, group.mostLabels)
          open[match].sumIoU += group.sumIoU
          open[match].count += group.count
          open[match].confidence = min(open[match].confidence, group.confidence)
          open[match].frames += 1
        } else {
          open.append(group)
        }
      }
      let isOver: (LoneGroup) -> Bool = {
        video.frames.seconds(in: FrameRange($0.range.end, max($0.range.end, frame)))
          > merge
      }
      done += open.filter(isOver)
      open.removeAll(where: isOver)
      start = end
    }
    return (done + open).map { group in
      let track = tracks[group.track]
      let mean = group.sumIoU / Double(max(1, group.count))
      return Finding(
        rule: info.id, level: mean >= sureOverlap ? settings.level : min(settings.level, .warning),
        source: source.name, track: track.isTracked ? track.id : nil,
        className: track.knownClass, range: group.range,
        score: mean * group.confidence,
        reason: "\(group.mostLabels) \(track.className.isEmpty ? "label" : track.className)"
          + " detections cover the same place in \(counted(group.frames, "frame")), "
          + "mean IoU \(decimal(mean))",
        box: source.box(of: group.track, in: group.range))
    }
  }

  /// The connected groups of overlaps of one frame.
  private static func groups(
    in overlaps: ArraySlice<Overlap>, tracks: [Track]
  ) -> [LoneGroup] {
    let members = Array(Set(overlaps.flatMap { [$0.trackA, $0.trackB] })).sorted()
    let places = Dictionary(
      uniqueKeysWithValues: members.enumerated().map { ($0.element, $0.offset) })
    var groups = Groups(count: members.count)
    for overlap in overlaps {
      if let a = places[overlap.trackA], let b = places[overlap.trackB] { groups.join(a, b) }
    }
    var found: [Int: LoneGroup] = [:]
    for overlap in overlaps {
      guard let place = places[overlap.trackA] else { continue }
      let root = groups.root(of: place)
      let box = tracks[Int(overlap.trackA)].instances[Int(overlap.instanceA)].shape.bounds
      var group =
        found[root]
        ?? LoneGroup(
          range: FrameRange(frame: overlap.frame),
          box: box ?? Box(left: 0, top: 0, width: 0, height: 0), mostLabels: 0, sumIoU: 0,
          count: 0, confidence: 1, track: Int(members[root]))
      group.sumIoU += Double(overlap.iou)
      group.count += 1
      group.confidence = min(group.confidence, overlap.confidence(in: tracks))
      found[root] = group
    }
    for place in members.indices { found[groups.root(of: place)]?.mostLabels += 1 }
    return found.sorted { $0.key < $1.key }.map(\.value)
  }
}

extension Overlap {
  /// The lower confidence of the two, where both lie between 0 and 1; otherwise 1.
  fileprivate func confidence(in tracks: [Track]) -> Double {
    guard let a = tracks[Int(trackA)].instances[Int(instanceA)].confidence, (0...1).contains(a),
      let b = tracks[Int(trackB)].instances[Int(instanceB)].confidence, (0...1).contains(b)
    else { return 1 }
    return min(a, b)
  }
}

extension SourceFacts {
  fileprivate func box(of track: Int, in range: FrameRange) -> Box? {
    annotations.tracks[track].firstBox(in: range)
  }
}
