public import Foundation
import Timeline

/// VIAME's CSV, which DIVE exports too: one row a detection, `id, image or time, frame, left, top,
/// right, bottom, confidence, length`, then pairs of class and score, then notes in brackets.
///
/// - Lines that begin with `#` are comments; `# metadata` may say `fps: 5`, the rate at which the
///   frames were taken out of the video. Where ``ReadOptions/videos`` know the rate of the video and
///   it is another, the frame numbers become those of the video, and only they count as annotated.
/// - The class is the one of the highest score; the others are counted in the report.
/// - `(poly)` makes the shape a polygon, of several parts where there are several; else it is the
///   box. `(kp) NAME x y` becomes the attribute `kp:NAME`, `(atr)` an attribute of the instance,
///   `(trk-atr)` one of the track.
public enum VIAME: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "viame"
  /// See ``LabelFormat/summary``.
  public static let summary = "VIAME CSV, as DIVE exports it too"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From 0, at the annotation frame rate where the file states one.",
    traps: [
      "A rate in the line # metadata is the rate of annotation, often lower than the video's;"
        + " name the video, and the numbers become those of its frames.",
      "Of several classes of a row the one of the highest score counts.",
      "DIVE rounds boxes to whole pixels and takes the class of a track from its last row.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .polygon], identity: .numbers(0...Int(Int32.max)),
    aspects: [
      .parts, .classNames, .classChanges, .confidence, .attributes, .trackAttributes, .duplicates,
      .frameRate,
    ], output: .file(extension: "csv"))

  /// What the name of an attribute begins with that holds a key point as `x y`.
  static let keyPointPrefix = "kp:"

  /// Tells whether the file begins as VIAME writes it, or with rows of it.
  public static func matches(head: Data, path: String) -> Bool {
    let text = String(decoding: head.prefix(8_192), as: UTF8.self)
    if text.hasPrefix("# 1: Detection or Track-id") { return true }
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
    guard let line = lines.first else { return false }
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    // Nine columns of which all but the second are numbers, and then a class with its score.
    guard fields.count >= 11, Int(fields[0]) != nil, Int(fields[2]) != nil,
      fields[3..<9].allSatisfy({ Double($0) != nil })
    else { return false }
    return Double(fields[9]) == nil && Double(fields[10]) != nil
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var table = VIAMETable(options)
    try CSVRows.forEach(in: path) { (fields, line) throws(LabelError) in
      if fields[0].hasPrefix("#") {
        table.readComment(fields)
        return
      }
      table.report.rowCount += 1
      do throws(RowFlaw) { try table.add(fields, line: line) } catch {
        table.report.addBadRow(line: line, error.reason)
      }
    }
    guard !table.isEmpty || table.sawHeader else {
      let first = table.report.badRows.first
      throw LabelError(
        .wrongFormat, path: path, line: first?.line,
        first.map { "no row can be used as VIAME CSV (\($0.reason)); name the right format" }
          ?? "the file holds no rows; name a file with labels")
    }
    return table.dataset(options)
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var losses = LossReport()
    let output = try TextOutput(path: path)
    for video in dataset.videos {
      try output.write(
        CSVRows.text([
          "# 1: Detection or Track-id", "2: Video or Image Identifier",
          "3: Unique Frame Identifier", "4-7: Img-bbox(TL_x", "TL_y", "BR_x", "BR_y)",
          "8: Detection or Length Confidence", "9: Target Length (0 or -1 if invalid)",
          "10-11+: Repeated Species", "Confidence Pairs or Attributes",
        ]))
      if let rate = video.frameRate {
        try output.write(CSVRows.text(["# metadata", "fps: \(JSONText.number(rate))"]))
      }
      try video.forEachInstanceByFrame { (track, instance) throws(LabelError) in
        guard let box = instance.shape.bounds, instance.frame >= 0 else {
          losses.add(.instances)
          return
        }
        let score = JSONText.number(instance.confidence ?? 1)
        var fields = [track.id, video.imageNames[instance.frame] ?? "", String(instance.frame)]
        fields += [box.left, box.top, box.right, box.bottom].map { JSONText.number($0) }
        fields += [instance.confidence == nil ? "-1" : score, "-1"]
        let name = instance.className ?? track.className
        if !name.isEmpty || instance.confidence != nil {
          // A class that looks like a note would be read as one.
          let isNote = name.hasPrefix("(")
          if isNote { losses.add(.classNames) }
          fields += [name.isEmpty ? unknown : isNote ? String(name.dropFirst()) : name, score]
        }
        for (name, value) in instance.attributes.sorted(by: { $0.key < $1.key }) {
          if name.hasPrefix(keyPointPrefix) {
            fields.append("(kp) \(name.dropFirst(keyPointPrefix.count)) \(value)")
          } else if let field = note("(atr)", name, value) {
            fields.append(field)
          } else {
            losses.add(.attributes)
          }
        }
        for (name, value) in track.attributes.sorted(by: { $0.key < $1.key }) {
          if let field = note("(trk-atr)", name, value) {
            fields.append(field)
          } else {
            losses.add(.trackAttributes)
          }
        }
        if case .polygon(let polygon) = instance.shape {
          for part in polygon.parts {
            let numbers = part.outer.flatMap { [$0.x, $0.y] }.map { JSONText.number($0) }
            fields.append("(poly) " + numbers.joined(separator: " "))
          }
        }
        try output.write(CSVRows.text(fields))
      }
    }
    try output.finish()
    return losses
  }

  /// DIVE's name for the class of a row without one.
  static let unknown = "unknown"

  // A name ends at the first blank, and neither it nor the value may be empty.
  private static func note(_ mark: String, _ name: String, _ value: String) -> String? {
    name.isEmpty || value.isEmpty || name.contains(where: \.isWhitespace)
      || value.contains(where: \.isNewline) || value.first?.isWhitespace == true
      || value.last?.isWhitespace == true ? nil : "\(mark) \(name) \(value)"
  }
}

