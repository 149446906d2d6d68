internal import CFFmpeg
import Foundation

/// Encodes one picture by libavcodec.
enum StillEncoding {
  static func encode(
    _ image: StillImage, as type: StillImage.FileType, path: String
  ) throws(VideoError) -> Data {
    _ = FFmpeg.quiet
    let picture = try FrameHandle.make(path: path)
    let format =
      switch image.content {
      case .indices: AV_PIX_FMT_PAL8
      case .grey8: AV_PIX_FMT_GRAY8
      case .grey16: type == .png ? AV_PIX_FMT_GRAY16BE : AV_PIX_FMT_GRAY16LE
      case .colours: AV_PIX_FMT_RGB24
      }
    try picture.allocate(
      width: Int32(image.width), height: Int32(image.height), format, path: path)
    fill(picture, with: image)
    let encoder = try Encoder.open(type, like: picture, path: path)
    return try encoder.encode(picture, path: path)
  }

  private static func fill(_ picture: borrowing FrameHandle, with image: StillImage) {
    let stride = unsafe Int(picture.pointer.pointee.linesize.0)
    guard let base = unsafe picture.pointer.pointee.data.0 else { return }
    let count = image.width * image.content.samplesPerPixel
    for y in 0..<image.height {
      let row = unsafe base + y * stride
      let start = y * count
      if image.content == .grey16 {
        let isBigEndian = picture.pixelFormat == AV_PIX_FMT_GRAY16BE
        for x in 0..<count {
          let sample = image.samples[start + x]
          let (high, low) = (UInt8(sample >> 8), UInt8(truncatingIfNeeded: sample))
          unsafe row[2 * x] = isBigEndian ? high : low
          unsafe row[2 * x + 1] = isBigEndian ? low : high
        }
      } else {
        for x in 0..<count { unsafe row[x] = UInt8(truncatingIfNeeded: image.samples[start + x]) }
      }
    }
    if case .indices(let palette) = image.content,
      let entries = unsafe picture.pointer.pointee.data.1
    {
      unsafe entries.withMemoryRebound(to: UInt32.self, capacity: 256) { entries in
        for place in 0..<256 {
          let colour = place < palette.count ? palette[place] : 0xFF
          unsafe entries[place] = colour >> 8 | colour << 24
        }
      }
    }
  }

  /// Owns one `AVCodecContext` that encodes a single picture.
  @safe private struct Encoder: ~Copyable {
    private let context: UnsafeMutablePointer<AVCodecContext>

    private init(_ context: UnsafeMutablePointer<AVCodecContext>) {
      unsafe self.context = unsafe context
    }

    deinit {
      var context: UnsafeMutablePointer<AVCodecContext>? = unsafe context
      unsafe avcodec_free_context(&context)
    }

    static func open(
      _ type: StillImage.FileType, like picture: borrowing FrameHandle, path: String
    ) throws(VideoError) -> Encoder {
      let codec = type == .png ? AV_CODEC_ID_PNG : AV_CODEC_ID_TIFF
      guard let encoder = unsafe avcodec_find_encoder(codec) else {
        throw VideoError(
          .noDecoder, path: path,
          reason: "this FFmpeg writes no \(type == .png ? "PNG" : "TIFF") files; install a full "
            + "FFmpeg")
      }
      guard let context = unsafe avcodec_alloc_context3(encoder) else {
        throw FFmpeg.outOfMemory(path)
      }
      let result = unsafe Encoder(context)
      unsafe context.pointee.width = Int32(picture.width)
      unsafe context.pointee.height = Int32(picture.height)
      unsafe context.pointee.pix_fmt = picture.pixelFormat
      unsafe context.pointee.time_base = AVRational(num: 1, den: 25)
      unsafe context.pointee.thread_count = 1
      // No version of FFmpeg in the file.
      unsafe context.pointee.flags |= AV_CODEC_FLAG_BITEXACT
      if type == .tiff {
        _ = unsafe av_opt_set(context.pointee.priv_data, "compression_algo", "raw", 0)
      }
      let code = unsafe avcodec_open2(context, encoder, nil)
      guard code >= 0 else { throw failure(code, path) }
      return result
    }

    func encode(_ picture: borrowing FrameHandle, path: String) throws(VideoError) -> Data {
      let packet = try Packet.make(path: path)
      var code = unsafe avcodec_send_frame(context, picture.pointer)
      if code >= 0 { code = unsafe avcodec_send_frame(context, nil) }
      if code >= 0 { code = unsafe avcodec_receive_packet(context, packet.pointer) }
      guard code >= 0 else { throw Self.failure(code, path) }
      return packet.content
    }

    private static func failure(_ code: Int32, _ path: String) -> VideoError {
      VideoError(
        .noDecoder, path: path,
        reason: "FFmpeg does not write this picture (\(FFmpeg.message(code))); report this",
        ffmpegCode: code)
    }
  }
}
