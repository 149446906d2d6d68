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
