import Timeline

/// Turns seconds into frames, for formats that know no frames.
struct FrameClock {
  /// How far a time may lie before that of its frame: tools write three decimals.
  private static let slack = 0.000_5

  private let times: [Double]
  private let rate: Double

  /// Takes the times of a video's frames, else its rate; nil where neither is known.
  init?(_ video: VideoHint?) {
    let times = video?.frameTimes() ?? []
    let rate = video?.frameRate ?? 0
    guard !times.isEmpty || (rate > 0 && rate.isFinite) else { return nil }
    self.times = times
    self.rate = rate
  }

  /// The frame that is shown at a time; nil where no frame can be.
  func frame(at seconds: Double) -> FrameIndex? {
    guard seconds.isFinite, seconds >= 0 else { return nil }
    let time = seconds + Self.slack
    if !times.isEmpty { return max(0, times.partitioningIndex { $0 > time } - 1) }
    let frame = (time * rate).rounded(.down)
    return frame <= Double(LabelFormats.maximumFrame) ? Int(frame) : nil
  }

  /// The frames shown from one time up to another; at least the one that is shown at the first.
  func frames(from start: Double, to end: Double) -> FrameRange? {
    guard let first = frame(at: start), end.isFinite, end >= start else { return nil }
    let time = end - Self.slack
    let last: Int
    if !times.isEmpty {
      last = times.partitioningIndex { $0 >= time }
    } else {
      let frame = (time * rate).rounded(.up)
      guard frame <= Double(LabelFormats.maximumFrame) else { return nil }
      last = Int(frame)
    }
    return FrameRange(first, max(first + 1, last))
  }
}
