public import Foundation
import Timeline

/// Scalabel's JSON, in which BDD100K comes: a list of frames, or `{frames, groups, config}`.
///
/// - Frames are numbered by `frameIndex`, in older files `index`, from 0; without either by the
///   number at the end of `name` where all have one of their own, else by their order.
/// - One file holds many videos, told apart by `videoName`. Frames without one are pictures without
///   order in time: their labels are no tracks.
/// - The frames listed are the annotated ones. BDD100K lists 5 of 30 frames a second and numbers
///   them without gaps: the video itself has six frames for each.
/// - A box is given by two corners that both lie inside: it is a pixel wider and higher than their
///   difference.
/// - Outlines may hold Bezier curves; they are flattened to within a twentieth of a pixel.
/// - A label with an outline and a mask is read as its outline, from which the mask was made.
/// - `manualShape` tells what a person drew from what the tool carried on. `crowd` marks what is
///   not to be judged.
///
/// Scalabel cannot carry: key frames beyond `manualShape`, absence that is declared, ranges, holes,
/// ellipses and separate points.
public enum Scalabel: LabelFormat {
  /// The id on the command line.
  public static let id = "scalabel"
  /// One line for the list of formats.
  public static let summary = "Scalabel and BDD100K JSON: boxes, outlines, masks, skeletons"

  /// What people have to know about the format.
  public static let page = FormatPage(
    frames: "Frames count from 0 in frameIndex, in older files index, within a videoName.",
    traps: [
      "BDD100K lists 5 of 30 frames a second and numbers them without gaps; its file names count"
        + " from 1.",
      "Both corners of a box2d lie inside it, so it is a pixel wider than x2 - x1.",
      "An outline may hold Bezier curves; they are flattened to within 0.05 pixels.",
      "A label with an outline and a mask is read as its outline.",
      "Frames without a videoName are pictures without order: their labels are no tracks.",
      "A box3d lies in space and is left out.",
    ])

  /// Tells whether a file is JSON and has the keys of Scalabel's frames near its beginning.
  public static func matches(head: Data, path: String) -> Bool {
    let first = head.first { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    guard first == UInt8(ascii: "[") || first == UInt8(ascii: "{") else { return false }
    func has(_ key: String) -> Bool { head.range(of: Data("\"\(key)\"".utf8)) != nil }
    if has("image_id") || has("openlabel") { return false }
    let hasShapes = has("box2d") || has("poly2d") || has("box3d") || has("manualShape")
    return hasShapes || has("labels") && (has("videoName") || has("frameIndex"))
  }

  /// Reads a file.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var file = ScalabelFile(origin: options.origin)
    try file.read(path)
    return try file.dataset(path: path, base: options.base)
  }
}

/// Everything read from a Scalabel file, before frames have their numbers.
struct ScalabelFile {
  private struct Frame {
    var index: Int?
    var fileNumber: Int?
    var timestamp: Double?
    var name: String
    var tags: [(String, String)]
    var labels: [Entry]
  }

  private struct Entry {
    var instance: Instance
    var identity: SourceIdentity
    var category: String
  }

  private struct Video {
    var name: String?
    var width: Int?
    var height: Int?
    var frames: [Frame] = []
  }

  private let origin: Origin
  private var videos: [Video] = []
  private var places: [String: Int] = [:]
  private var categories: [Ontology.Category] = []
  private var categoryPlaces: [String: Int] = [:]
  // By the place of the class.
  private var jointPlaces: [Int: [String: Int]] = [:]
  private var bones: [Int: Set<Ontology.Edge>] = [:]
  private var size: (width: Int, height: Int)?
  private var unusedMasks = 0
  private var report = ReadReport()

  private static let maximumCategories = 100_000
  private static let deepestCategory = 32

  init(origin: Origin) { self.origin = origin }

  /// Reads a whole file.
  mutating func read(_ path: String) throws(LabelError) {
    var json = try JSONReader.open(path: path)
    switch try? json.kind() {
    case .array: try readFrames(&json)
    case .object:
      var hasFrames = false
      guard try json.beginObject() else { return }
      while let key = try json.nextKey() {
        switch key {
        case "frames":
          hasFrames = try json.kind() == .array
          try readFrames(&json)
        case "config": readConfig(try json.value())
        case "groups":
          if try json.kind() == .array {
            report.addNote(
              "groups of cameras are left out; frames are read by the video they name")
          }
          try json.skip()
        default: try json.skip()
        }
      }
      guard hasFrames else {
        throw LabelError(
          .wrongFormat, path: path,
          "there is no list called frames as Scalabel has; name the right format")
      }
    default:
      throw LabelError(
        .wrongFormat, path: path, line: 1,
        "this is no JSON as Scalabel writes; name the right format")
    }
  }

