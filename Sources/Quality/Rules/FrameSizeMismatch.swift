import Annotations
import Timeline

/// Finds labels that were drawn on pictures of another size than the video's.
public enum FrameSizeMismatch: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "frame-size-mismatch", scope: .source, level: .warning,
    summary: "The labels state another frame size than the video has.",
    page: """
      The size that a label file states is compared with the size of the video as it is shown, after
      its rotation. Where they differ, every coordinate is suspect: the labels may belong to a
      scaled copy, or to the video before it was turned.

      A label file that states no size is not judged.
      """)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    guard !input.video.frames.isNominal, let source = input.source,
      let width = source.annotations.width,
      let height = source.annotations.height, let shownWidth = input.video.width,
      let shownHeight = input.video.height,
      Double(width) != shownWidth || Double(height) != shownHeight
    else { return [] }
    let shown = "\(Int(shownWidth))x\(Int(shownHeight))"
    let isTurned = Double(width) == shownHeight && Double(height) == shownWidth
    return [
      Finding(
        rule: info.id, level: settings.level, source: source.name,
        range: input.video.frames.frames,
        reason: "the labels are for frames of \(width)x\(height), and the video shows \(shown)"
          + (isTurned ? "; they may have been drawn before the video was turned" : ""))
    ]
  }
}
