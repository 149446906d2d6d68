public import Timeline

/// What happened while a video was decoded: nothing is skipped or repaired without a count here.
public struct DecodeReport: Sendable, Equatable {
  /// Frames handed out.
  public var decodedFrames = 0
  /// Packets of the video stream read from the file; a folder of images has one an image.
  public var packetsRead = 0
  /// Frames the container claims, or nil where it claims none.
  public var headerFrameCount: Int?
  /// Packets the container or its parser flagged as damaged.
  public var flaggedPackets = 0
  /// Packets the decoder refused; nothing of them is shown.
  public var rejectedPackets = 0
  /// Frames handed out although parts of them are damaged or concealed, as runs in rising order.
  ///
  /// A ``FrameScanner`` finds them exactly; a ``VideoReader`` with several threads may miss some.
  public private(set) var corruptRanges: [FrameRange] = []
  /// Whether the decoder reported an error or patched up a picture, be it one that is not shown.
  public var hasDecoderErrors = false
  /// Packets that are decoded but never shown, such as the lead-in of an edit list.
  public var discardedPackets = 0
  /// Frames without a presentation time of their own; the decoding time stands in.
  public var framesWithoutPresentationTime = 0
  /// Frames without any time; their ticks continue from the frame before.
  public var synthesisedTicks = 0
  /// Frames whose times fell behind the frame before and were moved up.
  public var repairedTicks = 0
  /// How often a frame had another size than the frame before.
  public var sizeChanges = 0
  /// Whether the file ends in the middle, or could not be read to its end.
  ///
  /// Known where a read fails, where the last packet is cut off, where an MP4 or MOV file lists
  /// more packets than it holds, and where the frames end more than two long steps before the length
  /// that the header states (nine in ten steps are no longer than a long one). A transport stream
  /// states none, so one that is cut between two packets looks whole.
  public var isTruncated = false
  /// FFmpeg's code of the failed read that made the video end early.
  public var readErrorCode: Int32?
  /// Whether the video was read and decoded to its end.
  public var isComplete = false

  private var isLastPacketFlagged = false

  /// Creates the report of a video of which nothing has been read.
  public init(headerFrameCount: Int? = nil) { self.headerFrameCount = headerFrameCount }

  /// Packets found damaged, by the container's flag or by the decoder.
  ///
  /// With several threads the decoder answers late, so a packet that was flagged and then refused
  /// counts twice.
  public var corruptPackets: Int { flaggedPackets + rejectedPackets }

  /// The number of frames handed out although parts of them are damaged or concealed.
  public var corruptFrames: Int { corruptRanges.reduce(0) { $0 + $1.count } }

  /// Packets that are to be shown: those read without those that are decoded only.
  public var shownPackets: Int { packetsRead - discardedPackets }

  /// Notes that `frame`, the last one handed out, is damaged.
  package mutating func addCorruptFrame(_ frame: FrameIndex) {
    if let last = corruptRanges.last, last.end == frame {
      corruptRanges[corruptRanges.count - 1].end = frame + 1
    } else {
      corruptRanges.append(FrameRange(frame: frame))
    }
  }

  /// Counts a packet that was read.
  mutating func count(_ packet: borrowing Packet) {
    packetsRead += 1
    isLastPacketFlagged = packet.isFlaggedCorrupt
    if isLastPacketFlagged { flaggedPackets += 1 }
    if packet.isDiscarded { discardedPackets += 1 }
  }

  /// Notes that the file has no more packets, and whether it should have.
  mutating func endOfFile(_ info: VideoInfo, isCutOff: Bool) {
    let isListed = info.container.hasPrefix("mov,")
    isTruncated =
      isCutOff || isLastPacketFlagged || (isListed && packetsRead < headerFrameCount ?? 0)
  }

  /// Compares the end of the last frame with the length that the header states.
  ///
  /// - Parameters:
  ///   - info: The header. What an MP4 or MOV file lists is exact already.
  ///   - table: All frames.
  mutating func compareLength(_ info: VideoInfo, _ table: FrameTable) {
    guard let stated = info.headerDuration, let scope = info.durationScope,
      !info.container.hasPrefix("mov,"), let first = table.ticks.first, let last = table.ticks.last
    else { return }
    // Some containers count from zero, some from the first frame: the kinder of the two holds.
    let end = table.timeBase.seconds(max(last, last - first))
    // A cut leaves holes before it, since frames are not stored in the order in which they are shown.
    let steps = zip(table.ticks.dropFirst(), table.ticks).map { $0 - $1 }.sorted()
    let ticks = steps.isEmpty ? table.durations.last ?? 0 : steps[steps.count * 9 / 10]
    let step = table.timeBase.seconds(ticks)
    // Another stream, such as sound, may end somewhat later.
    let slack = scope == .stream ? 2 * step : max(2 * step, 1)
    // The last frame itself is shown until the next would come.
    if stated - end > slack + step { isTruncated = true }
  }
}