  private mutating func readConfig(_ value: JSONValue) {
    if let width = value["imageSize"]?["width"]?.count,
      let height = value["imageSize"]?["height"]?.count
    {
      size = (width, height)
    }
    addCategories(value["categories"]?.elements ?? [], depth: 0)
  }

  // Only the leaves of the tree are classes.
  private mutating func addCategories(_ list: [JSONValue], depth: Int) {
    for entry in list {
      if let inner = entry["subcategories"]?.elements, !inner.isEmpty, depth < Self.deepestCategory
      {
        addCategories(inner, depth: depth + 1)
      } else if let name = entry["name"]?.text {
        _ = category(name)
      }
    }
  }

  private mutating func category(_ name: String) -> Int? {
    if let place = categoryPlaces[name] { return place }
    guard categories.count < Self.maximumCategories else { return nil }
    categoryPlaces[name] = categories.count
    categories.append(Ontology.Category(name: name))
    return categories.count - 1
  }

  private mutating func readFrames(_ json: inout JSONReader) throws(LabelError) {
    guard try json.beginArray() else { return }
    while try json.nextElement() { try readFrame(&json) }
  }

  private mutating func readFrame(_ json: inout JSONReader) throws(LabelError) {
    _ = try json.kind()
    let line = json.line
    guard try json.beginObject() else {
      report.rowCount += 1
      return report.addBadRow(line: line, "the frame is no object")
    }
    var frame = Frame(name: "", tags: [], labels: [])
    var (videoName, shown) = (String?.none, self.size)
    var (index, oldIndex) = (Double?.none, Double?.none)
    while let key = try json.nextKey() {
      switch key {
      case "name": frame.name = try json.text() ?? ""
      case "videoName", "video_name": videoName = try json.text()
      case "frameIndex": index = try json.number()
      case "index": oldIndex = try json.number()
      case "timestamp": frame.timestamp = try json.number()
      case "size":
        let value = try json.value()
        if let width = value["width"]?.count, let height = value["height"]?.count {
          shown = (width, height)
        }
      case "attributes":
        for member in try json.value().members {
          if let text = member.value.text { frame.tags.append((member.key, text)) }
        }
      case "labels":
        guard try json.beginArray() else { continue }
        while try json.nextElement() {
          if let size = try readLabel(&json, into: &frame) { shown = shown ?? size }
        }
      default: try json.skip()
      }
    }
    if let number = index ?? oldIndex {
      guard number >= 0, number <= Double(LabelFormats.maximumFrame), number == number.rounded()
      else {
        report.rowCount += 1
        return report.addBadRow(line: line, "the frame number is no whole number in range")
      }
      frame.index = Int(number)
    }
    frame.fileNumber = FileNumber.last(in: frame.name)
    add(frame, to: videoName ?? "", size: shown)
  }

  private mutating func add(_ frame: Frame, to name: String, size: (width: Int, height: Int)?) {
    let place = places[name, default: videos.count]
    if place == videos.count {
      places[name] = place
      videos.append(Video(name: name.isEmpty ? nil : name))
    }
    if let size, videos[place].width == nil {
      videos[place].width = size.width
      videos[place].height = size.height
    }
    videos[place].frames.append(frame)
  }

  // Returns the size of the picture where a mask tells it.
  private mutating func readLabel(
    _ json: inout JSONReader, into frame: inout Frame
  ) throws(LabelError) -> (width: Int, height: Int)? {
    report.rowCount += 1
    _ = try json.kind()
    let line = json.line
    var label = ScalabelLabel()
    if let flaw = label.read(try json.value()) {
      let id = label.identity.spelling.map { "label \($0): " } ?? ""
      report.addBadRow(line: line, id + flaw)
      return nil
    }
    if label.hasUnusedMask { unusedMasks += 1 }
    addJoints(of: label)
    for shape in label.shapes {
      let origin: Origin =
        switch label.isManual {
        case true?: .human
        case false?: self.origin == .model ? .model : .interpolated
        case nil: self.origin
        }
      frame.labels.append(
        Entry(
          instance: Instance(
            frame: 0, shape: shape, isKeyFrame: label.isManual, origin: origin,
            confidence: label.confidence, visibility: label.visibility,
            attributes: label.attributes, line: Int32(clamping: line)),
          identity: label.identity, category: label.category))
    }
    return label.size
  }

