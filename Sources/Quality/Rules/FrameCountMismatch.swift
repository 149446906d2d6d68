import Annotations
import Timeline
import VideoIO

/// Finds videos and labels that claim another number of frames than are shown.
public enum FrameCountMismatch: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "frame-count-mismatch", scope: .videoAndSource, level: .warning,
    summary: "A header or a label file states another number of frames than the video shows.",
    page: """
      The number of frames is counted by decoding. It is compared with the number in the header of
      the video, and with the number that each label file states.

      A header that claims more frames than there are is the usual sign of a damaged or cut-off
      file, and tools that trust it put labels into frames that do not exist. Labels that state
      another number were made on another version of the video, or by a tool that counted time
      times frame rate.

      Frames that the file itself declares hidden, as an edit list does, are the whole difference in
      some videos. That is a note with the cause declared.

      The range of the finding is what one side has and the other has not; it is the last frame
      where the labels state more frames than there are.
      """)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let frames = input.video.frames
    guard !frames.isNominal else { return [] }
    if let source = input.source {
      guard let stated = source.annotations.frameCount, stated != frames.count,
        !TimebaseMismatch.explainsCount(in: input)
      else { return [] }
      return [
        finding(
          settings, source.name, stated, frames,
          "the labels are for \(stated) frames, and the video shows \(frames.count)")
      ]
    }
    guard let reading = input.video.reading, let stated = reading.headerFrameCount,
      stated != frames.count
    else { return [] }
    var finding = finding(
      settings, nil, stated, frames,
      "the header says \(stated) frames, and \(frames.count) are shown")
    let hidden = reading.discardedPackets
    if hidden > 0, stated - hidden == frames.count {
      finding.level = .note
      finding.cause = .declared
      finding.reason += "; \(hidden) \(hidden == 1 ? "is" : "are") hidden, as the file declares"
    }
    return [finding]
  }

  private static func finding(
    _ settings: RuleSettings, _ source: String?, _ stated: Int, _ frames: FrameTable,
    _ reason: String
  ) -> Finding {
    let start = max(0, min(stated, frames.count - 1))
    return Finding(
      rule: info.id, level: settings.level, source: source,
      range: FrameRange(start, frames.count), reason: reason)
  }
}
