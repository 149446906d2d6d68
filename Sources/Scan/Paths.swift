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
