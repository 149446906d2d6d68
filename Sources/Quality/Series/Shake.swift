import Timeline

/// How much the camera shakes around a frame: the deviation of its path from a smooth path.
///
/// The path adds up the shifts from frame to frame; the smooth path is its mean over the second
/// around each frame. The value is the standard deviation of their distance over that second.
///
/// - Unit: share of the shorter side, as the shifts.
/// - Direction: lower is better.
/// - Edge cases: undefined where the shift has no clear peak (a response below 0.1), and in
///   stretches between such frames and cuts that are shorter than half a second.
/// - Source: ours, after the smoothed paths of video stabilisation.
public enum Shake: SeriesMetric {
  /// See ``SeriesMetric/info``.
  public static let info = MetricInfo(
    id: "shake", scope: .frame, summary: "How much the camera shakes around here.",
    unit: "share of the shorter side", direction: .lowerIsBetter,
    page: """
      How much the picture as a whole trembles around a frame. A camera that pans evenly does not
      shake: only what is left beside a smooth path counts.

      Formula    P(t) = P(t-1) + (shift-x(t), shift-y(t)); S(t) = mean of P over the frames up to
                 0.5 s before and after; e = P - S
                 shake = sqrt(mean of |e|^2 over the same frames)
      Range      from 0; 0.01 is a path that strays by a hundredth of the shorter side
      Undefined  where shift-response is below 0.1, so that the shift is not to be trusted, and
                 between such frames or cuts where less than half a second is left
      Source     ours; smoothed paths as in video stabilisation
      """)

  /// See ``SeriesMetric/inputs``.
  public static let inputs = ["shift-x", "shift-y", "shift-response"]

  /// The response below which a shift is not to be trusted.
  static let leastResponse = 0.1
  /// The seconds on either side that make the smooth path.
  static let reach = 0.5
  /// The shortest stretch that is judged, in seconds.
  static let shortest = 0.5

  /// See ``SeriesMetric/values(of:)``.
  public static func values(of input: SeriesInput) -> [MetricValue] {
    let (dx, dy) = (input.numbers(of: inputs[0]), input.numbers(of: inputs[1]))
    let responses = input.numbers(of: inputs[2])
    var values = [MetricValue](
      repeating: .undefined("the path is too short"), count: input.frames.count)
    var unclear: [FrameIndex] = []
    let reach = input.frames.frames(in: reach)
    for shot in input.shots {
      // A stretch begins with a frame whose own shift does not matter: the path starts there.
      var start = shot.start
      var path = [(x: 0.0, y: 0.0)]
      func close() {
        let stretch = FrameRange(start, start + path.count)
        guard
          input.frames.seconds(in: stretch) >= shortest - FrameTable.rounding, path.count > 2
        else { return }
        for (place, value) in deviations(of: path, reach: reach).enumerated() {
          values[start + place] = .value(value)
        }
      }
      for frame in shot.start + 1..<max(shot.start + 1, shot.end) {
        if let x = dx[frame], let y = dy[frame], (responses[frame] ?? 0) >= leastResponse {
          let last = path[path.count - 1]
          path.append((last.x + x, last.y + y))
        } else {
          close()
          start = frame
          path = [(0, 0)]
          unclear.append(frame)
        }
      }
      close()
    }
    for frame in unclear { values[frame] = .undefined("the shift is unclear") }
    return values
  }

  private static func deviations(of path: [(x: Double, y: Double)], reach: Int) -> [Double] {
    func window(_ place: Int) -> ClosedRange<Int> {
      // The window shrinks on both sides alike, so that an even pan has no deviation at its ends.
      let reach = min(reach, place, path.count - 1 - place)
      return place - reach...place + reach
    }
    let squares = path.indices.map { place in
      let part = path[window(place)]
      let x = part.reduce(0) { $0 + $1.x } / Double(part.count) - path[place].x
      let y = part.reduce(0) { $0 + $1.y } / Double(part.count) - path[place].y
      return x * x + y * y
    }
    return path.indices.map { place in
      let part = squares[max(0, place - reach)...min(squares.count - 1, place + reach)]
      return (part.reduce(0, +) / Double(part.count)).squareRoot()
    }
  }
}
