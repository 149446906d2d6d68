import Timeline

extension Labelbox: WritableFormat {
  /// What it can carry.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .polyline, .points], identity: .text,
    aspects: [
      .classNames, .attributes, .trackAttributes, .ranges, .rangeDetails, .videoName,
    ], output: .file(extension: "ndjson"), holdsManyVideos: true)

  /// Writes NDJSON for import, one object or answer a line, frames from 1.
  ///
  /// A frame that lies where Labelbox would put it between its neighbours is no key frame and left
  /// out. A gap ends a segment.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    for (place, video) in dataset.videos.enumerated() {
      let writer = LabelboxWriter(video: video, name: video.name ?? "video-\(place + 1)")
      for track in video.tracks { try output.write(writer.object(track).json + "\n") }
      for (index, range) in video.ranges.enumerated() {
        try output.write(writer.answer(range, index).json + "\n")
      }
    }
    try output.finish()
    return LossReport()
  }
}

/// Writes the rows of one video.
struct LabelboxWriter {
  // What arithmetic may lose between two key frames, in pixels.
  private static let tolerance = 1e-9

  let video: VideoAnnotations
  let name: String

  init(video: VideoAnnotations, name: String) {
    self.video = video
    self.name = name
  }

  private var row: JSONValue { .members(["globalKey": .string(name)]) }

  /// The row of a track.
  func object(_ track: Track) -> JSONValue {
    var segments: [JSONValue] = []
    var start = track.instances.startIndex
    while start < track.instances.endIndex {
      var end = start + 1
      while end < track.instances.endIndex,
        track.instances[end].frame <= track.instances[end - 1].frame + 1
      {
        end += 1
      }
      let keys = Self.keyFrames(track.instances[start..<end])
      segments.append(.members(["keyframes": .array(keys.map(key))]))
      start = end
    }
    return .members([
      "name": .string(track.className), "dataRow": row, "uuid": .string(track.id),
      "classifications": .array(answers(track.attributes)), "segments": .array(segments),
    ])
  }

  /// The instances without those that lie where linear motion puts them.
  ///
  /// From every key frame on as many frames as possible are left out.
  static func keyFrames(_ instances: ArraySlice<Instance>) -> [Instance] {
    guard let first = instances.first, let last = instances.indices.last else { return [] }
    var result = [first]
    var from = instances.startIndex
    while from < last {
      var to = from + 1
      // Longer stretches are tried only as far as all shorter ones were straight.
      while to < last, areBetween(instances, from, to + 1) { to += 1 }
      result.append(instances[to])
      from = to
    }
    return result
  }

  private static func areBetween(_ instances: ArraySlice<Instance>, _ from: Int, _ to: Int) -> Bool
  {
    let (a, b) = (instances[from], instances[to])
    // Motion over many frames would make this quadratic, and would be no motion people draw.
    guard to - from <= 512 else { return false }
    return (from + 1..<to).allSatisfy { place in
      let instance = instances[place]
      let share = Double(instance.frame - a.frame) / Double(b.frame - a.frame)
      guard instance.attributes == a.attributes,
        let moved = a.shape.moved(to: b.shape, share: share), moved.kind == instance.shape.kind
      else { return false }
      let (one, other) = (moved.coordinates, instance.shape.coordinates)
      return one.count == other.count
        && zip(one, other).allSatisfy {
          abs($0.x - $1.x) <= tolerance && abs($0.y - $1.y) <= tolerance
        }
    }
  }

  private func key(_ instance: Instance) -> JSONValue {
    func place(_ point: Point) -> JSONValue {
      .members(["x": .number(point.x), "y": .number(point.y)])
    }
    var attributes = instance.attributes
    var (box, point, line): (JSONValue?, JSONValue?, JSONValue?) = (nil, nil, nil)
    switch instance.shape {
    case .box(let shape):
      box = .members([
        "top": .number(shape.top), "left": .number(shape.left), "height": .number(shape.height),
        "width": .number(shape.width),
      ])
    case .points(let points) where points.count == 1: point = place(points[0])
    case .points(let points):
      attributes["shape"] = "points"
      line = .array(points.map(place))
    case .polyline(let points): line = .array(points.map(place))
    case .rotatedBox, .polygon, .skeleton, .mask, .ellipse, .cuboid: break
    }
    return .members([
      "frame": .number(Double(instance.frame + 1)), "bbox": box, "point": point, "line": line,
      "classifications": .array(answers(attributes)),
    ])
  }

  private func answers(_ attributes: [String: String]) -> [JSONValue] {
    attributes.sorted { $0.key < $1.key }.map {
      .members(["name": .string($0.key), "answer": .string($0.value)])
    }
  }

  /// The row of a range: a question with one answer, which is its own name for a plain tag.
  func answer(_ range: RangeLabel, _ place: Int) -> JSONValue {
    var details = range.attributes
    details["track"] = range.track ?? details["track"]
    if range.origin != .imported { details["origin"] = range.origin.rawValue }
    return .members([
      "name": .string(range.name), "dataRow": row,
      "uuid": .string("\(name)-range-\(place + 1)"),
      "answer": .members([
        "name": .string(range.value ?? range.name),
        "confidence": range.confidence.map { .number($0) },
        "classifications": details.isEmpty ? nil : .array(answers(details)),
      ]),
      "frames": .array([
        .members([
          "start": .number(Double(range.range.start + 1)), "end": .number(Double(range.range.end)),
        ])
      ]),
    ])
  }
}
