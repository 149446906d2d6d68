/// One usable row of a MOT file, before its dialect is known.
struct MOTRow {
  /// The frame number as written.
  var frame: Int32
  /// The place of the identity in the order of first appearance.
  var slot: Int32
  /// The line of the file.
  var line: Int32
  /// The number of columns.
  var columns: Int32
  /// Columns 3 to 6.
  var box: Box
  /// Columns 7 to 10; NaN where missing.
  var extra: (Double, Double, Double, Double)
}

/// Takes one line of a MOT file apart.
struct MOTRowParser {
  /// Why a line is no row.
  struct Flaw: Error {
    /// Part of a sentence.
    var reason: String
    /// Whether already the frame number is none, as in a line of column names.
    var isInFrame = false
  }

  /// Pixels beyond which a number is damaged rather than a place.
  static let maximumPixel = 1e9

  private static let names = [
    "frame number", "id", "left edge", "top edge", "width", "height", "value in column 7",
    "value in column 8", "value in column 9", "value in column 10",
  ]

  /// The id of the row read last; -1, or an empty column, is none.
  private(set) var identity = SourceIdentity.none
  /// The largest number of decimals seen in columns 3 to 6.
  private(set) var decimals = 0

  private var bytes = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  private var position = 0
  // 0 until the first separator of the line tells.
  private var separator: UInt8 = 0

  /// Reads one line that is not blank.
  mutating func row(_ line: UnsafeBufferPointer<UInt8>, number: Int) throws(Flaw) -> MOTRow {
    (bytes, position, separator) = (line, 0, 0)
    let frame = try value(column: 0)
    guard frame == frame.rounded(.towardZero) else {
      throw Flaw(reason: "the frame number is not whole")
    }
    guard frame >= 0 else { throw Flaw(reason: "the frame number is negative") }
    guard frame <= Double(LabelFormats.maximumFrame) else {
      throw Flaw(reason: "the frame number is too large")
    }
    try nextColumn(after: 0)
    try readIdentity()
    try nextColumn(after: 1)
    var row = MOTRow(
      frame: Int32(frame), slot: 0, line: Int32(clamping: number), columns: 6,
      box: Box(left: 0, top: 0, width: 0, height: 0), extra: (.nan, .nan, .nan, .nan))
    row.box.left = try coordinate(column: 2)
    try nextColumn(after: 2)
    row.box.top = try coordinate(column: 3)
    try nextColumn(after: 3)
    row.box.width = try coordinate(column: 4)
    try nextColumn(after: 4)
    row.box.height = try coordinate(column: 5)
    for column in 6..<10 {
      guard try hasColumn(column) else { break }
      let value = isEmptyColumn ? Double.nan : try value(column: column)
      switch column {
      case 6: row.extra.0 = value
      case 7: row.extra.1 = value
      case 8: row.extra.2 = value
      default: row.extra.3 = value
      }
      row.columns += 1
    }
    return row
  }

  private mutating func coordinate(column: Int) throws(Flaw) -> Double {
    let number = try number(column: column)
    guard abs(number.value) <= Self.maximumPixel else {
      throw Flaw(reason: "the \(Self.names[column]) is too large")
    }
    decimals = max(decimals, number.decimals)
    return number.value
  }

  private mutating func value(column: Int) throws(Flaw) -> Double {
    try number(column: column).value
  }

  @inline(__always)
  private mutating func number(column: Int) throws(Flaw) -> NumberText {
    skipBlanks()
    let start = position
    guard let number = NumberText.read(bytes, at: &position), isAtEndOfColumn else {
      throw flaw(column: column, start: start)
    }
    guard number.value.isFinite else {
      throw Flaw(reason: "the \(Self.names[column]) is too large")
    }
    return number
  }

  private func flaw(column: Int, start: Int) -> Flaw {
    let name = Self.names[column]
    let text = String(decoding: bytes[start..<endOfColumn(from: start)], as: UTF8.self)
      .lowercased()
    if text.isEmpty { return Flaw(reason: "the \(name) is missing") }
    let unsigned = text.drop { $0 == "-" || $0 == "+" }
    if ["nan", "inf", "infinity"].contains(unsigned) {
      return Flaw(reason: "the \(name) is not finite")
    }
    return Flaw(reason: "the \(name) is not a number", isInFrame: column == 0)
  }

  private mutating func readIdentity() throws(Flaw) {
    skipBlanks()
    if isEmptyColumn {
      identity = .none
      return
    }
    let start = position
    if let number = NumberText.read(bytes, at: &position), isAtEndOfColumn {
      guard number.value == number.value.rounded(.towardZero) else {
        throw Flaw(reason: "the id is not a whole number")
      }
      if abs(number.value) < 0x1p53 {
        identity = number.value == -1 ? .none : .number(Int(number.value))
        return
      }
    }
    position = endOfColumn(from: start)
    var text = bytes[start..<position]
    while let last = text.last, last == 32 || last == 9 { text.removeLast() }
    if text.count >= 2, text.first == 34, text.last == 34 { text = text.dropFirst().dropLast() }
    identity = .text(String(decoding: text, as: UTF8.self))
  }

  // MARK: Columns

  private mutating func skipBlanks() {
    while position < bytes.count, bytes[position] == 32 || bytes[position] == 9 {
      // Between two tabs stands an empty column only where commas do not separate.
      position += 1
    }
  }

  private var isEmptyColumn: Bool {
    position >= bytes.count || bytes[position] == 44 || bytes[position] == 59
  }

  private func isSeparator(_ byte: UInt8) -> Bool {
    switch separator {
    case 0: byte == 44 || byte == 59 || byte == 32 || byte == 9
    case 32: byte == 32 || byte == 9
    default: byte == separator
    }
  }

  private func endOfColumn(from start: Int) -> Int {
    var end = start
    while end < bytes.count, !isSeparator(bytes[end]) { end += 1 }
    return end
  }

  private var isAtEndOfColumn: Bool {
    var at = position
    while at < bytes.count, bytes[at] == 32 || bytes[at] == 9 { at += 1 }
    if at == bytes.count { return true }
    return at > position && (separator == 0 || separator == 32) || isSeparator(bytes[at])
  }

  // Moves behind the separator; the first one of a line decides what separates the others.
  private mutating func nextColumn(after column: Int) throws(Flaw) {
    guard try hasColumn(column + 1) else {
      throw Flaw(reason: "there are only \(column + 1) columns; at least 6 are needed")
    }
  }

  private mutating func hasColumn(_ column: Int) throws(Flaw) -> Bool {
    let start = position
    skipBlanks()
    guard position < bytes.count else { return false }
    if separator == 0 {
      let byte = bytes[position]
      separator = byte == 44 || byte == 59 ? byte : 32
    }
    if separator == 32 {
      guard position > start else {
        throw Flaw(reason: "the \(Self.names[column - 1]) is not a number")
      }
      return true
    }
    guard bytes[position] == separator else {
      throw Flaw(reason: "the \(Self.names[column - 1]) is not a number")
    }
    position += 1
    skipBlanks()
    // A separator that ends the line adds no column.
    return position < bytes.count
  }
}
