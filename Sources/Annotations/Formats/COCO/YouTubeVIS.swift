public import Foundation

/// YouTube-VIS and OVIS: one entry a track, with a list of masks that has one place a listed frame.
///
/// - A video lists the files of its frames, often every fifth one. Frames go by the numbers of the
///   files where these rise, from 0, or from 1 where the first file of a video is number 1; else by
///   their places in the list. The listed frames are the annotated ones.
/// - `null` stands for a frame in which nothing was drawn. The format has no other way to leave a
///   frame out, so it is no declared absence.
/// - A mask counts before the box of the same frame.
/// - `score` belongs to the track and becomes its attribute `track_score`.
/// - OVIS's `occlusion` is the visibility; `severe_occlusion` stays as the attribute `occlusion`.
/// - A list of results names no files: places are frames, counting from 0.
public enum YouTubeVIS: WritableFormat {
  /// The id on the command line.
  public static let id = "youtube-vis"
  /// One line for the list of formats.
  public static let summary = "YouTube-VIS and OVIS JSON: one entry a track"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From the numbers of file_names where they rise, else the places in that list, from 0."
      + " Where the video has just as many frames as are listed, the places count.",
    traps: [
      "Only listed frames are annotated, often every fifth one.",
      "null says that nothing was drawn in a listed frame; it is no declared absence.",
      "The score belongs to the track: attribute track_score.",
      "A class belongs to the whole track.",
      "OVIS's occlusion is none, slight or severe; severe stays as the attribute occlusion.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .mask], identity: .text,
    aspects: [
      .classNames, .confidence, .occlusion, .attributes, .trackAttributes, .ignore, .zOrder,
      .group, .truncation, .trackScore, .annotatedFrames, .videoName, .pictureSize, .frameRate,
      .imageNames, .unusedClasses, .classIDs, .bones,
    ], output: .file(extension: "json"), holdsManyVideos: true)

  /// Writes labels; what is not YouTube-VIS's own stands under keys that its clients pass over.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    try write(dataset, to: path, areResults: false)
  }

  fileprivate static func write(
    _ dataset: Dataset, to path: String, areResults: Bool
  ) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    var writer = YouTubeVISWriter(dataset, to: output, areResults: areResults)
    try writer.write(dataset)
    try output.finish()
    return writer.losses
  }

  /// Tells whether a file is JSON and has a track's list of masks, or a video's list of files.
  public static func matches(head: Data, path: String) -> Bool {
    head.isJSON("{") && (head.hasKey("videos") || head.hasKey("annotations"))
      && (head.hasKey("file_names") || head.hasKey("segmentations") || head.hasKey("bboxes"))
  }

  /// Reads labels or a list of results.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var file = YouTubeVISFile(options: options)
    try file.read(path)
    return try file.dataset(path: path)
  }
}

/// A bare list of results as YouTube-VIS's evaluation takes it: one score a track.
public enum YouTubeVISResults: WritableFormat {
  /// The id on the command line.
  public static let id = "youtube-vis-results"
  /// One line for the list of formats.
  public static let summary = "YouTube-VIS list of results: one score a track"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "The places in the lists of masks, from 0: a list of results names no files.",
    traps: [
      "Videos and classes are known by their numbers only.",
      "Where labels list every fifth frame, a place here is the fifth of a frame number there.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .mask], identity: .text,
    aspects: [.classNames, .confidence, .trackScore, .pictureSize, .classIDs],
    output: .file(extension: "json"))

  /// Writes a list of results of one video, whose id is 1.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    try YouTubeVIS.write(dataset, to: path, areResults: true)
  }

  /// Tells whether a file is a list of tracks with lists of masks.
  public static func matches(head: Data, path: String) -> Bool {
    head.isJSON("[") && head.hasKey("video_id")
      && (head.hasKey("segmentations") || head.hasKey("bboxes"))
  }

  /// Reads labels or a list of results.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    try YouTubeVIS.read(path: path, options: options)
  }
}
