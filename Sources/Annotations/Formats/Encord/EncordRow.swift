import Timeline

/// What a label row says besides its labels.
struct EncordRow {
  /// A piece of media: a video, an image of a group, or a space of a data group.
  struct Unit {
    var key = ""
    var title: String?
    var type = ""
    var sequence: Int?
    var width: Int?
    var height: Int?
    var frameRate: Double?
    var duration: Double?
    var frameCount: Int?

    /// The number of frames as stated, or as the duration tells where it is whole.
    var length: Int? {
      if let frameCount { return frameCount }
      guard let frameRate, let duration, frameRate > 0, duration > 0 else { return nil }
      let frames = frameRate * duration
      guard frames < Double(LabelFormats.maximumFrame), abs(frames - frames.rounded()) < 0.05
      else { return nil }
      return Int(frames.rounded())
    }
  }

  /// An answer to a question.
  struct Answer {
    var name: String
    var text: String
    var ranges: [FrameRange] = []
    var space: String?
  }

  /// What a classification answers, and where.
  struct Classification {
    var answers: [Answer] = []
    var ranges: [FrameRange] = []
    var spaces: [String: [FrameRange]] = [:]
    /// Whether it is stated to lie on no frame in particular: it holds for the whole.
    var isGlobal = false
    var confidence: Double?
    var isManual: Bool?
  }

  var title: String?
  var dataType = ""
  var units: [Unit] = []
  var spaces: [Unit] = []
  var answers: [String: [Answer]] = [:]
  var actions: [String: [Answer]] = [:]
  var classifications: [(hash: String, classification: Classification)] = []
  var isRow = false

  /// Whether the units are the frames of one video.
  var isImages: Bool { dataType == "img_group" || dataType == "image" }

  /// Reads a row without its labels; an entry that is no row is read over.
  mutating func read(
    _ json: inout JSONReader, _ report: inout ReadReport
  ) throws(LabelError) {
    guard try json.beginObject() else { return }
    while let key = try json.nextKey() {
      switch key {
      case "data_title": title = try json.text()
      case "data_type": dataType = try json.text() ?? ""
      case "data_units":
        isRow = true
        try readUnits(&json, into: &units)
      case "spaces": try readUnits(&json, into: &spaces)
      case "object_answers":
        try readEntries(&json) { row, hash, entry in
          row.answers[hash] = Self.answers(entry["classifications"])
        }
      case "object_actions":
        try readEntries(&json) { row, hash, entry in
          row.actions[hash] = Self.answers(entry["actions"])
        }
      case "classification_answers":
        try readEntries(&json) { row, hash, entry in
          row.classifications.append((hash, Self.classification(entry)))
        }
      default: try json.skip()
      }
    }
  }

  private mutating func readEntries(
    _ json: inout JSONReader, _ body: (inout EncordRow, String, JSONValue) -> Void
  ) throws(LabelError) {
    guard try json.beginObject() else { return }
    while let hash = try json.nextKey() {
      let entry = try json.value()
      body(&self, hash, entry)
    }
  }

  private func readUnits(
    _ json: inout JSONReader, into units: inout [Unit]
  ) throws(LabelError) {
    guard try json.beginObject() else { return }
    while let key = try json.nextKey() {
      var unit = Unit(key: key)
      guard try json.beginObject() else { continue }
      while let key = try json.nextKey() {
        switch key {
        case "data_title": unit.title = try json.text()
        case "data_type", "space_type": unit.type = try json.text() ?? ""
        case "data_sequence":
          unit.sequence = try json.text().flatMap { Int($0) }
            .flatMap { (0...LabelFormats.maximumFrame).contains($0) ? $0 : nil }
        case "width": unit.width = try Self.side(&json)
        case "height": unit.height = try Self.side(&json)
        case "data_fps": unit.frameRate = try Self.positive(&json)
        case "data_duration": unit.duration = try Self.positive(&json)
        case "number_of_frames":
          unit.frameCount = try json.number().flatMap { Int(exactly: $0) }
            .flatMap { (1...LabelFormats.maximumFrame).contains($0) ? $0 : nil }
        case "child_info", "root_info":
          let info = try json.value()
          unit.title = (info["file_name"] ?? info["layout_key"])?.string ?? unit.title
        default: try json.skip()
        }
      }
      units.append(unit)
    }
  }

  private static func side(_ json: inout JSONReader) throws(LabelError) -> Int? {
    try json.number().flatMap { Int(exactly: $0) }
      .flatMap { (1...1_000_000).contains($0) ? $0 : nil }
  }

  private static func positive(_ json: inout JSONReader) throws(LabelError) -> Double? {
    try json.number().flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
  }

  // MARK: Answers

  private static func answers(_ list: JSONValue?) -> [Answer] {
    (list?.elements ?? []).compactMap { entry in
      guard let name = (entry["name"] ?? entry["value"])?.text else { return nil }
      return Answer(
        name: name, text: text(entry["answers"]), ranges: ranges(entry["range"]),
        space: entry["spaceId"]?.string)
    }
  }

  /// A text or a number as it stands, chosen options by their names.
  private static func text(_ answers: JSONValue?) -> String {
    guard let answers else { return "" }
    if let text = answers.text { return text }
    return (answers.elements ?? []).compactMap { option in
      option.text ?? (option["name"] ?? option["value"])?.text
    }.joined(separator: ", ")
  }

  private static func ranges(_ value: JSONValue?) -> [FrameRange] {
    (value?.elements ?? []).compactMap { pair in
      guard let ends = pair.numbers, ends.count == 2, let start = Int(exactly: ends[0]),
        let last = Int(exactly: ends[1]), start >= 0, start <= last,
        last <= LabelFormats.maximumFrame
      else { return nil }
      return FrameRange(start, last + 1)
    }
  }

  private static func classification(_ entry: JSONValue) -> Classification {
    Classification(
      answers: answers(entry["classifications"]), ranges: ranges(entry["range"]),
      spaces: Dictionary(
        (entry["spaces"]?.members ?? []).map { ($0.key, ranges($0.value["range"])) }
      ) { first, _ in first },
      isGlobal: entry["range"]?.elements?.isEmpty == true
        && entry["spaces"]?.members.isEmpty != false,
      confidence: entry["confidence"]?.number.flatMap { $0.isFinite ? $0 : nil },
      isManual: entry["manualAnnotation"]?.boolean)
  }
}
