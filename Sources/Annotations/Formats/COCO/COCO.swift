public import Foundation

/// COCO's JSON and what grew around it: detection, keypoints, COCO-VID, CVAT's and Datumaro's
/// attributes, and bare lists of results.
///
/// - Frames are numbered by `frame_index`, else `frame_id` (from 0), else by the number at the end
///   of `file_name`, else by the order of the images; ``ReadOptions/base`` overrules the first
///   number.
/// - Images are put into videos by `video_id`, else by the folder of `file_name`, and within one
///   folder by what stands before the number where numbers would clash.
/// - The frames listed in `images` are the annotated ones.
/// - An object over time is known by `track_id` or `instance_id`, also within `attributes`; without
///   one, or with -1, an annotation is a track of one instance with the id `#ID`.
/// - An annotation with a labelled joint is a skeleton; else its mask or polygon counts, else its
///   box, turned where CVAT gives a `rotation`. A polygon of just the four corners of the box is a
///   box.
/// - `iscrowd` annotations are kept with the attribute `ignore` = `true`; see ``Track/isIgnored``.
/// - An annotation whose class differs from most of its track has its own ``Instance/className``;
///   ids that count class by class become one track a class.
/// - In a bare list, `image_id` is the number of the frame, or a text that ends in it.
///
/// COCO cannot carry: absence that is declared, key frames and their interpolation (other than
/// CVAT's flag), holes in polygons, lines, points and ellipses, and who made an annotation.
public enum COCO: WritableFormat {
  /// The id on the command line.
  public static let id = "coco"
  /// One line for the list of formats.
  public static let summary = "COCO JSON: detection, keypoints, COCO-VID, CVAT's, and results"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From frame_index, else frame_id, else the number in file_name, else the order.",
    traps: [
      "The frames listed in images are the annotated ones.",
      "Masks run column by column; a mask written row by row reads as garbage.",
      "A polygon's rings are parts: COCO has no holes.",
      "frame_id may count listed images only; the report says where file names disagree.",
      "TAO's neg_category_ids and not_exhaustive_category_ids become ranges of that name.",
      "Of keypoints with a box or a segmentation the keypoints count.",
    ])

  /// Tells whether a file is JSON and has the keys of COCO near its beginning.
  public static func matches(head: Data, path: String) -> Bool {
    head.isJSON("{")
      && (head.hasKey("image_id")
        || head.hasKey("images")
          && ["file_name", "annotations", "categories"].contains(where: head.hasKey))
  }

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .rotatedBox, .polygon, .mask, .skeleton], identity: .text,
    aspects: [
      .parts, .untracked, .duplicates, .classNames, .classChanges, .confidence, .jointConfidence,
      .hiddenJoints, .occlusion, .visibilityRatio, .keyFrames, .origin, .attributes,
      .trackAttributes, .ignore, .zOrder, .group, .truncation, .trackScore, .annotatedFrames,
      .ranges, .rangeDetails, .videoName, .pictureSize, .frameCount, .frameRate, .imageNames,
      .unusedClasses, .classIDs,
      .bones,
    ], output: .file(extension: "json"), holdsManyVideos: true)

  /// Writes COCO-VID with the keys of CVAT, TAO and PoseTrack for what COCO has no key for.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    var writer = COCOWriter(dataset, to: output)
    try writer.write(dataset)
    try output.finish()
    return writer.losses
  }

  /// Reads a file of annotations or a list of results.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var file = COCOFile(options: options)
    try file.read(path)
    return try file.dataset(path: path)
  }
}

/// A bare list of results as COCO's evaluation takes it, also of Ultralytics' validation.
public enum COCOResults: WritableFormat {
  /// The id on the command line.
  public static let id = "coco-results"
  /// One line for the list of formats.
  public static let summary = "COCO list of results: one entry a detection, with a score"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "image_id is the number of the frame, or a text that ends in it, as Ultralytics'.",
    traps: [
      "Classes are known by their numbers only, and frames without a detection are not listed.",
      "A joint's flag says nothing in a result: every joint counts as seen.",
      "Ultralytics validates turned boxes as rbox: centre, size and radians.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .rotatedBox, .mask, .skeleton], identity: .numbers(1...1 << 53),
    aspects: [
      .untracked, .duplicates, .classNames, .classChanges, .confidence, .jointConfidence,
      .hiddenJoints, .pictureSize, .classIDs,
    ], output: .file(extension: "json"))

  /// Writes one entry a detection; the image of the first frame has the id 1.
  ///
  /// Names of classes and joints are kept under keys of Continuity's own, which clients pass over.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    var writer = COCOResultsWriter(dataset, to: output)
    try writer.write(dataset)
    try output.finish()
    return writer.losses
  }

  /// Tells whether a file is a list of detections on images.
  public static func matches(head: Data, path: String) -> Bool {
    head.isJSON("[") && head.hasKey("image_id")
      && ["bbox", "rbox", "segmentation", "keypoints"].contains(where: head.hasKey)
  }

  /// Reads a list of results or a file of annotations.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    try COCO.read(path: path, options: options)
  }
}
