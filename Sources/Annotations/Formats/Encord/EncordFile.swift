import Timeline

/// Reads a file of label rows in two passes: what rows, media and answers there are, and then the
/// labels, whose places need the size of the picture that may stand after them.
struct EncordFile {
  /// One video in the making.
  private struct Video {
    var row: Int
    var unit: EncordRow.Unit
    var title: String?
    /// The numbers of the images, where the units are the frames.
    var sequences: [Int] = []
    var images: [FrameIndex: String] = [:]
    var sizes: Set<[Int]> = []
    var tracks: [Object] = []
    var slots: [String: Int] = [:]
    /// The frames that have an entry of a classification, and its name and maker there.
    var classified: [String: Classified] = [:]
    var order: [String] = []
    var isCoarse = true
    var hasPlaces = false
  }

  private struct Object {
    var id: String
    var className: String
    var feature: String?
    var joints: [String] = []
    var instances: [Instance] = []
  }

  private struct Classified {
    var name: String?
    var frames: [FrameIndex] = []
    var confidence: Double?
    var isManual: Bool?
  }

  /// Media without pictures.
  private static let soundless: Set<String> = [
    "audio", "text", "plain_text", "pdf", "time_series", "group", "scene", "html",
    "point_cloud", "missing_data_type",
  ]

  private let path: String
  private let options: ReadOptions
  private let base: Int
  private var report = ReadReport()
  private var rows: [EncordRow] = []
  private var videos: [Video] = []
  private var deletedCount = 0
  private var actions = RangedAttributes()
  private var mediaCount = 0
  private var homelessCount = 0

  init(path: String, options: ReadOptions) {
    self.path = path
    self.options = options
    base = LabelFormats.safeBase(options.base) ?? 0
  }

  /// Reads the whole file.
  mutating func dataset() throws(LabelError) -> Dataset {
    try readRows()
    guard rows.contains(where: \.isRow) else {
      throw LabelError(
        .wrongFormat, path: path,
        "there is no label row with data_units as Encord exports it; name the right format")
    }
    for row in rows.indices { arrange(row) }
    try readLabels()
    let annotations = videos.indices.map { self.annotations(of: $0) }
    addNotes()
    return Dataset(format: Encord.id, videos: annotations, report: report)
  }

  private mutating func addNotes() {
    if deletedCount > 0 { report.addNote("\(deletedCount) deleted object(s) were left out") }
    if mediaCount > 0 {
      report.addNote("\(mediaCount) piece(s) of sound, text or other media were left out")
    }
    if homelessCount > 0 {
      report.addNote("\(homelessCount) classification(s) that lie on no known frame were left out")
    }
    if actions.isCut {
      report.addNote("the dynamic answers cover more labels than can be true; some were left out")
    }
  }

  // MARK: - First pass

  private mutating func readRows() throws(LabelError) {
    var json = try JSONReader.open(path: path)
    // What is no JSON from its first byte on was never damaged: it is something else.
    let kind = try? json.kind()
    switch kind {
    case .array:
      guard try json.beginArray() else { return }
      while try json.nextElement() { try readRow(&json) }
    case .object: try readRow(&json)
    default:
      throw LabelError(
        .wrongFormat, path: path, line: 1,
        "this is no JSON as Encord exports it; name the right format")
    }
  }

  private mutating func readRow(_ json: inout JSONReader) throws(LabelError) {
    let isObject = try json.kind() == .object
    let line = json.line
    var row = EncordRow()
    try row.read(&json, &report)
    rows.append(row)
    if isObject, row.isRow { return }
    report.rowCount += 1
    report.addBadRow(line: line, "the label row has no data_units")
  }

  /// Makes the videos of a row.
  private mutating func arrange(_ number: Int) {
    let row = rows[number]
    if row.isImages, let first = row.units.first {
      var video = Video(row: number, unit: first, title: row.title)
      for (place, unit) in row.units.enumerated() {
        let frame = (unit.sequence ?? place) - base
        video.sequences.append(frame)
        if (0...LabelFormats.maximumFrame).contains(frame) {
          if let title = unit.title { video.images[frame] = title }
        }
        if let width = unit.width, let height = unit.height { video.sizes.insert([width, height]) }
      }
      videos.append(video)
    } else if row.isRow, !Self.soundless.contains(row.dataType) {
      for unit in row.units {
        videos.append(Video(row: number, unit: unit, title: unit.title ?? row.title))
      }
    } else if row.isRow, row.spaces.isEmpty {
      mediaCount += row.units.count
    }
    for space in row.spaces {
      if Self.soundless.contains(space.type) {
        mediaCount += 1
      } else {
        videos.append(Video(row: number, unit: space, title: space.title ?? row.title))
      }
    }
  }

