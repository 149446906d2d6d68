import Foundation
import Timeline

extension OpenLABEL: WritableFormat {
  /// What it can carry.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .rotatedBox, .polygon, .polyline, .points, .skeleton],
    identity: .text,
    aspects: [
      .holes, .parts, .classNames, .confidence, .jointConfidence, .hiddenJoints, .occlusion,
      .visibilityRatio, .keyFrames, .origin, .attributes, .trackAttributes, .ranges, .rangeDetails,
      .videoName, .pictureSize, .frameCount, .frameRate,
    ], output: .file(extension: "json"))

  /// Writes version 1.0.0: objects, frames, and ranges as actions.
  ///
  /// What OpenLABEL has no field for becomes an attribute; the size of the picture, the number of
  /// frames and their rate stand in `metadata`.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var writer = OpenLABELWriter(video: dataset.videos.first ?? VideoAnnotations())
    let output = try TextOutput(path: path)
    try output.write("{\"openlabel\":{\"metadata\":" + writer.metadata.json)
    try output.write(",\n\"objects\":{")
    for (place, track) in writer.video.tracks.enumerated() {
      try output.write((place == 0 ? "\n" : ",\n") + writer.object(track))
    }
    try output.write("\n},\n\"actions\":" + writer.actions.json)
    let rows = FrameRows(writer.video)
    var isFirst = true
    try output.write(",\n\"frames\":{")
    try rows.forEachFrame { frame, slice throws(LabelError) in
      if slice.isEmpty { return }
      try output.write((isFirst ? "\n" : ",\n") + "\"\(frame)\":")
      isFirst = false
      try output.write(writer.frame(slice.map { rows[$0] }).json)
    }
    try output.write("\n},\n\"frame_intervals\":" + writer.frameIntervals(rows).json + "}}\n")
    try output.finish()
    return writer.losses
  }
}

/// Writes the parts of an OpenLABEL file.
struct OpenLABELWriter {
  let video: VideoAnnotations
  private(set) var losses = LossReport()

  private typealias Attribute = (name: String, value: String)

  // The uids; OpenLABEL takes numbers and UUIDs only.
  private let numbers: TrackNumbers

  init(video: VideoAnnotations) {
    self.video = video
    numbers = TrackNumbers(video.tracks)
  }

  /// The facts of the video.
  var metadata: JSONValue {
    .members([
      "schema_version": .string("1.0.0"), "tagged_file": video.name.map { .string($0) },
      "width": video.width.map { .number(Double($0)) },
      "height": video.height.map { .number(Double($0)) },
      "frame_count": video.frameCount.map { .number(Double($0)) },
      "frame_rate": video.frameRate.map { .number($0) },
    ])
  }

  // MARK: Objects

