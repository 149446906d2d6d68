public import Foundation
import Timeline

/// The files of a folder, for formats that are folders.
public struct LabelFolder: Sendable {
  /// How many levels of folders below are looked into.
  public static let maximumDepth = 5
  /// How many files are listed; a folder of more is cut off, and ``isCut`` says so.
  public static let maximumCount = 1_000_000

  /// The folder.
  public let path: String
  /// The ordinary files by their path within the folder, sorted; none that begins with a point.
  public let files: [String]
  /// Whether there are more files than ``maximumCount``.
  public let isCut: Bool

  /// Lists a folder; nil where `path` is none or may not be read.
  ///
  /// Links to files and folders are followed; a folder that is met again, as in a loop of links,
  /// is not listed twice.
  public init?(path: String) { self.init(path: path, maximumCount: Self.maximumCount) }

  init?(path: String, maximumCount: Int) {
    var walk = Walk(maximumCount: maximumCount)
    guard walk.list(path, within: "") else { return nil }
    // Level by level, so that a folder keeps its shortest path.
    var level = walk.takeFolders()
    for _ in 0..<Self.maximumDepth where !walk.isCut {
      for folder in level { _ = walk.list(path + "/" + folder, within: folder + "/") }
      level = walk.takeFolders()
    }
    self.path = path
    files = walk.files.sorted()
    isCut = walk.isCut
  }

  private struct Walk {
    private struct Identity: Hashable {
      let device: dev_t
      let number: ino_t
    }

    let maximumCount: Int
    private(set) var files: [String] = []
    private(set) var isCut = false
    private var folders: [String] = []
    private var seen: Set<Identity> = []

    init(maximumCount: Int) { self.maximumCount = maximumCount }

    mutating func takeFolders() -> [String] {
      defer { folders = [] }
      return folders.sorted()
    }

    /// Lists one folder; false where it is none or may not be read.
    mutating func list(_ path: String, within prefix: String) -> Bool {
      var status = stat()
      guard seen.count < maximumCount, stat(path, &status) == 0, let directory = opendir(path)
      else { return false }
      defer { closedir(directory) }
      guard seen.insert(Identity(device: status.st_dev, number: status.st_ino)).inserted else {
        return true
      }
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard !name.hasPrefix("."), stat(path + "/" + name, &status) == 0 else { continue }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: folders.append(prefix + name)
        case S_IFREG:
          guard files.count < maximumCount else {
            isCut = true
            return true
          }
          files.append(prefix + name)
        default: continue  // Reading a pipe might never end.
        }
      }
      return true
    }
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

  /// Whether a file of this path within the folder is there, found by binary search.
  public func contains(_ file: String) -> Bool {
    let place = files.indices.partitioningIndex { files[$0] >= file }
    return place < files.count && files[place] == file
  }

  /// The whole path of a file of the folder.
  public func path(of file: String) -> String { path + (path.hasSuffix("/") ? "" : "/") + file }

  /// The first bytes of a file; empty where it may not be read.
  public func head(of file: String) -> Data {
    guard let handle = FileHandle(forReadingAtPath: path(of: file)) else { return Data() }
    defer { try? handle.close() }
    return (try? handle.read(upToCount: LabelFormats.headLength)) ?? Data()
  }
}
