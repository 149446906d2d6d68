public import Foundation

/// The files of a folder, for formats that are folders.
public struct LabelFolder: Sendable {
  /// How many levels of folders below are looked into.
  public static let maximumDepth = 5
  /// How many files are listed; a folder of more is cut off, and ``isCut`` says so.
  public static let maximumCount = 1_000_000

  /// The folder.
  public let path: String
  /// The files by their path within the folder, sorted; none that begins with a point.
  public let files: [String]
  /// Whether there are more files than ``maximumCount``.
  public let isCut: Bool

  /// Lists a folder; nil where `path` is none or may not be read.
  public init?(path: String) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
      isDirectory.boolValue,
      let walk = FileManager.default.enumerator(
        at: URL(fileURLWithPath: path, isDirectory: true),
        includingPropertiesForKeys: [.isDirectoryKey], options: [.skipsHiddenFiles])
    else { return nil }
    var found: [String] = []
    var isCut = false
    let depth = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL.pathComponents
      .count
    for case let url as URL in walk {
      let parts = url.standardizedFileURL.pathComponents.dropFirst(depth)
      if (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true {
        if parts.count >= Self.maximumDepth { walk.skipDescendants() }
        continue
      }
      if found.count == Self.maximumCount {
        isCut = true
        break
      }
      found.append(parts.joined(separator: "/"))
    }
    self.path = path
    self.files = found.sorted()
    self.isCut = isCut
  }

  /// The files with one of these extensions, written in small letters without the point.
  public func files(extensions: Set<String>) -> [String] {
    files.filter { file in
      file.lastIndex(of: ".").map {
        extensions.contains(file[file.index(after: $0)...].lowercased())
      }
        ?? false
    }
  }

  /// Whether a file of this path within the folder is there.
  public func contains(_ file: String) -> Bool { files.contains(file) }

  /// The whole path of a file of the folder.
  public func path(of file: String) -> String { path + (path.hasSuffix("/") ? "" : "/") + file }

  /// The first bytes of a file; empty where it may not be read.
  public func head(of file: String) -> Data {
    guard let handle = FileHandle(forReadingAtPath: path(of: file)) else { return Data() }
    defer { try? handle.close() }
    return (try? handle.read(upToCount: LabelFormats.headLength)) ?? Data()
  }
}
