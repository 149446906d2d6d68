internal import CFFmpeg

/// Brings pictures of any layout to 8-bit brightness; keeps one libswscale context between them.
@safe struct LumaConverter: ~Copyable {
  private struct Scale: Equatable {
    let width: Int32
    let height: Int32
    let format: AVPixelFormat
  }

  private var scaler: OpaquePointer?
  private var scale: Scale?
  private var layout: PixelLayout?
  private var format = AV_PIX_FMT_NONE

  deinit { unsafe sws_freeContext(scaler) }

  /// Makes the brightness of the slot's picture ready to be lent.
  ///
  /// An 8-bit brightness plane is lent as it is. Deeper words are shifted down. Everything else
  /// goes through libswscale at the same size, with the range stated, into the slot's own buffer.
  mutating func prepare(
    _ slot: FrameSlot, codec: AVCodecID, path: String, frame: Int
  ) throws(VideoError) {
    let picture = unsafe slot.picture.pointer
    let format = slot.picture.pixelFormat
    let (width, height) = (slot.picture.width, slot.picture.height)
    if format != self.format || layout == nil {
      layout = PixelLayout(format)
      self.format = format
    }
    guard let layout, width > 0, height > 0, let source = unsafe picture.pointee.data.0 else {
      throw VideoError(
        .unsupportedPixels, path: path, frame: frame,
        reason: "no brightness can be read from this pixel format; convert the video to yuv420p")
    }
    let stride = unsafe Int(picture.pointee.linesize.0)
    let range = unsafe layout.isFullRange(picture.pointee.color_range, codec: codec)
    switch layout.route {
    case .plane where stride >= width:
      unsafe slot.lend(source, stride: stride, isFullRange: range)
    case .plane:
      // Rows stored bottom-up have a negative stride.
      let target = try unsafe slot.buffer(width * height, path: path)
      for y in 0..<height {
        unsafe (target + y * width).update(from: source + y * stride, count: width)
      }
      unsafe slot.lend(target, stride: width, isFullRange: range)
    case .words(let shift):
      let target = try unsafe slot.buffer(width * height, path: path)
      for y in 0..<height {
        let out = unsafe target + y * width
        unsafe (source + y * stride).withMemoryRebound(to: UInt16.self, capacity: width) { row in
          for x in 0..<width { unsafe out[x] = unsafe UInt8(truncatingIfNeeded: row[x] >> shift) }
        }
      }
      unsafe slot.lend(target, stride: width, isFullRange: range)
    case .convert:
      let target = try unsafe slot.buffer(width * height, path: path)
      try unsafe convert(picture, into: target, path: path, frame: frame)
      unsafe slot.lend(target, stride: width, isFullRange: range)
    }
  }

  private mutating func convert(
    _ picture: UnsafeMutablePointer<AVFrame>, into target: UnsafeMutablePointer<UInt8>,
    path: String, frame: Int
  ) throws(VideoError) {
    let (width, height) = unsafe (picture.pointee.width, picture.pointee.height)
    let wanted = Scale(width: width, height: height, format: format)
    if wanted != scale {
      unsafe sws_freeContext(scaler)
      unsafe scaler = unsafe Self.makeScaler(wanted)
      scale = wanted
    }
    let failure = VideoError(
      .unsupportedPixels, path: path, frame: frame,
      reason: "no brightness can be read from the pixel format \(layout?.name ?? "unknown"); "
        + "convert the video to yuv420p")
    guard let scaler = unsafe scaler else { throw failure }
    var targets: [UnsafeMutablePointer<UInt8>?] = unsafe [target, nil, nil, nil]
    var strides: [Int32] = [width, 0, 0, 0]
    let sources = unsafe picture.pointee.data
    let steps = unsafe picture.pointee.linesize
    let from: [UnsafePointer<UInt8>?] = unsafe [
      UnsafePointer(sources.0), UnsafePointer(sources.1), UnsafePointer(sources.2),
      UnsafePointer(sources.3),
    ]
    let rows = unsafe sws_scale(
      scaler, from, [steps.0, steps.1, steps.2, steps.3], 0, height, &targets, &strides)
    guard rows == height else { throw failure }
  }

  /// Opens a libswscale context to 8-bit grey of the same size, nil where the format has no way.
  ///
  /// Grey is full range to libswscale. The source is called full range too, whatever it is, so that
  /// samples keep their values. This must be said before `sws_init_context`: FFmpeg 5.1 ignores a
  /// later `sws_setColorspaceDetails` for deep samples. Colours weigh as in BT.601, its default,
  /// which is what grey means to OpenCV and Pillow.
  private static func makeScaler(_ scale: Scale) -> OpaquePointer? {
    guard let context = unsafe sws_alloc_context() else { return nil }
    let options: [(String, Int64)] = [
      ("srcw", Int64(scale.width)), ("srch", Int64(scale.height)),
      ("dstw", Int64(scale.width)), ("dsth", Int64(scale.height)),
      ("src_format", Int64(scale.format.rawValue)),
      ("dst_format", Int64(AV_PIX_FMT_GRAY8.rawValue)), ("src_range", 1), ("dst_range", 1),
      ("sws_flags", Int64(SWS_POINT | SWS_ACCURATE_RND)),
    ]
    for (name, value) in options {
      _ = unsafe av_opt_set_int(UnsafeMutableRawPointer(context), name, value, 0)
    }
    guard unsafe sws_init_context(context, nil, nil) >= 0 else {
      unsafe sws_freeContext(context)
      return nil
    }
    return unsafe context
  }
}
