import Foundation
import Timeline

extension Scalabel: WritableFormat {
  /// What it can carry.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .polygon, .polyline, .skeleton, .mask], identity: .text,
    aspects: [
      .parts, .duplicates, .classNames, .classChanges, .confidence, .jointConfidence,
      .hiddenJoints, .occlusion, .keyFrames, .attributes, .ignore, .annotatedFrames, .videoName,
      .pictureSize, .imageNames, .unusedClasses,
    ], output: .file(extension: "json"), holdsManyVideos: true)

  /// Writes `{frames, groups, config}`.
  ///
  /// A label is `manualShape` where it is a key frame. Masks are written in COCO's compressed runs.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    var writer = ScalabelWriter(path: path)
    var isFirst = true
    try output.write("{\"frames\":[")
    for (place, video) in dataset.videos.enumerated() {
      let name = video.name ?? "video-\(place + 1)"
      let rows = FrameRows(video)
      try rows.forEachFrame { frame, slice throws(LabelError) in
        try output.write(isFirst ? "\n" : ",\n")
        isFirst = false
        try output.write(try writer.frame(frame, slice.map { rows[$0] }, video, name).json)
      }
    }
    var names: [String] = []
    for category in dataset.videos.flatMap(\.ontology.categories)
    where !names.contains(category.name) {
      names.append(category.name)
    }
    let config = JSONValue.members([
      "categories": .array(names.map { .members(["name": .string($0)]) })
    ])
    try output.write("\n],\"groups\":null,\"config\":" + config.json + "}\n")
    try output.finish()
    return writer.losses
  }
}

/// Writes the frames of a Scalabel file.
struct ScalabelWriter {
  let path: String
  private(set) var losses = LossReport()

  init(path: String) { self.path = path }

  /// One entry of `frames`.
  mutating func frame(
    _ frame: FrameIndex, _ instances: [(track: Track, instance: Instance)],
    _ video: VideoAnnotations, _ name: String
  ) throws(LabelError) -> JSONValue {
    // BDD100K calls the frames of a video so, counting from 1.
    let digits = String(frame + 1)
    let stem = (name as NSString).deletingPathExtension
    let image =
      video.imageNames[frame]
      ?? stem + "-" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits + ".jpg"
    var size: JSONValue?
    if let width = video.width, let height = video.height {
      size = .members(["width": .number(Double(width)), "height": .number(Double(height))])
    }
    var labels: [JSONValue] = []
    for (track, instance) in instances { labels.append(try label(instance, of: track, video)) }
    return .members([
      "name": .string(image), "videoName": .string(name), "frameIndex": .number(Double(frame)),
      "size": size, "labels": .array(labels),
    ])
  }

  private mutating func label(
    _ instance: Instance, of track: Track, _ video: VideoAnnotations
  ) throws(LabelError) -> JSONValue {
    let name = instance.className ?? track.className
    var box: JSONValue?
    var lines: JSONValue?
    var runs: JSONValue?
    var graph: JSONValue?
    switch instance.shape {
    case .box(let shape):
      box = .members([
        "x1": .number(shape.left), "y1": .number(shape.top), "x2": .number(shape.right - 1),
        "y2": .number(shape.bottom - 1),
      ])
    case .polygon(let polygon):
      lines = .array(polygon.parts.map { line($0.outer, isClosed: true) })
    case .polyline(let points): lines = .array([line(points, isClosed: false)])
    case .mask(let mask): runs = try self.runs(mask, video)
    case .skeleton(let skeleton):
      let edges = video.ontology.categories.first { $0.name == name }?.edges ?? []
      graph = self.graph(skeleton, edges)
    case .rotatedBox, .points, .ellipse, .cuboid: losses.add(.instances)
    }
    return .members([
      "id": .string(track.id), "category": name.isEmpty ? nil : .string(name),
      "manualShape": instance.isKeyFrame.map { .boolean($0) },
      "score": instance.confidence.map { .number($0) },
      "attributes": attributes(of: instance, track), "box2d": box, "poly2d": lines, "rle": runs,
      "graph": graph,
    ])
  }

  private func attributes(of instance: Instance, _ track: Track) -> JSONValue? {
    var members: [JSONValue.Member] = []
    func add(_ key: String, _ value: JSONValue) {
      members.append(JSONValue.Member(key: key, value: value))
    }
    switch instance.visibility {
    case .unknown: break
    case .visible: add("occluded", .boolean(false))
    case .occluded, .ratio: add("occluded", .boolean(true))
    }
    var rest = instance.attributes
    let ignored = rest.removeValue(forKey: ReservedAttribute.ignore) == "true"
    if ignored || track.isIgnored { add("crowd", .boolean(true)) }
    if rest[ReservedAttribute.truncated] == "true" {
      rest[ReservedAttribute.truncated] = nil
      add("truncated", .boolean(true))
    }
    for (key, value) in rest.sorted(by: { $0.key < $1.key }) { add(key, .string(value)) }
    return members.isEmpty ? nil : .object(members)
  }

  private func line(_ points: [Point], isClosed: Bool) -> JSONValue {
    .members([
      "vertices": .array(points.map { .array([.number($0.x), .number($0.y)]) }),
      "types": .string(String(repeating: "L", count: points.count)), "closed": .boolean(isClosed),
    ])
  }

  private mutating func runs(
    _ mask: Mask, _ video: VideoAnnotations
  ) throws(LabelError) -> JSONValue? {
    guard let width = video.width, let height = video.height else {
      throw LabelError(
        .incomplete, path: path,
        "masks need the size of the picture, which the labels do not state; name the video")
    }
    guard let runs = COCORuns(mask, width: width, height: height) else {
      losses.add(.instances)
      return nil
    }
    return .members([
      "counts": .string(runs.compressed),
      "size": .array([.number(Double(height)), .number(Double(width))]),
    ])
  }

  private func graph(_ skeleton: Skeleton, _ edges: [Ontology.Edge]) -> JSONValue {
    let nodes = skeleton.joints.enumerated().map { place, joint in
      let mark =
        switch joint.visibility {
        case .absent: "A"
        case .hidden: "N"
        case .visible: "V"
        }
      let isFinite = joint.position.x.isFinite && joint.position.y.isFinite
      let position = isFinite ? joint.position : Point(0, 0)
      return JSONValue.members([
        "location": .array([.number(position.x), .number(position.y)]),
        "category": .string(joint.name), "visibility": .string(mark),
        "score": joint.confidence.map { .number($0) }, "id": .string(String(place)),
      ])
    }
    let joints = skeleton.joints.indices
    return .members([
      "nodes": .array(nodes),
      "edges": .array(
        edges.filter { joints.contains($0.from) && joints.contains($0.to) }.map { edge in
          .members([
            "source": .string(String(edge.from)), "target": .string(String(edge.to)),
          ])
        }), "type": .string("Pose2D"),
    ])
  }
}
