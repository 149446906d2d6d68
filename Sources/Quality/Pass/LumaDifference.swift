/// How a frame differs from the frame before, or why that cannot be said.
public enum LumaDifference: Hashable, Sendable {
  /// The sums over the differences of all pixels.
  case measured(LumaChange)
  /// There is nothing to compare with, with the reason in a few words: `first frame`.
  case undefined(String)
}

/// What the differences of two pictures add up to.
public struct LumaChange: Hashable, Sendable {
  /// The number of pixels.
  public var count: Int
  /// The sum of absolute differences of levels as decoded.
  public var absolute: Int
  /// The sum of differences of levels clamped to black...white.
  public var sum: Int
  /// The sum of the squares of the differences in ``sum``.
  public var squares: Int
  /// The largest mean absolute difference of a block of 8x8 pixels of the frame, levels as decoded.
  public var largestBlock: Double
}
