internal import Foundation

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
