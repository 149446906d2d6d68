import Archives
import Foundation
import Timeline

extension ETAVideo: WritableFormat {
  /// What it can carry.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .polygon, .polyline, .points, .mask], identity: .text,
    aspects: [
      .parts, .duplicates, .untracked, .classNames, .classChanges, .confidence, .occlusion,
      .visibilityRatio, .keyFrames, .origin, .attributes, .trackAttributes, .ranges, .rangeDetails,
      .annotatedFrames, .videoName, .pictureSize, .frameCount, .frameRate,
    ], output: .file(extension: "json"), needsPictureSize: true)

  /// Writes `VideoLabels` of one video.
  ///
  /// Ranges become events; what ETA has no field for becomes an attribute.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var writer = ETAVideoWriter(video: dataset.videos.first ?? VideoAnnotations(), path: path)
    let output = try TextOutput(path: path)
    try output.write("{" + writer.header + ",\n\"frames\":{")
    let rows = FrameRows(writer.video)
    var isFirst = true
    try rows.forEachFrame { frame, slice throws(LabelError) in
      if slice.isEmpty { return }
      try output.write(isFirst ? "\n" : ",\n")
      isFirst = false
      try output.write("\"\(frame + 1)\":")
      try output.write(try writer.frame(frame, slice.map { rows[$0] }).json)
    }
    try output.write(
      "\n},\n\"objects\":" + writer.objects.json + ",\n\"events\":" + writer.events.json + "}\n")
    try output.finish()
    return writer.losses
  }
}

/// Writes the parts of an ETA file.
struct ETAVideoWriter {
  let video: VideoAnnotations
  let path: String
  private(set) var losses = LossReport()

  private let width: Double
  private let height: Double
  private let numbers: TrackNumbers

  init(video: VideoAnnotations, path: String) {
    self.video = video
    self.path = path
    (width, height) = (Double(video.width ?? 1), Double(video.height ?? 1))
    numbers = TrackNumbers(video.tracks.filter(\.isTracked))
  }

  /// What stands before the frames.
  var header: String {
    let metadata = JSONValue.members([
      "frame_size": .array([.number(width), .number(height)]),
      "frame_rate": video.frameRate.map { .number($0) },
      "total_frame_count": video.frameCount.map { .number(Double($0)) },
    ])
    var members: [(key: String, value: String)] = []
    if let name = video.name { members.append(("filename", JSONValue.string(name).json)) }
    members.append(("metadata", metadata.json))
    if let support { members.append(("support", support.json)) }
    return String(JSONText.object(members).dropFirst().dropLast())
  }

  // Inclusive ranges of frames from 1, as ETA spells them.
  private var support: JSONValue? {
    let frames: [FrameIndex]
    switch video.annotated {
    case .all: return nil
    case .every(let step, let range):
      frames = Array(
        stride(
          from: range.start, to: min(range.end, LabelFormats.maximumFrame), by: max(1, step)))
    case .only(let set): frames = set.sorted()
    }
    var ranges: [FrameRange] = []
    for frame in frames {
      if let last = ranges.last, last.end == frame {
        ranges[ranges.count - 1] = FrameRange(last.start, frame + 1)
      } else {
        ranges.append(FrameRange(frame, frame + 1))
      }
    }
    return Self.support(ranges)
  }

  private static func support(_ ranges: [FrameRange]) -> JSONValue {
    let text = ranges.map { range in
      range.count == 1 ? "\(range.end)" : "\(range.start + 1)-\(range.end)"
    }
    return .members(["ranges": .string(text.joined(separator: ","))])
  }

  // MARK: Frames

  /// One entry of `frames`.
  mutating func frame(
    _ frame: FrameIndex, _ instances: [(track: Track, instance: Instance)]
  ) throws(LabelError) -> JSONValue {
    var (objects, lines, points): ([JSONValue], [JSONValue], [JSONValue]) = ([], [], [])
    for (track, instance) in instances {
      let shape = instance.shape.scaled(x: 1 / width, y: 1 / height)
      switch shape {
      case .box(let box): objects.append(entry(instance, track, ["bounding_box": corners(box)]))
      case .mask(let mask):
        let (left, top) = (Double(mask.left) / width, Double(mask.top) / height)
        let box = Box(
          left: left, top: top, width: Double(mask.left + mask.width) / width - left,
          height: Double(mask.top + mask.height) / height - top)
        let table: String
        do { table = try NumPyMask(mask).text() } catch {
          throw LabelError(.unwritable, path: path, "a mask cannot be packed (\(error))")
        }
        objects.append(
          entry(instance, track, ["bounding_box": corners(box), "mask": .string(table)]))
      case .polygon(let polygon):
        lines.append(
          entry(
            instance, track,
            [
              "points": .array(polygon.parts.map { places($0.outer) }), "closed": .boolean(true),
              "filled": .boolean(true),
            ]))
      case .polyline(let line):
        lines.append(
          entry(
            instance, track,
            [
              "points": .array([places(line)]), "closed": .boolean(false),
              "filled": .boolean(false),
            ]))
      case .points(let list):
        points.append(entry(instance, track, ["points": places(list)]))
      case .rotatedBox, .skeleton, .ellipse, .cuboid: losses.add(.instances)
      }
    }
    func group(_ name: String, _ entries: [JSONValue]) -> JSONValue? {
      entries.isEmpty ? nil : .object([JSONValue.Member(key: name, value: .array(entries))])
    }
    return .members([
      "frame_number": .number(Double(frame + 1)), "objects": group("objects", objects),
      "polylines": group("polylines", lines), "keypoints": group("keypoints", points),
    ])
  }

