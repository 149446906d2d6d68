import Foundation
public import Quality

/// An export that cannot be written, said in one sentence.
public struct ExportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file; `-` for standard output.
  public var path: String
  /// What is wrong, and what to do: a sentence without its full stop.
  public var reason: String

  /// `out.csv: the folder /data does not exist; create it first`.
  public var description: String { path + ": " + reason }
}

extension Exports {
  /// Writes findings to a file, in place of what it held, or to standard output for the path `-`.
  ///
  /// A file that cannot be finished is left as far as it was written.
  public static func write(
    _ findings: some Sequence<ReportedFinding>, as format: any FindingExport.Type,
    toPath path: String
  ) throws(ExportError) {
    try withSink(toPath: path) { sink throws(ExportError) in
      try format.write(findings, to: sink)
    }
  }

  /// Lends a sink that writes to a file, or to standard output for the path `-`.
  private static func withSink(
    toPath path: String,
    _ body: ((String) throws(ExportError) -> Void) throws(ExportError) -> Void
  ) throws(ExportError) {
    let descriptor = try openForWriting(path)
    defer { if path != "-" { close(descriptor) } }
    var pending: [UInt8] = []
    func flush() throws(ExportError) {
      var rest = pending[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { writeBytes($0, to: descriptor) }
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno != EINTR {
          throw ExportError(
            path: path, reason: "writing stopped (\(String(cString: strerror(errno))))")
        }
      }
      pending.removeAll(keepingCapacity: true)
    }
    try body { text throws(ExportError) in
      pending.append(contentsOf: text.utf8)
      if pending.count >= 65_536 { try flush() }
    }
    try flush()
  }

  private static func openForWriting(_ path: String) throws(ExportError) -> Int32 {
    if path == "-" { return STDOUT_FILENO }
    var isDirectory: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
      if isDirectory.boolValue {
        throw ExportError(path: path, reason: "this is a directory; name a file in it")
      }
    } else {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      if !FileManager.default.fileExists(atPath: folder) {
        throw ExportError(
          path: path, reason: "the folder \(folder) does not exist; create it first")
      }
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else {
      throw ExportError(
        path: path, reason: "the file cannot be written (\(String(cString: strerror(errno))))")
    }
    return descriptor
  }
}

// Inside `Exports`, `write` is the export.
private func writeBytes(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
