import Foundation
import Timeline

extension Darwin: WritableFormat {
  /// What it can carry.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .polygon, .polyline, .points, .skeleton, .mask, .ellipse, .cuboid],
    identity: .text,
    aspects: [
      .holes, .parts, .classNames, .confidence, .hiddenJoints, .keyFrames, .attributes,
      .trackAttributes, .ranges, .videoName, .pictureSize, .frameCount, .frameRate,
    ], output: .file(extension: "json"))

  /// Writes version 2.0 with every frame listed.
  ///
  /// An instance without a statement is a key frame. A gap is a gap between two ranges. Masks of a
  /// frame go into one raster layer, where the later one hides the earlier.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let video = dataset.videos.first ?? VideoAnnotations()
    var writer = DarwinWriter(path: path, video: video)
    try writer.prepareMasks()
    let output = try TextOutput(path: path)
    try output.write(writer.header)
    var isFirst = true
    func add(_ annotation: JSONValue) throws(LabelError) {
      try output.write((isFirst ? "\n" : ",\n") + annotation.json)
      isFirst = false
    }
    for track in video.tracks { try add(writer.annotation(track)) }
    for (place, range) in video.ranges.enumerated() { try add(writer.tag(range, place)) }
    try writer.writeLayer { text throws(LabelError) in
      try output.write((isFirst ? "\n" : "") + text)
      isFirst = false
    }
    try output.write("\n],\"properties\":[]}\n")
    try output.finish()
    return writer.losses
  }
}

/// Writes the annotations of a Darwin file.
struct DarwinWriter {
  private static let schema =
    "https://darwin-public.s3.eu-west-1.amazonaws.com/darwin_json/2.0/schema.json"
  // Darwin's sub-annotations hang on a frame and have a place of their own.
  private static let text = "text"

  let path: String
  let video: VideoAnnotations
  private(set) var losses = LossReport()

  // The tracks with a mask in every frame, by rising frame.
  private var masks: [(frame: FrameIndex, track: Int, mask: Mask)] = []
  private var size = (width: 0, height: 0)

  init(path: String, video: VideoAnnotations) {
    self.path = path
    self.video = video
  }

  /// Everything before the annotations.
  var header: String {
    let slot = JSONValue.members([
      "type": .string("video"), "slot_name": .string("0"),
      "width": video.width.map { .number(Double($0)) },
      "height": video.height.map { .number(Double($0)) },
      "fps": video.frameRate.map { .number($0) },
      "frame_count": video.frameCount.map { .number(Double($0)) },
      // V7's client takes a slot without frame_urls for a still picture.
      "frame_urls": .array([]),
      "source_files": .array([
        .members(["file_name": .string(video.name ?? "video"), "url": .null])
      ]),
    ])
    let item = JSONValue.members([
      "name": .string(video.name ?? "video"), "path": .string("/"), "slots": .array([slot]),
    ])
    return "{\"version\":\"2.0\",\"schema_ref\":" + JSONValue.string(Self.schema).json
      + ",\"item\":" + item.json + ",\"annotations\":["
  }

  /// Collects the masks, which all annotations of a frame share.
  mutating func prepareMasks() throws(LabelError) {
    for (place, track) in video.tracks.enumerated() {
      for instance in track.instances {
        if case .mask(let mask) = instance.shape { masks.append((instance.frame, place, mask)) }
      }
    }
    if masks.isEmpty { return }
    guard let width = video.width, let height = video.height, width > 0, height > 0,
      width <= Mask.maximumPixels / height
    else {
      throw LabelError(
        .incomplete, path: path,
        "masks need the size of the picture, which the labels do not state; name the video")
    }
    size = (width, height)
    masks.sort { ($0.frame, $0.track) < ($1.frame, $1.track) }
  }

  /// The annotation of a track.
  func annotation(_ track: Track) -> JSONValue {
    var properties = track.attributes.sorted { $0.key < $1.key }.map { property(nil, $0, $1) }
    var held: [String: String] = [:]
    var frames: [JSONValue.Member] = []
    for instance in track.instances {
      properties += changes(&held, instance)
      frames.append(
        JSONValue.Member(key: String(instance.frame), value: frame(instance)))
    }
    return .members([
      "id": .string(track.id), "name": .string(track.className),
      "slot_names": .array([.string("0")]), "ranges": ranges(of: track),
      "interpolated": .boolean(false), "only_keyframes": .boolean(false),
      "hidden_areas": .array([]),
      "properties": .array(properties), "frames": .object(frames),
    ])
  }

