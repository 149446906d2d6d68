public import Foundation
import Timeline

/// The text that VATIC dumps: one row a track and frame, `id xmin ymin xmax ymax frame lost occluded
/// generated "label" "attribute" ...`, separated by blanks.
///
/// - Frames count from 0.
/// - A row that is lost is no instance: the object is outside, and declared absent from that frame
///   up to the next row that is not lost, or behind the last one.
/// - A generated row was interpolated between two that a person drew, which are the key frames.
/// - The names behind the label are attributes that hold in that frame; their value is `true`. One
///   that has another value is written as `NAME=VALUE`, and so read back.
/// - Blanks and quotes inside a name are written as `%20` and `%22`: readers split rows at blanks.
public enum VATIC: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "vatic"
  /// See ``LabelFormat/summary``.
  public static let summary = "VATIC text: lost, occluded and generated boxes with attributes"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From 0.",
    traps: [
      "A lost row is no box: the object is declared absent in that frame.",
      "A generated row is interpolated; the others are the key frames.",
      "Attributes are names without a value; they are kept as true.",
      "Boxes are whole pixels, as corners.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.box], identity: .numbers(0...Int(Int32.max)), precision: .decimals(0),
    aspects: [
      .classNames, .classChanges, .occlusion, .keyFrames, .attributes, .absences, .emptyTracks,
    ],
    output: .file(extension: "txt"))

  private static let columns = 10

  /// Tells whether most of the first lines are rows of this format.
  public static func matches(head: Data, path: String) -> Bool {
    var (rows, others) = (0, 0)
    let lines = head.split(separator: 10).prefix(50)
    for line in head.count < LabelFormats.headLength ? lines : lines.dropLast() {
      line.withUnsafeBytes { raw in
        let words = WordRow(raw.bindMemory(to: UInt8.self))
        if words.count == 0 { return }
        if (try? row(words)) != nil { rows += 1 } else { others += 1 }
      }
    }
    return rows > others
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var table = VATICTable(options)
    try ByteLines.forEach(in: path) { line throws(LabelError) in
      let words = WordRow(line.bytes)
      if words.count == 0 { return }
      table.report.rowCount += 1
      do throws(RowFlaw) {
        guard !line.isOverlong else { throw RowFlaw("the line is too long for a row") }
        try table.add(row(words), line: line.number)
      } catch {
        table.report.addBadRow(line: line.number, error.reason)
      }
    }
    guard !table.isEmpty else {
      let first = table.report.badRows.first
      throw LabelError(
        .wrongFormat, path: path, line: first?.line,
        first.map { "no row can be used as VATIC (\($0.reason)); name the right format" }
          ?? "the file holds no rows; name a file with labels")
    }
    return table.dataset()
  }

  private static let names = [
    "id", "left edge", "top edge", "right edge", "bottom edge", "frame number", "lost flag",
    "occluded flag", "generated flag",
  ]

  private static func row(_ words: WordRow) throws(RowFlaw) -> VATICRow {
    guard words.count >= columns else {
      throw RowFlaw("there are only \(words.count) columns; at least 10 are needed")
    }
    guard !words.isBroken else { throw RowFlaw("a quote is not closed") }
    var values: [Double] = []
    var decimals = 0
    for place in names.indices {
      guard let number = words.numberText(place) else {
        throw RowFlaw("the \(names[place]) is not a number")
      }
      guard place == 0 || abs(number.value) <= MOTRowParser.maximumPixel else {
        throw RowFlaw("the \(names[place]) is too large")
      }
      if (1..<5).contains(place) { decimals = max(decimals, number.decimals) }
      values.append(number.value)
    }
    guard let id = Int(exactly: values[0]) else { throw RowFlaw("the id is not a whole number") }
    guard let frame = Int(exactly: values[5]) else {
      throw RowFlaw("the frame number is not whole")
    }
    guard frame >= 0 else { throw RowFlaw("the frame number is negative") }
    guard frame <= LabelFormats.maximumFrame else { throw RowFlaw("the frame number is too large") }
    for place in 6..<9 where values[place] != 0 && values[place] != 1 {
      throw RowFlaw("the \(names[place]) is neither 0 nor 1")
    }
    guard words.number(columns - 1) == nil else { throw RowFlaw("the label is a number") }
    let box = Box(
      left: values[1], top: values[2], width: (values[3] - values[1]).snapped(decimals: decimals),
      height: (values[4] - values[2]).snapped(decimals: decimals))
    return VATICRow(
      id: id, frame: frame, box: box, isLost: values[6] == 1, isOccluded: values[7] == 1,
      isGenerated: values[8] == 1, label: WordRow.meaning(of: words.text(columns - 1)),
      attributes: (columns..<words.count).map { WordRow.meaning(of: words.text($0)) },
      decimals: decimals)
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  ///
  /// An absence that the labels leave open is written up to the last frame that they speak of.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var losses = LossReport()
    let output = try TextOutput(path: path)
    for video in dataset.videos {
      let end = video.lastAnnotatedEnd
      for track in video.tracks {
        var rows: [(frame: Int, text: String)] = []
        for instance in track.instances {
          guard case .box(let box) = instance.shape, let corners = corners(of: box),
            instance.frame >= 0
          else {
            losses.add(.instances)
            continue
          }
          let attributes = instance.attributes.sorted { $0.key < $1.key }
            .map { $0.value == "true" ? $0.key : $0.key + "=" + $0.value }
          let isGenerated = instance.isKeyFrame.map { !$0 } ?? (instance.origin == .interpolated)
          let flags = [false, instance.visibility == .occluded, isGenerated]
            .map { $0 ? "1" : "0" }
          let words =
            [track.id] + corners + [String(instance.frame)] + flags
            + ([instance.className ?? track.className] + attributes).map { quoted($0) }
          rows.append((instance.frame, words.joined(separator: " ")))
        }
        for absence in track.absences {
          // An end beyond all frames that readers take is an open one.
          let isOpen = absence.end > LabelFormats.maximumFrame
          let range = FrameRange(
            max(0, absence.start), max(0, absence.start, isOpen ? end : absence.end))
          if range != absence { losses.add(.absences) }
          let box = track.nearestBox(to: range.start)
          let edges = box.flatMap { corners(of: $0) } ?? ["0", "0", "0", "0"]
          for frame in range.start..<range.end {
            let words =
              [track.id] + edges + [String(frame), "1", "0", "1", quoted(track.className)]
            rows.append((frame, words.joined(separator: " ")))
          }
        }
        rows.sort { $0.frame < $1.frame }
        for row in rows { try output.write(row.text + "\n") }
      }
    }
    try output.finish()
    return losses
  }

  private static func corners(of box: Box) -> [String]? {
    let edges = [box.left, box.top, box.right, box.bottom].map { Int(exactly: $0.rounded()) }
    let known = edges.compactMap(\.self)
    return known.count == 4 ? known.map { String($0) } : nil
  }

  private static func quoted(_ text: String) -> String { "\"" + WordRow.word(text) + "\"" }
}

