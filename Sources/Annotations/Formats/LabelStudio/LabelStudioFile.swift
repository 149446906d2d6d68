import Foundation
import Timeline

/// Everything read from a Label Studio file.
struct LabelStudioFile {
  /// One set of regions on a task: an annotation or a prediction.
  private struct Annotation {
    var regions: [LabelStudioRegion] = []
    var isCancelled = false
    var isPrediction = false
    /// When it was changed last, as the file spells it; ISO 8601 sorts as text.
    var stamp = ""
    var rows: LabelStudioRegionReader
  }

  /// One video in the making.
  private struct Task {
    var data: [JSONValue.Member] = []
    var upload: String?
    /// The newest annotation that counts, and the newest prediction.
    var annotation: Annotation?
    var prediction: Annotation?
    var annotationCount = 0
    var predictionCount = 0
    var cancelledCount = 0
    /// Lists of regions by the name of their control: JSON-MIN.
    var loose: Annotation
    /// Whether there are bare regions, or at least a place for them.
    var hasLoose = false
    var isTask = false
  }

  private let path: String
  private let options: ReadOptions
  private let base: Int
  private var report = ReadReport()
  private var videos: [VideoAnnotations] = []
  private var room = LabelStudioRegion.fillLimit
  private var otherTypes: [String: Int] = [:]
  private var unstatedLength = 0
  private var isMinimal = false

  init(path: String, options: ReadOptions) {
    self.path = path
    self.options = options
    base = LabelFormats.safeBase(options.base) ?? LabelStudio.base
  }

  /// Reads the whole file.
  mutating func dataset() throws(LabelError) -> Dataset {
    var json = try JSONReader.open(path: path)
    // What is no JSON from its first byte on was never damaged: it is something else.
    let kind = try? json.kind()
    var found = false
    switch kind {
    case .array:
      guard try json.beginArray() else { break }
      while try json.nextElement() { if try readTask(&json) { found = true } }
    case .object: found = try readTask(&json)
    default:
      throw LabelError(
        .wrongFormat, path: path, line: 1,
        "this is no JSON as Label Studio exports it; name the right format")
    }
    guard found else {
      throw LabelError(
        .wrongFormat, path: path,
        "there is no task with annotations or predictions as Label Studio exports them; "
          + "name the right format")
    }
    addNotes()
    return Dataset(
      format: LabelStudio.id, dialect: isMinimal ? "JSON-MIN" : "JSON", videos: videos,
      report: report)
  }

  private mutating func addNotes() {
    for (type, count) in otherTypes.sorted(by: { $0.key < $1.key }) {
      let name = type.isEmpty ? "without a type" : "of the type \(type)"
      report.addNote("\(count) region(s) \(name) are no labels of frames and were left out")
    }
    if unstatedLength > 0 {
      report.addNote(
        "\(unstatedLength) object(s) stay to the end of a video whose length the file does not "
          + "state; they end at their last key frame")
    }
    if room < 0 {
      report.addNote(
        "more than \(LabelStudioRegion.fillLimit) frames between key frames are too many to fill "
          + "in; the rest count as holes")
    }
  }

  // MARK: - Tasks

  /// Reads one task; false where it is none.
  private mutating func readTask(_ json: inout JSONReader) throws(LabelError) -> Bool {
    var task = Task(loose: newAnnotation())
    guard try json.beginObject() else {
      report.rowCount += 1
      report.addBadRow(line: json.line, "the task is no object")
      return false
    }
    while let key = try json.nextKey() { try readMember(key, of: &task, &json) }
    guard task.isTask else { return false }
    try finish(&task)
    return true
  }

  private func newAnnotation() -> Annotation {
    Annotation(rows: LabelStudioRegionReader(base: base))
  }

