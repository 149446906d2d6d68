import Annotations
import Foundation
import Timeline

/// Says why a hole in the labels may be harmless.
///
/// What a source leaves out on purpose differs: some annotators draw on through an occlusion, some
/// stop at it. So an excuse that rests on the place (hidden by another label, at the border of the
/// picture) holds only where this source really has more holes in such places than elsewhere, or
/// has nothing to learn from.
struct GapCauses {
  /// A kind of place in which labels may be missing on purpose.
  enum Place: Int, CaseIterable {
    case free, hidden, fullyHidden, edge
  }

  /// The shares of a box that one other label must cover for the hidden kinds, on average.
  static let covers: [(Place, Double)] = [(.fullyHidden, 0.85), (.hidden, 0.5)]
  /// The IoU from which two labels lie on the same place.
  static let samePlace = 0.7
  /// The distance to the border at which a box is at the edge, in sizes.
  static let edgeDistance = 0.05
  /// The distance to the border from which an object can have left, in sizes.
  static let leavingDistance = 0.5
  /// How far it must move outwards in half the hole, in sizes.
  static let leavingMove = 0.1
  /// The seconds that an object takes to leave and to come back.
  static let shortestAbsence = 0.2
  /// With fewer labelled boxes in such places nothing can be learnt, and the excuse holds.
  static let fewLabels = 5.0
  /// How improbable the holes in such places must be at twice the rate of free places.
  static let surprise = 0.02
  /// Labelled boxes that are looked at to learn what a source labels.
  static let samples = 4000

  private let source: SourceFacts
  private let video: VideoFacts
  private let gaps: [MissingLabels.Gap]
  private let border: PictureBorder
  private let black: [Bool]

  init(_ source: SourceFacts, _ video: VideoFacts, _ gaps: [MissingLabels.Gap]) {
    self.source = source
    self.video = video
    self.gaps = gaps
    black = video.blackFlags
    border = PictureBorder(source, on: video)
  }

  /// The gaps with their causes.
  func explained() -> [MissingLabels.Gap] {
    let places = gaps.map { place(of: $0) }
    let statements = gaps.map { statement(on: $0) }
    // A hole that something else explains, or that all objects share, says nothing about places.
    let telling = gaps.indices.filter { place in
      statements[place] == nil && !gaps[place].missing.isEmpty
        && gaps[place].missing.contains { !source.boxes[$0].isEmpty }
    }
    let excused = excusedPlaces(telling.map { places[$0].kind })
    return gaps.indices.map { index in
      var gap = gaps[index]
      let place = places[index]
      if let statement = statements[index] {
        (gap.cause, gap.explanation) = statement
      } else if excused[place.kind.rawValue], !gap.missing.isEmpty {
        gap.cause = place.kind == .edge ? .leftFrame : .occluded
        gap.explanation = place.words
      }
      return gap
    }
  }

  /// What the source, the pixels or the motion say about a gap, whatever the source does elsewhere.
  private func statement(on gap: MissingLabels.Gap) -> (Cause, String)? {
    if let cut = video.cut(in: FrameRange(gap.before, gap.after + 1)) {
      return (.cut, "there is a cut at frame \(cut)")
    }
    let hole = FrameRange(gap.before + 1, gap.after)
    if gap.track == gap.next,
      source.annotations.tracks[gap.track].absences.contains(where: { $0.overlaps(hole) })
    {
      return (.declared, "the source declares it outside")
    }
    if !gap.missing.isEmpty {
      if gap.missing.allSatisfy({ black.indices.contains($0) && black[$0] }) {
        return (.frameQuality, "the picture is black")
      }
      if video.isEvery(Frozen.info, of: gap.missing, atLeast: 1) {
        return (.frameQuality, "the picture is frozen")
      }
    }
    if hasLeft(gap) { return (.leftFrame, "it was at the border of the picture") }
    return nil
  }

  private func place(of gap: MissingLabels.Gap) -> (kind: Place, words: String) {
    guard !gap.missing.isEmpty else { return (.free, "") }
    var covers: [Int32: Double] = [:]
    var (total, edges) = (0.0, 0)
    for (frame, box) in zip(gap.missing, gap.boxes) {
      if let cover = cover(of: box, in: frame, without: [gap.track, gap.next]) {
        covers[cover.track, default: 0] += cover.share
        total += cover.share
      }
      if isAtEdge(box) { edges += 1 }
    }
    let cover = total / Double(gap.missing.count)
    let most = covers.max { ($0.value, $1.key) < ($1.value, $0.key) }
    if let kind = Self.hiddenKind(cover), let most {
      let percent = Int((cover * 100).rounded())
      let title = source.annotations.tracks[Int(most.key)].spokenName
      return (kind, "\(title) covers \(percent) % of its place")
    }
    if 2 * edges >= gap.missing.count { return (.edge, "it was at the border of the picture") }
    return (.free, "")
  }

