public import Foundation
import Timeline

/// ETA's labels of a video (`VideoLabels`), in which FiftyOne reads and writes videos.
///
/// - Frames count from 1; `support` is inclusive.
/// - Coordinates are shares of the picture: the size stands in `metadata`, else the video has to be
///   at hand.
/// - `index` is the identity of an object; without it a detection has none.
/// - An attribute `track_id` of an object over time is its id, which may be any text.
/// - A mask is a table that is stretched into the box of its object.
/// - Attributes called `occluded`, `visibility`, `keyframe` and `origin` are read as what they say.
/// - Attributes of frames and of the video, and events, are labels of ranges.
/// - `support` of the whole file tells which frames were labelled; without it all are.
public enum ETAVideo: LabelFormat {
  /// The id on the command line.
  public static let id = "eta"
  /// One line for the list of formats.
  public static let summary = "ETA and FiftyOne video labels: boxes, masks, lines, points, events"
  /// What people have to know about the format.
  public static let page = FormatPage(
    frames: "Frames count from 1; support ranges are inclusive.",
    traps: [
      "Places are shares of the picture; without metadata.frame_size name the video.",
      "A mask is a table cropped to the box and stretched into it.",
      "index is the object over time; an object without it is a lone detection.",
      "Occlusion, key frames and origin are attributes (occluded, keyframe, origin).",
    ])

  /// Tells whether a file is JSON and has the keys of ETA near its beginning.
  public static func matches(head: Data, path: String) -> Bool {
    let first = head.first { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    guard first == UInt8(ascii: "{") else { return false }
    func has(_ key: String) -> Bool { head.range(of: Data("\"\(key)\"".utf8)) != nil }
    if has("openlabel") { return false }
    if head.range(of: Data("\"eta.core.".utf8)) != nil { return true }
    return has("frames") && (has("frame_number") || has("bounding_box") && has("top_left"))
  }

  /// Reads a file.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var file = ETAFile(options: options)
    try file.read(path)
    return try file.dataset(path: path)
  }
}

/// Everything read from an ETA file, before shares of the picture have become pixels.
struct ETAFile {
  private struct Entry {
    var instance: Instance
    var identity: SourceIdentity
    var label: String
    /// Stretched into the box that the instance has.
    var mask: Mask?
  }

  private let options: ReadOptions
  private let base: Int
  private var video = VideoAnnotations()
  private var entries: [Entry] = []
  private var trackAttributes: [SourceIdentity: [String: String]] = [:]
  // Objects over time that may have no shape at all.
  private var supports: [(identity: SourceIdentity, range: RangeLabel)] = []
  private var videoAttributes: [ETAAttributes.Record] = []
  private var lastFrame = -1
  private var runCount = 0
  private var report = ReadReport()

  private static let maximumShare = 1e6
  // Of those that are kept one by one.
  private static let maximumFrames = 1_000_000
  // Packed tables may hold a thousand times what they take up.
  private static let maximumRuns = 50_000_000

  init(options: ReadOptions) {
    self.options = options
    base = LabelFormats.safeBase(options.base) ?? 1
    video.base = base
  }

  /// Reads a whole file.
  mutating func read(_ path: String) throws(LabelError) {
    var json = try JSONReader.open(path: path)
    guard (try? json.kind()) == .object, try json.beginObject() else { throw wrong(path, line: 1) }
    var isKnown = false
    while let key = try json.nextKey() {
      switch key {
      case "filename": video.name = try json.string()
      case "metadata": readMetadata(try json.value())
      case "support":
        readSupport(try json.value())
      case "attrs": videoAttributes = ETAAttributes(try json.value()).records
      case "frames":
        guard try json.beginObject() else { continue }
        isKnown = true
        while let number = try json.nextKey() { try readFrame(number, &json) }
      case "objects", "events":
        isKnown = true
        guard try json.beginObject() else { continue }
        while let inner = try json.nextKey() {
          guard inner == key, try json.beginArray() else {
            if inner != key { try json.skip() }
            continue
          }
          while try json.nextElement() {
            _ = try json.kind()
            let line = json.line
            let value = try json.value()
            report.rowCount += 1
            let flaw = key == "events" ? readEvent(value) : readObject(value, line: line)
            if let flaw { report.addBadRow(line: line, flaw) }
          }
        }
      default: try json.skip()
      }
    }
    guard isKnown else { throw wrong(path, line: nil) }
  }

  private func wrong(_ path: String, line: Int?) -> LabelError {
    LabelError(
      .wrongFormat, path: path, line: line,
      "there are no frames, objects or events as ETA has; name the right format")
  }

