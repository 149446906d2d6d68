import Foundation

/// Fingerprints of input files for the record of a run.
enum InputHash {
  /// The SHA-256 of a whole file, as `sha256sum` prints it; nil where it cannot be read.
  static func whole(path: String) -> String? {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    var hash = SHA256()
    do {
      // At the end of a file there is no data, which is no failure.
      while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty { hash.update(chunk) }
      return hash.finish()
    } catch {
      return nil
    }
  }

  /// The SHA-256 over the size and both ends of a file after `ends:`; nil where it cannot be read.
  ///
  /// Hashing a video of many gigabytes whole would cost more than reading its packets. The hash
  /// covers the size as decimal text, the first and the last MiB.
  static func ends(path: String) -> String? {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    guard let size = try? handle.seekToEnd() else { return nil }
    let length = 1 << 20
    var hash = SHA256()
    hash.update(Data(String(size).utf8))
    for offset in [0, size > UInt64(length) ? size - UInt64(length) : 0] {
      guard (try? handle.seek(toOffset: offset)) != nil,
        let chunk = try? handle.read(upToCount: length)
      else { return nil }
      hash.update(chunk)
    }
    return "ends:" + hash.finish()
  }
}
