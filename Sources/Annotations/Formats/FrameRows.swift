import Timeline

/// The instances of a video frame by frame, for formats that are written so.
struct FrameRows {
  /// One instance, named by its places.
  struct Row {
    var frame: FrameIndex
    /// The place of the track in ``VideoAnnotations/tracks``.
    var track: Int
    /// The place of the instance in its track.
    var instance: Int
  }

  /// By rising frame, within a frame in the order of the tracks.
  let rows: [Row]

  private let video: VideoAnnotations

  init(_ video: VideoAnnotations) {
    self.video = video
    var rows: [Row] = []
    rows.reserveCapacity(video.instanceCount)
    for (place, track) in video.tracks.enumerated() {
      for (index, instance) in track.instances.enumerated() {
        rows.append(Row(frame: instance.frame, track: place, instance: index))
      }
    }
    rows.sort { ($0.frame, $0.track, $0.instance) < ($1.frame, $1.track, $1.instance) }
    self.rows = rows
  }

  /// The track and the instance of a row.
  subscript(row: Row) -> (track: Track, instance: Instance) {
    (video.tracks[row.track], video.tracks[row.track].instances[row.instance])
  }

  /// Calls `body` for every frame that was annotated or has an instance, with its instances.
  func forEachFrame(
    _ body: (FrameIndex, ArraySlice<Row>) throws(LabelError) -> Void
  ) throws(LabelError) {
    var start = 0
    func next() -> ArraySlice<Row> {
      let frame = rows[start].frame
      let end = rows[start...].firstIndex { $0.frame != frame } ?? rows.count
      defer { start = end }
      return rows[start..<end]
    }
    for frame in annotatedFrames {
      while start < rows.count, rows[start].frame < frame {
        let slice = next()
        try body(slice[slice.startIndex].frame, slice)
      }
      try body(frame, start < rows.count && rows[start].frame == frame ? next() : [])
    }
    while start < rows.count {
      let slice = next()
      try body(slice[slice.startIndex].frame, slice)
    }
  }

  // Of a video of which nobody says how long it is, as far as there are instances or pictures.
  private var annotatedFrames: [FrameIndex] {
    switch video.annotated {
    case .all:
      let named = video.imageNames.keys.max().map { min($0, LabelFormats.maximumFrame) + 1 } ?? 0
      let end = max(video.frameCount ?? 0, video.extent?.end ?? 0, named)
      return Array(0..<min(end, LabelFormats.maximumFrame))
    case .every(let step, let range):
      let end = min(range.end, LabelFormats.maximumFrame)
      return range.start < end ? Array(stride(from: range.start, to: end, by: max(1, step))) : []
    case .only(let frames): return frames.sorted()
    }
  }
}
