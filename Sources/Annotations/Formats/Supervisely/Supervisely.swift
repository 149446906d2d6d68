public import Foundation
import Timeline

/// Supervisely's JSON for video: a project folder, or the annotation of one video.
///
/// - Frames count from 0, and every frame with a figure is there: there are no key frames.
/// - A rectangle holds the pixels of both its corners, so that its right and bottom edge lie one
///   further. The corners of an `oriented_bbox` are those before it is turned.
/// - A track is an object: its `key`, or the value of its tag `track_id`. Tags of an object are
///   attributes, of the track or, with a `frameRange`, of its instances in these frames. Tags of
///   the video are labels of ranges, both ends included.
/// - `nnCreated` and `nnUpdated` together mean a model, or with a `trackId` a tracker;
///   `nnCreated` alone means that people corrected it.
/// - The names and bones of a `graph` are in `meta.json`, which is looked for beside the file and
///   up to two folders above it. A disabled node is an absent joint.
/// - A `bitmap` is a PNG, deflated and in base64, with the place of its top-left corner.
///
/// Written coordinates are whole: Supervisely's client cuts fractions off.
public enum Supervisely: WritableFormat {
  /// The id on the command line.
  public static let id = "supervisely"
  /// One line for the list of formats.
  public static let summary = "Supervisely video projects: figures, bitmaps, graphs, tags"
  /// What people have to know about it.
  public static let page = FormatPage(
    frames: "Frames count from 0, as decoded. Ranges of tags include both ends.",
    traps: [
      "The corners of a rectangle are the pixels it holds: its width is right - left + 1.",
      "Coordinates are whole pixels; the client cuts fractions off.",
      "The names of keypoints stand in meta.json of the project: keep it beside the annotations.",
      "There is no frame rate, and no mark of key frames.",
      "A class has one shape; a class with several is written as any.",
      "Ids that are no UUID are kept in a tag track_id of the object.",
    ])

  /// What it can carry.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .rotatedBox, .polygon, .polyline, .skeleton, .mask, .cuboid], identity: .text,
    precision: .decimals(0),
    aspects: [
      .holes, .parts, .emptyTracks, .classNames, .origin, .attributes, .trackAttributes, .ranges,
      .rangeDetails, .videoName, .pictureSize, .frameCount, .unusedClasses, .classIDs, .bones,
    ],
    output: .folder, holdsManyVideos: true, needsPictureSize: true)

  /// The tag that holds an id that is no UUID.
  static let idTag = "track_id"
  /// What `trackId` says of a figure that was filled in between two drawn ones.
  static let interpolated = "interpolated"

  /// Tells whether a file is JSON and has the keys of an annotation of a video.
  public static func matches(head: Data, path: String) -> Bool {
    guard head.first(where: { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }) == 123 else {
      return false
    }
    func has(_ key: String) -> Bool { head.range(of: Data("\"\(key)\"".utf8)) != nil }
    return has("objectKey") || has("geometryType") || has("size") && has("framesCount")
      || has("classTitle") && has("size") && !has("points")
  }

  /// Tells whether a folder is a project, or a data set of one.
  public static func matches(folder: LabelFolder) -> Bool {
    annotations(in: folder).first.map { matches(head: folder.head(of: $0), path: $0) } ?? false
  }

  /// The annotations in a folder: JSON files in a folder called `ann`.
  static func annotations(in folder: LabelFolder) -> [String] {
    folder.files.filter { file in
      let parts = file.split(separator: "/")
      return file.hasSuffix(".json") && parts.count > 1 && parts[parts.count - 2] == "ann"
    }
  }

  /// Reads a project folder, or the annotation of one video.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var project = SuperviselyProject(path: path, options: options)
    return try project.dataset()
  }

  /// Writes a project folder.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var writer = SuperviselyWriter(path: path, options: options)
    return try writer.write(dataset)
  }
}
