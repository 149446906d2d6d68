import Foundation

/// What the first lines of a file say for and against it being a MOT file.
///
/// A damaged row weighs less than a line of prose: a short file with one bad row is still MOT, and
/// the row is then reported by its line.
struct MOTEvidence {
  /// Lines that are usable rows.
  private(set) var rows = 0
  /// Lines of which most columns are numbers, as a damaged row still has.
  private(set) var damagedRows = 0
  /// All other lines but one of column names at the top.
  private(set) var otherLines = 0
  private var hasHeader = false

  private static let lineLimit = 200

  /// Looks at the beginning of a file.
  init(head: Data) {
    let isCut = head.count >= LabelFormats.headLength
    head.withUnsafeBytes { (raw: UnsafeRawBufferPointer) in
      let bytes = raw.bindMemory(to: UInt8.self)
      // Rows begin with a number; JSON and XML may hold lines that look like rows further on.
      let first = MOT.trimmed(bytes).first { $0 != 10 && $0 != 13 && $0 != 32 && $0 != 9 }
      let isMarkup = first.map { $0 == 123 || $0 == 91 || $0 == 60 } ?? false
      guard !isMarkup, !bytes.contains(0) else { return }
      var parser = MOTRowParser()
      var lines = bytes.split(
        separator: 10, maxSplits: Self.lineLimit, omittingEmptySubsequences: true)
      if isCut || lines.count > Self.lineLimit { lines.removeLast() }
      for line in lines { add(MOT.trimmed(UnsafeBufferPointer(rebasing: line)), &parser) }
    }
  }

  /// Whether there are rows, at least as many as damaged ones and twice as many as other lines.
  var isConvincing: Bool { rows > 0 && rows >= damagedRows && rows >= 2 * otherLines }

  private mutating func add(_ line: UnsafeBufferPointer<UInt8>, _ parser: inout MOTRowParser) {
    if line.isEmpty { return }
    do throws(MOTRowParser.Flaw) {
      _ = try parser.row(line, number: 0)
      rows += 1
    } catch {
      if Self.isMostlyNumbers(line) {
        damagedRows += 1
      } else if error.isInFrame, !hasHeader, rows + damagedRows + otherLines == 0 {
        hasHeader = true
      } else {
        otherLines += 1
      }
    }
  }

  private static func isMostlyNumbers(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    let isListed = line.contains { $0 == 44 || $0 == 59 }
    let columns = line.split(omittingEmptySubsequences: !isListed) { byte in
      isListed ? byte == 44 || byte == 59 : byte == 32 || byte == 9
    }
    let numbers = columns.count { column in
      let text = MOT.trimmed(UnsafeBufferPointer(rebasing: column))
      var end = 0
      return NumberText.read(text, at: &end) != nil && end == text.count
    }
    return columns.count > 1 && 2 * numbers > columns.count
  }
}
