public import Annotations
import Foundation

/// A box in the numbers in which objects move and grow: centre, logarithmic size and aspect.
public struct BoxState: Hashable, Sendable {
  /// The centre, in pixels.
  public var x: Double
  /// The centre, in pixels.
  public var y: Double
  /// Half the natural logarithm of the area: the logarithm of ``size``.
  public var logSize: Double
  /// The natural logarithm of width over height.
  public var logAspect: Double

  /// Creates a state from its numbers.
  public init(x: Double, y: Double, logSize: Double, logAspect: Double) {
    self.x = x
    self.y = y
    self.logSize = logSize
    self.logAspect = logAspect
  }

  /// Creates the state of a box, which must be valid.
  public init(_ box: Box) {
    let (w, h) = (log(box.width), log(box.height))
    self.init(
      x: box.left + box.width / 2, y: box.top + box.height / 2, logSize: (w + h) / 2,
      logAspect: w - h)
  }

  /// The side of the square of the same area, in pixels: the unit of all distances.
  public var size: Double { exp(logSize) }

  /// The box.
  public var box: Box {
    Box(
      center: Point(x, y), width: exp(logSize + logAspect / 2),
      height: exp(logSize - logAspect / 2))
  }

  /// The state that lies `share` of the way from this one to `other`.
  public func mixed(with other: BoxState, share: Double) -> BoxState {
    func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
    return BoxState(
      x: mix(x, other.x), y: mix(y, other.y), logSize: mix(logSize, other.logSize),
      logAspect: mix(logAspect, other.logAspect))
  }
}

/// An unbroken stretch of one object: one state at every step of a count of annotated frames.
public struct Tracklet: Sendable {
  /// The track it is a piece of, in the caller's numbering.
  public var track: Int
  /// The kind of object, in the caller's numbering; pieces of two kinds are never joined.
  public var kind: Int
  /// The step of the first state.
  public var start: Int
  /// The states, one a step.
  public var states: [BoxState]

  /// Creates a piece of one track.
  public init(track: Int, kind: Int = 0, start: Int, states: [BoxState]) {
    self.track = track
    self.kind = kind
    self.start = start
    self.states = states
  }

  /// The step after the last state.
  public var end: Int { start + states.count }

  /// How the object moves on the screen between two places, cut to those there are, in pixels a step.
  func velocity(from first: Int, to last: Int) -> (dx: Double, dy: Double) {
    let (first, last) = (max(0, first), min(states.count - 1, last))
    guard last > first else { return (0, 0) }
    let steps = Double(last - first)
    return (
      (states[last].x - states[first].x) / steps, (states[last].y - states[first].y) / steps
    )
  }
}
