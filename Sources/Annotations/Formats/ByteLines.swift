import Foundation

/// One line of a text file, lent for the time of a call.
struct ByteLine {
  /// The bytes without line feed and carriage return; only the first part of an overlong line.
  let bytes: UnsafeBufferPointer<UInt8>
  /// The number of the line, from 1.
  let number: Int
  /// Whether a line feed ends it; false only for a last line without one.
  let isTerminated: Bool
  /// Whether it is longer than what was asked for.
  let isOverlong: Bool
}

/// The lines of a file, read piece by piece, so that neither a large file nor an endless line fills
/// the memory.
///
/// Reading beats mapping here: a mapped file that somebody shortens meanwhile ends the process.
enum ByteLines {
  /// Longer lines are no rows of most text formats.
  static let maximumLength = 1 << 16

  private static let chunk = 1 << 20

  /// Calls `body` with every line in order; of longer lines than `maximumLength` only with the start.
  static func forEach(
    in path: String, maximumLength: Int = maximumLength,
    _ body: (ByteLine) throws(LabelError) -> Void
  ) throws(LabelError) {
    guard let stream = InputStream(fileAtPath: path) else { throw unreadable(path) }
    stream.open()
    defer { stream.close() }
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: chunk + maximumLength)
    defer { buffer.deallocate() }
    var (filled, number, isSkipping) = (0, 0, false)
    while true {
      let count = stream.read(buffer + filled, maxLength: chunk)
      guard count >= 0 else { throw unreadable(path) }
      if count == 0 { break }
      let end = filled + count
      var (start, scan) = (0, filled)
      while let found = memchr(buffer + scan, 10, end - scan) {
        let feed = UnsafeRawPointer(found) - UnsafeRawPointer(buffer)
        if isSkipping {
          isSkipping = false
        } else {
          number += 1
          try body(line(buffer, start, feed, number, isTerminated: true, maximumLength))
        }
        start = feed + 1
        scan = start
      }
      let rest = end - start
      if isSkipping {
        filled = 0
      } else if rest >= maximumLength {
        number += 1
        try body(line(buffer, start, end, number, isTerminated: true, maximumLength))
        isSkipping = true
        filled = 0
      } else {
        memmove(buffer, buffer + start, rest)
        filled = rest
      }
    }
    if filled > 0 {
      try body(line(buffer, 0, filled, number + 1, isTerminated: false, maximumLength))
    }
  }

  private static func unreadable(_ path: String) -> LabelError {
    LabelError(.unreadable, path: path, "the file cannot be read; check path and permissions")
  }

  private static func line(
    _ buffer: UnsafeMutablePointer<UInt8>, _ start: Int, _ end: Int, _ number: Int,
    isTerminated: Bool, _ maximumLength: Int
  ) -> ByteLine {
    var end = end
    if end > start, buffer[end - 1] == 13 { end -= 1 }
    return ByteLine(
      bytes: UnsafeBufferPointer(
        start: buffer + start, count: min(end - start, maximumLength)),
      number: number, isTerminated: isTerminated, isOverlong: end - start >= maximumLength)
  }
}
