public import Foundation

/// What Ultralytics' `summary()` and `to_json()` give, collected into one list a frame.
///
/// ```json
/// [[{"name": "person", "class": 0, "confidence": 0.9, "track_id": 1,
///    "box": {"x1": 1.5, "y1": 2, "x2": 30, "y2": 40}}], []]
/// ```
/// - The place in the outer list is the frame, from 0. The list of a single frame may stand alone.
/// - `segments` count before `keypoints`, and these before the box; a box with `x3` and `x4` is a
///   turned one. A joint has the number of its place as name and its `visible` as confidence.
/// - Places that all lie within 0...1 are shares of the picture (`normalize=True`), which then must
///   be known.
/// - An entry without a box is a class of the whole frame: a range of one frame.
///
/// The `results.json` of a validation is a list of COCO results; see ``COCOResults``.
public enum UltralyticsJSON: WritableFormat {
  /// The id on the command line.
  public static let id = "ultralytics-json"
  /// One line for the list of formats.
  public static let summary = "Ultralytics JSON of summary() and to_json(): one list a frame"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "The place in the outer list, from 0; the entries carry no frame.",
    traps: [
      "With normalize=True places are shares of the picture, whose size must then be known.",
      "A turned box has x1 to x4.",
      "results.json of a validation is a list of COCO results: coco-results.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .rotatedBox, .polygon, .skeleton], identity: .numbers(1...1 << 53),
    aspects: [
      .untracked, .duplicates, .classNames, .classChanges, .confidence, .jointConfidence, .ranges,
      .frameCount, .classIDs,
    ], output: .file(extension: "json"))

  /// Writes one list a frame, one frame a line.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    var writer = UltralyticsJSONWriter(dataset, to: output)
    try writer.write(dataset)
    try output.finish()
    return writer.losses
  }

  /// Tells whether a file is a list with the keys of a detection.
  public static func matches(head: Data, path: String) -> Bool {
    head.isJSON("[") && head.hasKey("confidence") && head.hasKey("class") && head.hasKey("name")
      && (head.hasKey("x1") || !head.hasKey("box"))
  }

  /// Reads predictions; they are a model's, whatever `options` say.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var file = UltralyticsJSONFile(options: options)
    return try file.read(path)
  }
}
