import Timeline

/// Writes "CVAT for video 1.1".
///
/// A track of CVAT has shapes of one kind, and its importer keeps no track of masks, only the first
/// mask of one. So a track that changes its kind, and every mask, becomes a track of its own; an
/// attribute ``CVATVideo/trackID`` says which belong together, and the reader joins them again.
struct CVATVideoWriter: ~Copyable {
  private var writer: CVATWriter
  private let videos: [VideoAnnotations]
  private let frames: [CVATFrames]
  private let keepsIDs: Bool
  private var trackCount = 0

  /// Writes `videos` and ends the file.
  ///
  /// - Returns: What was lost beyond what the capabilities of the format tell.
  static func write(
    _ videos: [VideoAnnotations], to output: TextOutput
  ) throws(LabelError) -> LossReport {
    var writer = try CVATVideoWriter(videos, output)
    return try writer.write()
  }

  private init(_ videos: [VideoAnnotations], _ output: TextOutput) throws(LabelError) {
    var labels = CVATLabels(videos)
    keepsIDs = Self.needIDs(videos)
    if keepsIDs { labels.declareFixed(CVATVideo.trackID) }
    self.videos = videos
    frames = videos.map { video in
      var frames = CVATFrames(video)
      // The numbers of a project's tasks follow each other, so each of them needs an end.
      if videos.count > 1, frames.stop == nil {
        frames.stop = max(frames.start, (video.extent?.end ?? 1) - 1)
      }
      return frames
    }
    writer = try CVATWriter(output, labels: labels)
  }

  /// Whether the ids of tracks are not what the reader would call them by their places.
  private static func needIDs(_ videos: [VideoAnnotations]) -> Bool {
    var place = 0
    for video in videos {
      for track in video.tracks where !track.instances.isEmpty {
        guard track.id == String(place), pieces(of: track).count == 1 else { return true }
        place += 1
      }
    }
    return false
  }

  private mutating func write() throws(LabelError) -> LossReport {
    try writer.meta(videos, frames, mode: "interpolation")
    var offset = 0
    for (place, video) in videos.enumerated() {
      if frames[place].isUneven { writer.add(.annotatedFrames) }
      if video.frameCount != nil, frames[place].step > 1 || frames[place].start > 0 {
        writer.add(.frameCount)
      }
      for track in video.tracks {
        for piece in Self.pieces(of: track) {
          try write(
            Array(track.instances[piece]), of: track, in: frames[place],
            horizon: frames[place].stop ?? (video.extent?.end ?? 1) - 1, offset: offset,
            taskID: videos.count > 1 ? place : nil)
        }
      }
      offset += frames[place].start + frames[place].step * (frames[place].count ?? 0)
    }
    try writer.finish()
    return writer.losses
  }

