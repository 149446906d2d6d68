import Foundation
import HDF5
import Timeline

extension SLEAP: WritableFormat {
  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.skeleton, .box, .rotatedBox, .mask], identity: .text,
    aspects: [
      .untracked, .duplicates, .classNames, .classChanges, .confidence, .jointConfidence,
      .hiddenJoints, .annotatedFrames, .ranges, .videoName, .pictureSize, .frameCount, .frameRate,
      .bones,
    ], output: .file(extension: "slp"), holdsManyVideos: true)

  /// Writes a file that sleap-io and, as far as skeletons go, SLEAP read.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var tables = SLEAPTables(dataset)
    do {
      let output = try HDF5Output.create(path: path)
      try tables.write(to: output)
      try output.finish()
    } catch { throw LabelError(error, path: path) }
    return tables.losses
  }

  /// Whether an instance is written as predicted: what comes without scores, or with the 1 that many
  /// tools give a person's drawing, is a person's.
  static func isPredicted(_ instance: Instance) -> Bool {
    if let confidence = instance.confidence, confidence != 1 { return true }
    guard case .skeleton(let skeleton) = instance.shape else { return false }
    return skeleton.joints.contains { $0.confidence != nil && $0.visibility != .absent }
  }
}

/// Labels as the tables of a SLEAP file.
struct SLEAPTables {
  /// What the tables have no place for.
  private(set) var losses = LossReport()

  private let videos: [VideoAnnotations]
  private var skeletons: [Ontology.Category] = []
  private var tracks: [String] = []
  private var trackPlaces: [String: Int] = [:]

  private var frames = Columns([
    ("frame_id", .uint64), ("video", .uint32), ("frame_idx", .uint64),
    ("instance_id_start", .uint64), ("instance_id_end", .uint64),
  ])
  // The order is fixed: sleap-io takes rows apart by place.
  private var instances = Columns([
    ("instance_id", .int64), ("instance_type", .uint8), ("frame_id", .uint64),
    ("skeleton", .uint32), ("track", .int32), ("from_predicted", .int64), ("score", .float32),
    ("point_id_start", .uint64), ("point_id_end", .uint64), ("tracking_score", .float32),
  ])
  private var points = Columns([
    ("x", .float64), ("y", .float64), ("visible", .boolean), ("complete", .boolean),
  ])
  private var predictedPoints = Columns([
    ("x", .float64), ("y", .float64), ("visible", .boolean), ("complete", .boolean),
    ("score", .float64),
  ])
  private var boxes = Columns([
    ("x1", .float64), ("y1", .float64), ("x2", .float64), ("y2", .float64), ("angle", .float64),
    ("video", .int32), ("frame_idx", .int64), ("track", .int32), ("instance", .int32),
    ("is_predicted", .uint8), ("score", .float32), ("tracking_score", .float32),
  ])
  private var boxClasses: [String] = []
  private var masks = Columns([
    ("height", .uint32), ("width", .uint32), ("annotation_type", .uint8), ("video", .int32),
    ("frame_idx", .int64), ("track", .int32), ("instance", .int32), ("from_predicted", .int32),
    ("is_predicted", .uint8), ("score", .float32), ("tracking_score", .float32),
    ("rle_start", .uint64), ("rle_end", .uint64), ("scale_x", .float32), ("scale_y", .float32),
    ("offset_x", .float32), ("offset_y", .float32),
  ])
  private var maskClasses: [String] = []
  private var maskBytes: [Double] = []

  // A whole number is the middle of a pixel.
  private static let offset = 0.5
  // An attribute has less room than 64 KB.
  private static let maximumAttribute = 64_000

  /// A table in the making.
  private struct Columns {
    var columns: [HDF5Column]
    var count: Int { columns[0].values.count }

    init(_ members: [(String, HDF5Number)]) {
      columns = members.map { HDF5Column($0.0, $0.1, []) }
    }

    mutating func add(_ row: [Double]) {
      for (place, value) in row.enumerated() { columns[place].values.append(value) }
    }
  }

  /// Lays out `dataset`.
  init(_ dataset: Dataset) {
    videos = dataset.videos
    for video in videos {
      for category in video.ontology.categories where !category.joints.isEmpty {
        if !skeletons.contains(where: { $0.name == category.name }) { skeletons.append(category) }
      }
      for track in video.tracks where track.isTracked && trackPlaces[track.id] == nil {
        trackPlaces[track.id] = tracks.count
        tracks.append(track.id)
      }
    }
    for place in videos.indices { addFrames(of: place) }
  }

  // MARK: Rows

