/// COCO's run-length code: column by column over the whole frame, unset pixels first.
///
/// Encord writes runs row by row (``RowRuns``) in the same compressed text.
struct COCORuns {
  /// The run lengths.
  var counts: [Int] = []

  /// The largest frame a mask may have; see ``Mask/maximumPixels``.
  static let maximumPixels = Mask.maximumPixels

  /// Creates runs, none to begin with.
  init(counts: [Int] = []) { self.counts = counts }

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

    var columns = MaskSpans()
    var position = 0
    for (place, count) in counts.enumerated() {
      let end = position + count
      if place % 2 == 1 {
        while position < end {
          let column = position / height
          let pieceEnd = min(end, (column + 1) * height)
          columns.append(
            line: Int32(column), start: Int32(position - column * height),
            end: Int32(pieceEnd - column * height))
          position = pieceEnd
        }
      }
      position = end
    }
    return columns.transposed().flatMap { Mask(spans: $0) }
  }

  /// Writes `mask` into a frame of `width` times `height`; pixels outside are left out.
  ///
  /// nil where the mask has too many pieces column by column; see ``MaskSpans/maximumChanges``.
  init?(_ mask: Mask, width: Int, height: Int) {
    let rows = mask.rowSpans(frameWidth: width, frameHeight: height)
    guard let columns = rows.transposed() else { return nil }
    var position = 0
    for span in columns.spans {
      let start = Int(span.line) * height + Int(span.start)
      let length = Int(span.end - span.start)
      if start == position, !counts.isEmpty {
        counts[counts.count - 1] += length
      } else {
        counts.append(start - position)
        counts.append(length)
      }
      position = start + length
    }
    if position < width * height { counts.append(width * height - position) }
  }

  /// The compressed form, as ``read(compressed:)`` reads it and pycocotools' `rleToString` writes
  /// it: each number in as few groups as show its sign.
  var compressed: String {
    var bytes: [UInt8] = []
    for (place, count) in counts.enumerated() {
      var value = place > 2 ? count - counts[place - 2] : count
      var hasMore = true
      while hasMore {
        let group = UInt8(value & 31)
        value >>= 5
        hasMore = value != (group & 16 != 0 ? -1 : 0)
        bytes.append((hasMore ? group | 32 : group) + 48)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
