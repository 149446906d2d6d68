/// The set pixels of a mask as pieces of lines; the lines are rows, or columns once transposed.
struct MaskSpans: Hashable {
  /// Neighbouring set pixels of one line.
  struct Span: Hashable {
    /// The row, or the column.
    var line: Int32
    /// The first pixel of the piece.
    var start: Int32
    /// The pixel behind the piece.
    var end: Int32
  }

  /// The pieces, by rising line and place; two of one line never touch.
  private(set) var spans: [Span] = []

  /// The most changes between neighbouring lines that are turned: eight million pieces.
  ///
  /// A comb of thin columns is a short text column by column and fills the memory row by row.
  static let maximumChanges = 1 << 24

  /// Adds a piece at or behind the last one; pieces that touch or overlap become one.
  mutating func append(line: Int32, start: Int32, end: Int32) {
    guard start < end else { return }
    if let last = spans.last, last.line == line, last.end >= start {
      spans[spans.count - 1].end = max(last.end, end)
    } else {
      spans.append(Span(line: line, start: start, end: end))
    }
  }

  /// Calls `body` for each longest stretch in which a line differs from the line before.
  ///
  /// The stretches come by rising line and place. `isEnd` tells that the pixels are set in the line
  /// before, otherwise they are set in `line`.
  func forEachChange(_ body: (_ line: Int32, _ start: Int32, _ end: Int32, _ isEnd: Bool) -> Void) {
    var previous = 0..<0
    var first = 0
    while first < spans.count {
      let line = spans[first].line
      var last = first
      while last < spans.count, spans[last].line == line { last += 1 }
      if let before = previous.first, spans[before].line != line - 1 {
        for span in spans[previous] { body(span.line + 1, span.start, span.end, true) }
        previous = 0..<0
      }
      forEachDifference(previous, first..<last) { body(line, $0, $1, $2) }
      previous = first..<last
      first = last
    }
    for span in spans[previous] { body(span.line + 1, span.start, span.end, true) }
  }

  private func forEachDifference(
    _ before: Range<Int>, _ after: Range<Int>, _ body: (Int32, Int32, Bool) -> Void
  ) {
    var (a, b) = (before.lowerBound, after.lowerBound)
    var place = Int32.min
    while a < before.upperBound || b < after.upperBound {
      let (isInA, nextA) = state(a, before, at: place)
      let (isInB, nextB) = state(b, after, at: place)
      let next = min(nextA, nextB)
      if isInA != isInB { body(place, next, isInA) }
      place = next
      if a < before.upperBound, spans[a].end <= place { a += 1 }
      if b < after.upperBound, spans[b].end <= place { b += 1 }
    }
  }

  // Whether `place` lies in the piece, and where that changes next.
  private func state(
    _ piece: Int, _ pieces: Range<Int>, at place: Int32
  ) -> (isInside: Bool, next: Int32) {
    guard piece < pieces.upperBound else { return (false, .max) }
    let span = spans[piece]
    return span.start <= place ? (true, span.end) : (false, span.start)
  }

  /// The same pixels with rows and columns exchanged; nil beyond ``maximumChanges``.
  ///
  /// The time is that of reading the pieces and writing those of the result.
  func transposed() -> MaskSpans? {
    guard let low = spans.lazy.map(\.start).min(), let high = spans.lazy.map(\.end).max() else {
      return MaskSpans()
    }
    var count = 0
    forEachChange { _, start, end, _ in count += Int(end - start) }
    guard count <= Self.maximumChanges else { return nil }
    // A pixel of the new line `line` begins or ends a piece at `place`.
    var changes: [(line: Int32, place: Int32)] = []
    changes.reserveCapacity(count)
    var counts = [Int](repeating: 0, count: Int(high) - Int(low) + 1)
    forEachChange { line, start, end, _ in
      for at in start..<end {
        changes.append((at, line))
        counts[Int(at - low) + 1] += 1
      }
    }
    for place in counts.indices.dropFirst() { counts[place] += counts[place - 1] }
    var sorted = [Int32](repeating: 0, count: changes.count)
    var next = counts
    for change in changes {
      let line = Int(change.line - low)
      sorted[next[line]] = change.place
      next[line] += 1
    }
    var result = MaskSpans()
    result.spans.reserveCapacity(changes.count / 2)
    for line in low..<high {
      let range = counts[Int(line - low)]..<counts[Int(line - low) + 1]
      for place in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
        result.append(line: line, start: sorted[place], end: sorted[place + 1])
      }
    }
    return result
  }
}

extension Mask {
  /// Creates the mask of row by row `spans` in the smallest crop; nil where that is too large.
  init?(spans: MaskSpans) {
    let spans = spans.spans
    guard let first = spans.first, let last = spans.last else {
      self.init(left: 0, top: 0, width: 0, height: 0, runs: [])
      return
    }
    let left = spans.lazy.map { Int($0.start) }.min() ?? 0
    let right = spans.lazy.map { Int($0.end) }.max() ?? 0
    let (top, width) = (Int(first.line), right - left)
    let height = Int(last.line) - top + 1
    guard width * height <= Mask.maximumPixels else { return nil }
    var runs: [Int32] = []
    runs.reserveCapacity(2 * spans.count + 1)
    var position = 0
    for span in spans {
      let start = (Int(span.line) - top) * width + Int(span.start) - left
      let length = span.end - span.start
      if start == position, !runs.isEmpty {
        runs[runs.count - 1] += length
      } else {
        runs.append(Int32(start - position))
        runs.append(length)
      }
      position = start + Int(length)
    }
    if position < width * height { runs.append(Int32(width * height - position)) }
    self.init(left: left, top: top, width: width, height: height, runs: runs)
  }

  /// The set pixels row by row.
  var rowSpans: MaskSpans { rowSpans(columns: .min, .max, rows: .min, .max) }

  /// The set pixels within a frame of `frameWidth` times `frameHeight`, row by row.
  func rowSpans(frameWidth: Int, frameHeight: Int) -> MaskSpans {
    rowSpans(columns: 0, Int32(clamping: frameWidth), rows: 0, Int32(clamping: frameHeight))
  }

  private func rowSpans(
    columns minX: Int32, _ maxX: Int32, rows minY: Int32, _ maxY: Int32
  ) -> MaskSpans {
    var spans = MaskSpans()
    var position = 0
    for (index, run) in runs.enumerated() {
      let end = position + Int(run)
      if index % 2 == 1 {
        while position < end {
          let row = position / width
          let pieceEnd = min(end, (row + 1) * width)
          let line = Int32(clamping: top + row)
          if line >= minY, line < maxY {
            let start = left + position - row * width
            spans.append(
              line: line, start: max(minX, Int32(clamping: start)),
              end: min(maxX, Int32(clamping: start + pieceEnd - position)))
          }
          position = pieceEnd
        }
      }
      position = end
    }
    return spans
  }

  /// The same pixels in the smallest crop, so that equal pixels make equal masks.
  var tightened: Mask { Mask(spans: rowSpans) ?? self }

  /// The part within a frame of `frameWidth` times `frameHeight`, in the smallest crop.
  func clipped(frameWidth: Int, frameHeight: Int) -> Mask {
    Mask(spans: rowSpans(frameWidth: frameWidth, frameHeight: frameHeight)) ?? self
  }
}
