public import Foundation
import Timeline

/// The CSV of the VGG Image Annotator, version 2, with a `track` for every region: one row a region,
/// as `movement` loads it.
///
/// - The frame is the `frame` among the attributes of the file, else the number at the end of the
///   file name before its ending. It is taken to count from 0.
/// - Where the file lists pictures without regions, the pictures it lists are the annotated frames.
/// - A region without `track` is a detection without identity. `confidence` is its score, `class`,
///   `label`, `category`, `type` or `name` its class, and all else an attribute.
public enum VIATracks: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "via-tracks"
  /// See ``LabelFormat/summary``.
  public static let summary = "VIA 2 CSV of tracked boxes, as movement loads it"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From 0: the frame attribute of the file, else the number at the end of its name.",
    traps: [
      "movement renumbers frames from 0 unless told to use those of the file.",
      "movement takes boxes with a track only; other shapes are read here.",
      "Pictures whose first frame is 1 need --base 1.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.box], identity: .numbers(0...Int(Int32.max)),
    aspects: [.classNames, .classChanges, .confidence, .attributes],
    output: .file(extension: "csv"))

  private static let columns = [
    "filename", "file_size", "file_attributes", "region_count", "region_id",
    "region_shape_attributes", "region_attributes",
  ]

  /// See ``LabelFormat/matches(head:path:)``.
  public static func matches(head: Data, path: String) -> Bool {
    let line =
      String(decoding: head.prefix(400), as: UTF8.self)
      .split(whereSeparator: \.isNewline).first ?? ""
    // The annotator begins its own exports with a hash.
    let header = line.drop { $0 == "#" || $0 == "\u{FEFF}" }
    return header.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } == columns
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var table = VIATracksTable(options)
    var isFirst = true
    try CSVRows.forEach(in: path) { (fields, line) throws(LabelError) in
      if isFirst {
        isFirst = false
        guard fields.count == columns.count, fields[0].hasSuffix(columns[0]) else {
          throw LabelError(
            .wrongFormat, path: path, line: line,
            "the first line does not name the columns of VIA; name the right format")
        }
        return
      }
      table.report.rowCount += 1
      do throws(RowFlaw) { try table.add(fields, line: line) } catch {
        table.report.addBadRow(line: line, error.reason)
      }
    }
    guard !isFirst else {
      throw LabelError(.damaged, path: path, "the file holds no rows; name a file with labels")
    }
    return table.dataset()
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var losses = LossReport()
    let output = try TextOutput(path: path)
    try output.write(CSVRows.text(columns))
    for video in dataset.videos {
      var counts: [FrameIndex: Int] = [:]
      for track in video.tracks {
        for instance in track.instances { counts[instance.frame, default: 0] += 1 }
      }
      var (frame, region) = (-1, 0)
      try video.forEachInstanceByFrame { (track, instance) throws(LabelError) in
        guard case .box(let box) = instance.shape, instance.frame >= 0,
          [box.left, box.top, box.width, box.height].allSatisfy(\.isFinite)
        else {
          losses.add(.instances)
          return
        }
        region = instance.frame == frame ? region + 1 : 0
        frame = instance.frame
        let digits = String(frame)
        let number = String(repeating: "0", count: max(1, 6 - digits.count)) + digits
        let shape = JSONValue.members([
          "name": .string("rect"), "x": .number(box.left), "y": .number(box.top),
          "width": .number(box.width), "height": .number(box.height),
        ])
        let name = instance.className ?? track.className
        var said: [JSONValue.Member] = [
          JSONValue.Member(key: VIA.trackNames[0], value: .number(Double(track.id) ?? 0))
        ]
        if !name.isEmpty {
          said.append(JSONValue.Member(key: VIA.classNames[0], value: .string(name)))
        }
        if let score = instance.confidence {
          said.append(JSONValue.Member(key: "confidence", value: .number(score)))
        }
        for (key, value) in instance.attributes.sorted(by: { $0.key < $1.key }) {
          if said.contains(where: { $0.key == key }) {
            losses.add(.attributes)
          } else {
            said.append(JSONValue.Member(key: key, value: .string(value)))
          }
        }
        let file = JSONValue.members(["frame": .number(Double(frame))])
        try output.write(
          CSVRows.text([
            "frame_\(number).png", "0", file.json, String(counts[frame] ?? 1), String(region),
            shape.json, JSONValue.object(said).json,
          ]))
      }
    }
    try output.finish()
    return losses
  }
}

/// All usable rows of a VIA CSV.
private struct VIATracksTable {
  var report = ReadReport()

  private let base: Int
  private let origin: Origin
  private var slots = IdentitySlots()
  private var gathered: [(id: String, isTracked: Bool, instances: [Instance], classes: [Int32])] =
    []
  private var classes = IdentitySlots()
  private var imageNames: [FrameIndex: String] = [:]
  private var listsEmptyImages = false

