public import Foundation
import Timeline

/// Encord's JSON: one label row, or a list of them.
///
/// - Frames count from 0 and are the keys of `labels`; an image group is one video, in which
///   `data_sequence` numbers the frames. Spaces of a data group are videos of their own.
/// - Places are fractions of the picture. `polygons` with their holes are preferred to `polygon`.
/// - An object that is not on a frame is not there: Encord has neither key frames nor absences.
/// - `manualAnnotation` tells people's labels from what a tool filled in, which is read as
///   ``Origin/interpolated``. The confidence 1, which every manual label has, is read as none.
/// - Static answers are attributes of the track, dynamic ones of its instances; classifications
///   are labels of ranges, both ends included.
///
/// Encord writes the rows of bit masks one after the other, in COCO's compressed text.
public enum Encord: WritableFormat {
  /// The id on the command line.
  public static let id = "encord"
  /// One line for the list of formats.
  public static let summary = "Encord label rows JSON: all shapes, attributes, classifications"
  /// What people have to know about it.
  public static let page = FormatPage(
    frames: "Frames count from 0, in Encord's own copy of the video; ranges include both ends.",
    traps: [
      "Bit masks are runs row by row in COCO's compressed text: COCO's tools read nonsense from "
        + "them.",
      "polygon and polygons may disagree; polygons counts.",
      "Encord's samples have four decimals: 0.19 pixels at a width of 1920.",
      "manualAnnotation = false says that a tool filled a label in, but not which.",
      "Manual labels have the confidence 1 by default; it is read as none.",
      "A point is one place: several become a line.",
      "Written rows hold hashes made from the names of classes; the ontology of the project has to "
        + "hold the same ones.",
    ])

  /// What it can carry.
  public static let capabilities = FormatCapabilities(
    shapes: Set(Shape.Kind.allCases).subtracting([.points]), identity: .text,
    aspects: [
      .holes, .parts, .classNames, .confidence, .hiddenJoints, .origin, .attributes,
      .trackAttributes, .ranges, .rangeDetails, .videoName, .pictureSize, .frameCount, .frameRate,
      .imageNames, .classIDs,
    ],
    output: .file(extension: "json"), holdsManyVideos: true, needsPictureSize: true)

  /// Tells whether a file is JSON and has the keys of a label row near its beginning.
  public static func matches(head: Data, path: String) -> Bool {
    let first = head.first { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    guard first == UInt8(ascii: "[") || first == UInt8(ascii: "{") else { return false }
    func has(_ key: String) -> Bool { head.range(of: Data("\"\(key)\"".utf8)) != nil }
    return has("label_hash") || has("data_units") || has("objectHash")
      || has("data_hash") && has("dataset_hash")
  }

  /// Reads a file.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var file = EncordFile(path: path, options: options)
    return try file.dataset()
  }

  /// Writes a list of label rows, one a video.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var writer = EncordWriter(path: path)
    return try writer.write(dataset)
  }
}
