import Foundation

/// Whether there is a file or a folder at `path`.
func fileExists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

/// Whether there is a folder at `path`.
func isFolder(_ path: String) -> Bool {
  var isDirectory: ObjCBool = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    && isDirectory.boolValue
}

/// The size of the file at `path` in bytes; nil where there is none.
func fileSize(_ path: String) -> Int64? {
  let size = try? FileManager.default.attributesOfItem(atPath: path)[.size]
  return (size as? NSNumber)?.int64Value
}

/// The parts of `path` between slashes, without empty ones and single dots.
///
/// Windows paths inside label files have backslashes; they count as slashes.
func components(_ path: String) -> [String] {
  path.split { $0 == "/" || $0 == "\\" }.map(String.init).filter { $0 != "." }
}

/// The last part of `path`: `a/clip.mp4` gives `clip.mp4`.
func fileName(_ path: String) -> String { components(path).last ?? path }

/// `name` without its last extension: `clip.mp4` gives `clip`, `clip` and `.clip` stay.
func stem(_ name: String) -> String {
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
  return String(name[..<dot])
}

/// `folder` and `name` with one slash in between.
func joined(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : folder + "/" + name
}

/// `path` from the root, without `.` and `..`; links in it stay.
func absolute(_ path: String) -> String {
  let plain = URL(fileURLWithPath: rooted(path)).standardized.path
  // Behind a link, `..` leads elsewhere than it reads.
  let real = resolved(path)
  return resolved(plain) == real ? plain : real
}

/// `path` from the root without links, as far as it exists.
func resolved(_ path: String) -> String {
  let path = rooted(path)
  if let real = realpath(path, nil) {
    defer { free(real) }
    return String(cString: real)
  }
  let file = URL(fileURLWithPath: path)
  let folder = file.deletingLastPathComponent().path
  guard folder != path else { return path }
  // A link to nothing still names the file that writing to it would make.
  let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
  let name = target ?? file.lastPathComponent
  if name.hasPrefix("/") { return name }
  return URL(fileURLWithPath: joined(resolved(folder), name)).standardized.path
}

private func rooted(_ path: String) -> String {
  path.hasPrefix("/") ? path : joined(FileManager.default.currentDirectoryPath, path)
}

/// Whether writing to `path` would change the store at `store`: the file or one of SQLite's beside
/// it, under whatever spelling, link or second name.
package func isStoreFile(_ path: String, of store: String) -> Bool {
  let file = resolved(path)
  return ["", "-wal", "-shm", "-journal"].contains { suffix in
    let own = resolved(store) + suffix
    return file == own || file == resolved(store + suffix) || isOneFile(file, own)
  }
}

/// Whether two paths name one file, under whatever spelling, link or second name.
func isSameFile(_ a: String, _ b: String) -> Bool {
  resolved(a) == resolved(b) || isOneFile(a, b)
}

// Hard links share nothing but the number of the file.
private func isOneFile(_ a: String, _ b: String) -> Bool {
  var (one, other) = (stat(), stat())
  guard stat(a, &one) == 0, stat(b, &other) == 0 else { return false }
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino
}
