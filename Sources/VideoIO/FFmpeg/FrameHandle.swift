internal import CFFmpeg

/// Owns one `AVFrame`: the picture a decoder hands out, by reference to its buffers.
@safe struct FrameHandle: ~Copyable {
  let pointer: UnsafeMutablePointer<AVFrame>

  private init(_ pointer: UnsafeMutablePointer<AVFrame>) { unsafe self.pointer = unsafe pointer }

  /// Allocates a frame without a picture (`av_frame_alloc`).
  static func make(path: String) throws(VideoError) -> FrameHandle {
    guard let pointer = unsafe av_frame_alloc() else { throw FFmpeg.outOfMemory(path) }
    return unsafe FrameHandle(pointer)
  }

  deinit {
    var pointer: UnsafeMutablePointer<AVFrame>? = unsafe pointer
    unsafe av_frame_free(&pointer)
  }

  /// Gives the picture back to the decoder's pool.
  func clear() { unsafe av_frame_unref(pointer) }

  /// Gives an empty frame memory for a picture (`av_frame_get_buffer`).
  func allocate(
    width: Int32, height: Int32, _ format: AVPixelFormat, path: String
  ) throws(VideoError) {
    unsafe pointer.pointee.width = width
    unsafe pointer.pointee.height = height
    unsafe pointer.pointee.format = format.rawValue
    guard unsafe av_frame_get_buffer(pointer, 0) >= 0 else { throw FFmpeg.outOfMemory(path) }
  }

  var pixelFormat: AVPixelFormat { unsafe AVPixelFormat(rawValue: pointer.pointee.format) }
  var width: Int { unsafe Int(pointer.pointee.width) }
  var height: Int { unsafe Int(pointer.pointee.height) }

  /// What the decoder says about the picture.
  var facts: PictureFacts {
    let frame = unsafe pointer.pointee
    return unsafe PictureFacts(
      width: width, height: height, isKey: cffmpeg_frame_is_key(pointer) != 0,
      isCorrupt: frame.flags & AV_FRAME_FLAG_CORRUPT != 0 || frame.decode_error_flags != 0,
      isDiscarded: frame.flags & AV_FRAME_FLAG_DISCARD != 0,
      hasPresentationTick: frame.pts != cffmpeg_no_pts,
      bestTick: FFmpeg.tick(frame.best_effort_timestamp) ?? FFmpeg.tick(frame.pkt_dts),
      duration: min(max(0, cffmpeg_frame_duration(pointer)), 1 << 60))
  }
}

/// What is known of a picture besides its pixels.
struct PictureFacts {
  let width: Int
  let height: Int
  let isKey: Bool
  let isCorrupt: Bool
  let isDiscarded: Bool
  let hasPresentationTick: Bool
  let bestTick: Int64?
  let duration: Int64
}
