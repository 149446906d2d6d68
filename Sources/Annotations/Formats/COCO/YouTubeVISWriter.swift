import Timeline

/// Writes labels, or a list of results, as YouTube-VIS has them.
///
/// Labels have runs as lists of numbers, results have them compressed: TrackEval and YouTube-VIS's
/// own evaluation take no other.
struct YouTubeVISWriter {
  /// What could not be written.
  private(set) var losses = LossReport()

  private let output: TextOutput
  private let classes: COCOClassNumbers
  private let areResults: Bool
  private var nextID = 1

  /// Prepares to write `dataset` to `output`.
  init(_ dataset: Dataset, to output: TextOutput, areResults: Bool) {
    self.output = output
    self.areResults = areResults
    classes = COCOClassNumbers(dataset)
    losses.add(.classIDs, classes.changedCount)
  }

  /// Writes everything.
  mutating func write(_ dataset: Dataset) throws(LabelError) {
    let frames = dataset.videos.map { video in
      let listed = ListedFrames(video)
      losses.add(.annotatedFrames, listed.areComplete || areResults ? 0 : 1)
      return areResults ? Array(0..<((listed.frames.last ?? -1) + 1)) : listed.frames
    }
    if !areResults {
      try output.write("{\"info\":{\"description\":\"Written by Continuity\"},\n\"licenses\":[]")
      try output.write(",\n\"videos\":[")
      for (place, video) in dataset.videos.enumerated() {
        try entry(members(of: video, place, frames[place]), isFirst: place == 0)
      }
      try output.write("\n],\n\"categories\":[")
      for (place, category) in classes.categories.enumerated() {
        try entry(COCOWriter.members(of: category), isFirst: place == 0)
      }
      try output.write("\n],\n\"annotations\":")
    }
    try output.write("[")
    for (place, video) in dataset.videos.enumerated() {
      for track in video.tracks {
        try entry(members(of: track, video, place, frames[place]), isFirst: nextID == 1)
        nextID += 1
      }
    }
    try output.write(areResults ? "\n]\n" : "\n]}\n")
  }

  private func entry(
    _ members: [(key: String, value: String)], isFirst: Bool
  ) throws(LabelError) {
    try output.write((isFirst ? "\n" : ",\n") + JSONText.object(members))
  }

  private func members(
    of video: VideoAnnotations, _ place: Int, _ frames: [FrameIndex]
  ) -> [(key: String, value: String)] {
    var members = [(key: "id", value: String(place + 1))]
    if let name = video.name { members.append(("name", JSONText.string(name))) }
    members += [("width", video.width), ("height", video.height)].compactMap { key, value in
      value.map { (key, String($0)) }
    }
    if let rate = video.frameRate { members.append(("fps", JSONText.number(rate))) }
    let names = frames.map { ListedFrames.fileName(of: $0, in: video, place: place) }
    members += [
      ("length", String(frames.count)),
      (YouTubeVISFile.framesKey, JSONText.array(frames.map(String.init))),
      ("file_names", JSONText.array(names.map(JSONText.string))),
    ]
    return members
  }

  private mutating func members(
    of track: Track, _ video: VideoAnnotations, _ place: Int, _ frames: [FrameIndex]
  ) -> [(key: String, value: String)] {
    let size = video.maskSize
    var segmentations = [String](repeating: "null", count: frames.count)
    var boxes = segmentations
    var areas = segmentations
    var occlusions = segmentations
    var scores = segmentations
    var attributes = segmentations
    var places: [FrameIndex: Int] = [:]
    for (place, frame) in frames.enumerated() { places[frame] = place }
    for instance in track.instances {
      guard let place = places[instance.frame],
        let shape = COCOShapeText(
          instance.shape, className: track.className, classes: classes, size: size)
      else {
        losses.add(.instances)
        continue
      }
      if shape.isCut { losses.add(.shape) }
      boxes[place] = shape.box ?? "[0,0,0,0]"
      areas[place] = JSONText.number(shape.area)
      if case .mask(let mask) = instance.shape,
        let runs = COCORuns(mask, width: size.width, height: size.height)
      {
        segmentations[place] =
          areResults
          ? COCOShapeText.text(runs, size)
          : "{\"size\":[\(size.height),\(size.width)],\"counts\":"
            + JSONText.array(runs.counts.lazy.map(String.init)) + "}"
      }
      occlusions[place] = Self.occlusion(of: instance)
      if let score = instance.confidence { scores[place] = JSONText.number(score) }
      let others = instance.attributes.filter { key, value in
        key != YouTubeVISFile.occlusionKey || value != YouTubeVISFile.severe
      }
      if !others.isEmpty { attributes[place] = JSONText.object(COCOWriter.texts(others)) }
    }
    let category = classes.number(of: track.className)
    var members = [
      (key: "id", value: String(nextID)), ("video_id", String(place + 1)),
      ("category_id", String(category)),
    ]
    if String(nextID) != track.id { members.append(("track_id", JSONText.string(track.id))) }
    members += Self.scores(of: track, scores)
    members.append(("segmentations", JSONText.array(segmentations)))
    members.append(("bboxes", JSONText.array(boxes)))
    if areResults {
      if nextID == 1, let size = COCOResultsWriter.pictureSize(of: video) {
        members.append((COCOAnnotationReader.pictureSizeKey, size))
      }
      members.append((COCOAnnotationReader.categoryNameKey, JSONText.string(track.className)))
      return members
    }
    if !track.attributes.isEmpty {
      members.append(("attributes", JSONText.object(COCOWriter.texts(track.attributes))))
    }
    if attributes.contains(where: { $0 != "null" }) {
      members.append((YouTubeVISFile.attributesKey, JSONText.array(attributes)))
    }
    members += [
      ("areas", JSONText.array(areas)), ("iscrowd", track.isIgnored ? "1" : "0"),
      ("width", String(size.width)), ("height", String(size.height)),
      ("length", String(frames.count)),
    ]
    if occlusions.contains(where: { $0 != "null" }) {
      members.append((YouTubeVISFile.occlusionKey, JSONText.array(occlusions)))
    }
    return members
  }

  // One score a track is all that evaluations know: the track's, else the mean of its instances.
  private static func scores(
    of track: Track, _ scores: [String]
  ) -> [(key: String, value: String)] {
    let own = track.attributes[ReservedAttribute.trackScore].flatMap(Double.init)
    let confidences = track.instances.compactMap(\.confidence)
    if confidences.isEmpty { return own.map { [("score", JSONText.number($0))] } ?? [] }
    let mean = confidences.reduce(0, +) / Double(confidences.count)
    return [("score", JSONText.number(own ?? mean)), ("scores", JSONText.array(scores))]
      + (own.map { [(ReservedAttribute.trackScore, JSONText.number($0))] } ?? [])
  }

  private static func occlusion(of instance: Instance) -> String {
    if instance.attributes[YouTubeVISFile.occlusionKey] == YouTubeVISFile.severe {
      return JSONText.string(YouTubeVISFile.severe)
    }
    return switch instance.visibility {
    case .unknown: "null"
    case .visible: JSONText.string(YouTubeVISFile.unoccluded)
    case .occluded, .ratio: "\"slight_occlusion\""
    }
  }
}
