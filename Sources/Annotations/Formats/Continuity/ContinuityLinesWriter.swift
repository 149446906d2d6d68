import Timeline

/// Writes labels as ``ContinuityLines``.
struct ContinuityLinesWriter {
  let output: TextOutput
  /// What even this format has no spelling for: scores and shares that are no finite numbers.
  private(set) var losses = LossReport()

  init(output: TextOutput) { self.output = output }

  /// Writes everything.
  mutating func write(_ dataset: Dataset) throws(LabelError) {
    try line([
      "type": .string("header"), "format": .string("continuity"),
      "version": .number(Double(ContinuityLines.version)),
    ])
    for (place, video) in dataset.videos.enumerated() { try write(video, Double(place)) }
  }

  private mutating func write(_ video: VideoAnnotations, _ place: Double) throws(LabelError) {
    let number = JSONValue.number(place)
    try line([
      "type": .string("video"), "video": number, "name": video.name.map { .string($0) },
      "width": video.width.map { .number(Double($0)) },
      "height": video.height.map { .number(Double($0)) },
      "frame_count": video.frameCount.map { .number(Double($0)) },
      "frame_rate": finite(video.frameRate, .frameRate),
      "base": video.base == 0 ? nil : .number(Double(video.base)),
      "quantum": video.quantum == 0 ? nil : .number(video.quantum),
      "annotated": annotated(video.annotated),
    ])
    for category in video.ontology.categories {
      try line([
        "type": .string("category"), "video": number, "name": .string(category.name),
        "source_id": category.sourceID.map { .string($0) },
        "joints": array(category.joints.map { .string($0) }),
        "edges": array(
          category.edges.map { .array([.number(Double($0.from)), .number(Double($0.to))]) }),
        "mutable_attributes": array(category.mutableAttributes.sorted().map { .string($0) }),
      ])
    }
    for (frame, name) in video.imageNames.sorted(by: { $0.key < $1.key }) {
      try line([
        "type": .string("image"), "video": number, "frame": .number(Double(frame)),
        "name": .string(name),
      ])
    }
    for range in video.ranges {
      try line([
        "type": .string("range"), "video": number, "start": .number(Double(range.range.start)),
        "end": end(of: range.range), "name": .string(range.name),
        "value": range.value.map { .string($0) }, "track": range.track.map { .string($0) },
        "origin": origin(range.origin), "confidence": finite(range.confidence, .rangeDetails),
        "attributes": attributes(range.attributes),
      ])
    }
    for track in video.tracks { try write(track, number) }
  }

  private mutating func write(_ track: Track, _ video: JSONValue) throws(LabelError) {
    let id = JSONValue.string(track.id)
    try line([
      "type": .string("track"), "video": video, "id": id, "class": .string(track.className),
      "tracked": .boolean(track.isTracked),
      "absences": array(
        track.absences.map { range in
          .array([.number(Double(range.start)), end(of: range)])
        }), "attributes": attributes(track.attributes),
    ])
    for instance in track.instances {
      let visibility: JSONValue? =
        switch instance.visibility {
        case .unknown: nil
        case .visible: .string("visible")
        case .occluded: .string("occluded")
        case .ratio(let ratio): finite(ratio, .visibilityRatio)
        }
      try line([
        "type": .string("instance"), "video": video, "track": id,
        "frame": .number(Double(instance.frame)), "shape": instance.shape.continuityJSON,
        "class": instance.className.map { .string($0) },
        "key_frame": instance.isKeyFrame.map { .boolean($0) }, "origin": origin(instance.origin),
        "confidence": finite(instance.confidence, .confidence), "visibility": visibility,
        "attributes": attributes(instance.attributes),
      ])
    }
  }

  private func line(_ members: KeyValuePairs<String, JSONValue?>) throws(LabelError) {
    try output.write(JSONValue.members(members).json + "\n")
  }

  private func annotated(_ frames: AnnotatedFrames) -> JSONValue {
    switch frames {
    case .all: .string("all")
    case .every(let step, let range):
      .members([
        "step": .number(Double(step)), "start": .number(Double(range.start)),
        "end": end(of: range),
      ])
    case .only(let frames):
      .members(["frames": .array(frames.sorted().map { .number(Double($0)) })])
    }
  }

  private func end(of range: FrameRange) -> JSONValue {
    range.end == .max ? .null : .number(Double(range.end))
  }

  private mutating func finite(_ value: Double?, _ aspect: LabelAspect) -> JSONValue? {
    guard let value else { return nil }
    guard value.isFinite else {
      losses.add(aspect)
      return nil
    }
    return .number(value)
  }

  private func origin(_ origin: Origin) -> JSONValue? {
    origin == .unknown ? nil : .string(origin.rawValue)
  }

  private func array(_ elements: [JSONValue]) -> JSONValue? {
    elements.isEmpty ? nil : .array(elements)
  }

  private func attributes(_ attributes: [String: String]) -> JSONValue? {
    attributes.isEmpty
      ? nil
      : .object(
        attributes.sorted { $0.key < $1.key }.map {
          JSONValue.Member(key: $0.key, value: .string($0.value))
        })
  }
}