  private mutating func readMetadata(_ value: JSONValue) {
    if let size = value["frame_size"]?.elements, size.count == 2 {
      (video.width, video.height) = (size[0].count, size[1].count)
    }
    video.frameRate = value["frame_rate"]?.number.flatMap { $0 > 0 && $0 <= 10_000 ? $0 : nil }
    video.frameCount = value["total_frame_count"]?.count
  }

  /// `{"ranges": "1-3,7"}`, or lists of first and last frames, as half-open ranges.
  private func ranges(_ value: JSONValue) -> [FrameRange] {
    let value = value["ranges"] ?? value
    var pairs: [(Int, Int)] = []
    if let text = value.string {
      for part in text.split(separator: ",") {
        let ends = part.split(separator: "-").map { Int($0.trimmingCharacters(in: .whitespaces)) }
        if let first = ends.first ?? nil, let last = ends.last ?? nil {
          pairs.append((first, last))
        }
      }
    } else {
      let lists = value.numbers.map { [$0] } ?? (value.elements ?? []).compactMap(\.numbers)
      for list in lists where list.count == 2 {
        if let first = Int(exactly: list[0]), let last = Int(exactly: list[1]) {
          pairs.append((first, last))
        }
      }
    }
    return pairs.compactMap { first, last in
      guard first >= base, last >= first, last <= LabelFormats.maximumFrame else { return nil }
      return FrameRange(first - base, last - base + 1)
    }
  }

  private mutating func readSupport(_ value: JSONValue) {
    let found = FrameRange.merged(ranges(value))
    if found.count == 1 {
      video.annotated = .every(step: 1, in: found[0])
    } else if found.reduce(0, { $0 + $1.count }) <= Self.maximumFrames, !found.isEmpty {
      video.annotated = AnnotatedFrames(found.flatMap { Array($0.start..<$0.end) })
    }
  }

  // MARK: Frames

  private mutating func readFrame(
    _ key: String, _ json: inout JSONReader
  ) throws(LabelError) {
    _ = try json.kind()
    let line = json.line
    guard let number = Int(key), number >= base, number <= LabelFormats.maximumFrame else {
      report.rowCount += 1
      report.addBadRow(line: line, "the frame \(key.prefix(20)) is no number in range")
      return try json.skip()
    }
    let frame = number - base
    lastFrame = max(lastFrame, frame)
    guard try json.beginObject() else { return }
    while let key = try json.nextKey() {
      switch key {
      case "attrs":
        for record in ETAAttributes(try json.value()).records {
          video.ranges.append(record.label(of: FrameRange(frame, frame + 1), options.origin))
        }
      case "objects", "polylines", "keypoints":
        guard try json.beginObject() else { continue }
        while let inner = try json.nextKey() {
          guard inner == key, try json.beginArray() else {
            if inner != key { try json.skip() }
            continue
          }
          while try json.nextElement() {
            _ = try json.kind()
            let line = json.line
            report.rowCount += 1
            if let flaw = readShape(key, try json.value(), frame, line: line) {
              report.addBadRow(line: line, flaw)
            }
          }
        }
      case "mask":
        report.addNote("masks of whole frames, which hold classes and no objects, are left out")
        try json.skip()
      default: try json.skip()
      }
    }
  }

  private mutating func readShape(
    _ kind: String, _ value: JSONValue, _ frame: FrameIndex, line: Int
  ) -> String? {
    guard value.isObject else { return "the entry is no object" }
    switch kind {
    case "objects": return readDetection(value, frame, line: line)
    case "keypoints":
      guard let points = Self.points(value["points"]), !points.isEmpty else {
        return "the keypoints have no usable points"
      }
      add([.points(points)], value, frame, line: line)
    default:
      let lists = (value["points"]?.elements ?? []).map { Self.points($0) }
      guard !lists.isEmpty, lists.allSatisfy({ $0?.isEmpty == false }) else {
        return "the polyline has no usable points"
      }
      let lines = lists.compactMap { $0 }
      if value["closed"]?.truth == true || value["filled"]?.truth == true {
        let parts = lines.map { Polygon.Part(outer: $0) }
        add([.polygon(Polygon(parts: parts))], value, frame, line: line)
      } else {
        add(lines.map { .polyline($0) }, value, frame, line: line)
      }
    }
    return nil
  }

