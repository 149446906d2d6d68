import Annotations
import Exports
import Foundation
import Quality
import Scan

/// A scan as one JSON object, for scripts.
///
/// Keys: `version`, `store`, `videos` (each with its `sources`), `counts` by level, `notes`, and
/// `findings`, whose objects are those of `export --format jsonl`.
struct ScanJSON {
  private struct Head: Encodable {
    var counts: [String: Int]
    var notes: [String]
    var store: String
    var version: String
    var videos: [Video]
  }

  private struct Video: Encodable {
    var name: String
    var path: String?
    var frame_count: Int
    var duration: Double
    var nominal: Bool
    var sources: [Source]
  }

  private struct Source: Encodable {
    var name: String
    var kind: String
    var path: String
    var format: String
    var dialect: String
    var tracks: Int
    var instances: Int
    var bad_rows: Int
    var notes: [String]
  }

  /// Writes the summary of a scan.
  func write(_ summary: ScanSummary, to output: StandardOutput) throws {
    let levels = Level.allCases.map { ($0.rawValue, summary.count(of: $0)) }
    let head = Head(
      counts: Dictionary(uniqueKeysWithValues: levels), notes: summary.notes,
      store: summary.store, version: Scan.version, videos: summary.videos.map(video))
    var text = try jsonText(head)
    text.removeLast(2)  // the line break and the closing brace, behind the findings again
    output.write(text + ",\n  \"findings\" : ")
    JSONFindings.writeArray(summary.findings) { output.write($0) }
    output.write("}\n")
  }

  private func video(_ video: ScanSummary.Video) -> Video {
    Video(
      name: video.name, path: video.path, frame_count: video.frameCount,
      duration: (video.duration * 1000).rounded() / 1000, nominal: video.isNominal,
      sources: video.sources.map { source in
        Source(
          name: source.name, kind: source.kind.rawValue, path: source.path, format: source.format,
          dialect: source.dialect, tracks: source.trackCount, instances: source.instanceCount,
          bad_rows: source.badRowCount, notes: source.notes)
      })
  }
}

/// JSON with sorted keys, for people and scripts alike.
func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
