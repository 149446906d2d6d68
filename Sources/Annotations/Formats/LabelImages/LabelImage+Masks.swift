extension LabelImage {
  /// The masks of the values in the picture, by rising value; 0 is background.
  ///
  /// One pass from left to right and top to bottom, whatever the number of values.
  var masks: [(value: UInt16, mask: Mask)] {
    var places: [UInt16: Int] = [:]
    var found: [(value: UInt16, spans: MaskSpans)] = []
    samples.withUnsafeBufferPointer { samples in
      for y in 0..<height {
        let row = UnsafeBufferPointer(rebasing: samples[y * width..<(y + 1) * width])
        var x = 0
        while x < width {
          let start = x
          let value = row[x]
          x = Self.end(of: value, from: x + 1, in: row)
          guard value != 0 else { continue }
          let place = places[value, default: found.count]
          if place == found.count {
            places[value] = place
            found.append((value, MaskSpans()))
          }
          found[place].spans.append(line: Int32(y), start: Int32(start), end: Int32(x))
        }
      }
    }
    return found.sorted { $0.value < $1.value }
      .compactMap { entry in Mask(spans: entry.spans).map { (entry.value, $0) } }
  }

  // Where the values that equal `value` end. Four at a time: most of a label image is one value.
  private static func end(
    of value: UInt16, from start: Int, in row: UnsafeBufferPointer<UInt16>
  ) -> Int {
    var x = start
    let four = UInt64(value) &* 0x0001_0001_0001_0001
    let bytes = UnsafeRawBufferPointer(row)
    while x + 4 <= row.count, bytes.loadUnaligned(fromByteOffset: 2 * x, as: UInt64.self) == four {
      x += 4
    }
    while x < row.count, row[x] == value { x += 1 }
    return x
  }

  /// Creates a picture of one value, the background.
  init(blank content: Content, width: Int, height: Int) {
    self.init(
      width: width, height: height, content: content,
      samples: [UInt16](repeating: 0, count: width * height))
  }

  /// Gives the pixels of `mask` that lie in the picture `value`.
  mutating func paint(_ mask: Mask, _ value: UInt16) {
    for span in mask.rowSpans(frameWidth: width, frameHeight: height).spans {
      let row = Int(span.line) * width
      let pixels = row + Int(span.start)..<row + Int(span.end)
      samples.replaceSubrange(pixels, with: repeatElement(value, count: pixels.count))
    }
  }
}
