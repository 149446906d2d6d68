public import Timeline

extension AnnotatedFrames {
  /// The number of annotated frames in `range`.
  public func count(in range: FrameRange) -> Int {
    switch self {
    case .all: return range.count
    case .every(let step, let limits):
      let part = range.clamped(to: limits)
      let step = max(1, step)
      // Rounded up: the number of multiples of the step below an offset.
      func multiples(below offset: Int) -> Int { offset / step + (offset % step > 0 ? 1 : 0) }
      return multiples(below: part.end - limits.start)
        - multiples(below: part.start - limits.start)
    case .only(let frames):
      if range.count < frames.count {
        return (range.start..<range.end).reduce(0) { $0 + (frames.contains($1) ? 1 : 0) }
      }
      return frames.reduce(0) { $0 + (range.contains($1) ? 1 : 0) }
    }
  }

  /// The last annotated frame before `frame` that lies in `limits`; nil where there is none.
  public func last(before frame: FrameIndex, in limits: FrameRange) -> FrameIndex? {
    let end = min(frame, limits.end)
    guard end > limits.start else { return nil }
    return (limits.start..<end).last { contains($0) }
  }

  /// The first annotated frame after `frame` that lies in `limits`; nil where there is none.
  public func first(after frame: FrameIndex, in limits: FrameRange) -> FrameIndex? {
    let start = max(frame < .max ? frame + 1 : frame, limits.start)
    guard start < limits.end else { return nil }
    return (start..<limits.end).first { contains($0) }
  }
}
