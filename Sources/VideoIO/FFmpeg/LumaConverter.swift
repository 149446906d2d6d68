internal import CFFmpeg

/// Brings pictures of any layout to 8-bit brightness; keeps one libswscale context between them.
@safe struct LumaConverter: ~Copyable {
  private var scaler: OpaquePointer?
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
      try unsafe scale(picture, into: target, isFullRange: range, path: path, frame: frame)
      unsafe slot.lend(target, stride: width, isFullRange: range)
    }
  }

  private mutating func scale(
    _ picture: UnsafeMutablePointer<AVFrame>, into target: UnsafeMutablePointer<UInt8>,
    isFullRange: Bool, path: String, frame: Int
  ) throws(VideoError) {
    let (width, height) = unsafe (picture.pointee.width, picture.pointee.height)
    unsafe scaler = unsafe sws_getCachedContext(
      scaler, width, height, format, width, height, AV_PIX_FMT_GRAY8,
      SWS_POINT | SWS_ACCURATE_RND, nil, nil, nil)
    let failure = VideoError(
      .unsupportedPixels, path: path, frame: frame,
      reason: "no brightness can be read from the pixel format \(layout?.name ?? "unknown"); "
        + "convert the video to yuv420p")
    guard let scaler = unsafe scaler else { throw failure }
    // The same range on both sides: samples keep their values. Colours weigh as in BT.601, which
    // is what grey means to OpenCV and Pillow too.
    let weights = unsafe sws_getCoefficients(SWS_CS_ITU601)
    let range: Int32 = isFullRange ? 1 : 0
    _ = unsafe sws_setColorspaceDetails(scaler, weights, range, weights, range, 0, 1 << 16, 1 << 16)
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
}
