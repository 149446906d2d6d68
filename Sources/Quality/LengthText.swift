import Timeline

extension FrameTable {
  /// The length of `range` as reasons state it: `40 frames (1.6 s)`.
  func lengthText(of range: FrameRange) -> String {
    let seconds = (self.seconds(in: range) * 100).rounded() / 100
    return "\(range.count) \(range.count == 1 ? "frame" : "frames") (\(seconds) s)"
  }
}
