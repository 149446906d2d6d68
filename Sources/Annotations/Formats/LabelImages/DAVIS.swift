public import Foundation
import Timeline

/// Label images of DAVIS, YouTube-VOS and what SAM-style tools write: one PNG a frame, whose values
/// are objects.
///
/// - The number in a file's name is the frame, from 0; from 1 where the first is 1 and none is left
///   out, or where the last is the number of frames of the video. ``ReadOptions/base`` overrules.
/// - A value is an object of the whole clip, 0 the background. 255 is void: it becomes a track of
///   its own with the attribute `ignore` = `true`; see ``Track/isIgnored``.
/// - The frames that have an image are the annotated ones.
/// - A folder of images is one video, a folder of such folders several. A `meta.json` of YouTube-VOS
///   in one of the folders above gives the classes.
/// - Images of another size than the others are kept and noted.
///
/// Written are palette images with the colours of DAVIS, as a folder of images; with classes in the
/// layout of YouTube-VOS, `meta.json` and `Annotations/NAME`. The format cannot carry boxes and
/// lines, scores, attributes, occlusion, overlap, more than 254 objects, and the number of frames.
public enum DAVIS: WritableFormat {
  /// The id on the command line.
  public static let id = "davis"
  /// One line for the list of formats.
  public static let summary = "DAVIS and YouTube-VOS label images: palette PNG, value = object"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "The number in the file name, from 0; from 1 where 1 is the first and none is missing.",
    traps: [
      "Only frames with an image are annotated: YouTube-VOS has every fifth.",
      "Values are places in the palette; a program that converts to colours loses them.",
      "255 is void and becomes an ignored track; 0 is background.",
      "Grey images of 8 bits are read, too, when the format is named.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.mask], identity: .numbers(1...254), precision: .exact,
    aspects: [.classNames, .ignore, .annotatedFrames, .pictureSize], output: .folder,
    needsPictureSize: true)

  /// The value of pixels that nobody judges.
  static let void: UInt16 = 255
  private static let metaName = "meta.json"

  /// False: the format is a folder.
  public static func matches(head: Data, path: String) -> Bool { false }

  /// Tells whether the images of a folder are palette PNG files with numbers in their names.
  public static func matches(folder: LabelFolder) -> Bool {
    videos(in: folder).contains { isPalette($0, folder) }
  }

  private static func videos(in folder: LabelFolder) -> [LabelImageFolder] {
    LabelImageFolder.all(in: folder, extensions: ["png"]).filter { !$0.images.isEmpty }
  }

  private static func isPalette(_ video: LabelImageFolder, _ folder: LabelFolder) -> Bool {
    guard let first = video.images.first else { return false }
    return PNGHead(folder.head(of: first.file))?.isPalette == true
  }

  /// Reads a folder of images, or a folder of such folders.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    guard let folder = LabelFolder(path: path) else {
      throw LabelError(
        .wrongFormat, path: path, "label images are a folder; name the folder that holds them")
    }
    let all = videos(in: folder)
    // Frames may lie beside their labels: where there are palettes, only those are labels.
    let palettes = all.filter { isPalette($0, folder) }
    let chosen = palettes.isEmpty ? all : palettes
    guard !chosen.isEmpty else {
      throw LabelError(
        .wrongFormat, path: path, "the folder holds no PNG files with numbers in their names")
    }
    var reader = try LabelImageReader(folder, options)
    var dataset = Dataset(format: id)
    var classes = YouTubeVOSClasses(in: folder, named: metaName)
    for video in chosen {
      let name = video.name(in: folder)
      let base = base(of: video, options.video(named: name), options)
      try reader.read(video, base: base) { picture in
        picture.content == .color
          ? "the picture is in colours, in which the ids of objects are lost" : nil
      }
      let names = classes.names(of: video, &reader.report)
      let size = reader.size
      dataset.videos.append(
        VideoAnnotations(
          name: name, width: size?.width, height: size?.height, base: base,
          annotated: video.annotated(base: base), quantum: 1,
          ontology: Ontology(
            categories: Set(names.values).sorted().map { Ontology.Category(name: $0) }),
          tracks: reader.instances.sorted { $0.key < $1.key }.map { value, instances in
            Track(
              id: String(value), className: names[value] ?? "", instances: instances,
              attributes: value == void ? Track.ignoredAttributes : [:])
          }))
    }
    dataset.report = reader.report
    return dataset
  }

  private static func base(
    of video: LabelImageFolder, _ hint: VideoHint?, _ options: ReadOptions
  ) -> Int {
    if let base = LabelFormats.safeBase(options.base) { return base }
    guard let first = video.images.first?.number, let last = video.images.last?.number, first > 0
    else { return 0 }
    if let count = hint?.frameCount { return last == count ? 1 : 0 }
    return first == 1 && last == video.images.count && last > 1 ? 1 : 0
  }

  /// Writes one video.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    guard let video = dataset.videos.first else { return LossReport() }
    let writer = try LabelImageWriter(video, options, path: path)
    let output = try FolderOutput(path: path)
    let name = URL(fileURLWithPath: path).lastPathComponent
    let hasClasses = video.tracks.contains { !$0.className.isEmpty }
    if hasClasses {
      try output.write(YouTubeVOSClasses.meta(of: video, name: name), to: metaName)
    }
    let folder = hasClasses ? "Annotations/\(name)/" : ""
    try writer.forEachPicture(.palette(palette)) { track in
      track.isIgnored ? void : UInt16(Int(track.id) ?? 0)
    } _: { frame, picture throws(LabelError) in
      let file = folder + LabelImageWriter.padded(frame, digits: 5) + ".png"
      try output.write(writer.images.encodePNG(picture, path: file), to: file)
    }
    try output.finish()
    return LossReport()
  }

  /// The colours of DAVIS, which are those of PASCAL VOC: the bits of the index, lowest first, go to
  /// red, green and blue in turn, each from its highest bit down.
  static let palette: [UInt32] = (0..<256).map { index in
    var (red, green, blue) = (0, 0, 0)
    for bit in 0..<3 {
      red |= (index >> (3 * bit) & 1) << (7 - bit)
      green |= (index >> (3 * bit + 1) & 1) << (7 - bit)
      blue |= (index >> (3 * bit + 2) & 1) << (7 - bit)
    }
    return UInt32(red) << 24 | UInt32(green) << 16 | UInt32(blue) << 8 | 0xFF
  }
}

