public import Timeline

/// Turns one number a frame into runs, with two thresholds so that noise does not chop them up.
///
/// A run opens where the value is at least ``on`` and ends before the frame where it is below
/// ``off`` or undefined. Runs of one shot whose gap is shorter than ``merge`` become one; then runs
/// shorter than ``minimum`` are dropped. A run never crosses a cut: it ends before it, and the new
/// shot must reach ``on`` by itself.
///
/// For `on` 3 and `off` 2, the values 1 3 2 2 1 give one run, of the frames 1, 2 and 3. The time
/// taken grows with the number of frames.
public struct Hysteresis: Hashable, Sendable {
  /// A range of frames in which the number was high.
  public struct Run: Hashable, Sendable {
    /// The frames, half-open.
    public var range: FrameRange
    /// The highest value.
    public var peak: Double
    /// The mean of the defined values.
    public var mean: Double
  }

  /// The value that opens a run.
  public var on: Double
  /// The value below which a run ends; not above ``on``.
  public var off: Double
  /// Shorter gaps are closed, in seconds; 0 closes none.
  public var merge: Double
  /// Shorter runs are dropped, in seconds; 0 keeps single frames.
  public var minimum: Double

  /// Creates the thresholds; an `off` above `on` counts as `on`.
  public init(on: Double, off: Double, merge: Double = 0, minimum: Double = 0) {
    self.on = on
    self.off = min(on, off)
    self.merge = merge
    self.minimum = minimum
  }

  /// Finds the runs in `values`.
  ///
  /// - Parameters:
  ///   - values: One value a frame; nil where it is undefined.
  ///   - first: The frame of the first value.
  ///   - frames: The times of the frames.
  ///   - cuts: The first frames of new shots, rising.
  /// - Returns: Disjoint runs in rising order.
  public func runs(
    in values: [Double?], from first: FrameIndex = 0, frames: FrameTable, cuts: [FrameIndex] = []
  ) -> [Run] {
    var ranges: [FrameRange] = []
    var start: FrameIndex?
    var shot = 0
    // The number of cuts up to and including the first frame of the last range: its shot.
    var shotOfLast = -1

    func close(before frame: FrameIndex) {
      guard let opened = start else { return }
      start = nil
      if let last = ranges.last, shotOfLast == shot,
        frames.seconds(in: FrameRange(last.end, opened)) < merge - FrameTable.rounding
      {
        ranges[ranges.count - 1].end = frame
      } else {
        ranges.append(FrameRange(opened, frame))
        shotOfLast = shot
      }
    }

    for (place, value) in values.enumerated() {
      let frame = first + place
      if shot < cuts.count, cuts[shot] <= frame {
        close(before: frame)
        while shot < cuts.count, cuts[shot] <= frame { shot += 1 }
      }
      guard let value, value >= (start == nil ? on : off) else {
        close(before: frame)
        continue
      }
      if start == nil { start = frame }
    }
    close(before: first + values.count)

    return ranges.filter { frames.seconds(in: $0) >= minimum - FrameTable.rounding }.map { range in
      let known = values[range.start - first..<range.end - first].compactMap { $0 }
      return Run(
        range: range, peak: known.max() ?? on,
        mean: known.reduce(0, +) / Double(max(1, known.count)))
    }
  }
}
