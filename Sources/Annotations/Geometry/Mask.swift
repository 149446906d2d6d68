/// A pixel mask as runs inside a crop, row by row.
public struct Mask: Hashable, Sendable {
  /// The column of the crop's left edge in the frame.
  public var left: Int
  /// The row of the crop's top edge in the frame.
  public var top: Int
  /// The width of the crop in pixels.
  public var width: Int
  /// The height of the crop in pixels.
  public var height: Int
  /// Run lengths, row-major in the crop, alternating unset and set, beginning with unset.
  ///
  /// They add up to `width * height`; the first may be 0.
  public var runs: [Int32]

  /// The most pixels a mask or its frame may have; more would be damage that fills the memory.
  public static let maximumPixels = 1 << 26

  /// Creates a mask from row-major runs in a crop, or nil where the runs do not fill the crop or it
  /// has more than ``maximumPixels`` or lies further out than that.
  public init?(left: Int, top: Int, width: Int, height: Int, runs: [Int32]) {
    let limit = Self.maximumPixels
    guard (0...limit).contains(width), (0...limit).contains(height), width * height <= limit,
      (-limit...limit).contains(left), (-limit...limit).contains(top), runs.allSatisfy({ $0 >= 0 }),
      runs.reduce(0, { $0 + Int($1) }) == width * height
    else { return nil }
    self.left = left
    self.top = top
    self.width = width
    self.height = height
    self.runs = runs
  }

  /// The number of set pixels.
  public var area: Int {
    stride(from: 1, to: runs.count, by: 2).reduce(0) { $0 + Int(runs[$1]) }
  }

  /// The smallest box around the set pixels; nil for an empty mask.
  public var bounds: Box? {
    var (minX, maxX, minY, maxY) = (Int.max, -1, Int.max, -1)
    var position = 0
    for (index, run) in runs.enumerated() {
      let end = position + Int(run)
      if index % 2 == 1, run > 0 {
        let (firstRow, lastRow) = (position / width, (end - 1) / width)
        minY = min(minY, firstRow)
        maxY = max(maxY, lastRow)
        minX = min(minX, firstRow == lastRow ? position % width : 0)
        maxX = max(maxX, firstRow == lastRow ? (end - 1) % width : width - 1)
      }
      position = end
    }
    guard maxX >= 0 else { return nil }
    return Box(
      left: Double(left + minX), top: Double(top + minY), width: Double(maxX - minX + 1),
      height: Double(maxY - minY + 1))
  }
}