/// All usable rows of a VIAME file.
private struct VIAMETable {
  var report = ReadReport()
  private(set) var sawHeader = false

  private let base: Int
  private let origin: Origin
  private var rate: Double?
  private var slots = IdentitySlots()
  private var gathered: [(instances: [Instance], classes: [Int32], attributes: [String: String])] =
    []
  private var classes = IdentitySlots()
  private var imageNames: [FrameIndex: String] = [:]
  private var decimals = 0
  private var severalClasses = 0

  init(_ options: ReadOptions) {
    base = LabelFormats.safeBase(options.base) ?? 0
    origin = options.origin
  }

  var isEmpty: Bool { gathered.isEmpty }

  mutating func readComment(_ fields: [String]) {
    sawHeader = true
    guard fields[0] == "# metadata" else { return }
    for field in fields.dropFirst() where field.lowercased().hasPrefix("fps:") {
      rate = Double(field.dropFirst(4).trimmingCharacters(in: .whitespaces))
        .flatMap { $0.isFinite && $0 > 0 && $0 <= 10_000 ? $0 : nil }
    }
  }

  private static let names = [
    "id", "image", "frame number", "left edge", "top edge", "right edge", "bottom edge",
    "confidence", "length",
  ]

  mutating func add(_ fields: [String], line: Int) throws(RowFlaw) {
    guard fields.count >= 9 else {
      throw RowFlaw("there are only \(fields.count) columns; at least 9 are needed")
    }
    let fields = fields.map { $0.trimmingCharacters(in: .whitespaces) }
    guard let id = Int(fields[0]) else { throw RowFlaw("the id is not a whole number") }
    guard let number = Int(fields[2]) else { throw RowFlaw("the frame number is not whole") }
    guard number >= base else {
      throw RowFlaw(
        base == 0 ? "the frame number is negative" : "the frame number is below the first frame")
    }
    guard number - base <= LabelFormats.maximumFrame else {
      throw RowFlaw("the frame number is too large")
    }
    var edges: [Double] = []
    var places = 0
    for place in 3..<7 {
      guard let edge = NumberText(fields[place]), edge.value.isFinite else {
        throw RowFlaw("the \(Self.names[place]) is not a number")
      }
      guard abs(edge.value) <= MOTRowParser.maximumPixel else {
        throw RowFlaw("the \(Self.names[place]) is too large")
      }
      edges.append(edge.value)
      places = max(places, edge.decimals)
    }
    let box = Box(
      left: edges[0], top: edges[1], width: (edges[2] - edges[0]).snapped(decimals: places),
      height: (edges[3] - edges[1]).snapped(decimals: places))
    var notes = VIAMENotes()
    try notes.read(fields.dropFirst(9))
    decimals = max(decimals, places, notes.decimals)
    if notes.pairs.count > 1 { severalClasses += 1 }
    var instance = Instance(
      frame: number - base,
      shape: notes.parts.isEmpty
        ? .box(box) : .polygon(Polygon(parts: notes.parts.map { Polygon.Part(outer: $0) })),
      origin: origin, attributes: notes.attributes, line: Int32(clamping: line))
    let best = notes.pairs.max { $0.score < $1.score }
    instance.confidence = best?.score ?? Double(fields[7]).flatMap { $0 >= 0 ? $0 : nil }
    // A row that does not name its score says -1, and the pair then holds a filler.
    if Double(fields[7]) == -1 { instance.confidence = nil }
    if let length = Double(fields[8]), length > 0 { instance.attributes["length"] = fields[8] }
    let slot = Int(slots.slot(of: .number(id)))
    if slot == gathered.count { gathered.append(([], [], [:])) }
    gathered[slot].instances.append(instance)
    gathered[slot].classes.append(classes.slot(of: .text(best?.name ?? "")))
    gathered[slot].attributes.merge(notes.trackAttributes) { _, last in last }
    // DIVE puts the time of the frame where there is no image.
    if !fields[1].isEmpty, !fields[1].contains(":") { imageNames[number - base] = fields[1] }
  }

