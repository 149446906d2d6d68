import Foundation

/// The rows of a text of separated values as RFC 4180 describes it, read piece by piece.
///
/// A field may stand in double quotes, and may then hold separators, line ends and doubled quotes.
/// A row ends with a line feed, a carriage return, or both. A quote within a bare field is text, and
/// so is what follows the closing quote, as Python's `csv` has it.
enum CSVRows {
  /// Longer rows are no labels.
  static let maximumLength = 1 << 22

  /// Calls `body` with the fields of every row that is not empty and the line it begins on, from 1.
  ///
  /// - Throws: A ``LabelError`` where the file cannot be read, a row is longer than
  ///   ``maximumLength`` bytes, or a quote is not closed; and what `body` throws.
  static func forEach(
    in path: String, separator: UInt8 = UInt8(ascii: ","),
    _ body: (_ fields: [String], _ line: Int) throws(LabelError) -> Void
  ) throws(LabelError) {
    guard let stream = InputStream(fileAtPath: path) else { throw unreadable(path) }
    stream.open()
    defer { stream.close() }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var parser = Parser(separator: separator)
    while true {
      let count = piece.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map { stream.read($0, maxLength: buffer.count) } ?? 0
      }
      guard count >= 0 else { throw unreadable(path) }
      if count == 0 { break }
      for byte in piece[..<count] {
        if let row = parser.take(byte) { try body(row, parser.firstLine) }
        if parser.rowLength > maximumLength {
          throw LabelError(
            .damaged, path: path, line: parser.firstLine,
            "the row is too long for labels; a quote may not be closed")
        }
      }
    }
    guard !parser.isQuoted else {
      throw LabelError(
        .damaged, path: path, line: parser.firstLine,
        "the file ends inside a quoted field; export the file again")
    }
    if let row = parser.finish() { try body(row, parser.firstLine) }
  }

  private static func unreadable(_ path: String) -> LabelError {
    LabelError(.unreadable, path: path, "the file cannot be read; check path and permissions")
  }

  private struct Parser {
    let separator: UInt8
    // Inside quotes; just after the quote that may end them.
    private(set) var isQuoted = false
    private var afterQuote = false
    // Whether the row has a quoted field: such a row is not empty.
    private var hasQuotes = false
    private var field: [UInt8] = []
    private var fields: [String] = []
    private var line = 1
    private(set) var firstLine = 1
    private(set) var rowLength = 0
    private var startsRow = true
    private var afterReturn = false
    private var byteOrderMark = 0

    init(separator: UInt8) { self.separator = separator }

    /// Takes a byte and returns the row it ends.
    mutating func take(_ byte: UInt8) -> [String]? {
      // A byte-order mark is no part of the first field.
      if byteOrderMark < 3 {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if byte == mark[byteOrderMark] {
          byteOrderMark += 1
          return nil
        }
        field = Array(mark[..<byteOrderMark])
        byteOrderMark = 3
      }
      if afterReturn {
        afterReturn = false
        if byte == 10 { return nil }
      }
      if startsRow {
        firstLine = line
        startsRow = false
      }
      rowLength += 1
      if isQuoted {
        if byte == 10 { line += 1 }
        if byte == UInt8(ascii: "\"") {
          isQuoted = false
          afterQuote = true
        } else {
          field.append(byte)
        }
        return nil
      }
      defer { afterQuote = false }
      switch byte {
      case UInt8(ascii: "\"") where afterQuote:
        field.append(byte)
        isQuoted = true
      case UInt8(ascii: "\"") where field.isEmpty:
        isQuoted = true
        hasQuotes = true
      case separator: endField()
      case 10, 13:
        line += 1
        afterReturn = byte == 13
        return endRow()
      default: field.append(byte)
      }
      return nil
    }

    /// The last row, where no line end ended it.
    mutating func finish() -> [String]? { startsRow ? nil : endRow() }

    private mutating func endField() {
      fields.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }

    private mutating func endRow() -> [String]? {
      let isEmpty = fields.isEmpty && field.isEmpty && !hasQuotes
      endField()
      defer {
        fields.removeAll(keepingCapacity: true)
        startsRow = true
        hasQuotes = false
        rowLength = 0
      }
      return isEmpty ? nil : fields
    }
  }

  /// A row as text, with quotes where a field needs them.
  static func text(_ fields: [String]) -> String {
    if fields == [""] { return "\"\"\n" }
    return fields.map { field in
      field.utf8.contains { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 }
        ? "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : field
    }.joined(separator: ",") + "\n"
  }
}
