public import Foundation
import Timeline

/// The text format of the MOT Challenge: one row an object and frame, `frame,id,left,top,width,height`
/// and up to four more columns whose meaning depends on who wrote the file.
///
/// - Separators are commas, semicolons, tabs or spaces; a line of column names may come first.
/// - The first frame is 0 where a row says 0, else 1; ``ReadOptions/base`` overrules that.
/// - The id -1, or none, is a detection without identity: a track of one instance with the id
///   `#LINE`. Ids that are no numbers are kept as spelled.
/// - In ground truth a 0 in column 7 means: do not judge this object. Such rows are kept, because
///   the object is there, with the attribute `ignore` = `true`; a track of nothing else carries it
///   itself. See ``Track/isIgnored``.
/// - A row whose class differs from most of its track has its own ``Instance/className``; ids that
///   count class by class become one track a class.
/// - Boxes of no or negative size are kept; rules judge them.
/// - Class names come from a `labels.txt` beside the file (line k names class k), else from the
///   MOT Challenge or VisDrone; rate, size and length from a `seqinfo.ini` beside it or one folder
///   up.
/// - A sequence folder is read from its `gt/gt.txt`, as predictions from the result in it or its
///   `det/det.txt`.
/// - Pixels are taken to count from 0; ``ReadOptions/pixelOrigin`` overrules that.
///
/// MOT cannot carry: any shape but a box, key frames, attributes, absence that is declared, and who
/// made a label.
public enum MOT: WritableFormat {
  /// The id on the command line.
  public static let id = "mot"
  /// One line for the list of formats.
  public static let summary = "MOT Challenge text: gt, det and result files and their dialects"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From 1, or from 0 where a row says 0.",
    traps: [
      "Column 7 is a mark to judge the object in ground truth and the score in results.",
      "Classes and visibility stand in columns 8 and 9, but not in MOT15, BoxMOT, VisDrone and"
        + " UAVDT.",
      "Class names come from a labels.txt beside the file; rate and size from a seqinfo.ini.",
      "Written to a folder, ground truth becomes gt/gt.txt, detections det/det.txt and results"
        + " NAME.txt, with labels.txt beside and seqinfo.ini in the folder. Written to a .txt or"
        + " .csv, it is the rows alone, and other names of classes than the Challenge's are lost.",
      "Labels with a score are written as results, in which marks not to judge have no place.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.box], identity: .numbers(1...Int(Int32.max)),
    aspects: [
      .classNames, .classChanges, .confidence, .visibilityRatio, .ignore, .untracked, .videoName,
      .frameRate, .frameCount, .pictureSize,
    ], output: .folder)

  /// Tells whether rows of a frame number, an id and four numbers make up the beginning of a file,
  /// at most half of them damaged.
  public static func matches(head: Data, path: String) -> Bool {
    MOTEvidence(head: head).isConvincing
  }

  /// Tells whether a folder is a sequence of the MOT Challenge.
  public static func matches(folder: LabelFolder) -> Bool {
    MOTSequence.file(in: folder, kind: .labels) != nil
  }

  /// Reads a gt, det or result file, or a sequence folder.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var path = path
    if let folder = LabelFolder(path: path) {
      guard let file = MOTSequence.file(in: folder, kind: options.kind) else {
        throw LabelError(
          .wrongFormat, path: path,
          "the folder holds neither gt/gt.txt nor det/det.txt nor a result; name a sequence folder"
        )
      }
      path = folder.path(of: file)
    }
    var table = try MOTTable(path: path, options)
    return table.dataset(path: path, kind: options.kind)
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    guard let video = dataset.videos.first else { return LossReport() }
    return try MOTWriter(video).write(to: path)
  }

  /// Returns a line without blanks, carriage returns and a byte-order mark at its ends.
  static func trimmed(_ line: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }
    var (start, end) = (0, line.count)
    if end >= 3, line[0] == 0xEF, line[1] == 0xBB, line[2] == 0xBF { start = 3 }
    while start < end, isBlank(line[start]) { start += 1 }
    while end > start, isBlank(line[end - 1]) { end -= 1 }
    return UnsafeBufferPointer(rebasing: line[start..<end])
  }
}

