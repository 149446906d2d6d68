import Timeline

/// The values of one metric, one a frame, in little more than eight bytes each.
///
/// A column reads like an array of ``MetricValue``: `column[frame].number`. Numbers lie side by
/// side; a reason is kept once for all the frames in a row that share it.
public struct MetricColumn: Sendable, RandomAccessCollection {
  /// Neighbouring frames that have no number for the same reason.
  private struct Gap: Hashable, Sendable {
    var start: Int
    var end: Int
    var reason: String
  }

  /// The numbers; NaN where there is none.
  public private(set) var numbers: [Double] = []
  // Rising and apart, except where the reason changes.
  private var gaps: [Gap] = []

  /// Creates a column of no frames.
  public init() {}

  /// Creates a column from one value a frame.
  public init(_ values: some Sequence<MetricValue>) {
    numbers.reserveCapacity(values.underestimatedCount)
    for value in values { append(value) }
  }

  /// The place of the first frame.
  public var startIndex: Int { 0 }
  /// The number of frames.
  public var endIndex: Int { numbers.count }

  /// The value of one frame.
  public subscript(frame: Int) -> MetricValue {
    let number = numbers[frame]
    return number.isNaN ? .undefined(reason(at: frame)) : .value(number)
  }

  /// Adds the value of the next frame; a number that is none is undefined.
  public mutating func append(_ value: MetricValue) {
    switch value {
    case .value(let number) where !number.isNaN: numbers.append(number)
    case .value: appendGap("not a number")
    case .undefined(let reason): appendGap(reason)
    }
  }

  /// Adds the values of the next frames.
  public mutating func append(contentsOf other: MetricColumn) {
    let offset = numbers.count
    numbers += other.numbers
    for gap in other.gaps { add(gap.start + offset, gap.end + offset, gap.reason) }
  }

  /// Forgets all frames and keeps the memory.
  public mutating func removeAll() {
    numbers.removeAll(keepingCapacity: true)
    gaps.removeAll(keepingCapacity: true)
  }

  /// Calls `body` with every frame that has no number, rising, and the reason.
  public func forEachUndefined<E: Error>(
    _ body: (_ frame: Int, _ reason: String) throws(E) -> Void
  ) throws(E) {
    for gap in gaps {
      for frame in gap.start..<gap.end { try body(frame, gap.reason) }
    }
  }

  private mutating func appendGap(_ reason: String) {
    add(numbers.count, numbers.count + 1, reason)
    numbers.append(.nan)
  }

  private mutating func add(_ start: Int, _ end: Int, _ reason: String) {
    if let last = gaps.last, last.end == start, last.reason == reason {
      gaps[gaps.count - 1].end = end
    } else {
      gaps.append(Gap(start: start, end: end, reason: reason))
    }
  }

  private func reason(at frame: Int) -> String {
    let after = gaps.partitioningIndex { $0.start > frame }
    guard after > 0 else { preconditionFailure("Every frame without a number lies in a gap.") }
    return gaps[after - 1].reason
  }
}

extension MetricColumn: Equatable {
  /// Whether both hold the same values.
  public static func == (a: MetricColumn, b: MetricColumn) -> Bool {
    a.gaps == b.gaps && a.numbers.elementsEqual(b.numbers) { $0 == $1 || ($0.isNaN && $1.isNaN) }
  }
}

extension MetricColumn: ExpressibleByArrayLiteral {
  /// Creates a column from one value a frame.
  public init(arrayLiteral values: MetricValue...) { self.init(values) }
}