  private mutating func readMember(
    _ key: String, of task: inout Task, _ json: inout JSONReader
  ) throws(LabelError) {
    switch key {
    case "data":
      task.data = try json.value().members
    case "file_upload":
      task.upload = try json.string()
    case "annotations", "completions", "predictions":
      guard try json.kind() == .array else {
        // JSON-MIN may have fields of any name.
        try json.skip()
        return
      }
      guard try json.beginArray() else { return }
      task.isTask = true
      while try json.nextElement() {
        try readAnnotation(&json, of: &task, isPrediction: key == "predictions")
      }
    case "annotation", "prediction":
      guard try json.kind() == .object else {
        try json.skip()
        return
      }
      task.isTask = true
      try readAnnotation(&json, of: &task, isPrediction: key == "prediction")
    case "task":
      // What a backend is sent: the annotation and its task side by side.
      guard try json.beginObject() else { return }
      while let inner = try json.nextKey() {
        if inner == "data" { task.data = try json.value().members } else { try json.skip() }
      }
    case "result":
      // A bare prediction or annotation, as backends return it.
      guard try json.kind() == .array else {
        try json.skip()
        return
      }
      (task.isTask, task.hasLoose) = (true, true)
      try readRegions(&json, into: &task.loose, control: "")
    case "model_version":
      task.loose.isPrediction = true
      try json.skip()
    default:
      try readField(key, of: &task, &json)
    }
  }

  /// A field of JSON-MIN: of the task's data, or the regions of a control.
  private mutating func readField(
    _ key: String, of task: inout Task, _ json: inout JSONReader
  ) throws(LabelError) {
    switch try json.kind() {
    case .array: try readRegions(&json, into: &task.loose, control: key, isMinimal: true)
    case .string, .number:
      let value = try json.value()
      task.data.append(JSONValue.Member(key: key, value: value))
    default: try json.skip()
    }
    if !task.loose.regions.isEmpty { (task.isTask, task.hasLoose) = (true, true) }
  }

  private mutating func readAnnotation(
    _ json: inout JSONReader, of task: inout Task, isPrediction: Bool
  ) throws(LabelError) {
    var annotation = newAnnotation()
    annotation.isPrediction = isPrediction
    guard try json.beginObject() else {
      // Older exports list the predictions by their ids alone.
      return
    }
    var (created, updated) = ("", "")
    while let key = try json.nextKey() {
      switch key {
      case "result": try readRegions(&json, into: &annotation, control: "")
      case "was_cancelled", "skipped":
        if try json.boolean() == true { annotation.isCancelled = true }
      case "created_at": created = try json.text() ?? ""
      case "updated_at": updated = try json.text() ?? ""
      default: try json.skip()
      }
    }
    annotation.stamp = updated.isEmpty ? created : updated
    if isPrediction { task.predictionCount += 1 } else { task.annotationCount += 1 }
    guard !annotation.isCancelled else {
      task.cancelledCount += 1
      return
    }
    // Of two of one time the later in the file counts.
    let rival = isPrediction ? task.prediction : task.annotation
    if let rival, rival.stamp > annotation.stamp { return }
    if isPrediction { task.prediction = annotation } else { task.annotation = annotation }
  }

  private mutating func readRegions(
    _ json: inout JSONReader, into annotation: inout Annotation, control: String,
    isMinimal: Bool = false
  ) throws(LabelError) {
    guard try json.beginArray() else { return }
    while try json.nextElement() {
      guard try json.kind() == .object || !isMinimal else {
        try json.skip()
        continue
      }
      let line = json.line
      let entry = try json.value()
      if isMinimal {
        // Any other list of objects is a field of the task.
        guard entry["sequence"] != nil || entry["ranges"] != nil || entry["choices"] != nil else {
          continue
        }
        self.isMinimal = true
      }
      if let region = annotation.rows.region(entry, control: control, line: line) {
        annotation.regions.append(region)
      }
    }
  }

  // MARK: - Videos