/// All usable rows of a MOT file.
struct MOTTable {
  private var rows: [MOTRow] = []
  private var slots = IdentitySlots()
  private var report = ReadReport()
  private var decimals = 0
  private var base = 1
  private var pixelOrigin = 0.0
  // A first line that looks like names of columns.
  private var header: ReadReport.BadRow?
  private var hasIdentities = false

  /// Reads the rows of a file.
  init(path: String, _ options: ReadOptions) throws(LabelError) {
    try readRows(path)
    chooseBase(forced: options.base)
    pixelOrigin = options.pixelOrigin.isFinite ? options.pixelOrigin : 0
    guard rows.isEmpty else { return }
    let first = report.badRows.first ?? header
    throw LabelError(
      .wrongFormat, path: path, line: first?.line,
      first.map { "no row can be used as MOT (\($0.reason)); name the right format" }
        ?? "the file holds no rows; name a file with labels")
  }

  private mutating func readRows(_ path: String) throws(LabelError) {
    var parser = MOTRowParser()
    // Untouched room costs nothing, growing by copies does; few rows are shorter than 30 bytes.
    rows.reserveCapacity(min(LabelFormats.size(of: path) / 30, 2_000_000))
    var columnsBefore: Int32 = 0
    try ByteLines.forEach(in: path) { line in
      let text = MOT.trimmed(line.bytes)
      if text.isEmpty { return }
      if line.isOverlong {
        report.rowCount += 1
        report.addBadRow(line: line.number, "the line is too long for a row")
        return
      }
      do throws(MOTRowParser.Flaw) {
        var row = try parser.row(text, number: line.number)
        report.rowCount += 1
        if !line.isTerminated, row.columns < columnsBefore {
          report.addBadRow(line: line.number, "the row breaks off at the end of the file")
          return
        }
        columnsBefore = row.columns
        row.slot = slots.slot(of: parser.identity)
        if parser.identity != .none { hasIdentities = true }
        rows.append(row)
      } catch {
        if error.isInFrame, report.rowCount == 0, header == nil {
          header = ReadReport.BadRow(line: line.number, reason: error.reason)
          report.addNote("line \(line.number) names the columns and was left out")
        } else {
          report.rowCount += 1
          report.addBadRow(line: line.number, error.reason)
        }
      }
    }
    decimals = parser.decimals
  }

  private mutating func chooseBase(forced: Int?) {
    if let forced {
      base = LabelFormats.safeBase(forced) ?? base
      rows.removeAll { row in
        guard Int(row.frame) < forced else { return false }
        report.addBadRow(
          line: Int(row.line), "the frame number is below the first frame, \(forced)")
        return true
      }
    } else {
      base = rows.contains { $0.frame == 0 } ? 0 : 1
      if base == 0 {
        report.addNote("frames are taken to count from 0, since a row has the frame 0")
      }
    }
  }
}

extension MOTTable {
  /// Builds the labels out of the rows.
  mutating func dataset(path: String, kind: ReadOptions.Kind) -> Dataset {
    let beside = MOTSequence(beside: path)
    var dialect = MOTDialect(rows: rows, kind: kind, hasIdentities: hasIdentities)
    if dialect.hasClass, !beside.classNames.isEmpty { dialect.classNames = beside.classNames }
    let annotated = annotatedFrames()
    var video = VideoAnnotations(
      name: beside.info?.name, width: beside.info?.width, height: beside.info?.height,
      frameCount: beside.info?.frameCount, frameRate: beside.info?.frameRate, base: base,
      annotated: annotated, quantum: LabelFormats.quantum(decimals: decimals))
    video.tracks = tracks(dialect, origin: kind == .predictions ? .model : .imported)
    var names: Set<String> = []
    for track in video.tracks where !track.className.isEmpty {
      if names.insert(track.className).inserted {
        video.ontology.categories.append(Ontology.Category(name: track.className))
      }
    }
    return Dataset(
      format: MOT.id, dialect: "\(dialect.name), frames from \(base)", videos: [video],
      report: report)
  }

