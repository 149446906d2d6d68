import Foundation

/// A folder that appears at its path when it is whole, and not at all before.
final class FolderOutput {
  /// Where the files are written meanwhile.
  let temporary: String
  private let path: String
  private var isFinished = false

  /// Begins a folder at `path`, which must be missing or empty.
  init(path: String) throws(LabelError) {
    var isDirectory: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
      guard isDirectory.boolValue else {
        throw LabelError(
          .unwritable, path: path, "this is a file, but the format is a folder; name another path")
      }
      guard (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == true else {
        throw LabelError(
          .unwritable, path: path, "the folder is not empty; name one that is, or a new one")
      }
    }
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    self.path = trimmed
    temporary = trimmed + ".part-\(ProcessInfo.processInfo.processIdentifier)"
    do {
      try FileManager.default.createDirectory(
        atPath: temporary, withIntermediateDirectories: false)
    } catch {
      throw LabelError(
        .unwritable, path: path,
        "the folder cannot be made; check that its parent exists and may be written")
    }
  }

  deinit {
    if !isFinished { try? FileManager.default.removeItem(atPath: temporary) }
  }

  /// The path of a file in the folder to be; the folders it lies in are made.
  func path(of file: String) throws(LabelError) -> String {
    let whole = temporary + "/" + file
    do {
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: whole).deletingLastPathComponent(),
        withIntermediateDirectories: true)
    } catch {
      throw LabelError(.unwritable, path: path, "a folder for \(file) cannot be made")
    }
    return whole
  }

  /// Writes a whole file.
  func write(_ text: String, to file: String) throws(LabelError) {
    let output = try TextOutput(path: path(of: file))
    try output.write(text)
    try output.finish()
  }

  /// Writes a whole file.
  func write(_ bytes: Data, to file: String) throws(LabelError) {
    let output = try TextOutput(path: path(of: file))
    try output.write(bytes)
    try output.finish()
  }

  /// Puts the folder in its place.
  func finish() throws(LabelError) {
    // An empty folder there makes room; one that is not empty stays, and renaming fails.
    rmdir(path)
    guard rename(temporary, path) == 0 else {
      throw LabelError(
        .unwritable, path: path,
        "the folder cannot be put in its place (\(String(cString: strerror(errno))))")
    }
    isFinished = true
  }
}
