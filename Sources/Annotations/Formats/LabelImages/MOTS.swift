public import Foundation
import Timeline

/// MOTS as text: a row a mask, `frame id class height width rle`, with COCO's compressed runs.
///
/// - Frames are numbered from 0 in KITTI-MOTS and from 1 in MOTSChallenge; see ``LabelFormat/page``.
///   ``ReadOptions/base`` overrules.
/// - The id is kept as spelled, by rule 1000 times the class plus the instance. `labels.txt` beside
///   the file names the classes, one line a number from 1; else 1 is car and 2 pedestrian.
/// - Class 10 (id 10000) is what nobody judges: a track with the attribute `ignore` = `true`.
/// - A folder is read as one video a file: `SEQUENCE/gt/gt.txt`, or `SEQUENCE.txt`.
///
/// Written is a sequence folder of MOTSChallenge, `gt/gt.txt` with `seqinfo.ini` and, for other
/// classes than car and pedestrian, `gt/labels.txt`; a path that ends in `.txt` becomes the rows
/// alone. The format cannot carry other shapes than masks, overlap, scores, attributes, occlusion,
/// sparse annotation, and more than 999 objects a class.
public enum MOTS: WritableFormat {
  /// The id on the command line.
  public static let id = "mots"
  /// One line for the list of formats.
  public static let summary = "MOTS text: a row a mask, as KITTI-MOTS and MOTSChallenge"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From 0 in KITTI-MOTS, from 1 in MOTSChallenge. A frame 0, a seqinfo.ini, the count of "
      + "the video or KITTI's picture size tell; else from 1.",
    traps: [
      "10000 is a region that nobody judges and becomes an ignored track.",
      "Masks of one frame may not overlap: evaluators refuse the file.",
      "A frame without a row has no objects; that a frame was not annotated cannot be said.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.mask], identity: .numbersOfClass, precision: .exact,
    aspects: [
      .classNames, .classIDs, .ignore, .pictureSize, .videoName, .frameCount, .frameRate,
    ], output: .folder, needsPictureSize: true)

  // The runs of a mask of full-HD noise have 3 MB.
  private static let maximumLine = 1 << 22

  /// Tells whether the first row is one of MOTS: five whole numbers, then runs that fill the frame.
  public static func matches(head: Data, path: String) -> Bool {
    let line = head.drop { $0 <= 32 }.prefix { $0 != 10 && $0 != 13 }
    let isWhole = line.endIndex < head.endIndex || head.count < LabelFormats.headLength
    return Array(line).withUnsafeBufferPointer { line in
      var parser = MOTSRowParser()
      do throws(MOTSRowParser.Flaw) {
        _ = try parser.row(line, decodes: isWhole)
        return true
      } catch { return false }
    }
  }

  /// Tells whether a folder holds such files.
  public static func matches(folder: LabelFolder) -> Bool { !files(in: folder).isEmpty }

  private static func files(in folder: LabelFolder) -> [String] {
    folder.files(extensions: ["txt"]).filter {
      matches(head: folder.head(of: $0), path: folder.path(of: $0))
    }
  }

