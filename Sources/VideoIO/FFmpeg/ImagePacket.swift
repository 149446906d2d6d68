internal import CFFmpeg

extension Packet {
  /// The codec that the first bytes announce, or nil where they announce no image.
  var imageCodec: AVCodecID? {
    guard let data = unsafe pointer.pointee.data else { return nil }
    let bytes = unsafe UnsafeBufferPointer(
      start: data, count: min(12, max(0, Int(pointer.pointee.size))))
    func starts(_ signature: [UInt8], at offset: Int = 0) -> Bool {
      unsafe bytes.dropFirst(offset).starts(with: signature)
    }
    if starts([0x89, 0x50, 0x4E, 0x47]) { return AV_CODEC_ID_PNG }
    if starts([0xFF, 0xD8, 0xFF]) { return AV_CODEC_ID_MJPEG }
    if starts(Array("II*\0".utf8)) || starts(Array("MM\0*".utf8)) { return AV_CODEC_ID_TIFF }
    if starts(Array("BM".utf8)) { return AV_CODEC_ID_BMP }
    if starts(Array("RIFF".utf8)) && starts(Array("WEBP".utf8), at: 8) { return AV_CODEC_ID_WEBP }
    return nil
  }

  /// Takes the texts and the colour profile out of a PNG file.
  ///
  /// FFmpeg inflates them without a limit: a file of 1 MB can fill gigabytes.
  func dropTexts(_ codec: AVCodecID) {
    guard codec == AV_CODEC_ID_PNG, let data = unsafe pointer.pointee.data else { return }
    let bytes = unsafe UnsafeMutableBufferPointer(
      start: data, count: max(0, Int(pointer.pointee.size)))
    // Signature, then chunks: length, name, content, checksum.
    var (from, to) = (8, 8)
    while from < bytes.count {
      var (end, name) = (bytes.count, "")
      if from + 8 <= bytes.count {
        let length = unsafe bytes[from..<from + 4].reduce(0) { $0 << 8 | Int($1) }
        name = unsafe String(decoding: bytes[from + 4..<from + 8], as: UTF8.self)
        end = min(end, from + 12 + length)
      }
      if !["tEXt", "zTXt", "iTXt", "iCCP"].contains(name) {
        if from > to { unsafe (data + to).update(from: data + from, count: end - from) }
        to += end - from
      }
      from = end
    }
    if to < from { unsafe av_shrink_packet(pointer, Int32(to)) }
  }
}
