internal import Foundation
public import VideoIO

/// One frame as all frame metrics see it: what one shared walk over its planes adds up.
///
/// Nearly everything is measured on the *working picture*: the brightness plane averaged down by
/// area so that its shorter side has ``workingSide`` pixels (smaller pictures stay as they are).
/// That makes videos of different sizes comparable, and costs little more than reading the planes
/// once. Levels are as decoded, rounded to 8 bits, halves up.
///
/// A pass is lent to ``FrameMetric/measure(_:)`` and never kept. Metrics of your own read the parts
/// they name in ``FrameMetric/needs``, or walk over the pixels through ``withLuma(_:)``.
@safe public struct FramePass: ~Copyable {
  /// What a metric needs of a pass; nothing else is computed.
  public struct Parts: OptionSet, Sendable {
    /// One bit a part.
    public let rawValue: Int
    /// Creates parts from their bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// ``FramePass/levels``.
    public static let levels = Parts(rawValue: 1 << 0)
    /// ``FramePass/edges``.
    public static let edges = Parts(rawValue: 1 << 1)
    /// ``FramePass/difference`` and ``FramePass/repeats``.
    public static let change = Parts(rawValue: 1 << 2)
    /// ``NativeSample/noise``.
    public static let noise = Parts(rawValue: 1 << 3)
    /// ``NativeSample/blockiness``.
    public static let blockiness = Parts(rawValue: 1 << 4)
    /// ``NativeSample/combing``.
    public static let combing = Parts(rawValue: 1 << 5)
    /// ``FramePass/chroma``.
    public static let chroma = Parts(rawValue: 1 << 6)
  }

  /// The longest shorter side of a working picture, in pixels.
  public static let workingSide = 270
  /// The longest shorter side of the working colour planes, in samples.
  public static let workingChromaSide = 135

  /// The place of the frame, zero-based in presentation order.
  public let index: Int
  /// The number of pixels in a row of the frame.
  public let width: Int
  /// The number of rows of the frame.
  public let height: Int
  /// The number of pixels in a row of the working picture.
  public let workingWidth: Int
  /// The number of rows of the working picture.
  public let workingHeight: Int
  /// Whether black is 0 and white 255; otherwise black is 16 and white 235.
  public let isFullRange: Bool
  /// How often each level occurs in the working picture.
  public let levels: LumaHistogram
  /// The sums over edges of the working picture.
  public let edges: LumaEdges
  /// How the working picture differs from that of the frame before.
  public let difference: LumaDifference
  /// How many frames in a row, up to this one, repeat the same picture; 0 for a new picture.
  public let repeats: Int
  /// What a sample of the native pixels shows.
  public let native: NativeSample
  /// The sums over the working colour planes; of no sample for a grey picture.
  public let chroma: ChromaSums

  private let base: UnsafePointer<UInt8>
  private let stride: Int
  private let working: UnsafePointer<UInt8>

  /// Creates a pass over planes that outlive it.
  init(
    index: Int, luma: borrowing LumaPlane, working: borrowing LumaPlane, levels: LumaHistogram,
    edges: LumaEdges, difference: LumaDifference, repeats: Int, native: NativeSample,
    chroma: ChromaSums
  ) {
    self.index = index
    (width, height) = (luma.width, luma.height)
    (workingWidth, workingHeight) = (working.width, working.height)
    isFullRange = luma.isFullRange
    stride = luma.stride
    self.levels = levels
    self.edges = edges
    self.difference = difference
    self.repeats = repeats
    self.native = native
    self.chroma = chroma
    unsafe base = luma.withUnsafePixels { unsafe $0 }
    unsafe self.working = working.withUnsafePixels { unsafe $0 }
  }

  /// The factor that stretches a difference of levels to the scale 0...255.
  public var levelScale: Double { LevelRange(isFullRange: isFullRange).scale }

  /// Lends the brightness plane as decoded, for a metric that needs more than the sums.
  public borrowing func withLuma<R, E: Error>(
    _ body: (borrowing LumaPlane) throws(E) -> R
  ) throws(E) -> R {
    let luma = unsafe LumaPlane(
      base: base, width: width, height: height, stride: stride, isFullRange: isFullRange)
    return try body(luma)
  }

  /// Lends the working picture; its rows follow without gaps.
  public borrowing func withWorkingLuma<R, E: Error>(
    _ body: (borrowing LumaPlane) throws(E) -> R
  ) throws(E) -> R {
    let luma = unsafe LumaPlane(
      base: working, width: workingWidth, height: workingHeight, stride: workingWidth,
      isFullRange: isFullRange)
    return try body(luma)
  }
}

