import Timeline

extension VideoFacts {
  /// The parts of `range` that lie in one shot each: findings never cross a cut.
  func pieces(of range: FrameRange) -> [FrameRange] {
    var pieces: [FrameRange] = []
    var rest = range
    while let cut = cut(in: rest) {
      pieces.append(FrameRange(rest.start, cut))
      rest.start = cut
    }
    return pieces + [rest]
  }

  /// The shot that holds `frame`, within `limits`, which hold it too.
  func shot(at frame: FrameIndex, in limits: FrameRange) -> FrameRange {
    let after = firstCut(from: frame + 1)
    let start = after > 0 ? max(limits.start, cuts[after - 1]) : limits.start
    let end = after < cuts.count ? min(limits.end, cuts[after]) : limits.end
    return FrameRange(min(start, frame), max(end, frame + 1))
  }

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
