import Foundation
import Timeline

/// Writes one video as a Datumaro subset.
struct DatumaroWriter {
  private let video: VideoAnnotations
  private let hasSkeletons: Bool
  private let path: String
  private(set) var losses = LossReport()
  private var places: [String: Int] = [:]
  private var categories: [Ontology.Category] = []

  /// Prepares to write `video`; `path` is only for messages.
  ///
  /// With `hasSkeletons` in the dialect of CVAT's fork, which has skeletons as a type of their own.
  init(_ video: VideoAnnotations, hasSkeletons: Bool, path: String) {
    self.video = video
    self.hasSkeletons = hasSkeletons
    self.path = path
    for category in video.ontology.categories { _ = place(of: category.name, category) }
    for track in video.tracks {
      _ = place(of: track.className)
      for instance in track.instances {
        if let name = instance.className { _ = place(of: name) }
      }
    }
    for range in video.ranges where range.name != Self.caption || range.value == nil {
      _ = place(of: range.name)
    }
  }

  private static let caption = "caption"

  private mutating func place(of name: String, _ category: Ontology.Category? = nil) -> Int? {
    // An annotation may have no label at all.
    guard !name.isEmpty else { return nil }
    if let place = places[name] { return place }
    places[name] = categories.count
    categories.append(category ?? Ontology.Category(name: name))
    return categories.count - 1
  }

  /// Writes everything.
  mutating func write(to output: TextOutput) throws(LabelError) {
    if hasSkeletons {
      try output.write("{\"info\":\(facts.json),\n")
    } else {
      try output.write(
        "{\"dm_format_version\":\"1.0\",\"media_type\":2,\n\"infos\":\(facts.json),\n")
    }
    try output.write("\"categories\":\(labels.json),\n\"items\":[")
    let entries = entries
    var tags: [FrameIndex: [Int]] = [:]
    let frames = frames
    for (place, range) in video.ranges.enumerated() { try add(range, place, frames, &tags) }
    var next = 0
    for (place, frame) in frames.enumerated() {
      var annotations: [JSONValue] = []
      while next < entries.count, entries[next].frame == frame {
        let track = video.tracks[entries[next].track]
        if let value = try annotation(track.instances[entries[next].instance], of: track) {
          annotations.append(value)
        }
        next += 1
      }
      annotations += (tags[frame] ?? []).map { tag(video.ranges[$0]) }
      for index in annotations.indices { annotations[index].prepend("id", .number(Double(index))) }
      try output.write((place == 0 ? "\n" : ",\n") + item(frame, annotations).json)
    }
    try output.write("\n]}\n")
  }

  // MARK: Head

  /// What Datumaro has no place for and keeps as it is.
  private var facts: JSONValue {
    let shared = Set(video.tracks.flatMap { $0.attributes.keys })
      .subtracting([ReservedAttribute.group])
    return .members([
      "video_name": video.name.map { .string($0) },
      "frame_count": video.frameCount.map { .number(Double($0)) },
      "frame_rate": video.frameRate.map { .number($0) },
      "track_attributes": shared.isEmpty ? nil : .array(shared.sorted().map { .string($0) }),
    ])
  }

  private var labels: JSONValue {
    var attributes: [Set<String>] = categories.map(\.mutableAttributes)
    for track in video.tracks {
      guard let place = places[track.className] else { continue }
      attributes[place].formUnion(track.attributes.keys)
      for instance in track.instances { attributes[place].formUnion(instance.attributes.keys) }
    }
    let labels = categories.enumerated().map { place, category in
      JSONValue.members([
        "name": .string(category.name), "parent": .string(""),
        "attributes": .array(
          attributes[place].subtracting([ReservedAttribute.group, ReservedAttribute.zOrder])
            .sorted().map { .string($0) }),
      ])
    }
    let points = categories.enumerated().filter { !$0.element.joints.isEmpty }.map {
      place, category in
      JSONValue.members([
        "label_id": .number(Double(place)),
        "labels": .array(category.joints.map { .string($0) }),
        "joints": .array(
          category.edges.map { .array([.number(Double($0.from)), .number(Double($0.to))]) }),
        "positions": .array([]),
      ])
    }
    return .members([
      "label": .members([
        "labels": .array(labels), "label_groups": .array([]),
        "attributes": .array(["occluded", "track_id", "keyframe"].map { .string($0) }),
      ]),
      "points": points.isEmpty ? nil : .members(["items": .array(points)]),
    ])
  }

  // MARK: Items