/// How often each level occurs in a picture.
public struct LumaHistogram: Hashable, Sendable {
  /// The number of pixels of each level as decoded, 256 places; all 0 where no metric asks for it.
  public let counts: [UInt32]
  /// Whether black is 0 and white 255; otherwise black is 16 and white 235.
  public let isFullRange: Bool
  /// The number of pixels.
  public let count: Int
  // Over levels clamped to black...white, and from black on.
  private let sum: Int
  private let sumOfSquares: Int

  init(counts: [UInt32], isFullRange: Bool) {
    let range = LevelRange(isFullRange: isFullRange)
    var (count, sum, squares) = (0, 0, 0)
    for level in 0..<256 {
      let above = range.aboveBlack(level)
      let pixels = Int(counts[level])
      count += pixels
      sum += pixels * above
      squares += pixels * above * above
    }
    self.counts = counts
    self.isFullRange = isFullRange
    (self.count, self.sum, sumOfSquares) = (count, sum, squares)
  }

  /// The mean on the scale 0...255, levels beyond black and white counted as those.
  public var mean: Double {
    Double(sum) / Double(count) * LevelRange(isFullRange: isFullRange).scale
  }

  /// The population standard deviation on the scale 0...255.
  public var standardDeviation: Double {
    variance(count: count, sum: sum, sumOfSquares: sumOfSquares).squareRoot()
      * LevelRange(isFullRange: isFullRange).scale
  }

  /// The lowest level up to which at least `share` of the pixels lie, on the scale 0...255.
  ///
  /// As ffmpeg's `signalstats` counts: up to `share` times the number of pixels, rounded to even.
  public func percentile(_ share: Double) -> Double {
    let wanted = Int((share * Double(count)).rounded(.toNearestOrEven))
    var seen = 0
    let level = counts.firstIndex { pixels in
      seen += Int(pixels)
      return seen >= wanted
    }
    let range = LevelRange(isFullRange: isFullRange)
    return Double(range.aboveBlack(level ?? 255)) * range.scale
  }

  /// The share of pixels at or below a tenth of the way to white: 37 as decoded, 25 in full range.
  public var blackShare: Double {
    let black = Int(LevelRange(isFullRange: isFullRange).black)
    return Double(counts[...black].reduce(0) { $0 + Int($1) }) / Double(count)
  }

  /// The entropy of the levels in bits.
  public var entropy: Double {
    counts.reduce(0) { sum, pixels in
      guard pixels > 0 else { return sum }
      let share = Double(pixels) / Double(count)
      return sum - share * log2(share)
    }
  }
}

/// What edges of a picture add up to, over levels clamped to black...white and not yet stretched.
///
/// Sums are exact; a metric multiplies its result by ``FramePass/levelScale`` once, squares twice.
/// Neighbours outside the picture mirror without repeating the edge.
public struct LumaEdges: Hashable, Sendable {
  /// The number of pixels.
  public var count = 0
  /// The sum of the 4-neighbour Laplacian.
  public var laplacian = 0
  /// The sum of the squared Laplacian.
  public var laplacianSquares = 0
  /// The sum of Gx² + Gy² of the 3x3 Sobel operator.
  public var gradientSquares = 0
  /// The number of pixels that are not on the border of the picture.
  public var innerCount = 0
  /// The sum of Gx² + Gy² over inner pixels.
  public var innerSquares = 0
  /// The sum of sqrt(Gx² + Gy²) over inner pixels, each rounded to a sixteenth.
  public var innerMagnitude = 0.0
}

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

/// The levels that black and white have in a plane.
struct LevelRange {
  /// Black.
  let low: UInt8
  /// White.
  let high: UInt8
  /// The brightest level that still counts as black: a tenth of the way to white.
  let black: UInt8

  init(isFullRange: Bool) {
    (low, high, black) = isFullRange ? (0, 255, 25) : (16, 235, 37)
  }

  /// The factor that stretches `low...high` to 0...255.
  var scale: Double { 255 / Double(high - low) }

  /// How far a level is from black, at most as far as white.
  func aboveBlack(_ level: Int) -> Int { min(Int(high), max(Int(low), level)) - Int(low) }
}

/// The population variance of `count` whole numbers, free of cancellation; never negative.
func variance(count: Int, sum: Int, sumOfSquares: Int) -> Double {
  let (n, sum, squares) = (Int128(count), Int128(sum), Int128(sumOfSquares))
  return Double(n * squares - sum * sum) / Double(count) / Double(count)
}
