import Annotations
import Timeline

/// Finds labels in frames that the video does not have.
public enum LabelOutOfRange: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "label-out-of-range", scope: .source, level: .error,
    summary: "Labels lie before the first or after the last frame of the video.",
    page: """
      Every label is in a frame of the video. Frames are counted by decoding, so this is exact: a
      label at frame 795 of a video of 795 frames (0 to 794) has no picture.

      The usual reason: the labels belong to another cut or another encoding of the video. Where the
      numbers show that they count from 1, in steps or at another frame rate, timebase-mismatch says
      so instead; where the pixels show that all labels come a few frames late or early, label-offset
      does.

      There is one finding for the labels after the end and one for those before the start. Their
      range reaches from the first to the last such label, outside the video on purpose. Labels out
      of range are left out of everything else. Labels without a video are out of range where they
      lie before frame 0 or beyond what a nominal timeline can hold.
      """)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    guard let source = input.source, !source.outside.isEmpty,
      !TimebaseMismatch.explainsRange(in: input), !LabelOffset.explainsRange(in: input)
    else { return [] }
    let last = input.video.frames.count - 1
    return [
      finding(source, settings, "before the first frame") { $0 < 0 },
      finding(source, settings, "after the last frame, \(last)") { $0 >= 0 },
    ].compactMap { $0 }
  }

  private static func finding(
    _ source: SourceFacts, _ settings: RuleSettings, _ side: String,
    _ isOnSide: (FrameIndex) -> Bool
  ) -> Finding? {
    var count = 0
    var tracks: [String] = []
    var (first, last) = (FrameIndex.max, FrameIndex.min)
    for track in source.outside {
      let frames = track.instances.lazy.map(\.frame).filter(isOnSide)
      guard let low = frames.min(), let high = frames.max() else { continue }
      count += frames.count
      tracks.append(track.id)
      (first, last) = (min(first, low), max(last, high))
    }
    guard count > 0 else { return nil }
    let labels = count == 1 ? "1 label lies" : "\(count) labels lie"
    let range = FrameRange(first, last == .max ? last : last + 1)
    return Finding(
      rule: info.id, level: settings.level, source: source.name,
      track: tracks.count == 1 ? tracks.first : nil,
      range: range, reason: "\(labels) \(side): \(range.spokenFrames)")
  }
}
