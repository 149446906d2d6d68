import Synchronization

/// How far a scan has come.
public struct ScanProgress: Hashable, Sendable {
  /// The number of videos of the scan.
  public var videoCount: Int
  /// The number of videos that are done.
  public var finishedVideoCount: Int
  /// The video whose frame was decoded last.
  public var video: String
  /// Frames of all videos decoded so far.
  public var frames: Int
  /// Frames that all videos should have; nil where a header tells neither count nor length.
  public var expectedFrames: Int?

  /// Creates a state of progress.
  public init(
    videoCount: Int, finishedVideoCount: Int, video: String, frames: Int, expectedFrames: Int?
  ) {
    self.videoCount = videoCount
    self.finishedVideoCount = finishedVideoCount
    self.video = video
    self.frames = frames
    self.expectedFrames = expectedFrames
  }
}

/// Adds up how far the videos of a scan have come, whichever thread decodes them.
final class ProgressCount: Sendable {
  private struct State {
    var frames: [Int]
    var expected: [Int?]
    var sum = 0
    var expectedSum: Int
    var unknownCount: Int
    var finishedCount = 0
  }

  private let names: [String]
  private let state: Mutex<State>
  private let report: @Sendable (ScanProgress) -> Void

  /// Starts at no frame.
  ///
  /// - Parameters:
  ///   - names: The names of the videos.
  ///   - expected: The frames each should have; nil where unknown.
  ///   - report: Called after every frame, never twice at a time.
  init(
    _ names: [String], expected: [Int?], report: @escaping @Sendable (ScanProgress) -> Void
  ) {
    self.names = names
    self.report = report
    state = Mutex(
      State(
        frames: names.map { _ in 0 }, expected: expected,
        expectedSum: expected.reduce(0) { $0 + ($1 ?? 0) },
        unknownCount: expected.count { $0 == nil }))
  }

  /// Notes that `frames` frames of a video are decoded; fewer than before where it starts anew.
  func advance(_ video: Int, to frames: Int) {
    state.withLock { state in
      state.sum += frames - state.frames[video]
      state.frames[video] = frames
      if let expected = state.expected[video], expected < frames {
        state.expected[video] = frames
        state.expectedSum += frames - expected
      }
      report(
        ScanProgress(
          videoCount: names.count, finishedVideoCount: state.finishedCount, video: names[video],
          frames: state.sum, expectedFrames: state.unknownCount == 0 ? state.expectedSum : nil))
    }
  }

  /// Notes that a video is done: it has as many frames as were decoded.
  func finish(_ video: Int) {
    state.withLock { state in
      state.finishedCount += 1
      if state.expected[video] == nil { state.unknownCount -= 1 }
      state.expectedSum += state.frames[video] - (state.expected[video] ?? 0)
      state.expected[video] = state.frames[video]
    }
  }
}
