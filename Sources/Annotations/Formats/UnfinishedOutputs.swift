import Foundation
import Synchronization

/// The files and folders that are being written just now.
///
/// They stand under a hidden name beside the path they are meant for. A program that is interrupted
/// calls ``discard()``, since nothing else takes them away then.
public enum UnfinishedOutputs {
  private static let paths = Mutex<Set<String>>([])

  /// Takes away everything that is not finished; what is written afterwards is lost.
  public static func discard() {
    paths.withLock { paths in
      for path in paths { try? FileManager.default.removeItem(atPath: path) }
    }
  }

  private static let prefix = ".continuity-part-"

  /// Whether a path leads to or into something that is being written.
  static func contains(_ path: String) -> Bool {
    path.split(separator: "/").contains { $0.hasPrefix(prefix) }
  }

  /// A new name in the folder of `path`, short enough wherever the name of `path` is.
  static func begin(beside path: String) -> String {
    let number = String(UInt64.random(in: .min ... .max), radix: 16)
    let folder = (path as NSString).deletingLastPathComponent
    let temporary = (folder as NSString).appendingPathComponent(prefix + number)
    paths.withLock { _ = $0.insert(temporary) }
    return temporary
  }

  /// Where an output for `path` goes: what a link names rather than the link.
  static func destination(of path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    let trimmed = path.reversed().drop { $0 == "/" }.reversed()
    return trimmed.isEmpty ? path : String(trimmed)
  }

  /// Forgets a name that is finished or taken away.
  static func end(_ temporary: String) { paths.withLock { _ = $0.remove(temporary) } }
}