  /// One member of `objects`.
  func object(_ track: Track) -> String {
    var attributes = numbers.attributes(of: track)
    let name = attributes.removeValue(forKey: "name") ?? track.id
    let data = data(attributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    let value = JSONValue.members([
      "name": .string(name), "type": .string(track.className),
      "frame_intervals": intervals(track.instances.map(\.frame)),
      "object_data": data.isEmpty ? nil : .object(data),
      "object_data_pointers": .object(pointers(track, attributes)),
    ])
    return JSONText.string(String(numbers[track])) + ":" + value.json
  }

  // Where the data of each name are, and of what type.
  private func pointers(_ track: Track, _ fixed: [String: String]) -> [JSONValue.Member] {
    var types: [String: String] = [:]
    var frames: [String: [FrameIndex]] = [:]
    for instance in track.instances {
      for (type, names) in shapeNames(instance.shape) {
        for name in names {
          types[name] = type
          frames[name, default: []].append(instance.frame)
        }
      }
      guard !Self.holdsAttributes(instance.shape) else { continue }
      for attribute in attributes(of: instance) {
        types[attribute.name] = Self.type(of: attribute.value)
        frames[attribute.name, default: []].append(instance.frame)
      }
    }
    for (name, value) in fixed where types[name] == nil {
      types[name] = Self.type(of: value)
      frames[name] = []
    }
    return types.sorted { $0.key < $1.key }.map { name, type in
      JSONValue.Member(
        key: name,
        value: .members([
          "type": .string(type), "frame_intervals": intervals(frames[name] ?? []),
        ]))
    }
  }

  private func intervals(_ frames: [FrameIndex]) -> JSONValue {
    var ranges: [FrameRange] = []
    for frame in frames {
      if let last = ranges.last, frame <= last.end {
        ranges[ranges.count - 1] = FrameRange(last.start, max(last.end, frame + 1))
      } else {
        ranges.append(FrameRange(frame, frame + 1))
      }
    }
    return .array(ranges.map(interval))
  }

  /// All frames that something is said of.
  func frameIntervals(_ rows: FrameRows) -> JSONValue {
    var frames = Set(rows.rows.map(\.frame))
    for range in video.ranges.map(\.range) where range.start < LabelFormats.maximumFrame {
      frames.formUnion(range.start..<min(range.end, LabelFormats.maximumFrame))
    }
    return intervals(frames.sorted())
  }

  private func interval(_ range: FrameRange) -> JSONValue {
    .members([
      "frame_start": .number(Double(range.start)), "frame_end": .number(Double(range.end - 1)),
    ])
  }

  // MARK: Frames

  /// One entry of `frames`.
  mutating func frame(_ instances: [(track: Track, instance: Instance)]) -> JSONValue {
    var objects: [JSONValue.Member] = []
    for (track, instance) in instances {
      let uid = String(numbers[track])
      if objects.contains(where: { $0.key == uid }) {
        losses.add(.duplicates)
        continue
      }
      objects.append(
        JSONValue.Member(
          key: uid,
          value: .members(["object_data": .object(objectData(instance))])))
    }
    return .members(["objects": .object(objects)])
  }

  private static let shapeName = "shape"

  // A box or a line is one datum, on which attributes hang; others hang on the object.
  private static func holdsAttributes(_ shape: Shape) -> Bool {
    switch shape {
    case .box, .rotatedBox, .polyline: true
    default: false
    }
  }

  private func shapeNames(_ shape: Shape) -> [(type: String, names: [String])] {
    switch shape {
    case .box: [("bbox", [Self.shapeName])]
    case .rotatedBox: [("rbbox", [Self.shapeName])]
    case .polyline: [("poly2d", [Self.shapeName])]
    case .polygon(let polygon):
      [("poly2d", polygon.rings.indices.map { "\(OpenLABELData.outline) \($0 + 1)" })]
    case .points(let points):
      [
        (
          "point2d",
          points.count == 1 ? [Self.shapeName] : points.indices.map(OpenLABELFile.pointName)
        )
      ]
    case .skeleton(let skeleton):
      [("point2d", skeleton.joints.filter { $0.visibility != .absent }.map(\.name))]
    case .mask, .ellipse, .cuboid: []
    }
  }

  private mutating func objectData(_ instance: Instance) -> [JSONValue.Member] {
    let own = attributes(of: instance)
    func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }
    func flat(_ points: [Point]) -> JSONValue { numbers(points.flatMap { [$0.x, $0.y] }) }
    func member(_ type: String, _ data: [JSONValue]) -> [JSONValue.Member] {
      [JSONValue.Member(key: type, value: .array(data))]
    }
    let hanging: JSONValue? = own.isEmpty ? nil : .object(data(own))
    let name = JSONValue.string(Self.shapeName)
    switch instance.shape {
    case .box(let box):
      let values = numbers([box.center.x, box.center.y, box.width, box.height])
      return member("bbox", [.members(["name": name, "val": values, "attributes": hanging])])
    case .rotatedBox(let box):
      let values = numbers([box.center.x, box.center.y, box.width, box.height, box.angle])
      return member("rbbox", [.members(["name": name, "val": values, "attributes": hanging])])
    case .polyline(let points):
      return member(
        "poly2d",
        [
          .members([
            "name": name, "val": flat(points), "mode": .string("MODE_POLY2D_ABSOLUTE"),
            "closed": .boolean(false), "attributes": hanging,
          ])
        ])
    case .polygon(let polygon): return member("poly2d", rings(polygon)) + data(own)
    case .points(let points):
      let entries = points.enumerated().map { place, point in
        JSONValue.members([
          "name": points.count == 1 ? name : .string(OpenLABELFile.pointName(place)),
          "val": flat([point]),
        ])
      }
      return member("point2d", entries) + data(own)
    case .skeleton(let skeleton):
      let entries = skeleton.joints.filter { $0.visibility != .absent }.map { joint in
        var attributes: [Attribute] = []
        if joint.visibility == .hidden { attributes.append(("joint_hidden", "true")) }
        if let score = joint.confidence {
          attributes.append(("joint_confidence", JSONText.number(score)))
        }
        return JSONValue.members([
          "name": .string(joint.name), "val": flat([joint.position]),
          "attributes": attributes.isEmpty ? nil : .object(data(attributes)),
        ])
      }
      return member("point2d", entries) + data(own)
    case .mask, .ellipse, .cuboid:
      losses.add(.instances)
      return []
    }
  }

