import Timeline

/// Writes labels as Ultralytics' `summary()` gives them, one list a frame.
struct UltralyticsJSONWriter {
  /// What could not be written.
  private(set) var losses = LossReport()

  private let output: TextOutput
  private let classes: COCOClassNumbers

  /// Prepares to write `dataset` to `output`.
  init(_ dataset: Dataset, to output: TextOutput) {
    self.output = output
    classes = COCOClassNumbers(dataset)
    losses.add(.classIDs, classes.changedCount)
  }

  /// Writes everything.
  mutating func write(_ dataset: Dataset) throws(LabelError) {
    var frames: [FrameIndex: [String]] = [:]
    var count = 0
    for video in dataset.videos {
      count = min(video.frameCount ?? 0, LabelFormats.maximumFrame + 1)
      for track in video.tracks {
        for instance in track.instances {
          guard let text = text(of: instance, track) else {
            losses.add(.instances)
            continue
          }
          frames[instance.frame, default: []].append(text)
        }
      }
    }
    let ranges = dataset.videos.flatMap(\.ranges).sorted { $0.range.start < $1.range.start }
    if count == 0 { count = min(ranges.map(\.range.end).max() ?? 0, LabelFormats.maximumFrame) }
    count = max(count, (frames.keys.max() ?? -1) + 1)
    var next = 0
    var current: [RangeLabel] = []
    try output.write("[")
    for frame in 0..<count {
      while next < ranges.count, ranges[next].range.start <= frame {
        current.append(ranges[next])
        next += 1
      }
      current.removeAll { $0.range.end <= frame }
      let entries = (frames[frame] ?? []) + current.map(Self.text)
      try output.write((frame == 0 ? "\n" : ",\n") + JSONText.array(entries))
    }
    try output.write("\n]\n")
    losses.add(.ranges, ranges.count - next)
  }

  private static func text(of label: RangeLabel) -> String {
    JSONText.object([
      ("name", JSONText.string(label.name)), ("class", "null"), ("confidence", "null"),
    ])
  }

  private func text(of instance: Instance, _ track: Track) -> String? {
    let className = instance.className ?? track.className
    var members = [
      (key: "name", value: JSONText.string(className)),
      ("class", String(classes.number(of: className))),
      ("confidence", instance.confidence.map { JSONText.number($0) } ?? "null"),
    ]
    let corners: [Point]
    switch instance.shape {
    case .rotatedBox(let box): corners = box.corners
    case .skeleton(let skeleton):
      let places = skeleton.joints.filter { $0.visibility != .absent }.map(\.position)
      corners = Box(around: places).map(Self.corners) ?? [Point(0, 0), Point(0, 0)]
    default:
      guard let box = instance.shape.bounds else { return nil }
      corners = Self.corners(of: box)
    }
    guard corners.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return nil }
    members.append(
      (
        "box",
        JSONText.object(
          corners.enumerated().flatMap { place, corner in
            [
              ("x\(place + 1)", JSONText.number(corner.x)),
              ("y\(place + 1)", JSONText.number(corner.y)),
            ]
          })
      ))
    if track.isTracked { members.append(("track_id", track.id)) }
    switch instance.shape {
    case .polygon(let polygon):
      guard let ring = polygon.parts.first?.outer else { return nil }
      members.append(("segments", JSONText.object(Self.axes(ring))))
    case .skeleton(let skeleton):
      members.append(("keypoints", keypoints(skeleton, className)))
    default: break
    }
    return JSONText.object(members)
  }

  private func keypoints(_ skeleton: Skeleton, _ className: String) -> String {
    let joints = classes.joints(of: skeleton, className: className)
    let isLabelled = joints.map { ($0?.visibility ?? .absent) != .absent }
    // What was not found lies at (0, 0).
    let places = zip(joints, isLabelled).map { joint, isLabelled in
      isLabelled ? joint?.position ?? Point(0, 0) : Point(0, 0)
    }
    let names = joints.enumerated().map { $0.element?.name ?? String($0.offset) }
    return JSONText.object(
      Self.axes(places) + [
        (
          "visible",
          JSONText.array(
            zip(joints, isLabelled).map { joint, isLabelled in
              isLabelled ? joint?.confidence.map { JSONText.number($0) } ?? "null" : "0"
            })
        ), (UltralyticsJSONFile.jointNamesKey, JSONText.array(names.map(JSONText.string))),
      ])
  }

  private static func axes(_ points: [Point]) -> [(key: String, value: String)] {
    [("x", \Point.x), ("y", \Point.y)].map { key, axis in
      (key, JSONText.array(points.map { JSONText.number($0[keyPath: axis]) }))
    }
  }

  private static func corners(of box: Box) -> [Point] {
    [Point(box.left, box.top), Point(box.right, box.bottom)]
  }
}
