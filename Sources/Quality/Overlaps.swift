import Annotations
import Timeline

/// Two labels of one frame that cover the same place.
struct Overlap: Sendable {
  /// The frame of both.
  var frame: FrameIndex
  /// The place of the track of one in ``VideoAnnotations/tracks``; not above ``trackB``.
  var trackA: Int32
  /// The place of the track of the other.
  var trackB: Int32
  /// The place of the instance in its track.
  var instanceA: Int32
  /// The place of the other instance.
  var instanceB: Int32
  /// Intersection over union of the two boxes.
  var iou: Float
}

/// How much two labels must overlap to be suspected of showing one object.
struct OverlapThresholds: Hashable, Sendable {
  /// For two labels of one class.
  var sameClass: Double
  /// For two labels of different classes, and for shapes of which the boxes say little: two
  /// skeletons or outlines may differ inside one box.
  var anyClass: Double
}

extension SourceFacts {
  /// How many partners of one label are kept; more only occur in piles of identical boxes, where
  /// the neighbours in the pile link it to all others.
  private static var keptPartners: Int { 8 }

  /// Every pair of labels that overlap by at least `thresholds`, frame by frame.
  ///
  /// Each frame is sorted by the left edge. A partner of a box must begin within the share of its
  /// width that the IoU leaves over, so that a sweep looks at few candidates also in crowds.
  func overlaps(_ thresholds: OverlapThresholds) -> [Overlap] {
    struct Key {
      var left: Double
      var entry: Int32
    }
    let tracks = annotations.tracks
    let classes = classNumbers
    let least = min(max(min(thresholds.sameClass, thresholds.anyClass), 0.05), 1)
    var found: [Overlap] = []
    var keys: [Key] = []
    var sorted: [BoxesByFrame.Entry] = []
    for frame in boxes.extent.start..<boxes.extent.end {
      let entries = boxes[frame]
      if entries.count < 2 { continue }
      // Objects keep their order from frame to frame, so the last frame's order is nearly right.
      if keys.count == entries.count {
        for place in keys.indices {
          keys[place].left = entries[entries.startIndex + Int(keys[place].entry)].box.left
        }
      } else {
        keys = entries.indices.map {
          Key(left: entries[$0].box.left, entry: Int32($0 - entries.startIndex))
        }
      }
      keys.sortNearlySorted { $0.left != $1.left ? $0.left < $1.left : $0.entry < $1.entry }
      sorted.removeAll(keepingCapacity: true)
      for key in keys { sorted.append(entries[entries.startIndex + Int(key.entry)]) }
      for i in sorted.indices.dropLast() {
        let a = sorted[i]
        let lastLeft = a.box.left + (1 - least) * a.box.width
        let (lowTop, highTop) = (
          a.box.top - (1 - least) * a.box.height / least,
          a.box.top + (1 - least) * a.box.height
        )
        var partners = 0
        var j = i + 1
        while j < sorted.count, sorted[j].box.left <= lastLeft {
          let b = sorted[j]
          j += 1
          guard b.box.top <= highTop, b.box.top >= lowTop else { continue }
          let iou = a.box.iou(b.box)
          guard iou >= least else { continue }
          let (first, second) = (a.track, a.instance) < (b.track, b.instance) ? (a, b) : (b, a)
          let x = tracks[Int(first.track)].instances[Int(first.instance)]
          let y = tracks[Int(second.track)].instances[Int(second.instance)]
          let isSameClass =
            x.className == nil && y.className == nil
            ? classes[Int(first.track)] == classes[Int(second.track)]
            : tracks[Int(first.track)].className(of: x)
              == tracks[Int(second.track)].className(of: y)
          let boxesTell = x.shape.isFilledBox && y.shape.isFilledBox
          guard iou >= (isSameClass && boxesTell ? thresholds.sameClass : thresholds.anyClass)
          else { continue }
          found.append(
            Overlap(
              frame: frame, trackA: first.track, trackB: second.track,
              instanceA: first.instance, instanceB: second.instance, iou: Float(iou)))
          partners += 1
          if partners == Self.keptPartners { break }
        }
      }
    }
    return found
  }

