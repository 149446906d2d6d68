import Timeline

/// Writes tasks as Label Studio imports them.
struct LabelStudioWriter {
  private typealias Drawing = LabelStudioRegion.Drawing

  /// What is the same for all regions of a video.
  private struct Video {
    var width: Double
    var height: Double
    var frameCount: Int
    var frameRate: Double?
    var tolerance: Double
    var isPrediction: Bool

    /// The duration in seconds; 0 where nobody knows the rate, and then no time is stated.
    var duration: Double { frameRate.map { Double(frameCount) / $0 } ?? 0 }

    /// The time Label Studio gives to a frame: its number from 1 divided by the rate.
    func time(_ frame: FrameIndex) -> Double {
      frameRate.map { Double(frame + LabelStudio.base) / $0 } ?? 0
    }
  }

  /// The distance in pixels that is no more than the rounding of doubles.
  private static let exact = 1e-6

  private let path: String
  private var losses = LossReport()
  private var taken: Set<String> = []
  private var regionCount = 0

  init(path: String) { self.path = path }

  /// Writes a dataset; see ``LabelStudio/write(_:to:options:)``.
  mutating func write(_ dataset: Dataset) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    try output.write("[")
    for (place, video) in dataset.videos.enumerated() {
      try output.write(place == 0 ? "\n" : ",\n")
      try write(video, number: place + 1, to: output)
    }
    try output.write("\n]\n")
    try output.finish()
    return losses
  }

  private mutating func write(
    _ video: VideoAnnotations, number: Int, to output: TextOutput
  ) throws(LabelError) {
    let facts = try facts(of: video)
    taken = Set(video.tracks.map(\.id))
    let data = JSONValue.members([
      "video": .string(video.name ?? ""),
      "width": video.width.map { .number(Double($0)) },
      "height": video.height.map { .number(Double($0)) },
      "frames_count": video.frameCount.map { .number(Double($0)) },
      "frame_rate": video.frameRate.map { .number($0) },
    ])
    let list = facts.isPrediction ? "predictions" : "annotations"
    let model = facts.isPrediction ? #""model_version":"imported","# : ""
    try output.write(
      #"{"id":\#(number),"data":\#(data.json),"\#(list)":[{\#(model)"result":["#)
    var isFirst = true
    for track in video.tracks {
      for entry in entries(of: track, facts) {
        try output.write((isFirst ? "\n" : ",\n") + entry.json)
        isFirst = false
      }
    }
    for range in video.ranges {
      for entry in entries(of: range, facts) {
        try output.write((isFirst ? "\n" : ",\n") + entry.json)
        isFirst = false
      }
    }
    try output.write("]}]}")
  }

  private func facts(of video: VideoAnnotations) throws(LabelError) -> Video {
    let hasShapes = video.instanceCount > 0
    guard !hasShapes || (video.width ?? 0) > 0 && (video.height ?? 0) > 0 else {
      throw LabelError(
        .incomplete, path: path,
        "Label Studio writes places as percent, and nobody states the size of the picture"
          + (video.name.map { " of \($0)" } ?? "") + "; name the video too")
    }
    var origins: Set<Origin> = []
    for track in video.tracks {
      for instance in track.instances { origins.insert(instance.origin) }
    }
    for range in video.ranges { origins.insert(range.origin) }
    let end = max(video.extent?.end ?? 0, video.ranges.map(\.range.end).max() ?? 0)
    return Video(
      width: Double(video.width ?? 1), height: Double(video.height ?? 1),
      frameCount: max(1, video.frameCount ?? end),
      frameRate: video.frameRate.flatMap { $0.isFinite && $0 > 0 ? $0 : nil },
      tolerance: max(Self.exact, video.quantum / 2),
      isPrediction: origins.contains(.model) && origins.isSubset(of: [.model, .interpolated]))
  }

  // MARK: - Entries

  private func entry(
    id: String, control: String, type: String, value: JSONValue, _ video: Video,
    origin: String? = nil, score: Double? = nil, parent: String? = nil, isDrawn: Bool = false
  ) -> JSONValue {
    .members([
      "id": .string(id), "parentID": parent.map { .string($0) }, "from_name": .string(control),
      "to_name": .string("video"), "type": .string(type), "origin": origin.map { .string($0) },
      "original_width": isDrawn ? .number(video.width) : nil,
      "original_height": isDrawn ? .number(video.height) : nil,
      "score": score.map { .number($0) }, "value": value,
    ])
  }

  private func answer(
    _ text: String, to control: String, of id: String, _ video: Video
  ) -> JSONValue {
    entry(
      id: id, control: control, type: "textarea",
      value: .members(["text": .array([.string(text)])]), video)
  }

  private mutating func newID(_ stem: String) -> String {
    while true {
      regionCount += 1
      let id = stem + String(regionCount)
      if taken.insert(id).inserted { return id }
    }
  }

  private mutating func entries(of track: Track, _ video: Video) -> [JSONValue] {
    var boxes: [(Instance, Drawing)] = []
    var lines: [(Instance, Drawing)] = []
    for instance in track.instances {
      guard
        let drawing = Drawing(instance.shape, width: video.width, height: video.height)
      else {
        losses.add(.instances)
        continue
      }
      if drawing.isBox {
        boxes.append((instance, drawing))
      } else {
        lines.append((instance, drawing))
      }
    }
    var entries: [JSONValue] = []
    for part in [boxes, lines] where !part.isEmpty {
      // A region is boxes or vertices: the second kind becomes an object of its own.
      let isSecond = !entries.isEmpty
      if isSecond { losses.add(.identity) }
      let id = isSecond ? newID(track.id + "#") : track.id
      entries.append(region(part, id: id, track, video))
      let attributes = track.attributes.sorted { $0.key < $1.key }
      for (name, text) in attributes where name != ReservedAttribute.trackScore {
        entries.append(answer(text, to: name, of: id, video))
      }
    }
    return entries
  }

  private mutating func region(
    _ part: [(Instance, Drawing)], id: String, _ track: Track, _ video: Video
  ) -> JSONValue {
    var counts: [Origin: Int] = [:]
    for (instance, _) in part where instance.origin != .interpolated {
      counts[instance.origin, default: 0] += 1
    }
    let origin =
      counts.max { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }?.key ?? .unknown
    var items: [JSONValue] = []
    var start = 0
    for place in 1...part.count {
      let isEnd = place == part.count || part[place].0.frame != part[place - 1].0.frame + 1
      guard isEnd else { continue }
      items += sequence(Array(part[start..<place]), origin, video)
      start = place
    }
    let isBox = part[0].1.isBox
    let score = track.attributes[ReservedAttribute.trackScore].flatMap { Double($0) }
    let value = JSONValue.members([
      "framesCount": .number(Double(video.frameCount)), "duration": .number(video.duration),
      "labels": .array(track.className.isEmpty ? [] : [.string(track.className)]),
      "sequence": .array(items),
    ])
    return entry(
      id: id, control: isBox ? "box" : "vector",
      type: isBox ? "videorectangle" : "videovectorlabels", value: value, video,
      origin: Self.spelling(of: origin), score: score, isDrawn: true)
  }

  private static func spelling(of origin: Origin) -> String? {
    switch origin {
    case .human: "manual"
    case .model: "prediction"
    default: nil
    }
  }

  // MARK: Key frames

  /// The items of a stretch of neighbouring frames; the last one is disabled, so that the object
  /// is hidden after it.
  private mutating func sequence(
    _ run: [(Instance, Drawing)], _ origin: Origin, _ video: Video
  ) -> [JSONValue] {
    let reachesEnd = run[run.count - 1].0.frame >= video.frameCount - 1
    let isKey = keyFrames(of: run, reachesEnd: reachesEnd, video)
    let lastKey = isKey.lastIndex(of: true) ?? 0
    var items: [JSONValue] = []
    for (place, (instance, drawing)) in run.enumerated() {
      countLosses(of: instance, isKey: isKey[place], origin)
      guard isKey[place] else { continue }
      let isEnabled = place < lastKey || reachesEnd
      items.append(item(instance, drawing, isEnabled: isEnabled, video))
    }
    return items
  }

  /// What of an instance reading back will not give.
  private mutating func countLosses(of instance: Instance, isKey: Bool, _ origin: Origin) {
    let isFilled = !isKey || instance.isKeyFrame == false
    let read: Origin = isFilled ? .interpolated : origin
    let isKept =
      read == instance.origin && instance.origin != .tracked || instance.origin == .unknown
    if !isKept { losses.add(.origin) }
  }

  private func item(
    _ instance: Instance, _ drawing: Drawing, isEnabled: Bool, _ video: Video
  ) -> JSONValue {
    let time = JSONValue.number(video.time(instance.frame))
    let frame = JSONValue.number(Double(instance.frame + LabelStudio.base))
    let isAutomatic = instance.isKeyFrame == false
    let score = instance.confidence.map { JSONValue.number($0) }
    switch drawing {
    case .box(let x, let y, let width, let height, let rotation):
      return .members([
        "frame": frame, "enabled": .boolean(isEnabled), "auto": isAutomatic ? .boolean(true) : nil,
        "x": .number(x), "y": .number(y), "width": .number(width), "height": .number(height),
        "rotation": .number(rotation), "time": time, "score": score,
      ])
    case .line(let isClosed, let places, let ids):
      let vertices = places.indices.map { place in
        JSONValue.members([
          "id": .string(ids[place]), "x": .number(places[place].x), "y": .number(places[place].y),
          "prevPointId": place > 0 ? .string(ids[place - 1]) : nil, "isBezier": .boolean(false),
        ])
      }
      return .members([
        "frame": frame, "enabled": .boolean(isEnabled), "auto": isAutomatic ? .boolean(true) : nil,
        "closed": .boolean(isClosed), "vertices": .array(vertices), "time": time, "score": score,
      ])
    }
  }

  /// Which frames of a stretch have to be written, so that Label Studio shows the others by itself.
  ///
  /// Those are the first, the last, the key frames, those with another score than the frame before,
  /// and where the straight way between two of them misses, the frame that it misses most.
  private mutating func keyFrames(
    of run: [(Instance, Drawing)], reachesEnd: Bool, _ video: Video
  ) -> [Bool] {
    var isKey = run.indices.map { place in
      run[place].0.isKeyFrame == true
        || place == 0 || run[place].0.confidence != run[place - 1].0.confidence
    }
    let lastKey = isKey.lastIndex(of: true) ?? 0
    // An object that does not move any more stays to the end of the video by itself.
    let stays =
      reachesEnd && run[lastKey].0.isKeyFrame == true
      && run[lastKey...].allSatisfy {
        $0.0.isKeyFrame != nil && distance($0.1, run[lastKey].1, video) <= Self.exact
      }
    if !stays { isKey[run.count - 1] = true }
    let keys = isKey.indices.filter { isKey[$0] }
    var pending = Array(zip(keys, keys.dropFirst()))
    while let (start, end) = pending.popLast() {
      guard end - start > 1 else { continue }
      var (worst, most, inexactCount) = (start, video.tolerance, 0)
      for place in (start + 1)..<end {
        let share = Double(place - start) / Double(end - start)
        let shown = run[start].1.interpolated(to: run[end].1, share: share)
        let miss = distance(shown, run[place].1, video)
        if miss > Self.exact { inexactCount += 1 }
        if miss > most { (worst, most) = (place, miss) }
      }
      guard worst > start else {
        losses.add(.precision, inexactCount)
        continue
      }
      isKey[worst] = true
      pending.append((start, worst))
      pending.append((worst, end))
    }
    return isKey
  }

  private func distance(_ a: Drawing, _ b: Drawing, _ video: Video) -> Double {
    a.distance(to: b, width: video.width, height: video.height)
  }

  // MARK: Ranges

  private mutating func entries(of range: RangeLabel, _ video: Video) -> [JSONValue] {
    let origin = Self.spelling(of: range.origin)
    if range.origin == .tracked || range.origin == .interpolated { losses.add(.origin) }
    let isWhole = range.range == FrameRange(0, video.frameCount)
    if isWhole, let value = range.value, range.track == nil, range.attributes.isEmpty {
      return [
        entry(
          id: newID("video-"), control: range.name, type: "choices",
          value: .members(["choices": .array([.string(value)])]), video, origin: origin,
          score: range.confidence)
      ]
    }
    guard !range.range.isEmpty else {
      losses.add(.ranges)
      return []
    }
    let id = newID("range-")
    let bounds = JSONValue.members([
      "start": .number(Double(range.range.start + LabelStudio.base)),
      "end": .number(Double(range.range.end - 1 + LabelStudio.base)),
    ])
    var entries = [
      entry(
        id: id, control: "timeline", type: "timelinelabels",
        value: .members([
          "ranges": .array([bounds]), "timelinelabels": .array([.string(range.name)]),
        ]), video, origin: origin, score: range.confidence, parent: range.track)
    ]
    if let value = range.value {
      entries.append(answer(value, to: LabelStudio.valueControl, of: id, video))
    }
    for (name, text) in range.attributes.sorted(by: { $0.key < $1.key }) {
      entries.append(answer(text, to: name, of: id, video))
    }
    return entries
  }
}
