public import Foundation
import Timeline

/// FiftyOne's `labels.json` of temporal detections: labels of stretches of many videos, no shapes.
///
/// - `support` counts frames from 1 and is inclusive.
/// - `timestamps` are seconds. They are put on the frames nearest to them, the end exclusive, for
///   which the video has to be at hand. FiftyOne itself spreads seconds over one frame less than
///   there are and counts the last one in, which is up to a frame later.
/// - Videos are called by their stem. One whose list is `null` was not labelled.
public enum FiftyOneTemporal: WritableFormat {
  /// The id on the command line.
  public static let id = "fiftyone-temporal"
  /// One line for the list of formats.
  public static let summary = "FiftyOne's temporal detections: labels of stretches of videos"
  /// What people have to know about the format.
  public static let page = FormatPage(
    frames: "support counts frames from 1, inclusive; timestamps are seconds.",
    traps: [
      "With timestamps the video has to be named; prefer support, which is exact.",
      "Videos are called by their stem, without the extension.",
    ])
  /// What it can carry.
  public static let capabilities = FormatCapabilities(
    shapes: [], identity: .text, aspects: [.ranges, .rangeDetails, .videoName],
    output: .file(extension: "json"), holdsManyVideos: true)

  /// Tells whether a file is JSON and has the keys of temporal detections near its beginning.
  public static func matches(head: Data, path: String) -> Bool {
    let first = head.first { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    guard first == UInt8(ascii: "{") else { return false }
    func has(_ key: String) -> Bool { head.range(of: Data("\"\(key)\"".utf8)) != nil }
    if has("frames") || has("poly2d") || has("box2d") || has("annotations") { return false }
    return has("labels") && has("classes") && !has("images")
      || has("labels") && has("label") && (has("support") || has("timestamps"))
  }

  /// Reads a file.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var file = FiftyOneTemporalFile(options: options, path: path)
    try file.read()
    return try file.dataset()
  }

  /// Writes `{classes, labels}` with `support`.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    try output.write("{\"classes\":null,\"labels\":{")
    var taken: Set<String> = []
    for (place, video) in dataset.videos.enumerated() {
      let stem = ((video.name ?? "video-\(place + 1)") as NSString).deletingPathExtension
      var name = stem
      while !taken.insert(name).inserted { name += "-\(place + 1)" }
      try output.write((place == 0 ? "\n" : ",\n") + JSONText.string(name) + ":")
      try output.write(JSONValue.array(video.ranges.map(entry)).json)
    }
    try output.write("\n}}\n")
    try output.finish()
    return LossReport()
  }

  private static func entry(_ range: RangeLabel) -> JSONValue {
    var attributes = range.attributes
    attributes["value"] = range.value ?? attributes["value"]
    attributes["track"] = range.track ?? attributes["track"]
    if range.origin != .imported { attributes["origin"] = range.origin.rawValue }
    let members = attributes.sorted { $0.key < $1.key }.map {
      JSONValue.Member(key: $0.key, value: .string($0.value))
    }
    return .members([
      "label": .string(range.name),
      "support": .array([
        .number(Double(range.range.start + 1)), .number(Double(range.range.end)),
      ]), "confidence": range.confidence.map { .number($0) },
      "attributes": members.isEmpty ? nil : .object(members),
    ])
  }
}

/// Everything read from a file of temporal detections.
private struct FiftyOneTemporalFile {
  let options: ReadOptions
  let path: String
  private var classes: [String] = []
  private var videos: [VideoAnnotations] = []
  // Labels that are places in `classes`, which may come later.
  private var numbered: [(video: Int, range: Int, label: Int, line: Int)] = []
  private var report = ReadReport()

  init(options: ReadOptions, path: String) {
    self.options = options
    self.path = path
  }

  private var base: Int { LabelFormats.safeBase(options.base) ?? 1 }

  mutating func read() throws(LabelError) {
    var json = try JSONReader.open(path: path)
    var isKnown = false
    if (try? json.kind()) == .object, try json.beginObject() {
      while let key = try json.nextKey() {
        switch key {
        case "classes": classes = (try json.value().elements ?? []).map { $0.text ?? "" }
        case "labels":
          guard try json.beginObject() else { continue }
          isKnown = true
          while let name = try json.nextKey() { try readVideo(name, &json) }
        default: try json.skip()
        }
      }
    }
    guard isKnown else {
      throw LabelError(
        .wrongFormat, path: path,
        "there is no object called labels as FiftyOne's temporal detections have; name the right"
          + " format")
    }
  }

