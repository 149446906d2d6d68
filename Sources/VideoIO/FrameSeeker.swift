public import Timeline

/// Reads single frames of a video by their index, each as bit for bit in a reading from the start.
///
/// ```swift
/// let scan = try FrameScanner.scan(path: "clip.mp4")
/// var seeker = try FrameSeeker.open(path: "clip.mp4", table: scan.table, report: scan.report)
/// let frame = try seeker.frame(at: 412)
/// ```
///
/// The seeker starts decoding at a key frame before the wanted one, drops pictures until that comes,
/// and checks tick and key flag of every picture on the way against the table. Rising indices go on
/// decoding. Memory is that of a ``VideoReader``.
///
/// It starts at the first frame, so that far frames take long, where nothing else is sure: in
/// damaged video, whose frames are by definition what one thread decodes from the start; where times
/// are missing, repeated or mended; where the frame size changes; in codecs whose key frames are no
/// starts; and where the container leads astray. An H.264 recovery point (an open group of pictures)
/// counts only from the next key frame on. Images are read directly.
public struct FrameSeeker: ~Copyable {
  /// The times of all frames.
  public let table: FrameTable
  private let path: String
  private let threads: Int
  private let imagesPerSecond: Double
  private let corruptRanges: [FrameRange]
  private let isImages: Bool
  private var reader: VideoReader
  /// The frames at which decoding may start, rising; empty where only the first one is.
  private var starts: [FrameIndex]
  /// The frame that the reader has to give next; those before it, after a jump, are dropped.
  private var expected = 0
  private var hasJumped = false

  /// Opens the video at `path` for reading by index.
  ///
  /// - Parameters:
  ///   - path: As for ``VideoReader/open(path:threads:imagesPerSecond:)``.
  ///   - table: The frames of the video, counted by decoding: ``FrameScan/table``.
  ///   - report: What happened while they were counted: ``FrameScan/report``.
  ///   - threads: Decoder threads, 0 for one a core; damaged video is decoded by one.
  ///   - imagesPerSecond: The rate of a folder of images.
  /// - Returns: A seeker that has decoded nothing yet.
  /// - Throws: A ``VideoError`` where the video cannot be opened.
  public static func open(
    path: String, table: FrameTable, report: DecodeReport, threads: Int = 1,
    imagesPerSecond: Double = 25
  ) throws(VideoError) -> FrameSeeker {
    let threads = report.isDamaged ? 1 : threads
    let reader = try VideoReader.open(
      path: path, threads: threads, imagesPerSecond: imagesPerSecond)
    var starts: [FrameIndex] = []
    if report.hasSureTimes, let entry = reader.entry, entry.hasStarts, table.ticksRise {
      starts = table.keyFlags.indices.filter { table.keyFlags[$0] }
    }
    return FrameSeeker(
      path: path, table: table, corruptRanges: report.corruptRanges, threads: threads,
      imagesPerSecond: imagesPerSecond, reader: reader, starts: starts)
  }

  private init(
    path: String, table: FrameTable, corruptRanges: [FrameRange], threads: Int,
    imagesPerSecond: Double, reader: consuming VideoReader, starts: [FrameIndex]
  ) {
    self.path = path
    self.table = table
    self.corruptRanges = corruptRanges
    self.threads = threads
    self.imagesPerSecond = imagesPerSecond
    isImages = !reader.info.imageNames.isEmpty
    self.reader = reader
    self.starts = starts
  }

  /// Whether a frame can be reached without decoding all before it.
  public var reachesDirectly: Bool { isImages || starts.count > 1 }

  /// Reads frame `index`, which must lie in the table.
  ///
  /// - Returns: The frame, equal in every bit to the one that a reading from the start gives.
  /// - Throws: A ``VideoError`` where the video cannot be read, or is not the one of the table.
  public mutating func frame(at index: FrameIndex) throws(VideoError) -> VideoFrame {
    precondition(table.frames.contains(index), "The frame lies in the table.")
    try approach(index)
    if let frame = try read(index) { return frame }
    if hasJumped {
      // What a jump gave is not what the table says: never trust one again.
      starts = []
      try restart()
      if let frame = try read(index) { return frame }
    }
    throw VideoError(
      .changed, path: path, frame: index,
      reason: "the video does not have the frames it had when they were counted; scan it again")
  }

  /// Brings the reader to a frame from which `index` is surely reached, unless it is on the way.
  private mutating func approach(_ index: FrameIndex) throws(VideoError) {
    if isImages {
      guard index != expected else { return }
      let start = soundImage(before: index)
      try reader.jump(toImage: start, of: table)
      expected = start
      return
    }
    var place = starts.partitioningIndex { $0 > index } - 1
    let isAhead = place >= 0 && starts[place] > expected
    guard index < expected || isAhead else { return }
    var step = 1
    while place > 0 {
      if let landing = try reader.jump(toKey: starts[place], of: table) {
        let after = starts.partitioningIndex { $0 > landing.frame }
        let sure = landing.isClean ? landing.frame : after < starts.count ? starts[after] : .max
        if sure <= index {
          (expected, hasJumped) = (sure, true)
          return
        }
      }
      place -= step
      step *= 2
    }
    try restart()
  }

  /// A black frame for a lost image has the size of the image before, so that is read too.
  private func soundImage(before index: FrameIndex) -> FrameIndex {
    let range = corruptRanges.last { $0.contains(index) }
    return range.map { max(0, $0.start - 1) } ?? index
  }

  private mutating func restart() throws(VideoError) {
    reader = try VideoReader.open(path: path, threads: threads, imagesPerSecond: imagesPerSecond)
    (expected, hasJumped) = (0, false)
  }

  /// Reads on to `index`; nil where the frames are not those of the table.
  private mutating func read(_ index: FrameIndex) throws(VideoError) -> VideoFrame? {
    reader.firstWanted = index
    do throws(VideoError) {
      while let frame = try reader.next() {
        if frame.index < expected { continue }
        guard frame.index == expected, frame.ticks == table.ticks[expected],
          frame.isKeyFrame == table.keyFlags[expected], !(hasJumped && frame.isCorrupt)
        else { return nil }
        expected += 1
        if frame.index == index { return frame }
      }
      return nil
    } catch {
      // A reader that failed gives nothing more: the next call begins with another.
      expected = .max
      throw error
    }
  }
}

extension DecodeReport {
  /// Whether anything of the video was lost or patched up.
  fileprivate var isDamaged: Bool {
    corruptPackets > 0 || !corruptRanges.isEmpty || hasDecoderErrors || readErrorCode != nil
  }

  /// Whether every frame has a time of its own that leads back to its packet.
  fileprivate var hasSureTimes: Bool {
    !isDamaged && framesWithoutPresentationTime == 0 && synthesisedTicks == 0
      && repairedTicks == 0 && sizeChanges == 0
  }
}

extension FrameTable {
  fileprivate var ticksRise: Bool { zip(ticks.dropFirst(), ticks).allSatisfy { $0 > $1 } }
}
