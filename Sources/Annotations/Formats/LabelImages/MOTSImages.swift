public import Foundation
import Timeline

/// MOTS as label images: one grey PNG of 16 bits a frame, value = 1000 times the class + instance.
///
/// - The number in a file's name is the frame: from 0 in KITTI-MOTS, from 1 in MOTSChallenge; see
///   ``LabelFormat/page``. ``ReadOptions/base`` overrules.
/// - `labels.txt` beside the images names the classes, one line a number from 1; else 1 is car and 2
///   pedestrian. 10000 is what nobody judges: a track with the attribute `ignore` = `true`.
/// - A value below 1000 is an object without a class.
/// - The frames that have an image are the annotated ones. Every folder of images is a video.
///
/// Written is the layout that Datumaro and CVAT read: `instances/000001.png` with `labels.txt`. The
/// format cannot carry other shapes than masks, overlap, scores, attributes, occlusion, and more
/// than 999 objects a class.
public enum MOTSImages: WritableFormat {
  /// The id on the command line.
  public static let id = "mots-png"
  /// One line for the list of formats.
  public static let summary = "MOTS label images: 16-bit PNG, value = 1000 x class + instance"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames:
      "The number in the file name: from 0 in KITTI-MOTS, from 1 in MOTSChallenge. A frame 0, "
      + "the count of the video or KITTI's picture size tell; else from 1.",
    traps: [
      "10000 is a region that nobody judges and becomes an ignored track.",
      "Programs that read 16-bit PNG as 8 bits lose the class.",
      "Only frames with an image are annotated; Datumaro writes none for a frame without objects.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.mask], identity: .numbersOfClass, precision: .exact,
    aspects: [.classNames, .classIDs, .ignore, .annotatedFrames, .pictureSize], output: .folder,
    needsPictureSize: true)

  /// False: the format is a folder.
  public static func matches(head: Data, path: String) -> Bool { false }

  /// Tells whether a folder holds numbered grey PNG files of 16 bits.
  public static func matches(folder: LabelFolder) -> Bool { !videos(in: folder).isEmpty }

  private static func videos(in folder: LabelFolder) -> [LabelImageFolder] {
    LabelImageFolder.all(in: folder, extensions: ["png"]).filter { video in
      guard let first = video.images.first, let head = PNGHead(folder.head(of: first.file)) else {
        return false
      }
      return head.isGrey && head.depth == 16
    }
  }

  /// Reads a folder of images, or a folder of such folders.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    let folder = LabelFolder(path: path)
    guard let folder, case let videos = videos(in: folder), !videos.isEmpty else {
      throw LabelError(
        .wrongFormat, path: path, "there is no folder of numbered 16-bit grey PNG files here")
    }
    var reader = try LabelImageReader(folder, options)
    var dataset = Dataset(format: id)
    for video in videos {
      guard let first = video.images.first, let last = video.images.last else { continue }
      let names = MOTSequence(beside: folder.path(of: first.file)).classNames
      let name = video.name(in: folder)
      var size: (width: Int, height: Int)?
      if first.number > 0 { size = try? options.images?.size(path: folder.path(of: first.file)) }
      let numbering = MOTSNumbering(
        first: first.number, last: last.number, size: size, hint: options.video(named: name),
        options: options)
      try reader.read(video, base: numbering.base) { picture in
        if case .grey = picture.content { return nil }
        return "the picture is not grey, so that its values are no ids"
      }
      dataset.dialect = numbering.dialect
      if !reader.instances.isEmpty, reader.instances.keys.allSatisfy({ $0 < 1000 }) {
        reader.report.addNote("no value reaches 1000, so that these images say no class")
      }
      let classes = Set(reader.instances.keys.map { Int($0) / 1000 }).subtracting([0])
      dataset.videos.append(
        VideoAnnotations(
          name: name, width: reader.size?.width, height: reader.size?.height,
          base: numbering.base, annotated: video.annotated(base: numbering.base), quantum: 1,
          ontology: MOTSNumbering.ontology(classes, names),
          tracks: reader.instances.sorted { $0.key < $1.key }.map { value, instances in
            let number = Int(value) / 1000
            let isIgnored = MOTSNumbering.isIgnored(number, names)
            let hasClass = number > 0 && !isIgnored
            return Track(
              id: String(value), className: hasClass ? MOTSNumbering.className(number, names) : "",
              instances: instances, attributes: isIgnored ? Track.ignoredAttributes : [:])
          }))
    }
    dataset.report = reader.report
    return dataset
  }

  /// Writes one video.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    guard let video = dataset.videos.first else { return LossReport() }
    let writer = try LabelImageWriter(video, options, path: path)
    let output = try FolderOutput(path: path)
    if let labels = MOTSNumbering.labels(ClassNumbers(video).classes) {
      try output.write(labels, to: "instances/labels.txt")
    }
    let base = MOTSNumbering.base(width: writer.width, height: writer.height)
    try writer.forEachPicture(.grey(bits: 16)) {
      UInt16(clamping: MOTSNumbering.number(of: $0))
    } _: { frame, picture throws(LabelError) in
      let file = "instances/" + LabelImageWriter.padded(frame + base, digits: 6) + ".png"
      try output.write(writer.images.encodePNG(picture, path: file), to: file)
    }
    try output.finish()
    return LossReport()
  }
}
