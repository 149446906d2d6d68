internal import CFFmpeg

/// How the packets of a stream tell where a decoder may start.
struct StreamEntry {
  private let codec: AVCodecID
  /// The bytes before each unit of an H.264 packet that hold its length; nil for start codes.
  private let lengthSize: Int?

  /// Reads the first bytes of the codec's header, as in `AVCodecParameters.extradata`.
  init(codec: AVCodecID, header: [UInt8]) {
    self.codec = codec
    lengthSize = header.count > 4 && header[0] == 1 ? Int(header[4] & 3) + 1 : nil
  }

  /// Whether the key frames of the codec are starts at all.
  ///
  /// At a key frame of these codecs, and of those that know nothing else, a fresh decoder gives
  /// the pictures shown from there on. In other codecs, such as Cinepak and GIF, a picture may build
  /// on all that came before.
  var hasStarts: Bool {
    switch codec {
    case AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_AV1, AV_CODEC_ID_VP8, AV_CODEC_ID_VP9,
      AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4:
      return true
    default:
      guard let descriptor = unsafe avcodec_descriptor_get(codec) else { return false }
      return unsafe descriptor.pointee.props & AV_CODEC_PROP_INTRA_ONLY != 0
    }
  }

  /// Whether nothing after the key frame in `packet` refers to what lies before.
  ///
  /// True of all but the recovery points of H.264, which promise a picture only some frames later:
  /// of its key frames the instantaneous refresh (IDR, unit type 5) alone is clean. Pictures shown
  /// before the key frame are another matter; they are left out.
  func isClean(_ packet: borrowing Packet) -> Bool {
    guard codec == AV_CODEC_ID_H264 else { return true }
    guard let data = unsafe packet.pointer.pointee.data else { return false }
    let bytes = unsafe UnsafeBufferPointer(start: data, count: Int(packet.pointer.pointee.size))
    var place = 0
    while let unit = unsafe nextUnit(in: bytes, at: &place) {
      switch unit & 0x1F {
      case 5: return true
      case 1, 2: return false
      default: continue
      }
    }
    return false
  }

  /// The first byte of the unit at or after `place`, which moves behind it.
  private func nextUnit(in bytes: UnsafeBufferPointer<UInt8>, at place: inout Int) -> UInt8? {
    if let lengthSize {
      guard place + lengthSize < bytes.count else { return nil }
      let length = unsafe bytes[place..<place + lengthSize].reduce(0) { $0 << 8 | Int($1) }
      let first = unsafe bytes[place + lengthSize]
      place += lengthSize + length
      return first
    }
    while place + 3 < bytes.count {
      if unsafe bytes[place] == 0 && bytes[place + 1] == 0 && bytes[place + 2] == 1 {
        place += 4
        return unsafe bytes[place - 1]
      }
      place += 1
    }
    return nil
  }
}
