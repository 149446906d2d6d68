import Foundation
import ReviewStore
import Synchronization
import Testing

@testable import Scan

@Suite struct WorkerTests {
  @Test(arguments: [1, 2, 3, 8])
  func `Outputs are in the order of the videos`(jobs: Int) throws {
    let outputs = try VideoWorkers<Int>(count: 20).run(jobs: jobs) { video in video * video }
    #expect(outputs == (0..<20).map { $0 * $0 })
  }

  @Test func `The error of the first video counts, even where another one failed before`() throws {
    let later = DispatchSemaphore(value: 0)
    let error = #expect(throws: ScanError.self) {
      try VideoWorkers<Int>(count: 2).run(jobs: 2) { video throws(ScanError) in
        if video == 0 { later.wait() } else { later.signal() }
        throw ScanError(.video, "\(video)")
      }
    }
    #expect(error?.description == "0")
  }

  @Test func `After a failure no video is begun, and later ones are told to stop`() throws {
    let begun = Mutex<[Int]>([])
    let workers = VideoWorkers<Int>(count: 10)
    let running = DispatchSemaphore(value: 0)
    #expect(throws: ScanError.self) {
      try workers.run(jobs: 2) { video throws(ScanError) in
        begun.withLock { $0.append(video) }
        if video == 1 {
          running.signal()
          while !workers.isStopped(1) { Thread.sleep(forTimeInterval: 0.001) }
          return 1
        }
        running.wait()
        throw ScanError(.video, "broken")
      }
    }
    #expect(begun.withLock { $0.sorted() } == [0, 1])
    #expect(!workers.isStopped(0))
  }

  @Test func `Batches are written in order, and no more wait than there is room for`() throws {
    let queue = StoreQueue()
    let written = Mutex<[Int]>([])
    let submitted = Mutex(0)
    let most = Mutex(0)
    for number in 0..<50 {
      try queue.submit {
        Thread.sleep(forTimeInterval: 0.001)
        let count = written.withLock { written in
          written.append(number)
          return written.count
        }
        let waiting = submitted.withLock { $0 } - count
        most.withLock { $0 = max($0, waiting) }
      }
      submitted.withLock { $0 += 1 }
    }
    try queue.finish()
    #expect(written.withLock { $0 } == Array(0..<50))
    #expect(most.withLock { $0 } <= StoreQueue.limit)
  }

  @Test func `After a failure nothing more is written, and every call throws it`() throws {
    let queue = StoreQueue()
    let written = Mutex<[Int]>([])
    try queue.submit { () throws(StoreError) in
      throw StoreError(.full, path: "s", "the disk is full")
    }
    #expect(throws: ScanError(.store, "s: the disk is full")) { try queue.finish() }
    #expect(throws: ScanError.self) { try queue.submit { written.withLock { $0.append(1) } } }
    #expect(written.withLock { $0 } == [])
  }

  @Test func `Progress is of all videos`() {
    let seen = Mutex<[ScanProgress]>([])
    let count = ProgressCount(["a", "b"], expected: [10, nil]) { progress in
      seen.withLock { $0.append(progress) }
    }
    count.advance(0, to: 12)
    count.advance(1, to: 3)
    count.finish(1)
    count.advance(0, to: 1)
    let frames = seen.withLock { $0.map(\.frames) }
    #expect(frames == [12, 15, 4])
    #expect(seen.withLock { $0.map(\.expectedFrames) } == [nil, nil, 15])
    #expect(seen.withLock { $0.map(\.finishedVideoCount) } == [0, 0, 1])
  }
}
