/// The length of one tick of a stream's clock, as a fraction of a second.
public struct TimeBase: Hashable, Sendable, CustomStringConvertible {
  /// The number of seconds that ``denominator`` ticks last.
  public var numerator: Int32
  /// Ticks in ``numerator`` seconds.
  public var denominator: Int32

  /// Creates a time base of `numerator / denominator` seconds; both must be positive.
  public init(_ numerator: Int32, _ denominator: Int32) {
    precondition(numerator > 0 && denominator > 0, "A time base is a positive fraction.")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The seconds that `ticks` last, as people read them.
  public func seconds(_ ticks: Int64) -> Double {
    Double(ticks) * Double(numerator) / Double(denominator)
  }

  /// The fraction as ffprobe prints it: `1/12800`.
  public var description: String { "\(numerator)/\(denominator)" }
}

/// A moment on a stream's clock, exact.
public struct Timestamp: Hashable, Sendable {
  /// The count of ticks since the clock's zero.
  public var ticks: Int64
  /// The length of a tick.
  public var timeBase: TimeBase

  /// Creates the moment `ticks` ticks after the clock's zero.
  public init(ticks: Int64, timeBase: TimeBase) {
    self.ticks = ticks
    self.timeBase = timeBase
  }

  /// The moment in seconds, as people read it.
  public var seconds: Double { timeBase.seconds(ticks) }
}

/// Returns seconds as a time code `HH:MM:SS.mmm`, with a leading minus for negative values.
///
/// What is no number, or too many seconds for a time code, is written as it is.
public func timeCode(seconds: Double) -> String {
  guard abs(seconds) < 1e12 else { return "\(seconds) s" }
  let total = Int64((abs(seconds) * 1000).rounded())
  func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
  let sign = seconds < 0 && total > 0 ? "-" : ""
  let clock = [total / 3_600_000, total / 60_000 % 60, total / 1000 % 60].map { padded($0, 2) }
  return sign + clock.joined(separator: ":") + "." + padded(total % 1000, 3)
}
