import Foundation

extension XMLScanner {
  /// Calls `body` with every element and text of the file at `path`.
  ///
  /// - Throws: A ``LabelError`` where the file cannot be read or is no whole XML, and for what
  ///   `body` throws; the code is `wrong-format` up to the first element and `damaged` behind it.
  static func forEachEvent(
    in path: String, _ body: (XMLEvent, inout XMLScanner) throws(XMLFault) -> Void
  ) throws(LabelError) {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw LabelError(.unreadable, path: path, "the file may not be read; check its permissions")
    }
    defer { try? file.close() }
    var sawRoot = false
    do throws(XMLFault) {
      var scanner = try XMLScanner(file)
      while let event = try scanner.next() {
        try body(event, &scanner)
        sawRoot = true
      }
    } catch {
      throw LabelError(
        sawRoot || error.breaksOff ? .damaged : .wrongFormat, path: path, line: error.line,
        error.reason)
    }
  }
}
