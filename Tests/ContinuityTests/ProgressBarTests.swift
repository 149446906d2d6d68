import Scan
import Testing

@testable import continuity

@Suite struct ProgressBarTests {
  private func progress(
    videos: Int = 1, finished: Int = 0, frames: Int, expected: Int?
  ) -> ScanProgress {
    ScanProgress(
      videoCount: videos, finishedVideoCount: finished, video: "clip.mp4", frames: frames,
      expectedFrames: expected)
  }

  // 1200 frames in 4 seconds are 300 a second; 4800 more take 16 seconds.
  @Test func `One video has its name, its rate and the time left`() {
    #expect(
      ProgressBar.line(progress(frames: 1200, expected: 6000), seconds: 4)
        == "[####....................] clip.mp4: 1200 of 6000 frames, 300 frames/s, 0:16 left")
  }

  @Test func `Several videos are one line`() {
    let half = progress(videos: 3, finished: 1, frames: 3000, expected: 6000)
    #expect(
      ProgressBar.line(half, seconds: 3700)
        == "[############............] 1 of 3 videos: 3000 of 6000 frames, 0 frames/s,"
        + " 1:01:40 left")
  }

  @Test func `Where the length is unknown there is no time left`() {
    #expect(
      ProgressBar.line(progress(frames: 100, expected: nil), seconds: 2)
        == "clip.mp4: 100 frames, 50 frames/s")
  }

  @Test func `At the very start there is no rate yet`() {
    #expect(
      ProgressBar.line(progress(frames: 1, expected: 50), seconds: 0.1)
        == "[........................] clip.mp4: 1 of 50 frames")
  }
}
