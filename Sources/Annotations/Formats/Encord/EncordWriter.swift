import Timeline

/// Writes label rows as Encord's client reads them.
struct EncordWriter {
  /// A fixed time: the same labels give the same file.
  private static let time = "Thu, 01 Jan 1970 00:00:00 UTC"
  private static let color = "#D33115"

  private let path: String
  private var losses = LossReport()

  init(path: String) { self.path = path }

  /// Writes a dataset; see ``Encord/write(_:to:options:)``.
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

  /// A place of an instance in the tracks.
  private struct Place {
    var track: Int
    var instance: Int
  }

  private mutating func write(
    _ video: VideoAnnotations, number: Int, to output: TextOutput
  ) throws(LabelError) {
    guard video.instanceCount == 0 || (video.width ?? 0) > 0 && (video.height ?? 0) > 0 else {
      throw LabelError(
        .incomplete, path: path,
        "Encord writes places as fractions, and nobody states the size of the picture"
          + (video.name.map { " of \($0)" } ?? "") + "; name the video too")
    }
    let isImages = !video.imageNames.isEmpty
    let hash = Self.identity(number, 0)
    let title = JSONValue.string(video.name ?? "").json
    try output.write(
      #"{"label_hash":"\#(hash)","branch_name":"main","created_at":"\#(Self.time)","#
        + #""last_edited_at":"\#(Self.time)","data_hash":"\#(hash)","dataset_hash":"\#(hash)","#
        + #""dataset_title":"","data_title":\#(title),"#
        + #""data_type":"\#(isImages ? "img_group" : "video")","#
        + #""annotation_task_status":"QUEUED","is_shadow_data":false,"#
        + #""label_status":"LABEL_IN_PROGRESS","data_units":{"#)
    var frames: [FrameIndex: [Place]] = [:]
    for (track, labels) in video.tracks.enumerated() {
      for (instance, label) in labels.instances.enumerated() {
        frames[label.frame, default: []].append(Place(track: track, instance: instance))
      }
    }
    var features = EncordFeatures(video.ontology)
    if isImages {
      try writeImages(video, number, frames, &features, to: output)
    } else {
      try writeVideo(video, hash, frames, &features, to: output)
    }
    try output.write("},\n")
    try output.write(#""object_answers":"# + objectAnswers(video, &features).json + ",\n")
    try output.write(#""object_actions":"# + objectActions(video, &features).json + ",\n")
    try output.write(
      #""classification_answers":"# + classificationAnswers(video, &features).json)
    try output.write(#","spaces":{}}"#)
  }

  /// A name of 36 characters like those that Encord gives.
  private static func identity(_ row: Int, _ unit: Int) -> String {
    func digits(_ number: Int, _ count: Int) -> String {
      let text = String(number, radix: 16)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return "\(digits(row, 8))-0000-4000-8000-\(digits(unit, 12))"
  }

  // MARK: - Media

  private mutating func writeVideo(
    _ video: VideoAnnotations, _ hash: String, _ frames: [FrameIndex: [Place]],
    _ features: inout EncordFeatures, to output: TextOutput
  ) throws(LabelError) {
    let rate = video.frameRate.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    let duration = rate.flatMap { rate in video.frameCount.map { Double($0) / rate } }
    // Encord knows the length of a video by its time alone.
    if rate == nil, video.frameCount != nil { losses.add(.frameCount) }
    let unit = members(
      of: video, hash: hash, title: video.name ?? "", type: "video/mp4", sequence: .number(0),
      rate: rate, duration: duration)
    try output.write("\"\(hash)\":" + unit.dropLast() + #","labels":{"#)
    var isFirst = true
    for frame in frames.keys.sorted() {
      let objects = objects(frames[frame] ?? [], video, &features)
      try output.write((isFirst ? "\n" : ",\n") + "\"\(frame)\":" + objects)
      isFirst = false
    }
    try output.write("}}")
  }

  private mutating func writeImages(
    _ video: VideoAnnotations, _ number: Int, _ frames: [FrameIndex: [Place]],
    _ features: inout EncordFeatures, to output: TextOutput
  ) throws(LabelError) {
    var isFirst = true
    for frame in Set(frames.keys).union(video.imageNames.keys).sorted() {
      let hash = Self.identity(number, frame)
      let unit = members(
        of: video, hash: hash, title: video.imageNames[frame] ?? "", type: "image/jpeg",
        sequence: .string(String(frame)), rate: video.frameRate, duration: nil)
      let objects = objects(frames[frame] ?? [], video, &features)
      try output.write(
        (isFirst ? "\n" : ",\n") + "\"\(hash)\":" + unit.dropLast() + #","labels":"# + objects + "}"
      )
      isFirst = false
    }
  }

  /// A unit without its labels, as an object.
  private func members(
    of video: VideoAnnotations, hash: String, title: String, type: String, sequence: JSONValue,
    rate: Double?, duration: Double?
  ) -> String {
    JSONValue.members([
      "data_hash": .string(hash), "data_title": .string(title), "data_link": .string(""),
      "data_type": .string(type), "data_sequence": sequence,
      "width": video.width.map { .number(Double($0)) },
      "height": video.height.map { .number(Double($0)) },
      "data_fps": rate.map { .number($0) }, "data_duration": duration.map { .number($0) },
    ]).json
  }

  // MARK: - Objects

  private mutating func objects(
    _ places: [Place], _ video: VideoAnnotations, _ features: inout EncordFeatures
  ) -> String {
    var objects: [String] = []
    for place in places {
      let track = video.tracks[place.track]
      let object = self.object(track.instances[place.instance], of: track, video, &features)
      if let object { objects.append(object.json) }
    }
    return #"{"objects":"# + JSONText.array(objects) + #","classifications":[]}"#
  }

  private mutating func object(
    _ instance: Instance, of track: Track, _ video: VideoAnnotations,
    _ features: inout EncordFeatures
  ) -> JSONValue? {
    let drawing = EncordShape.members(
      instance.shape, width: video.width ?? 0, height: video.height ?? 0, losses: &losses
    ) { EncordFeatures.hash("joint", track.className, $0) }
    guard let drawing else {
      losses.add(.instances)
      return nil
    }
    let kind = EncordShape.name(of: instance.shape)
    let name = track.className
    var members: [JSONValue.Member] = []
    func add(_ key: String, _ value: JSONValue) {
      members.append(JSONValue.Member(key: key, value: value))
    }
    add("name", .string(name))
    add("color", .string(Self.color))
    add("shape", .string(kind))
    add("value", .string(EncordFeatures.value(of: name)))
    add("createdAt", .string(Self.time))
    add("objectHash", .string(track.id))
    add("featureHash", .string(features.object(name, shape: kind)))
    let isManual = isManual(instance.origin)
    if let isManual { add("manualAnnotation", .boolean(isManual)) }
    if let confidence = instance.confidence {
      if isManual == true, confidence == 1 { losses.add(.confidence) }
      add("confidence", .number(confidence))
    } else if isManual == true {
      add("confidence", .number(1))
    }
    return .object(members + drawing)
  }

  /// Whether people made it; nil where nobody says.
  private mutating func isManual(_ origin: Origin) -> Bool? {
    switch origin {
    case .human: return true
    case .interpolated: return false
    case .tracked, .model:
      losses.add(.origin)
      return false
    case .imported, .unknown: return nil
    }
  }

  private func objectAnswers(
    _ video: VideoAnnotations, _ features: inout EncordFeatures
  ) -> JSONValue {
    .object(
      video.tracks.map { track in
        let answers = track.attributes.sorted { $0.key < $1.key }.map { name, text in
          answer(
            name, text, hash: EncordFeatures.hash("static", track.className, name))
        }
        return JSONValue.Member(
          key: track.id,
          value: .members(["objectHash": .string(track.id), "classifications": .array(answers)]))
      })
  }

  private func answer(_ name: String, _ text: String, hash: String) -> JSONValue {
    .members([
      "name": .string(name), "value": .string(EncordFeatures.value(of: name)),
      "answers": .string(text), "featureHash": .string(hash), "manualAnnotation": .boolean(true),
    ])
  }

  /// The attributes of instances, as ranges of frames with one answer.
  private func objectActions(
    _ video: VideoAnnotations, _ features: inout EncordFeatures
  ) -> JSONValue {
    .object(
      video.tracks.compactMap { track in
        var frames: [String: [String: [FrameIndex]]] = [:]
        for instance in track.instances {
          for (name, text) in instance.attributes {
            frames[name, default: [:]][text, default: []].append(instance.frame)
          }
        }
        guard !frames.isEmpty else { return nil }
        var actions: [JSONValue] = []
        for (name, answers) in frames.sorted(by: { $0.key < $1.key }) {
          for (text, frames) in answers.sorted(by: { $0.key < $1.key }) {
            actions.append(
              .members([
                "name": .string(name), "value": .string(EncordFeatures.value(of: name)),
                "answers": .string(text),
                "featureHash": .string(EncordFeatures.hash("dynamic", track.className, name)),
                "manualAnnotation": .boolean(true), "dynamic": .boolean(true),
                "shouldPropagate": .boolean(false),
                "range": .array(FrameRange.runs(of: frames).map { Self.pair($0) }),
              ]))
          }
        }
        return JSONValue.Member(
          key: track.id,
          value: .members(["objectHash": .string(track.id), "actions": .array(actions)]))
      })
  }

  private static func pair(_ range: FrameRange) -> JSONValue {
    .array([.number(Double(range.start)), .number(Double(range.end - 1))])
  }

  // MARK: - Classifications

  /// The question that each label answers, from 0 for every name.
  ///
  /// Encord takes one answer to a question on a frame; a second one is asked another question.
  private static func lanes(of ranges: [RangeLabel]) -> [Int] {
    var lanes = [Int](repeating: 0, count: ranges.count)
    var ends: [String: [FrameIndex]] = [:]
    for place in ranges.indices.sorted(by: { (ranges[$0].range, $0) < (ranges[$1].range, $1) }) {
      let (name, range) = (ranges[place].name, ranges[place].range)
      let lane = ends[name]?.firstIndex { $0 <= range.start } ?? ends[name]?.count ?? 0
      if lane == ends[name, default: []].count {
        ends[name, default: []].append(range.end)
      } else {
        ends[name, default: []][lane] = range.end
      }
      lanes[place] = lane
    }
    return lanes
  }

  private mutating func classificationAnswers(
    _ video: VideoAnnotations, _ features: inout EncordFeatures
  ) -> JSONValue {
    var members: [JSONValue.Member] = []
    let lanes = Self.lanes(of: video.ranges)
    for (place, range) in video.ranges.enumerated() {
      guard !range.range.isEmpty else {
        losses.add(.ranges)
        continue
      }
      if range.track != nil || !range.attributes.isEmpty { losses.add(.rangeDetails) }
      let hash = EncordFeatures.hash("label", String(place), range.name)
      let isManual = isManual(range.origin)
      let question = EncordFeatures.hash("question", String(lanes[place]), range.name)
      members.append(
        JSONValue.Member(
          key: hash,
          value: .members([
            "classificationHash": .string(hash),
            "featureHash": .string(
              EncordFeatures.hash("classification", String(lanes[place]), range.name)),
            "classifications": .array([answer(range.name, range.value ?? "", hash: question)]),
            "range": .array([Self.pair(range.range)]), "spaces": .object([]),
            "createdAt": .string(Self.time), "lastEditedAt": .string(Self.time),
            "confidence": (range.confidence ?? (isManual == true ? 1 : nil)).map { .number($0) },
            "manualAnnotation": isManual.map { .boolean($0) },
          ])))
    }
    return .object(members)
  }
}

/// The hashes of an ontology, made from names.
struct EncordFeatures {
  private var known: [String: String]
  private var shapes: [String: String] = [:]

  /// Takes over the hashes that the classes of the source have.
  init(_ ontology: Ontology) {
    known = Dictionary(
      ontology.categories.compactMap { category in category.sourceID.map { (category.name, $0) } }
    ) { first, _ in first }
  }

  /// The hash of a class with one kind of shape: the source's own for the first kind.
  mutating func object(_ name: String, shape: String) -> String {
    let first = shapes[name] ?? shape
    shapes[name] = first
    if first == shape, let own = known[name] { return own }
    return Self.hash("object", shape, name)
  }

  /// Eight characters that are the same for the same parts.
  static func hash(_ parts: String...) -> String {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for part in parts {
      for byte in part.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
      value = (value ^ 0xff) &* 0x100_0000_01b3
    }
    // The high bits are mixed into the low ones, of which 48 are shown.
    value ^= value >> 29
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    return String((0..<8).map { digits[Int(value >> (6 * UInt64($0)) & 63)] })
  }

  /// A name as Encord spells it in `value`: small letters, with strokes for spaces.
  static func value(of name: String) -> String {
    name.lowercased().replacing(" ", with: "_")
  }
}
