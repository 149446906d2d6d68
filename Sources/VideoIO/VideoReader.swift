internal import CFFmpeg
public import Timeline

/// Reads a video frame by frame, in presentation order, in constant memory.
///
/// ```swift
/// var reader = try VideoReader.open(path: "clip.mp4")
/// while let frame = try reader.next() {
///   let mean = frame.withLuma { plane in … }
/// }
/// print(reader.report.decodedFrames, reader.frameTable.duration)
/// ```
///
/// A path is a video file, a folder of numbered images, a printf pattern such as `img/%06d.jpg`, or
/// one image. Frame `k` is the k-th frame a player shows; hidden frames (edit lists) do not count.
///
/// Damage does not end a video: refused packets are skipped and counted, frames that the decoder
/// patched up are handed out flagged. A folder of images keeps its numbering: an image that cannot
/// be decoded becomes a black frame flagged as corrupt, since the k-th image is frame `k`.
/// With several threads the decoder may miss to flag a frame, and conceal its damage otherwise than
/// with one; whoever wants the same frames and counts from every run of a damaged video opens it
/// with one thread or takes ``FrameScanner``.
///
/// Decoding is in software, on as many threads as asked for, inside libavcodec. A reader has one
/// owner and is not shared between tasks; read several videos with several readers.
public struct VideoReader: ~Copyable {
  /// What the header says.
  public let info: VideoInfo
  /// What happened so far; final once ``next()`` has returned nil.
  public private(set) var report: DecodeReport
  private let source: PacketSource
  private let threads: Int
  private let wantsLuma: Bool
  private let packet: Packet
  private let slots = FrameSlots()
  private var decoder: Decoder
  private var converter = PictureConverter()
  private var builder: FrameTableBuilder
  /// A packet that waits until the decoder of another codec has given out its last picture.
  private var waiting: AVCodecID?
  /// A picture that waits until the images missing before it have been given out.
  private var early: FrameSlot?
  private var isDraining = false
  private var isFinished = false
  private var failuresInARow = 0
  private var size: (width: Int, height: Int)?
  /// The index of the next frame.
  private var position = 0
  /// The packets of the source that were left out by a jump to an image.
  private var skippedImages = 0
  /// The table that counts the frames after a jump; nil where every frame was read.
  private var known: FrameTable?
  /// The tick of the picture that a jump landed on: pictures before it may lack their references.
  private var landing = Int64.min
  /// The first frame whose brightness is asked for.
  var firstWanted = 0

  /// The number of failures without a frame between them after which a video is given up.
  static let failureLimit = 500

  /// Opens the video at `path` and reads its header.
  ///
  /// - Parameters:
  ///   - path: A video file, a folder of images, a printf pattern, or one image.
  ///   - threads: Decoder threads; 0 means as many as keep all cores busy. Use fewer when several
  ///     videos run in parallel.
  ///   - imagesPerSecond: The rate of a folder of images, which carries no times of its own.
  /// - Returns: A reader that stands before the first frame.
  /// - Throws: A ``VideoError`` that says in one sentence what the path holds instead of a video.
  public static func open(
    path: String, threads: Int = 0, imagesPerSecond: Double = 25
  ) throws(VideoError) -> VideoReader {
    try open(path: path, threads: threads, imagesPerSecond: imagesPerSecond, wantsLuma: true)
  }

  static func open(
    path: String, threads: Int, imagesPerSecond: Double, wantsLuma: Bool
  ) throws(VideoError) -> VideoReader {
    let source = try PacketSource.open(path: path, imagesPerSecond: imagesPerSecond)
    let decoder = try source.decoder(threads: threads)
    let packet = try Packet.make(path: path)
    return VideoReader(
      source: source, decoder: decoder, packet: packet, threads: threads, wantsLuma: wantsLuma)
  }

  private init(
    source: consuming PacketSource, decoder: consuming Decoder, packet: consuming Packet,
    threads: Int, wantsLuma: Bool
  ) {
    info = source.info
    report = DecodeReport(headerFrameCount: source.info.headerFrameCount)
    builder = FrameTableBuilder(source.info)
    self.source = source
    self.decoder = decoder
    self.packet = packet
    self.threads = threads
    self.wantsLuma = wantsLuma
  }

