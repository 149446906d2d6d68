internal import CFFmpeg

/// Owns one `AVCodecContext`: packets go in, pictures come out in presentation order.
@safe struct Decoder: ~Copyable {
  /// What came of asking the decoder for a picture.
  enum Answer {
    case frame
    case needsPacket
    case end
    case failed(Int32)
  }

  private let context: UnsafeMutablePointer<AVCodecContext>
  // Raised from the decoder's threads, so it needs a place of its own.
  private let complaint: UnsafeMutablePointer<Int32>
  /// The codec that is decoded.
  let codec: AVCodecID

  private init(_ context: UnsafeMutablePointer<AVCodecContext>, codec: AVCodecID) {
    unsafe self.context = unsafe context
    unsafe complaint = .allocate(capacity: 1)
    unsafe complaint.initialize(to: 0)
    unsafe context.pointee.opaque = UnsafeMutableRawPointer(complaint)
    self.codec = codec
  }

  deinit {
    var context: UnsafeMutablePointer<AVCodecContext>? = unsafe context
    unsafe avcodec_free_context(&context)
    unsafe complaint.deallocate()
  }

  /// Opens a decoder in software.
  ///
  /// - Parameters:
  ///   - codec: The codec to decode.
  ///   - parameters: The stream's parameters, nil for images, which carry all they need.
  ///   - timeBase: The clock of the packets; without it the first times can come out wrong.
  ///   - threads: The number of threads, 0 for as many as keep all cores busy.
  ///   - path: The video's path, for errors.
  /// - Returns: A decoder that waits for its first packet.
  /// - Throws: A ``VideoError`` where FFmpeg has no such decoder or it does not start.
  static func open(
    codec: AVCodecID, parameters: UnsafePointer<AVCodecParameters>?, timeBase: AVRational,
    threads: Int, path: String
  ) throws(VideoError) -> Decoder {
    let name = unsafe String(cString: avcodec_get_name(codec))
    guard let decoder = unsafe avcodec_find_decoder(codec) else {
      throw VideoError(
        .noDecoder, path: path,
        reason: "this FFmpeg has no decoder for \(name); convert the video to H.264 first")
    }
    guard let context = unsafe avcodec_alloc_context3(decoder) else {
      throw FFmpeg.outOfMemory(path)
    }
    let result = unsafe Decoder(context, codec: codec)
    if let parameters = unsafe parameters {
      let code = unsafe avcodec_parameters_to_context(context, parameters)
      guard code >= 0 else { throw failure(code, name: name, path: path) }
    }
    unsafe context.pointee.pkt_timebase = timeBase
    unsafe context.pointee.thread_count = threadCount(threads)
    let code = unsafe avcodec_open2(context, decoder, nil)
    guard code >= 0 else { throw failure(code, name: name, path: path) }
    return result
  }

  // One thread a core leaves cores idle: the one that has decoded a frame gets the next packet only
  // when the caller comes back. FFmpeg's own choice is one more; while frames are measured it takes
  // two. More than 16 cost memory and gain nothing.
  private static func threadCount(_ threads: Int) -> Int32 {
    threads > 0 ? Int32(min(threads, 256)) : min(16, av_cpu_count() + 2)
  }

  private static func failure(_ code: Int32, name: String, path: String) -> VideoError {
    VideoError(
      .noDecoder, path: path,
      reason: "the \(name) decoder does not start (\(FFmpeg.message(code))); the header may be "
        + "damaged, so try to copy the stream into a new file",
      ffmpegCode: code)
  }

  /// Makes the decoder refuse damage that it would patch up, and pictures that are too large.
  ///
  /// To be called before the first packet of a decoder with one thread.
  func demandSound(maximumPixels: Int) {
    unsafe context.pointee.max_pixels = Int64(maximumPixels)
    unsafe context.pointee.err_recognition |= AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER
    // The TIFF decoder would refuse every tag that it does not know.
    if codec != AV_CODEC_ID_TIFF { unsafe context.pointee.err_recognition |= AV_EF_EXPLODE }
  }

  /// Whether several threads decode.
  var isThreaded: Bool { unsafe context.pointee.active_thread_type != 0 }

  /// Whether the decoder has reported an error or patched up a picture.
  var hasComplained: Bool { unsafe cffmpeg_is_raised(complaint) != 0 }

  /// Asks for the next picture (`avcodec_receive_frame`).
  func receive(into frame: borrowing FrameHandle) -> Answer {
    let code = unsafe avcodec_receive_frame(context, frame.pointer)
    if code >= 0 { return .frame }
    if code == cffmpeg_again { return .needsPacket }
    return code == cffmpeg_end ? .end : .failed(code)
  }

  /// Feeds one packet (`avcodec_send_packet`); returns FFmpeg's code, negative on failure.
  func send(_ packet: borrowing Packet) -> Int32 {
    unsafe avcodec_send_packet(context, packet.pointer)
  }

  /// Says that no packet follows, so that the pictures still inside come out.
  func drain() { _ = unsafe avcodec_send_packet(context, nil) }
}
