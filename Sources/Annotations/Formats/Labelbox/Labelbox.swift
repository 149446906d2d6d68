public import Foundation
import Timeline

/// Labelbox's annotations of videos: NDJSON as it is imported, and rows as `export` gives them.
///
/// - Frames count from 1; a file that has a frame 0 counts from 0.
/// - An imported object has segments of key frames. Between two of a segment every number moves
///   linearly; between segments the object is declared absent.
/// - An exported object is listed frame by frame; `key_frame_feature_map` tells the key frames and
///   `segments`, inclusive, where it is shown.
/// - Answers of an object or a key frame are attributes; answers of frames, whose ranges are
///   inclusive, and of the video are labels of ranges.
/// - The video is called by its global key, its external id or its id.
/// - A line with an answer `shape`: `points` is several places, which Labelbox does not have.
/// - Masks of a video are pictures of their own and are left out.
public enum Labelbox: LabelFormat {
  /// The id on the command line.
  public static let id = "labelbox"
  /// One line for the list of formats.
  public static let summary = "Labelbox video NDJSON, as imported and as exported (v2)"
  /// What people have to know about the format.
  public static let page = FormatPage(
    frames: "Frames count from 1; ranges are inclusive. Files with a frame 0 count from 0.",
    traps: [
      "Only key frames are imported; what lies between moves linearly within a segment.",
      "Between two segments the object is declared absent.",
      "Names of classes may be missing; then the id of the schema is the class.",
      "Masks are pictures of their own and are left out.",
    ])

  /// Tells whether a file is JSON and has the keys of Labelbox near its beginning.
  public static func matches(head: Data, path: String) -> Bool {
    let first = head.first { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    guard first == UInt8(ascii: "[") || first == UInt8(ascii: "{") else { return false }
    func has(_ key: String) -> Bool { head.range(of: Data("\"\(key)\"".utf8)) != nil }
    return has("dataRow") && (has("uuid") || has("schemaId") || has("name"))
      || has("data_row") && (has("projects") || has("media_attributes"))
  }

  /// Reads a file.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var file = LabelboxFile(options: options)
    try file.read(path)
    return try file.dataset(path: path)
  }
}

/// Everything read from a Labelbox file, in the numbers of the file.
struct LabelboxFile {
  private struct Video {
    var facts = VideoAnnotations()
    var objects: [LabelboxObject] = []
    // First and last frames; nil for the whole video.
    var ranges: [(frames: ClosedRange<Int>?, label: RangeLabel)] = []
  }

  /// One label of an exported row.
  private struct ExportedLabel {
    var objects: [String: LabelboxObject] = [:]
    var order: [String] = []
    var segments: [String: [ClosedRange<Int>]] = [:]
    var keys: [String: Set<Int>] = [:]
    var ranges: [(frames: ClosedRange<Int>?, label: RangeLabel)] = []
  }

  /// How many frames are filled in at most in one file; more are taken for damaged numbers.
  private static let fillLimit = 2_000_000

  private let options: ReadOptions
  private var videos: [Video] = []
  private var places: [String: Int] = [:]
  private var isExport = false
  private var hasFrameZero = false
  private var maskCount = 0
  private var report = ReadReport()

  init(options: ReadOptions) { self.options = options }

  /// Reads a whole file: one value a line, or one list of them.
  mutating func read(_ path: String) throws(LabelError) {
    var json = try JSONReader.open(path: path)
    let kind = try? json.kind()
    guard kind == .object || kind == .array else {
      throw LabelError(
        .wrongFormat, path: path, line: 1,
        "this is no JSON as Labelbox's is; name the right format")
    }
    while try json.hasNextValue() {
      if try json.kind() == .array {
        guard try json.beginArray() else { continue }
        while try json.nextElement() { try readRow(&json) }
      } else {
        try readRow(&json)
      }
    }
  }

