import Annotations
import Testing

/// Masks drawn as rows of text: `#` is set.
enum PixelRows {
  /// The mask in its smallest crop, as readers make it.
  static func mask(_ rows: [String]) throws -> Mask {
    let places = rows.enumerated().flatMap { y, row in
      row.enumerated().filter { $0.element == "#" }.map { (x: $0.offset, y: y) }
    }
    guard let left = places.map(\.x).min(), let right = places.map(\.x).max(),
      let top = places.map(\.y).min(), let bottom = places.map(\.y).max()
    else { return try #require(Mask(left: 0, top: 0, width: 0, height: 0, runs: [])) }
    var runs: [Int32] = [0]
    for row in rows[top...bottom] {
      for pixel in Array(row)[left...right] {
        if (pixel == "#") != (runs.count % 2 == 0) { runs.append(0) }
        runs[runs.count - 1] += 1
      }
    }
    return try #require(
      Mask(left: left, top: top, width: right - left + 1, height: bottom - top + 1, runs: runs))
  }

  /// The pixels of `mask` in a frame.
  static func rows(_ mask: Mask, width: Int, height: Int) -> [String] {
    var pixels = [[Character]](repeating: [Character](repeating: ".", count: width), count: height)
    var position = 0
    for (place, run) in mask.runs.enumerated() {
      for at in position..<position + Int(run) where place % 2 == 1 {
        pixels[mask.top + at / mask.width][mask.left + at % mask.width] = "#"
      }
      position += Int(run)
    }
    return pixels.map { String($0) }
  }
}
