import Foundation
import Testing
import Timeline
import VideoIO

/// Frames against ffprobe, whose answers lie in Fixtures/clips/ffprobe.json.
@Suite struct VideoReaderTests {
  @Test(
    "Count, key flags and sizes are ffprobe's, on one thread and on many", arguments: Clips.names)
  func framesAreThoseOfFFprobe(name: String) throws {
    let facts = try Clips.facts(name)
    for threads in [1, 0, 3] {
      let seen = try SeenVideo(Clips.path(name), threads: threads)
      #expect(seen.frames.map(\.index) == Array(0..<facts.frames.count))
      #expect(seen.frames.map(\.isKey) == facts.keyFlags)
      #expect(seen.frames.map { [Int64($0.width), Int64($0.height)] } == facts.sizes)
      #expect(seen.report.decodedFrames == facts.frames.count)
      #expect(seen.report.isComplete)
    }
  }

  @Test(
    "Ticks are ffprobe's wherever it prints one",
    arguments: Clips.names.filter { $0 != "clock-restart.ts" })
  func ticksAreThoseOfFFprobe(name: String) throws {
    let expected = try Clips.facts(name).ticks
    let ticks = try SeenVideo(Clips.path(name)).frames.map(\.ticks)
    for (tick, printed) in zip(ticks, expected) where printed != nil { #expect(tick == printed) }
    #expect(ticks == ticks.sorted())
  }

  @Test("The header is what ffprobe reads in it", arguments: Clips.names)
  func headerIsThatOfFFprobe(name: String) throws {
    let facts = try Clips.facts(name)
    let info = try VideoReader.open(path: Clips.path(name)).info
    #expect(info.codec == facts.stream.codecName)
    #expect(info.pixelFormat == facts.stream.pixFmt)
    #expect(info.width == facts.stream.width && info.height == facts.stream.height)
    #expect(info.timeBase.description == facts.stream.timeBase)
    #expect(info.headerFrameCount == facts.stream.nbFrames.flatMap { Int($0) })
    #expect(info.startTick == facts.stream.startPts)
    #expect(info.rotation == (facts.rotation + 360) % 360)
    #expect(info.videoStreamCount == 1)
  }

  @Test("The brightness is ffmpeg's, to the last bit", arguments: [1, 0])
  func lumaIsThatOfFFmpeg(threads: Int) throws {
    for name in ["cfr-bframes.mp4", "hidden-lead.mp4", "vfr.mp4"] {
      let facts = try Clips.facts(name)
      let seen = try SeenVideo(Clips.path(name), threads: threads, keepsLuma: true)
      #expect(seen.frames.map { crc32($0.luma) } == facts.luma)
      #expect(seen.frames.allSatisfy { !$0.isFullRange })
    }
  }

  @Test("Packets before a cut are decoded, not shown, and counted")
  func hiddenPacketsAreNotShown() throws {
    let facts = try Clips.facts("hidden-lead.mp4")
    let seen = try SeenVideo(Clips.path("hidden-lead.mp4"))
    #expect(facts.hidden == 15)
    #expect(seen.report.discardedPackets == 15)
    #expect(seen.report.packetsRead == 50)
    #expect(seen.frames.first?.ticks == 0)
  }

  @Test("A frame without any time follows the one before it, and is counted")
  func missingTimesAreMadeUp() throws {
    let facts = try Clips.facts("no-pts.avi")
    let seen = try SeenVideo(Clips.path("no-pts.avi"))
    #expect(facts.ticks.last == .some(nil))
    #expect(seen.frames.map(\.ticks) == Array(1...40))
    #expect(seen.report.synthesisedTicks == 1)
    #expect(seen.report.framesWithoutPresentationTime > 0)
  }

  @Test("A clock that starts anew continues where the first part ended")
  func restartedClockContinues() throws {
    let facts = try Clips.facts("clock-restart.ts")
    let seen = try SeenVideo(Clips.path("clock-restart.ts"))
    #expect(facts.ticks[50] == 133_200)
    // 25 frames a second on a clock of 90 kHz: 3600 ticks a frame, from 133200 on.
    #expect(seen.frames.map(\.ticks) == (0..<80).map { 133_200 + 3600 * $0 })
    #expect(seen.report.repairedTicks == 1)
  }

  @Test("A frame after a change of size carries its own size")
  func sizeChangeIsCounted() throws {
    let seen = try SeenVideo(Clips.path("size-change.ts"), keepsLuma: true)
    #expect(seen.report.sizeChanges == 1)
    #expect(seen.frames[19].luma.count == 160 * 120)
    #expect(seen.frames[20].luma.count == 128 * 96)
  }

  @Test("A kept frame keeps its pixels while the reader goes on")
  func keptFrameKeepsItsPixels() throws {
    for name in ["cfr-bframes.mp4", "ten-bit-full.mkv", "images"] {
      let expected = try SeenVideo(Clips.path(name), keepsLuma: true).frames
      var reader = try VideoReader.open(path: Clips.path(name))
      guard let first = try reader.next(), let second = try reader.next() else {
        Issue.record("\(name) has two frames")
        return
      }
      _ = try reader.next()
      #expect(pixels(of: first) == expected[0].luma)
      #expect(pixels(of: second) == expected[1].luma)
    }
  }

  private func pixels(of frame: borrowing VideoFrame) -> [UInt8] {
    var pixels: [UInt8] = []
    frame.withLuma { plane in
      for y in 0..<plane.height {
        plane.withRow(y) { row in for x in row.indices { pixels.append(row[x]) } }
      }
    }
    return pixels
  }

  @Test("The table of a reader at its end is the table of a scan")
  func readerBuildsTheTable() throws {
    var reader = try VideoReader.open(path: Clips.path("vfr.mp4"))
    while let frame = try reader.next() { #expect(frame.index + 1 == reader.frameTable.count) }
    let table = reader.frameTable
    #expect(table == (try FrameScanner.scan(path: Clips.path("vfr.mp4"))).table)
    #expect(table.isVariableFrameRate)
    let isOver = try reader.next() == nil
    #expect(isOver)
  }

  @Test("A rate of 30000/1001 is met exactly")
  func ntscIsExact() throws {
    let table = try FrameScanner.scan(path: Clips.path("ntsc.mp4")).table
    #expect(table.timeBase == TimeBase(1, 30_000))
    #expect(table.ticks == (0..<45).map { Int64(1001 * $0) })
    #expect(!table.isVariableFrameRate)
  }
}