  // An exported row may be a whole video long: its projects are read piece by piece.
  private mutating func readRow(_ json: inout JSONReader) throws(LabelError) {
    _ = try json.kind()
    let line = json.line
    guard try json.beginObject() else {
      report.rowCount += 1
      return report.addBadRow(line: line, "the row is no object")
    }
    var members: [JSONValue.Member] = []
    var labels: [ExportedLabel] = []
    while let key = try json.nextKey() {
      if key == "projects" {
        try readProjects(&json, into: &labels)
      } else {
        members.append(JSONValue.Member(key: key, value: try json.value()))
      }
    }
    let value = JSONValue.object(members)
    if value["data_row"] != nil {
      addExport(value, labels, line: line)
      return
    }
    report.rowCount += 1
    guard value["dataRow"] != nil else {
      return report.addBadRow(line: line, "there is no dataRow")
    }
    if let flaw = readImport(value, line: line) {
      let id = value["uuid"]?.text.map { "annotation \($0): " } ?? ""
      report.addBadRow(line: line, id + flaw)
    }
  }

  private mutating func video(_ row: JSONValue) -> Int {
    let name =
      row["globalKey"]?.text ?? row["global_key"]?.text ?? row["external_id"]?.text
      ?? row["id"]?.text ?? ""
    if let place = places[name] { return place }
    places[name] = videos.count
    var video = Video()
    video.facts.name = name.isEmpty ? nil : name
    videos.append(video)
    return videos.count - 1
  }

  private mutating func frame(_ value: JSONValue?) -> Int? {
    guard let number = value?.frameNumber, number >= 0 else { return nil }
    if number == 0 { hasFrameZero = true }
    return number
  }

  // MARK: Import

  private mutating func readImport(_ value: JSONValue, line: Int) -> String? {
    guard let row = value["dataRow"] else { return "there is no dataRow" }
    if value["masks"] != nil {
      maskCount += value["masks"]?["frames"]?.elements?.count ?? 0
      return nil
    }
    guard let name = LabelboxAnswers.name(of: value) else { return "there is no name" }
    if value["answer"] != nil {
      addAnswers(value, name, to: video(row))
      return nil
    }
    var object = LabelboxObject(
      id: value["uuid"]?.text ?? "", name: name,
      attributes: LabelboxAnswers.attributes(value["classifications"]), line: line)
    if let segments = value["segments"]?.elements {
      for segment in segments {
        var numbers: [Int] = []
        for entry in segment["keyframes"]?.elements ?? [] {
          guard let number = frame(entry["frame"]) else {
            return "a key frame has no usable number"
          }
          guard let shape = Self.shape(entry) else {
            return "frame \(number): there is neither a usable bbox, point nor line"
          }
          object.keys.append(key(number, shape, entry["classifications"], isKey: true))
          numbers.append(number)
        }
        guard let first = numbers.min(), let last = numbers.max() else { continue }
        object.segments.append(first...last)
      }
      guard !object.keys.isEmpty else { return "there are no key frames" }
    } else {
      // A picture that is no video.
      guard let shape = Self.shape(value) else { return "there are neither segments nor an answer" }
      object.keys.append(key(1, shape, nil, isKey: true))
    }
    videos[video(row)].objects.append(object)
    return nil
  }

  private func key(
    _ number: Int, _ shape: Shape, _ answers: JSONValue?, isKey: Bool
  ) -> LabelboxObject.Key {
    var attributes = LabelboxAnswers.attributes(answers)
    var shape = shape
    if case .polyline(let line) = shape, attributes["shape"] == "points" {
      attributes["shape"] = nil
      shape = .points(line)
    }
    return LabelboxObject.Key(
      number: number, shape: shape, attributes: attributes, isKey: isKey)
  }

  private static func shape(_ value: JSONValue) -> Shape? {
    if let box = value["bbox"] ?? value["bounding_box"], box.isObject {
      let sides = ["left", "top", "width", "height"].map { box[$0]?.number ?? .nan }
      guard sides.allSatisfy({ abs($0) <= 1e9 }) else { return nil }
      return .box(Box(left: sides[0], top: sides[1], width: sides[2], height: sides[3]))
    }
    if let point = value["point"], point.isObject { return point.point().map { .points([$0]) } }
    for key in ["line", "polygon"] {
      guard let elements = value[key]?.elements else { continue }
      let points = elements.compactMap { $0.point() }
      guard points.count == elements.count, !points.isEmpty else { return nil }
      return key == "line" ? .polyline(points) : .polygon(Polygon(points))
    }
    return nil
  }