  private func property(_ frame: FrameIndex?, _ name: String, _ value: String?) -> JSONValue {
    .object([
      JSONValue.Member(key: "frame_index", value: frame.map { .number(Double($0)) } ?? .null),
      JSONValue.Member(key: "name", value: .string(name)),
      JSONValue.Member(key: "value", value: value.map { .string($0) } ?? .null),
    ])
  }

  // Values hold until they change.
  private func changes(_ held: inout [String: String], _ instance: Instance) -> [JSONValue] {
    var now = instance.attributes
    now[Self.text] = nil
    var result: [JSONValue] = []
    for name in Set(held.keys).union(now.keys).sorted() where held[name] != now[name] {
      result.append(property(instance.frame, name, now[name]))
    }
    held = now
    return result
  }

  private func ranges(of track: Track) -> JSONValue {
    var ranges: [FrameRange] = []
    for instance in track.instances {
      if let last = ranges.last, instance.frame <= last.end {
        ranges[ranges.count - 1] = FrameRange(last.start, max(last.end, instance.frame + 1))
      } else {
        ranges.append(FrameRange(instance.frame, instance.frame + 1))
      }
    }
    return .array(ranges.map { .array([.number(Double($0.start)), .number(Double($0.end))]) })
  }

  private func frame(_ instance: Instance) -> JSONValue {
    var members = shape(instance.shape)
    func add(_ key: String, _ value: JSONValue) {
      members.append(JSONValue.Member(key: key, value: value))
    }
    add("keyframe", .boolean(instance.isKeyFrame ?? true))
    if let text = instance.attributes[Self.text] {
      add("text", .members(["text": .string(text)]))
    }
    if let score = instance.confidence {
      add("inference", .members(["confidence": .number(score), "model": .members([:])]))
    }
    return .object(members)
  }

  private func shape(_ shape: Shape) -> [JSONValue.Member] {
    func member(_ key: String, _ value: JSONValue) -> [JSONValue.Member] {
      [JSONValue.Member(key: key, value: value)]
    }
    func place(_ point: Point) -> JSONValue {
      .members(["x": .number(point.x), "y": .number(point.y)])
    }
    func box(_ box: Box) -> JSONValue {
      .members([
        "x": .number(box.left), "y": .number(box.top), "w": .number(box.width),
        "h": .number(box.height),
      ])
    }
    switch shape {
    case .box(let shape): return member("bounding_box", box(shape))
    case .polygon(let polygon):
      let paths = polygon.rings.map { JSONValue.array($0.map(place)) }
      let bounds = shape.bounds ?? Box(left: 0, top: 0, width: 0, height: 0)
      return member("polygon", .members(["paths": .array(paths)]))
        + member("bounding_box", box(bounds))
    case .polyline(let points):
      return member("line", .members(["path": .array(points.map(place))]))
    case .ellipse(let ellipse):
      return member(
        "ellipse",
        .members([
          "angle": .number(ellipse.angle), "center": place(ellipse.center),
          "radius": place(Point(ellipse.radiusX, ellipse.radiusY)),
        ]))
    case .skeleton(let skeleton):
      let nodes = skeleton.joints.filter { $0.visibility != .absent }.map { joint in
        JSONValue.members([
          "name": .string(joint.name), "x": .number(joint.position.x),
          "y": .number(joint.position.y), "occluded": .boolean(joint.visibility == .hidden),
        ])
      }
      return member("skeleton", .members(["nodes": .array(nodes)]))
    case .cuboid(let corners):
      let front = Box(around: corners.prefix(4)) ?? Box(left: 0, top: 0, width: 0, height: 0)
      let back = Box(around: corners.dropFirst(4)) ?? front
      return member("cuboid", .members(["front": box(front), "back": box(back)]))
    case .mask: return member("mask", .members([:]))
    case .points(let points):
      if points.count == 1 { return member("keypoint", place(points[0])) }
      let nodes = points.enumerated().map { index, point in
        JSONValue.members([
          "name": .string(DarwinAnnotation.pointName(index)), "x": .number(point.x),
          "y": .number(point.y), "occluded": .boolean(false),
        ])
      }
      return member("skeleton", .members(["nodes": .array(nodes)]))
    case .rotatedBox: return []
    }
  }

