public import Annotations
public import Timeline

/// One source on one video, as rules see it.
public struct SourceFacts: Sendable {
  /// The name in findings, such as `labels`.
  public let name: String
  /// What the source is taken for.
  public let kind: ReadOptions.Kind
  /// The labels; frames are indices into the video's frame table.
  public let annotations: VideoAnnotations
  /// What was read and what could not be.
  public let report: ReadReport
  /// The labels in frames the video does not have, as tracks of their own.
  ///
  /// ``annotations`` is without them, so that a rule never meets a frame outside the table.
  public let outside: [Track]
  /// The boxes of all instances, frame by frame.
  public let boxes: BoxesByFrame
  /// What the pixels say about a shift in time; nil where they were not asked.
  public let offsetEvidence: OffsetEvidence?
  let missingLabels = MissingLabels.Memo()

  /// Creates the facts and sorts the boxes by frame.
  ///
  /// With `frames`, the labels outside these frames are set apart in ``outside``.
  public init(
    name: String, kind: ReadOptions.Kind, annotations: consuming VideoAnnotations,
    report: ReadReport = ReadReport(), frames: FrameRange? = nil,
    offsetEvidence: OffsetEvidence? = nil
  ) {
    self.offsetEvidence = offsetEvidence
    self.name = name
    self.kind = kind
    self.report = report
    outside = frames.map { annotations.removeInstances(outside: $0) } ?? []
    self.annotations = annotations
    boxes = BoxesByFrame(self.annotations)
  }
}

extension VideoAnnotations {
  /// Takes out the instances outside `frames`; tracks without any other instance go with them.
  fileprivate mutating func removeInstances(outside frames: FrameRange) -> [Track] {
    var outside: [Track] = []
    var emptied: Set<Int> = []
    for place in tracks.indices {
      let removed = tracks[place].removeInstances(outside: frames)
      guard !removed.isEmpty else { continue }
      let track = tracks[place]
      outside.append(
        Track(
          id: track.id, className: track.className, isTracked: track.isTracked,
          instances: removed, attributes: track.attributes))
      if track.instances.isEmpty { emptied.insert(place) }
    }
    if !emptied.isEmpty {
      tracks = tracks.indices.filter { !emptied.contains($0) }.map { tracks[$0] }
    }
    return outside
  }
}

/// Every instance of one source that has a valid box, frame by frame.
public struct BoxesByFrame: Sendable {
  /// One instance in one frame.
  public struct Entry: Sendable {
    /// The place of its track in ``VideoAnnotations/tracks``.
    public let track: Int32
    /// The place of the instance in ``Track/instances``.
    public let instance: Int32
    /// Its bounds in pixels; finite, with a positive area.
    public let box: Box
  }

  private let entries: [Entry]
  // entries[starts[k]..<starts[k + 1]] belong to the frame `first + k`.
  private let starts: [Int32]
  private let first: FrameIndex

  /// Sorts the boxes of `annotations`; within a frame they keep the order of the tracks.
  public init(_ annotations: VideoAnnotations) {
    guard let extent = annotations.extent else {
      (entries, starts, first) = ([], [], 0)
      return
    }
    var counts = [Int32](repeating: 0, count: extent.count + 1)
    func visit(_ body: (Int, Int, FrameIndex, Box) -> Void) {
      for (t, track) in annotations.tracks.enumerated() {
        for (i, instance) in track.instances.enumerated() {
          guard let box = instance.shape.bounds, box.isValid else { continue }
          body(t, i, instance.frame - extent.start, box)
        }
      }
    }
    visit { _, _, frame, _ in counts[frame + 1] += 1 }
    for frame in counts.indices.dropFirst() { counts[frame] += counts[frame - 1] }
    var next = counts
    let blank = Entry(
      track: 0, instance: 0, box: Box(left: 0, top: 0, width: 0, height: 0))
    var sorted = [Entry](repeating: blank, count: Int(counts.last ?? 0))
    visit { track, instance, frame, box in
      sorted[Int(next[frame])] = Entry(
        track: Int32(track), instance: Int32(instance), box: box)
      next[frame] += 1
    }
    (entries, starts, first) = (sorted, counts, extent.start)
  }

  /// The range from the first to the last frame with an instance; empty where there is none.
  public var extent: FrameRange { FrameRange(first, first + max(0, starts.count - 1)) }

  /// The smallest box around all boxes; nil where there is none.
  public var bounds: Box? {
    entries.reduce(nil as Box?) { $0?.union($1.box) ?? $1.box }
  }

  /// The instances in `frame`, in the order of their tracks.
  public subscript(frame: FrameIndex) -> ArraySlice<Entry> {
    guard extent.contains(frame) else { return [] }
    return entries[Int(starts[frame - first])..<Int(starts[frame - first + 1])]
  }
}
