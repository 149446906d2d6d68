import Timeline

extension CVATContent {
  /// One video in the making: a task and the tracks on it.
  private struct Video {
    var task: CVATMeta.Task
    var isTask: Bool
    var tracks: [Int]
    var offset: Int
  }

  /// Turns what was read into videos, one a task, and lets go of it on the way.
  mutating func dataset() -> Dataset {
    if meta.tasks.isEmpty { meta.finish() }
    joinPieces()
    for note in notes() { report.addNote(note) }
    let videos = tracksByTask()
    let fills = fillsKeyFrames(videos)
    let isImages = !images.isEmpty
    var dialect = isImages ? "CVAT for images 1.1" : "CVAT for video 1.1"
    if !meta.kind.isEmpty { dialect += ", \(meta.kind)" }
    if fills { dialect += ", key frames only" }
    if isImages, tracks.contains(where: { !$0.isTracked }) {
      report.addNote(
        "this is CVAT for images: shapes without a track_id have no identity over time")
    }
    let ontology = completeOntology()
    let read = videos.map { annotations(of: $0, fills: fills, ontology) }
    return Dataset(format: CVATVideo.id, dialect: dialect, videos: read, report: report)
  }

  /// Sorts the tracks to their tasks.
  private mutating func tracksByTask() -> [Video] {
    let offsets = projectOffsets()
    var videos = meta.tasks.indices.map {
      Video(task: meta.tasks[$0], isTask: true, tracks: [], offset: offsets[$0])
    }
    var places: [String: Int] = [:]
    for (index, task) in meta.tasks.enumerated() { places[task.id] = index }
    var strays: [String] = []
    for index in tracks.indices {
      if meta.tasks.count == 1 {
        videos[0].tracks.append(index)
      } else if let place = places[tracks[index].taskID] {
        videos[place].tracks.append(index)
      } else {
        places[tracks[index].taskID] = videos.count
        strays.append(tracks[index].taskID)
        videos.append(Video(task: CVATMeta.Task(), isTask: false, tracks: [index], offset: 0))
      }
    }
    if !strays.isEmpty {
      report.addNote(
        "tracks of \(strays.count) task(s) that the file does not describe stand apart, "
          + "without a name: their frame numbers may need an offset")
    }
    return videos
  }

  /// What CVAT adds to the frame numbers of each task of a project: the lengths of the tasks
  /// before it in the same subset.
  private mutating func projectOffsets() -> [Int] {
    var offsets: [Int] = []
    var (sum, subset) = (0, meta.tasks.first?.subset ?? "")
    for task in meta.tasks {
      if task.subset != subset { (sum, subset) = (0, task.subset) }
      offsets.append(sum)
      sum += (task.startFrame ?? 0) + task.step * (task.size ?? 0)
      if sum > 100 * LabelFormats.maximumFrame { sum = 0 }
    }
    // Files by other hands may number every task from its own start.
    for index in offsets.indices where offsets[index] > 0 {
      let id = meta.tasks[index].id
      let first = tracks.lazy.filter { $0.taskID == id }.compactMap(\.firstFrame).min()
      if let first, first < offsets[index] + (meta.tasks[index].startFrame ?? 0) {
        offsets[index] = 0
        report.addNote(
          "the frames of task \(id) are counted from its own start, not on from the task before")
      }
    }
    return offsets
  }

  /// Decides whether the file holds key frames only, and says so.
  private mutating func fillsKeyFrames(_ videos: [Video]) -> Bool {
    guard holdsKeyFramesOnly || isEveryShapeKeyFrame && images.isEmpty else { return false }
    var evidence = CVATKeyFrames.Evidence()
    for video in videos {
      for index in video.tracks where tracks[index].isTracked || !holdsKeyFramesOnly {
        evidence.add(tracks[index], step: video.task.step)
      }
    }
    guard holdsKeyFramesOnly || evidence.isKeyFramesOnly else { return false }
    guard evidence.missing <= CVATKeyFrames.fillLimit else {
      report.addNote(
        "the file holds key frames only, but \(evidence.missing) frames between them are too "
          + "many to fill in; they count as holes")
      return false
    }
    if holdsKeyFramesOnly { return true }
    report.addNote(
      "the file holds key frames only: frames between them were filled in by CVAT's rule and "
        + "count as interpolated")
    return true
  }

