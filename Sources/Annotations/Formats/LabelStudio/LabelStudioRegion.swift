import Foundation
import Timeline

/// One entry of an annotation's `result`, with places in percent of the picture.
struct LabelStudioRegion {
  /// What is drawn on one key frame.
  enum Drawing {
    /// A box in percent, turned by degrees about the corner (x, y), which stays where it is.
    case box(x: Double, y: Double, width: Double, height: Double, rotation: Double)
    /// Vertices in percent, with the ids by which they are found again on the next key frame.
    indirect case line(isClosed: Bool, places: [Point], ids: [String])
  }

  /// One item of a `sequence`.
  struct KeyFrame {
    var frame: FrameIndex
    /// Whether the object stays after this frame; on this frame it is seen in any case.
    var isEnabled: Bool
    /// Whether Label Studio filled the frame in.
    var isAutomatic: Bool
    var score: Double?
    var drawing: Drawing
    var line: Int
  }

  /// What the entry is.
  enum Content {
    /// An object over time.
    case object([KeyFrame])
    /// Stretches of frames.
    case ranges([FrameRange])
    /// An answer that speaks of the region of the same id, or of the whole video.
    case answer(String)
    /// Something that is no label of frames, by its type.
    case other(String)
  }

  var id: String?
  var parent: String?
  var control = ""
  var labels: [String] = []
  var score: Double?
  var origin: String?
  var framesCount: Int?
  var duration: Double?
  var width: Int?
  var height: Int?
  /// Frames per second as the times of the key frames tell; nil where they do not.
  var frameRate: Double?
  var attributes: [String: String] = [:]
  var content: Content
  var line: Int
}

// MARK: - Reading

/// Reads the entries of one annotation, and keeps what is wrong with them until it is taken.
struct LabelStudioRegionReader {
  /// The number that the file gives to the first frame.
  let base: Int
  private(set) var rowCount = 0
  private(set) var badRows: [ReadReport.BadRow] = []
  private(set) var badRowCount = 0
  private(set) var hasCurves = false

  /// Creates a reader for files that number the first frame `base`.
  init(base: Int) { self.base = base }

  /// Adds what was read to a report.
  func add(to report: inout ReadReport) {
    report.rowCount += rowCount
    for row in badRows { report.addBadRow(line: row.line, row.reason) }
    for _ in badRows.count..<max(badRows.count, badRowCount) {
      report.addBadRow(line: 0, "one of many")
    }
  }

  private mutating func flaw(_ line: Int, _ reason: String) {
    badRowCount += 1
    if badRows.count < ReadReport.keptBadRows {
      badRows.append(ReadReport.BadRow(line: line, reason: reason))
    }
  }

  /// Reads one entry.
  ///
  /// - Parameters:
  ///   - entry: The entry as JSON.
  ///   - control: The name of the control where the entry does not tell it, as in JSON-MIN.
  ///   - line: Its line.
  /// - Returns: The region; nil where it is none, and then the reason is counted.
  mutating func region(
    _ entry: JSONValue, control: String = "", line: Int
  ) -> LabelStudioRegion? {
    // JSON-MIN has the members of `value` in the place of the entry.
    let value = entry["value"] ?? entry
    let type = entry["type"]?.string?.lowercased() ?? ""
    if type == "relation" {
      return LabelStudioRegion(content: .other("relation"), line: line)
    }
    guard !value.members.isEmpty else {
      rowCount += 1
      flaw(line, "the region has no value")
      return nil
    }
    var region = LabelStudioRegion(content: .other(type), line: line)
    region.id = entry["id"]?.text
    region.parent = (entry["parentID"] ?? value["parentID"])?.text
    region.control = entry["from_name"]?.string ?? control
    region.labels = labels(value, type)
    region.score = (entry["score"] ?? value["score"])?.number.flatMap(finite)
    region.origin = entry["origin"]?.string
    region.framesCount = count(value["framesCount"])
    region.duration = value["duration"]?.number.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    region.width = side(entry["original_width"] ?? value["original_width"])
    region.height = side(entry["original_height"] ?? value["original_height"])
    if let notes = entry["meta"]?["text"] {
      region.attributes["meta"] = answer(notes)
    }
    if type != "labels", let sequence = value["sequence"]?.elements {
      region.content = .object(keyFrames(sequence, line: line, &region.frameRate))
    } else if let ranges = value["ranges"]?.elements {
      region.content = .ranges(frameRanges(ranges, line: line))
    } else if let text = (value[type] ?? value["text"] ?? value["choices"]).flatMap(answer) {
      rowCount += 1
      // Labels of a region that has them in an entry of their own are no answer.
      region.content = type == "labels" ? .other(type) : .answer(text)
    }
    return region
  }

  private func finite(_ number: Double) -> Double? { number.isFinite ? number : nil }

  private func count(_ value: JSONValue?) -> Int? {
    value?.number.flatMap { Int(exactly: $0.rounded()) }
      .flatMap { (1...LabelFormats.maximumFrame).contains($0) ? $0 : nil }
  }

