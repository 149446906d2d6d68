/// What was lost on the way into a format, counted aspect by aspect.
public struct LossReport: Hashable, Sendable {
  /// How much of every aspect was lost; an aspect that is not in it was kept whole.
  public private(set) var counts: [LabelAspect: Int] = [:]

  /// Creates a report of no loss.
  public init() {}

  /// Whether nothing was lost.
  public var isEmpty: Bool { counts.isEmpty }

  /// Counts `count` losses of `aspect`.
  public mutating func add(_ aspect: LabelAspect, _ count: Int = 1) {
    if count > 0 { counts[aspect, default: 0] += count }
  }

  /// Adds the losses of another report.
  public mutating func add(_ other: LossReport) {
    counts.merge(other.counts, uniquingKeysWith: +)
  }

  /// The losses, one a line, in the order of ``LabelAspect``: `12 scores (confidence)`.
  public var lines: [String] {
    LabelAspect.allCases.compactMap { aspect in
      counts[aspect].map { "\($0) \(aspect.words) (\(aspect.rawValue))" }
    }
  }

  /// The losses as a JSON object from aspect to count, in the order of ``LabelAspect``.
  public var json: String {
    JSONText.object(
      LabelAspect.allCases.compactMap { aspect in
        counts[aspect].map { (key: aspect.rawValue, value: String($0)) }
      })
  }
}
