import Dispatch
import ReviewStore
import Synchronization

/// Writes to the store beside the decoder, one batch after the other.
///
/// At most ``limit`` batches wait at a time; whoever comes with another one waits until there is
/// room, so that memory stays the same however slow the disk is. After a failure nothing more is
/// written, and every call throws it.
final class StoreQueue: Sendable {
  /// How many batches may wait.
  static let limit = 4

  private let queue = DispatchQueue(label: "continuity.store")
  private let room = DispatchSemaphore(value: 0)
  private let failure = Mutex<ScanError?>(nil)

  init() {
    // A semaphore must not end below the value it began with.
    for _ in 0..<Self.limit { room.signal() }
  }

  /// Has `write` called after what was submitted before.
  func submit(
    _ write: @escaping @Sendable () throws(StoreError) -> Void
  ) throws(ScanError) {
    try check()
    room.wait()
    queue.async { [self] in
      defer { room.signal() }
      guard failure.withLock({ $0 == nil }) else { return }
      do throws(ScanError) { try stored(write) } catch { failure.withLock { $0 = error } }
    }
  }

  /// Waits until everything submitted is written.
  func finish() throws(ScanError) {
    queue.sync {}
    try check()
  }

  private func check() throws(ScanError) {
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
