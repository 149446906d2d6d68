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

  /// The file of labels in a sequence folder, by its path within it; nil where there is none.
  ///
  /// For predictions that is the result of a tracker that lies in the folder itself, else the
  /// detections; for labels it is the ground truth, and the others only where there is none.
  static func file(in folder: LabelFolder, kind: ReadOptions.Kind) -> String? {
    // A text among other files, or one of several, is not known to be the labels of the folder.
    let others = folder.files.filter { $0 != "labels.txt" && $0 != "seqinfo.ini" }
    let isResult =
      others.count(where: { !$0.contains("/") }) == 1
      && others.allSatisfy { !$0.contains("/") || $0 == "gt/gt.txt" || $0.hasPrefix("det/") }
    let result = others.first { file in
      isResult && !file.contains("/") && [".txt", ".csv"].contains { file.hasSuffix($0) }
        && MOT.matches(head: folder.head(of: file), path: file)
    }
    let candidates =
      kind == .labels
      ? ["gt/gt.txt", result, "det/det.txt"] : [result, "det/det.txt", "gt/gt.txt"]
    return candidates.compactMap(\.self).first { $0 == result || folder.contains($0) }
  }

  private static func text(_ url: URL) -> String? {
    guard let handle = FileHandle(forReadingAtPath: url.path) else { return nil }
    defer { try? handle.close() }
    guard let data = try? handle.read(upToCount: maximumSize) else { return nil }
    return String(decoding: data, as: UTF8.self)
  }
}
