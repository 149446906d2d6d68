import Timeline

/// Which frames a CVAT task has: from a first one to a last one in steps.
struct CVATFrames {
  /// The first frame.
  var start = 0
  /// The frames from one to the next.
  var step = 1
  /// The last frame; nil where the labels do not say how long the video is.
  var stop: FrameIndex?
  /// Whether the labels state frames that are not evenly spaced, which a task cannot be.
  var isUneven = false

  /// The frames of `video`.
  init(_ video: VideoAnnotations) {
    switch video.annotated {
    case .all: break
    case .every(let step, let range):
      self.step = max(1, step)
      start = max(0, range.start)
      let last = max(start, video.lastAnnotatedEnd - 1)
      stop = last - (last - start) % self.step
      return
    case .only(let frames):
      let sorted = frames.sorted()
      if let first = sorted.first, let last = sorted.last {
        let step = sorted.count > 1 ? sorted[1] - first : 1
        if zip(sorted, sorted.dropFirst()).allSatisfy({ $1 - $0 == step }) {
          (start, self.step, stop) = (first, step, last)
          return
        }
      }
      isUneven = true
    }
    if let count = video.frameCount, count > 0 {
      stop = min(count, LabelFormats.maximumFrame + 1) - 1
    }
  }

  /// The number of frames; nil where the last one is not known.
  var count: Int? { stop.map { max(0, $0 - start) / step + 1 } }
}
