import Foundation
import Quality
import Testing

@Suite struct CatalogCommandTests {
  let program: Program

  init() throws { program = try Program() }

  @Test func `Probe prints what ffprobe counts`() throws {
    try program.copyClip("truncated.mkv")
    let json = try program.run("probe truncated.mkv --json")
    let facts = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(facts["frame_count"] as? Int == 33)
    #expect(facts["width"] as? Int == 160)
    #expect(facts["height"] as? Int == 120)
    #expect(facts["rotation"] as? Int == 0)
    #expect(facts["time_base"] as? String == "1/1000")
    #expect(facts["codec"] as? String == "h264")
    #expect(facts["variable_frame_rate"] as? Bool == false)
    #expect(facts["corrupt_packets"] as? Int == 0)
    #expect(facts["frame_rate"] as? Double == 25)
    #expect(facts["duration"] as? Double == 1.32)
    #expect(facts["header_frame_count"] == nil)
    #expect(facts["header_duration"] as? Double == 2)
    #expect(facts["packet_count"] as? Int == 33)
    #expect(facts["truncated"] as? Bool == true)
  }

  @Test func `Probe names damaged frames, hidden packets and steps`() throws {
    for clip in ["damaged.ts", "hidden-lead.mp4", "vfr.mp4"] { try program.copyClip(clip) }
    let damaged = try program.run("probe damaged.ts --json").output
    let facts = try #require(
      try JSONSerialization.jsonObject(with: Data(damaged.utf8)) as? [String: Any])
    let ranges = try #require(facts["corrupt_frame_ranges"] as? [[Int]])
    #expect(facts["corrupt_frames"] as? Int == ranges.reduce(0) { $0 + $1[1] - $1[0] })
    #expect(!ranges.isEmpty)
    #expect((facts["holes"] as? [[String: Any]])?.count == 4)
    // ffprobe shows 35 frames of 50 packets, 15 of them flagged to be discarded.
    #expect(
      try program.run("probe hidden-lead.mp4").output.hasPrefix(
        "frames      35 shown; the header says 50; 50 packets, 15 of them hidden\n"))
    #expect(
      try program.run("probe vfr.mp4").output.contains(
        "steps of 0.033 to 0.1 s, 0.033 s as a rule\n"))
  }

  @Test func `Probe prints a screen for people`() throws {
    try program.copyClip("cfr-bframes.mp4")
    #expect(
      try program.run("probe cfr-bframes.mp4").output == """
        frames      50 shown, as the header says
        size        160x120
        frame rate  25.0
        duration    00:00:02.000
        start       00:00:00.000
        time base   1/12800
        codec       h264, yuv420p, limited range, progressive
        key frames  3, at most 24 frames apart
        streams     1 video stream
        holes       none
        damage      none

        """)
  }

  @Test(arguments: Rules.all.map { $0.info.id })
  func `Every rule has a page`(id: String) throws {
    let result = try program.run("rules \(id)")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("\(id): "))
    #expect(result.output.contains("\nLevel: "))
    #expect(try program.run("rules").output.contains("\(id) "))
  }

  static let metrics =
    (FrameMetrics.all + FrameMetrics.onRequest).map { $0.info.id }
    + SeriesMetrics.all.map { $0.info.id } + TrackMetrics.all.map { $0.info.id }

  @Test(arguments: metrics)
  func `Every metric has a page`(id: String) throws {
    let result = try program.run("metrics \(id)")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("\(id): "))
    #expect(try program.run("metrics").output.contains("\(id) "))
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test func `Version and help are results`() throws {
    let version = try program.run("--version")
    #expect(version.status == 0)
    #expect(version.output.split(separator: ".").count == 3)
    for command in ["", "scan ", "probe ", "findings ", "export ", "rules ", "metrics "] {
      let help = try program.run("\(command)--help")
      #expect(help.status == 0)
      #expect(help.output.hasPrefix("OVERVIEW: "))
      #expect(help.errors == "")
    }
  }
}
