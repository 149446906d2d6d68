/// COCO's run-length code: column by column over the whole frame, unset pixels first.
struct COCORuns {
  /// The run lengths.
  var counts: [Int] = []

  /// The largest frame a mask may have; a larger one would be damage that fills the memory.
  static let maximumPixels = 1 << 26

  /// Reads the compressed form; returns false where it is no such text.
  ///
  /// Every count is written in groups of five bits, lowest first, a sixth bit saying that more
  /// follow, plus 48; from the fourth count on it is the difference to the count two before.
  /// pycocotools calls this `rleFrString`.
  mutating func read(compressed text: UnsafeBufferPointer<UInt8>) -> Bool {
    counts.removeAll(keepingCapacity: true)
    var bytes = text[...]
    // What Python's `str` makes of bytes: b'...' with every backslash doubled.
    let isEscaped = bytes.count >= 3 && bytes.first == UInt8(ascii: "b") && text[1] == 39
    if isEscaped { bytes = bytes.dropFirst(2).dropLast() }
    var (value, shift, wasBackslash) = (0, 0, false)
    for byte in bytes {
      wasBackslash = isEscaped && !wasBackslash && byte == UInt8(ascii: "\\")
      if wasBackslash { continue }
      guard byte >= 48, byte < 112, shift < 60 else { return false }
      let group = Int(byte) - 48
      value |= (group & 31) << shift
      shift += 5
      if group & 32 != 0 { continue }
      if group & 16 != 0 { value |= -1 << shift }
      if counts.count > 2 { value &+= counts[counts.count - 2] }
      guard value >= 0, value <= Self.maximumPixels else { return false }
      counts.append(value)
      (value, shift) = (0, 0)
    }
    return shift == 0
  }

  /// Turns the runs into a mask; nil where they do not fill a frame of `width` times `height`.
  func mask(width: Int, height: Int) -> Mask? {
    guard width > 0, height > 0, width <= Self.maximumPixels, height <= Self.maximumPixels,
      width * height <= Self.maximumPixels
    else { return nil }
    var total = 0
    for count in counts {
      guard count >= 0, count <= Self.maximumPixels else { return nil }
      total += count
      guard total <= width * height else { return nil }
    }
    guard total == width * height else { return nil }

    var (left, right, top, bottom) = (width, -1, height, -1)
    forEachPiece(height: height) { column, start, end in
      left = min(left, column)
      right = max(right, column)
      top = min(top, start)
      bottom = max(bottom, end - 1)
    }
    guard right >= 0 else { return Mask(left: 0, top: 0, width: 0, height: 0, runs: []) }
    let (cropWidth, cropHeight) = (right - left + 1, bottom - top + 1)
    var pixels = [Bool](repeating: false, count: cropWidth * cropHeight)
    forEachPiece(height: height) { column, start, end in
      var place = (start - top) * cropWidth + column - left
      for _ in start..<end {
        pixels[place] = true
        place += cropWidth
      }
    }
    return Mask(
      left: left, top: top, width: cropWidth, height: cropHeight, runs: Self.runs(pixels))
  }

  // Calls `body` with column, first row and row after the last of every set piece of a column.
  private func forEachPiece(height: Int, _ body: (Int, Int, Int) -> Void) {
    var position = 0
    for (place, count) in counts.enumerated() {
      let end = position + count
      if place % 2 == 1 {
        while position < end {
          let column = position / height
          let pieceEnd = min(end, (column + 1) * height)
          body(column, position - column * height, pieceEnd - column * height)
          position = pieceEnd
        }
      }
      position = end
    }
  }

  private static func runs(_ pixels: [Bool]) -> [Int32] {
    var runs: [Int32] = []
    var (isSet, length) = (false, Int32(0))
    for pixel in pixels {
      if pixel != isSet {
        runs.append(length)
        (isSet, length) = (pixel, 0)
      }
      length += 1
    }
    runs.append(length)
    return runs
  }
}
