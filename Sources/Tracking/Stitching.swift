public import Annotations
import Foundation
import Timeline

/// Joins the pieces of broken tracks: decides over a whole source which end goes on at which start.
///
/// Three passes with a growing longest gap. In each, every end meets every start within reach; a
/// pair scores the logarithm of how much likelier the start is there because the object went on
/// than because another one began (Student's t with four degrees of freedom in place, size and
/// aspect, with errors learnt by ``MotionModel``, against the density of starts in the source), and
/// one global assignment takes the best set of pairs. Joined pieces then teach the next pass.
public struct Stitching: Sendable {
  /// Two pieces that belong together.
  public struct Join: Sendable {
    /// The piece that ends, as a place in the list given to ``Stitching/init(_:longestGap:cuts:)``.
    public let from: Int
    /// The piece that goes on.
    public let to: Int
    /// The logarithm of the likelihood ratio, less ``Stitching/prior``.
    public let score: Double
  }

  /// What the evidence for a join must outweigh, as a logarithm.
  static let prior = 1.0
  /// How much a join between tracks must beat its best free rival by.
  static let margin = 1.0
  /// What a join within one track gets on top: the source says that its pieces belong together.
  static let sameTrackBonus = 8.0
  /// Missing steps allowed in the first passes, and the score a join must have there; the last pass
  /// sees the same pairs again.
  static let firstPasses = [2, 8]
  /// See ``firstPasses``.
  static let firstPassScore = 2.0
  /// Gates between tracks: squared standardised distance, and error of the place in sizes.
  static let mostSquaredDistance = 40.0
  /// See ``mostSquaredDistance``.
  static let mostPositionError = 1.0

  /// The pairs of pieces that belong together, by rising place of the first.
  public private(set) var joins: [Join] = []

  private let pieces: [Tracklet]
  // The number of cuts before every piece: pieces of different shots are never joined.
  private let shots: [Int]
  private var model: MotionModel
  private var chains: [Chain]
  // The chain of every piece, and the place of the piece's first state in it.
  private var chainOf: [Int]
  private var offsetOf: [Int]

  /// Pieces joined so far, the holes between them filled.
  private struct Chain {
    var first, last: Int
    var tracklet: Tracklet
  }

  /// Joins `pieces`, which are unbroken stretches sorted by track, then by start.
  ///
  /// A gap longer than `longestGap` missing steps is never joined across, nor is one of `cuts`, the
  /// rising first steps of new shots.
  public init(_ pieces: [Tracklet], longestGap: Int, cuts: [Int] = []) {
    self.pieces = pieces
    shots = pieces.map { piece in cuts.partitioningIndex { $0 > piece.start } }
    chains = pieces.enumerated().map { place, piece in
      Chain(
        first: place, last: place,
        tracklet: Tracklet(
          track: place, kind: piece.kind, start: piece.start, states: piece.states))
    }
    chainOf = Array(pieces.indices)
    offsetOf = Array(repeating: 0, count: pieces.count)
    model = MotionModel(chains.map(\.tracklet))
    guard pieces.count > 1 else { return }
    for longest in Self.firstPasses where longest < longestGap {
      merge(links(longestGap: longest, least: Self.firstPassScore))
    }
    merge(links(longestGap: longestGap, least: 0))
    joins.sort { ($0.from, $0.to) < ($1.from, $1.to) }
  }

  /// What lies between two pieces.
  public struct Bridge: Sendable {
    /// The boxes of the steps in between.
    public let boxes: [Box]
    /// How good such boxes are: the share with an IoU of at least 0.5 plus a fifth of the mean IoU
    /// that gaps of this length had where the truth is known, 0...1.2.
    public let quality: Double
    /// How the object moves on the screen before, in pixels a step.
    public let arrival: (dx: Double, dy: Double)
    /// How it moves after.
    public let departure: (dx: Double, dy: Double)
  }

  /// Fills the steps between the pieces `from` and `to`.
  public func bridge(from: Int, to: Int) -> Bridge {
    let a = MotionModel.End(
      chains[chainOf[from]].tracklet, offsetOf[from] + pieces[from].states.count - 1)
    let b = MotionModel.End(chains[chainOf[to]].tracklet, offsetOf[to])
    let lesson = model.lesson(for: b.step - a.step - 1)
    let boxes = model.bridge(
      from: a, model.velocity(before: a), to: b, model.velocity(after: b),
      share: lesson.bridgeShare)
    return Bridge(
      boxes: boxes, quality: lesson.goodShare + 0.2 * lesson.meanIoU,
      arrival: a.tracklet.velocity(from: a.place - 4, to: a.place),
      departure: b.tracklet.velocity(from: b.place, to: b.place + 4))
  }

  /// A pair of chains.
  private struct Link {
    var from, to: Int
    var score: Double
    var isSameTrack: Bool
  }

