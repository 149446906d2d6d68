public import Timeline

/// What a scan of a whole video found out: header, times of all frames, and counts of damage.
public struct FrameScan: Sendable {
  /// What the header says.
  public let info: VideoInfo
  /// The times of all shown frames.
  public let table: FrameTable
  /// What happened on the way.
  public let report: DecodeReport
  /// Whether the frames were decoded; otherwise the table is provisional.
  public let isDecoded: Bool
}

/// Builds the frame table of a whole video.
public enum FrameScanner {
  /// Decodes the whole video and counts its frames; this is the authority on count and times.
  ///
  /// As for ``scan(path:threads:imagesPerSecond:start:visit:)``, of which this keeps no pixels.
  ///
  /// - Parameters:
  ///   - path: As for ``VideoReader/open(path:threads:imagesPerSecond:)``.
  ///   - threads: Decoder threads; 0 means as many as keep all cores busy.
  ///   - imagesPerSecond: The rate of a folder of images.
  /// - Returns: The header, the table and the counts.
  /// - Throws: A ``VideoError`` where the video cannot be opened or not be decoded to its end.
  public static func scan(
    path: String, threads: Int = 0, imagesPerSecond: Double = 25
  ) throws(VideoError) -> FrameScan {
    try scan(
      path: path, threads: threads, imagesPerSecond: imagesPerSecond, wantsLuma: false,
      start: { _ in }, visit: { _ in })
  }

  /// Decodes the whole video and shows every frame to `visit`; one decode gives pixels and table.
  ///
  /// Every run gives the same, on any number of threads: at the first sign of damage the video
  /// starts anew on one thread, since several threads do not agree on what they patched up. Sound
  /// video pays nothing for that.
  ///
  /// - Parameters:
  ///   - path: As for ``VideoReader/open(path:threads:imagesPerSecond:)``.
  ///   - threads: Decoder threads; 0 means as many as keep all cores busy.
  ///   - imagesPerSecond: The rate of a folder of images.
  ///   - start: Called before the first frame; called again, and all frames with it, where the
  ///     video starts anew, so it drops what earlier frames left.
  ///   - visit: Called with every frame in presentation order; it throws to end the scan.
  /// - Returns: The header, the table and the counts.
  /// - Throws: A ``VideoError`` where the video cannot be opened or not be decoded to its end.
  public static func scan(
    path: String, threads: Int = 0, imagesPerSecond: Double = 25, start: (VideoInfo) -> Void,
    visit: (borrowing VideoFrame) throws(VideoError) -> Void
  ) throws(VideoError) -> FrameScan {
    try scan(
      path: path, threads: threads, imagesPerSecond: imagesPerSecond, wantsLuma: true,
      start: start, visit: visit)
  }

  private static func scan(
    path: String, threads: Int, imagesPerSecond: Double, wantsLuma: Bool,
    start: (VideoInfo) -> Void, visit: (borrowing VideoFrame) throws(VideoError) -> Void
  ) throws(VideoError) -> FrameScan {
    var reader = try VideoReader.open(
      path: path, threads: threads, imagesPerSecond: imagesPerSecond, wantsLuma: wantsLuma)
    start(reader.info)
    do throws(VideoError) {
      while !reader.isUnsettled, let frame = try reader.next() { try visit(frame) }
    } catch {
      guard reader.isUnsettled else { throw error }
    }
    guard reader.isUnsettled else {
      return FrameScan(
        info: reader.info, table: reader.frameTable, report: reader.report, isDecoded: true)
    }
    return try scan(
      path: path, threads: 1, imagesPerSecond: imagesPerSecond, wantsLuma: wantsLuma,
      start: start, visit: visit)
  }

  /// Reads the packets of the video without decoding them, which takes a fraction of a second.
  ///
  /// The table is provisional: it holds one entry for each packet that is to be shown, sorted by
  /// presentation time. A packet may hold no frame or a broken one, so a full decode can find
  /// fewer (or, with fields or packed frames, other) frames, and then it is right.
  ///
  /// - Parameters:
  ///   - path: As for ``VideoReader/open(path:threads:imagesPerSecond:)``.
  ///   - imagesPerSecond: The rate of a folder of images.
  /// - Returns: The header, the provisional table, and the counts a container can give.
  /// - Throws: A ``VideoError`` where the video cannot be opened.
  public static func packetScan(
    path: String, imagesPerSecond: Double = 25
  ) throws(VideoError) -> FrameScan {
    let source = try PacketSource.open(path: path, imagesPerSecond: imagesPerSecond)
    let packet = try Packet.make(path: path)
    let info = source.info
    var report = DecodeReport(headerFrameCount: info.headerFrameCount)
    var shown: [ShownPacket] = []
    reading: while true {
      switch source.read(report.packetsRead, into: packet) {
      case .end(let isCutOff):
        report.endOfFile(info, isCutOff: isCutOff)
        break reading
      case .failed(let code):
        report.isTruncated = true
        report.readErrorCode = code
        break reading
      case .lost:
        // Only an image can be lost; it keeps its place in the row.
        let tick = Int64(report.packetsRead)
        shown.append(ShownPacket(tick: tick, order: shown.count, duration: 1, isKey: false))
        report.packetsRead += 1
        report.rejectedPackets += 1
      case .packet:
        report.count(packet)
        if !packet.isDiscarded {
          if packet.presentationTick == nil { report.framesWithoutPresentationTime += 1 }
          shown.append(
            ShownPacket(
              tick: packet.presentationTick ?? packet.decodingTick, order: shown.count,
              duration: packet.duration, isKey: packet.isKey))
        }
      }
    }
    // Where one packet has no time, only the order in the file is left.
    if shown.allSatisfy({ $0.tick != nil }) {
      shown.sort { ($0.tick ?? 0, $0.order) < ($1.tick ?? 0, $1.order) }
    }
    var builder = FrameTableBuilder(info)
    for packet in shown {
      _ = builder.append(
        tick: packet.tick, duration: packet.duration, isKey: packet.isKey, report: &report)
    }
    let table = builder.table
    report.compareLength(info, table)
    return FrameScan(info: info, table: table, report: report, isDecoded: false)
  }

  private struct ShownPacket {
    let tick: Int64?
    let order: Int
    let duration: Int64
    let isKey: Bool
  }
}
