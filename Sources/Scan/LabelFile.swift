import Annotations
import Foundation

/// One label file after reading, with the source it belongs to.
struct LabelFile {
  /// The source.
  let request: SourceRequest
  /// The path it was read from.
  let path: String
  /// The place of the video it was found for; nil where its content says which it is.
  let video: Int?
  /// What it holds.
  let dataset: Dataset

  /// Reads the file or the folder of every source; nothing is written before all are read.
  static func read(
    _ requests: [SourceRequest], brought: [(request: SourceRequest, video: Int)],
    for videos: [VideoInput], notes: inout [String]
  ) throws(ScanError) -> [LabelFile] {
    var files: [LabelFile] = []
    for request in requests {
      if isFolder(request.path) {
        files += try readFolder(request, videos: videos, notes: &notes)
      } else {
        files.append(try read(request, path: request.path, video: nil))
      }
    }
    for (request, video) in brought {
      files.append(try read(request, path: request.path, video: video))
    }
    return files
  }

  private static func read(
    _ request: SourceRequest, path: String, video: Int?
  ) throws(ScanError) -> LabelFile {
    let dataset: Dataset
    do throws(LabelError) {
      dataset = try LabelFormats.read(
        path: path, format: request.format, options: ReadOptions(kind: request.kind))
    } catch {
      throw ScanError(.labels, error.description)
    }
    guard !dataset.videos.isEmpty else {
      throw ScanError(.labels, "\(path): the file speaks of no video, so there is nothing to scan")
    }
    return LabelFile(request: request, path: path, video: video, dataset: dataset)
  }

  // With videos, the files named after them; without, every file that some format recognises.
  private static func readFolder(
    _ request: SourceRequest, videos: [VideoInput], notes: inout [String]
  ) throws(ScanError) -> [LabelFile] {
    let entries: [String]
    do {
      entries = try FileManager.default.contentsOfDirectory(atPath: request.path)
        .filter { !$0.hasPrefix(".") && !isFolder(joined(request.path, $0)) }.sorted()
    } catch {
      throw ScanError(.labels, "\(request.path): the folder may not be read")
    }
    var files: [LabelFile] = []
    if videos.isEmpty {
      for entry in entries {
        let path = joined(request.path, entry)
        if request.format == nil, !LabelFormats.recognises(path: path) {
          notes.append("\(path) was left out, since no label format recognises it")
          continue
        }
        files.append(try read(request, path: path, video: nil))
      }
    }
    for (place, video) in videos.enumerated() {
      let stems = video.stems
      let matching = entries.filter { stems.contains(stem($0)) || stems.contains($0) }
      guard let entry = matching.first else { continue }
      if matching.count > 1 {
        throw ScanError(
          .labels,
          "\(request.path) has more than one file for \(video.name):"
            + " \(matching.joined(separator: ", ")); name the right one with --labels FILE")
      }
      files.append(try read(request, path: joined(request.path, entry), video: place))
    }
    guard !files.isEmpty else {
      throw ScanError(
        .labels,
        videos.isEmpty
          ? "\(request.path): the folder holds no label file"
          : "\(request.path): the folder holds no file named after \(videos[0].name)"
            + (videos.count > 1 ? " or another of the videos" : ""))
    }
    return files
  }
}

extension LabelFormats {
  /// Whether some format recognises the content of a file.
  static func recognises(path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    guard let head = try? handle.read(upToCount: headLength), !head.isEmpty else { return false }
    return all.contains { $0.matches(head: head, path: path) }
  }
}
