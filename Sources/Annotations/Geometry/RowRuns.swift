/// A mask as runs over the whole frame, row by row, unset pixels first.
///
/// Encord and Darwin write masks so; ``Mask/runs`` are the same within a crop, as CVAT's.
struct RowRuns: Hashable {
  /// The width of the frame in pixels.
  var width: Int
  /// The height of the frame in pixels.
  var height: Int
  /// The run lengths, alternating unset and set; the first may be 0.
  var counts: [Int]

  /// Creates runs as read; whether they fill the frame shows in ``mask``.
  init(width: Int, height: Int, counts: [Int]) {
    self.width = width
    self.height = height
    self.counts = counts
  }

  /// Writes `mask` into a frame of `width` times `height`; pixels outside are left out.
  init(_ mask: Mask, width: Int, height: Int) {
    self.init(width: width, height: height, counts: [])
    var position = 0
    for span in mask.rowSpans(frameWidth: width, frameHeight: height).spans {
      let start = Int(span.line) * width + Int(span.start)
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

  /// The mask in its smallest crop; nil where the runs do not fill the frame or it is too large.
  var mask: Mask? {
    guard counts.allSatisfy({ $0 >= 0 && $0 <= Mask.maximumPixels }) else { return nil }
    return Mask(left: 0, top: 0, width: width, height: height, runs: counts.map { Int32($0) })?
      .tightened
  }
}