  /// Turns a task into a video.
  private mutating func finish(_ task: inout Task) throws(LabelError) {
    var video = VideoAnnotations(name: Self.name(of: task.data, upload: task.upload), base: base)
    // Nobody looked at a task without an annotation.
    if task.annotation == nil, task.prediction == nil, !task.hasLoose {
      video.annotated = .only([])
    }
    let annotation = chosen(from: &task, name: video.name)
    annotation.rows.add(to: &report)
    if annotation.rows.hasCurves {
      report.addNote("curved lines are read as the straight lines between their vertices")
    }
    let regions = annotation.regions
    try readFacts(of: &video, task.data, regions)
    let hint = options.video(named: video.name)
    noteClock(of: video, hint)
    // An object is not shown beyond the last frame, whatever the rate in the configuration was.
    let end = [video.frameCount, hint?.frameCount].compactMap(\.self).min()
    let answers = answers(in: regions)
    var ids = UniqueIDs(regions.compactMap(\.id))
    for region in regions {
      switch region.content {
      case .object(let keyFrames):
        guard !keyFrames.isEmpty else { continue }
        if end == nil, keyFrames.last?.isEnabled == true { unstatedLength += 1 }
        let size = try size(of: region, video, hint)
        let (instances, absences) = LabelStudioRegion.instances(
          keyFrames, origin: origin(of: region, annotation), size: size, end: end, room: &room)
        video.tracks.append(
          Track(
            id: ids.id(region.id), className: region.labels.first ?? answers.className(region),
            instances: instances, absences: absences,
            attributes: attributes(of: region, answers)))
      case .ranges(let ranges):
        add(ranges, of: region, annotation, answers, to: &video)
      case .answer, .other: continue
      }
    }
    addWholeVideoAnswers(regions, annotation, to: &video, end: end)
    for region in regions {
      if case .other(let type) = region.content, type != "labels" {
        otherTypes[type, default: 0] += 1
      }
    }
    var known: Set<String> = []
    video.ontology.categories = video.tracks.map(\.className)
      .filter { !$0.isEmpty && known.insert($0).inserted }
      .map { Ontology.Category(name: $0) }
    videos.append(video)
  }

  /// The annotation that counts: the newest one that is not cancelled.
  private mutating func chosen(from task: inout Task, name: String?) -> Annotation {
    let isForPredictions = options.kind == .predictions
    let wanted =
      isForPredictions
      ? task.prediction ?? task.annotation : task.annotation ?? task.prediction
    var chosen = wanted ?? task.loose
    if wanted != nil { chosen.regions += task.loose.regions }
    let others =
      task.annotationCount + task.predictionCount - task.cancelledCount - (wanted == nil ? 0 : 1)
    let title = name.map { " of \($0)" } ?? ""
    if others > 0 {
      let kind = chosen.isPrediction ? "prediction" : "annotation"
      report.addNote(
        "the newest \(kind)\(title) was read; \(others) other annotation(s) or prediction(s) were "
          + "left out")
    }
    if task.cancelledCount > 0 {
      report.addNote("\(task.cancelledCount) cancelled annotation(s)\(title) were left out")
    }
    task.annotation = nil
    task.prediction = nil
    return chosen
  }

  private mutating func readFacts(
    of video: inout VideoAnnotations, _ data: [JSONValue.Member], _ regions: [LabelStudioRegion]
  ) throws(LabelError) {
    func fact(_ keys: String...) -> Double? {
      keys.lazy.compactMap { key in data.first { $0.key == key }?.value.number }
        .first { $0.isFinite && $0 > 0 }
    }
    func whole(_ number: Double?, _ limit: Int) -> Int? {
      number.flatMap { Int(exactly: $0) }.flatMap { $0 <= limit ? $0 : nil }
    }
    video.width = regions.lazy.compactMap(\.width).first ?? whole(fact("width"), 1_000_000)
    video.height = regions.lazy.compactMap(\.height).first ?? whole(fact("height"), 1_000_000)
    video.frameCount =
      regions.lazy.compactMap(\.framesCount).max()
      ?? whole(fact("frames_count", "framesCount"), LabelFormats.maximumFrame)
    video.frameRate = fact("frame_rate", "fps", "framerate")
    guard video.frameRate == nil,
      let whole = regions.first(where: { $0.duration != nil && $0.framesCount != nil }),
      let duration = whole.duration, let count = whole.framesCount
    else { return }
    // The length is rounded to whole frames; the times of key frames are not, where they fit.
    let mean = Double(count) / duration
    let exact = regions.lazy.compactMap(\.frameRate).first { abs($0 / mean - 1) < 0.02 }
    let rate = exact ?? mean
    if rate.isFinite, rate < 10_000 { video.frameRate = rate }
  }