  private mutating func readDetection(
    _ value: JSONValue, _ frame: FrameIndex, line: Int
  ) -> String? {
    guard let box = value["bounding_box"],
      let low = box["top_left"]?.point(limit: Self.maximumShare),
      let high = box["bottom_right"]?.point(limit: Self.maximumShare)
    else { return "the object has no usable bounding_box" }
    var mask: Mask?
    if let table = value["mask"], !table.isNull {
      let pixels =
        table.string.flatMap { NumPyMask(text: $0) }
        ?? table.elements.flatMap(NumPyMask.init(rows:))
      guard let whole = pixels?.mask else {
        return "the mask is no table of numbers packed as ETA does"
      }
      runCount += whole.runs.count
      guard runCount <= Self.maximumRuns else { return "the masks hold more than can be kept" }
      mask = whole
    }
    let shape = Shape.box(
      Box(left: low.x, top: low.y, width: high.x - low.x, height: high.y - low.y))
    add([shape], value, frame, line: line, mask: mask)
    return nil
  }

  private static func points(_ value: JSONValue?) -> [Point]? {
    guard let elements = value?.elements else { return nil }
    let points = elements.compactMap { $0.point(limit: maximumShare) }
    return points.count == elements.count ? points : nil
  }

  private mutating func add(
    _ shapes: [Shape], _ value: JSONValue, _ frame: FrameIndex, line: Int, mask: Mask? = nil
  ) {
    let attributes = ETAAttributes(value["attrs"])
    var instance = Instance(
      frame: frame, shape: .points([]), origin: options.origin,
      confidence: value["confidence"]?.number.flatMap { $0.isFinite ? $0 : nil },
      line: Int32(clamping: line))
    attributes.apply(to: &instance)
    let tags = (value["tags"]?.elements ?? []).compactMap(\.text)
    if !tags.isEmpty { instance.attributes["tags"] = tags.joined(separator: ",") }
    for shape in shapes {
      instance.shape = shape
      entries.append(
        Entry(
          instance: instance, identity: value["index"]?.identity ?? .none,
          label: value["label"]?.text ?? "", mask: mask))
    }
  }

  // MARK: Objects over time and events

  private mutating func readObject(_ value: JSONValue, line: Int) -> String? {
    guard value.isObject else { return "the object is no object" }
    let identity = value["index"]?.identity ?? .none
    var attributes: [String: String] = [:]
    for record in ETAAttributes(value["attrs"]).records { attributes[record.name] = record.value }
    if identity != .none { trackAttributes[identity] = attributes }
    for range in ranges(value["support"] ?? .null) {
      lastFrame = max(lastFrame, range.end - 1)
      supports.append(
        (
          identity,
          RangeLabel(
            range: range, name: value["label"]?.text ?? "", attributes: attributes,
            origin: options.origin, confidence: value["confidence"]?.number)
        ))
    }
    for member in value["frames"]?.members ?? [] {
      guard let number = Int(member.key), number >= base, number <= LabelFormats.maximumFrame else {
        return "the frame \(member.key.prefix(20)) is no number in range"
      }
      lastFrame = max(lastFrame, number - base)
      var shape = member.value
      // The object's index and label hold where its frames do not repeat them.
      if case .object(var members) = shape {
        members += value.members.filter { ["index", "label"].contains($0.key) }
        shape = .object(members)
      }
      if let flaw = readDetection(shape, number - base, line: line) { return flaw }
    }
    return nil
  }

  private mutating func readEvent(_ value: JSONValue) -> String? {
    let found = ranges(value["support"] ?? .null)
    guard let label = value["label"]?.text, !found.isEmpty else {
      return "the event has no label or no usable support"
    }
    for range in found {
      lastFrame = max(lastFrame, range.end - 1)
      var event = RangeLabel(
        range: range, name: label, origin: options.origin,
        confidence: value["confidence"]?.number.flatMap { $0.isFinite ? $0 : nil })
      for record in ETAAttributes(value["attrs"]).records {
        switch record.name {
        case "value": event.value = record.value
        case "track": event.track = record.value
        case "origin": event.origin = Origin(rawValue: record.value) ?? event.origin
        default: event.attributes[record.name] = record.value
        }
      }
      video.ranges.append(event)
    }
    return nil
  }
}

// MARK: - Building

