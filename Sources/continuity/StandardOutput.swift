import Foundation

/// Standard output, for results.
///
/// Text is collected and written in large pieces. A reader that has gone away is no error: the rest
/// is dropped, so that `| head` keeps the exit status of the command. Any other failure, such as a
/// full disk behind a redirection, is one.
final class StandardOutput {
  private var buffer: [UInt8] = []
  private var failure: Int32 = 0
  private static let pieceSize = 65_536

  /// Adds text.
  func write(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.pieceSize { writeBuffer() }
  }

  /// Writes what is left, and throws where something could not be written.
  func flush() throws(CallError) {
    writeBuffer()
    guard failure == 0 || failure == EPIPE else {
      throw CallError("standard output cannot be written: \(String(cString: strerror(failure)))")
    }
  }

  private func writeBuffer() {
    var start = 0
    while failure == 0, start < buffer.count {
      let written = buffer.withUnsafeBytes { bytes in
        Foundation.write(STDOUT_FILENO, bytes.baseAddress?.advanced(by: start), bytes.count - start)
      }
      if written >= 0 {
        start += written
      } else if errno != EINTR {
        failure = errno
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
