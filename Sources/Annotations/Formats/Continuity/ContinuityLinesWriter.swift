import Timeline

/// Writes labels as ``ContinuityLines``.
struct ContinuityLinesWriter {
  let output: TextOutput

  /// Writes everything.
  func write(_ dataset: Dataset) throws(LabelError) {
    try line([
      "type": .string("header"), "format": .string("continuity"),
      "version": .number(Double(ContinuityLines.version)),
    ])
    for (place, video) in dataset.videos.enumerated() { try write(video, Double(place)) }
  }

  private func write(_ video: VideoAnnotations, _ place: Double) throws(LabelError) {
    let number = JSONValue.number(place)
    try line([
      "type": .string("video"), "video": number, "name": video.name.map { .string($0) },
      "width": video.width.map { .number(Double($0)) },
      "height": video.height.map { .number(Double($0)) },
      "frame_count": video.frameCount.map { .number(Double($0)) },
      "frame_rate": video.frameRate.map { .number($0) },
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
        "end": .number(Double(range.range.end)), "name": .string(range.name),
        "value": range.value.map { .string($0) }, "track": range.track.map { .string($0) },
        "origin": origin(range.origin), "confidence": range.confidence.map { .number($0) },
        "attributes": attributes(range.attributes),
      ])
    }
    for track in video.tracks { try write(track, number) }
  }

  private func write(_ track: Track, _ video: JSONValue) throws(LabelError) {
    let id = JSONValue.string(track.id)
    try line([
      "type": .string("track"), "video": video, "id": id, "class": .string(track.className),
      "tracked": .boolean(track.isTracked),
      "absences": array(
        track.absences.map { range in
          .array([
            .number(Double(range.start)),
            range.end == .max ? .null : .number(Double(range.end)),
          ])
        }), "attributes": attributes(track.attributes),
    ])
    for instance in track.instances {
      let visibility: JSONValue? =
        switch instance.visibility {
        case .unknown: nil
        case .visible: .string("visible")
        case .occluded: .string("occluded")
        case .ratio(let ratio): .number(ratio)
        }
      try line([
        "type": .string("instance"), "video": video, "track": id,
        "frame": .number(Double(instance.frame)), "shape": instance.shape.continuityJSON,
        "class": instance.className.map { .string($0) },
        "key_frame": instance.isKeyFrame.map { .boolean($0) }, "origin": origin(instance.origin),
        "confidence": instance.confidence.map { .number($0) }, "visibility": visibility,
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
        "end": .number(Double(range.end)),
      ])
    case .only(let frames):
      .members(["frames": .array(frames.sorted().map { .number(Double($0)) })])
    }
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
