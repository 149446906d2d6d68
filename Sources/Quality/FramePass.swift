public import VideoIO

/// One frame as all frame metrics see it: the sums of one shared pass over its luma.
///
/// A pass is lent to ``FrameMetric/measure(_:)`` and never kept. Metrics of your own read the sums,
/// or walk over the pixels through ``withLuma(_:)``.
@safe public struct FramePass: ~Copyable {
  /// The place of the frame, zero-based in presentation order.
  public let index: Int
  /// The number of pixels in a row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// Whether black is 0 and white 255; otherwise black is 16 and white 235.
  public let isFullRange: Bool
  /// The sums over the levels of this frame.
  public let sums: LumaSums
  /// How the frame differs from the frame before.
  public let difference: LumaDifference
  /// How many frames in a row, up to this one, repeat the same picture; 0 for a new picture.
  public let repeats: Int

  private let base: UnsafePointer<UInt8>
  private let stride: Int

  /// Creates a pass over a plane that outlives it.
  init(
    index: Int, luma: borrowing LumaPlane, sums: LumaSums, difference: LumaDifference, repeats: Int
  ) {
    self.index = index
    width = luma.width
    height = luma.height
    isFullRange = luma.isFullRange
    stride = luma.stride
    self.sums = sums
    self.difference = difference
    self.repeats = repeats
    unsafe base = luma.withUnsafePixels { unsafe $0 }
  }

  /// The factor that stretches a difference of levels to the scale 0...255.
  public var levelScale: Double { sums.levelScale }

  /// Lends the brightness plane as decoded, for a metric that needs more than the sums.
  public borrowing func withLuma<R, E: Error>(
    _ body: (borrowing LumaPlane) throws(E) -> R
  ) throws(E) -> R {
    let luma = unsafe LumaPlane(
      base: base, width: width, height: height, stride: stride, isFullRange: isFullRange)
    return try body(luma)
  }
}

/// What the shared pass adds up over one frame, exact.
///
/// Sums are over levels clamped to ``blackPoint``... white and not yet stretched: whole numbers stay
/// exact, and a metric multiplies its result by ``levelScale`` once (squares twice).
public struct LumaSums: Hashable, Sendable {
  /// The number of pixels.
  public var count: Int
  /// The level of black: 16, or 0 in full range.
  public var blackPoint: Double
  /// The factor that stretches levels to the scale 0...255: 255/219, or 1 in full range.
  public var levelScale: Double
  /// The sum of levels.
  public var sum: UInt64
  /// The sum of squared levels.
  public var sumOfSquares: UInt64
  /// The sum of the 4-neighbour Laplacian, borders mirrored without repeating the edge.
  public var laplacian: Int64
  /// The sum of the squared Laplacian.
  public var laplacianSquares: UInt64
  /// The sum of Gx² + Gy² of the 3x3 Sobel operator, borders as in ``laplacian``.
  public var gradientSquares: UInt64
  /// The number of black pixels: at most 37 as decoded, 25 in full range.
  public var black: Int

  /// The population variance of `count` whole numbers, free of cancellation; never negative.
  static func variance(count: Int, sum: Int128, sumOfSquares: Int128) -> Double {
    let n = Int128(count)
    return Double(n * sumOfSquares - sum * sum) / Double(count) / Double(count)
  }
}

/// How a frame differs from the frame before, or why that cannot be said.
public enum LumaDifference: Hashable, Sendable {
  /// The sum of absolute differences of levels as decoded, and the largest mean of an 8x8 block.
  case measured(sumOfAbsolute: UInt64, largestBlock: Double)
  /// There is nothing to compare with, with the reason in a few words: `first frame`.
  case undefined(String)
}
