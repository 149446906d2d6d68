import Foundation
import Testing
import Timeline
import VideoIO

/// What ``LedgerTests`` does not say of every clip.
@Suite struct FrameSeekerTests {
  private func seeker(_ name: String) throws -> FrameSeeker {
    let path = Clips.path(name)
    let scan = try FrameScanner.scan(path: path)
    return try FrameSeeker.open(path: path, table: scan.table, report: scan.report)
  }

  @Test(
    "Frames are reached over key frames where those are sure",
    arguments: [
      ("cfr-bframes.mp4", true), ("vfr.mp4", true), ("odd-size.mkv", true), ("images", true),
      ("damaged.ts", false), ("no-pts.avi", false), ("clock-restart.ts", false),
      ("size-change.ts", false), ("one-frame.mp4", false),
    ])
  func reach(name: String, isDirect: Bool) throws {
    var seeker = try seeker(name)
    let last = seeker.table.count - 1
    for index in [last, 0, last / 2, last] {
      let frame = try seeker.frame(at: index)
      #expect(frame.index == index && frame.ticks == seeker.table.ticks[index])
    }
    // A seeker that was led astray would no longer trust key frames.
    #expect(seeker.reachesDirectly == isDirect)
  }

  @Test("Every thread count gives the same frame") func threads() throws {
    let path = Clips.path("cfr-bframes.mp4")
    let scan = try FrameScanner.scan(path: path)
    let expected = try Clips.facts("cfr-bframes.mp4").luma
    for threads in [0, 1, 3] {
      var seeker = try FrameSeeker.open(
        path: path, table: scan.table, report: scan.report, threads: threads)
      for index in [49, 7, 24, 23, 25, 0] {
        let frame = try seeker.frame(at: index)
        let luma = frame.withLuma { plane in
          (0..<plane.height).flatMap { y in plane.withRow(y) { row in row.indices.map { row[$0] } }
          }
        }
        #expect(crc32(luma) == expected[index])
      }
    }
  }

  @Test("A table of another video is noticed") func otherVideo() throws {
    let scan = try FrameScanner.scan(path: Clips.path("vfr.mp4"))
    var seeker = try FrameSeeker.open(
      path: Clips.path("cfr-bframes.mp4"), table: scan.table, report: scan.report)
    let error = #expect(throws: VideoError.self) { _ = try seeker.frame(at: 40).index }
    #expect(error?.code == .changed && error?.frame == 40)
  }

  @Test("A lost image has the size of the image before") func lostImage() throws {
    let folder = try ScratchFolder()
    try folder.copy("images/frame7.png", as: "1.png")
    try folder.copy("image-kinds/01-grey8.png", as: "2.png")
    _ = try folder.write("3.png", Data("no picture".utf8))
    _ = try folder.write("4.png", Data("no picture".utf8))
    let scan = try FrameScanner.scan(path: folder.path)
    #expect(scan.report.corruptRanges == [FrameRange(2, 4)])
    var seeker = try FrameSeeker.open(path: folder.path, table: scan.table, report: scan.report)
    let lost = try seeker.frame(at: 3)
    #expect(lost.isCorrupt && lost.width == 33 && lost.height == 17)
    #expect(try seeker.frame(at: 0).width == 64)
  }
}