  private struct Entry {
    var frame: FrameIndex
    var track: Int
    var instance: Int
  }

  private var entries: [Entry] {
    var entries: [Entry] = []
    entries.reserveCapacity(video.instanceCount)
    for (place, track) in video.tracks.enumerated() {
      for (index, instance) in track.instances.enumerated() {
        entries.append(Entry(frame: instance.frame, track: place, instance: index))
      }
    }
    return entries.sorted { ($0.frame, $0.track, $0.instance) < ($1.frame, $1.track, $1.instance) }
  }

  /// The frames that have an item: those that were looked at, and those with a label.
  private var frames: [FrameIndex] {
    var frames = Set(video.tracks.lazy.flatMap(\.instances).map(\.frame))
    frames.formUnion(video.imageNames.keys)
    switch video.annotated {
    case .all: frames.formUnion(0..<video.lastAnnotatedEnd)
    case .every(let step, let range):
      let end = min(range.end, video.lastAnnotatedEnd)
      frames.formUnion(stride(from: max(0, range.start), to: end, by: max(1, step)))
    case .only(let known): frames.formUnion(known)
    }
    return frames.sorted()
  }

  private func item(_ frame: FrameIndex, _ annotations: [JSONValue]) -> JSONValue {
    let name = video.imageNames[frame] ?? Datumaro.imageName(of: frame)
    let size = video.width.flatMap { width in
      video.height.map { JSONValue.array([.number(Double($0)), .number(Double(width))]) }
    }
    return .members([
      "id": .string((name as NSString).deletingPathExtension), "annotations": .array(annotations),
      "attr": .members(["frame": .number(Double(frame))]),
      "image": .members(["path": .string(name), "size": size]),
    ])
  }

  private mutating func add(
    _ range: RangeLabel, _ place: Int, _ frames: [FrameIndex],
    _ tags: inout [FrameIndex: [Int]]
  ) throws(LabelError) {
    let first = frames.partitioningIndex { $0 >= range.range.start }
    let end = frames.partitioningIndex { $0 >= range.range.end }
    let isMore =
      range.value != nil && range.name != Self.caption || range.track != nil
      || range.confidence != nil || range.origin != .unknown
    losses.add(.rangeDetails, isMore ? 1 : 0)
    losses.add(.ranges, first < end ? 0 : 1)
    guard first < end else { return }
    for frame in frames[first..<end] { tags[frame, default: []].append(place) }
  }

  private func tag(_ range: RangeLabel) -> JSONValue {
    let attributes = attributes(range.attributes)
    if range.name == Self.caption, let value = range.value {
      return .members([
        "type": .string(Self.caption), "attributes": attributes,
        "group": group(range.attributes), "caption": .string(value),
      ])
    }
    return .members([
      "type": .string("label"), "attributes": attributes, "group": group(range.attributes),
      "label_id": label(range.name),
    ])
  }

  // MARK: Annotations

  private func label(_ name: String) -> JSONValue {
    places[name].map { .number(Double($0)) } ?? .null
  }

  private func attributes(
    _ attributes: [String: String], _ own: [(key: String, value: JSONValue)] = []
  ) -> JSONValue {
    .object(
      own.map { JSONValue.Member(key: $0.key, value: $0.value) }
        + attributes.filter { $0.key != ReservedAttribute.group || Int($0.value) == nil }
        .sorted { $0.key < $1.key }
        .map { JSONValue.Member(key: $0.key, value: .string($0.value)) })
  }

  private func group(_ attributes: [String: String]) -> JSONValue {
    .number(Double(attributes[ReservedAttribute.group].flatMap { Int($0) } ?? 0))
  }

  private mutating func annotation(
    _ instance: Instance, of track: Track
  ) throws(LabelError) -> JSONValue? {
    var own: [(key: String, value: JSONValue)] = []
    if let isOccluded = instance.visibility.isOccluded {
      own.append(("occluded", .boolean(isOccluded)))
    }
    if track.isTracked {
      let number = Int(track.id).flatMap { String($0) == track.id ? $0 : nil }
      own.append(("track_id", number.map { .number(Double($0)) } ?? .string(track.id)))
    }
    if let isKeyFrame = instance.isKeyFrame { own.append(("keyframe", .boolean(isKeyFrame))) }
    if let score = instance.confidence { own.append(("score", .number(score))) }
    switch instance.shape {
    case .rotatedBox(let box): own.append(("rotation", .number(box.angle * 180 / .pi)))
    case .ellipse(let ellipse) where ellipse.angle != 0:
      own.append(("rotation", .number(ellipse.angle * 180 / .pi)))
    default: break
    }
    guard let shape = try shape(instance.shape, label: track.className) else {
      losses.add(.instances)
      return nil
    }
    var merged = track.attributes.merging(instance.attributes) { _, own in own }
    let order = merged.removeValue(forKey: ReservedAttribute.zOrder).flatMap { Int($0) } ?? 0
    var value = JSONValue.members([
      "type": .string(shape.type), "attributes": attributes(merged, own), "group": group(merged),
      "label_id": label(instance.className ?? track.className), "z_order": .number(Double(order)),
    ])
    for member in shape.members { value.append(member.key, member.value) }
    return value
  }

