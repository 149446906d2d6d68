public import Foundation

/// PoseTrack 17, 18 and 21: poses of people, one JSON file a video.
///
/// - 18 and 21 are COCO with habits of their own; a frame is the number of its file, from 0.
///   `frame_id` is a number of the image over all videos and says nothing here. 17 is a list of
///   images of its own, numbered by their files, from 0, 1 or the first one of the clip.
/// - Only frames whose `is_labeled` is true are annotated.
/// - A joint's flag is 1 for visible and 0 for hidden; at (0, 0) it was not labelled.
/// - `scores` are the confidences of the joints. The box of a person with joints, and the box of a
///   head, are not kept.
/// - `ignore_regions` are polygons without class and identity; see ``Track/isIgnored``.
/// - `person_id` of 21, unlike `track_id` the same in all videos, is an attribute of the track.
public enum PoseTrack: WritableFormat {
  /// The id on the command line.
  public static let id = "posetrack"
  /// One line for the list of formats.
  public static let summary = "PoseTrack 17, 18 and 21 JSON: poses of people"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From the numbers of the files, from 0 in 18 and 21, from the first one in 17.",
    traps: [
      "frame_id is a number of the image over all videos, not of the frame.",
      "Only frames with is_labeled are annotated.",
      "A joint's flag is 1 for visible, 0 for hidden; at (0, 0) the joint is not labelled.",
      "The box of a person with joints, and the box of the head, are not kept.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: COCO.capabilities.shapes, identity: .text, aspects: COCO.capabilities.aspects,
    output: .file(extension: "json"))

  /// Writes the form of 18; the keys of COCO and CVAT keep what PoseTrack has no key for.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    var writer = COCOWriter(dataset, to: output, flavour: .poseTrack)
    try writer.write(dataset)
    try output.finish()
    return writer.losses
  }

  /// Tells whether a file is JSON and has a key that only PoseTrack has.
  public static func matches(head: Data, path: String) -> Bool {
    head.isJSON("{")
      && (isAnnolist(head) || head.hasKey("bbox_head")
        || head.hasKey("vid_id") && (head.hasKey("is_labeled") || head.hasKey("nframes")))
  }

  /// Reads a file of either form.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    if isAnnolist(try LabelFormats.head(of: path)) {
      var file = PoseTrack17File(options: options)
      return try file.read(path)
    }
    var file = COCOFile(options: options, flavour: .poseTrack)
    try file.read(path)
    return try file.dataset(path: path)
  }

  private static func isAnnolist(_ head: Data) -> Bool { head.hasKey("annolist") }
}