  private mutating func addFrames(of place: Int) {
    let video = videos[place]
    var byFrame: [FrameIndex: [(track: Int, instance: Int)]] = [:]
    for (number, track) in video.tracks.enumerated() {
      for (index, instance) in track.instances.enumerated() {
        byFrame[instance.frame, default: []].append((number, index))
      }
    }
    for frame in Set(byFrame.keys).union(annotatedFrames(of: video)).sorted() {
      let (id, start) = (Double(frames.count), Double(instances.count))
      for entry in byFrame[frame] ?? [] {
        let track = video.tracks[entry.track]
        let instance = track.instances[entry.instance]
        let identity = track.isTracked ? trackPlaces[track.id] ?? -1 : -1
        add(
          instance, class: instance.className ?? track.className, track: Double(identity),
          video: Double(place), frameID: id)
      }
      frames.add([id, Double(place), Double(frame), start, Double(instances.count)])
    }
  }

  /// The frames that somebody looked at, also those without labels.
  private func annotatedFrames(of video: VideoAnnotations) -> [FrameIndex] {
    let end = max(video.frameCount ?? 0, video.extent?.end ?? 0)
    switch video.annotated {
    case .all: return Array(0..<min(end, LabelFormats.maximumFrame))
    case .every(let step, let range):
      let last = min(range.end, max(end, LabelFormats.maximumFrame))
      return Array(stride(from: max(0, range.start), to: last, by: max(1, step)))
    case .only(let frames): return frames.filter { $0 >= 0 }
    }
  }

  private mutating func add(
    _ instance: Instance, class name: String, track: Double, video: Double, frameID: Double
  ) {
    let isPredicted = SLEAP.isPredicted(instance)
    let score = instance.confidence ?? .nan
    let area = [
      video, Double(instance.frame), track, -1, isPredicted ? 1 : 0, score, .nan,
    ]
    switch instance.shape {
    case .skeleton(let skeleton):
      let (number, joints) = place(skeleton, class: name)
      let start = isPredicted ? predictedPoints.count : points.count
      for joint in joints { add(joint, isPredicted: isPredicted) }
      instances.add([
        Double(instances.count), isPredicted ? 1 : 0, frameID, Double(number), track, -1, score,
        Double(start), Double(start + joints.count), 0,
      ])
    case .box(let box):
      boxes.add([box.left, box.top, box.right, box.bottom, 0] + area)
      boxClasses.append(name)
    case .rotatedBox(let box):
      let (x, y) = (box.center.x, box.center.y)
      boxes.add(
        [
          x - box.width / 2, y - box.height / 2, x + box.width / 2, y + box.height / 2, box.angle,
        ] + area)
      boxClasses.append(name)
    case .mask(let mask):
      let start = Double(maskBytes.count)
      for run in mask.runs {
        for shift in [0, 8, 16, 24] { maskBytes.append(Double((run >> Int32(shift)) & 0xFF)) }
      }
      masks.add([
        Double(mask.height), Double(mask.width), 0, video, Double(instance.frame), track, -1, -1,
        isPredicted ? 1 : 0, score, .nan, start, Double(maskBytes.count), 1, 1, Double(mask.left),
        Double(mask.top),
      ])
      maskClasses.append(name)
    case .polygon, .polyline, .points, .ellipse, .cuboid: losses.add(.instances)
    }
  }

  private mutating func add(_ joint: Joint, isPredicted: Bool) {
    let isThere = joint.visibility != .absent
    let row = [
      isThere ? joint.position.x - Self.offset : .nan,
      isThere ? joint.position.y - Self.offset : .nan, joint.visibility == .visible ? 1 : 0, 0,
    ]
    if isPredicted {
      predictedPoints.add(row + [joint.confidence ?? .nan])
    } else {
      points.add(row)
    }
  }

  /// The number of the skeleton that an instance has, and its joints in the order of that one.
  private mutating func place(
    _ skeleton: Skeleton, class name: String
  ) -> (number: Int, joints: [Joint]) {
    let names = skeleton.joints.map(\.name)
    for (number, known) in skeletons.enumerated() where known.name == name {
      if known.joints == names { return (number, skeleton.joints) }
      let places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
      guard places.count == names.count, Set(names).isSubset(of: known.joints) else { continue }
      return (
        number,
        known.joints.map { name in
          places[name].map { skeleton.joints[$0] }
            ?? Joint(name: name, position: Point(0, 0), visibility: .absent)
        }
      )
    }
    skeletons.append(Ontology.Category(name: name, joints: names))
    return (skeletons.count - 1, skeleton.joints)
  }

  // MARK: Text

  private func number(_ value: Int) -> JSONValue { .number(Double(value)) }

