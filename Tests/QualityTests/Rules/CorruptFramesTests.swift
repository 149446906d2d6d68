import Quality
import Testing
import Timeline
import VideoIO

/// Drawn timelines: `x` a frame that is shown although damaged.
@Suite struct CorruptFramesTests {
  private func findings(
    _ drawing: String, _ change: (inout DecodeReport) -> Void = { _ in }
  ) -> [Finding] {
    var report = DecodeReport()
    report.packetsRead = drawing.count
    for (frame, mark) in drawing.enumerated() where mark == "x" { report.addCorruptFrame(frame) }
    change(&report)
    var video = VideoFacts(
      name: "drawn", frames: FrameTable(nominalCount: drawing.count, rate: 10))
    video.reading = report
    return CorruptFrames.findings(
      in: RuleInput(video: video), settings: RuleSettings(CorruptFrames.info))
  }

  @Test("every stretch of damaged frames is a finding; close ones are one")
  func stretches() {
    let found = findings(".xx...........x.x..........x")
    #expect(found.map(\.range) == [FrameRange(1, 3), FrameRange(14, 17), FrameRange(27, 28)])
    #expect(
      found.map(\.reason) == [
        "2 frames are shown although damaged", "2 of 3 frames are shown although damaged",
        "1 frame is shown although damaged",
      ])
    #expect(found.allSatisfy { $0.level == .warning && $0.rule == "corrupt-frames" })
  }

  @Test("lost packets, an early end and a change of the size are told")
  func otherDamage() {
    let found = findings("......") { report in
      (report.flaggedPackets, report.rejectedPackets) = (1, 2)
      report.isTruncated = true
      report.sizeChanges = 1
    }
    #expect(
      found.map(\.range) == [FrameRange(0, 6), FrameRange(5, 6), FrameRange(0, 6)])
    #expect(found.map(\.level) == [.warning, .warning, .note])
  }

  @Test("sound video has no findings") func sound() { #expect(findings("......").isEmpty) }
}