  // MARK: - Second pass

  private mutating func readLabels() throws(LabelError) {
    var places: [Int: [String: Int]] = [:]
    for (place, video) in videos.enumerated() {
      if rows[video.row].isImages, places[video.row] == nil {
        for unit in rows[video.row].units { places[video.row, default: [:]][unit.key] = place }
      } else {
        places[video.row, default: [:]][video.unit.key] = place
      }
    }
    var json = try JSONReader.open(path: path)
    var row = 0
    if try json.kind() == .array {
      guard try json.beginArray() else { return }
      while try json.nextElement() {
        try readLabels(&json, row: row, places[row] ?? [:])
        row += 1
      }
    } else {
      try readLabels(&json, row: 0, places[0] ?? [:])
    }
  }

  private mutating func readLabels(
    _ json: inout JSONReader, row: Int, _ places: [String: Int]
  ) throws(LabelError) {
    guard try json.beginObject() else { return }
    while let key = try json.nextKey() {
      guard key == "data_units" || key == "spaces" else {
        try json.skip()
        continue
      }
      guard try json.beginObject() else { continue }
      let units = key == "spaces" ? rows[row].spaces : rows[row].units
      var number = 0
      while let unit = try json.nextKey() {
        let facts = number < units.count ? units[number] : nil
        number += 1
        guard let place = places[unit], let facts, facts.key == unit else {
          try json.skip()
          continue
        }
        guard try json.beginObject() else { continue }
        while let key = try json.nextKey() {
          if key == "labels" {
            try readFrames(&json, of: place, facts)
          } else {
            try json.skip()
          }
        }
      }
    }
  }

  /// Reads the labels of a unit: by frame, or for the one image that it is.
  private mutating func readFrames(
    _ json: inout JSONReader, of place: Int, _ unit: EncordRow.Unit
  ) throws(LabelError) {
    guard try json.beginObject() else { return }
    while let key = try json.nextKey() {
      if key == "objects" || key == "classifications" {
        let isImage = rows[videos[place].row].isImages
        let frame = isImage ? (unit.sequence ?? base) - base : 0
        guard frame >= 0 else {
          report.rowCount += 1
          report.addBadRow(
            line: json.line, "the image \(unit.title ?? unit.key) lies before the first frame")
          try json.skip()
          continue
        }
        try readList(&json, key, frame: frame, of: place, unit)
        continue
      }
      guard let number = Int(key) else {
        report.rowCount += 1
        report.addBadRow(line: json.line, "the frame \(key.prefix(40)) is no whole number")
        try json.skip()
        continue
      }
      let frame = number.subtractingReportingOverflow(base)
      guard !frame.overflow, (0...LabelFormats.maximumFrame).contains(frame.partialValue) else {
        report.rowCount += 1
        report.addBadRow(
          line: json.line,
          number < base
            ? "the frame \(number) lies before the first frame" : "the frame \(number) is too large"
        )
        try json.skip()
        continue
      }
      guard try json.beginObject() else { continue }
      while let key = try json.nextKey() {
        if key == "objects" || key == "classifications" {
          try readList(&json, key, frame: frame.partialValue, of: place, unit)
        } else {
          try json.skip()
        }
      }
    }
  }

  private mutating func readList(
    _ json: inout JSONReader, _ key: String, frame: FrameIndex, of place: Int,
    _ unit: EncordRow.Unit
  ) throws(LabelError) {
    guard try json.beginArray() else { return }
    while try json.nextElement() {
      report.rowCount += 1
      _ = try json.kind()
      let line = json.line
      let entry = try json.value()
      let flaw: String?
      if key == "objects" {
        flaw = try readObject(entry, frame: frame, of: place, unit, line: line)
      } else {
        flaw = readClassification(entry, frame: frame, of: place)
      }
      if let flaw { report.addBadRow(line: line, flaw) }
    }
  }

