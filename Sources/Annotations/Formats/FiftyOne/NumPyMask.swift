import Archives
import Foundation

/// A table of truth values as NumPy's `.npy` holds it, packed with zlib and written as base64.
struct NumPyMask {
  let width: Int
  let height: Int
  /// Row by row.
  let pixels: [Bool]

  init(width: Int, height: Int, pixels: [Bool]) {
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// Reads text as ETA and FiftyOne write it; nil where it is damaged or too large.
  init?(text: String) {
    // The header fits into what is left.
    let limit = Mask.maximumPixels + 65_536
    guard let packed = Data(base64Encoded: text),
      let bytes = try? Zlib.inflate(packed, limit: limit)
    else { return nil }
    self.init(npy: [UInt8](bytes))
  }

  /// Reads nested lists of numbers or truth values; nil where they are no table.
  init?(rows: [JSONValue]) {
    let lists = rows.map { $0.elements ?? [] }
    guard let width = lists.first?.count, width > 0, lists.allSatisfy({ $0.count == width }) else {
      return nil
    }
    self.init(
      width: width, height: lists.count,
      pixels: lists.flatMap { list in list.map { $0.boolean ?? false } })
  }

  // NumPy's format description: magic, version, length of the header, the header as a Python
  // dictionary, the values.
  private init?(npy bytes: [UInt8]) {
    guard bytes.count >= 12, bytes.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) else {
      return nil
    }
    let isShort = bytes[6] == 1
    let length = (0..<(isShort ? 2 : 4)).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    let start = (isShort ? 10 : 12) + length
    guard length >= 0, start <= bytes.count else { return nil }
    let header = String(decoding: bytes[(isShort ? 10 : 12)..<start], as: UTF8.self)
    guard let shape = Self.shape(header), let size = Self.itemSize(header) else { return nil }
    let (height, width) = shape
    guard width > 0, height > 0, width <= Mask.maximumPixels,
      height <= Mask.maximumPixels / width, bytes.count - start == width * height * size
    else { return nil }
    let isColumnMajor = header.contains("'fortran_order': True")
    var pixels = [Bool](repeating: false, count: width * height)
    for place in 0..<(width * height) {
      let at = start + place * size
      guard bytes[at..<at + size].contains(where: { $0 != 0 }) else { continue }
      pixels[isColumnMajor ? place % height * width + place / height : place] = true
    }
    self.init(width: width, height: height, pixels: pixels)
  }

  private static func shape(_ header: String) -> (height: Int, width: Int)? {
    guard let key = header.range(of: "'shape':"),
      let open = header[key.upperBound...].firstIndex(of: "("),
      let close = header[open...].firstIndex(of: ")")
    else { return nil }
    let sides = header[header.index(after: open)..<close].split(separator: ",")
      .map { Int($0.trimmingCharacters(in: .whitespaces)) }
    guard sides.count == 2, let height = sides[0], let width = sides[1] else { return nil }
    return (height, width)
  }

  private static func itemSize(_ header: String) -> Int? {
    guard let key = header.range(of: "'descr':"),
      let open = header[key.upperBound...].firstIndex(of: "'"),
      let close = header[header.index(after: open)...].firstIndex(of: "'")
    else { return nil }
    // Such as |b1, |u1, <i8 and <f4: any byte that is not 0 sets the pixel.
    let type = header[header.index(after: open)..<close]
    guard let last = type.last.flatMap({ Int(String($0)) }), [1, 2, 4, 8].contains(last),
      type.dropLast().last.map({ "buif".contains($0) }) == true
    else { return nil }
    return last
  }

  /// The table as ETA and FiftyOne write it.
  func text() throws(ArchiveError) -> String {
    var header = "{'descr': '|b1', 'fortran_order': False, 'shape': (\(height), \(width)), }"
    // NumPy lets the values begin at a multiple of 64 bytes.
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    var bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]
    bytes += [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
    bytes += Array(header.utf8)
    bytes += pixels.lazy.map { $0 ? 1 : 0 }
    return try Zlib.deflate(Data(bytes)).base64EncodedString()
  }
}

extension NumPyMask {
  /// The crop of a mask.
  init(_ mask: Mask) {
    var pixels: [Bool] = []
    pixels.reserveCapacity(mask.width * mask.height)
    for (place, run) in mask.runs.enumerated() {
      pixels.append(contentsOf: repeatElement(place % 2 == 1, count: Int(run)))
    }
    self.init(width: mask.width, height: mask.height, pixels: pixels)
  }

  /// The table as a mask in the corner of the picture.
  var mask: Mask? {
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
    return Mask(left: 0, top: 0, width: width, height: height, runs: runs)
  }
}

extension Mask {
  /// The crop stretched into a box of the picture; nil where the box is empty or too large.
  ///
  /// Every pixel of the box takes the pixel of the crop at the same share of its sides. A crop that
  /// has the size of the box but for rounding stays as it is.
  func stretched(into box: Box) -> Mask? {
    guard box.isValid, abs(box.left) < 1e6, abs(box.top) < 1e6, box.width < 1e6, box.height < 1e6
    else { return nil }
    let (left, top) = (Int(box.left.rounded()), Int(box.top.rounded()))
    let wide = max(1, Int(box.right.rounded()) - left)
    let high = max(1, Int(box.bottom.rounded()) - top)
    if abs(wide - width) <= 1, abs(high - height) <= 1 {
      return Mask(left: left, top: top, width: width, height: height, runs: runs)
    }
    guard wide <= Mask.maximumPixels / high else { return nil }
    // The first pixel of the box whose share of the side reaches into pixel `place` of the crop.
    func first(_ place: Int, _ side: Int, _ own: Int) -> Int { (place * side + own - 1) / own }
    var spans = MaskSpans()
    let source = rowSpans.spans
    var start = 0
    while start < source.count {
      let row = Int(source[start].line) - self.top
      let end = source[start...].firstIndex { Int($0.line) - self.top != row } ?? source.count
      for line in first(row, high, height)..<first(row + 1, high, height) {
        for span in source[start..<end] {
          let from = first(Int(span.start) - self.left, wide, width)
          let to = first(Int(span.end) - self.left, wide, width)
          spans.append(line: Int32(top + line), start: Int32(left + from), end: Int32(left + to))
        }
      }
      start = end
    }
    return Mask(spans: spans)
  }
}