/// The classes that a `meta.json` of YouTube-VOS gives to objects.
private struct YouTubeVOSClasses {
  private let folder: LabelFolder
  private let name: String
  // The paths of files of that name; a large set has 100,000 files and 4,000 videos.
  private let paths: Set<String>
  // By path, then by video.
  private var files: [String: [String: [UInt16: String]]] = [:]

  init(in folder: LabelFolder, named name: String) {
    self.folder = folder
    self.name = name
    paths = Set(folder.files.filter { $0 == name || $0.hasSuffix("/" + name) })
  }

  /// The classes of the objects of a video, from the nearest file above its images.
  mutating func names(
    of video: LabelImageFolder, _ report: inout ReadReport
  ) -> [UInt16: String] {
    var parts = video.path.split(separator: "/").map(String.init)
    let title = parts.last ?? URL(fileURLWithPath: folder.path).lastPathComponent
    while true {
      let file = (parts + [name]).joined(separator: "/")
      if paths.contains(file) {
        if files[file] == nil {
          do throws(LabelError) {
            files[file] = try Self.read(folder.path(of: file))
          } catch {
            files[file] = [:]
            report.rowCount += 1
            report.addBadRow(line: error.line ?? 0, "\(file): \(error.reason)")
          }
        }
        return files[file]?[title] ?? [:]
      }
      if parts.isEmpty { return [:] }
      parts.removeLast()
    }
  }

  private static func read(_ path: String) throws(LabelError) -> [String: [UInt16: String]] {
    var videos: [String: [UInt16: String]] = [:]
    var json = try JSONReader.open(path: path)
    guard try json.beginObject() else {
      throw LabelError(.wrongFormat, path: path, "there is no object with videos in it")
    }
    while let key = try json.nextKey() {
      guard key == "videos", try json.kind() == .object, try json.beginObject() else {
        try json.skip()
        continue
      }
      while let name = try json.nextKey() {
        let video = try json.value()
        var classes: [UInt16: String] = [:]
        for object in video["objects"]?.members ?? [] {
          if let id = UInt16(object.key), let category = object.value["category"]?.text {
            classes[id] = category
          }
        }
        videos[name] = classes
      }
    }
    return videos
  }

  /// The `meta.json` of one video.
  static func meta(of video: VideoAnnotations, name: String) -> String {
    let objects = video.tracks.filter { !$0.isIgnored }.map { track in
      let frames = track.instances.map {
        JSONValue.string(LabelImageWriter.padded($0.frame, digits: 5))
      }
      return JSONValue.Member(
        key: track.id,
        value: .members(["category": .string(track.className), "frames": .array(frames)]))
    }
    let entry = JSONValue.object([.init(key: "objects", value: .object(objects))])
    return JSONValue.members(["videos": .object([.init(key: name, value: entry)])]).json + "\n"
  }
}