  /// Reads a file, or a folder of files.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var dataset = Dataset(format: id)
    if let folder = LabelFolder(path: path) {
      let files = files(in: folder)
      guard !files.isEmpty else {
        throw LabelError(.wrongFormat, path: path, "no text file here has rows of MOTS")
      }
      for file in files { try read(folder.path(of: file), options, into: &dataset) }
    } else {
      try read(path, options, into: &dataset)
    }
    return dataset
  }

  private static func read(
    _ path: String, _ options: ReadOptions, into dataset: inout Dataset
  ) throws(LabelError) {
    var file = MOTSFile()
    var parser = MOTSRowParser()
    var (rows, usable) = (0, 0)
    try ByteLines.forEach(in: path, maximumLength: maximumLine) { line in
      guard line.bytes.contains(where: { $0 > 32 }) else { return }
      rows += 1
      do throws(MOTSRowParser.Flaw) {
        if line.isOverlong { throw MOTSRowParser.Flaw(reason: "the row is longer than 4 MB") }
        file.add(try parser.row(line.bytes), line: line.number)
        usable += 1
      } catch {
        dataset.report.addBadRow(line: line.number, error.reason)
      }
    }
    dataset.report.rowCount += rows
    guard rows > 0 else { throw LabelError(.damaged, path: path, "the file is empty") }
    guard usable > 0 else {
      throw LabelError(
        .wrongFormat, path: path,
        "not one row is of MOTS (frame id class height width runs); check the format")
    }
    let sequence = MOTSequence(beside: path)
    let name = sequence.info?.name ?? name(of: path)
    let (video, numbering) = file.video(
      name: name, sequence, options.video(named: name), options, &dataset.report)
    dataset.videos.append(video)
    dataset.dialect = numbering.dialect
  }

  // SEQUENCE/gt/gt.txt or SEQUENCE.txt.
  private static func name(of path: String) -> String? {
    let parts = URL(fileURLWithPath: path).pathComponents
    guard let last = parts.last else { return nil }
    let stem = (last as NSString).deletingPathExtension
    guard ["gt", "det", "results"].contains(stem) else { return stem }
    return parts.dropLast().last { !["gt", "det", "data"].contains($0) }
  }

  /// Writes one video.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var losses = LossReport()
    guard let video = dataset.videos.first else { return losses }
    let labels = MOTSNumbering.labels(ClassNumbers(video).classes)
    if path.lowercased().hasSuffix(".txt") {
      let output = try TextOutput(path: path)
      let base = MOTSNumbering.base(width: video.width ?? 0, height: video.height ?? 0)
      try write(video, base: base, &losses) { row throws(LabelError) in try output.write(row) }
      try output.finish()
      if labels != nil { losses.add(.classNames, video.instanceCount) }
      losses.add(.videoName, video.name == nil ? 0 : 1)
      losses.add(.frameCount, video.frameCount == nil ? 0 : 1)
      losses.add(.frameRate, video.frameRate == nil ? 0 : 1)
      return losses
    }
    let output = try FolderOutput(path: path)
    if let labels { try output.write(labels, to: "gt/labels.txt") }
    try output.write(sequenceInfo(of: video), to: "seqinfo.ini")
    let rows = try TextOutput(path: output.path(of: "gt/gt.txt"))
    // MOTSChallenge counts from 1, whatever the picture.
    try write(video, base: 1, &losses) { row throws(LabelError) in try rows.write(row) }
    try rows.finish()
    try output.finish()
    return losses
  }

  private static func sequenceInfo(of video: VideoAnnotations) -> String {
    var text = "[Sequence]\n"
    if let name = video.name {
      text += "name=\(name.split(whereSeparator: \.isNewline).joined(separator: " "))\n"
    }
    if let rate = video.frameRate { text += "frameRate=\(JSONText.number(rate))\n" }
    if let count = video.frameCount { text += "seqLength=\(count)\n" }
    if let width = video.width { text += "imWidth=\(width)\n" }
    if let height = video.height { text += "imHeight=\(height)\n" }
    return text
  }

  // By frame, and within a frame in the order of the tracks.
  private static func write(
    _ video: VideoAnnotations, base: Int, _ losses: inout LossReport,
    _ body: (String) throws(LabelError) -> Void
  ) throws(LabelError) {
    guard let width = video.width, let height = video.height else { return }
    var order: [(frame: FrameIndex, track: Int, place: Int)] = []
    for (track, labels) in video.tracks.enumerated() {
      for (place, instance) in labels.instances.enumerated() {
        order.append((instance.frame, track, place))
      }
    }
    order.sort { ($0.frame, $0.track, $0.place) < ($1.frame, $1.track, $1.place) }
    for (frame, place, index) in order {
      let track = video.tracks[place]
      guard case .mask(let mask) = track.instances[index].shape,
        let runs = COCORuns(mask, width: width, height: height)
      else {
        losses.add(.instances)
        continue
      }
      let number = MOTSNumbering.number(of: track)
      try body(
        "\(frame + base) \(number) \(number / 1000) \(height) \(width) \(runs.compressed)\n")
    }
  }
}

/// Takes one row of MOTS apart.
private struct MOTSRowParser {
  /// Why a line is no row, as part of a sentence.
  struct Flaw: Error {
    var reason: String
  }

  struct Row {
    var frame: Int
    var id: Int
    var category: Int
    var width: Int
    var height: Int
    var mask: Mask
  }

  private static let names = ["frame number", "id", "class", "height", "width"]
  private var runs = COCORuns()