  /// Says where the clock that Label Studio counted frames by is not the video's.
  private mutating func noteClock(of video: VideoAnnotations, _ hint: VideoHint?) {
    guard let hint else { return }
    let title = video.name ?? "the video"
    var parts: [String] = []
    if let stated = video.frameCount, let counted = hint.frameCount, stated != counted {
      parts.append("\(stated) frames instead of \(counted)")
    }
    if let stated = video.frameRate, let rate = hint.frameRate, rate > 0,
      abs(stated / rate - 1) > 0.005
    {
      parts.append(
        "\(JSONText.number(stated, decimals: 3)) frames per second instead of "
          + JSONText.number(rate, decimals: 3))
    }
    guard !parts.isEmpty else { return }
    report.addNote(
      "\(title) has \(parts.joined(separator: " and ")) in the file: Label Studio counts frames "
        + "as the time multiplied by the frameRate of its labelling configuration, and a wrong "
        + "one shifts every label")
  }

  private func size(
    of region: LabelStudioRegion, _ video: VideoAnnotations, _ hint: VideoHint?
  ) throws(LabelError) -> (width: Double, height: Double) {
    guard let width = region.width ?? video.width ?? hint?.width,
      let height = region.height ?? video.height ?? hint?.height
    else {
      throw LabelError(
        .incomplete, path: path, line: region.line,
        "places are percent of the picture, and the file does not state its size; name the video "
          + "\(video.name ?? "") too".trimmingCharacters(in: .whitespaces))
    }
    return (Double(width), Double(height))
  }

  private func origin(of region: LabelStudioRegion, _ annotation: Annotation) -> Origin {
    if annotation.isPrediction || options.kind == .predictions { return .model }
    switch region.origin {
    case "manual", "prediction-changed": return .human
    case "prediction": return .model
    default: return options.origin
    }
  }

  /// The same of a label of frames, for which nothing is nothing.
  private func rangeOrigin(of region: LabelStudioRegion, _ annotation: Annotation) -> Origin {
    let origin = origin(of: region, annotation)
    return origin == .imported ? .unknown : origin
  }

  // MARK: Answers

  /// The answers and labels that speak of a region of the same id.
  private struct Answers {
    var texts: [String: [(name: String, text: String)]] = [:]
    var labels: [String: String] = [:]

    func className(_ region: LabelStudioRegion) -> String {
      region.id.flatMap { labels[$0] } ?? ""
    }
  }

  private func answers(in regions: [LabelStudioRegion]) -> Answers {
    var answers = Answers()
    for region in regions {
      guard let id = region.id else { continue }
      switch region.content {
      case .answer(let text): answers.texts[id, default: []].append((region.control, text))
      case .other("labels"): answers.labels[id] = region.labels.first
      default: continue
      }
    }
    return answers
  }

  private func attributes(
    of region: LabelStudioRegion, _ answers: Answers
  ) -> [String: String] {
    var attributes = region.attributes
    if region.labels.count > 1 { attributes["labels"] = region.labels.joined(separator: ", ") }
    if let score = region.score {
      attributes[ReservedAttribute.trackScore] = JSONText.number(score)
    }
    for (name, text) in region.id.flatMap({ answers.texts[$0] }) ?? [] {
      attributes[name] = attributes[name].map { $0 + ", " + text } ?? text
    }
    return attributes
  }

