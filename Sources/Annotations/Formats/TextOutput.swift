import Foundation

/// A file that appears at its path when it is whole, and not at all before.
///
/// Text is collected and written in large pieces to a file beside the path, which then takes the
/// place of what was there and gets its permissions. A link stays, and what it names is replaced.
/// What is not finished is taken away again.
final class TextOutput {
  private static let pieceSize = 1 << 18

  private let path: String
  private let destination: String
  private let temporary: String
  private var descriptor: Int32
  private var pending: [UInt8] = []

  /// Begins a file at `path`.
  ///
  /// - Throws: A ``LabelError`` where there is no such folder, or something there that is no
  ///   ordinary file or may not be written.
  init(path: String) throws(LabelError) {
    var status = stat()
    let exists = stat(path, &status) == 0
    try Self.check(path, exists ? status.st_mode : nil)
    self.path = path
    destination = UnfinishedOutputs.destination(of: path)
    temporary = UnfinishedOutputs.begin(beside: destination)
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      UnfinishedOutputs.end(temporary)
      throw LabelError(
        .unwritable, path: path, "the file cannot be written; check the permissions of its folder")
    }
    if exists { fchmod(descriptor, status.st_mode & 0o777) }
  }

  private static func check(_ path: String, _ mode: mode_t?) throws(LabelError) {
    func refusal(_ reason: String) -> LabelError { LabelError(.unwritable, path: path, reason) }
    guard let mode else {
      guard !path.hasSuffix("/") else { throw refusal("this names a folder; name a file") }
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      guard FileManager.default.fileExists(atPath: folder) else {
        throw refusal("the folder \(folder) does not exist; create it first")
      }
      return
    }
    switch mode & S_IFMT {
    case S_IFDIR: throw refusal("this is a directory; name a file in it")
    case S_IFREG:
      guard access(path, W_OK) == 0 else {
        throw refusal("the file may not be written; check its permissions or name another")
      }
    // Devices and pipes cannot be replaced by a file that is whole.
    default: throw refusal("this is no ordinary file; name another path")
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
    UnfinishedOutputs.end(temporary)
  }

  /// Adds text.
  func write(_ text: String) throws(LabelError) {
    pending.append(contentsOf: text.utf8)
    if pending.count >= Self.pieceSize { try flush() }
  }

  /// Adds bytes.
  func write(_ bytes: Data) throws(LabelError) {
    pending.append(contentsOf: bytes)
    if pending.count >= Self.pieceSize { try flush() }
  }

  /// Ends the file and puts it in its place.
  func finish() throws(LabelError) {
    try flush()
    guard rename(temporary, destination) == 0 else { throw failure() }
    UnfinishedOutputs.end(temporary)
    defer { descriptor = -1 }
    guard close(descriptor) == 0 else { throw failure() }
  }

  private func flush() throws(LabelError) {
    var start = 0
    while start < pending.count {
      let count = pending.withUnsafeBytes { bytes in
        writeBytes(UnsafeRawBufferPointer(rebasing: bytes[start...]), to: descriptor)
      }
      if count >= 0 {
        start += count
      } else if errno != EINTR {
        throw failure()
      }
    }
    pending.removeAll(keepingCapacity: true)
  }

  private func failure() -> LabelError {
    let reason = String(cString: strerror(errno))
    return LabelError(
      .unwritable, path: path, "writing stopped (\(reason)); free space or name another path")
  }
}

// Inside `TextOutput`, `write` adds to the file.
private func writeBytes(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
