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
      guard total <= Mask.maximumPixels else { return nil }
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
    var spans = MaskSpans()
    var position = 0
    for (value, length) in zip(values, lengths) {
      let end = position + Int(length)
      if Int(value) == number {
        while position < end {
          let row = position / width
          let pieceEnd = min(end, (row + 1) * width)
          spans.append(
            line: Int32(row), start: Int32(position - row * width),
            end: Int32(pieceEnd - row * width))
          position = pieceEnd
        }
      }
      position = end
    }
    return spans.spans.isEmpty ? nil : Mask(spans: spans)
  }
}
