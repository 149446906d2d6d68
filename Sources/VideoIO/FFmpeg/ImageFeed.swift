internal import CFFmpeg
internal import Timeline

/// Reads the images of a sequence as packets, one an image, so that gaps in the numbers are no end.
///
/// The codec is known from a file's first bytes; an ending may lie.
struct ImageFeed {
  /// The images, in order.
  let images: ImageSequence
  /// The path as the caller gave it.
  let path: String
  /// The clock: one tick an image.
  let timeBase: TimeBase

  var count: Int { images.names.count }

  /// The codec of the first image that announces one.
  var firstCodec: AVCodecID {
    guard let packet = try? Packet.make(path: path) else { return AV_CODEC_ID_NONE }
    for index in 0..<count {
      if case .packet(let codec) = read(index, into: packet) { return codec }
    }
    return AV_CODEC_ID_NONE
  }

  /// Fills `packet` with image `index`; a file that cannot be read is lost, not the end.
  func read(_ index: Int, into packet: borrowing Packet) -> PacketRead {
    packet.clear()
    guard index < count else { return .end }
    var input: UnsafeMutablePointer<AVIOContext>?
    let name = "file:" + images.path(index)
    guard unsafe avio_open2(&input, name, AVIO_FLAG_READ, nil, nil) >= 0 else { return .lost }
    defer { unsafe avio_closep(&input) }
    let size = unsafe avio_size(input)
    // libavcodec wants a packet's size in 32 bits, with room for padding.
    guard size > 0, size < 1 << 30 else { return .lost }
    guard unsafe av_get_packet(input, packet.pointer, Int32(size)) == Int32(size),
      let codec = packet.imageCodec
    else { return .lost }
    unsafe packet.pointer.pointee.pts = Int64(index)
    unsafe packet.pointer.pointee.dts = Int64(index)
    unsafe packet.pointer.pointee.duration = 1
    unsafe packet.pointer.pointee.flags |= AV_PKT_FLAG_KEY
    return .packet(codec)
  }

  /// Opens a decoder for the images' codec.
  func decoder(for codec: AVCodecID, threads: Int) throws(VideoError) -> Decoder {
    try unsafe Decoder.open(
      codec: codec, parameters: nil,
      timeBase: AVRational(num: timeBase.numerator, den: timeBase.denominator), threads: threads,
      path: path)
  }

  /// Decodes the first sound image and describes the sequence by it.
  ///
  /// - Parameter limit: How many images are tried.
  func describe(limit: Int = 100) throws(VideoError) -> VideoInfo {
    let packet = try Packet.make(path: path)
    let picture = try FrameHandle.make(path: path)
    for index in 0..<min(count, limit) {
      guard case .packet(let codec) = read(index, into: packet) else { continue }
      let decoder = try decoder(for: codec, threads: 1)
      guard decoder.send(packet) >= 0 else { continue }
      decoder.drain()
      guard case .frame = decoder.receive(into: picture), picture.width > 0, picture.height > 0
      else { continue }
      let layout = PixelLayout(picture.pixelFormat)
      let range = unsafe picture.pointer.pointee.color_range
      return unsafe VideoInfo(
        path: path, container: "images", codec: String(cString: avcodec_get_name(codec)),
        pixelFormat: layout?.name ?? "unknown", width: picture.width, height: picture.height,
        rotation: 0, timeBase: timeBase, headerFrameCount: nil,
        nominalFrameRate: 1 / timeBase.seconds(1), bitDepth: layout?.depth ?? 8,
        isFullRange: layout?.isFullRange(range, codec: codec) ?? true, videoStreamCount: 1,
        startTick: 0, imageNames: images.names)
    }
    throw VideoError(
      .nothingDecoded, path: count == 1 ? path : images.path(0),
      reason: "no picture can be decoded from \(count == 1 ? "this file" : "the images"); check "
        + "that the content is what the ending says")
  }
}

extension Packet {
  /// The codec that the first bytes announce, or nil where they announce no image.
  fileprivate var imageCodec: AVCodecID? {
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
}