  private func side(_ value: JSONValue?) -> Int? {
    value?.integer.flatMap { (1...1_000_000).contains($0) ? $0 : nil }
  }

  /// The labels under the names that controls give them.
  private func labels(_ value: JSONValue, _ type: String) -> [String] {
    for key in ["labels", "timelinelabels", "videorectanglelabels", "videovectorlabels", type] {
      if let labels = value[key]?.elements?.compactMap(\.text), !labels.isEmpty { return labels }
    }
    return []
  }

  /// An answer as text: lists with commas, the steps of a taxonomy with strokes.
  private func answer(_ value: JSONValue) -> String? {
    if let text = value.text { return text }
    guard let elements = value.elements else { return nil }
    return elements.compactMap { element in
      element.text ?? element.elements?.compactMap(\.text).joined(separator: "/")
    }.joined(separator: ", ")
  }

  /// A frame as the file numbers it; nil, with the reason counted, where it is none.
  private mutating func frame(_ value: JSONValue?, _ what: String, line: Int) -> Int? {
    guard let number = value?.integer else {
      flaw(line, "the \(what) is no whole number")
      return nil
    }
    guard number >= base else {
      flaw(line, "the \(what) \(number) lies before the first frame, which is \(base)")
      return nil
    }
    guard number - base <= LabelFormats.maximumFrame else {
      flaw(line, "the \(what) \(number) is too large")
      return nil
    }
    return number - base
  }

  private mutating func frameRanges(_ ranges: [JSONValue], line: Int) -> [FrameRange] {
    ranges.compactMap { range in
      rowCount += 1
      guard let start = frame(range["start"], "start of the range", line: line),
        let last = frame(range["end"], "end of the range", line: line)
      else { return nil }
      guard start <= last else {
        flaw(line, "the range ends before it starts")
        return nil
      }
      return FrameRange(start, last + 1)
    }
  }

  private mutating func keyFrames(
    _ sequence: [JSONValue], line: Int, _ frameRate: inout Double?
  ) -> [LabelStudioRegion.KeyFrame] {
    var keyFrames: [LabelStudioRegion.KeyFrame] = []
    keyFrames.reserveCapacity(sequence.count)
    for item in sequence {
      rowCount += 1
      guard let frame = frame(item["frame"], "frame", line: line) else { continue }
      guard let drawing = drawing(item) else {
        flaw(line, "the key frame \(frame + base) has no usable box or vertices")
        continue
      }
      let isAutomatic = item["auto"]?.boolean ?? false
      keyFrames.append(
        LabelStudioRegion.KeyFrame(
          frame: frame, isEnabled: item["enabled"]?.boolean ?? true, isAutomatic: isAutomatic,
          score: item["score"]?.number.flatMap(finite), drawing: drawing, line: line))
      // Label Studio writes the number of the frame divided by the rate it is set to.
      if !isAutomatic, let time = item["time"]?.number, time > 0, time.isFinite {
        frameRate = Double(frame + base) / time
      }
    }
    let isSorted = zip(keyFrames, keyFrames.dropFirst()).allSatisfy { $0.frame <= $1.frame }
    if !isSorted {
      keyFrames = keyFrames.enumerated()
        .sorted { ($0.element.frame, $0.offset) < ($1.element.frame, $1.offset) }
        .map(\.element)
    }
    // Of two on one frame Label Studio shows the first.
    var unique: [LabelStudioRegion.KeyFrame] = []
    unique.reserveCapacity(keyFrames.count)
    for keyFrame in keyFrames {
      if unique.last?.frame == keyFrame.frame {
        flaw(line, "the key frame \(keyFrame.frame + base) is there twice")
      } else {
        unique.append(keyFrame)
      }
    }
    return unique
  }

  private mutating func drawing(_ item: JSONValue) -> LabelStudioRegion.Drawing? {
    func number(_ key: String) -> Double? {
      item[key]?.number.flatMap { abs($0) < 1e9 ? $0 : nil }
    }
    if let vertices = item["vertices"]?.elements {
      var places: [Point] = []
      var ids: [String] = []
      for vertex in vertices {
        guard let x = vertex["x"]?.number, let y = vertex["y"]?.number, abs(x) < 1e9, abs(y) < 1e9
        else { return nil }
        if vertex["isBezier"]?.boolean == true { hasCurves = true }
        places.append(Point(x, y))
        ids.append(vertex["id"]?.text ?? "#\(ids.count)")
      }
      let isClosed = item["closed"]?.boolean ?? false
      guard places.count >= (isClosed ? 3 : 2) else { return nil }
      return .line(isClosed: isClosed, places: places, ids: ids)
    }
    guard let x = number("x"), let y = number("y"), let width = number("width"),
      let height = number("height")
    else { return nil }
    return .box(x: x, y: y, width: width, height: height, rotation: number("rotation") ?? 0)
  }
}