  // One range for every answer; without frames it holds for the whole video.
  private mutating func addAnswers(_ value: JSONValue, _ name: String, to place: Int) {
    let common = value["frames"]?.elements
    let answers = LabelboxAnswers.answers(of: value)
    var labels: [(label: RangeLabel, frames: [JSONValue]?)] = []
    if answers.isEmpty {
      labels.append((label(name, LabelboxAnswers.answer(of: value), nil), common))
    }
    for answer in answers {
      let text = LabelboxAnswers.name(of: answer) ?? answer["value"]?.text
      labels.append((label(name, text, answer), answer["frames"]?.elements ?? common))
    }
    for (label, frames) in labels {
      guard let frames else {
        videos[place].ranges.append((nil, label))
        continue
      }
      for range in frames {
        guard let first = frame(range["start"]), let last = frame(range["end"]), first <= last
        else { continue }
        videos[place].ranges.append((first...last, label))
      }
    }
  }

  // An answer of the question's own name is a plain tag; questions that hang on it are details.
  private func label(_ name: String, _ value: String?, _ answer: JSONValue?) -> RangeLabel {
    var label = RangeLabel(
      range: FrameRange(0, 0), name: name, value: value == name ? nil : value,
      origin: options.origin, confidence: answer?["confidence"]?.number)
    for (name, value) in LabelboxAnswers.attributes(answer?["classifications"]) {
      switch name {
      case "track": label.track = value
      case "origin": label.origin = Origin(rawValue: value) ?? label.origin
      default: label.attributes[name] = value
      }
    }
    return label
  }

  // MARK: Export

  private mutating func readProjects(
    _ json: inout JSONReader, into labels: inout [ExportedLabel]
  ) throws(LabelError) {
    guard try json.beginObject() else { return }
    while try json.nextKey() != nil {
      guard try json.beginObject() else { continue }
      while let key = try json.nextKey() {
        guard key == "labels", try json.beginArray() else {
          if key != "labels" { try json.skip() }
          continue
        }
        while try json.nextElement() {
          guard try json.beginObject() else { continue }
          while let key = try json.nextKey() {
            guard key == "annotations", try json.beginObject() else {
              if key != "annotations" { try json.skip() }
              continue
            }
            labels.append(try readLabel(&json))
          }
        }
      }
    }
  }

  private mutating func readLabel(
    _ json: inout JSONReader
  ) throws(LabelError) -> ExportedLabel {
    var label = ExportedLabel()
    while let key = try json.nextKey() {
      switch key {
      case "frames":
        guard try json.beginObject() else { continue }
        while let number = try json.nextKey() {
          let line = json.line
          readFrame(number, try json.value(), line: line, into: &label)
        }
      case "segments":
        for member in try json.value().members {
          label.segments[member.key] = Self.segments(member.value)
        }
      case "key_frame_feature_map":
        for member in try json.value().members { label.keys[member.key] = Self.keys(member.value) }
      case "classifications":
        for entry in try json.value().elements ?? [] {
          label.ranges += exported(entry).map { (nil, $0) }
        }
      default: try json.skip()
      }
    }
    return label
  }

  private mutating func readFrame(
    _ key: String, _ value: JSONValue, line: Int, into label: inout ExportedLabel
  ) {
    guard let number = Int(key), number >= 0, number <= LabelFormats.maximumFrame else {
      report.rowCount += 1
      return report.addBadRow(line: line, "the frame \(key.prefix(20)) is no number in range")
    }
    if number == 0 { hasFrameZero = true }
    for entry in value["objects"]?.members ?? [] {
      report.rowCount += 1
      guard let shape = Self.shape(entry.value) else {
        if entry.value["mask"] != nil || entry.value["composite_mask"] != nil {
          maskCount += 1
        } else {
          report.addBadRow(
            line: line, "object \(entry.key.prefix(40)), frame \(number): there is no shape")
        }
        continue
      }
      if label.objects[entry.key] == nil {
        label.order.append(entry.key)
        label.objects[entry.key] = LabelboxObject(
          id: entry.key, name: LabelboxAnswers.name(of: entry.value) ?? "", line: line)
      }
      label.objects[entry.key]?.keys.append(
        self.key(number, shape, entry.value["classifications"], isKey: true))
    }
    for entry in value["classifications"]?.elements ?? [] {
      label.ranges += exported(entry).map { (number...number, $0) }
    }
  }

