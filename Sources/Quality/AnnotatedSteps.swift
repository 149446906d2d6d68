import Annotations
import Timeline

/// The annotated frames of a source as a count of steps: frames nobody looked at are no gap.
struct AnnotatedSteps: Sendable {
  /// The annotated frames, rising; nil where every frame is annotated.
  private let frames: [FrameIndex]?

  /// Reads the steps off `annotations`.
  ///
  /// A format that cannot say which frames were annotated says "all"; where all labels lie on every
  /// k-th frame, only those count.
  init(_ annotations: VideoAnnotations) {
    guard let extent = annotations.extent else {
      frames = nil
      return
    }
    if case .all = annotations.annotated {
      let step = Self.grid(of: annotations, from: extent.start)
      frames = step > 1 ? Array(stride(from: extent.start, to: extent.end, by: step)) : nil
      return
    }
    // A label proves that its frame was looked at, whatever the header says.
    var annotated = Set((extent.start..<extent.end).filter(annotations.annotated.contains))
    for track in annotations.tracks { annotated.formUnion(track.instances.lazy.map(\.frame)) }
    frames = annotated.sorted()
  }

  /// The largest step on whose multiples, counted from `start`, all labelled frames lie.
  private static func grid(of annotations: VideoAnnotations, from start: FrameIndex) -> Int {
    var divisor = 0
    for track in annotations.tracks {
      for instance in track.instances {
        var (a, b) = (divisor, instance.frame - start)
        while b != 0 { (a, b) = (b, a % b) }
        divisor = a
        if divisor == 1 { return 1 }
      }
    }
    // Two labelled frames always lie on a grid; five do not by chance.
    guard divisor > 1, let extent = annotations.extent, extent.count / divisor >= 4 else {
      return 1
    }
    return divisor
  }

  /// Why some frames between the first and the last label count as not annotated; nil where all
  /// are annotated.
  var sparseness: String? {
    guard let frames, let first = frames.first, let last = frames.last,
      last - first + 1 > frames.count
    else { return nil }
    let gap = zip(frames, frames.dropFirst()).map { $1 - $0 }
    if let step = gap.first, gap.allSatisfy({ $0 == step }) {
      return "only every \(ordinal(step)) frame from \(first) to \(last) is annotated"
    }
    return "only \(frames.count) of the frames from \(first) to \(last) are annotated"
  }

  /// The number of steps nearest to `seconds`, at least 1.
  func count(in seconds: Double, _ table: FrameTable) -> Int {
    let count = table.frames(in: seconds)
    guard let frames, let first = frames.first, let last = frames.last, last > first else {
      return count
    }
    return max(1, Int(Double(count) * Double(frames.count - 1) / Double(last - first)))
  }

  /// The step of `frame`: how many annotated frames lie before it.
  func step(of frame: FrameIndex) -> Int {
    frames?.partitioningIndex { $0 >= frame } ?? frame
  }

  /// The frame of `step`, which must be one of an annotated frame.
  func frame(of step: Int) -> FrameIndex { frames.map { $0[step] } ?? step }
}
