import Testing
import Timeline
import VideoIO

@Suite struct FrameScannerTests {
  @Test("A decoding scan has ffprobe's count", arguments: Clips.names)
  func scanCounts(name: String) throws {
    let scan = try FrameScanner.scan(path: Clips.path(name))
    #expect(scan.table.count == (try Clips.facts(name)).frames.count)
    #expect(scan.isDecoded)
  }

  @Test(
    "A packet scan counts the packets that ffprobe does not mark as hidden", arguments: Clips.names)
  func packetScanCounts(name: String) throws {
    let facts = try Clips.facts(name)
    let scan = try FrameScanner.packetScan(path: Clips.path(name))
    #expect(scan.table.count == facts.packets - facts.hidden)
    #expect(scan.report.packetsRead == facts.packets)
    #expect(!scan.isDecoded && scan.report.decodedFrames == 0)
  }

  @Test(
    "On sound video a packet scan finds the table that decoding finds",
    arguments: [
      "black-frozen.mp4", "cfr-bframes.mp4", "cuts.mp4", "hidden-lead.mp4", "late-start.mp4",
      "ntsc.mp4", "odd-size.mkv", "one-frame.mp4", "vfr.mp4", "images",
    ])
  func packetScanAgrees(name: String) throws {
    let packets = try FrameScanner.packetScan(path: Clips.path(name)).table
    let frames = try FrameScanner.scan(path: Clips.path(name)).table
    #expect(packets.ticks == frames.ticks)
    #expect(packets.keyFlags == frames.keyFlags)
  }

  @Test("A start after zero is kept") func lateStartIsKept() throws {
    let table = try FrameScanner.scan(path: Clips.path("late-start.mp4")).table
    #expect(table.startSeconds == 1.5)
    #expect(table.seconds(at: 0) == 0)
    #expect(abs(table.duration - 1.2) < 1e-9)
  }
}