  /// Reads a row; without `decodes` the runs are looked at only as far as they are there.
  mutating func row(
    _ line: UnsafeBufferPointer<UInt8>, decodes: Bool = true
  ) throws(Flaw) -> Row {
    var position = 0
    func skipBlanks() {
      while position < line.count, line[position] == 32 || line[position] == 9 { position += 1 }
    }
    var numbers: [Int] = []
    for name in Self.names {
      skipBlanks()
      guard position < line.count else {
        throw Flaw(reason: "there are only \(numbers.count) columns; a row of MOTS has 6")
      }
      guard let number = NumberText.read(line, at: &position),
        position == line.count || line[position] <= 32,
        let whole = Int(exactly: number.value)
      else { throw Flaw(reason: "the \(name) is not a whole number") }
      guard whole >= 0, whole <= LabelFormats.maximumFrame else {
        throw Flaw(reason: "the \(name) is \(whole < 0 ? "negative" : "too large")")
      }
      numbers.append(whole)
    }
    skipBlanks()
    var end = line.count
    while end > position, line[end - 1] <= 32 { end -= 1 }
    guard position < end else { throw Flaw(reason: "the runs of the mask are missing") }
    var row = Row(
      frame: numbers[0], id: numbers[1], category: numbers[2], width: numbers[4],
      height: numbers[3], mask: try Self.empty())
    let text = UnsafeBufferPointer(rebasing: line[position..<end])
    guard decodes else {
      guard text.allSatisfy({ $0 >= 48 && $0 < 112 }) else {
        throw Flaw(reason: "the runs of the mask are no text of COCO's code")
      }
      return row
    }
    guard runs.read(compressed: text) else {
      throw Flaw(reason: "the runs of the mask are no text of COCO's code")
    }
    guard let mask = runs.mask(width: row.width, height: row.height) else {
      throw Flaw(reason: "the runs do not fill a frame of \(row.width)x\(row.height)")
    }
    guard !mask.runs.isEmpty else { throw Flaw(reason: "the mask is empty") }
    row.mask = mask
    return row
  }

  private static func empty() throws(Flaw) -> Mask {
    guard let mask = Mask(left: 0, top: 0, width: 0, height: 0, runs: []) else {
      throw Flaw(reason: "the mask is empty")
    }
    return mask
  }
}

/// The rows of one file, before the base of their frames is known.
private struct MOTSFile {
  private struct Object {
    var instances: [Instance] = []
    var classes: [Int32] = []
  }

  private var objects: [Int: Object] = [:]
  private var order: [Int] = []
  private var sizes: [[Int]: (count: Int, line: Int)] = [:]
  private var first = Int.max
  private var last = 0

  mutating func add(_ row: MOTSRowParser.Row, line: Int) {
    if objects[row.id] == nil { order.append(row.id) }
    objects[row.id, default: Object()].instances.append(
      Instance(frame: row.frame, shape: .mask(row.mask), line: Int32(clamping: line)))
    objects[row.id, default: Object()].classes.append(Int32(clamping: row.category))
    sizes[[row.width, row.height], default: (0, line)].count += 1
    first = min(first, row.frame)
    last = max(last, row.frame)
  }

  func video(
    name: String?, _ sequence: MOTSequence, _ hint: VideoHint?, _ options: ReadOptions,
    _ report: inout ReadReport
  ) -> (VideoAnnotations, MOTSNumbering) {
    let common = sizes.max { ($0.value.count, $1.value.line) < ($1.value.count, $0.value.line) }
    let size = common.map { (width: $0.key[0], height: $0.key[1]) }
    if let size,
      let other = sizes.filter({ $0.key != [size.width, size.height] })
        .min(by: { $0.value.line < $1.value.line })
    {
      report.addNote(
        "some masks are not of a frame of \(size.width)x\(size.height) as most; the first is of"
          + " \(other.key[0])x\(other.key[1]), in line \(other.value.line)")
    }
    let numbering = MOTSNumbering(
      first: first, last: last, size: size, hint: hint, hasSequenceInfo: sequence.info != nil,
      options: options)
    let names = sequence.classNames
    var tracks: [Track] = []
    var numbers: Set<Int> = []
    var classed = ClassedTracks()
    for id in order {
      guard let object = objects[id] else { continue }
      let instances = object.instances.compactMap { row -> Instance? in
        var instance = row
        instance.frame -= numbering.base
        instance.origin = options.origin
        if instance.frame >= 0 { return instance }
        report.addBadRow(
          line: Int(row.line), "the frame number is lower than that of the first frame")
        return nil
      }
      let isIgnored = object.classes.allSatisfy { MOTSNumbering.isIgnored(Int($0), names) }
      if isIgnored || instances.count < object.instances.count {
        let main = object.classes.mostFrequent.map { Int($0) } ?? 0
        if !isIgnored { numbers.insert(main) }
        if instances.isEmpty { continue }
        tracks.append(
          Track(
            id: String(id), className: isIgnored ? "" : MOTSNumbering.className(main, names),
            instances: instances, attributes: isIgnored ? Track.ignoredAttributes : [:]))
        continue
      }
      numbers.formUnion(object.classes.map { Int($0) })
      tracks += classed.tracks(
        id: String(id), isTracked: true, instances: instances, classes: object.classes
      ) { MOTSNumbering.className(Int($0), names) }
    }
    classed.note(in: &report)
    let video = VideoAnnotations(
      name: name, width: size?.width, height: size?.height, frameCount: sequence.info?.frameCount,
      frameRate: sequence.info?.frameRate, base: numbering.base, quantum: 1,
      ontology: MOTSNumbering.ontology(numbers, names), tracks: tracks)
    return (video, numbering)
  }
}
