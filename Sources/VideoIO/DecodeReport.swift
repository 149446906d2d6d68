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
  /// Frames handed out although parts of them are damaged or concealed.
  ///
  /// A ``FrameScanner`` counts them exactly; a ``VideoReader`` with several threads may miss some.
  public var corruptFrames = 0
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
  /// Known where a read fails, where the last packet is cut off, and where an MP4 or MOV file lists
  /// more packets than it holds. A Matroska file or transport stream cut between two packets looks
  /// whole; compare its length with ``VideoInfo/headerDuration``.
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

  /// Counts a packet that was read.
  mutating func count(_ packet: borrowing Packet) {
    packetsRead += 1
    isLastPacketFlagged = packet.isFlaggedCorrupt
    if isLastPacketFlagged { flaggedPackets += 1 }
    if packet.isDiscarded { discardedPackets += 1 }
  }

  /// Notes that the file has no more packets, and whether it should have.
  mutating func endOfFile(_ info: VideoInfo) {
    let isListed = info.container.hasPrefix("mov,")
    isTruncated = isLastPacketFlagged || (isListed && packetsRead < headerFrameCount ?? 0)
  }
}