  mutating func dataset(_ options: ReadOptions) -> Dataset {
    var video = VideoAnnotations(base: base, quantum: LabelFormats.quantum(decimals: decimals))
    var maker = ClassedTracks()
    let names = classes.identities.map { identity in
      identity.spelling.flatMap { $0 == VIAME.unknown ? "" : $0 } ?? ""
    }
    for (identity, entry) in zip(slots.identities, gathered) {
      var made = maker.tracks(
        id: identity.spelling ?? "", isTracked: true, instances: entry.instances,
        classes: entry.classes
      ) { names[Int($0)] }
      for place in made.indices {
        made[place].attributes.merge(entry.attributes) { first, _ in first }
      }
      video.tracks += made
    }
    maker.note(in: &report)
    if severalClasses > 0 {
      report.addNote(
        "\(severalClasses) rows name several classes; the one of the highest score was kept")
    }
    video.ontology.categories = names.filter { !$0.isEmpty }.map { Ontology.Category(name: $0) }
    video.imageNames = imageNames
    let timing = AnnotationRate(rate, video: options.video(named: nil))
    timing.apply(to: &video, &report)
    return Dataset(format: VIAME.id, videos: [video], report: report)
  }
}

/// What stands behind the ninth column of a row.
private struct VIAMENotes {
  var pairs: [(name: String, score: Double)] = []
  var attributes: [String: String] = [:]
  var trackAttributes: [String: String] = [:]
  var parts: [[Point]] = []
  var decimals = 0

  mutating func read(_ fields: ArraySlice<String>) throws(RowFlaw) {
    var at = fields.startIndex
    while at < fields.endIndex {
      let field = fields[at]
      if field.hasPrefix("(") {
        try readNote(field)
        at += 1
      } else if field.isEmpty {
        at += 1
      } else {
        guard at + 1 < fields.endIndex, let score = Double(fields[at + 1]), score.isFinite else {
          throw RowFlaw("the score of the class \(field) is not a number")
        }
        pairs.append((field, score))
        at += 2
      }
    }
  }

  private mutating func readNote(_ field: String) throws(RowFlaw) {
    let words = field.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
    switch words.first {
    case "(atr)" where words.count == 3: attributes[String(words[1])] = String(words[2])
    case "(trk-atr)" where words.count == 3:
      trackAttributes[String(words[1])] = String(words[2])
    case "(kp)" where words.count == 3:
      attributes[VIAME.keyPointPrefix + words[1]] = String(words[2])
    case "(poly)", "(+poly)":
      var numbers: [Double] = []
      for word in field.split(separator: " ").dropFirst() {
        guard let number = NumberText(String(word)), abs(number.value) <= MOTRowParser.maximumPixel
        else { throw RowFlaw("the polygon holds what is no number") }
        numbers.append(number.value)
        decimals = max(decimals, number.decimals)
      }
      guard numbers.count >= 6, numbers.count.isMultiple(of: 2) else {
        throw RowFlaw("the polygon is not made of at least three pairs of numbers")
      }
      parts.append(
        stride(from: 0, to: numbers.count, by: 2).map { Point(numbers[$0], numbers[$0 + 1]) })
    default: break
    }
  }
}
