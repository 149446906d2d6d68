import Annotations
import Foundation

/// How the objects of one source move, learnt from the labels at hand.
///
/// Gaps of known lengths are cut out of labelled stretches and given back: what works best there,
/// and how far off it is, holds for the gaps that are really there. All distances are in object
/// sizes, all times in steps from one annotated frame to the next.
struct MotionModel: Sendable {
  /// A velocity in pixels a step, relative to the motion of the camera.
  struct Velocity {
    var x, y: Double
    /// The growth of the logarithm of the size.
    var growth = 0.0
  }

  /// What gaps of one length taught.
  struct Lesson {
    /// The number of missing steps.
    var missing: Int
    /// How much of the velocity at an end to believe when looking across the gap, 0...1.
    var linkShare: Double
    /// The same for the growth of the size.
    var growthShare: Double
    /// How much of it to believe when filling the gap, 0...1.
    var bridgeShare: Double
    /// The error of the place, as a standard deviation in sizes.
    var position: Double
    /// The change of logarithmic size and aspect over the gap, as standard deviations.
    var size, aspect: Double
    /// How good filled boxes are: the share with an IoU of at least 0.5, and the mean IoU.
    var goodShare, meanIoU: Double
  }

  static let lengths = [1, 2, 4, 8, 16, 32, 64]
  static let shares = [0.0, 0.5, 1.0]
  /// How many steps at an end its velocity is fitted to.
  static let history = 5
  /// How many steps must be there on both sides of a gap that is cut out.
  static let context = 3
  static let samples = 60
  static let positionFloor = 0.05
  static let sizeFloor = 0.05
  static let aspectFloor = 0.07

  let common: CommonMotion
  private(set) var lessons: [Lesson] = []

  /// Learns from `tracklets`, whose ``Tracklet/track`` numbers tell objects apart.
  init(_ tracklets: [Tracklet]) {
    common = CommonMotion(tracklets)
    for missing in Self.lengths {
      let cuts = Self.cuts(of: missing, in: tracklets)
      guard cuts.count >= 8 else { break }
      lessons.append(lesson(of: missing, cuts.map { (tracklets[$0.tracklet], $0.before) }))
    }
  }

  /// Places to cut a gap out: up to ``samples``, spread evenly over all that are possible.
  private static func cuts(
    of missing: Int, in tracklets: [Tracklet]
  ) -> [(tracklet: Int, before: Int)] {
    let room = tracklets.map { max(0, $0.states.count - missing - 2 * context + 1) }
    let total = room.reduce(0, +)
    guard total > 0 else { return [] }
    let count = min(total, samples)
    var cuts: [(Int, Int)] = []
    var (tracklet, passed) = (0, 0)
    for sample in 0..<count {
      let place = (2 * sample + 1) * total / (2 * count)
      while place >= passed + room[tracklet] {
        passed += room[tracklet]
        tracklet += 1
      }
      cuts.append((tracklet, place - passed + context - 1))
    }
    return cuts
  }

  private func lesson(of missing: Int, _ cuts: [(Tracklet, Int)]) -> Lesson {
    var places = [[Double]](repeating: [], count: Self.shares.count)
    var (sizes, overlaps) = (places, places)
    var aspects: [Double] = []
    for (tracklet, before) in cuts {
      let (a, b) = (End(tracklet, before), End(tracklet, before + missing + 1))
      let va = velocity(before: a)
      let vb = velocity(after: b)
      for (k, share) in Self.shares.enumerated() {
        let miss = miss(from: a, va, to: b, vb, share: share, growthShare: share)
        places[k].append(hypot(miss.x, miss.y))
        sizes[k].append(abs(miss.growth))
        let filled = bridge(from: a, va, to: b, vb, share: share)
        for (step, box) in zip(1..., filled) {
          overlaps[k].append(box.iou(tracklet.states[before + step].box))
        }
      }
      aspects.append(abs(b.state.logAspect - a.state.logAspect))
    }
    func best(_ score: (Int) -> Double) -> Int {
      Self.shares.indices.min { score($0) < score($1) } ?? 0
    }
    let link = best { quantile(places[$0], 0.75) ?? 0 }
    let growth = best { quantile(sizes[$0], 0.75) ?? 0 }
    let mean = { (values: [Double]) in values.reduce(0, +) / Double(max(1, values.count)) }
    let bridge = best { -mean(overlaps[$0]) }
    // The 75 % quantile of a length in the plane is 1.67 standard deviations, on a line 1.15.
    return Lesson(
      missing: missing, linkShare: Self.shares[link],
      growthShare: Self.shares[growth], bridgeShare: Self.shares[bridge],
      position: max(Self.positionFloor, (quantile(places[link], 0.75) ?? 0) / 1.67),
      size: max(Self.sizeFloor, (quantile(sizes[growth], 0.75) ?? 0) / 1.15),
      aspect: max(Self.aspectFloor, (quantile(aspects, 0.75) ?? 0) / 1.15),
      goodShare: mean(overlaps[bridge].map { $0 >= 0.5 ? 1 : 0 }),
      meanIoU: mean(overlaps[bridge]))
  }