  private func links(longestGap: Int, least: Double) -> [Link] {
    let density = startDensity()
    let lessons = (0...longestGap).map { model.lesson(for: $0) }
    let arrivals = chains.map { chain in
      model.velocity(before: MotionModel.End(chain.tracklet, chain.tracklet.states.count - 1))
    }
    let departures = chains.map { model.velocity(after: MotionModel.End($0.tracklet, 0)) }
    let starts = StartsByStep(chains.map(\.tracklet))
    var candidates: [Link] = []
    for (from, chain) in chains.enumerated() {
      let a = MotionModel.End(chain.tracklet, chain.tracklet.states.count - 1)
      func score(_ to: Int, isGated: Bool) -> Double? {
        let b = MotionModel.End(chains[to].tracklet, 0)
        return self.score(
          a, arrivals[from], b, departures[to], lessons[b.step - a.step - 1], density,
          isGated: isGated)
      }
      let next = chain.last + 1
      guard next == pieces.count || pieces[next].track != pieces[chain.last].track else {
        // The track itself goes on: nobody else comes into question.
        let missing = pieces[next].start - chain.tracklet.end
        if missing <= longestGap, shots[next] == shots[chain.last],
          let likelihood = score(chainOf[next], isGated: false)
        {
          candidates.append(
            Link(
              from: from, to: chainOf[next], score: max(0.1, likelihood + Self.sameTrackBonus),
              isSameTrack: true))
        }
        continue
      }
      for missing in 0...longestGap {
        for to in starts[
          chain.tracklet.end + missing, near: a.state, reach(a.state, arrivals[from], missing)]
        {
          let first = chains[to].first
          guard first == 0 || pieces[first - 1].track != pieces[first].track,
            pieces[first].kind == pieces[chain.last].kind, shots[first] == shots[chain.last],
            pieces[first].track != pieces[chain.last].track,
            isAllowed(missing, chain.tracklet, chains[to].tracklet),
            let score = score(to, isGated: true), score > 0
          else { continue }
          candidates.append(Link(from: from, to: to, score: score, isSameTrack: false))
        }
      }
    }
    return assigned(candidates, least)
  }

  /// A gap between tracks must be short beside what is known on both sides of it.
  private func isAllowed(_ missing: Int, _ a: Tracklet, _ b: Tracklet) -> Bool {
    missing <= 6 * min(a.states.count, b.states.count)
      && missing <= a.states.count + b.states.count
  }

  /// How far in x a start can lie and still pass the gates, in pixels.
  private func reach(
    _ state: BoxState, _ velocity: MotionModel.Velocity, _ missing: Int
  ) -> Double {
    guard !model.common.isMoving else { return .infinity }
    // Half of the way is the other end's velocity, which may be larger by a size a step.
    let steps = Double(missing + 1)
    return (4 + steps) * state.size + 2 * steps * abs(velocity.x)
  }

  /// Starts of tracks per square pixel, step, logarithmic size and aspect, as a logarithm.
  private func startDensity() -> Double {
    var extent: Box?
    var (sizes, aspects): ([Double], [Double]) = ([], [])
    var (low, high) = (Int.max, Int.min)
    for chain in chains {
      let states = chain.tracklet.states
      for state in [states[0], states[states.count - 1]] {
        extent = extent?.union(state.box) ?? state.box
        sizes.append(state.logSize)
        aspects.append(state.logAspect)
      }
      low = min(low, chain.tracklet.start)
      high = max(high, chain.tracklet.end)
    }
    func spread(_ values: [Double]) -> Double {
      max(0.3, 1.5 * ((quantile(values, 0.9) ?? 0) - (quantile(values, 0.1) ?? 0)))
    }
    let count = chains.count { chain in
      chain.first == 0 || pieces[chain.first - 1].track != pieces[chain.first].track
    }
    let volume =
      max(1, extent?.area ?? 1) * Double(max(1, high - low)) * spread(sizes) * spread(aspects)
    return log(Double(max(1, count)) / volume)
  }

