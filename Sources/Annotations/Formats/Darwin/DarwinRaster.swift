/// A raster layer of one frame: all masks of a slot, drawn into one picture of small numbers.
struct DarwinRaster {
  /// The number that stands for every mask, by the id of its annotation.
  private var numbers: [String: Int] = [:]
  // Runs of a value over the picture, row by row.
  private var values: [Int32] = []
  private var lengths: [Int32] = []

  /// The pixels of the picture as the layer states them.
  private(set) var totalPixels = 0

  /// Reads a `raster_layer`; nil where it is damaged.
  init?(_ value: JSONValue) {
    guard let runs = value["dense_rle"]?.numbers, runs.count % 2 == 0, !runs.isEmpty else {
      return nil
    }
    var total = 0
    for place in stride(from: 0, to: runs.count, by: 2) {
      guard let number = Int32(exactly: runs[place]), let length = Int32(exactly: runs[place + 1]),
        number >= 0, length >= 0
      else { return nil }
      total += Int(length)
      guard total <= COCORuns.maximumPixels else { return nil }
      values.append(number)
      lengths.append(length)
    }
    if let stated = value["total_pixels"]?.number, stated != Double(total) { return nil }
    totalPixels = total
    for member in value["mask_annotation_ids_mapping"]?.members ?? [] {
      if let number = member.value.integer { numbers[member.key] = number }
    }
  }

  /// The mask of an annotation; nil where the layer has none for it.
  func mask(of annotation: String, width: Int) -> Mask? {
    guard let number = numbers[annotation], width > 0 else { return nil }
    var pieces: [(start: Int, end: Int)] = []
    var position = 0
    for (value, length) in zip(values, lengths) {
      if Int(value) == number, length > 0 { pieces.append((position, position + Int(length))) }
      position += Int(length)
    }
    return Mask(pieces: pieces, width: width)
  }
}

extension Mask {
  /// The mask of stretches of a picture that is read row by row; nil where there are none.
  ///
  /// - Parameters:
  ///   - pieces: Half-open, rising and disjoint.
  ///   - width: The width of the picture.
  init?(pieces: [(start: Int, end: Int)], width: Int) {
    guard let first = pieces.first, let last = pieces.last, width > 0 else { return nil }
    let (top, bottom) = (first.start / width, (last.end - 1) / width)
    var (left, right) = (width, 0)
    for piece in pieces {
      let isOneRow = piece.start / width == (piece.end - 1) / width
      left = min(left, isOneRow ? piece.start % width : 0)
      right = max(right, isOneRow ? (piece.end - 1) % width + 1 : width)
    }
    let cropWidth = right - left
    var runs: [Int32] = []
    // What of the crop is written, and how much of it is set at its end.
    var (written, set) = (0, 0)
    func add(_ start: Int, _ end: Int) {
      if start > written || runs.isEmpty {
        if set > 0 { runs.append(Int32(set)) }
        runs.append(Int32(start - written))
        set = 0
      }
      set += end - start
      written = end
    }
    for piece in pieces {
      var start = piece.start
      while start < piece.end {
        let row = start / width
        let end = min(piece.end, (row + 1) * width)
        let offset = (row - top) * cropWidth - row * width - left
        add(start + offset, end + offset)
        start = end
      }
    }
    runs.append(Int32(set))
    let rest = cropWidth * (bottom - top + 1) - written
    if rest > 0 { runs.append(Int32(rest)) }
    self.init(left: left, top: top, width: cropWidth, height: bottom - top + 1, runs: runs)
  }
}
