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
      if isFolder(request.path),
        holdsFile(request, namedAfterOneOf: videos)
          || !LabelFormats.recognises(path: request.path, format: request.format)
      {
        files += try readFolder(request, videos: videos, notes: &notes)
      } else {
        files.append(try read(request, path: request.path, video: nil, of: videos))
      }
    }
    for (request, video) in brought {
      files.append(try read(request, path: request.path, video: video, of: videos))
    }
    return files
  }

  private static func read(
    _ request: SourceRequest, path: String, video: Int?, of videos: [VideoInput]
  ) throws(ScanError) -> LabelFile {
    let dataset: Dataset
    let hints = (video.map { [videos[$0]] } ?? videos).compactMap(\.hint)
    do throws(LabelError) {
      dataset = try LabelFormats.read(
        path: path, format: request.format,
        options: ReadOptions(
          kind: request.kind, videos: hints, images: FFmpegLabelImages()))
    } catch {
      throw ScanError(.labels, error.description)
    }
    guard !dataset.videos.isEmpty else {
      throw ScanError(.labels, "\(path): the file speaks of no video, so there is nothing to scan")
    }
    return LabelFile(request: request, path: path, video: video, dataset: dataset)
  }

  // A file named after a video speaks of that one, also where its folder could be read as a whole.
  private static func holdsFile(
    _ request: SourceRequest, namedAfterOneOf videos: [VideoInput]
  ) -> Bool {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: request.path)) ?? []
    let stems = Set(videos.flatMap(\.stems))
    return entries.contains { entry in
      let path = joined(request.path, entry)
      return stems.contains(stem(entry)) && !isFolder(path)
        && LabelFormats.recognises(path: path)
    }
  }

  // With videos, the files and folders named after them; without, every one that some format
  // recognises.
  private static func readFolder(
    _ request: SourceRequest, videos: [VideoInput], notes: inout [String]
  ) throws(ScanError) -> [LabelFile] {
    let entries: [String]
    do {
      entries = try FileManager.default.contentsOfDirectory(atPath: request.path)
        .filter { !$0.hasPrefix(".") }.sorted()
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
        files.append(try read(request, path: path, video: nil, of: videos))
      }
    }
    for (place, video) in videos.enumerated() {
      let stems = video.stems
      let matching = entries.filter { entry in
        (stems.contains(stem(entry)) || stems.contains(entry))
          && canHoldLabels(joined(request.path, entry), of: video, format: request.format)
      }
      guard let entry = matching.first else { continue }
      if matching.count > 1 {
        throw ScanError(
          .labels,
          "\(request.path) has more than one file for \(video.name):"
            + " \(matching.joined(separator: ", ")); name the right one with --labels FILE")
      }
      files.append(
        try read(request, path: joined(request.path, entry), video: place, of: videos))
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

// Labels often lie beside their video, or beside a folder of its images.
private func canHoldLabels(_ path: String, of video: VideoInput, format: String?) -> Bool {
  if isFolder(path) { return LabelFormats.recognises(path: path, format: format) }
  return !isSameFile(path, video.path ?? video.argument)
}

extension LabelFormats {
  /// Whether some format, or the one called `id`, recognises the content of a file or folder.
  static func recognises(path: String, format id: String? = nil) -> Bool {
    if let format = id.flatMap({ named($0) }), let folder = LabelFolder(path: path) {
      return format.matches(folder: folder)
    }
    return (try? recognised(path: path)) != nil
  }
}