  private mutating func annotations(
    of video: Video, fills: Bool, _ ontology: Ontology
  ) -> VideoAnnotations {
    let task = video.task
    let base = LabelFormats.safeBase(options.base) ?? 0
    var result = VideoAnnotations(
      name: [task.source, task.name].first { !$0.isEmpty }, width: task.width,
      height: task.height, base: base, quantum: CVATVideo.quantum, ontology: ontology)
    var ids = UniqueNames()
    for index in video.tracks {
      let track = tracks[index]
      result.tracks.append(
        track.track(
          id: ids.unique(track.id), offset: video.offset + base,
          joints: nodes(of: track.className), fillStep: fills ? task.step : nil))
      for line in track.lines(before: video.offset + base) {
        addBadRow(line, "the frame lies before the first frame of the video")
      }
      release(index)
    }
    if ids.changedCount > 0 {
      report.addNote(
        "\(ids.changedCount) track id(s) stand for several tracks and were told apart by a suffix")
    }
    if let taken = images[task.id] ?? (meta.tasks.count == 1 ? allImages : nil) {
      let frames = Set(taken.frames.map { $0 - video.offset - base }.filter { $0 >= 0 })
      let stated = annotatedFrames(of: task, base: base, extent: nil)
      // All images of the task, as CVAT writes them, are simply its frames.
      result.annotated = stated.holdsExactly(frames) ? stated : .only(frames)
      for (frame, name) in taken.names where frame >= video.offset + base {
        result.imageNames[frame - video.offset - base] = name
      }
      if taken.sizes.count == 1, let size = taken.sizes.first, result.width == nil {
        (result.width, result.height) = (size[0], size[1])
      }
    } else if video.isTask {
      result.annotated = annotatedFrames(of: task, base: base, extent: result.extent)
      noteStrays(in: result)
    }
    result.ranges = ranges(of: video, base: base)
    if ["task", "project"].contains(meta.kind), task.startFrame == 0, task.step == 1,
      let stop = task.stopFrame
    {
      result.frameCount = stop + 1
    }
    return result
  }

  /// The tags of the frames of a video, each of which holds for one frame.
  private func ranges(of video: Video, base: Int) -> [RangeLabel] {
    let own =
      meta.tasks.count == 1
      ? tags.sorted { $0.key < $1.key }.flatMap(\.value)
      : tags[video.task.id] ?? []
    return own.compactMap { tag in
      let frame = tag.frame - video.offset - base
      guard frame >= 0 else { return nil }
      var attributes = Dictionary(
        tag.attributes.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
      if !tag.group.isEmpty { attributes[ReservedAttribute.group] = tag.group }
      return RangeLabel(
        range: FrameRange(frame, frame + 1), name: tag.label, attributes: attributes,
        origin: tag.origin)
    }
  }

  /// The images of all tasks together; nil where there are none.
  ///
  /// The shapes of a file with one task all belong to it, whatever task their images name.
  private var allImages: Images? {
    images.isEmpty
      ? nil
      : images.values.reduce(into: Images()) { all, images in
        all.frames.formUnion(images.frames)
        all.sizes.formUnion(images.sizes)
        all.names.merge(images.names) { first, _ in first }
      }
  }

  /// Every step-th frame from the start to the stop frame; all where the file does not say.
  private func annotatedFrames(
    of task: CVATMeta.Task, base: Int, extent: FrameRange?
  ) -> AnnotatedFrames {
    let start = task.startFrame ?? 0
    let last = task.stopFrame ?? task.size.map { start + max(0, $0 - 1) * task.step }
    guard let end = last.map({ $0 + 1 - base }) ?? (task.step > 1 ? extent?.end : nil) else {
      return .all
    }
    var first = start - base
    if first < 0 { first += (task.step - 1 - first) / task.step * task.step }
    return .every(step: task.step, in: FrameRange(first, max(first, end)))
  }

  private mutating func noteStrays(in video: VideoAnnotations) {
    guard case .every(let step, let range) = video.annotated else { return }
    let count = video.tracks.reduce(0) { sum, track in
      sum + track.instances.count { !video.annotated.contains($0.frame) }
    }
    guard count > 0 else { return }
    let steps = step == 1 ? "" : " in steps of \(step)"
    report.addNote(
      "\(count) shape(s) lie on frames that the task does not state: "
        + "\(range.start) to \(range.end - 1)\(steps)")
  }

  /// The classes of the meta data, then those that only tracks name.
  private func completeOntology() -> Ontology {
    var ontology = meta.ontology
    for index in ontology.categories.indices {
      ontology.categories[index].joints = nodes(of: ontology.categories[index].name)
    }
    let known = Set(ontology.categories.map(\.name))
    for name in classNames where !name.isEmpty && !known.contains(name) {
      ontology.categories.append(Ontology.Category(name: name, joints: nodes(of: name)))
    }
    return ontology
  }
}

/// Gives every name once.
private struct UniqueNames {
  private var taken: Set<String> = []
  private var next: [String: Int] = [:]
  private(set) var changedCount = 0

  /// Returns `name`, or `name#2`, `name#3` ... where it was given away already.
  mutating func unique(_ name: String) -> String {
    if taken.insert(name).inserted { return name }
    changedCount += 1
    var number = next[name] ?? 2
    while !taken.insert("\(name)#\(number)").inserted { number += 1 }
    next[name] = number + 1
    return "\(name)#\(number)"
  }
}

extension CVATTrack {
  /// The smallest frame number of the track.
  fileprivate var firstFrame: Int? {
    [instances.lazy.map(\.frame).min(), outside.lazy.map(\.frame).min()].compactMap(\.self).min()
  }

  /// The lines of the shapes on frames below `offset`.
  fileprivate func lines(before offset: Int) -> [Int] {
    instances.filter { $0.frame < offset }.map { Int($0.line) }
  }
}

extension AnnotatedFrames {
  /// Whether just `frames` were looked at, as far as this says.
  fileprivate func holdsExactly(_ frames: Set<FrameIndex>) -> Bool {
    guard case .every(let step, let range) = self,
      frames.count == (range.end - range.start + step - 1) / step
    else { return false }
    return frames.allSatisfy(contains)
  }
}
