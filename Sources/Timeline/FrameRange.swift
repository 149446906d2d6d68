/// The zero-based place of a shown frame in presentation order, counted by decoding.
///
/// Frame `k` is the k-th frame a viewer sees. It is never computed from a time and a frame rate:
/// a ``FrameTable`` is the only authority that relates the two.
public typealias FrameIndex = Int

/// A half-open range of frames: `start` belongs to it, `end` is the first frame after it.
public struct FrameRange: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The first frame of the range.
  public var start: FrameIndex
  /// The first frame after the range.
  public var end: FrameIndex

  /// Creates the range `start ..< end`; `end` must not be smaller than `start`.
  public init(_ start: FrameIndex, _ end: FrameIndex) {
    precondition(start <= end, "A frame range ends at or after its start.")
    self.start = start
    self.end = end
  }

  /// Creates the range that holds one frame.
  public init(frame: FrameIndex) { self.init(frame, frame + 1) }

  /// The number of frames in the range.
  public var count: Int { end - start }
  /// Whether the range holds no frame.
  public var isEmpty: Bool { start == end }

  /// Tells whether `frame` lies in the range.
  public func contains(_ frame: FrameIndex) -> Bool { start <= frame && frame < end }

  /// Tells whether the two ranges share at least one frame.
  public func overlaps(_ other: FrameRange) -> Bool { start < other.end && other.start < end }

  /// Returns the part of the range inside `limits`, which may be empty.
  public func clamped(to limits: FrameRange) -> FrameRange {
    let low = min(max(start, limits.start), limits.end)
    return FrameRange(low, max(low, min(end, limits.end)))
  }

  /// Orders by start, then by end.
  public static func < (a: FrameRange, b: FrameRange) -> Bool {
    (a.start, a.end) < (b.start, b.end)
  }

  /// The range as people write it: `412..<431`.
  public var description: String { "\(start)..<\(end)" }
}

extension FrameRange {
  /// Joins frames into maximal runs of consecutive frames.
  ///
  /// - Parameter frames: Frame indices in any order; repeats count once.
  /// - Returns: Disjoint ranges in rising order.
  public static func runs(of frames: some Sequence<FrameIndex>) -> [FrameRange] {
    var runs: [FrameRange] = []
    for frame in frames.sorted() {
      if let last = runs.last, frame <= last.end {
        runs[runs.count - 1].end = max(last.end, frame + 1)
      } else {
        runs.append(FrameRange(frame: frame))
      }
    }
    return runs
  }
}