  private mutating func readObject(
    _ object: JSONValue, frame: FrameIndex, of place: Int, _ unit: EncordRow.Unit, line: Int
  ) throws(LabelError) -> String? {
    guard let hash = object["objectHash"]?.text, !hash.isEmpty else {
      return "the object has no objectHash"
    }
    if object["isDeleted"]?.boolean == true || object["event"]?.string == "delete" {
      deletedCount += 1
      return nil
    }
    let hint = options.video(named: videos[place].title)
    guard let width = unit.width ?? hint?.width, let height = unit.height ?? hint?.height else {
      throw LabelError(
        .incomplete, path: path, line: line,
        "places are fractions of the picture, and the file does not state its size; name the video"
          + (videos[place].title.map { " \($0)" } ?? "") + " too")
    }
    let shape: Shape
    switch EncordShape.read(object, width: width, height: height) {
    case .success(let read): shape = read
    case .failure(let flaw): return "object \(hash): " + flaw.reason
    }
    noteSteps(of: shape, width: width, height: height, place)
    let isManual = object["manualAnnotation"]?.boolean
    var instance = Instance(
      frame: frame, shape: shape, origin: origin(isManual: isManual),
      confidence: score(object["confidence"]?.number, isManual), line: Int32(clamping: line))
    let name = object["name"]?.text ?? object["value"]?.text ?? ""
    let slot = videos[place].slots[hash] ?? videos[place].tracks.count
    if slot == videos[place].tracks.count {
      videos[place].slots[hash] = slot
      videos[place].tracks.append(
        Object(id: hash, className: name, feature: object["featureHash"]?.text))
    }
    if case .skeleton(let skeleton) = shape, videos[place].tracks[slot].joints.isEmpty {
      videos[place].tracks[slot].joints = skeleton.joints.map(\.name)
    }
    if videos[place].tracks[slot].className != name { instance.className = name }
    videos[place].tracks[slot].instances.append(instance)
    return nil
  }

  private func origin(isManual: Bool?) -> Origin {
    if options.kind == .predictions { return .model }
    return isManual.map { $0 ? .human : .interpolated } ?? options.origin
  }

  /// The confidence, unless it is the one that every manual label has.
  private func score(_ number: Double?, _ isManual: Bool?) -> Double? {
    guard let number, number.isFinite, number != 1 || isManual != true else { return nil }
    return number
  }

  /// Whether all places have the four decimals of Encord's own export.
  private mutating func noteSteps(of shape: Shape, width: Int, height: Int, _ place: Int) {
    guard videos[place].isCoarse else { return }
    for point in shape.coordinates {
      videos[place].hasPlaces = true
      // Half a step, because the centre of a turned box lies between two places.
      let (x, y) = (point.x / Double(width) * 20_000, point.y / Double(height) * 20_000)
      if abs(x - x.rounded()) > 1e-5 || abs(y - y.rounded()) > 1e-5 {
        videos[place].isCoarse = false
        return
      }
    }
  }

  private mutating func readClassification(
    _ entry: JSONValue, frame: FrameIndex, of place: Int
  ) -> String? {
    guard let hash = entry["classificationHash"]?.text else {
      return "the classification has no classificationHash"
    }
    if videos[place].classified[hash] == nil {
      videos[place].classified[hash] = Classified(
        name: entry["name"]?.text,
        confidence: entry["confidence"]?.number.flatMap { $0.isFinite ? $0 : nil },
        isManual: entry["manualAnnotation"]?.boolean)
      videos[place].order.append(hash)
    }
    videos[place].classified[hash]?.frames.append(frame)
    return nil
  }

  // MARK: - Building

  private mutating func annotations(of place: Int) -> VideoAnnotations {
    let video = videos[place]
    let row = rows[video.row]
    let hint = options.video(named: video.title)
    var result = VideoAnnotations(
      name: video.title, width: video.unit.width, height: video.unit.height,
      frameCount: video.unit.length, frameRate: video.unit.frameRate, base: base)
    if row.isImages {
      result.imageNames = video.images
      if video.sizes.count > 1 { (result.width, result.height) = (nil, nil) }
      let frames = Set(video.sequences)
      if frames == Set(0..<frames.count) {
        result.frameCount = frames.count
      } else {
        result.annotated = .only(frames.filter { $0 >= 0 })
      }
    }
    if video.hasPlaces, video.isCoarse,
      let side = [result.width ?? hint?.width, result.height ?? hint?.height].compactMap(\.self)
        .max()
    {
      result.quantum = 1e-4 * Double(side)
    }
    let space = row.spaces.contains { $0.key == video.unit.key } ? video.unit.key : nil
    for track in video.tracks { result.tracks.append(self.track(track, row, space: space)) }
    result.ontology = ontology(of: video, row)
    addRanges(of: video, row, space: space, to: &result)
    videos[place].tracks = []
    return result
  }

