import Foundation
import Timeline

/// What a SLEAP file says about a video.
struct SLEAPVideo {
  /// The path as the file spells it, often one of another machine.
  var path = ""
  /// The width of a frame in pixels.
  var width: Int?
  /// See ``width``.
  var height: Int?
  /// The number of frames.
  var frameCount: Int?
  /// Frames per second.
  var frameRate: Double?
  /// The file names of single images, by frame.
  var imageNames: [FrameIndex: String] = [:]
  /// The group with the pictures, where they lie in the label file.
  var group: String?

  /// Reads an entry of the list of videos.
  init(_ entry: JSONValue) {
    let backend = entry["backend"] ?? entry
    let images = backend["filenames"]?.elements?.compactMap(\.string) ?? []
    path = backend["filename"]?.string ?? entry["filename"]?.string ?? ""
    if path == ".", let dataset = backend["dataset"]?.string {
      group = dataset.hasSuffix("/video") ? String(dataset.dropLast(6)) : dataset
    }
    let shape = backend["shape"]?.elements ?? []
    height = Self.size((shape.count == 4 ? shape[1] : nil) ?? backend["height_"])
    width = Self.size((shape.count == 4 ? shape[2] : nil) ?? backend["width_"])
    // Of pictures in the label file only the labelled ones are there.
    if group == nil { frameCount = Self.size(shape.first) }
    if let rate = backend["fps"]?.number, rate.isFinite, rate > 0 { frameRate = rate }
    if images.count > 1 {
      let folder = images[0].split { $0 == "/" || $0 == "\\" }.dropLast().last
      path = folder.map { String($0) } ?? path
      frameCount = images.count
      for (frame, image) in images.enumerated() { imageNames[frame] = Self.lastPart(of: image) }
    }
    // The original of a copy says more about the video.
    if let source = entry["source_video"] ?? entry["original_video"] { take(source) }
  }

  /// Takes over what an entry says about the video that the pictures come from.
  mutating func take(_ source: JSONValue) {
    let original = SLEAPVideo(source)
    if !original.path.isEmpty, original.group == nil { path = original.path }
    width = original.width ?? width
    height = original.height ?? height
    frameCount = original.frameCount ?? frameCount
    frameRate = original.frameRate ?? frameRate
    if !original.imageNames.isEmpty { imageNames = original.imageNames }
  }

  /// The number by which the frames of embedded pictures call the video: 15 for `video15`.
  var number: Int? {
    guard let group, group.hasPrefix("video") else { return nil }
    return Int(group.dropFirst(5))
  }

  /// The last part of a path, with slashes of either kind.
  static func lastPart(of path: String) -> String {
    path.split { $0 == "/" || $0 == "\\" }.last.map { String($0) } ?? path
  }

  private static func size(_ value: JSONValue?) -> Int? {
    value?.integer.flatMap { $0 > 0 && $0 <= LabelFormats.maximumFrame ? $0 : nil }
  }

  /// The names of videos: the last part of the path, all of it where two would be alike.
  static func names(of videos: [SLEAPVideo]) -> [String?] {
    var counts: [String: Int] = [:]
    for video in videos { counts[lastPart(of: video.path), default: 0] += 1 }
    return videos.map { video in
      guard !video.path.isEmpty, video.path != "." else { return nil }
      let last = lastPart(of: video.path)
      return counts[last] == 1 ? last : video.path
    }
  }

  /// What SLEAP keeps of a video file.
  static func backend(of video: VideoAnnotations) -> JSONValue {
    func number(_ value: Int) -> JSONValue { .number(Double(value)) }
    var shape: JSONValue?
    if let width = video.width, let height = video.height, let count = video.frameCount {
      shape = .array([number(count), number(height), number(width), .number(3)])
    }
    let hasShape = shape != nil
    return .members([
      "type": .string("MediaVideo"), "shape": shape, "filename": .string(video.name ?? ""),
      "bgr": .boolean(true), "dataset": .string(""), "input_format": .string(""),
      "fps": video.frameRate.map { .number($0) },
      "height_": hasShape ? nil : video.height.map { number($0) },
      "width_": hasShape ? nil : video.width.map { number($0) },
    ])
  }
}
