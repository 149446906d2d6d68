internal import CFFmpeg
import Timeline

/// Reads the images of a sequence as packets, one an image, so that gaps in the numbers are no end.
///
/// The codec is known from a file's first bytes; an ending may lie.
struct ImageFeed {
  /// What the first sound image says of all.
  let info: VideoInfo
  /// The codec of the first sound image.
  let codec: AVCodecID
  private let images: ImageSequence

  var count: Int { images.names.count }

  /// Decodes the first sound image and describes the sequence by it.
  ///
  /// - Parameters:
  ///   - images: The images, in order.
  ///   - path: The path as the caller gave it.
  ///   - timeBase: The clock: one tick an image.
  /// - Returns: The feed.
  /// - Throws: A ``VideoError`` where no image can be decoded.
  static func open(
    _ images: ImageSequence, path: String, timeBase: TimeBase
  ) throws(VideoError) -> ImageFeed {
    let packet = try Packet.make(path: path)
    let picture = try FrameHandle.make(path: path)
    for index in 0..<min(images.names.count, VideoReader.failureLimit) {
      guard case .packet(let codec) = read(images, index, into: packet) else { continue }
      let decoder = try decoder(for: codec, timeBase: timeBase, threads: 1, path: path)
      guard decoder.send(packet) >= 0 else { continue }
      decoder.drain()
      guard case .frame = decoder.receive(into: picture), picture.width > 0, picture.height > 0
      else { continue }
      let layout = PixelLayout(picture.pixelFormat)
      let range = unsafe picture.pointer.pointee.color_range
      let info = unsafe VideoInfo(
        path: path, container: "images", codec: String(cString: avcodec_get_name(codec)),
        pixelFormat: layout?.name ?? "unknown", width: picture.width, height: picture.height,
        rotation: 0, timeBase: timeBase, headerFrameCount: nil, headerDuration: nil,
        nominalFrameRate: 1 / timeBase.seconds(1), bitDepth: layout?.depth ?? 8,
        isFullRange: layout?.isFullRange(range, codec: codec) ?? true, videoStreamCount: 1,
        attachedPictureCount: 0, isInterlaced: nil, startTick: 0, imageNames: images.names)
      return ImageFeed(info: info, codec: codec, images: images)
    }
    let isOne = images.names.count == 1
    throw VideoError(
      .nothingDecoded, path: isOne ? path : images.path(0),
      reason: "no picture can be decoded from \(isOne ? "this file" : "this and the next images"); "
        + "check that the content is what the ending says")
  }

  /// Fills `packet` with image `index`; a file that cannot be read is lost, not the end.
  func read(_ index: Int, into packet: borrowing Packet) -> PacketRead {
    Self.read(images, index, into: packet)
  }

  /// Opens a decoder for images of this codec.
  func decoder(for codec: AVCodecID, threads: Int) throws(VideoError) -> Decoder {
    try Self.decoder(for: codec, timeBase: info.timeBase, threads: threads, path: info.path)
  }

  private static func read(
    _ images: ImageSequence, _ index: Int, into packet: borrowing Packet
  ) -> PacketRead {
    packet.clear()
    guard index < images.names.count else { return .end(isCutOff: false) }
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
    packet.dropTexts(codec)
    unsafe packet.pointer.pointee.pts = Int64(index)
    unsafe packet.pointer.pointee.dts = Int64(index)
    unsafe packet.pointer.pointee.duration = 1
    unsafe packet.pointer.pointee.flags |= AV_PKT_FLAG_KEY
    return .packet(codec)
  }

  private static func decoder(
    for codec: AVCodecID, timeBase: TimeBase, threads: Int, path: String
  ) throws(VideoError) -> Decoder {
    try unsafe Decoder.open(
      codec: codec, parameters: nil,
      timeBase: AVRational(num: timeBase.numerator, den: timeBase.denominator), threads: threads,
      path: path)
  }
}