  private mutating func shape(
    _ shape: Shape, label: String
  ) throws(LabelError) -> (type: String, members: [JSONValue.Member])? {
    guard shape.coordinates.allSatisfy({ abs($0.x) <= 1e9 && abs($0.y) <= 1e9 }) else { return nil }
    func numbers(_ numbers: [Double]) -> JSONValue { .array(numbers.map { .number($0) }) }
    func flat(_ points: [Point]) -> [JSONValue.Member]? {
      points.isEmpty
        ? nil : [JSONValue.Member(key: "points", value: numbers(points.flatMap { [$0.x, $0.y] }))]
    }
    switch shape {
    case .box(let box):
      return (
        "bbox", [.init(key: "bbox", value: numbers([box.left, box.top, box.width, box.height]))]
      )
    case .rotatedBox(let box):
      let upright = Box(center: box.center, width: box.width, height: box.height)
      return (
        "bbox",
        [
          .init(
            key: "bbox",
            value: numbers([upright.left, upright.top, upright.width, upright.height]))
        ]
      )
    case .ellipse(let ellipse):
      let (center, x, y) = (ellipse.center, ellipse.radiusX, ellipse.radiusY)
      return (
        "ellipse",
        [
          .init(
            key: "points",
            value: numbers([center.x - x, center.y - y, center.x + x, center.y + y]))
        ]
      )
    case .polygon(let polygon):
      return flat(polygon.parts.first?.outer ?? []).map { ("polygon", $0) }
    case .polyline(let points): return flat(points).map { ("polyline", $0) }
    case .points(let points): return flat(points).map { ("points", $0) }
    case .cuboid(let corners):
      guard corners.count == 8 else { return nil }
      let order = Datumaro.cuboidPlaces.indices.map { place in
        corners[Datumaro.cuboidPlaces.firstIndex(of: place) ?? 0]
      }
      return (
        "cuboid_2d",
        [.init(key: "points", value: .array(order.map { numbers([$0.x, $0.y]) }))]
      )
    case .skeleton(let skeleton):
      guard !skeleton.joints.isEmpty else { return nil }
      return joints(skeleton.joints)
    case .mask(let mask):
      guard let width = video.width, let height = video.height else {
        throw LabelError(
          .incomplete, path: path,
          "masks in Datumaro need the size of the picture, which the labels do not state;"
            + " name the video with --video")
      }
      guard let runs = COCORuns(mask, width: width, height: height) else { return nil }
      return (
        "mask",
        [
          .init(
            key: "rle",
            value: .members([
              "counts": .string(runs.compressed),
              "size": numbers([Double(height), Double(width)]),
            ]))
        ]
      )
    }
  }

  private func joints(_ joints: [Joint]) -> (type: String, members: [JSONValue.Member]) {
    func seen(_ joint: Joint) -> Double { Double(joint.visibility.rawValue) }
    if hasSkeletons {
      let numbers = joints.flatMap { [$0.position.x, $0.position.y, seen($0)] }
      return ("skeleton", [.init(key: "points", value: .array(numbers.map { .number($0) }))])
    }
    return (
      "points",
      [
        .init(
          key: "points",
          value: .array(joints.flatMap { [$0.position.x, $0.position.y] }.map { .number($0) })),
        .init(key: "visibility", value: .array(joints.map { .number(seen($0)) })),
      ]
    )
  }
}

extension JSONValue {
  /// Puts a member in front of an object's others.
  fileprivate mutating func prepend(_ key: String, _ value: JSONValue) {
    self = .object([Member(key: key, value: value)] + members)
  }

  /// Puts a member behind an object's others.
  fileprivate mutating func append(_ key: String, _ value: JSONValue) {
    self = .object(members + [Member(key: key, value: value)])
  }
}
