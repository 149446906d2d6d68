public import Foundation
import Timeline

/// The text of the KITTI tracking benchmark: one row an object and frame, 17 columns separated by
/// blanks, and a score as the 18th in results.
///
/// - Columns: frame, id, type, truncated, occluded, alpha, left, top, right, bottom, then height,
///   width and length, the place x, y, z and the turn about y in metres and radians.
/// - `DontCare` has the id -1 and marks a region in which nothing was labelled: a track of one
///   instance called `#LINE` with the attribute `ignore`.
/// - Occluded is 0 for visible, 1 for partly and 2 for largely occluded, 3 for unknown. A 2 is kept
///   as the attribute `occluded` too.
/// - What the columns say in metres is kept as attributes of the instance: `alpha`, `dimensions`,
///   `location` and `rotation_y`, where they are more than the fillers -1, -10 and -1000.
public enum KITTI: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "kitti"
  /// See ``LabelFormat/summary``.
  public static let summary = "KITTI tracking text: 17 columns, and a score as the 18th"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From 0.",
    traps: [
      "DontCare has the id -1 and marks regions to ignore, several in one frame.",
      "Rows of the detection benchmark have neither frame nor track and are refused.",
      "3-D columns are kept as the attributes alpha, dimensions, location and rotation_y.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.box], identity: .numbers(0...Int(Int32.max)),
    aspects: [
      .classNames, .classChanges, .confidence, .occlusion, .truncation, .untracked, .duplicates,
    ],
    output: .file(extension: "txt"))

  /// The class of regions that are not to be judged.
  static let ignoredClass = "DontCare"
  /// The attribute that holds a degree of occlusion, 1 partly or 2 largely.
  static let occlusionAttribute = "occluded"
  /// The 3-D columns and the values that stand for nothing.
  static let metricColumns: [(name: String, columns: Range<Int>, fillers: [Double])] = [
    ("alpha", 5..<6, [-10]), ("dimensions", 10..<13, [-1, -1000]),
    ("location", 13..<16, [-1000, -10, -1]), ("rotation_y", 16..<17, [-10]),
  ]

  /// Tells whether most of the first lines are rows of this benchmark, or of KITTI's detection
  /// benchmark, which ``read(path:options:)`` refuses with a sentence.
  public static func matches(head: Data, path: String) -> Bool {
    var (rows, others) = (0, 0)
    for line in head.split(separator: 10).prefix(50) {
      line.withUnsafeBytes { raw in
        let words = WordRow(raw.bindMemory(to: UInt8.self))
        if words.count == 0 { return }
        if isDetection(words) || (try? row(words)) != nil { rows += 1 } else { others += 1 }
      }
    }
    return rows > others
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var table = KITTITable(base: LabelFormats.safeBase(options.base) ?? 0, origin: options.origin)
    try ByteLines.forEach(in: path) { line throws(LabelError) in
      let words = WordRow(line.bytes)
      if words.count == 0 { return }
      table.report.rowCount += 1
      if table.isEmpty, isDetection(words) {
        throw LabelError(
          .wrongFormat, path: path, line: line.number,
          "this is a row of KITTI's detection benchmark, which has no frame and no track;"
            + " name a file of the tracking benchmark")
      }
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
        first.map { "no row can be used as KITTI (\($0.reason)); name the right format" }
          ?? "the file holds no rows; name a file with labels")
    }
    return table.dataset()
  }

  // Fifteen or sixteen columns, of which only the first is no number.
  private static func isDetection(_ words: WordRow) -> Bool {
    (15...16).contains(words.count) && words.number(0) == nil
      && (1..<words.count).allSatisfy { words.number($0) != nil }
  }

  private static let names = [
    "frame number", "id", "type", "truncation", "occlusion", "alpha", "left edge", "top edge",
    "right edge", "bottom edge", "height in metres", "width in metres", "length in metres", "x",
    "y", "z", "rotation", "score",
  ]

  fileprivate static func row(_ words: WordRow) throws(RowFlaw) -> KITTIRow {
    guard (17...18).contains(words.count) else {
      throw RowFlaw("there are \(words.count) columns instead of 17 or 18")
    }
    var values = [Double](repeating: 0, count: words.count)
    var decimals = 0
    for place in 0..<words.count where place != 2 {
      guard let number = words.numberText(place) else {
        throw RowFlaw("the \(names[place]) is not a number")
      }
      values[place] = number.value
      guard (6..<10).contains(place) else { continue }
      guard abs(number.value) <= MOTRowParser.maximumPixel else {
        throw RowFlaw("the \(names[place]) is too large")
      }
      decimals = max(decimals, number.decimals)
    }
    guard let frame = Int(exactly: values[0]) else {
      throw RowFlaw("the frame number is not whole")
    }
    guard frame >= 0 else { throw RowFlaw("the frame number is negative") }
    guard frame <= LabelFormats.maximumFrame else { throw RowFlaw("the frame number is too large") }
    guard let id = Int(exactly: values[1]) else { throw RowFlaw("the id is not a whole number") }
    let type = WordRow.meaning(of: words.text(2))
    guard words.number(2) == nil else { throw RowFlaw("the type is a number") }
    var row = KITTIRow(frame: frame, id: id, type: type, values: values, decimals: decimals)
    for (name, columns, fillers) in metricColumns
    where type != ignoredClass && !columns.allSatisfy({ fillers.contains(values[$0]) }) {
      row.metric[name] = columns.map { words.text($0) }.joined(separator: " ")
    }
    return row
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  ///
  /// Objects without class are called `Misc`, KITTI's own name for the rest; blanks in the name of a
  /// class are written as `%20`, since a type is one word. The columns in metres get their fillers.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var losses = LossReport()
    let output = try TextOutput(path: path)
    for video in dataset.videos {
      try video.forEachInstanceByFrame { (track, instance) throws(LabelError) in
        guard case .box(let box) = instance.shape, instance.frame >= 0 else {
          losses.add(.instances)
          return
        }
        let name = instance.className ?? track.className
        let type = name.isEmpty ? "Misc" : WordRow.word(name)
        let id = type == ignoredClass || !track.isTracked ? "-1" : track.id
        let truncated = instance.attributes[ReservedAttribute.truncated]
        var fields = [
          String(instance.frame), id, type,
          truncated.map { $0 == "true" ? "1" : WordRow.word($0) } ?? "0", occlusion(of: instance),
          "-10",
        ]
        fields += [box.left, box.top, box.right, box.bottom].map { JSONText.number($0) }
        fields += ["-1", "-1", "-1", "-1000", "-1000", "-1000", "-10"]
        if let confidence = instance.confidence { fields.append(JSONText.number(confidence)) }
        try output.write(fields.joined(separator: " ") + "\n")
      }
    }
    try output.finish()
    return losses
  }

  private static func occlusion(of instance: Instance) -> String {
    switch instance.visibility {
    case .visible: "0"
    case .occluded: "1"
    case .unknown, .ratio: "3"
    }
  }
}

