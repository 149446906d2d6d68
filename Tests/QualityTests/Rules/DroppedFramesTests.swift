import Quality
import Testing
import Timeline
import VideoIO

/// Drawn timelines: `X` a frame, `.` a place where one is missing.
@Suite struct DroppedFramesTests {
  private func findings(
    _ drawing: String, step: Int64 = 40, ticks: ((Int) -> Int64)? = nil
  ) -> [Finding] {
    let shown = drawing.enumerated().filter { $0.element == "X" }.map { Int64($0.offset) * step }
    let all = ticks.map { time in shown.indices.map(time) } ?? shown
    let table = FrameTable(
      timeBase: TimeBase(1, 1000), ticks: all, durations: all.map { _ in 0 },
      keyFlags: all.map { _ in true })
    return DroppedFrames.findings(
      in: RuleInput(video: VideoFacts(name: "drawn", frames: table)),
      settings: RuleSettings(DroppedFrames.info))
  }

  @Test("every hole of a video of constant rate is a finding with the frames around it")
  func holes() {
    let found = findings("XXXXX.XXXXXXXXXXXX...XXXXXXXXXXXXX")
    #expect(found.map(\.range) == [FrameRange(4, 6), FrameRange(16, 18)])
    #expect(
      found.map(\.reason) == [
        "0.080 s lie between frames 4 and 5, 0.040 s as a rule: about 1 frame is missing",
        "0.160 s lie between frames 16 and 17, 0.040 s as a rule: about 3 frames are missing",
      ])
  }

  @Test("a video without holes has none, whatever the rounding of its clock")
  func noHoles() {
    #expect(findings("XXXXXXXXXXXXXXXX").isEmpty)
    // 30000/1001 frames a second on a clock of a millisecond: 33 and 34.
    let frames = String(repeating: "X", count: 100)
    #expect(findings(frames) { Int64((Double($0) * 1001 / 30).rounded()) }.isEmpty)
  }

  @Test("holes all over a video are one finding")
  func holesAllOver() {
    let found = findings("XXX.XXX.XXX.XXX..XXX.XXX")
    #expect(found.map(\.range) == [FrameRange(0, 18)])
    #expect(found.first?.reason.hasPrefix("about 6 frames are missing in 5 places") == true)
  }

  @Test("a video of variable rate is left to another rule")
  func variableRate() {
    #expect(findings("XXXXXXXXXXXX") { Int64($0 * 40 + ($0 * $0 * 7) % 19) }.isEmpty)
    // tree.avi: about 0.4 s apart, on a clock of 1/15 s.
    #expect(
      findings("XXXXXXXXXXXX") { [0, 6, 12, 17, 28, 33, 39, 46, 51, 61, 67, 73][$0] }.isEmpty)
  }

  @Test("packets without a frame are told where the video was decoded to its end")
  func packetsWithoutFrames() {
    var video = VideoFacts(name: "clip", frames: FrameTable(nominalCount: 8, rate: 25))
    video.frames = FrameTable(
      timeBase: TimeBase(1, 25), ticks: Array(0..<8), durations: Array(repeating: 1, count: 8),
      keyFlags: Array(repeating: true, count: 8))
    var report = DecodeReport()
    (report.packetsRead, report.discardedPackets, report.decodedFrames) = (12, 2, 8)
    func reasons() -> [String] {
      video.reading = report
      return DroppedFrames.findings(
        in: RuleInput(video: video), settings: RuleSettings(DroppedFrames.info)
      ).map(\.reason)
    }
    #expect(reasons().isEmpty)
    report.isComplete = true
    #expect(reasons() == ["the file holds 10 packets to be shown, and decoding gives 8 frames"])
  }
}