  /// The lesson for `missing` steps, between the two nearest lengths that taught one.
  ///
  /// Beyond the longest, errors grow with the length; with no lesson at all they are wide.
  func lesson(for missing: Int) -> Lesson {
    let missing = max(1, missing)
    guard let last = lessons.last else {
      let spread = 0.15 + 0.04 * Double(missing)
      return Lesson(
        missing: missing, linkShare: 0.5, growthShare: 0, bridgeShare: 0.5, position: spread,
        size: 0.1 + 0.01 * Double(missing), aspect: 0.1 + 0.01 * Double(missing), goodShare: 1,
        meanIoU: 1)
    }
    guard missing < last.missing else {
      let growth = Double(missing) / Double(last.missing)
      var lesson = last
      lesson.position *= growth
      lesson.size *= growth.squareRoot()
      lesson.aspect *= growth.squareRoot()
      if growth > 1 {
        lesson.goodShare /= growth
        lesson.meanIoU /= growth
      }
      return lesson
    }
    guard let above = lessons.firstIndex(where: { $0.missing >= missing }), above > 0 else {
      return lessons[0]
    }
    let (low, high) = (lessons[above - 1], lessons[above])
    let u =
      log(Double(missing) / Double(low.missing)) / log(Double(high.missing) / Double(low.missing))
    func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * u }
    return Lesson(
      missing: missing, linkShare: mix(low.linkShare, high.linkShare),
      growthShare: mix(low.growthShare, high.growthShare),
      bridgeShare: mix(low.bridgeShare, high.bridgeShare),
      position: mix(low.position, high.position), size: mix(low.size, high.size),
      aspect: mix(low.aspect, high.aspect), goodShare: mix(low.goodShare, high.goodShare),
      meanIoU: mix(low.meanIoU, high.meanIoU))
  }

  /// A place in a tracklet from which one looks across a gap.
  struct End {
    let tracklet: Tracklet
    let place: Int

    init(_ tracklet: Tracklet, _ place: Int) {
      self.tracklet = tracklet
      self.place = place
    }

    var state: BoxState { tracklet.states[place] }
    var step: Int { tracklet.start + place }
  }

  /// The velocity with which an object arrives at `end`.
  func velocity(before end: End) -> Velocity {
    let first = max(0, end.place - Self.history + 1)
    return velocity(end.tracklet, first...end.place)
  }

  /// The velocity with which an object leaves `end`.
  func velocity(after end: End) -> Velocity {
    let last = min(end.tracklet.states.count - 1, end.place + Self.history - 1)
    return velocity(end.tracklet, end.place...last)
  }

  /// Least squares through the places, with the common motion taken out.
  private func velocity(_ tracklet: Tracklet, _ places: ClosedRange<Int>) -> Velocity {
    let n = Double(places.count)
    guard places.count > 1 else { return Velocity(x: 0, y: 0) }
    var (cx, cy) = (0.0, 0.0)
    var sum = Velocity(x: 0, y: 0)
    for (k, place) in places.enumerated() {
      let state = tracklet.states[place]
      let weight = Double(k) - (n - 1) / 2
      sum.x += weight * (state.x - cx)
      sum.y += weight * (state.y - cy)
      sum.growth += weight * state.logSize
      if place < places.upperBound,
        let move = common.displacement(
          at: state, from: tracklet.start + place, without: tracklet.track)
      {
        cx += move.dx
        cy += move.dy
      }
    }
    let scale = n * (n * n - 1) / 12
    return Velocity(x: sum.x / scale, y: sum.y / scale, growth: sum.growth / scale)
  }

  /// The cumulated common motion along the path from `a` to `b`, one entry a step, the first one 0;
  /// nil where too little of it is known.
  private func drift(from a: End, to b: End, along path: [BoxState]?) -> [(x: Double, y: Double)]? {
    guard common.isMoving else { return nil }
    let count = b.step - a.step
    var moves: [(dx: Double, dy: Double)?] = []
    for k in 0..<count {
      let state = path?[k] ?? a.state.mixed(with: b.state, share: Double(k) / Double(count))
      moves.append(
        common.displacement(at: state, from: a.step + k, without: a.tracklet.track))
    }
    let known = moves.compactMap { $0 }
    guard Double(known.count) >= 0.4 * Double(count) else { return nil }
    let mean = (
      dx: known.reduce(0) { $0 + $1.dx } / Double(known.count),
      dy: known.reduce(0) { $0 + $1.dy } / Double(known.count)
    )
    var drift = [(x: 0.0, y: 0.0)]
    var (x, y) = (0.0, 0.0)
    for move in moves {
      let (dx, dy) = move ?? mean
      x += dx
      y += dy
      drift.append((x, y))
    }
    return drift
  }

  /// How far the two ends miss each other, in sizes.
  ///
  /// Half the sum of the errors of looking forward from `a` and backward from `b`, in which a
  /// constant acceleration cancels; `share` and `growthShare` say how much of the velocities counts.
  func miss(
    from a: End, _ va: Velocity, to b: End, _ vb: Velocity, share: Double, growthShare: Double
  ) -> Velocity {
    let count = Double(b.step - a.step)
    let shift = drift(from: a, to: b, along: nil)?.last ?? (x: 0, y: 0)
    let size = exp((a.state.logSize + b.state.logSize) / 2)
    let (dx, dy) = (b.state.x - a.state.x - shift.x, b.state.y - a.state.y - shift.y)
    let growth = b.state.logSize - a.state.logSize
    return Velocity(
      x: (dx - share * count * (va.x + vb.x) / 2) / size,
      y: (dy - share * count * (va.y + vb.y) / 2) / size,
      growth: growth - growthShare * count * (va.growth + vb.growth) / 2)
  }

  /// The boxes of the steps between `a` and `b`: cubic Hermite in the place, linear in the
  /// logarithm of the size, on top of the motion of the camera.
  func bridge(from a: End, _ va: Velocity, to b: End, _ vb: Velocity, share: Double) -> [Box] {
    let count = b.step - a.step
    guard count > 1 else { return [] }
    var path: [BoxState]?
    for _ in 0..<(common.isMoving ? 2 : 1) {
      let drift = drift(from: a, to: b, along: path)
      let end = drift?.last ?? (x: 0, y: 0)
      let n = Double(count)
      let chord = Velocity(
        x: (b.state.x - a.state.x - end.x) / n, y: (b.state.y - a.state.y - end.y) / n)
      path = (0...count).map { k in
        let u = Double(k) / n
        var state = a.state.mixed(with: b.state, share: u)
        let (left, right) = (u * (1 - u) * (1 - u) * n, -u * u * (1 - u) * n)
        let rise = u * n
        let shift = drift?[k] ?? (x: 0, y: 0)
        state.x =
          a.state.x + shift.x + chord.x * rise
          + share * (left * (va.x - chord.x) + right * (vb.x - chord.x))
        state.y =
          a.state.y + shift.y + chord.y * rise
          + share * (left * (va.y - chord.y) + right * (vb.y - chord.y))
        return state
      }
    }
    return (path ?? []).dropFirst().dropLast().map(\.box)
  }
}
