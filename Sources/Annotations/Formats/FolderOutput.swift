import Foundation

/// A folder that appears at its path when it is whole, and not at all before.
final class FolderOutput {
  /// Where the files are written meanwhile.
  let temporary: String
  private let path: String
  private let destination: String
  private var isFinished = false

  /// Begins a folder at `path`, which must be missing or empty.
  init(path: String) throws(LabelError) {
    func refusal(_ reason: String) -> LabelError { LabelError(.unwritable, path: path, reason) }
    var status = stat()
    let exists = stat(path, &status) == 0
    destination = UnfinishedOutputs.destination(of: path)
    if exists {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw refusal("this is a file, but the format is a folder; name another path")
      }
      guard (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == true else {
        throw refusal("the folder is not empty; name one that is, or a new one")
      }
      // It is replaced, and whoever stands in it would go on seeing the empty one.
      guard destination != UnfinishedOutputs.destination(of: ".") else {
        throw refusal("this is the folder you are in; name a new one")
      }
    }
    self.path = path
    temporary = UnfinishedOutputs.begin(beside: destination)
    guard mkdir(temporary, exists ? status.st_mode & 0o777 | 0o700 : 0o777) == 0 else {
      UnfinishedOutputs.end(temporary)
      throw refusal("the folder cannot be made; check that its parent exists and may be written")
    }
    if exists { chmod(temporary, status.st_mode & 0o777 | 0o700) }
  }

  deinit {
    guard !isFinished else { return }
    try? FileManager.default.removeItem(atPath: temporary)
    UnfinishedOutputs.end(temporary)
  }

  /// The path of a file in the folder to be; the folders it lies in are made.
  ///
  /// - Throws: A ``LabelError`` where `file` would lie outside of the folder, since names may come
  ///   from a label file.
  func path(of file: String) throws(LabelError) -> String {
    let parts = file.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !["", ".", ".."].contains($0) && !$0.utf8.contains(0) }) else {
      throw LabelError(
        .unwritable, path: path,
        "a name in the labels would be the file \(file), which no folder can hold")
    }
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

  /// Writes a whole file, which must not be there yet.
  func write(_ text: String, to file: String) throws(LabelError) {
    try write(Data(text.utf8), to: file)
  }

  /// Writes a whole file, which must not be there yet.
  func write(_ bytes: Data, to file: String) throws(LabelError) {
    let whole = try path(of: file)
    guard !FileManager.default.fileExists(atPath: whole) else {
      throw LabelError(
        .unwritable, path: path, "two parts of the labels would be the same file, \(file)")
    }
    try inPlace { () throws(LabelError) in
      let output = try TextOutput(path: whole)
      try output.write(bytes)
      try output.finish()
    }
  }

  /// Runs `body`, and lets its errors speak of the folder to be, not of where it is meanwhile.
  func inPlace<Result>(
    _ body: () throws(LabelError) -> Result
  ) throws(LabelError) -> Result {
    do throws(LabelError) { return try body() } catch {
      guard error.path.hasPrefix(temporary) else { throw error }
      throw LabelError(
        error.code, path: path + error.path.dropFirst(temporary.count), line: error.line,
        error.reason)
    }
  }

  /// Puts the folder in its place.
  func finish() throws(LabelError) {
    // An empty folder there is replaced; one that is not empty any more stays, and this fails.
    guard rename(temporary, destination) == 0 else {
      throw LabelError(
        .unwritable, path: path,
        "the folder cannot be put in its place (\(String(cString: strerror(errno))))")
    }
    UnfinishedOutputs.end(temporary)
    isFinished = true
  }
}
