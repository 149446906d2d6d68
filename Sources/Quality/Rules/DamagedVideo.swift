import Timeline
import VideoIO

/// Finds videos of which parts could not be read or decoded.
public enum DamagedVideo: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "damaged-video", scope: .video, level: .warning,
    summary: "Parts of the video could not be read or decoded.",
    page: """
      Damage never ends a scan: what cannot be decoded is skipped and counted. But frames that are
      not shown have no number, so labels that were made on an undamaged copy are off by as many
      frames from there on, and frames that the decoder patched up are no fair ground for a metric.

      Reported are packets that the container flagged or the decoder refused, frames shown although
      parts of them are damaged, sizes that change in mid-stream, and a file that ends early. With
      --no-pixels nothing is decoded, and only what the container tells is reported.
      """)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    guard let reading = input.video.reading else { return [] }
    var damage: [String] = []
    func add(_ count: Int, _ noun: String, _ plural: String) {
      if count > 0 { damage.append(counted(count, noun, plural)) }
    }
    add(reading.corruptPackets, "damaged packet", "damaged packets")
    add(
      reading.corruptFrames, "frame shown although parts are damaged",
      "frames shown although parts are damaged")
    add(reading.sizeChanges, "change of the frame size", "changes of the frame size")
    if reading.isTruncated { damage.append("an end in the middle of the data") }
    guard !damage.isEmpty else { return [] }
    return [
      Finding(
        rule: info.id, level: settings.level, range: input.video.frames.frames,
        reason: "the video has " + damage.joined(separator: ", "))
    ]
  }
}
