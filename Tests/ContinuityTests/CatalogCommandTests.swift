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
        codec       h264, yuv420p, 3 key frames
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

  @Test(arguments: FrameMetrics.all.map { $0.info.id } + TrackMetrics.all.map { $0.info.id })
  func `Every metric has a page`(id: String) throws {
    let result = try program.run("metrics \(id)")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("\(id): "))
    #expect(try program.run("metrics").output.contains("\(id) "))
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