  private func add(
    _ ranges: [FrameRange], of region: LabelStudioRegion, _ annotation: Annotation,
    _ answers: Answers, to video: inout VideoAnnotations
  ) {
    var attributes = region.attributes
    var value: String?
    for (name, text) in region.id.flatMap({ answers.texts[$0] }) ?? [] {
      if name == LabelStudio.valueControl { value = text } else { attributes[name] = text }
    }
    for range in ranges {
      for label in region.labels.isEmpty ? [region.control] : region.labels {
        video.ranges.append(
          RangeLabel(
            range: range, name: label, value: value, track: region.parent, attributes: attributes,
            origin: rangeOrigin(of: region, annotation), confidence: region.score))
      }
    }
  }

  /// Answers without a region of their id speak of the video as a whole.
  private func addWholeVideoAnswers(
    _ regions: [LabelStudioRegion], _ annotation: Annotation, to video: inout VideoAnnotations,
    end: Int?
  ) {
    var objects: Set<String> = []
    for region in regions {
      switch region.content {
      case .object, .ranges: if let id = region.id { objects.insert(id) }
      default: continue
      }
    }
    for region in regions {
      guard case .answer(let text) = region.content,
        !(region.id.map { objects.contains($0) } ?? false)
      else { continue }
      let end = max(1, end ?? video.extent?.end ?? 1)
      video.ranges.append(
        RangeLabel(
          range: FrameRange(0, end), name: region.control, value: text,
          origin: rangeOrigin(of: region, annotation), confidence: region.score))
    }
  }

  // MARK: Names

  /// The file name of the video among the data of a task.
  private static func name(of data: [JSONValue.Member], upload: String?) -> String? {
    let texts = data.compactMap { member in member.value.string.map { (member.key, $0) } }
    let extensions = ["mp4", "mov", "mkv", "avi", "webm", "m4v", "mpg", "mpeg", "ts"]
    let named =
      texts.first { $0.0 == "video" } ?? texts.first { $0.0.lowercased().contains("video") }
      ?? texts.first { text in
        extensions.contains { fileName(text.1).lowercased().hasSuffix("." + $0) }
      }
    guard let text = named?.1 ?? upload, !text.isEmpty else { return nil }
    return fileName(text)
  }

  /// The last part of an address: without the query, and without the eight digits that Label
  /// Studio puts before the name of an uploaded file.
  private static func fileName(_ address: String) -> String {
    var path = Substring(address)
    if let local = path.range(of: "/data/local-files/?d=") {
      path = path[local.upperBound...]
    } else if path.contains("://") || path.hasPrefix("/"),
      let query = path.firstIndex(of: "?")
    {
      path = path[..<query]
    }
    let name = path.split(separator: "/").last.map(String.init) ?? String(path)
    let decoded = name.removingPercentEncoding ?? name
    guard path.contains("upload/"), let stroke = decoded.firstIndex(of: "-") else {
      return decoded
    }
    let prefix = decoded[..<stroke]
    guard prefix.count == 8, prefix.allSatisfy(\.isHexDigit) else { return decoded }
    return String(decoded[decoded.index(after: stroke)...])
  }
}

/// Gives every track an id of its own.
private struct UniqueIDs {
  private var taken: Set<String> = []
  private let known: Set<String>
  private var count = 0

  /// Creates ids for regions of which some have one.
  init(_ known: [String]) { self.known = Set(known) }

  /// The id of a region: its own, with a suffix where it was given away, or else `#` and a number.
  mutating func id(_ own: String?) -> String {
    if let own, taken.insert(own).inserted { return own }
    while true {
      count += 1
      let id = (own ?? "") + "#\(count)"
      if !known.contains(id), taken.insert(id).inserted { return id }
    }
  }
}
