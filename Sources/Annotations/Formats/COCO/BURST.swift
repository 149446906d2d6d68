public import Foundation

/// BURST: one entry a sequence, and in it one table a frame of masks by track.
///
/// - A frame is the place of its file among `all_image_paths`, counting from 0; where these do not
///   name it, the number of its file, from 1. The `annotated_image_paths` are the annotated frames.
/// - `rle` is COCO's compressed text without its size, which is the one of the sequence.
/// - A mask whose `is_gt` is true was drawn by a person; where it is false a model made it, and
///   only then `score` says something.
/// - `neg_category_ids` and `not_exhaustive_category_ids` become ranges over the whole sequence.
/// - The files for the exemplar-guided tasks have a `bbox` and a `point`; the mask counts first.
public enum BURST: WritableFormat {
  /// The id on the command line.
  public static let id = "burst"
  /// One line for the list of formats.
  public static let summary = "BURST JSON: masks by frame and track"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames:
      "The place of a file among all_image_paths, from 0; else the number of the file, from 1.",
    traps: [
      "A mask is the compressed text alone; its size is the one of the sequence.",
      "is_gt false marks a mask that a model made, and only then the score says something.",
      "neg_category_ids and not_exhaustive_category_ids become ranges of that name.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.mask], identity: .numbers(0...1 << 53),
    aspects: [
      .classNames, .confidence, .origin, .annotatedFrames, .ranges, .rangeDetails, .videoName,
      .pictureSize, .frameCount, .frameRate, .imageNames, .unusedClasses, .classIDs, .bones,
    ], output: .file(extension: "json"), holdsManyVideos: true, needsPictureSize: true)

  /// Writes labels; what is not BURST's own stands under keys that its clients pass over.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    var writer = BURSTWriter(dataset, to: output)
    try writer.write(dataset)
    try output.finish()
    return writer.losses
  }

  /// Tells whether a file is JSON and has the keys of a sequence.
  public static func matches(head: Data, path: String) -> Bool {
    head.isJSON("{")
      && (head.hasKey("annotated_image_paths") || head.hasKey("track_category_ids")
        || head.hasKey("sequences") && head.hasKey("all_image_paths"))
  }

  /// Reads labels or results.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var file = BURSTFile(options: options)
    return try file.read(path)
  }
}
