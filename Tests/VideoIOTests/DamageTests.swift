import Foundation
import Testing
import Timeline
import VideoIO

/// Damage is skipped and counted, and never ends a video or the program.
@Suite struct DamageTests {
  @Test("A damaged stream goes on, and frames that were patched up are flagged")
  func damagedStreamGoesOn() throws {
    let facts = try Clips.facts("damaged.ts")
    let seen = try SeenVideo(Clips.path("damaged.ts"))
    #expect(seen.frames.count == facts.frames.count)
    #expect(seen.report.corruptFrames > 0)
    #expect(seen.report.corruptFrames == seen.frames.count { $0.isCorrupt })
  }

  @Test("Every scan of a damaged stream reports the same, on any number of threads")
  func damagedStreamIsSettled() throws {
    let seen = try SeenVideo(Clips.path("damaged.ts"), threads: 1)
    for threads in [0, 0, 0, 0, 0, 1, 2, 7] {
      let scan = try FrameScanner.scan(path: Clips.path("damaged.ts"), threads: threads)
      #expect(scan.report == seen.report)
      #expect(scan.table.ticks == seen.frames.map(\.ticks))
    }
  }

  @Test("What a scan shows last of a damaged stream is what one thread decodes")
  func damagedStreamStartsAnew() throws {
    let seen = try SeenVideo(Clips.path("damaged.ts"), threads: 1, keepsLuma: true)
    var starts = 0
    var pictures: [[UInt8]] = []
    var flags: [Bool] = []
    _ = try FrameScanner.scan(path: Clips.path("damaged.ts"), threads: 4) { _ in
      starts += 1
      (pictures, flags) = ([], [])
    } visit: { frame in
      flags.append(frame.isCorrupt)
      pictures.append(
        frame.withLuma { plane in
          (0..<plane.height).flatMap { y in
            plane.withRow(y) { row in row.indices.map { row[$0] } }
          }
        })
    }
    #expect(starts == 2)
    #expect(flags == seen.frames.map(\.isCorrupt))
    #expect(pictures == seen.frames.map(\.luma))
  }

  @Test(
    "A sound video is decoded once on many threads",
    arguments: ["cfr-bframes.mp4", "vfr.mp4", "cuts.mp4", "no-pts.avi", "hidden-lead.mp4"])
  func soundVideoIsDecodedOnce(name: String) throws {
    var starts = 0
    var frames = 0
    let scan = try FrameScanner.scan(path: Clips.path(name), threads: 4) { _ in
      starts += 1
    } visit: { _ in
      frames += 1
    }
    #expect(starts == 1)
    #expect(frames == scan.table.count)
  }

  @Test("A sound video has nothing to report", arguments: ["cfr-bframes.mp4", "vfr.mp4"])
  func soundVideoIsClean(name: String) throws {
    let report = try SeenVideo(Clips.path(name)).report
    var expected = DecodeReport(headerFrameCount: 50)
    expected.decodedFrames = 50
    expected.packetsRead = 50
    expected.isComplete = true
    #expect(report == expected)
  }

  @Test("What an MP4 cut off after its index still holds is read, and the cut is reported")
  func truncatedMovie() throws {
    let seen = try SeenVideo(Clips.path("truncated.mp4"))
    #expect(seen.frames.count == 30)
    #expect(seen.report.headerFrameCount == 50)
    #expect(seen.report.isTruncated)
    #expect(seen.report.corruptPackets > 0)
  }

  @Test("What a cut Matroska file still holds is read; its header knows how long it was")
  func truncatedMatroska() throws {
    let scan = try FrameScanner.scan(path: Clips.path("truncated.mkv"))
    #expect(scan.table.count == 33)
    #expect(scan.info.headerDuration == 2.0)
    #expect(scan.table.duration < 1.4)
    #expect(scan.report.isTruncated)
    #expect(try FrameScanner.packetScan(path: Clips.path("truncated.mkv")).report.isTruncated)
  }

  @Test("No whole video is taken for a cut one", arguments: Clips.names)
  func wholeVideoIsNotCut(name: String) throws {
    let isCut = name.hasPrefix("truncated")
    #expect(try FrameScanner.scan(path: Clips.path(name)).report.isTruncated == isCut)
    #expect(try FrameScanner.packetScan(path: Clips.path(name)).report.isTruncated == isCut)
  }

  @Test("It is told which frames are damaged")
  func damagedFramesAreNamed() throws {
    let seen = try SeenVideo(Clips.path("damaged.ts"))
    let damaged = seen.frames.filter(\.isCorrupt).map(\.index)
    #expect(seen.report.corruptRanges == FrameRange.runs(of: damaged))
    #expect(seen.report.hasDecoderErrors)
  }

  @Test("A stream cut in the middle of a packet is read to the cut")
  func truncatedTransportStream() throws {
    let facts = try Clips.facts("truncated.ts")
    #expect(try SeenVideo(Clips.path("truncated.ts")).frames.count == facts.frames.count)
  }

  @Test("Bytes changed at random never end the program", arguments: 0..<40)
  func randomDamage(seed: Int) throws {
    let folder = try ScratchFolder()
    let names = ["cfr-bframes.mp4", "no-pts.avi", "odd-size.mkv", "damaged.ts"]
    let name = names[seed % names.count]
    var bytes = Array(try Data(contentsOf: URL(filePath: Clips.path(name))))
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    for _ in 0..<(8 << (seed % 5)) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20)
    }
    let path = try folder.write(name, Data(bytes))
    do {
      let scan = try FrameScanner.scan(path: path)
      #expect(scan.table.count == scan.report.decodedFrames)
      #expect(scan.table.ticks == scan.table.ticks.sorted())
      _ = try FrameScanner.packetScan(path: path)
    } catch {
      #expect(!error.reason.isEmpty)
    }
  }

  @Test("A video of which nothing decodes any more is given up", arguments: [1, 4])
  func nothingDecodes(threads: Int) throws {
    let folder = try ScratchFolder()
    try folder.copy("images/frame7.png", as: "0000.png")
    for number in 1...520 {
      _ = try folder.write(String(format: "%04d.png", number), Data("no picture".utf8))
    }
    var reader = try VideoReader.open(path: folder.path, threads: threads)
    let error = #expect(throws: VideoError.self) {
      while let frame = try reader.next() { _ = frame.index }
    }
    #expect(error?.code == .tooManyErrors)
    let isOver = try reader.next() == nil
    #expect(isOver)
  }
}
