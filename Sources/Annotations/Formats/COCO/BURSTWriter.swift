import Timeline

/// Writes labels as BURST has them.
struct BURSTWriter {
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
    try output.write("{\"split\":\"val\",\n\"sequences\":[")
    for (place, video) in dataset.videos.enumerated() {
      try output.write(place == 0 ? "\n" : ",\n")
      try write(video, place)
    }
    try output.write("\n],\n\"categories\":[")
    for (place, category) in classes.categories.enumerated() {
      try output.write(
        (place == 0 ? "\n" : ",\n") + JSONText.object(COCOWriter.members(of: category)))
    }
    try output.write("\n]}\n")
  }

  private mutating func write(_ video: VideoAnnotations, _ place: Int) throws(LabelError) {
    let listed = ListedFrames(video)
    losses.add(.annotatedFrames, listed.areComplete ? 0 : 1)
    // Every frame is named: of an endless video only those up to the last label.
    let isCounted = (video.frameCount ?? 0) <= ListedFrames.maximumCount
    losses.add(.frameCount, isCounted ? 0 : 1)
    let names = names(
      of: video,
      count: max(isCounted ? video.frameCount ?? 0 : 0, (listed.frames.last ?? -1) + 1))
    let entries = entries(of: video)
    let annotated = listed.frames.filter {
      video.annotated.contains($0) || entries[$0] != nil
    }
    var members = members(of: video, place)
    members.append(("all_image_paths", JSONText.array(names.lazy.map(JSONText.string))))
    members.append(
      ("annotated_image_paths", JSONText.array(annotated.lazy.map { JSONText.string(names[$0]) })))
    members.append(
      (
        "track_category_ids",
        JSONText.object(
          video.tracks.map { ($0.id, String(classes.number(of: $0.className))) })
      ))
    try output.write(JSONText.object(members).dropLast() + ",\n\"segmentations\":[")
    for (place, frame) in annotated.enumerated() {
      try output.write((place == 0 ? "\n" : ",\n") + JSONText.object(entries[frame] ?? []))
    }
    try output.write("\n]}")
  }

  private func members(
    of video: VideoAnnotations, _ place: Int
  ) -> [(key: String, value: String)] {
    // The collection of a sequence comes before its name.
    let name = video.name ?? "video-\(place + 1)"
    let slash = name.lastIndex(of: "/")
    let collection = slash.map { String(name[..<$0]) } ?? ""
    let (absent, partlyLabelled, others) = ClassStatement.numbers(in: video, classes)
    var members = [
      (key: "id", value: String(place + 1)),
      ("seq_name", JSONText.string(slash.map { String(name[name.index(after: $0)...]) } ?? name)),
      ("dataset", JSONText.string(collection)), ("width", String(video.width ?? 0)),
      ("height", String(video.height ?? 0)),
    ]
    if let rate = video.frameRate { members.append(("fps", JSONText.number(rate))) }
    members += [
      ("neg_category_ids", JSONText.array(absent.map(String.init))),
      ("not_exhaustive_category_ids", JSONText.array(partlyLabelled.map(String.init))),
    ]
    if let ranges = LabelRangeText.json(others) { members.append((LabelRangeText.key, ranges)) }
    return members
  }

  // One name a frame: a place in the list is a frame, so that no two may be alike.
  private mutating func names(of video: VideoAnnotations, count: Int) -> [String] {
    let own = video.imageNames.filter { $0.key < count }
    let generated = (0..<count).map { frame in
      let number = String(frame)
      return "frame" + String(repeating: "0", count: max(0, 6 - number.count)) + number + ".jpg"
    }
    let names = generated.enumerated().map { own[$0.offset] ?? $0.element }
    if Set(names).count == count { return names }
    losses.add(.imageNames, own.count)
    return generated
  }

  private mutating func entries(
    of video: VideoAnnotations
  ) -> [FrameIndex: [(key: String, value: String)]] {
    let size = video.maskSize
    var entries: [FrameIndex: [(key: String, value: String)]] = [:]
    for track in video.tracks {
      for instance in track.instances {
        guard case .mask(let mask) = instance.shape,
          let runs = COCORuns(mask, width: size.width, height: size.height)
        else {
          losses.add(.instances)
          continue
        }
        if runs.setCount < mask.area { losses.add(.shape) }
        entries[instance.frame, default: []].append((track.id, Self.entry(instance, runs)))
      }
    }
    return entries
  }

  private static func entry(_ instance: Instance, _ runs: COCORuns) -> String {
    var members = [(key: "rle", value: JSONText.string(runs.compressed))]
    switch instance.origin {
    case .imported, .unknown: break
    case .human: members.append(("is_gt", "true"))
    case .model, .interpolated, .tracked: members.append(("is_gt", "false"))
    }
    // BURST knows a person and a model only, and no score of a person.
    let isOther = instance.origin == .interpolated || instance.origin == .tracked
    if isOther || instance.origin == .human && instance.confidence != nil {
      members.append(("source", JSONText.string(instance.origin.rawValue)))
    }
    if let score = instance.confidence { members.append(("score", JSONText.number(score))) }
    return JSONText.object(members)
  }
}