  /// The score of going on from `a` at `b`; nil where a gate forbids it.
  private func score(
    _ a: MotionModel.End, _ arrival: MotionModel.Velocity, _ b: MotionModel.End,
    _ departure: MotionModel.Velocity, _ lesson: MotionModel.Lesson, _ density: Double,
    isGated: Bool
  ) -> Double? {
    let missing = b.step - a.step - 1
    // Ends of one or two steps have no velocity, or a poor one.
    let shorter = min(a.tracklet.states.count, b.tracklet.states.count)
    let widening = shorter == 1 ? 2.0 : shorter == 2 ? 1.4 : 1
    let position =
      lesson.position * widening + (shorter == 1 ? 0.05 * Double(missing + 1) : 0)
    let miss = model.miss(
      from: a, arrival, to: b, departure, share: lesson.linkShare,
      growthShare: lesson.growthShare)
    let place = (miss.x * miss.x + miss.y * miss.y) / (position * position)
    let size = miss.growth / (lesson.size * widening)
    let aspect = (b.state.logAspect - a.state.logAspect) / (lesson.aspect * widening)
    if isGated {
      guard place + size * size + aspect * aspect <= Self.mostSquaredDistance,
        position <= Self.mostPositionError
      else { return nil }
    }
    // Densities of Student's t with 4 degrees of freedom, in the plane and on a line.
    let pixels = position * exp((a.state.logSize + b.state.logSize) / 2)
    let likelihood =
      -log(2 * .pi * pixels * pixels) - 3 * log1p(place / 4)
      + log(0.375 / (lesson.size * widening)) - 2.5 * log1p(size * size / 4)
      + log(0.375 / (lesson.aspect * widening)) - 2.5 * log1p(aspect * aspect / 4)
    return likelihood - density - log(Double(missing + 2)) - Self.prior
  }

  /// The best set of candidates, without those that a rival comes close to or that score below
  /// `least`.
  private func assigned(_ candidates: [Link], _ least: Double) -> [Link] {
    let taken = Assignment.best(
      of: candidates.map { .init(row: $0.from, column: $0.to, score: $0.score) },
      rows: chains.count, columns: chains.count)
    var scoreFrom = [Double](repeating: 0, count: chains.count)
    var scoreTo = scoreFrom
    var isTaken = [Bool](repeating: false, count: candidates.count)
    for place in taken {
      scoreFrom[candidates[place].from] = candidates[place].score
      scoreTo[candidates[place].to] = candidates[place].score
      isTaken[place] = true
    }
    var rivalFrom = [Double](repeating: -Self.margin, count: chains.count)
    var rivalTo = rivalFrom
    for (place, link) in candidates.enumerated() where !isTaken[place] {
      // A rival that is better linked elsewhere is none.
      if scoreTo[link.to] < link.score {
        rivalFrom[link.from] = max(rivalFrom[link.from], link.score)
      }
      if scoreFrom[link.from] < link.score {
        rivalTo[link.to] = max(rivalTo[link.to], link.score)
      }
    }
    return taken.map { candidates[$0] }.filter { link in
      link.isSameTrack
        || link.score >= least
          && link.score - max(rivalFrom[link.from], rivalTo[link.to]) >= Self.margin
    }
  }

  /// Joins the chains of every link, fills the holes in a straight line, and learns again.
  private mutating func merge(_ links: [Link]) {
    guard !links.isEmpty else { return }
    var next = [Int?](repeating: nil, count: chains.count)
    var hasBefore = [Bool](repeating: false, count: chains.count)
    for link in links {
      next[link.from] = link.to
      hasBefore[link.to] = true
      joins.append(
        Join(from: chains[link.from].last, to: chains[link.to].first, score: link.score))
    }
    var merged: [Chain] = []
    var newChain = [Int](repeating: 0, count: chains.count)
    var shift = [Int](repeating: 0, count: chains.count)
    for head in chains.indices where !hasBefore[head] {
      var chain = chains[head]
      chain.tracklet.track = merged.count
      newChain[head] = merged.count
      var current = head
      while let following = next[current] {
        let tracklet = chains[following].tracklet
        if let a = chain.tracklet.states.last {
          let steps = Double(tracklet.start - chain.tracklet.end + 1)
          for k in 0..<(tracklet.start - chain.tracklet.end) {
            chain.tracklet.states.append(
              a.mixed(with: tracklet.states[0], share: Double(k + 1) / steps))
          }
        }
        newChain[following] = merged.count
        shift[following] = chain.tracklet.states.count
        chain.tracklet.states += tracklet.states
        chain.last = chains[following].last
        current = following
      }
      merged.append(chain)
    }
    for piece in pieces.indices {
      offsetOf[piece] += shift[chainOf[piece]]
      chainOf[piece] = newChain[chainOf[piece]]
    }
    chains = merged
    model = MotionModel(chains.map(\.tracklet))
  }
}

/// The first states of tracklets, by step and by place from left to right.
private struct StartsByStep {
  private let sorted: [(step: Int, x: Double, place: Int)]

  init(_ tracklets: [Tracklet]) {
    sorted = tracklets.enumerated().map { ($1.start, $1.states[0].x, $0) }.sorted { $0 < $1 }
  }

  /// The tracklets that start at `step` within `reach` pixels of the x of `state`.
  subscript(step: Int, near state: BoxState, reach: Double) -> [Int] {
    let low = sorted.partitioningIndex { ($0.step, $0.x) >= (step, state.x - reach) }
    return sorted[low...].prefix { $0.step == step && $0.x <= state.x + reach }.map(\.place)
  }
}