  private var metadata: JSONValue {
    var nodes: [JSONValue] = []
    let graphs = skeletons.map { skeleton -> JSONValue in
      let first = nodes.count
      nodes += skeleton.joints.map { .members(["name": .string($0), "weight": .number(1)]) }
      let links = skeleton.edges.enumerated().map { place, edge -> JSONValue in
        let bone: JSONValue = .members([
          "py/reduce": .array([
            .members(["py/type": .string("sleap.skeleton.EdgeType")]),
            .members(["py/tuple": .array([.number(1)])]),
          ])
        ])
        return .members([
          "edge_insert_idx": number(place), "key": .number(0), "source": number(first + edge.from),
          "target": number(first + edge.to),
          "type": place == 0 ? bone : .members(["py/id": .number(1)]),
        ])
      }
      return .members([
        "directed": .boolean(true),
        "graph": .members([
          "name": .string(skeleton.name), "num_edges_inserted": number(skeleton.edges.count),
        ]),
        "links": .array(links), "multigraph": .boolean(true),
        "nodes": .array(skeleton.joints.indices.map { .members(["id": number(first + $0)]) }),
      ])
    }
    return .members([
      "version": .string("2.0.0"), "skeletons": .array(graphs), "nodes": .array(nodes),
      "videos": .array([]), "tracks": .array([]), "suggestions": .array([]),
      "negative_anchors": .object([]), "provenance": .object([]),
    ])
  }

  private mutating func entry(_ video: VideoAnnotations, _ place: Int) -> JSONValue {
    if video.frameCount != nil, video.width == nil || video.height == nil {
      losses.add(.frameCount)
    }
    var video = video
    video.name = video.name ?? "unnamed-\(place + 1)"
    return .members(["backend": SLEAPVideo.backend(of: video)])
  }

  // MARK: Writing

  /// The lowest format that has all that is written.
  private var version: Double {
    if videos.contains(where: { !$0.ranges.isEmpty }) { return 2.6 }
    if masks.count > 0 { return 2.1 }
    return boxes.count > 0 ? 2.0 : 1.2
  }

  /// Writes everything.
  mutating func write(to output: borrowing HDF5Output) throws(HDF5Error) {
    try output.add(group: "metadata")
    try output.add(attribute: "format_id", .numbers([version]), to: "metadata")
    let text = metadata.json
    // SLEAP itself wants it in fixed length.
    try output.add(
      attribute: "json", .text([text]), to: "metadata",
      as: text.utf8.count <= Self.maximumAttribute ? .fixed : .variable)
    var entries: [String] = []
    for (place, video) in videos.enumerated() { entries.append(entry(video, place).json) }
    try output.add(strings: "videos_json", entries, as: .fixed)
    try output.add(
      strings: "tracks_json",
      tracks.map { JSONValue.array([.number(0), .string($0)]).json }, as: .fixed)
    try output.add(strings: "suggestions_json", [], as: .fixed)
    try output.add(table: "frames", frames.columns)
    try output.add(table: "instances", instances.columns)
    try output.add(table: "points", points.columns)
    try output.add(table: "pred_points", predictedPoints.columns)
    try writeAreas(to: output)
    try writeEvents(to: output)
  }

  private func writeAreas(to output: borrowing HDF5Output) throws(HDF5Error) {
    if boxes.count > 0 {
      for column in boxes.columns {
        try output.add(
          numbers: "bboxes/" + column.name, column.values, dimensions: [boxes.count],
          as: column.type)
      }
      let blank = boxClasses.map { _ in "" }
      try output.add(strings: "bboxes/category", boxClasses, as: .variable)
      try output.add(strings: "bboxes/name", blank, as: .variable)
      try output.add(strings: "bboxes/source", blank, as: .variable)
    }
    if masks.count > 0 {
      let blank = maskClasses.map { _ in "" }
      try output.add(table: "masks", masks.columns)
      try output.add(
        numbers: "mask_rle", maskBytes, dimensions: [maskBytes.count], as: .uint8,
        isCompressed: true)
      try output.add(strings: "mask_categories", maskClasses, as: .variable)
      try output.add(strings: "mask_names", blank, as: .variable)
      try output.add(strings: "mask_sources", blank, as: .variable)
    }
  }

  private func writeEvents(to output: borrowing HDF5Output) throws(HDF5Error) {
    var types: [String] = []
    var events = Columns([
      ("video", .int64), ("start_frame", .int64), ("end_frame", .int64), ("type", .int64),
      ("subject_kind", .int8), ("target_kind", .int8), ("subject_idx", .int64),
      ("target_idx", .int64), ("is_predicted", .boolean),
    ])
    for (place, video) in videos.enumerated() {
      for label in video.ranges {
        let type = types.firstIndex(of: label.name) ?? types.count
        if type == types.count { types.append(label.name) }
        // Both ends count.
        events.add([
          Double(place), Double(label.range.start), Double(label.range.end - 1), Double(type), 0, 0,
          -1, -1, 0,
        ])
      }
    }
    guard events.count > 0 else { return }
    try output.add(strings: "event_types/name", types, as: .variable)
    for column in events.columns {
      try output.add(
        numbers: "events/" + column.name, column.values, dimensions: [events.count],
        as: column.type)
    }
    let blank = (0..<events.count).map { _ in "" }
    try output.add(strings: "events/name", blank, as: .variable)
    try output.add(strings: "events/source", blank, as: .variable)
  }
}
