import Foundation

/// What the files around a MOT file say: `seqinfo.ini` beside it or one folder up, `labels.txt`
/// beside it. Each of them, and each entry, may be missing.
struct MOTSequence {
  /// What `seqinfo.ini` says; nil where there is none.
  let info: SequenceInfo?
  /// Names of classes by number, from 1.
  var classNames: [Int: String] = [:]

  private static let maximumSize = 1 << 20

  /// Looks around the file at `path`.
  init(beside path: String) {
    let file = URL(fileURLWithPath: path)
    let folder = file.deletingLastPathComponent()
    let candidates = [folder, folder.deletingLastPathComponent()].map {
      $0.appendingPathComponent("seqinfo.ini")
    }
    info = candidates.lazy.compactMap { SequenceInfo(path: $0.path) }.first
    let labels = folder.appendingPathComponent("labels.txt")
    if labels.lastPathComponent != file.lastPathComponent, let text = Self.text(labels),
      !MOT.matches(head: Data(text.utf8), path: labels.path)
    {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (place, line) in lines.enumerated() {
        let name = line.trimmingCharacters(in: .whitespacesAndNewlines)
        if !name.isEmpty { classNames[place + 1] = name }
      }
    }
  }

  private static func text(_ url: URL) -> String? {
    guard let handle = FileHandle(forReadingAtPath: url.path) else { return nil }
    defer { try? handle.close() }
    guard let data = try? handle.read(upToCount: maximumSize) else { return nil }
    return String(decoding: data, as: UTF8.self)
  }
}
