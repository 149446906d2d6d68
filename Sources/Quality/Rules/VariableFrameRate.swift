import Timeline

/// Finds videos whose frames are not shown at equal distances.
public enum VariableFrameRate: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "variable-frame-rate", scope: .video, level: .note,
    summary: "The frames of the video are not shown at equal distances.",
    page: """
      Nothing is wrong with such a video here: frames are counted, never computed from a time. But
      tools that compute a frame from time times frame rate, or labels made with such a tool, land
      on another frame. Steps between frames that differ by no more than one tick of the clock, or
      2 % of the median step, count as equal.
      """)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let frames = input.video.frames
    guard frames.isVariableFrameRate else { return [] }
    let steps = zip(frames.ticks.dropFirst(), frames.ticks).map { $0 - $1 }
    guard let low = steps.min(), let high = steps.max() else { return [] }
    func milliseconds(_ ticks: Int64) -> String {
      decimal(frames.timeBase.seconds(ticks) * 1000, digits: 0)
    }
    return [
      Finding(
        rule: info.id, level: settings.level, range: frames.frames,
        reason:
          "the frame rate varies: \(milliseconds(low)) to \(milliseconds(high)) ms lie between"
          + " frames, \(milliseconds(frames.medianStep)) ms as a rule")
    ]
  }
}