  /// The stretches of a track that can be one track of CVAT.
  private static func pieces(of track: Track) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = 0
    for place in track.instances.indices.dropFirst() {
      let (before, kind) = (
        track.instances[place - 1].shape.kind, track.instances[place].shape.kind
      )
      func family(_ kind: Shape.Kind) -> Shape.Kind { kind == .rotatedBox ? .box : kind }
      guard kind == .mask || family(before) != family(kind) else { continue }
      pieces.append(start..<place)
      start = place
    }
    if !track.instances.isEmpty { pieces.append(start..<track.instances.count) }
    return pieces
  }

  // MARK: Tracks

  private mutating func write(
    _ piece: [Instance], of track: Track, in frames: CVATFrames, horizon: FrameIndex,
    offset: Int, taskID: Int?
  ) throws(LabelError) {
    // What cannot be written is left out before, so that no other shape is taken for its neighbour.
    let shapes = piece.compactMap { instance in
      CVATShapeText(instance.shape).map { (instance: instance, text: $0) }
    }
    writer.add(.instances, piece.count - shapes.count)
    guard let first = shapes.first, let last = shapes.last else { return }
    let label = writer.labels[track.className]
    let marks = marks(shapes.map(\.instance), of: track, in: frames, horizon: horizon)
    let keys = keyFrames(shapes.map(\.instance), marks: Set(marks), step: frames.step)
    let origin =
      zip(shapes, keys).lazy.filter(\.1).map(\.0.instance.origin.readFromCVAT).mostFrequent
      ?? .unknown
    var head: [XMLOutput.Attribute] = [
      ("id", String(trackCount)), ("label", label.name), ("source", origin.cvatSource),
    ]
    head += writer.group(track.attributes)
    if let taskID {
      head.append(("task_id", String(taskID)))
      head.append(("subset", "default"))
    }
    trackCount += 1
    // A hole that nobody declared comes back as a declared absence.
    if let end = track.extent?.end {
      writer.add(
        .absences,
        marks.count {
          $0 < end && track.instance(at: $0) == nil && !track.isDeclaredAbsent(at: $0)
        })
    }
    try writer.xml.begin("track", head)
    var fixed = track.attributes
    if keepsIDs { fixed[CVATVideo.trackID] = track.id }
    var mark = marks.startIndex
    func element(
      _ shape: (instance: Instance, text: CVATShapeText), at frame: FrameIndex, key: Bool,
      isOutside: Bool
    ) -> CVATWriter.Element {
      CVATWriter.Element(
        text: shape.text, shape: shape.instance.shape, label: label,
        head: [("frame", String(frame + offset))], isKeyFrame: key, isOutside: isOutside,
        visibility: shape.instance.visibility,
        attributes: fixed.isEmpty
          ? shape.instance.attributes
          : fixed.merging(shape.instance.attributes) { _, own in own })
    }
    for (place, shape) in shapes.enumerated() {
      let frame = shape.instance.frame
      while mark < marks.endIndex, marks[mark] < frame {
        let before = place > 0 ? shapes[place - 1] : first
        try writer.write(element(before, at: marks[mark], key: true, isOutside: true))
        mark += 1
      }
      let read: Origin = keys[place] ? origin : .interpolated
      writer.add(.origin, shape.instance.origin == read ? 0 : 1)
      writer.add(.keyFrames, shape.instance.isKeyFrame == false && keys[place] ? 1 : 0)
      try writer.write(element(shape, at: frame, key: keys[place], isOutside: false))
    }
    while mark < marks.endIndex {
      try writer.write(element(last, at: marks[mark], key: true, isOutside: true))
      mark += 1
    }
    try writer.xml.end()
  }

  /// The frames on which the object of a piece is gone, rising: CVAT holds a shape until then.
  ///
  /// Each lies on the first frame of the task without a shape, or where the labels declare an
  /// absence before the first shape.
  private func marks(
    _ shapes: [Instance], of track: Track, in frames: CVATFrames, horizon: FrameIndex
  ) -> [FrameIndex] {
    var marks: [FrameIndex] = []
    guard let first = shapes.first, let last = shapes.last else { return marks }
    if first.frame == track.instances.first?.frame,
      let absence = track.absences.first, absence.start < first.frame
    {
      marks.append(absence.start)
    }
    for (a, b) in zip(shapes, shapes.dropFirst()) where b.frame - a.frame > frames.step {
      marks.append(gone(after: a.frame, track, frames))
    }
    let end = gone(after: last.frame, track, frames)
    if end <= horizon || frames.stop == nil && track.isDeclaredAbsent(at: end) {
      marks.append(end)
    } else if last.frame < horizon {
      marks.append(last.frame + 1)
    }
    return marks
  }

  /// The frame behind `frame` on which the object is gone.
  private func gone(after frame: FrameIndex, _ track: Track, _ frames: CVATFrames) -> FrameIndex {
    // A declared absence may begin between two frames of the task.
    if frames.step > 1,
      let absence = track.absences.first(where: { $0.start > frame }),
      absence.start < frame + frames.step
    {
      return absence.start
    }
    return frame + frames.step
  }

  /// Which shapes have to be key frames so that CVAT, which keeps nothing else, shows the others
  /// where they are.
  private func keyFrames(
    _ shapes: [Instance], marks: Set<FrameIndex>, step: Int
  ) -> [Bool] {
    var keys = shapes.map { $0.isKeyFrame != false }
    guard !shapes.isEmpty else { return keys }
    let rising = marks.sorted()
    var start = 0
    for place in shapes.indices {
      let isLast = place == shapes.count - 1
      let gap =
        isLast
        ? rising.last { $0 > shapes[place].frame }
        : rising.first { $0 > shapes[place].frame && $0 < shapes[place + 1].frame }
      guard isLast || gap != nil else { continue }
      keys[start] = true
      raise(&keys, shapes, start...place, endsAt: gap)
      start = place + 1
    }
    return keys
  }

  /// Raises shapes of one uninterrupted stretch that lie off the line between its key frames.
  private func raise(
    _ keys: inout [Bool], _ shapes: [Instance], _ stretch: ClosedRange<Int>, endsAt gap: Int?
  ) {
    var from = stretch.lowerBound
    func lies(_ places: Range<Int>, from a: Int, to goal: (frame: Int, shape: Shape)?) -> Bool {
      places.allSatisfy { place in
        guard shapes[place].attributes == shapes[a].attributes,
          shapes[place].visibility == shapes[a].visibility
        else { return false }
        let shown: Shape?
        if let goal {
          let share =
            Double(shapes[place].frame - shapes[a].frame) / Double(goal.frame - shapes[a].frame)
          shown = shapes[a].shape.interpolatedByCVAT(to: goal.shape, share: share)
        } else {
          shown = shapes[a].shape
        }
        return shown.map { shapes[place].shape.isWrittenByCVAT(as: $0) } ?? false
      }
    }
    for place in stretch where keys[place] && place > from {
      if !lies((from + 1)..<place, from: from, to: (shapes[place].frame, shapes[place].shape)) {
        for between in (from + 1)..<place { keys[between] = true }
      }
      from = place
    }
    let last = stretch.upperBound
    guard from < last,
      !lies((from + 1)..<(last + 1), from: from, to: gap.map { ($0, shapes[last].shape) })
    else { return }
    keys[last] = true
    if !lies((from + 1)..<last, from: from, to: (shapes[last].frame, shapes[last].shape)) {
      for between in (from + 1)..<last { keys[between] = true }
    }
  }
}

extension Shape {
  /// Whether two shapes are the same in CVAT's two decimals, joints with their visibility.
  fileprivate func isWrittenByCVAT(as other: Shape) -> Bool {
    let (a, b) = (coordinates, other.coordinates)
    guard a.count == b.count,
      zip(a, b).allSatisfy({ abs($0.x - $1.x) < 0.011 && abs($0.y - $1.y) < 0.011 })
    else { return false }
    func turn(_ shape: Shape) -> Double? {
      switch shape {
      case .box: 0
      case .rotatedBox(let box): box.angle
      case .ellipse(let ellipse): ellipse.angle
      default: nil
      }
    }
    if let angle = turn(self), let other = turn(other) {
      return abs((angle - other).remainder(dividingBy: 2 * .pi)) < 0.011 * .pi / 180
    }
    if case .skeleton(let own) = self, case .skeleton(let theirs) = other {
      return own.joints.map(\.visibility) == theirs.joints.map(\.visibility)
    }
    return kind == other.kind
  }
}