  private static func hiddenKind(_ cover: Double) -> Place? {
    covers.first { cover >= $0.1 }?.0
  }

  /// The other label that covers most of `box`; one on the very same place is no occluder.
  private func cover(
    of box: Box, in frame: FrameIndex, without tracks: [Int]
  ) -> (track: Int32, share: Double)? {
    var best: (track: Int32, share: Double)?
    for entry in source.boxes[frame] where !tracks.contains(Int(entry.track)) {
      let share = box.cover(by: entry.box)
      if share > best?.share ?? 0, box.iou(entry.box) < Self.samePlace {
        best = (entry.track, share)
      }
    }
    return best
  }

  private func isAtEdge(_ box: Box) -> Bool { border.distance(of: box) <= Self.edgeDistance }

  /// Whether the object went out at a side of the picture and came back there.
  ///
  /// It was near the side on both ends, moved towards it before and away from it after, and the
  /// hole lasts long enough.
  private func hasLeft(_ gap: MissingLabels.Gap) -> Bool {
    guard
      video.frames.seconds(in: gap.range) >= Self.shortestAbsence - FrameTable.rounding
    else { return false }
    let half = Double(gap.missing.count) / 2
    let before = border.sides(
      of: gap.beforeBox, dx: half * gap.arrival.dx, dy: half * gap.arrival.dy)
    let after = border.sides(
      of: gap.afterBox, dx: -half * gap.departure.dx, dy: -half * gap.departure.dy)
    return zip(before, after).contains { a, b in
      [a, b].allSatisfy { end in
        end.distance <= Self.leavingDistance
          && end.outward >= max(end.distance, Self.leavingMove)
      }
    }
  }

  /// For every kind of place whether a hole in it is excused in this source.
  private func excusedPlaces(_ places: [Place]) -> [Bool] {
    var holes = [Double](repeating: 0, count: Place.allCases.count)
    for place in places { holes[place.rawValue] += 1 }
    let labels = labelledPlaces()
    let free = Place.free.rawValue
    let expected = 2 * (holes[free] + 0.5) / (labels[free] + holes[free] + 1)
    func isExcused(_ places: [Place], fewest: Double) -> Bool {
      let found = places.reduce(0) { $0 + holes[$1.rawValue] }
      let labelled = places.reduce(0) { $0 + labels[$1.rawValue] }
      if labelled < Self.fewLabels { return true }
      return found >= fewest
        && poissonTail(atLeast: Int(found), mean: expected * (found + labelled)) <= Self.surprise
    }
    // A half-hidden object and the border are weaker reasons: they need more than one case.
    let hidden = isExcused([.hidden, .fullyHidden], fewest: 2)
    return Place.allCases.map { place in
      switch place {
      case .free: false
      case .hidden: hidden
      case .fullyHidden: hidden || isExcused([.fullyHidden], fewest: 1)
      case .edge: isExcused([.edge], fewest: 2)
      }
    }
  }

  /// How many labelled boxes there are in every kind of place, estimated from a sample.
  private func labelledPlaces() -> [Double] {
    var labels = [Double](repeating: 0, count: Place.allCases.count)
    let stride = max(1, source.annotations.instanceCount / Self.samples)
    var count = 0
    for (t, track) in source.annotations.tracks.enumerated() where track.isTracked {
      for instance in track.instances {
        count += 1
        guard count % stride == 0, let box = instance.shape.bounds, box.isValid else { continue }
        let cover = cover(of: box, in: instance.frame, without: [t])?.share ?? 0
        let kind = Self.hiddenKind(cover) ?? (isAtEdge(box) ? .edge : .free)
        labels[kind.rawValue] += Double(stride)
      }
    }
    return labels
  }
}

/// The probability of at least `count` events where `mean` are expected.
private func poissonTail(atLeast count: Int, mean: Double) -> Double {
  var (term, below) = (exp(-mean), 0.0)
  for k in 0..<count {
    below += term
    term *= mean / Double(k + 1)
  }
  return max(0, 1 - below)
}
