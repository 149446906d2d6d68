import Foundation

/// How the picture moves as a whole, read off the labelled objects themselves.
///
/// Where the camera moves, neighbours at a like distance move alike: the motion common at a place is
/// the weighted median of the displacements of the other objects, with Gaussian weights in distance
/// (``reach`` of the width in which there are labels) and in logarithmic size (``sizeReach``).
struct CommonMotion: Sendable {
  /// The standard deviation of the weight over distance, as a share of the labelled width.
  static let reach = 0.12
  /// The standard deviation of the weight over logarithmic size.
  static let sizeReach = 0.7
  /// The camera counts as moving where the others explain at least this much of a displacement:
  /// median residual over median displacement.
  static let movingRatio = 0.65
  /// How many objects are asked at the most, so that crowds stay affordable.
  static let mostNeighbours = 96

  private struct Step {
    var track: Int32
    var x, y, logSize, dx, dy: Double
  }

  private let steps: [Step]
  private let starts: [Int32]
  private let first: Int
  private let reach: Double
  /// Whether the camera moves; ``displacement(at:from:without:)`` is nil everywhere if it does not.
  let isMoving: Bool

  /// Reads the motion off `tracklets`.
  init(_ tracklets: [Tracklet]) {
    let begin = tracklets.map(\.start).min() ?? 0
    let end = tracklets.map(\.end).max() ?? 0
    var counts = [Int32](repeating: 0, count: max(1, end - begin + 1))
    var (low, high) = (Double.infinity, -Double.infinity)
    for tracklet in tracklets {
      for k in 0..<max(0, tracklet.states.count - 1) { counts[tracklet.start - begin + k + 1] += 1 }
      for state in tracklet.states {
        low = min(low, state.x)
        high = max(high, state.x)
      }
    }
    for k in counts.indices.dropFirst() { counts[k] += counts[k - 1] }
    var next = counts
    var all = [Step](
      repeating: Step(track: 0, x: 0, y: 0, logSize: 0, dx: 0, dy: 0), count: Int(counts.last ?? 0))
    for tracklet in tracklets {
      for k in 0..<max(0, tracklet.states.count - 1) {
        let (a, b) = (tracklet.states[k], tracklet.states[k + 1])
        let place = tracklet.start - begin + k
        all[Int(next[place])] = Step(
          track: Int32(tracklet.track), x: a.x, y: a.y, logSize: a.logSize, dx: b.x - a.x,
          dy: b.y - a.y)
        next[place] += 1
      }
    }
    let width = max(1, high - low)
    let motion = CommonMotion(
      steps: all, starts: counts, first: begin, reach: Self.reach * width, isMoving: true)
    self = motion.residualRatio() < Self.movingRatio ? motion : .still
  }

  /// A camera that stands still.
  private static let still = CommonMotion(
    steps: [], starts: [0], first: 0, reach: 1, isMoving: false)

  private init(steps: [Step], starts: [Int32], first: Int, reach: Double, isMoving: Bool) {
    self.steps = steps
    self.starts = starts
    self.first = first
    self.reach = reach
    self.isMoving = isMoving
  }

  /// Median distance between what objects do and what the others say, over the median displacement.
  private func residualRatio() -> Double {
    // A few thousand steps spread over the whole source tell it as well as all of them.
    let stride = max(1, steps.count / 3000)
    var (residuals, moves): ([Double], [Double]) = ([], [])
    for place in 0..<max(0, starts.count - 1) {
      for k in Int(starts[place])..<Int(starts[place + 1]) where k % stride == 0 {
        let step = steps[k]
        let state = BoxState(x: step.x, y: step.y, logSize: step.logSize, logAspect: 0)
        guard let common = displacement(at: state, from: first + place, without: Int(step.track))
        else { continue }
        residuals.append(hypot(step.dx - common.dx, step.dy - common.dy))
        moves.append(hypot(step.dx, step.dy))
      }
    }
    guard residuals.count >= 30, let move = quantile(moves, 0.5), move > 0,
      let residual = quantile(residuals, 0.5)
    else { return .infinity }
    return residual / move
  }

  /// The displacement in pixels from `step` to the next that the objects around `state` share.
  ///
  /// `track` is left out, so that an object never explains itself. Nil where the camera stands
  /// still or fewer than two objects are near.
  func displacement(
    at state: BoxState, from step: Int, without track: Int
  ) -> (dx: Double, dy: Double)? {
    guard isMoving, step >= first, step - first + 1 < starts.count else { return nil }
    let range = Int(starts[step - first])..<Int(starts[step - first + 1])
    let stride = max(1, range.count / Self.mostNeighbours)
    var (xs, ys): ([(Double, Double)], [(Double, Double)]) = ([], [])
    var total = 0.0
    for k in Swift.stride(from: range.lowerBound, to: range.upperBound, by: stride) {
      let other = steps[k]
      guard Int(other.track) != track else { continue }
      let (px, py) = ((other.x - state.x) / reach, (other.y - state.y) / reach)
      let ps = (other.logSize - state.logSize) / Self.sizeReach
      let weight = exp(-(px * px + py * py + ps * ps) / 2)
      guard weight > 1e-3 else { continue }
      xs.append((other.dx, weight))
      ys.append((other.dy, weight))
      total += weight
    }
    guard xs.count >= 2, total >= 0.3 else { return nil }
    return (weightedMedian(&xs, total), weightedMedian(&ys, total))
  }

  private func weightedMedian(_ pairs: inout [(Double, Double)], _ total: Double) -> Double {
    pairs.sort { $0.0 < $1.0 }
    var sum = 0.0
    for (value, weight) in pairs {
      sum += weight
      if sum >= total / 2 { return value }
    }
    return pairs.last?.0 ?? 0
  }
}

/// The value below which `share` of `values` lie, linearly interpolated; nil where there is none.
func quantile(_ values: [Double], _ share: Double) -> Double? {
  let sorted = values.sorted()
  guard let last = sorted.last else { return nil }
  let place = share * Double(sorted.count - 1)
  let low = Int(place)
  guard low + 1 < sorted.count else { return last }
  return sorted[low] + (sorted[low + 1] - sorted[low]) * (place - Double(low))
}
