internal import CFFmpeg
import Foundation

/// Owns one `AVPacket` that is filled again and again.
@safe struct Packet: ~Copyable {
  let pointer: UnsafeMutablePointer<AVPacket>

  private init(_ pointer: UnsafeMutablePointer<AVPacket>) { unsafe self.pointer = unsafe pointer }

  /// Allocates an empty packet (`av_packet_alloc`).
  static func make(path: String) throws(VideoError) -> Packet {
    guard let pointer = unsafe av_packet_alloc() else { throw FFmpeg.outOfMemory(path) }
    return unsafe Packet(pointer)
  }

  deinit {
    var pointer: UnsafeMutablePointer<AVPacket>? = unsafe pointer
    unsafe av_packet_free(&pointer)
  }

  /// Drops the payload, not the packet.
  func clear() { unsafe av_packet_unref(pointer) }

  /// Fills the packet with a copy of `data`, of less than 2 GB; false where memory is short.
  func fill(with data: Data) -> Bool {
    clear()
    guard unsafe av_new_packet(pointer, Int32(data.count)) >= 0,
      let bytes = unsafe pointer.pointee.data
    else { return false }
    unsafe data.copyBytes(to: bytes, count: data.count)
    return true
  }

  /// A copy of the payload.
  var content: Data {
    guard let bytes = unsafe pointer.pointee.data else { return Data() }
    return unsafe Data(bytes: bytes, count: Int(pointer.pointee.size))
  }

  var isKey: Bool { unsafe pointer.pointee.flags & AV_PKT_FLAG_KEY != 0 }
  var isFlaggedCorrupt: Bool { unsafe pointer.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 }
  var isDiscarded: Bool { unsafe pointer.pointee.flags & AV_PKT_FLAG_DISCARD != 0 }
  var streamIndex: Int32 { unsafe pointer.pointee.stream_index }
  var presentationTick: Int64? { unsafe FFmpeg.tick(pointer.pointee.pts) }
  var decodingTick: Int64? { unsafe FFmpeg.tick(pointer.pointee.dts) }
  var duration: Int64 { unsafe min(max(0, pointer.pointee.duration), 1 << 60) }
}

/// What came of an attempt to read a packet.
enum PacketRead {
  /// The packet is filled, for a decoder of this codec.
  case packet(AVCodecID)
  /// The source has no more, and is cut off where its container shows that.
  case end(isCutOff: Bool)
  /// The source broke off with FFmpeg's code.
  case failed(Int32)
  /// One packet is lost, the next may be sound.
  case lost
}
