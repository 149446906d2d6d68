import Testing
import Timeline
import VideoIO

/// Figures of `ffprobe -select_streams v:0 -show_frames` for a video nobody of this project made.
struct RealVideo: CustomTestStringConvertible, Sendable {
  let name: String
  let frames: Int
  /// Frames for which ffprobe prints no time; all of them at the end.
  let untimed: Int
  let first: Int64
  /// The sum of all printed times.
  let sum: Int64
  let keys: Int
  let rotation: Int

  init(
    _ name: String, frames: Int, untimed: Int, first: Int64, sum: Int64, keys: Int, rotation: Int
  ) {
    self.name = name
    self.frames = frames
    self.untimed = untimed
    self.first = first
    self.sum = sum
    self.keys = keys
    self.rotation = rotation
  }

  var testDescription: String { name }

  static let all = [
    RealVideo(
      "video-oddities/Megamind.avi", frames: 270, untimed: 1, first: 1, sum: 36315,
      keys: 5, rotation: 0),
    RealVideo(
      "video-oddities/Megamind_bugy.avi", frames: 270, untimed: 1, first: 1, sum: 36315,
      keys: 10, rotation: 0),
    RealVideo(
      "video-oddities/cvat_rotated_90.mp4", frames: 25, untimed: 0, first: 0, sum: 153600,
      keys: 25, rotation: 90),
    RealVideo(
      "video-oddities/cvat_video_without_valid_keyframes.mp4", frames: 25, untimed: 0, first: 12800,
      sum: 473600,
      keys: 1, rotation: 0),
    RealVideo(
      "video-oddities/darwin_test_video.mp4", frames: 150, untimed: 0, first: 0, sum: 5721600,
      keys: 1, rotation: 0),
    RealVideo(
      "video-oddities/darwin_test_video_corrupted.mp4", frames: 136, untimed: 0, first: 0,
      sum: 5186048,
      keys: 1, rotation: 0),
    RealVideo(
      "video-oddities/decord_corrupted.mp4", frames: 49, untimed: 0, first: 0, sum: 1223680,
      keys: 1, rotation: 0),
    RealVideo(
      "video-oddities/decord_unordered.mov", frames: 4, untimed: 0, first: 0, sum: 3072,
      keys: 1, rotation: 0),
    RealVideo(
      "video-oddities/decord_video_0.mov", frames: 3, untimed: 0, first: 0, sum: 1920,
      keys: 1, rotation: 0),
    RealVideo(
      "video-oddities/decord_video_180.mov", frames: 3, untimed: 0, first: 0, sum: 1920,
      keys: 1, rotation: -180),
    RealVideo(
      "video-oddities/decord_video_270.mov", frames: 3, untimed: 0, first: 0, sum: 1920,
      keys: 1, rotation: 90),
    RealVideo(
      "video-oddities/decord_video_90.mov", frames: 3, untimed: 0, first: 0, sum: 1920,
      keys: 1, rotation: -90),
    RealVideo(
      "video-oddities/mmaction2_demo_skeleton_gap.mp4", frames: 72, untimed: 0, first: 0,
      sum: 1321472,
      keys: 1, rotation: 0),
    RealVideo(
      "video-oddities/tree.avi", frames: 68, untimed: 0, first: 0, sum: 14898,
      keys: 3, rotation: 0),
    RealVideo(
      "pets09-s2l1/vtest.avi", frames: 795, untimed: 0, first: 0, sum: 315615,
      keys: 4, rotation: 0),
  ]
}

// Skipped where the folder of real videos (CONTINUITY_DATA) is missing.
@Suite(.enabled(if: RealData.isThere, "needs the real videos that CONTINUITY_DATA names"))
struct RealVideoTests {
  @Test("Real videos have ffprobe's frames, times and key frames", arguments: RealVideo.all)
  func realVideo(_ video: RealVideo) throws {
    for threads in [1, 0] {
      var reader = try VideoReader.open(path: RealData.path(video.name), threads: threads)
      while let frame = try reader.next() { _ = frame.index }
      let table = reader.frameTable
      #expect(table.count == video.frames)
      #expect(table.ticks.first == video.first)
      #expect(table.ticks.dropLast(video.untimed).reduce(0, +) == video.sum)
      #expect(table.keyFlags.count { $0 } == video.keys)
      #expect(reader.info.rotation == (video.rotation + 360) % 360)
      #expect(reader.report.synthesisedTicks == video.untimed)
    }
  }

  @Test("A damaged video reports what it lost")
  func damagedVideo() throws {
    let name = "video-oddities/darwin_test_video_corrupted.mp4"
    let report = try FrameScanner.scan(path: RealData.path(name)).report
    // 150 packets, 136 frames: the other 14 were refused.
    #expect(report.packetsRead == 150)
    #expect(report.rejectedPackets == 14)
    #expect(report.decodedFrames == 136)
  }
}