/// One usable row of a KITTI file.
private struct KITTIRow {
  var frame: Int
  var id: Int
  var type: String
  /// All columns; that of the type is 0.
  var values: [Double]
  /// The decimals of the box.
  var decimals: Int
  /// The columns that speak of metres, as attributes.
  var metric: [String: String] = [:]
}

/// All usable rows of a KITTI file.
private struct KITTITable {
  var report = ReadReport()

  private let base: Int
  private let origin: Origin
  private var decimals = 0
  private var tracks: [Int: Int] = [:]
  private var gathered: [(id: String, isTracked: Bool, instances: [Instance], classes: [Int32])] =
    []
  private var classes = IdentitySlots()

  init(base: Int, origin: Origin) {
    self.base = base
    self.origin = origin
  }

  var isEmpty: Bool { gathered.isEmpty }

  mutating func add(_ row: KITTIRow, line: Int) throws(RowFlaw) {
    guard row.frame >= base else {
      throw RowFlaw("the frame number is below the first frame, \(base)")
    }
    let values = row.values
    let box = Box(
      left: values[6], top: values[7],
      width: (values[8] - values[6]).snapped(decimals: row.decimals),
      height: (values[9] - values[7]).snapped(decimals: row.decimals))
    var instance = Instance(
      frame: row.frame - base, shape: .box(box), origin: origin, line: Int32(clamping: line))
    instance.attributes = row.metric
    if values[3] > 0 {
      instance.attributes[ReservedAttribute.truncated] = JSONText.number(values[3])
    }
    switch values[4] {
    case 0: instance.visibility = row.type == KITTI.ignoredClass ? .unknown : .visible
    case 1: instance.visibility = .occluded
    case 2:
      instance.visibility = .occluded
      instance.attributes[KITTI.occlusionAttribute] = "2"
    default: break
    }
    if values.count == 18 { instance.confidence = values[17] }
    decimals = max(decimals, row.decimals)
    let slot = classes.slot(of: .text(row.type))
    let isTracked = row.id >= 0 && row.type != KITTI.ignoredClass
    if isTracked, let place = tracks[row.id] {
      gathered[place].instances.append(instance)
      gathered[place].classes.append(slot)
      return
    }
    if isTracked { tracks[row.id] = gathered.count }
    gathered.append(
      (isTracked ? String(row.id) : "#\(line)", isTracked, [instance], [slot]))
  }

  mutating func dataset() -> Dataset {
    var video = VideoAnnotations(quantum: LabelFormats.quantum(decimals: decimals))
    video.base = base
    var maker = ClassedTracks()
    let names = classes.identities.map { $0.spelling ?? "" }
    for entry in gathered {
      var made = maker.tracks(
        id: entry.id, isTracked: entry.isTracked, instances: entry.instances,
        classes: entry.classes
      ) { names[Int($0)] }
      for place in made.indices where made[place].className == KITTI.ignoredClass {
        made[place].attributes = Track.ignoredAttributes
      }
      video.tracks += made
    }
    maker.note(in: &report)
    video.ontology.categories = names.map { Ontology.Category(name: $0) }
    let hasScores = video.tracks.contains { $0.instances.contains { $0.confidence != nil } }
    return Dataset(
      format: KITTI.id, dialect: hasScores ? "results with scores" : "labels", videos: [video],
      report: report)
  }
}
