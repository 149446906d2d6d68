import Timeline

/// Writes "CVAT for images 1.1".
struct CVATImagesWriter: ~Copyable {
  /// Where an instance stands.
  private struct Place {
    var frame: FrameIndex
    var track: Int
    var instance: Int
  }

  private var writer: CVATWriter
  private let videos: [VideoAnnotations]
  private let frames: [CVATFrames]

  /// Writes `videos` and ends the file.
  ///
  /// - Returns: What was lost beyond what the capabilities of the format tell.
  static func write(
    _ videos: [VideoAnnotations], to output: TextOutput
  ) throws(LabelError) -> LossReport {
    var writer = try CVATImagesWriter(videos, output)
    return try writer.write()
  }

  private init(_ videos: [VideoAnnotations], _ output: TextOutput) throws(LabelError) {
    var labels = CVATLabels(videos)
    if videos.contains(where: { $0.tracks.contains(where: \.isTracked) }) {
      labels.declareFixed(CVATVideo.trackID)
    }
    for range in videos.lazy.flatMap(\.ranges) {
      for name in range.attributes.keys where name != ReservedAttribute.group {
        labels.declare(name, of: range.name)
      }
    }
    self.videos = videos
    frames = videos.map { video in
      var frames = CVATFrames(video)
      if frames.stop == nil {
        let named = video.imageNames.keys.max() ?? 0
        frames.stop = max(frames.start, named, (video.extent?.end ?? 1) - 1)
      }
      return frames
    }
    writer = try CVATWriter(output, labels: labels)
  }

  private mutating func write() throws(LabelError) -> LossReport {
    try writer.meta(videos, frames, mode: "annotation")
    var offset = 0
    for (place, video) in videos.enumerated() {
      if video.frameCount != nil, frames[place].step > 1 || frames[place].start > 0 {
        writer.add(.frameCount)
      }
      try write(video, frames[place], offset: offset, taskID: videos.count > 1 ? place : nil)
      offset += frames[place].start + frames[place].step * (frames[place].count ?? 0)
    }
    try writer.finish()
    return writer.losses
  }

  private mutating func write(
    _ video: VideoAnnotations, _ frames: CVATFrames, offset: Int, taskID: Int?
  ) throws(LabelError) {
    var places: [Place] = []
    places.reserveCapacity(video.instanceCount)
    for (track, value) in video.tracks.enumerated() {
      for (instance, value) in value.instances.enumerated() {
        places.append(Place(frame: value.frame, track: track, instance: instance))
      }
    }
    places.sort { ($0.frame, $0.track, $0.instance) < ($1.frame, $1.track, $1.instance) }
    var images = Set(places.map(\.frame)).union(video.imageNames.keys)
    if frames.isUneven, case .only(let known) = video.annotated {
      images.formUnion(known)
    } else if let stop = frames.stop {
      images.formUnion(stride(from: frames.start, through: stop, by: frames.step))
    }
    let order = images.sorted()
    let tags = tags(of: video, on: order)
    var next = 0
    for frame in order {
      var head: [XMLOutput.Attribute] = [
        ("id", String(frame + offset)),
        ("name", video.imageNames[frame] ?? CVATImages.name(of: frame + offset)),
      ]
      if let taskID {
        head.append(("subset", "default"))
        head.append(("task_id", String(taskID)))
      }
      if let width = video.width, let height = video.height {
        head.append(("width", String(width)))
        head.append(("height", String(height)))
      }
      try writer.xml.begin("image", head)
      while next < places.count, places[next].frame == frame {
        let track = video.tracks[places[next].track]
        try write(track.instances[places[next].instance], of: track)
        next += 1
      }
      for tag in tags[frame] ?? [] { try write(video.ranges[tag]) }
      try writer.xml.end()
    }
  }

  /// The places of the tags by frame.
  private mutating func tags(
    of video: VideoAnnotations, on frames: [FrameIndex]
  ) -> [FrameIndex: [Int]] {
    var tags: [FrameIndex: [Int]] = [:]
    for (place, range) in video.ranges.enumerated() {
      let first = frames.partitioningIndex { $0 >= range.range.start }
      let end = frames.partitioningIndex { $0 >= range.range.end }
      let isMore =
        range.value != nil || range.track != nil || range.confidence != nil
        || range.origin != range.origin.readFromCVAT
      writer.add(.rangeDetails, isMore ? 1 : 0)
      guard first < end else {
        writer.add(.ranges)
        continue
      }
      for frame in frames[first..<end] { tags[frame, default: []].append(place) }
    }
    return tags
  }

  private mutating func write(_ instance: Instance, of track: Track) throws(LabelError) {
    guard let text = CVATShapeText(instance.shape) else { return writer.add(.instances) }
    let label = writer.labels[track.className]
    var attributes = track.attributes.merging(instance.attributes) { _, own in own }
    var head: [XMLOutput.Attribute] = [
      ("label", label.name), ("source", instance.origin.cvatSource),
    ]
    head += writer.group(attributes)
    if track.isTracked { attributes[CVATVideo.trackID] = track.id }
    writer.add(.origin, instance.origin == instance.origin.readFromCVAT ? 0 : 1)
    try writer.write(
      CVATWriter.Element(
        text: text, shape: instance.shape, label: label, head: head,
        visibility: instance.visibility, attributes: attributes))
  }

  private mutating func write(_ tag: RangeLabel) throws(LabelError) {
    var head: [XMLOutput.Attribute] = [
      ("label", CVATLabels.name(of: tag.name)), ("source", tag.origin.cvatSource),
    ]
    head += writer.group(tag.attributes)
    try writer.xml.begin("tag", head)
    for (name, value) in tag.attributes.sorted(by: { $0.key < $1.key })
    where name != ReservedAttribute.group {
      try writer.xml.element("attribute", [("name", name)], text: value)
    }
    try writer.xml.end()
  }
}