  /// A range as a tag.
  func tag(_ range: RangeLabel, _ place: Int) -> JSONValue {
    let frame = JSONValue.members(["keyframe": .boolean(true), "tag": .members([:])])
    return .members([
      "id": .string("tag-\(place + 1)"), "name": .string(range.name),
      "slot_names": .array([.string("0")]),
      "ranges": .array([
        .array([.number(Double(range.range.start)), .number(Double(range.range.end))])
      ]),
      "properties": .array([]),
      "frames": .object([JSONValue.Member(key: String(range.range.start), value: frame)]),
    ])
  }

  /// Writes the layer of all masks, frame by frame; nothing where there are none.
  mutating func writeLayer(
    _ write: (String) throws(LabelError) -> Void
  ) throws(LabelError) {
    guard let last = masks.last else { return }
    let end = max(video.frameCount ?? 0, last.frame + 1)
    let hasOthers = !(video.tracks.isEmpty && video.ranges.isEmpty)
    try write(
      (hasOthers ? ",\n" : "")
        + "{\"id\":\"raster-layer\",\"name\":\"__raster_layer__\",\"slot_names\":[\"0\"],"
        + "\"ranges\":[[0,\(end)]],\"only_keyframes\":true,\"properties\":[],\"frames\":{")
    var start = 0
    while start < masks.count {
      let frame = masks[start].frame
      let end = masks[start...].firstIndex { $0.frame != frame } ?? masks.count
      try write(
        (start == 0 ? "" : ",") + "\"\(frame)\":" + layer(Array(masks[start..<end])).json)
      start = end
    }
    try write("}}")
  }

  private mutating func layer(_ masks: [(frame: FrameIndex, track: Int, mask: Mask)]) -> JSONValue {
    var mapping: [JSONValue.Member] = []
    var pieces: [(start: Int, end: Int, value: Int)] = []
    for (place, entry) in masks.enumerated() {
      mapping.append(
        JSONValue.Member(key: video.tracks[entry.track].id, value: .number(Double(place + 1))))
      let spans = entry.mask.rowSpans(frameWidth: size.width, frameHeight: size.height).spans
      for span in spans {
        let row = Int(span.line) * size.width
        pieces.append((row + Int(span.start), row + Int(span.end), place + 1))
      }
    }
    var runs: [JSONValue] = []
    func add(_ value: Int, _ length: Int) {
      if length > 0 { runs += [.number(Double(value)), .number(Double(length))] }
    }
    let merged = Self.flattened(pieces)
    if merged.isOverlapping { losses.add(.overlaps) }
    var position = 0
    for piece in merged.pieces {
      add(0, piece.start - position)
      add(piece.value, piece.end - piece.start)
      position = piece.end
    }
    add(0, size.width * size.height - position)
    return .members([
      "keyframe": .boolean(true),
      "raster_layer": .members([
        "dense_rle": .array(runs), "mask_annotation_ids_mapping": .object(mapping),
        "total_pixels": .number(Double(size.width * size.height)),
      ]),
    ])
  }

  /// Disjoint rising pieces in which the largest value of those that overlap holds.
  private static func flattened(
    _ pieces: [(start: Int, end: Int, value: Int)]
  ) -> (pieces: [(start: Int, end: Int, value: Int)], isOverlapping: Bool) {
    // Where a piece begins or ends, ends first.
    var events: [(place: Int, value: Int, isStart: Bool)] = []
    for piece in pieces {
      events.append((piece.start, piece.value, true))
      events.append((piece.end, piece.value, false))
    }
    events.sort {
      ($0.place, $0.isStart ? 1 : 0, $0.value) < ($1.place, $1.isStart ? 1 : 0, $1.value)
    }
    var result: [(start: Int, end: Int, value: Int)] = []
    var open: [Int] = []
    var isOverlapping = false
    var position = 0
    for event in events {
      if let top = open.max(), event.place > position {
        if let last = result.last, last.end == position, last.value == top {
          result[result.count - 1].end = event.place
        } else {
          result.append((position, event.place, top))
        }
        if open.count > 1 { isOverlapping = true }
      }
      position = event.place
      if event.isStart {
        open.append(event.value)
      } else if let index = open.firstIndex(of: event.value) {
        open.remove(at: index)
      }
    }
    return (result, isOverlapping)
  }
}