extension Track {
  /// The box of the last instance before `frame`, else of the first one there is.
  fileprivate func nearestBox(to frame: FrameIndex) -> Box? {
    let place = firstInstance(from: frame)
    return (place > 0 ? instances[place - 1] : instances.first)?.shape.bounds
  }
}

/// One usable row of a VATIC file.
private struct VATICRow {
  var id: Int
  var frame: Int
  var box: Box
  var isLost: Bool
  var isOccluded: Bool
  var isGenerated: Bool
  var label: String
  var attributes: [String]
  var decimals: Int
}

/// All usable rows of a VATIC file.
private struct VATICTable {
  var report = ReadReport()

  private let base: Int
  private let isModel: Bool
  private var decimals = 0
  private var slots = IdentitySlots()
  private var gathered: [(instances: [Instance], classes: [Int32])] = []
  // The frames of rows by track, and whether the object is lost there.
  private var frames: [[Int: Bool]] = []
  private var lostLabels: [Int32] = []
  private var classes = IdentitySlots()

  init(_ options: ReadOptions) {
    base = LabelFormats.safeBase(options.base) ?? 0
    isModel = options.kind == .predictions
  }

  var isEmpty: Bool { gathered.isEmpty }

  mutating func add(_ row: VATICRow, line: Int) throws(RowFlaw) {
    guard row.frame >= base else {
      throw RowFlaw("the frame number is below the first frame, \(base)")
    }
    let frame = row.frame - base
    let slot = Int(slots.slot(of: .number(row.id)))
    let label = classes.slot(of: .text(row.label))
    if slot == gathered.count {
      gathered.append(([], []))
      frames.append([:])
      lostLabels.append(label)
    }
    frames[slot][frame] = row.isLost
    decimals = max(decimals, row.decimals)
    if row.isLost { return }
    let origin: Origin = isModel ? .model : row.isGenerated ? .interpolated : .human
    gathered[slot].instances.append(
      Instance(
        frame: frame, shape: .box(row.box), isKeyFrame: !row.isGenerated, origin: origin,
        visibility: row.isOccluded ? .occluded : .visible,
        attributes: Dictionary(row.attributes.map(Self.attribute)) { first, _ in first },
        line: Int32(clamping: line)))
    gathered[slot].classes.append(label)
  }

  private static func attribute(_ text: String) -> (String, String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 ? (String(parts[0]), String(parts[1])) : (text, "true")
  }

  mutating func dataset() -> Dataset {
    var video = VideoAnnotations(base: base, quantum: LabelFormats.quantum(decimals: decimals))
    var maker = ClassedTracks()
    let names = classes.identities.map { $0.spelling ?? "" }
    for (slot, entry) in gathered.enumerated() {
      let id = slots.identities[slot].spelling ?? ""
      let absences = absences(frames[slot])
      guard !entry.instances.isEmpty else {
        video.tracks.append(
          Track(id: id, className: names[Int(lostLabels[slot])], absences: absences))
        continue
      }
      var made = maker.tracks(
        id: id, isTracked: true, instances: entry.instances, classes: entry.classes
      ) { names[Int($0)] }
      for place in made.indices { made[place].absences = absences }
      video.tracks += made
    }
    maker.note(in: &report)
    video.ontology.categories = names.map { Ontology.Category(name: $0) }
    return Dataset(format: VATIC.id, videos: [video], report: report)
  }

  private func absences(_ frames: [Int: Bool]) -> [FrameRange] {
    var ranges: [FrameRange] = []
    var start: Int?
    var last = 0
    for (frame, isLost) in frames.sorted(by: { $0.key < $1.key }) {
      if isLost, start == nil { start = frame }
      if !isLost, let first = start {
        ranges.append(FrameRange(first, frame))
        start = nil
      }
      last = frame
    }
    if let start { ranges.append(FrameRange(start, last + 1)) }
    return ranges
  }
}
