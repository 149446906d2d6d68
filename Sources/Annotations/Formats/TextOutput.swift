import Foundation

/// A file that appears at its path when it is whole, and not at all before.
///
/// Text is collected and written in large pieces to a file beside the path, which then takes the
/// place of what was there. What is not finished is taken away again.
final class TextOutput {
  private static let pieceSize = 1 << 18

  private let path: String
  private let temporary: String
  private var handle: FileHandle?
  private var pending: [UInt8] = []

  /// Begins a file at `path`.
  init(path: String) throws(LabelError) {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    if exists, isDirectory.boolValue {
      throw LabelError(.unwritable, path: path, "this is a directory; name a file in it")
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard FileManager.default.fileExists(atPath: folder) else {
      throw LabelError(
        .unwritable, path: path, "the folder \(folder) does not exist; create it first")
    }
    self.path = path
    temporary = path + ".part-\(ProcessInfo.processInfo.processIdentifier)"
    guard FileManager.default.createFile(atPath: temporary, contents: nil),
      let handle = FileHandle(forWritingAtPath: temporary)
    else {
      throw LabelError(
        .unwritable, path: path, "the file cannot be written; check the permissions of its folder")
    }
    self.handle = handle
  }

  deinit {
    guard let handle else { return }
    try? handle.close()
    try? FileManager.default.removeItem(atPath: temporary)
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
    guard let handle else { return }
    do {
      try handle.close()
      guard rename(temporary, path) == 0 else { throw failure(String(cString: strerror(errno))) }
    } catch let error as LabelError {
      throw error
    } catch {
      throw failure(error.localizedDescription)
    }
    self.handle = nil
  }

  private func flush() throws(LabelError) {
    guard let handle, !pending.isEmpty else { return }
    do { try handle.write(contentsOf: Data(pending)) } catch {
      throw failure(error.localizedDescription)
    }
    pending.removeAll(keepingCapacity: true)
  }

  private func failure(_ reason: String) -> LabelError {
    LabelError(.unwritable, path: path, "writing stopped (\(reason)); free space or name another")
  }
}
