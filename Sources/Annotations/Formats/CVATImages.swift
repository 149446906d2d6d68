public import Foundation

/// CVAT's XML "CVAT for images 1.1": the labels of single images, and tags of frames.
///
/// **Frames.** `id` is the number of the frame, as in ``CVATVideo``; the images that are in the file
/// are the annotated frames.
///
/// **Identity.** There are no tracks. An attribute `track_id`, which newer versions of CVAT write
/// for the shapes of a track, is read as the identity; a shape without one is a lone detection.
///
/// **Tags.** They become labels of one frame each. This is the only XML of CVAT that has them.
public enum CVATImages: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "cvat-images"
  /// See ``LabelFormat/summary``.
  public static let summary = "CVAT for images 1.1 (XML, also in a zip), with tags of frames"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "The id of an image is the frame of the source video, from 0.",
    traps: [
      "CVAT matches images by name on import: a frame of a video is frame_000012.",
      "Tracks are known by an attribute track_id, which CVAT's own importer does not use.",
      "A range of frames is written as a tag on each of them.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: Set(Shape.Kind.allCases), identity: .text, precision: .decimals(2),
    aspects: [
      .untracked, .duplicates, .classNames, .hiddenJoints, .occlusion, .origin, .attributes,
      .trackAttributes, .zOrder, .group, .annotatedFrames, .ranges, .rangeDetails, .videoName,
      .pictureSize, .frameCount, .imageNames, .unusedClasses, .bones,
    ],
    output: .file(extension: "xml"), holdsManyVideos: true)

  /// See ``LabelFormat/matches(head:path:)``.
  public static func matches(head: Data, path: String) -> Bool {
    let text = String(decoding: head, as: UTF8.self)
    return XMLText.rootName(of: text) == "annotations" && text.contains("<image ")
      && !text.contains("<track ") && CVATVideo.matches(head: head, path: path)
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    try CVATVideo.read(path: path, options: options, as: id)
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    let losses = try CVATImagesWriter.write(dataset.videos, to: output)
    try output.finish()
    return losses
  }

  /// What CVAT calls the image of a frame of a video.
  static func name(of frame: Int) -> String {
    let digits = String(frame)
    return "frame_" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }
}
