import Foundation
import Testing
import VideoIO

/// Memory stays the same however many frames are read.
@Suite(.serialized) struct MemoryTests {
  /// The memory this process holds now, in bytes; nil where the system does not tell.
  private func residentBytes() -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
      let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    return pages * 4096
  }

  private func read(_ path: String) throws -> (frames: Int, peak: Int) {
    var reader = try VideoReader.open(path: path)
    var (frames, peak) = (0, 0)
    while let frame = try reader.next() {
      frames += frame.withLuma { $0.width > 0 ? 1 : 0 }
      if frames % 16 == 0 { peak = max(peak, residentBytes() ?? 0) }
    }
    return (frames, peak)
  }

  // Other tests run beside this one, so the bound is far above what a reader needs, and far below
  // what the frames would take if they were kept.
  @Test("Reading 10,000 frames does not grow the process", .enabled(if: isLinux))
  func readingAgainAndAgain() throws {
    _ = try read(Clips.path("ten-bit-full.mkv"))
    let before = try #require(residentBytes())
    var (frames, peak) = (0, 0)
    for _ in 0..<200 {
      let seen = try read(Clips.path("cfr-bframes.mp4"))
      frames += seen.frames
      peak = max(peak, seen.peak)
    }
    #expect(frames == 10_000)
    // 10,000 pictures of 160x120 in yuv420p are 288 MB.
    #expect(peak - before < 100 << 20)
  }

  // Skipped where the folder of real videos (CONTINUITY_DATA) is missing.
  @Test(
    "795 frames of 768x576 are read in the memory of a few",
    .enabled(if: isLinux && RealData.isThere, "needs the real videos that CONTINUITY_DATA names"))
  func longVideo() throws {
    let before = try #require(residentBytes())
    let seen = try read(RealData.path("pets09-s2l1/vtest.avi"))
    #expect(seen.frames == 795)
    // 795 such pictures are 527 MB.
    #expect(seen.peak - before < 150 << 20)
  }
}

private let isLinux = FileManager.default.fileExists(atPath: "/proc/self/statm")