extension ETAFile {
  /// Builds the labels of the video.
  mutating func dataset(path: String) throws(LabelError) -> Dataset {
    if report.rowCount > 0, report.badRowCount == report.rowCount {
      let first = report.badRows.first
      throw LabelError(
        .wrongFormat, path: path, line: first?.line,
        "no label can be used as ETA's (\(first?.reason ?? "")); name the right format")
    }
    if !entries.isEmpty { try findSize(path: path) }
    let (width, height) = (Double(video.width ?? 1), Double(video.height ?? 1))
    var collector = TrackCollector()
    for entry in entries {
      var instance = entry.instance
      instance.shape = instance.shape.scaled(x: width, y: height)
      if let table = entry.mask {
        guard let box = instance.shape.bounds, let mask = table.stretched(into: box) else {
          report.addBadRow(line: Int(instance.line), "the box of the mask is empty or too large")
          continue
        }
        instance.shape = .mask(mask)
      }
      collector.add(instance, of: entry.identity, className: entry.label)
    }
    video.tracks = collector.tracks(report: &report)
    for place in video.tracks.indices where video.tracks[place].isTracked {
      let identity =
        Int(video.tracks[place].id).map { SourceIdentity.number($0) }
        ?? .text(video.tracks[place].id)
      video.tracks[place].attributes.merge(trackAttributes[identity] ?? [:]) { $1 }
    }
    video.ontology = Ontology(
      categories: collector.classNames.filter { !$0.isEmpty }.map { Ontology.Category(name: $0) })
    addRanges()
    video.restoreTrackIDs()
    return Dataset(format: ETAVideo.id, videos: [video], report: report)
  }

  private mutating func findSize(path: String) throws(LabelError) {
    guard video.width == nil || video.height == nil else { return }
    guard let hint = options.video(named: video.name ?? path) else {
      throw LabelError(
        .incomplete, path: path,
        "places are shares of the picture and the file has no size; name the video, too")
    }
    (video.width, video.height) = (hint.width, hint.height)
  }

  private mutating func addRanges() {
    let known = Set(video.tracks.map(\.id))
    for (identity, range) in supports where !known.contains(identity.spelling ?? "") {
      var range = range
      range.track = identity.spelling
      video.ranges.append(range)
    }
    let end = max(video.frameCount ?? 0, lastFrame + 1)
    guard end > 0 else { return }
    for record in videoAttributes {
      video.ranges.append(record.label(of: FrameRange(0, end), options.origin))
    }
  }
}

/// ETA's typed attributes.
struct ETAAttributes {
  /// One attribute.
  struct Record {
    var name: String
    var value: String
    var confidence: Double?

    /// The attribute as a label of frames.
    func label(of range: FrameRange, _ origin: Origin) -> RangeLabel {
      RangeLabel(range: range, name: name, value: value, origin: origin, confidence: confidence)
    }
  }

  /// The attributes, in the order of the file.
  var records: [Record] = []

  /// Reads `{"attrs": [{"type": …, "name": …, "value": …}]}`.
  init(_ value: JSONValue?) {
    for entry in value?["attrs"]?.elements ?? [] {
      guard let name = entry["name"]?.text, let text = entry["value"]?.text else { continue }
      records.append(
        Record(
          name: name, value: text,
          confidence: entry["confidence"]?.number.flatMap { $0.isFinite ? $0 : nil }))
    }
  }

  /// Sets what the attributes of an object say about it.
  func apply(to instance: inout Instance) {
    for record in records {
      switch record.name {
      case "occluded" where record.value == "true" || record.value == "false":
        if case .ratio = instance.visibility { continue }
        instance.visibility = record.value == "true" ? .occluded : .visible
      case "visibility":
        if let share = Double(record.value), share >= 0, share <= 1 {
          instance.visibility = .ratio(share)
        } else {
          instance.attributes[record.name] = record.value
        }
      case "keyframe" where record.value == "true" || record.value == "false":
        instance.isKeyFrame = record.value == "true"
      case "origin" where Origin(rawValue: record.value) != nil:
        instance.origin = Origin(rawValue: record.value) ?? instance.origin
      default: instance.attributes[record.name] = record.value
      }
    }
  }
}

extension Shape {
  /// The shape with its places multiplied, from shares of the picture to pixels and back.
  ///
  /// Masks and turned shapes are left as they are: no format has them in shares.
  func scaled(x: Double, y: Double) -> Shape {
    func scaled(_ points: [Point]) -> [Point] { points.map { Point($0.x * x, $0.y * y) } }
    switch self {
    case .box(let box):
      return .box(
        Box(left: box.left * x, top: box.top * y, width: box.width * x, height: box.height * y))
    case .polygon(let polygon):
      return .polygon(
        Polygon(
          parts: polygon.parts.map {
            Polygon.Part(outer: scaled($0.outer), holes: $0.holes.map(scaled))
          }))
    case .polyline(let points): return .polyline(scaled(points))
    case .points(let points): return .points(scaled(points))
    case .cuboid(let points): return .cuboid(scaled(points))
    case .rotatedBox, .skeleton, .mask, .ellipse: return self
    }
  }
}