  init(_ options: ReadOptions) {
    base = LabelFormats.safeBase(options.base) ?? 0
    origin = options.origin
  }

  // Python writes single quotes where JSON has double ones.
  private static func object(_ text: String, _ what: String) throws(RowFlaw) -> JSONValue {
    if let value = try? JSONValue(Data(text.utf8), path: ""), case .object = value { return value }
    let quoted = text.replacingOccurrences(of: "'", with: "\"")
    if !text.contains("\""), let value = try? JSONValue(Data(quoted.utf8), path: ""),
      case .object = value
    {
      return value
    }
    throw RowFlaw("the \(what) are no object")
  }

  mutating func add(_ fields: [String], line: Int) throws(RowFlaw) {
    guard fields.count == 7 else {
      throw RowFlaw("there are \(fields.count) columns instead of 7")
    }
    let file = try Self.object(fields[2], "attributes of the file")
    let shape = try Self.object(fields[5], "attributes of the shape")
    let region = try Self.object(fields[6], "attributes of the region")
    let stated = file["frame"]?.text.flatMap { Int($0) }
    guard let number = stated ?? YOLOFiles.Name(file: fields[0]).number else {
      throw RowFlaw("the file name holds no frame number")
    }
    guard number >= base, number - base <= LabelFormats.maximumFrame else {
      throw RowFlaw("the frame number is \(number < base ? "below the first frame" : "too large")")
    }
    imageNames[number - base] = fields[0]
    guard !shape.members.isEmpty else {
      listsEmptyImages = true
      return
    }
    var instance = Instance(
      frame: number - base, shape: try Self.shape(shape), origin: origin,
      line: Int32(clamping: line))
    instance.confidence = region["confidence"]?.text.flatMap { Double($0) }
      .flatMap { $0.isFinite ? $0 : nil }
    let track = VIA.trackNames.lazy.compactMap { region[$0]?.text }.first { !$0.isEmpty }
    let nameKey = VIA.classNames.first { region[$0]?.text != nil }
    for member in region.members
    where member.key != nameKey && member.key != "confidence"
      && !VIA.trackNames.contains(member.key)
    {
      if let text = member.value.text { instance.attributes[member.key] = text }
    }
    let name = nameKey.flatMap { region[$0]?.text } ?? ""
    let slot = Int(slots.slot(of: track.map { .text($0) } ?? .none))
    if slot == gathered.count {
      gathered.append((track ?? "#\(line)", track != nil, [], []))
    }
    gathered[slot].instances.append(instance)
    gathered[slot].classes.append(classes.slot(of: .text(name)))
  }

  private static func shape(_ value: JSONValue) throws(RowFlaw) -> Shape {
    func number(_ name: String) throws(RowFlaw) -> Double {
      guard let number = value[name]?.text.flatMap({ Double($0) }), number.isFinite,
        abs(number) <= MOTRowParser.maximumPixel
      else { throw RowFlaw("\(name) of the region is not a usable number") }
      return number
    }
    func points() throws(RowFlaw) -> [Point] {
      guard let x = value["all_points_x"]?.numbers, let y = value["all_points_y"]?.numbers,
        x.count == y.count, x.count > 1,
        (x + y).allSatisfy({ abs($0) <= MOTRowParser.maximumPixel })
      else { throw RowFlaw("the points of the region are no pairs of numbers") }
      return zip(x, y).map { Point($0, $1) }
    }
    switch value["name"]?.string {
    case "rect":
      return .box(
        Box(
          left: try number("x"), top: try number("y"), width: try number("width"),
          height: try number("height")))
    case "point": return .points([Point(try number("cx"), try number("cy"))])
    case "circle":
      let radius = try number("r")
      return .ellipse(
        Ellipse(
          center: Point(try number("cx"), try number("cy")), radiusX: radius, radiusY: radius))
    case "ellipse":
      return .ellipse(
        Ellipse(
          center: Point(try number("cx"), try number("cy")), radiusX: try number("rx"),
          radiusY: try number("ry"), angle: value["theta"]?.number ?? 0))
    case "polygon": return .polygon(Polygon(try points()))
    case "polyline": return .polyline(try points())
    default: throw RowFlaw("the region is of a kind that is not known")
    }
  }

  mutating func dataset() -> Dataset {
    var video = VideoAnnotations(base: base)
    var maker = ClassedTracks()
    let names = classes.identities.map { $0.spelling ?? "" }
    for entry in gathered {
      video.tracks += maker.tracks(
        id: entry.id, isTracked: entry.isTracked, instances: entry.instances,
        classes: entry.classes
      ) { names[Int($0)] }
    }
    maker.note(in: &report)
    video.ontology.categories = names.filter { !$0.isEmpty }.map { Ontology.Category(name: $0) }
    video.imageNames = imageNames
    if listsEmptyImages { video.annotated = AnnotatedFrames(Array(imageNames.keys)) }
    return Dataset(format: VIATracks.id, videos: [video], report: report)
  }
}
