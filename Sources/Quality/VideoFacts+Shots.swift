import Timeline

extension VideoFacts {
  /// The column of a frame metric, one number a frame; nil where it is undefined, empty where it
  /// was not measured.
  func numbers(of metric: MetricInfo) -> [Double?] {
    (metrics[metric.id] ?? []).map { $0.number }
  }

  /// The shots, from the first frame to the last.
  var shots: [FrameRange] { pieces(of: frames.frames) }

  /// The parts of `range` that lie in one shot each: findings never cross a cut.
  func pieces(of range: FrameRange) -> [FrameRange] { range.pieces(cutAt: cuts) }

  /// The shot that holds `frame`, within `limits`, which hold it too.
  func shot(at frame: FrameIndex, in limits: FrameRange) -> FrameRange {
    let after = firstCut(from: frame + 1)
    let start = after > 0 ? max(limits.start, cuts[after - 1]) : limits.start
    let end = after < cuts.count ? min(limits.end, cuts[after]) : limits.end
    return FrameRange(min(start, frame), max(end, frame + 1))
  }

  /// What is true of the video as a whole as one range, and everything else as it is.
  ///
  /// Findings never cross a cut, but a property that the whole recording has, such as interlaced
  /// lines, is one finding, not one a shot.
  ///
  /// - Parameter ranges: Rising ranges of one shot each.
  /// - Returns: The range of all frames where `ranges` hold ``wholeVideo`` of them, else `ranges`.
  func joinedIfWhole(_ ranges: [FrameRange]) -> [FrameRange] {
    let held = ranges.reduce(0) { $0 + $1.count }
    guard ranges.count > 1, Double(held) >= Self.wholeVideo * Double(frames.count) else {
      return ranges
    }
    return [frames.frames]
  }

  /// The share of the frames from which on something counts as true for the video as a whole.
  static let wholeVideo = 0.5

  /// Whether a frame metric was measured and reaches `level` in every one of `frames`.
  func isEvery(_ metric: MetricInfo, of frames: some Sequence<FrameIndex>, atLeast level: Double)
    -> Bool
  {
    guard let values = metrics[metric.id] else { return false }
    return frames.allSatisfy { frame in
      values.indices.contains(frame) && (values[frame].number ?? 0) >= level
    }
  }
}

extension FrameRange {
  /// The parts that lie in one shot each; `cuts` are the first frames of new shots, rising.
  func pieces(cutAt cuts: [FrameIndex]) -> [FrameRange] {
    let inside = cuts[cuts.partitioningIndex { $0 > start }...].prefix { $0 < end }
    return zip([start] + inside, inside + [end]).map { FrameRange($0, $1) }
  }
}
