public import Foundation
import Timeline

/// The Cell Tracking Challenge: 16-bit label images with a table of tracks and their parents.
///
/// - `man_track.txt` or `res_track.txt` has a row a track: id, first frame, last frame, parent (0 for
///   none). The images beside it, TIFF or PNG, carry the frame in their names, from 0.
/// - An id may have several rows, one an unbroken stretch: the frames between are declared absent.
/// - The parent is the attribute `parent` of the track; see ``ReservedAttribute/parent``.
/// - Where the table and the images disagree, the images count. An id without a row or without a
///   pixel, and a frame in which only the image has an id, are bad rows; frames within a row in
///   which the image lacks the id are noted and mean nothing.
/// - `01_GT/TRA` and `01_RES` are the video `01`. Every folder with a table is a video.
///
/// Written are `man_track.txt` and `man_track000.tif`, uncompressed. The challenge's own check wants
/// every id once and in every frame from first to last: a track with a gap does not pass it, and is
/// written with a row a stretch. The format cannot carry classes, other shapes than masks, overlap,
/// scores, attributes, and more than 65,535 objects.
public enum CellTracking: WritableFormat {
  /// The id on the command line.
  public static let id = "ctc"
  /// One line for the list of formats.
  public static let summary = "Cell Tracking Challenge: 16-bit label images and a track table"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "The number in the file name and in the table, from 0.",
    traps: [
      "An id with several rows has gaps; the frames between are declared absent.",
      "Where the table and the images disagree the images count, and the report says so.",
      "The challenge's own check takes every id once: it refuses tracks with gaps.",
      "Stacks of several pictures in one TIFF file (3D) are not read.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.mask], identity: .numbers(1...65_535), precision: .exact,
    aspects: [.parents, .annotatedFrames, .absences, .pictureSize], output: .folder,
    needsPictureSize: true)

  private static let tables: Set<String> = ["man_track.txt", "res_track.txt"]
  private static let imageEndings: Set<String> = ["tif", "tiff", "png"]

  /// False: the format is a folder.
  public static func matches(head: Data, path: String) -> Bool { false }

  /// Tells whether a folder holds a table of tracks with images beside it.
  public static func matches(folder: LabelFolder) -> Bool { !videos(in: folder).isEmpty }

  private static func videos(
    in folder: LabelFolder
  ) -> [(images: LabelImageFolder, table: String)] {
    let images = LabelImageFolder.all(in: folder, extensions: imageEndings)
    return folder.files(extensions: ["txt"]).compactMap { file in
      let parts = file.split(separator: "/").map(String.init)
      guard let name = parts.last, tables.contains(name) else { return nil }
      let path = parts.dropLast().joined(separator: "/")
      return images.first { $0.path == path && !$0.images.isEmpty }.map { ($0, file) }
    }
  }

  /// Reads a folder with a table, or a folder of such folders.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    guard let folder = LabelFolder(path: path) else {
      throw LabelError(
        .wrongFormat, path: path,
        "the format is a folder of images with man_track.txt or res_track.txt; name the folder")
    }
    let videos = videos(in: folder)
    guard !videos.isEmpty else {
      throw LabelError(
        .wrongFormat, path: path,
        "no folder here holds man_track.txt or res_track.txt beside numbered images")
    }
    var reader = try LabelImageReader(folder, options)
    var dataset = Dataset(format: id)
    let base = LabelFormats.safeBase(options.base) ?? 0
    for (images, file) in videos {
      let table = try CellTable(path: folder.path(of: file), base: base, &reader.report)
      try reader.read(images, base: base) { picture in
        if case .grey = picture.content { return nil }
        return "the picture is not grey, so that its values are no ids"
      }
      let size = reader.size
      let tracks = table.tracks(
        reader.instances, images: images.images.map { $0.number - base }, file: file,
        &reader.report)
      dataset.videos.append(
        VideoAnnotations(
          name: name(of: images, in: folder), width: size?.width, height: size?.height,
          base: base, annotated: images.annotated(base: base), quantum: 1, tracks: tracks))
    }
    dataset.report = reader.report
    return dataset
  }

  // 01_GT/TRA, 01_ST/SEG and 01_RES belong to the images in 01.
  private static func name(of images: LabelImageFolder, in folder: LabelFolder) -> String? {
    let parts = (folder.path + "/" + images.path).split(separator: "/").map(String.init)
    for part in parts.suffix(2).reversed() {
      for ending in ["_GT", "_ST", "_ERR_SEG", "_RES"] where part.hasSuffix(ending) {
        return String(part.dropLast(ending.count))
      }
    }
    return images.name(in: folder)
  }

  /// Writes one video.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    guard let video = dataset.videos.first else { return LossReport() }
    let writer = try LabelImageWriter(video, options, path: path)
    let output = try FolderOutput(path: path)
    try output.write(CellTable.text(of: video), to: "man_track.txt")
    let digits = max(3, String(writer.frames.last ?? 0).count)
    try writer.forEachPicture(.grey(bits: 16)) {
      UInt16(clamping: Int($0.id) ?? 0)
    } _: {
      frame, picture throws(LabelError) in
      let file = "man_track" + LabelImageWriter.padded(frame, digits: digits) + ".tif"
      try output.write(writer.images.encodeTIFF(picture, path: file), to: file)
    }
    try output.finish()
    return LossReport()
  }
}

/// The table of tracks of the Cell Tracking Challenge.
private struct CellTable {
  private struct Entry {
    var line: Int
    var parent: Int
    // Half-open frames, one range a row.
    var ranges: [FrameRange]
  }

  private static let maximumID = 65_535
  private var entries: [Int: Entry] = [:]
  private let base: Int

