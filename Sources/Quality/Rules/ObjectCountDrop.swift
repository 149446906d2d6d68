import Annotations
import Timeline

/// Finds moments in which most objects of the picture have no label.
public enum ObjectCountDrop: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "object-count-drop", scope: .source, level: .error,
    summary: "Most or all objects lose their labels for a moment and get them back.",
    page: """
      A frame that was skipped, or wiped by a tool, has few labels or none between frames that are
      full. No identities are needed to see it.

      With n(t) the number of objects labelled in frame t, and the median taken over the annotated
      frames within `window` before and after t in the same shot, t belongs to a drop where

          n(t) < max-share x median and median >= 2,   or   n(t) = 0

      and a run of such frames, no longer than `window`, is reported where frames that are no drop
      lie before and after it, and most objects from before it are there after it but not in
      between, and more of them than n(t): by their identity, or without a common one by class and
      place (at most one object size apart, and three more a second). One finding a drop; the range
      holds the frames of low count.

          person 1   XXXXXXXXXXXX   good: they leave one after the other
          person 2   XXXXXXXX....
          person 3   XXXX........

          person 1   XXXXX.XXXXXX   bad: a wiped frame
          person 2   XXXXX.XXXXXX
          person 3   XXXXX.XXXXXX
                          ^

      Excused, as a note with its cause: objects that the source declares outside (declared);
      objects at the border of the picture before and after, where its size is known (left-frame);
      frames of which at least 98 % are black, where the metric black-share was measured
      (frame-quality).

      Not looked at: frames that were never annotated, also where the source does not say so but
      most labelled frames lie further apart than one frame: there empty frames mean nothing. A
      drop that does not recover, at the ends of the labels, or at a cut.

      A track with a gap in a drop is reported by track-gap too, which proposes the boxes; the gap
      of a lone object that keeps its identity only there. An object labelled twice counts once
      where it has an identity.

      The score is the missing share of the objects that should be there.

      Source: our definition. With half the median of two seconds gradual changes never fire.
      """,
    parameters: [
      .init(
        "window", 1, unit: "seconds",
        "How far the median looks to each side, and the longest drop."),
      .init(
        "max-share", 0.5, unit: "share", "A count below this share of the median is a drop."),
    ],
    frameMetrics: [BlackShare.info.id] + SceneCut.metricsForCuts)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    guard let source = input.source, let extent = source.annotations.extent else { return [] }
    let counts = objectCounts(source.annotations, extent: extent)
    let frames = lookedAt(source.annotations.annotated, counts: counts, extent: extent)
    let window = max(0, settings["window"])
    var findings: [Finding] = []
    let picture = Picture(statedBy: source.annotations, or: input.video)
    var start = 0
    while start < frames.count {
      let shot = input.video.shot(at: frames[start], in: extent)
      var end = start
      while end < frames.count, frames[end] < shot.end { end += 1 }
      let part = frames[start..<end]
      let medians = medians(
        of: part, counts: counts, first: extent.start, window: window, table: input.video.frames)
      var place = part.startIndex
      func isDrop(_ place: Int) -> Bool {
        let count = Double(counts[frames[place] - extent.start])
        let median = medians[place - part.startIndex]
        return count == 0 || (median >= 2 && count < settings["max-share"] * median)
      }
      while place < part.endIndex {
        guard isDrop(place) else {
          place += 1
          continue
        }
        let low = place
        while place < part.endIndex, isDrop(place) { place += 1 }
        let range = FrameRange(frames[low], frames[place - 1] + 1)
        guard low > part.startIndex, place < part.endIndex,
          input.video.frames.seconds(in: range) <= window + FrameTable.rounding
        else { continue }
        let lowest = part[low..<place].min {
          (counts[$0 - extent.start], $0) < (counts[$1 - extent.start], $1)
        }
        guard let lowest,
          let drop = Drop(
            before: frames[low - 1], lowest: lowest, after: frames[place], source: source,
            gapSeconds: input.video.frames.seconds(
              in: FrameRange(frames[low - 1], frames[place])),
            picture: picture)
        else { continue }
        findings.append(
          finding(
            drop, range: range, count: Int(counts[lowest - extent.start]), input: input,
            source: source.name, settings: settings))
      }
      start = end
    }
    return findings
  }

  /// The number of objects in every frame of `extent`; an identity counts once a frame.
  private static func objectCounts(
    _ annotations: VideoAnnotations, extent: FrameRange
  ) -> [Int32] {
    var counts = [Int32](repeating: 0, count: extent.count)
    for track in annotations.tracks {
      var last: FrameIndex?
      for place in track.instances.indices {
        let frame = track.instances[place].frame
        if frame != last { counts[frame - extent.start] += 1 }
        last = frame
      }
    }
    return counts
  }

  /// The annotated frames; only those with labels where most neighbours among them lie apart.
  private static func lookedAt(
    _ annotated: AnnotatedFrames, counts: [Int32], extent: FrameRange
  ) -> [FrameIndex] {
    let frames = (extent.start..<extent.end).filter {
      annotated == .all || annotated.contains($0)
    }
    let filled = frames.indices.filter { counts[frames[$0] - extent.start] > 0 }
    let apart = zip(filled, filled.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0 > 1 ? 1 : 0) }
    return apart * 2 >= filled.count ? filled.map { frames[$0] } : frames
  }

  /// The median count within `window` seconds of each of `frames`.
  private static func medians(
    of frames: ArraySlice<FrameIndex>, counts: [Int32], first: FrameIndex, window: Double,
    table: FrameTable
  ) -> [Double] {
    let seconds = frames.map { table.seconds(at: $0) }
    let values = frames.map { counts[$0 - first] }
    // The counts in the window, sorted; neighbouring windows differ by a frame at each end.
    var sorted: [Int32] = []
    func place(of value: Int32) -> Int { sorted.partitioningIndex { $0 >= value } }
    var (start, end) = (0, 0)
    // Rounding of ticks must not decide whether the frame exactly one window away belongs to it.
    let reach = window + FrameTable.rounding
    return values.indices.map { frame in
      while end < values.count, seconds[end] <= seconds[frame] + reach {
        sorted.insert(values[end], at: place(of: values[end]))
        end += 1
      }
      while seconds[start] < seconds[frame] - reach {
        sorted.remove(at: place(of: values[start]))
        start += 1
      }
      let middle = sorted.count / 2
      return sorted.count % 2 == 1
        ? Double(sorted[middle]) : Double(sorted[middle - 1] + sorted[middle]) / 2
    }
  }

  /// Which objects are missing in a drop.
  private struct Drop {
    var missing = 0
    var declared = 0
    var atBorder = 0

    /// Finds the objects that are there before and after; nil where they explain no drop.
    init?(
      before: FrameIndex, lowest: FrameIndex, after: FrameIndex, source: SourceFacts,
      gapSeconds: Double, picture: Picture?
    ) {
      let tracks = source.annotations.tracks
      let (old, now, new) = (
        Array(source.boxes[before]), Array(source.boxes[lowest]), Array(source.boxes[after])
      )
      let reach = 1 + 3 * gapSeconds
      var returned: Set<Int> = []
      // Identities go first, so that no other object takes the place of one that came back.
      let newTracks = Dictionary(
        new.indices.map { (new[$0].track, $0) }, uniquingKeysWith: { first, _ in first })
      let partners = old.map { newTracks[$0.track] }
      returned.formUnion(partners.compactMap { $0 })
      let nowTracks = Set(now.map(\.track))
      var taken: Set<Int32> = []
      var hasKeptIdentity = false
      for (place, entry) in old.enumerated() where taken.insert(entry.track).inserted {
        let track = tracks[Int(entry.track)]
        var partner = partners[place]
        if partner == nil {
          partner = new.indices.filter {
            !returned.contains($0) && tracks[Int(new[$0].track)].className == track.className
              && entry.box.distance(to: new[$0].box) <= reach
          }.min { entry.box.distance(to: new[$0].box) < entry.box.distance(to: new[$1].box) }
        }
        guard let partner else { continue }
        returned.insert(partner)
        let other = new[partner]
        let isThere =
          nowTracks.contains(entry.track) || nowTracks.contains(other.track)
          // A label without a valid box is a label all the same.
          || track.instance(at: lowest) != nil
          || now.contains { $0.box.iou(entry.box) >= 0.5 || $0.box.iou(other.box) >= 0.5 }
        guard !isThere else { continue }
        missing += 1
        hasKeptIdentity = track.isTracked && other.track == entry.track
        if track.isDeclaredAbsent(at: lowest)
          || tracks[Int(other.track)].isDeclaredAbsent(at: lowest)
        {
          declared += 1
        } else if let picture, picture.isTouched(by: entry.box), picture.isTouched(by: other.box) {
          atBorder += 1
        }
      }
      // Where most of the objects do not come back, the picture has changed.
      guard missing > nowTracks.count, missing * 2 > taken.count else { return nil }
      // The gap of a lone track is one event, and track-gap reports it.
      if missing == 1, hasKeptIdentity { return nil }
    }
  }

  private static func finding(
    _ drop: Drop, range: FrameRange, count: Int, input: RuleInput, source: String,
    settings: RuleSettings
  ) -> Finding {
    // A drop with one black frame in it is one that the picture explains.
    let isBlack = (range.start..<range.end).contains {
      input.video.isEvery(BlackShare.info, of: [$0], atLeast: BlackShare.blackFrame)
    }
    let cause: Cause
    let excuse: String
    if isBlack {
      (cause, excuse) = (.frameQuality, ", where the picture is black")
    } else if drop.missing - drop.declared <= count {
      (cause, excuse) = (.declared, ", and \(drop.declared) of them are declared outside")
    } else if drop.missing - drop.declared - drop.atBorder <= count {
      (cause, excuse) = (.leftFrame, ", and \(drop.atBorder) of them are at the border")
    } else {
      (cause, excuse) = (.unexplained, "")
    }
    return Finding(
      rule: info.id, level: cause == .unexplained ? settings.level : .note, source: source,
      range: range, score: Double(drop.missing) / Double(max(1, drop.missing + count)),
      cause: cause,
      reason: "\(counted(drop.missing, "object")) labelled before and after "
        + (drop.missing == 1 ? "has" : "have") + " no label in \(range.spokenFrames), where "
        + "\(count == 0 ? "nothing" : "only " + counted(count, "object")) is labelled" + excuse)
  }
}

extension Box {
  /// How far the centres lie apart, in object sizes.
  fileprivate func distance(to other: Box) -> Double {
    let (dx, dy) = (center.x - other.center.x, center.y - other.center.y)
    let size = max(self.size, other.size)
    return size > 0 ? (dx * dx + dy * dy).squareRoot() / size : .infinity
  }
}
