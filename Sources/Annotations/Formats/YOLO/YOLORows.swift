import Foundation

/// The rows of a folder of YOLO labels, before their columns have a meaning.
struct YOLORows {
  /// One usable row.
  struct Row {
    /// The place of its file in the list of texts.
    var text: Int32
    /// The line in that file.
    var line: Int32
    /// The number of the class.
    var category: Int32
    /// Where its values begin.
    fileprivate var start: Int
    /// The number of values behind the class.
    var count: Int
  }

  /// The rows, in the order of the files.
  private(set) var rows: [Row] = []
  /// The largest number of decimals of a value.
  private(set) var decimals = 0

  private var values: [Double] = []

  // No coordinate lies further outside of the picture than ten times its size.
  private static let limit = 10.0
  // Longer rows are no outline of an object.
  private static let maximumLine = 1 << 20

  /// The values of a row behind the class.
  func values(of row: Row) -> ArraySlice<Double> { values[row.start..<row.start + row.count] }

  /// Adds the rows of one line.
  mutating func add(_ words: WordRow, text: Int, line: Int) throws(RowFlaw) {
    guard let category = words.integer(0) else {
      throw RowFlaw("the class is not a whole number")
    }
    guard (0...1_000_000).contains(category) else { throw RowFlaw("the class is out of range") }
    guard words.count >= 5 else {
      throw RowFlaw("there are \(words.count) values; a class and at least 4 are needed")
    }
    let start = values.count
    for place in 1..<words.count {
      guard let number = words.numberText(place) else {
        values.removeSubrange(start...)
        throw RowFlaw("value \(place + 1) is not a number")
      }
      // The last two may be a score and an id.
      guard abs(number.value) <= Self.limit || place >= max(5, words.count - 2) else {
        values.removeSubrange(start...)
        throw RowFlaw("value \(place + 1) is no fraction of the picture")
      }
      values.append(number.value)
      decimals = max(decimals, number.decimals)
    }
    rows.append(
      Row(
        text: Int32(clamping: text), line: Int32(clamping: line), category: Int32(category),
        start: start, count: words.count - 1))
  }

  /// Reads the rows of a file.
  mutating func read(_ path: String, text: Int, _ report: inout ReadReport) throws(LabelError) {
    try ByteLines.forEach(in: path, maximumLength: Self.maximumLine) { line throws(LabelError) in
      let words = WordRow(line.bytes)
      if words.count == 0 { return }
      report.rowCount += 1
      do throws(RowFlaw) {
        guard !line.isOverlong else { throw RowFlaw("the line is too long for a row") }
        try add(words, text: text, line: line.number)
      } catch {
        let name = path.split(separator: "/").last ?? ""
        report.addBadRow(line: line.number, "\(name): \(error.reason)")
      }
    }
  }
}
