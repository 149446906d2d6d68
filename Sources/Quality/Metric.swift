/// What a metric measures and how to read it. One metric is one file.
public struct MetricInfo: Hashable, Sendable {
  /// What the number belongs to.
  public enum Scope: String, Sendable {
    /// A frame of a video.
    case frame
    /// One object in one frame.
    case instance
    /// One object over all its frames.
    case track
  }

  /// Which way is good.
  public enum Direction: String, Sendable {
    /// More is better.
    case higherIsBetter = "higher is better"
    /// Less is better.
    case lowerIsBetter = "lower is better"
    /// Neither; the number describes.
    case neutral = "neither is better"
  }

  /// The id in stores and on the command line, such as `luma-mean`.
  public var id: String
  /// What the number belongs to.
  public var scope: Scope
  /// One sentence.
  public var summary: String
  /// The unit, such as `levels 0...255`.
  public var unit: String
  /// Which way is good.
  public var direction: Direction
  /// The page that `continuity metrics ID` prints: definition, range, edge cases, source.
  public var page: String

  /// Creates a description.
  public init(
    id: String, scope: Scope, summary: String, unit: String, direction: Direction, page: String
  ) {
    self.id = id
    self.scope = scope
    self.summary = summary
    self.unit = unit
    self.direction = direction
    self.page = page
  }
}

/// A measured number, or the reason why there is none.
public enum MetricValue: Hashable, Sendable {
  /// A finite number.
  case value(Double)
  /// No number, with the reason in a few words: `first frame`.
  case undefined(String)

  /// The number, or nil where it is undefined.
  public var number: Double? {
    if case .value(let number) = self { number } else { nil }
  }
}