  /// Reads the table; bad rows go into the report.
  init(path: String, base: Int, _ report: inout ReadReport) throws(LabelError) {
    var rows: [(id: Int, Entry)] = []
    var flaws: [(line: Int, reason: String)] = []
    var count = 0
    self.base = base
    try ByteLines.forEach(in: path) { line in
      let text = String(decoding: line.bytes, as: UTF8.self)
      let parts = text.split { $0 == " " || $0 == "\t" || $0 == "," || $0 == ";" }
      guard !parts.isEmpty else { return }
      count += 1
      let numbers = parts.compactMap { Int($0) }
      if parts.count < 4 || numbers.count != parts.count {
        flaws.append((line.number, "a row has four whole numbers: id, first, last, parent"))
      } else if !(1...Self.maximumID).contains(numbers[0]) {
        flaws.append((line.number, "the id is not within 1 to 65535"))
      } else if !(0...Self.maximumID).contains(numbers[3]) {
        flaws.append((line.number, "the parent is not within 0 to 65535"))
      } else if numbers[1] < base || numbers[2] > LabelFormats.maximumFrame {
        flaws.append((line.number, "the first or the last frame is out of range"))
      } else if numbers[1] > numbers[2] {
        flaws.append((line.number, "the last frame lies before the first"))
      } else {
        rows.append(
          (
            numbers[0],
            Entry(
              line: line.number, parent: numbers[3],
              ranges: [FrameRange(numbers[1] - base, numbers[2] - base + 1)])
          ))
      }
    }
    report.rowCount += count
    for flaw in flaws { report.addBadRow(line: flaw.line, flaw.reason) }
    for (id, row) in rows {
      guard var entry = entries[id] else {
        entries[id] = row
        continue
      }
      if row.parent != entry.parent, row.parent != id, row.parent != 0 {
        report.addBadRow(
          line: row.line, "id \(id) has another parent here than in line \(entry.line)")
      }
      entry.ranges += row.ranges
      entries[id] = entry
    }
  }

  /// Makes tracks of the masks, and reports where the table says otherwise.
  ///
  /// - Parameters:
  ///   - instances: The instances by id.
  ///   - images: The frames that have an image, rising.
  ///   - file: The table, for the report.
  ///   - report: Where disagreement is counted.
  /// - Returns: The tracks by rising id.
  func tracks(
    _ instances: [UInt16: [Instance]], images: [FrameIndex], file: String,
    _ report: inout ReadReport
  ) -> [Track] {
    var tracks: [Track] = []
    var holes: [(id: UInt16, frame: FrameIndex)] = []
    for (id, found) in instances.sorted(by: { $0.key < $1.key }) {
      guard let entry = entries[Int(id)] else {
        report.addBadRow(
          line: 0, "the images have id \(id) in \(found.count) frames, \(file) does not have it")
        tracks.append(Track(id: String(id), instances: found))
        continue
      }
      let ranges = Self.joined(entry.ranges)
      let frames = Set(found.map(\.frame))
      let extra = frames.filter { frame in !ranges.contains { $0.contains(frame) } }
      let missing = images.filter { frame in
        ranges.contains { $0.contains(frame) } && !frames.contains(frame)
      }
      if let first = extra.min() {
        let rest = extra.count > 1 ? " and \(extra.count - 1) more frames" : ""
        report.addBadRow(
          line: entry.line,
          "id \(id) is in the images, not in the table in frame \(first + base)\(rest)")
      }
      if let first = missing.first { holes.append((id, first)) }
      let gaps = zip(ranges, ranges.dropFirst()).map { FrameRange($0.end, $1.start) }
      tracks.append(
        Track(
          id: String(id), instances: found,
          absences: gaps.filter { gap in !extra.contains { gap.contains($0) } },
          attributes: entry.parent == 0 || entry.parent == Int(id)
            ? [:] : [ReservedAttribute.parent: String(entry.parent)]))
    }
    if let first = holes.first {
      report.addNote(
        "\(file) has \(holes.count) ids in frames whose image lacks them; the first is id"
          + " \(first.id) in frame \(first.frame + base)")
    }
    for (id, entry) in entries.sorted(by: { $0.key < $1.key })
    where instances[UInt16(clamping: id)] == nil {
      report.addBadRow(line: entry.line, "no image has id \(id)")
    }
    return tracks
  }

  // Rising and disjoint; stretches that touch become one.
  private static func joined(_ ranges: [FrameRange]) -> [FrameRange] {
    var joined: [FrameRange] = []
    for range in ranges.sorted(by: { $0.start < $1.start }) {
      if let last = joined.last, range.start <= last.end {
        joined[joined.count - 1] = FrameRange(last.start, max(last.end, range.end))
      } else {
        joined.append(range)
      }
    }
    return joined
  }

  /// The table of a video: a row for every unbroken stretch of a track.
  static func text(of video: VideoAnnotations) -> String {
    var text = ""
    for track in video.tracks {
      let parent = track.attributes[ReservedAttribute.parent].flatMap { Int($0) } ?? 0
      let ranges = joined(stretches(of: track, in: video))
      for range in ranges { text += "\(track.id) \(range.start) \(range.end - 1) \(parent)\n" }
    }
    return text
  }

  // Frames that nobody looked at, and those in which nothing is said, break no stretch.
  private static func stretches(of track: Track, in video: VideoAnnotations) -> [FrameRange] {
    var stretches: [FrameRange] = []
    var start: FrameIndex?
    var last = 0
    for frame in track.instances.lazy.map(\.frame) {
      if let first = start, track.absences.contains(where: { $0.start > last && $0.start <= frame })
      {
        stretches.append(FrameRange(first, last + 1))
        start = frame
      }
      start = start ?? frame
      last = frame
    }
    if let start { stretches.append(FrameRange(start, last + 1)) }
    return stretches
  }
}
