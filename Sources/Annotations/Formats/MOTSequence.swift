import Foundation

/// What the files around a MOT file say: `seqinfo.ini` beside it or one folder up, `labels.txt`
/// beside it. Each of them, and each entry, may be missing.
struct MOTSequence {
  /// The name of the sequence.
  var name: String?
  /// The width of a frame in pixels.
  var width: Int?
  /// The height of a frame in pixels.
  var height: Int?
  /// The number of frames.
  var frameCount: Int?
  /// Frames per second.
  var frameRate: Double?
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
    if let text = candidates.lazy.compactMap(Self.text).first { readEntries(text) }
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

  private mutating func readEntries(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let value = parts[1].trimmingCharacters(in: .whitespaces)
      let count = Int(value).flatMap { $0 > 0 && $0 <= 1_000_000_000 ? $0 : nil }
      switch parts[0].trimmingCharacters(in: .whitespaces).lowercased() {
      case "name": name = value.isEmpty ? nil : value
      case "framerate":
        frameRate = Double(value).flatMap { $0.isFinite && $0 > 0 && $0 <= 10_000 ? $0 : nil }
      case "seqlength": frameCount = count
      case "imwidth": width = count
      case "imheight": height = count
      default: break
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
