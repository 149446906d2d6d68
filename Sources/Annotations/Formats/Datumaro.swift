public import Foundation

/// Datumaro's JSON: a folder `annotations` with one file a subset, in the dialect of versions 1.x.
///
/// **Frames.** `attr.frame` of an item, else `video_frame.frame_index`, else the number at the end
/// of its id; where items have none or share one, their places in the file.
///
/// **Identity.** An attribute `track_id`, which CVAT writes, else `object_id`. The attributes
/// `keyframe`, `outside`, `occluded`, `rotation` (degrees) and `score` are read as what they mean.
///
/// **Skeletons.** Points of a label whose joints the `points` category names are its joints.
///
/// The dialect of CVAT's fork (0.3), which has skeletons of its own, is ``DatumaroCVAT``; both are
/// read alike.
public enum Datumaro: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "datumaro"
  /// See ``LabelFormat/summary``.
  public static let summary = "Datumaro 1.x JSON (a folder with annotations/SUBSET.json, or a file)"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "attr.frame of an item, from 0; else the number at the end of its id.",
    traps: [
      "Tracks exist only as an attribute track_id.",
      "An item is an annotated frame, also one without labels.",
      "Turned boxes are upright boxes with an attribute rotation in degrees.",
      "Name, length and rate of the video, and which attributes are a track's, stand in infos, where"
        + " only Continuity looks for them.",
      "Datumaro itself rounds what it reads to two decimals.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: Set(Shape.Kind.allCases), identity: .text,
    aspects: [
      .untracked, .duplicates, .classNames, .classChanges, .confidence, .hiddenJoints, .occlusion,
      .keyFrames, .attributes, .trackAttributes, .zOrder, .group, .annotatedFrames, .ranges,
      .rangeDetails, .videoName, .pictureSize, .frameCount, .frameRate, .imageNames,
      .unusedClasses, .bones,
    ],
    output: .folder, holdsManyVideos: true)

  /// The places in Datumaro's list of a cuboid's corners of ours.
  ///
  /// Its list goes round the top face from the front left, clockwise seen from above, and then
  /// round the bottom face from the back left: `Cuboid2D` in `components/annotation.py`.
  static let cuboidPlaces = [0, 3, 6, 7, 1, 2, 5, 4]

  /// See ``LabelFormat/matches(head:path:)``.
  public static func matches(head: Data, path: String) -> Bool {
    isDatumaro(head) && head.range(of: Data("\"dm_format_version\"".utf8)) != nil
  }

  /// See ``LabelFormat/matches(folder:)``.
  public static func matches(folder: LabelFolder) -> Bool { holds(folder, matches) }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    try read(path: path, options: options, as: id)
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    try write(dataset, to: path, hasSkeletons: false)
  }

  /// What the image of a frame is called where the labels do not say.
  static func imageName(of frame: Int) -> String { CVATImages.name(of: frame) + ".png" }
}

extension Datumaro {
  private static let folder = "annotations/"

  /// Whether the head of a file is Datumaro's: its categories are an object, where COCO has a list.
  static func isDatumaro(_ head: Data) -> Bool {
    guard head.first(where: { $0 > 32 && $0 < 128 }) == UInt8(ascii: "{"),
      let key = head.range(of: Data("\"categories\"".utf8))
    else { return false }
    let rest = head[key.upperBound...].drop { $0 <= 32 || $0 == UInt8(ascii: ":") }
    guard rest.first == UInt8(ascii: "{") else { return false }
    return ["\"items\"", "\"dm_format_version\""].contains {
      head.range(of: Data($0.utf8)) != nil
    } || head.count >= LabelFormats.headLength && head.range(of: Data("\"label\"".utf8)) != nil
  }

  /// Whether a folder has a subset whose file `matches`.
  static func holds(
    _ folder: LabelFolder, _ matches: (Data, String) -> Bool
  ) -> Bool {
    subsets(of: folder).first.map { matches(folder.head(of: $0), folder.path(of: $0)) } ?? false
  }

  private static func subsets(of folder: LabelFolder) -> [String] {
    folder.files(extensions: ["json"]).filter {
      $0.hasPrefix(Self.folder) && isDatumaro(folder.head(of: $0))
    }
  }

  static func read(
    path: String, options: ReadOptions, as id: String
  ) throws(LabelError) -> Dataset {
    guard let folder = LabelFolder(path: path) else {
      _ = try LabelFormats.head(of: path)
      return try DatumaroReader.read(path: path, options: options, as: id)
    }
    let subsets = subsets(of: folder)
    guard let first = subsets.first else {
      throw LabelError(
        .wrongFormat, path: path,
        "there is no file of Datumaro in a folder annotations; name the folder above it")
    }
    var dataset = try DatumaroReader.read(
      path: folder.path(of: first), options: options, as: id)
    guard subsets.count > 1 else { return dataset }
    dataset.nameVideos(after: first)
    for subset in subsets.dropFirst() {
      var next = try DatumaroReader.read(
        path: folder.path(of: subset), options: options, as: id)
      next.nameVideos(after: subset)
      dataset.videos += next.videos
      dataset.report.add(next.report)
    }
    return dataset
  }

  static func write(
    _ dataset: Dataset, to path: String, hasSkeletons: Bool
  ) throws(LabelError) -> LossReport {
    let output = try FolderOutput(path: path)
    var losses = LossReport()
    var taken: Set<String> = []
    for video in dataset.videos {
      let last = (video.name ?? "").split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
      let stem = dataset.videos.count > 1 ? (last as NSString).deletingPathExtension : "default"
      var name = stem.isEmpty || stem.hasPrefix(".") ? "video" : stem
      while !taken.insert(name).inserted { name += "-\(taken.count + 1)" }
      let file = try TextOutput(path: output.path(of: folder + name + ".json"))
      var writer = DatumaroWriter(video, hasSkeletons: hasSkeletons, path: path)
      try writer.write(to: file)
      try file.finish()
      losses.add(writer.losses)
    }
    try output.finish()
    return losses
  }
}