  private mutating func addExport(_ value: JSONValue, _ labels: [ExportedLabel], line: Int) {
    isExport = true
    let place = video(value["data_row"] ?? .null)
    let media = value["media_attributes"]
    videos[place].facts.width = media?["width"]?.count
    videos[place].facts.height = media?["height"]?.count
    videos[place].facts.frameCount = media?["frame_count"]?.count
    videos[place].facts.frameRate = media?["frame_rate"]?.number.flatMap {
      $0 > 0 && $0 <= 10_000 ? $0 : nil
    }
    if labels.count > 1 { report.addNote("several labels of one video are read side by side") }
    for label in labels {
      videos[place].ranges += label.ranges
      for id in label.order {
        guard var object = label.objects[id] else { continue }
        object.segments = label.segments[id] ?? []
        // Without a statement every frame that is listed is a key frame.
        if let keys = label.keys[id] {
          for index in object.keys.indices {
            object.keys[index].isKey = keys.contains(object.keys[index].number)
          }
        }
        videos[place].objects.append(object)
      }
    }
  }

  private func exported(_ value: JSONValue) -> [RangeLabel] {
    guard let name = LabelboxAnswers.name(of: value) else { return [] }
    let answers = LabelboxAnswers.answers(of: value)
    if answers.isEmpty { return [label(name, LabelboxAnswers.answer(of: value), nil)] }
    return answers.map { answer in
      label(name, LabelboxAnswers.name(of: answer) ?? answer["value"]?.text, answer)
    }
  }

  private static func segments(_ value: JSONValue) -> [ClosedRange<Int>] {
    (value.elements ?? []).compactMap { pair in
      guard let ends = pair.elements, ends.count == 2, let first = ends[0].frameNumber,
        let last = ends[1].frameNumber, first <= last
      else { return nil }
      return first...last
    }
  }

  // A list of numbers, or an object with a truth value a number.
  private static func keys(_ value: JSONValue) -> Set<Int> {
    if let list = value.elements { return Set(list.compactMap(\.frameNumber)) }
    return Set(value.members.filter { $0.value.boolean == true }.compactMap { Int($0.key) })
  }
}

// MARK: - Building

extension LabelboxFile {
  /// Builds the labels of all videos.
  mutating func dataset(path: String) throws(LabelError) -> Dataset {
    if videos.isEmpty || report.rowCount > 0 && report.badRowCount == report.rowCount {
      let first = report.badRows.first
      throw LabelError(
        .wrongFormat, path: path, line: first?.line,
        "no row can be used as Labelbox's (\(first?.reason ?? "")); name the right format")
    }
    if maskCount > 0 {
      report.addNote("\(maskCount) masks are pictures of their own and are left out")
    }
    let base = LabelFormats.safeBase(options.base) ?? (hasFrameZero ? 0 : 1)
    var room = Self.fillLimit
    var result: [VideoAnnotations] = []
    for video in videos { result.append(build(video, base: base, room: &room)) }
    if room <= 0 {
      report.addBadRow(line: 0, "the segments have more frames than can be filled in")
    }
    return Dataset(
      format: Labelbox.id, dialect: isExport ? "export" : "import", videos: result, report: report)
  }

  private func build(_ video: Video, base: Int, room: inout Int) -> VideoAnnotations {
    var result = video.facts
    result.base = base
    var ids = IdentitySlots()
    var classes: Set<String> = []
    for (place, object) in video.objects.enumerated() {
      var object = object
      if object.id.isEmpty { object.id = "#\(place + 1)" }
      while ids.contains(spelling: object.id) { object.id = "#" + object.id }
      _ = ids.slot(of: .text(object.id))
      result.tracks.append(object.track(base: base, origin: options.origin, room: &room))
      if classes.insert(object.name).inserted {
        result.ontology.categories.append(Ontology.Category(name: object.name))
      }
    }
    let last = video.ranges.compactMap { $0.frames?.upperBound }.max().map { $0 - base + 1 } ?? 0
    let end = max(result.frameCount ?? 0, result.extent?.end ?? 0, last, 1)
    for (frames, label) in video.ranges {
      var label = label
      label.range =
        frames.map { FrameRange(max(0, $0.lowerBound - base), max(0, $0.upperBound - base + 1)) }
        ?? FrameRange(0, end)
      if label.range.count > 0 { result.ranges.append(label) }
    }
    return result
  }
}