  // Labels in every 5th frame only mean that nobody looked at the four between.
  private mutating func annotatedFrames() -> AnnotatedFrames {
    guard let low = rows.map(\.frame).min(), let high = rows.map(\.frame).max() else { return .all }
    var (step, known) = (Int32(0), Set<Int32>())
    for row in rows where step != 1 {
      var (a, b) = (row.frame - low, step)
      while b != 0 { (a, b) = (b, a % b) }
      step = a
      if known.count < 10 { known.insert(row.frame) }
    }
    guard step > 1, known.count >= 10 else { return .all }
    report.addNote(
      "only one frame in \(step) has rows; the others are taken as not annotated, and frames to"
        + " count from \(base)")
    return .every(
      step: Int(step), in: FrameRange(Int(low) - base, Int(high) - base + 1))
  }

  private mutating func tracks(_ dialect: MOTDialect, origin: Origin) -> [Track] {
    var starts = [Int32](repeating: 0, count: slots.identities.count + 1)
    for row in rows { starts[Int(row.slot) + 1] += 1 }
    for slot in slots.identities.indices { starts[slot + 1] += starts[slot] }
    var next = starts
    var order = [Int32](repeating: 0, count: rows.count)
    for (place, row) in rows.enumerated() {
      order[Int(next[Int(row.slot)])] = Int32(place)
      next[Int(row.slot)] += 1
    }
    var tracks: [Track] = []
    tracks.reserveCapacity(slots.identities.count)
    var maker = ClassedTracks()
    for (slot, identity) in slots.identities.enumerated() {
      let places = order[Int(starts[slot])..<Int(starts[slot + 1])]
      guard let first = places.first else { continue }
      var id = identity.spelling ?? "#\(rows[Int(first)].line)"
      if identity == .none { while slots.contains(spelling: id) { id = "#" + id } }
      var instances: [Instance] = []
      instances.reserveCapacity(places.count)
      for place in places { instances.append(instance(rows[Int(place)], dialect, origin)) }
      let classes = dialect.hasClass ? places.map { classNumber(rows[Int($0)], dialect) } : []
      tracks += maker.tracks(
        id: id, isTracked: identity != .none, instances: instances, classes: classes
      ) { dialect.className($0) }
    }
    maker.note(in: &report)
    return tracks
  }

  private func instance(_ row: MOTRow, _ dialect: MOTDialect, _ origin: Origin) -> Instance {
    var box = row.box
    box.left -= pixelOrigin
    box.top -= pixelOrigin
    var instance = Instance(
      frame: Int(row.frame) - base, shape: .box(box), origin: origin, line: row.line)
    let score = dialect.hasScoreInNinth ? row.extra.2 : row.extra.0
    if dialect.hasScoreInNinth || dialect.seventh == .score, !score.isNaN, score != -1 {
      instance.confidence = score
    }
    if dialect.hasVisibility, row.extra.2 >= 0 { instance.visibility = .ratio(row.extra.2) }
    if dialect.hasOcclusion, row.extra.3 >= 0 {
      instance.visibility = row.extra.3 > 0 ? .occluded : .visible
    }
    if dialect.seventh == .useFlag, row.extra.0 == 0 {
      instance.attributes = Track.ignoredAttributes
    }
    if dialect.isUAVDT {
      instance.visibility = row.extra.1 > 1 ? .occluded : .visible
      if row.extra.0 > 1 { instance.attributes[ReservedAttribute.truncated] = "true" }
    }
    if dialect.hasOcclusion, row.extra.2 > 0 {
      instance.attributes[ReservedAttribute.truncated] = "true"
    }
    return instance
  }

  private func classNumber(_ row: MOTRow, _ dialect: MOTDialect) -> Int32 {
    Int32(exactly: dialect.isUAVDT ? row.extra.2 : row.extra.1) ?? -1
  }
}
