import Quality
import ReviewStore
import Timeline

/// The values of one video on their way from the decoder to the store.
///
/// They leave in batches, each written as a whole. Only the columns that rules read are kept.
struct ValueStream {
  /// The metrics that are measured, in the order of the values.
  let metrics: [MetricInfo]
  /// The kept columns, by metric id.
  private(set) var kept: [String: MetricColumn] = [:]
  /// What stopped the stream: the store cannot be written.
  private(set) var failure: ScanError?
  /// How many frames were decoded, those before a new start not among them.
  private(set) var frameCount = 0

  private let queue: StoreQueue
  private let store: ReviewStore
  private let video: StoredVideo
  private let run: RunID
  private var id: VideoID?
  private var batch: [MetricColumn]
  private var hashes: [FrameHashes] = []
  private let isKept: [Bool]
  private static let batchCount = 500

  /// Starts the stream of a video.
  ///
  /// - Parameters:
  ///   - metrics: The metrics that are measured.
  ///   - keeping: The ids of those that stay in memory.
  ///   - video: The video as it is known before it was read.
  ///   - store: Where the values go.
  ///   - queue: What writes them.
  ///   - run: The run they belong to.
  init(
    metrics: [MetricInfo], keeping: Set<String>, video: StoredVideo, store: ReviewStore,
    queue: StoreQueue, run: RunID
  ) {
    self.metrics = metrics
    self.video = video
    self.store = store
    self.queue = queue
    self.run = run
    batch = metrics.map { _ in [] }
    isKept = metrics.map { keeping.contains($0.id) }
    restart()
  }

  /// Drops everything: the video starts anew.
  mutating func restart() {
    for place in batch.indices { batch[place].removeAll() }
    hashes.removeAll()
    for place in metrics.indices where isKept[place] { kept[metrics[place].id] = [] }
    frameCount = 0
    guard id != nil else { return }
    attempt { (stream) throws(ScanError) in
      // Batches of the first reading that still wait must not come after the new start.
      try stream.queue.finish()
      stream.id = nil
    }
  }

  /// Adds the values of the next frame, one for each metric, and its hashes where there are any.
  mutating func append(_ values: [MetricValue], hashes: FrameHashes?) {
    for place in values.indices { batch[place].append(values[place]) }
    if let hashes { self.hashes.append(hashes) }
    frameCount += 1
    if frameCount.isMultiple(of: Self.batchCount) { send() }
  }

  /// Writes what is left, and waits until everything is written.
  mutating func finish() throws(ScanError) {
    if !frameCount.isMultiple(of: Self.batchCount) { send() }
    if let failure { throw failure }
    try queue.finish()
  }

  // What was known of the video is dropped with the first batch, so that a video that cannot be
  // decoded at all leaves the store as it was.
  private mutating func send() {
    for place in metrics.indices where isKept[place] {
      kept[metrics[place].id]?.append(contentsOf: batch[place])
    }
    attempt { (stream) throws(ScanError) in
      let id = try stream.start()
      let (store, columns, metrics) = (stream.store, stream.batch, stream.metrics)
      let hashes = stream.hashes
      let start = stream.frameCount - (columns.first?.count ?? 0)
      try stream.queue.submit { () throws(StoreError) in
        try store.writeFrameValues(
          columns, metrics: metrics, hashes: hashes, from: start, of: id)
      }
    }
    batch = metrics.map { _ in [] }
    hashes.removeAll(keepingCapacity: true)
  }

  private mutating func start() throws(ScanError) -> VideoID {
    if let id { return id }
    let new = try stored { () throws(StoreError) in try store.startVideo(video, run: run) }
    id = new
    return new
  }

  // The decoder cannot be interrupted by an error of the store, so it is kept for the end.
  private mutating func attempt(_ body: (inout ValueStream) throws(ScanError) -> Void) {
    guard failure == nil else { return }
    do throws(ScanError) { try body(&self) } catch { failure = error }
  }
}