  /// A range as counted from the first frame.
  private func counted(_ range: FrameRange) -> FrameRange {
    let start = max(0, range.start - base)
    return FrameRange(start, max(start, range.end - base))
  }

  private mutating func track(_ object: Object, _ row: EncordRow, space: String?) -> Track {
    var instances = object.instances
    let isSorted = zip(instances, instances.dropFirst()).allSatisfy { $0.frame <= $1.frame }
    if !isSorted {
      instances = instances.enumerated()
        .sorted { ($0.element.frame, $0.offset) < ($1.element.frame, $1.offset) }
        .map(\.element)
    }
    for action in row.actions[object.id] ?? [] {
      guard action.space == nil || action.space == space else { continue }
      for range in action.ranges {
        actions.set(action.name, to: action.text, in: counted(range), of: &instances)
      }
    }
    var attributes: [String: String] = [:]
    for answer in row.answers[object.id] ?? [] {
      attributes[answer.name] =
        attributes[answer.name].map { $0 + ", " + answer.text } ?? answer.text
    }
    return Track(
      id: object.id, className: object.className, instances: instances, attributes: attributes)
  }

  private func ontology(of video: Video, _ row: EncordRow) -> Ontology {
    var places: [String: Int] = [:]
    var ontology = Ontology()
    for object in video.tracks where !object.className.isEmpty {
      let place = places[object.className] ?? ontology.categories.count
      if place == ontology.categories.count {
        places[object.className] = place
        ontology.categories.append(
          Ontology.Category(name: object.className, sourceID: object.feature))
      }
      if ontology.categories[place].joints.isEmpty {
        ontology.categories[place].joints = object.joints
      }
      for action in row.actions[object.id] ?? [] {
        ontology.categories[place].mutableAttributes.insert(action.name)
      }
    }
    return ontology
  }

  private mutating func addRanges(
    of video: Video, _ row: EncordRow, space: String?, to result: inout VideoAnnotations
  ) {
    var known: Set<String> = []
    let isFirst = space == nil && row.units.first?.key == video.unit.key
    for (hash, classification) in row.classifications {
      known.insert(hash)
      let classified = video.classified[hash]
      var ranges = FrameRange.runs(of: classified?.frames ?? [])
      if let space {
        ranges += (classification.spaces[space] ?? []).map { counted($0) }
      } else if isFirst {
        ranges += classification.ranges.map { counted($0) }
        if ranges.isEmpty, classification.isGlobal, let end = result.frameCount {
          ranges = [FrameRange(0, end)]
        }
        let isHomeless = ranges.isEmpty && classification.spaces.values.allSatisfy(\.isEmpty)
        if isHomeless { homelessCount += 1 }
      }
      add(hash, classification, classified, Self.merged(ranges), to: &result)
    }
    for hash in video.order where known.insert(hash).inserted {
      let classified = video.classified[hash]
      add(
        hash, EncordRow.Classification(), classified,
        FrameRange.runs(of: classified?.frames ?? []), to: &result)
    }
  }

  private func add(
    _ hash: String, _ classification: EncordRow.Classification, _ classified: Classified?,
    _ ranges: [FrameRange], to result: inout VideoAnnotations
  ) {
    // Where the client writes the answers alone, the first question comes last.
    let answers = classification.answers
    let main = answers.firstIndex { $0.name == classified?.name } ?? answers.indices.last
    var attributes: [String: String] = [:]
    for (place, answer) in answers.enumerated() where place != main {
      attributes[answer.name] = answer.text
    }
    let isManual = classification.isManual ?? classified?.isManual
    let text = main.map { answers[$0].text }
    for range in ranges where !range.isEmpty {
      result.ranges.append(
        RangeLabel(
          range: range,
          name: main.map { answers[$0].name } ?? classified?.name ?? hash,
          value: text.flatMap { $0.isEmpty ? nil : $0 }, attributes: attributes,
          origin: isManual == nil && options.kind == .labels
            ? .unknown : origin(isManual: isManual),
          confidence: score(classification.confidence ?? classified?.confidence, isManual)))
    }
  }

  /// Joins ranges that touch.
  private static func merged(_ ranges: [FrameRange]) -> [FrameRange] {
    var merged: [FrameRange] = []
    for range in ranges.sorted() {
      if let last = merged.last, range.start <= last.end {
        merged[merged.count - 1].end = max(last.end, range.end)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}
