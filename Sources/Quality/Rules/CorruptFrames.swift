import Timeline
import VideoIO

/// Finds frames and packets of a video that could not be read or decoded as they were made.
public enum CorruptFrames: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "corrupt-frames", scope: .video, level: .warning,
    summary: "Parts of the video could not be read or decoded.",
    page: """
      Damage never ends a scan: what cannot be decoded is skipped and counted. But frames that are
      not shown have no number, so labels that were made on an undamaged copy are off by as many
      frames from there on, and frames that the decoder patched up are no fair ground for a metric.

      There is one finding for each stretch of frames that are shown although parts of them are
      damaged. Stretches closer together than `apart` are one; the reason says how many of its
      frames are damaged. One more finding tells of packets that the container flagged or the
      decoder refused, one of a file that ends early, and a note tells of a frame size that changes
      in mid-stream. With --no-pixels nothing is decoded, and only what the container tells is
      reported.
      """,
    parameters: [
      .init(
        "apart", 0.5, unit: "seconds",
        "Damaged stretches closer together than this are one finding.")
    ])

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    guard let reading = input.video.reading else { return [] }
    let frames = input.video.frames
    var findings = stretches(reading.corruptRanges, frames, apart: settings["apart"]).map {
      stretch in
      finding(
        settings, stretch.range,
        stretch.count == stretch.range.count
          ? "\(counted(stretch.count, "frame is", "frames are")) shown although damaged"
          : "\(stretch.count) of \(counted(stretch.range.count, "frame")) are shown although damaged"
      )
    }
    if reading.corruptPackets > 0 {
      findings.append(
        finding(
          settings, frames.frames,
          "\(reading.corruptPackets) of \(counted(reading.packetsRead, "packet")) are damaged: "
            + "\(reading.flaggedPackets) as the container says, and \(reading.rejectedPackets) that "
            + "the decoder refused"))
    }
    if reading.isTruncated {
      findings.append(
        finding(
          settings, FrameRange(max(0, frames.count - 1), frames.count),
          "the file ends in the middle: \(counted(frames.count, "frame")) could be read"))
    }
    if reading.sizeChanges > 0 {
      var note = finding(
        settings, frames.frames,
        "the frame size changes \(counted(reading.sizeChanges, "time")) in mid-stream")
      note.level = .note
      findings.append(note)
    }
    return findings
  }

  private static func finding(
    _ settings: RuleSettings, _ range: FrameRange, _ reason: String
  ) -> Finding {
    Finding(rule: info.id, level: settings.level, range: range, reason: reason)
  }

  /// Joins neighbouring ranges, and counts the damaged frames of each.
  private static func stretches(
    _ ranges: [FrameRange], _ frames: FrameTable, apart: Double
  ) -> [(range: FrameRange, count: Int)] {
    var stretches: [(range: FrameRange, count: Int)] = []
    for range in ranges {
      if let last = stretches.last,
        frames.seconds(in: FrameRange(last.range.end, range.start)) < apart
      {
        stretches[stretches.count - 1].range.end = range.end
        stretches[stretches.count - 1].count += range.count
      } else {
        stretches.append((range, range.count))
      }
    }
    return stretches
  }
}
