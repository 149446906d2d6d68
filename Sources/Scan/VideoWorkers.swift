import Dispatch
import Foundation
import Synchronization

/// Shares the videos of a scan out among threads, each of which takes the next one when it is done.
///
/// Outputs are in the order of the videos, and of several failures the one of the first video
/// counts, as if they were scanned one after the other.
final class VideoWorkers<Output: Sendable>: Sendable {
  private struct State {
    var next = 0
    var outputs: [Output?]
    var failure: (video: Int, error: ScanError)?
  }

  private let state: Mutex<State>

  /// Starts with `count` videos.
  init(count: Int) {
    state = Mutex(State(outputs: Array(repeating: nil, count: count)))
  }

  /// Scans all videos, `jobs` at a time, one of them on the calling thread.
  ///
  /// - Parameters:
  ///   - jobs: How many threads.
  ///   - scan: Scans one video; it asks ``isStopped(_:)`` on the way.
  /// - Returns: The outputs in the order of the videos.
  /// - Throws: The error of the first video that failed.
  func run(
    jobs: Int, _ scan: @escaping @Sendable (Int) throws(ScanError) -> Output
  ) throws(ScanError) -> [Output] {
    let others = DispatchGroup()
    for _ in 1..<max(1, jobs) {
      others.enter()
      let thread = Thread { [self] in
        work(scan)
        others.leave()
      }
      thread.stackSize = 8 << 20  // as much as the calling thread has
      thread.start()
    }
    work(scan)
    others.wait()
    let (failure, outputs) = state.withLock { ($0.failure, $0.outputs) }
    if let failure { throw failure.error }
    return outputs.compactMap { $0 }
  }

  /// Whether an earlier video failed, so that what comes of this one is of no use.
  func isStopped(_ video: Int) -> Bool {
    state.withLock { state in state.failure.map { $0.video < video } ?? false }
  }

  private func work(_ scan: (Int) throws(ScanError) -> Output) {
    while let video = take() {
      do throws(ScanError) {
        let output = try scan(video)
        state.withLock { $0.outputs[video] = output }
      } catch {
        state.withLock { state in
          if state.failure.map({ video < $0.video }) ?? true { state.failure = (video, error) }
        }
      }
    }
  }

  private func take() -> Int? {
    state.withLock { state in
      guard state.next < state.outputs.count, state.failure == nil else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }
}