  private func corners(_ box: Box) -> JSONValue {
    func place(_ x: Double, _ y: Double) -> JSONValue {
      .members(["x": .number(x), "y": .number(y)])
    }
    return .members([
      "top_left": place(box.left, box.top), "bottom_right": place(box.right, box.bottom),
    ])
  }

  private func places(_ points: [Point]) -> JSONValue {
    .array(points.map { .array([.number($0.x), .number($0.y)]) })
  }

  private mutating func entry(
    _ instance: Instance, _ track: Track, _ shape: KeyValuePairs<String, JSONValue>
  ) -> JSONValue {
    let isObject = shape.contains { $0.key == "bounding_box" }
    let name = instance.className ?? track.className
    var members: [JSONValue.Member] = []
    func add(_ key: String, _ value: JSONValue?) {
      if let value { members.append(JSONValue.Member(key: key, value: value)) }
    }
    if isObject { add("type", .string("eta.core.objects.DetectedObject")) }
    add("label", .string(name))
    for (key, value) in shape { add(key, value) }
    add("confidence", instance.confidence.map { .number($0) })
    if track.isTracked { add("index", .number(Double(numbers[track]))) }
    if isObject { add("frame_number", .number(Double(instance.frame + 1))) }
    var records: [(String, String)] = []
    switch instance.visibility {
    case .unknown: break
    case .visible: records.append(("occluded", "false"))
    case .occluded: records.append(("occluded", "true"))
    case .ratio(let ratio): records.append(("visibility", JSONText.number(ratio)))
    }
    if let isKeyFrame = instance.isKeyFrame {
      records.append(("keyframe", isKeyFrame ? "true" : "false"))
    }
    if instance.origin != .imported { records.append(("origin", instance.origin.rawValue)) }
    records += instance.attributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    if !track.isTracked { losses.add(.trackAttributes, track.attributes.count) }
    add("attrs", attributes(records))
    return .object(members)
  }

  private func attributes(_ records: [(String, String)]) -> JSONValue? {
    if records.isEmpty { return nil }
    let entries = records.map { name, text in
      var (type, value) = ("Categorical", JSONValue.string(text))
      if text == "true" || text == "false" {
        (type, value) = ("Boolean", .boolean(text == "true"))
      } else if let number = Double(text), number.isFinite, JSONValue.number(number).text == text {
        (type, value) = ("Numeric", .number(number))
      }
      return JSONValue.members([
        "type": .string("eta.core.data.\(type)Attribute"), "name": .string(name), "value": value,
      ])
    }
    return .members(["attrs": .array(entries)])
  }

  // MARK: Objects over time and events

  /// The tracks that have attributes.
  var objects: JSONValue {
    var entries: [JSONValue] = []
    for track in video.tracks where track.isTracked {
      let own = numbers.attributes(of: track)
      if own.isEmpty { continue }
      var ranges: [FrameRange] = []
      for instance in track.instances {
        if let last = ranges.last, instance.frame <= last.end {
          ranges[ranges.count - 1] = FrameRange(last.start, max(last.end, instance.frame + 1))
        } else {
          ranges.append(FrameRange(instance.frame, instance.frame + 1))
        }
      }
      entries.append(
        .members([
          "type": .string("eta.core.objects.VideoObject"), "label": .string(track.className),
          "index": .number(Double(numbers[track])), "support": Self.support(ranges),
          "attrs": attributes(own.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }),
        ]))
    }
    return .members(["objects": .array(entries)])
  }

  /// The ranges.
  var events: JSONValue {
    let entries = video.ranges.map { range in
      var records = range.attributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      if let value = range.value { records.append(("value", value)) }
      if let track = range.track { records.append(("track", track)) }
      if range.origin != .imported { records.append(("origin", range.origin.rawValue)) }
      return JSONValue.members([
        "type": .string("eta.core.events.VideoEvent"), "label": .string(range.name),
        "confidence": range.confidence.map { .number($0) },
        "support": Self.support([range.range]), "attrs": attributes(records),
      ])
    }
    return .members(["events": .array(entries)])
  }
}