  /// The times of the frames handed out so far: the whole table once ``next()`` has returned nil.
  public var frameTable: FrameTable { builder.table }

  /// Whether what was handed out may depend on how the threads ran.
  ///
  /// The decoder may hand out a picture before the thread that finds its damage has come that far,
  /// and it conceals damage otherwise than one thread would. Any sign of damage counts, since the
  /// flags of the pictures are just what may be missing. An image is decoded by one thread.
  var isUnsettled: Bool {
    guard source.imageCount == nil, decoder.isThreaded else { return false }
    return decoder.hasComplained || report.corruptPackets > 0 || !report.corruptRanges.isEmpty
  }

  /// Returns the next frame in presentation order.
  ///
  /// - Returns: The frame, or nil at the end of the video and after an error.
  /// - Throws: A ``VideoError`` where the video cannot go on: too many failures in a row, or pixels
  ///   that no brightness can be read from.
  public mutating func next() throws(VideoError) -> VideoFrame? {
    guard !isFinished else { return nil }
    do {
      if let frame = try advance() { return frame }
      report.isComplete = true
      report.compareLength(info, builder.table)
      finish()
      return nil
    } catch {
      finish()
      throw error
    }
  }

  private mutating func finish() {
    isFinished = true
    if decoder.hasComplained { report.hasDecoderErrors = true }
  }

  private mutating func advance() throws(VideoError) -> VideoFrame? {
    while true {
      if let slot = early.take() {
        if let frame = try place(slot) { return frame }
        continue
      }
      let slot = try slots.take(path: info.path)
      switch decoder.receive(into: slot.picture) {
      case .frame:
        if let frame = try place(slot) { return frame }
        continue
      case .needsPacket where !isDraining: try feed()
      case .failed(let code): try reject(code)
      case .needsPacket, .end:
        if let codec = waiting.take() {
          if decoder.hasComplained { report.hasDecoderErrors = true }
          decoder = try source.decoder(threads: threads, codec: codec)
          isDraining = false
          try send()
        } else if let count = source.imageCount, position < count {
          return try standIn(slot)
        } else {
          slots.giveBack(slot)
          return nil
        }
      }
      slots.giveBack(slot)
    }
  }

  /// Reads one packet and feeds it, or tells the decoder that none follows.
  private mutating func feed() throws(VideoError) {
    switch source.read(skippedImages + report.packetsRead, into: packet) {
    case .packet(let codec):
      report.count(packet)
      if codec == decoder.codec {
        try send()
      } else {
        waiting = codec
        drain()
      }
    case .lost:
      report.packetsRead += 1
      try reject(cffmpeg_invalid)
    case .end(let isCutOff):
      report.endOfFile(source.info, isCutOff: isCutOff)
      drain()
    case .failed(let code):
      report.isTruncated = true
      report.readErrorCode = code
      drain()
    }
  }

  private mutating func send() throws(VideoError) {
    let code = decoder.send(packet)
    packet.clear()
    if code < 0 && code != cffmpeg_again && code != cffmpeg_end { try reject(code) }
  }

  private mutating func drain() {
    isDraining = true
    decoder.drain()
  }

  private mutating func reject(_ code: Int32) throws(VideoError) {
    if code == cffmpeg_out_of_memory { throw FFmpeg.outOfMemory(info.path) }
    report.rejectedPackets += 1
    failuresInARow += 1
    guard failuresInARow < Self.failureLimit else {
      throw VideoError(
        .tooManyErrors, path: info.path, frame: position,
        reason: "the decoder failed \(failuresInARow) times in a row (\(FFmpeg.message(code))); "
          + "copy the part that still plays into a new file and scan that",
        ffmpegCode: code)
    }
  }