  // OpenCV's hierarchy: the next and the previous ring of the same level, the first hole, and the
  // ring around it.
  private func rings(_ polygon: Polygon) -> [JSONValue] {
    var outers: [Int] = []
    var count = 0
    for part in polygon.parts {
      outers.append(count)
      count += 1 + part.holes.count
    }
    var entries: [JSONValue] = []
    func add(_ ring: [Point], _ hierarchy: [Int]) {
      entries.append(
        .members([
          "name": .string("\(OpenLABELData.outline) \(entries.count + 1)"),
          "val": .array(ring.flatMap { [.number($0.x), .number($0.y)] }),
          "mode": .string("MODE_POLY2D_ABSOLUTE"), "closed": .boolean(true),
          "hierarchy": .array(hierarchy.map { .number(Double($0)) }),
        ]))
    }
    for (place, part) in polygon.parts.enumerated() {
      let outer = outers[place]
      add(
        part.outer,
        [
          place + 1 < outers.count ? outers[place + 1] : -1, place > 0 ? outers[place - 1] : -1,
          part.holes.isEmpty ? -1 : outer + 1, -1,
        ])
      for (index, hole) in part.holes.enumerated() {
        let own = outer + 1 + index
        add(
          hole, [index + 1 < part.holes.count ? own + 1 : -1, index > 0 ? own - 1 : -1, -1, outer])
      }
    }
    return entries
  }

  // MARK: Attributes

  private func attributes(of instance: Instance) -> [Attribute] {
    var result: [Attribute] = []
    if let score = instance.confidence { result.append(("confidence", JSONText.number(score))) }
    switch instance.visibility {
    case .unknown: break
    case .visible: result.append(("occluded", "false"))
    case .occluded: result.append(("occluded", "true"))
    case .ratio(let ratio): result.append(("visibility", JSONText.number(ratio)))
    }
    if let isKeyFrame = instance.isKeyFrame {
      result.append(("keyframe", isKeyFrame ? "true" : "false"))
    }
    if instance.origin != .imported { result.append(("origin", instance.origin.rawValue)) }
    result += instance.attributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return result
  }

  private static func type(of value: String) -> String {
    if value == "true" || value == "false" { return "boolean" }
    guard let number = Double(value), number.isFinite, JSONValue.number(number).text == value else {
      return "text"
    }
    return "num"
  }

  private func data(_ attributes: [Attribute]) -> [JSONValue.Member] {
    var lists: [String: [JSONValue]] = [:]
    for attribute in attributes {
      let type = Self.type(of: attribute.value)
      let value: JSONValue =
        switch type {
        case "boolean": .boolean(attribute.value == "true")
        case "num": .number(Double(attribute.value) ?? 0)
        default: .string(attribute.value)
        }
      lists[type, default: []].append(
        .members(["name": .string(attribute.name), "val": value]))
    }
    return lists.sorted { $0.key < $1.key }.map {
      JSONValue.Member(key: $0.key, value: .array($0.value))
    }
  }

  /// The ranges.
  var actions: JSONValue {
    let members = video.ranges.enumerated().map { place, range in
      var attributes: [Attribute] = []
      if let value = range.value { attributes.append(("value", value)) }
      if let track = range.track { attributes.append(("track", track)) }
      if let score = range.confidence { attributes.append(("confidence", JSONText.number(score))) }
      if range.origin != .imported { attributes.append(("origin", range.origin.rawValue)) }
      var rest = range.attributes
      let name = rest.removeValue(forKey: "name") ?? range.name
      attributes += rest.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      let value = JSONValue.members([
        "name": .string(name), "type": .string(range.name),
        "frame_intervals": .array([interval(range.range)]),
        "action_data": attributes.isEmpty ? nil : .object(data(attributes)),
      ])
      return JSONValue.Member(key: String(place), value: value)
    }
    return .object(members)
  }
}
