import Foundation
import Timeline

/// Writes a project folder as Supervisely's client reads it.
struct SuperviselyWriter {
  private static let dataset = "dataset"

  private let path: String
  private let options: WriteOptions
  private var losses = LossReport()
  /// The kinds of shapes of every class, and the names of tags.
  private var kinds: [String: Set<String>] = [:]
  private var categories: [Ontology.Category] = []
  private var tagNames: Set<String> = []
  /// The tags that have a value somewhere, and so everywhere.
  private var valuedTags: Set<String> = []

  init(path: String, options: WriteOptions) {
    self.path = path
    self.options = options
  }

  /// Writes a dataset; see ``Supervisely/write(_:to:options:)``.
  mutating func write(_ dataset: Dataset) throws(LabelError) -> LossReport {
    let output = try FolderOutput(path: path)
    valuedTags = Self.valuedTags(of: dataset)
    var names: Set<String> = []
    for (place, video) in dataset.videos.enumerated() {
      let name = fileName(of: video, place, &names)
      let file = try TextOutput(path: output.path(of: "\(Self.dataset)/ann/\(name).json"))
      try write(video, to: file)
      try file.finish()
      // This makes the folder that people put the video into, where the client looks for it.
      _ = try output.path(of: "\(Self.dataset)/video/\(name)")
    }
    try output.write(meta.json + "\n", to: "meta.json")
    try output.write(
      #"{"tags":{},"objects":{},"figures":{},"videos":{}}"# + "\n", to: "key_id_map.json")
    try output.finish()
    return losses
  }

  private static func valuedTags(of dataset: Dataset) -> Set<String> {
    var names: Set<String> = [Supervisely.idTag]
    for video in dataset.videos {
      for range in video.ranges where range.value != nil { names.insert(range.name) }
      for track in video.tracks {
        names.formUnion(track.attributes.keys)
        for instance in track.instances { names.formUnion(instance.attributes.keys) }
      }
    }
    return names
  }

  /// A name that is a file name and is not taken.
  private mutating func fileName(
    of video: VideoAnnotations, _ place: Int, _ names: inout Set<String>
  ) -> String {
    let last = video.name?.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
    let isUsable = !last.isEmpty && !last.hasPrefix(".") && last.utf8.count < 200
    var name = isUsable ? last.filter { $0 != "\0" } : "video\(place + 1).mp4"
    while !names.insert(name).inserted { name = "\(names.count)-" + name }
    if let stated = video.name, stated != name { losses.add(.videoName) }
    return name
  }

  private mutating func write(
    _ video: VideoAnnotations, to file: TextOutput
  ) throws(LabelError) {
    guard let width = video.width, let height = video.height else {
      throw LabelError(
        .incomplete, path: path,
        "Supervisely wants the size of the picture, and nobody states the one"
          + (video.name.map { " of \($0)" } ?? "") + "; name the video too")
    }
    let end = max(video.extent?.end ?? 0, video.ranges.map(\.range.end).max() ?? 0, 1)
    let frameCount = max(video.frameCount ?? end, end)
    for category in video.ontology.categories
    where !categories.contains(where: { $0.name == category.name }) {
      categories.append(category)
    }
    let size = JSONValue.members([
      "height": .number(Double(height)), "width": .number(Double(width)),
    ])
    let key = SuperviselyKey.key("video", video.name ?? "")
    try file.write(
      #"{"size":\#(size.json),"description":"","key":"\#(key)","framesCount":\#(frameCount),"#)
    let tags = video.ranges.enumerated().map { place, range in
      tag(of: range, place, frameCount: frameCount).json
    }
    try file.write(#""tags":"# + JSONText.array(tags) + ",\n\"objects\":[")
    for (place, track) in video.tracks.enumerated() {
      try file.write((place == 0 ? "\n" : ",\n") + object(of: track, video).json)
    }
    try file.write("],\n\"frames\":[")
    var frames: [FrameIndex: [(track: Int, instance: Int)]] = [:]
    for (track, labels) in video.tracks.enumerated() {
      for (instance, label) in labels.instances.enumerated() {
        frames[label.frame, default: []].append((track, instance))
      }
    }
    var isFirst = true
    for frame in frames.keys.sorted() {
      var figures: [String] = []
      for (track, instance) in frames[frame] ?? [] {
        let labels = video.tracks[track]
        if let figure = try figure(labels.instances[instance], of: labels, video) {
          figures.append(figure.json)
        }
      }
      try file.write(
        (isFirst ? "\n" : ",\n") + #"{"index":\#(frame),"figures":"# + JSONText.array(figures)
          + "}")
      isFirst = false
    }
    try file.write("]}\n")
  }

  // MARK: - Tags and objects

  private mutating func tag(
    _ name: String, _ value: String?, _ range: FrameRange?, key: String, isHuman: Bool = false
  ) -> JSONValue {
    tagNames.insert(name)
    let text = value ?? (valuedTags.contains(name) ? "" : nil)
    return .members([
      "name": .string(name), "value": text.map { .string($0) },
      "frameRange": range.map {
        .array([.number(Double($0.start)), .number(Double($0.end - 1))])
      },
      "labelerLogin": isHuman ? .string("human") : nil, "key": .string(key),
    ])
  }

  private mutating func tag(
    of label: RangeLabel, _ place: Int, frameCount: Int
  ) -> JSONValue {
    let isWhole = label.range == FrameRange(0, frameCount)
    if label.track != nil || !label.attributes.isEmpty || label.confidence != nil {
      losses.add(.rangeDetails)
    }
    if label.origin != .human, label.origin != .unknown { losses.add(.origin) }
    return tag(
      label.name, label.value, isWhole || label.range.isEmpty ? nil : label.range,
      key: SuperviselyKey.key("range", "\(place) \(label.name)"), isHuman: label.origin == .human)
  }

  private mutating func object(of track: Track, _ video: VideoAnnotations) -> JSONValue {
    var tags: [JSONValue] = []
    func key(_ part: String) -> String { SuperviselyKey.key("tag", track.id + "\n" + part) }
    if !SuperviselyKey.isKey(track.id) {
      tags.append(tag(Supervisely.idTag, track.id, nil, key: key(Supervisely.idTag)))
    }
    for (name, text) in track.attributes.sorted(by: { $0.key < $1.key }) {
      tags.append(tag(name, text, nil, key: key(name)))
    }
    var frames: [String: [String: [FrameIndex]]] = [:]
    for instance in track.instances {
      for (name, text) in instance.attributes {
        frames[name, default: [:]][text, default: []].append(instance.frame)
      }
    }
    for (name, answers) in frames.sorted(by: { $0.key < $1.key }) {
      for (text, frames) in answers.sorted(by: { $0.key < $1.key }) {
        for range in FrameRange.runs(of: frames) {
          tags.append(tag(name, text, range, key: key("\(name) \(range.start)")))
        }
      }
    }
    kinds[track.className] = kinds[track.className] ?? []
    return .members([
      "key": .string(SuperviselyKey.object(track.id)), "classTitle": .string(track.className),
      "tags": .array(tags),
    ])
  }

  // MARK: - Figures

  private mutating func figure(
    _ instance: Instance, of track: Track, _ video: VideoAnnotations
  ) throws(LabelError) -> JSONValue? {
    guard let (type, geometry) = try geometry(instance.shape) else {
      losses.add(.instances)
      return nil
    }
    kinds[track.className, default: []].insert(type)
    var flags: (isCreated: Bool, isUpdated: Bool)?
    var trackID: String?
    switch instance.origin {
    case .human: flags = (false, false)
    case .model: flags = (true, true)
    case .tracked: (flags, trackID) = ((true, true), "tracked")
    case .interpolated: (flags, trackID) = ((true, true), Supervisely.interpolated)
    case .imported, .unknown: break
    }
    return .members([
      "key": .string(SuperviselyKey.key("figure", "\(track.id)\n\(instance.frame)")),
      "objectKey": .string(SuperviselyKey.object(track.id)), "geometryType": .string(type),
      "geometry": geometry, "nnCreated": flags.map { .boolean($0.isCreated) },
      "nnUpdated": flags.map { .boolean($0.isUpdated) }, "trackId": trackID.map { .string($0) },
    ])
  }

  private func whole(_ number: Double) -> JSONValue { .number(number.rounded()) }

  private func pair(_ point: Point) -> JSONValue { .array([whole(point.x), whole(point.y)]) }

  private func ring(_ points: [Point]) -> JSONValue { .array(points.map { pair($0) }) }

  private func part(_ outer: [Point], _ holes: [[Point]] = []) -> JSONValue {
    .members(["exterior": ring(outer), "interior": .array(holes.map { ring($0) })])
  }

  /// The first and the last pixel that a box holds, at least one each way.
  private func pixels(_ box: Box) -> [Point] {
    let (left, top) = (box.left.rounded(), box.top.rounded())
    return [
      Point(left, top),
      Point(max(left, box.right.rounded() - 1), max(top, box.bottom.rounded() - 1)),
    ]
  }

  private func geometry(
    _ shape: Shape
  ) throws(LabelError) -> (type: String, geometry: JSONValue)? {
    switch shape {
    case .box(let box):
      // A single place becomes a box of no size where a format has no points.
      if box.width == 0, box.height == 0 {
        return ("point", .members(["points": part([Point(box.left, box.top)])]))
      }
      return ("rectangle", .members(["points": part(pixels(box))]))
    case .rotatedBox(let box):
      let upright = Box(center: box.center, width: box.width, height: box.height)
      return (
        "oriented_bbox",
        .members(["points": ring(pixels(upright)), "angle": .number(box.angle)])
      )
    case .polygon(let polygon):
      guard let first = polygon.parts.first else { return nil }
      guard polygon.parts.count > 1 else {
        return ("polygon", .members(["points": part(first.outer, first.holes)]))
      }
      return (
        "multipolygon",
        .members(["parts": .array(polygon.parts.map { part($0.outer, $0.holes) })])
      )
    case .polyline(let points), .points(let points):
      return points.isEmpty ? nil : ("line", .members(["points": part(points)]))
    case .skeleton(let skeleton):
      let names = SuperviselyKey.unique(skeleton.joints.map(\.name))
      return (
        "graph",
        .members([
          "nodes": .object(
            zip(names, skeleton.joints).map { name, joint in
              JSONValue.Member(key: name, value: node(joint))
            })
        ])
      )
    case .cuboid(let corners):
      guard corners.count == 8 else { return nil }
      return (
        "cuboid_2d",
        .members([
          "vertices": .object(
            zip(SuperviselyGeometry.corners, corners).map { name, corner in
              JSONValue.Member(key: name, value: .members(["loc": pair(corner)]))
            })
        ])
      )
    case .mask(let mask):
      guard mask.width > 0, mask.height > 0 else { return nil }
      guard let images = options.images else {
        throw LabelError(
          .incomplete, path: path, "masks are written as PNG, and there is no encoder for it")
      }
      return ("bitmap", try SuperviselyGeometry.bitmap(mask, images: images, path: path))
    case .ellipse: return nil
    }
  }

  private func node(_ joint: Joint) -> JSONValue {
    let isPlace = joint.position.x.isFinite && joint.position.y.isFinite
    return .members([
      "loc": pair(isPlace ? joint.position : Point(0, 0)),
      "disabled": joint.visibility == .absent ? .boolean(true) : nil,
    ])
  }

  // MARK: - Meta

  /// The classes and tags of the project.
  private var meta: JSONValue {
    let known = Set(categories.map(\.name))
    let others = kinds.keys.filter { !known.contains($0) }.sorted()
    let classes = (categories + others.map { Ontology.Category(name: $0) }).map { category in
      let shapes = kinds[category.name] ?? []
      let single = shapes.count == 1 ? shapes.first : nil
      let shape = single ?? (shapes.isEmpty && !category.joints.isEmpty ? "graph" : "any")
      return JSONValue.members([
        "title": .string(category.name), "shape": .string(shape), "color": .string("#D33115"),
        "geometry_config": configuration(of: category), "hotkey": .string(""),
        "id": category.sourceID.flatMap { Int($0) }.map { .number(Double($0)) },
      ])
    }
    let tags = tagNames.sorted().map { name in
      JSONValue.members([
        "name": .string(name),
        "value_type": .string(valuedTags.contains(name) ? "any_string" : "none"),
        "color": .string("#0F8A24"),
        "hotkey": .string(""), "applicable_type": .string("all"), "classes": .array([]),
      ])
    }
    return .members([
      "classes": .array(classes), "tags": .array(tags), "projectType": .string("videos"),
    ])
  }

  private func configuration(of category: Ontology.Category) -> JSONValue {
    guard !category.joints.isEmpty else { return .object([]) }
    let names = SuperviselyKey.unique(category.joints)
    let nodes = zip(names, category.joints).enumerated().map { place, pair in
      JSONValue.Member(
        key: pair.0,
        value: .members([
          "label": .string(pair.1), "loc": .array([.number(Double(place)), .number(0)]),
          "color": .string("#0000FF"),
        ]))
    }
    let edges = category.edges.compactMap { edge -> JSONValue? in
      guard names.indices.contains(edge.from), names.indices.contains(edge.to) else { return nil }
      return .members([
        "src": .string(names[edge.from]), "dst": .string(names[edge.to]),
        "color": .string("#00FF00"),
      ])
    }
    return .members(["nodes": .object(nodes), "edges": .array(edges)])
  }
}

/// The keys of things: UUIDs in 32 small hexadecimal digits.
enum SuperviselyKey {
  /// Whether an id is a key already.
  static func isKey(_ id: String) -> Bool {
    id.utf8.count == 32 && id.allSatisfy { $0.isHexDigit && !$0.isUppercase }
  }

  /// The key of an object: its id, where that is one.
  static func object(_ id: String) -> String { isKey(id) ? id : key("object", id) }

  /// A key that is the same for the same name.
  static func key(_ kind: String, _ name: String) -> String {
    var parts = [UInt64](repeating: 0, count: 2)
    for place in parts.indices {
      var value: UInt64 = 0xcbf2_9ce4_8422_2325 &+ UInt64(place) &* 0x9E37_79B9_7F4A_7C15
      for byte in Array(kind.utf8) + [0xff] + Array(name.utf8) {
        value = (value ^ UInt64(byte)) &* 0x100_0000_01b3
      }
      parts[place] = value ^ value >> 29
    }
    return parts.map { part in
      let text = String(part, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }.joined()
  }

  /// The names, each once: a second one gets a number.
  static func unique(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    return names.enumerated().map { place, name in
      var name = name
      while !taken.insert(name).inserted { name += "#\(place)" }
      return name
    }
  }
}