  /// Gives a decoded picture its place; nil where it is not shown or has to wait.
  private mutating func place(_ slot: FrameSlot) throws(VideoError) -> VideoFrame? {
    let picture = slot.picture.facts
    guard !picture.isDiscarded else {
      slots.giveBack(slot)
      return nil
    }
    if source.imageCount != nil, let image = picture.bestTick {
      if image > position {
        early = slot
        return try standIn(try slots.take(path: info.path))
      }
      guard image == position else {
        slots.giveBack(slot)
        return nil
      }
    } else if let known {
      guard let tick = picture.bestTick, tick >= landing, let index = known.index(ofTick: tick)
      else {
        slots.giveBack(slot)
        return nil
      }
      position = index
    }
    failuresInARow = 0
    if wantsLuma && position >= firstWanted {
      try converter.prepare(slot, codec: decoder.codec, path: info.path, frame: position)
    }
    return show(slot, picture)
  }

  /// Makes a black frame for an image that cannot be decoded.
  private mutating func standIn(_ slot: FrameSlot) throws(VideoError) -> VideoFrame {
    let (width, height) = size ?? (info.width, info.height)
    try slot.lendBlack(width: width, height: height, path: info.path)
    return show(
      slot,
      PictureFacts(
        width: width, height: height, isKey: false, isCorrupt: true, isDiscarded: false,
        hasPresentationTick: true, bestTick: Int64(position), duration: 1))
  }

  private mutating func show(_ slot: FrameSlot, _ picture: PictureFacts) -> VideoFrame {
    let index = position
    position += 1
    if !picture.hasPresentationTick { report.framesWithoutPresentationTime += 1 }
    if picture.isCorrupt { report.addCorruptFrame(index) }
    if let size, size != (picture.width, picture.height) { report.sizeChanges += 1 }
    size = (picture.width, picture.height)
    report.decodedFrames += 1
    let tick =
      known?.ticks[index]
      ?? builder.append(
        tick: picture.bestTick, duration: picture.duration, isKey: picture.isKey, report: &report)
    return VideoFrame(
      index: index, ticks: tick, duration: picture.duration, isKeyFrame: picture.isKey,
      isCorrupt: picture.isCorrupt, width: picture.width, height: picture.height, slot: slot,
      slots: slots)
  }
}

// MARK: Jumps

extension VideoReader {
  /// Where a jump arrived.
  struct Landing {
    /// The frame that comes next, or an earlier one where nothing is sure before.
    let frame: FrameIndex
    /// Whether the decoder surely needs nothing of what lies before.
    let isClean: Bool
  }

  /// How packets tell where a decoder may start; nil for images.
  var entry: StreamEntry? { source.entry }

  /// Goes on at the key frame `frame` of `table`, or at an earlier one, with a fresh decoder.
  ///
  /// Frames then take their indices from `table`, whose ticks rise, and are not counted in the
  /// table of the reader.
  ///
  /// - Returns: The place, or nil where the container led elsewhere; then jump again.
  mutating func jump(toKey frame: FrameIndex, of table: FrameTable) throws(VideoError) -> Landing? {
    guard let entry, source.seek(to: table.ticks[frame]) else { return nil }
    try startAnew(table)
    while case .packet = source.read(0, into: packet) {
      // Some containers lead to a time, not to a key frame.
      guard packet.isKey else { continue }
      guard let tick = packet.presentationTick, let landed = table.index(ofTick: tick),
        landed <= frame, table.keyFlags[landed]
      else { return nil }
      landing = tick
      let result = Landing(frame: landed, isClean: entry.isClean(packet))
      report.count(packet)
      try send()
      return result
    }
    return nil
  }

  /// Goes on at image `index` of a folder.
  mutating func jump(toImage index: Int, of table: FrameTable) throws(VideoError) {
    try startAnew(table)
    (position, skippedImages) = (index, index)
  }

  private mutating func startAnew(_ table: FrameTable) throws(VideoError) {
    decoder = try source.decoder(threads: threads)
    report = DecodeReport(headerFrameCount: info.headerFrameCount)
    known = table
    if let slot = early.take() { slots.giveBack(slot) }
    (waiting, size) = (nil, nil)
    (isDraining, isFinished) = (false, false)
    failuresInARow = 0
  }
}