  /// A number for the class of each track, equal where the classes are.
  private var classNumbers: [Int32] {
    var numbers: [String: Int32] = [:]
    return annotations.tracks.map { track in
      if let number = numbers[track.className] { return number }
      let number = Int32(numbers.count)
      numbers[track.className] = number
      return number
    }
  }
}

extension Array {
  /// Sorts by moving elements to their places, and anew where that would take too many moves.
  fileprivate mutating func sortNearlySorted(by precedes: (Element, Element) -> Bool) {
    var moves = 8 * count
    for place in indices.dropFirst() {
      let element = self[place]
      var free = place
      while free > 0, precedes(element, self[free - 1]) {
        self[free] = self[free - 1]
        free -= 1
        moves -= 1
      }
      self[free] = element
      if moves < 0 {
        sort(by: precedes)
        return
      }
    }
  }
}

extension Shape {
  /// Whether the bounds of the shape say where it is: a box, not what lies somewhere inside one.
  fileprivate var isFilledBox: Bool { if case .box = self { true } else { false } }
}

/// Two tracks and the frames in which they overlap.
struct TrackPair: Sendable {
  /// The place of one track in ``VideoAnnotations/tracks``.
  let a: Int
  /// The place of the other, above ``a``.
  let b: Int
  /// Their overlaps by rising frame, one a frame.
  let overlaps: [Overlap]

  /// Collects the pairs of different tracks with an identity, in the order of the tracks.
  static func pairs(of overlaps: [Overlap], tracks: [Track]) -> [TrackPair] {
    let tracked = overlaps.filter {
      $0.trackA != $0.trackB && tracks[Int($0.trackA)].isTracked
        && tracks[Int($0.trackB)].isTracked
    }.sorted {
      ($0.trackA, $0.trackB, $0.frame, $1.iou) < ($1.trackA, $1.trackB, $1.frame, $0.iou)
    }
    var pairs: [TrackPair] = []
    var start = 0
    while start < tracked.count {
      let first = tracked[start]
      var end = start
      var kept: [Overlap] = []
      while end < tracked.count, tracked[end].trackA == first.trackA,
        tracked[end].trackB == first.trackB
      {
        // A label that stands twice in a frame overlaps twice; the better overlap comes first.
        if kept.last?.frame != tracked[end].frame { kept.append(tracked[end]) }
        end += 1
      }
      pairs.append(TrackPair(a: Int(first.trackA), b: Int(first.trackB), overlaps: kept))
      start = end
    }
    return pairs
  }

  /// The share of the shorter track's labels that overlap with the other track.
  func share(in tracks: [Track]) -> Double {
    let shorter = min(tracks[a].instances.count, tracks[b].instances.count)
    return Double(overlaps.count) / Double(max(1, shorter))
  }

  /// The range from the first to the last overlap.
  var extent: FrameRange {
    FrameRange(overlaps.first?.frame ?? 0, (overlaps.last?.frame ?? -1) + 1)
  }
}

/// Finds which of `count` things belong together, from pairs that do.
struct Groups {
  private var parent: [Int]

  /// Begins with every thing in a group of its own.
  init(count: Int) { parent = Array(0..<count) }

  /// The smallest member of the group of `thing`.
  mutating func root(of thing: Int) -> Int {
    var thing = thing
    while parent[thing] != thing {
      parent[thing] = parent[parent[thing]]
      thing = parent[thing]
    }
    return thing
  }

  /// Joins the groups of `a` and `b`.
  mutating func join(_ a: Int, _ b: Int) {
    let (x, y) = (root(of: a), root(of: b))
    if x != y { parent[max(x, y)] = min(x, y) }
  }
}