  private mutating func addJoints(of label: ScalabelLabel) {
    guard let place = category(label.category), case .skeleton(let skeleton)? = label.shapes.first
    else { return }
    for joint in skeleton.joints where jointPlaces[place, default: [:]][joint.name] == nil {
      jointPlaces[place, default: [:]][joint.name] = categories[place].joints.count
      categories[place].joints.append(joint.name)
    }
    for (from, to) in label.bones {
      guard let a = jointPlaces[place]?[from], let b = jointPlaces[place]?[to] else { continue }
      let edge = Ontology.Edge(a, b)
      if bones[place, default: []].insert(edge).inserted { categories[place].edges.append(edge) }
    }
  }
}

// MARK: - Building

extension ScalabelFile {
  /// Builds the labels of all videos.
  mutating func dataset(path: String, base: Int?) throws(LabelError) -> Dataset {
    if report.rowCount > 0, report.badRowCount == report.rowCount {
      let first = report.badRows.first
      throw LabelError(
        .wrongFormat, path: path, line: first?.line,
        "no label can be used as Scalabel's (\(first?.reason ?? "")); name the right format")
    }
    if unusedMasks > 0 {
      report.addNote(
        "\(unusedMasks) labels have an outline and a mask; they are read as outlines")
    }
    var result: [VideoAnnotations] = []
    for video in videos { result.append(build(video, base: LabelFormats.safeBase(base))) }
    return Dataset(format: Scalabel.id, videos: result, report: report)
  }

  private mutating func build(_ video: Video, base: Int?) -> VideoAnnotations {
    var (numbers, first) = numbers(of: video.frames)
    first = base ?? first
    var result = VideoAnnotations(
      name: video.name, width: video.width, height: video.height, base: first)
    var collector = TrackCollector()
    var frames: [FrameIndex] = []
    for (frame, number) in zip(video.frames, numbers) {
      let index = number - first
      guard index >= 0 else {
        for entry in frame.labels {
          report.addBadRow(
            line: Int(entry.instance.line), "the frame lies before the first frame")
        }
        continue
      }
      frames.append(index)
      if !frame.name.isEmpty { result.imageNames[index] = frame.name }
      for (key, value) in frame.tags {
        result.ranges.append(
          RangeLabel(range: FrameRange(index, index + 1), name: key, value: value, origin: origin))
      }
      for entry in frame.labels {
        var instance = entry.instance
        instance.frame = index
        // Pictures that belong to no video number their labels from 0 each.
        collector.add(
          instance, of: video.name == nil ? .none : entry.identity, className: entry.category)
      }
    }
    result.tracks = collector.tracks(report: &report)
    for name in collector.classNames where !name.isEmpty { _ = category(name) }
    result.ontology = Ontology(categories: categories)
    result.annotated = AnnotatedFrames(frames)
    result.frameRate = rate(video.frames, numbers)
    return result
  }

  private mutating func numbers(of frames: [Frame]) -> (numbers: [Int], base: Int) {
    let indices = frames.compactMap(\.index)
    if indices.count == frames.count, Set(indices).count == indices.count { return (indices, 0) }
    let names = frames.compactMap(\.fileNumber)
    if names.count == frames.count, Set(names).count == names.count {
      let base = names.contains(0) ? 0 : 1
      report.addNote(
        "frames are numbered by the number at the end of the name, counting from \(base)")
      return (names, base)
    }
    report.addNote("frames are numbered by their order")
    return (Array(frames.indices), 0)
  }

  // Milliseconds; a still picture of BDD100K has 10000 in every frame.
  private func rate(_ frames: [Frame], _ numbers: [Int]) -> Double? {
    let stamps = zip(frames, numbers).compactMap { frame, number in
      frame.timestamp.map { (number, $0) }
    }
    guard stamps.count == frames.count, let first = stamps.min(by: { $0.0 < $1.0 }),
      let last = stamps.max(by: { $0.0 < $1.0 })
    else { return nil }
    let rate = Double(last.0 - first.0) * 1000 / (last.1 - first.1)
    return rate > 0 && rate <= 1000 ? rate : nil
  }
}