  private mutating func readVideo(
    _ name: String, _ json: inout JSONReader
  ) throws(LabelError) {
    let hint = options.video(named: name)
    // The extension, which the file leaves out.
    let isSame = hint.map { ($0.name as NSString).deletingPathExtension == name } ?? false
    var video = VideoAnnotations(name: isSame ? hint?.name : name, base: base)
    if try json.kind() == .null { video.annotated = .only([]) }
    videos.append(video)
    guard try json.beginArray() else { return }
    var times: [Double]?
    while try json.nextElement() {
      _ = try json.kind()
      let line = json.line
      let value = try json.value()
      report.rowCount += 1
      if value["support"]?.numbers == nil, value["timestamps"] != nil, times == nil {
        times = try self.times(of: hint, name)
      }
      if let flaw = readEntry(value, line: line, times: times ?? []) {
        report.addBadRow(line: line, flaw)
      }
    }
  }

  private func times(of hint: VideoHint?, _ name: String) throws(LabelError) -> [Double] {
    if let hint {
      if let times = hint.frameTimes(), !times.isEmpty { return times }
      if let rate = hint.frameRate, rate > 0, let count = hint.frameCount {
        return (0..<min(count, LabelFormats.maximumFrame)).map { Double($0) / rate }
      }
    }
    throw LabelError(
      .incomplete, path: path,
      "the labels of \(name.prefix(80)) are in seconds; name the video, too")
  }

  private mutating func readEntry(
    _ value: JSONValue, line: Int, times: [Double]
  ) -> String? {
    let range: FrameRange
    if let support = value["support"]?.numbers {
      guard support.count == 2, let first = Int(exactly: support[0]),
        let last = Int(exactly: support[1]), first >= base, last >= first,
        last <= LabelFormats.maximumFrame
      else { return "the support is no first and last frame" }
      range = FrameRange(first - base, last - base + 1)
    } else {
      guard let seconds = value["timestamps"]?.numbers, seconds.count == 2,
        seconds.allSatisfy(\.isFinite), seconds[0] <= seconds[1]
      else { return "there is neither a usable support nor timestamps" }
      let start = Self.nearest(seconds[0], times)
      range = FrameRange(start, max(start + 1, Self.nearest(seconds[1], times)))
    }
    var label = RangeLabel(
      range: range, name: "", origin: options.origin,
      confidence: value["confidence"]?.number.flatMap { $0.isFinite ? $0 : nil })
    for member in value["attributes"]?.members ?? [] {
      guard let text = member.value.text else { continue }
      switch member.key {
      case "value": label.value = text
      case "track": label.track = text
      case "origin": label.origin = Origin(rawValue: text) ?? label.origin
      default: label.attributes[member.key] = text
      }
    }
    let place = videos.count - 1
    if let number = value["label"]?.integer {
      label.name = String(number)
      numbered.append((place, videos[place].ranges.count, number, line))
    } else if let name = value["label"]?.text {
      label.name = name
    } else {
      return "there is no label"
    }
    videos[place].ranges.append(label)
    return nil
  }

  // The frame whose time is nearest, and one behind the last for what lies behind it.
  private static func nearest(_ second: Double, _ times: [Double]) -> FrameIndex {
    let after = times.partitioningIndex { $0 >= second }
    guard after > 0 else { return 0 }
    if after == times.count {
      let step = times.count > 1 ? times[after - 1] - times[after - 2] : 0
      return second - times[after - 1] > step / 2 ? after : after - 1
    }
    return second - times[after - 1] < times[after] - second ? after - 1 : after
  }

  mutating func dataset() throws(LabelError) -> Dataset {
    for entry in numbered where classes.indices.contains(entry.label) {
      videos[entry.video].ranges[entry.range].name = classes[entry.label]
    }
    if report.rowCount > 0, report.badRowCount == report.rowCount {
      let first = report.badRows.first
      throw LabelError(
        .wrongFormat, path: path, line: first?.line,
        "no label can be used as a temporal detection (\(first?.reason ?? "")); name the right"
          + " format")
    }
    return Dataset(format: FiftyOneTemporal.id, videos: videos, report: report)
  }
}
