internal import CFFmpeg

/// Brings pictures of any layout to planes of 8 bits; keeps one libswscale context between them.
@safe struct PictureConverter: ~Copyable {
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

  /// Makes the planes of the slot's picture ready to be lent.
  ///
  /// 8-bit planes are lent as they are. Deeper words are shifted down, interleaved colours taken
  /// apart. Everything else goes through libswscale at the same size, with the range stated. What is
  /// not lent from the picture lies in the slot's own buffer.
  mutating func prepare(
    _ slot: FrameSlot, codec: AVCodecID, path: String, frame: Int
  ) throws(VideoError) {
    let format = slot.picture.pixelFormat
    let (width, height) = (slot.picture.width, slot.picture.height)
    if format != self.format || layout == nil {
      layout = PixelLayout(format)
      self.format = format
    }
    guard let layout, width > 0, height > 0,
      let first = unsafe slot.picture.pointer.pointee.data.0
    else {
      throw VideoError(
        .unsupportedPixels, path: path, frame: frame,
        reason: "no brightness can be read from this pixel format; convert the video to yuv420p")
    }
    let source = unsafe Source(picture: slot.picture.pointer, layout: layout, codec: codec)
    let lumaStride = source.copiedStride
    let lumaSize = layout.route == .plane && source.isTopDown ? 0 : lumaStride * height
    let buffer = try unsafe slot.buffer(lumaSize + source.copiedChroma, path: path)

    if layout.route == .convert {
      try unsafe convert(source, into: buffer, path: path, frame: frame)
      unsafe slot.lend(buffer, stride: lumaStride, isFullRange: source.isFullRange)
    } else if lumaSize > 0 {
      unsafe source.copyLuma(into: buffer)
      unsafe slot.lend(buffer, stride: lumaStride, isFullRange: source.isFullRange)
    } else {
      unsafe slot.lend(first, stride: source.stride(0), isFullRange: source.isFullRange)
    }
    if let chroma = unsafe source.chroma(buffer: buffer + lumaSize) { slot.lend(chroma) }
  }

  private mutating func convert(
    _ source: Source, into target: UnsafeMutablePointer<UInt8>, path: String, frame: Int
  ) throws(VideoError) {
    let picture = unsafe source.picture
    let (width, height) = unsafe (picture.pointee.width, picture.pointee.height)
    let wanted = Scale(width: width, height: height, format: format)
    if wanted != scale {
      unsafe sws_freeContext(scaler)
      unsafe scaler = unsafe Self.makeScaler(wanted, hasColour: source.layout.chroma != .none)
      scale = wanted
    }
    let failure = VideoError(
      .unsupportedPixels, path: path, frame: frame,
      reason: "no brightness can be read from the pixel format \(source.layout.name); "
        + "convert the video to yuv420p")
    guard let scaler = unsafe scaler else { throw failure }
    let plane = source.copiedStride * Int(height)
    let stride = Int32(source.copiedStride)
    let hasColour = source.layout.chroma != .none
    var targets: [UnsafeMutablePointer<UInt8>?] = unsafe [
      target, hasColour ? target + plane : nil, hasColour ? target + 2 * plane : nil, nil,
    ]
    var strides: [Int32] = [stride, hasColour ? stride : 0, hasColour ? stride : 0, 0]
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

  /// Opens a libswscale context to 8-bit planes of the same size, nil where the format has no way.
  ///
  /// The target is full range. The source is called full range too, whatever it is, so that samples
  /// keep their values. This must be said before `sws_init_context`: FFmpeg 5.1 ignores a later
  /// `sws_setColorspaceDetails` for deep samples. Colours weigh as in BT.601, its default, which is
  /// what grey means to OpenCV and Pillow.
  private static func makeScaler(_ scale: Scale, hasColour: Bool) -> OpaquePointer? {
    guard let context = unsafe sws_alloc_context() else { return nil }
    let target = hasColour ? AV_PIX_FMT_YUV444P : AV_PIX_FMT_GRAY8
    let options: [(String, Int64)] = [
      ("srcw", Int64(scale.width)), ("srch", Int64(scale.height)),
      ("dstw", Int64(scale.width)), ("dsth", Int64(scale.height)),
      ("src_format", Int64(scale.format.rawValue)), ("dst_format", Int64(target.rawValue)),
      ("src_range", 1), ("dst_range", 1), ("sws_flags", Int64(SWS_POINT | SWS_ACCURATE_RND)),
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

/// A decoded picture with the layout of its samples.
@safe private struct Source {
  let picture: UnsafeMutablePointer<AVFrame>
  let layout: PixelLayout
  let isFullRange: Bool
  private let width: Int
  private let height: Int

  init(picture: UnsafeMutablePointer<AVFrame>, layout: PixelLayout, codec: AVCodecID) {
    unsafe self.picture = unsafe picture
    self.layout = layout
    isFullRange = unsafe layout.isFullRange(picture.pointee.color_range, codec: codec)
    (width, height) = unsafe (Int(picture.pointee.width), Int(picture.pointee.height))
  }

  /// Whether no row is stored bottom-up, with a negative stride.
  var isTopDown: Bool { stride(0) >= width && stride(1) >= 0 && stride(2) >= 0 }

  /// The size of the colour planes to be lent; none of grey pictures and of missing planes.
  var chromaSize: (width: Int, height: Int) {
    switch layout.chroma {
    case .none: (0, 0)
    case .convert: (width, height)
    case .planes, .samples: layout.chromaSize(width: width, height: height)
    }
  }

  /// The distance between rows of brightness that do not lie in the picture as they are lent.
  ///
  /// libswscale writes whole vectors, beyond the end of a row that is shorter.
  var copiedStride: Int { layout.route == .convert ? (width + 63) / 64 * 64 : width }

  /// The same of colour.
  private var copiedChromaStride: Int {
    layout.chroma == .convert ? copiedStride : chromaSize.width
  }

  /// How many bytes the colour takes that does not lie in the picture as it is lent.
  var copiedChroma: Int {
    if layout.chroma == .planes && isTopDown { return 0 }
    return 2 * copiedChromaStride * chromaSize.height
  }

  func stride(_ plane: Int) -> Int {
    let strides = unsafe picture.pointee.linesize
    switch plane {
    case 0: return Int(strides.0)
    case 1: return Int(strides.1)
    case 2: return Int(strides.2)
    default: return Int(strides.3)
    }
  }

  private func base(_ plane: Int) -> UnsafeMutablePointer<UInt8>? {
    let planes = unsafe picture.pointee.data
    switch plane {
    case 0: return unsafe planes.0
    case 1: return unsafe planes.1
    case 2: return unsafe planes.2
    default: return unsafe planes.3
    }
  }

  /// Copies the brightness; words are shifted down.
  func copyLuma(into target: UnsafeMutablePointer<UInt8>) {
    var samples = PixelLayout.Samples.bytes(ofPlane: 0)
    if case .words(let shift) = layout.route {
      samples = PixelLayout.Samples(plane: 0, step: 2, offset: 0, shift: shift, isWord: true)
    }
    unsafe copy(samples, (width, height), into: target)
  }

  /// Where the colour lies: in the picture, or in `buffer`, which it is copied to.
  func chroma(buffer: UnsafeMutablePointer<UInt8>) -> FrameSlot.Chroma? {
    let size = chromaSize
    guard size.width > 0, size.height > 0 else { return nil }
    let rowSize = copiedChromaStride
    let second = unsafe buffer + rowSize * size.height
    switch layout.chroma {
    case .none: return nil
    case .convert: break
    case .planes where isTopDown:
      guard let u = unsafe base(1), let v = unsafe base(2) else { return nil }
      return unsafe lent(u, stride(1), v, stride(2), size)
    case .planes:
      unsafe copy(.bytes(ofPlane: 1), size, into: buffer)
      unsafe copy(.bytes(ofPlane: 2), size, into: second)
    case .samples(let u, let v):
      unsafe copy(u, size, into: buffer)
      unsafe copy(v, size, into: second)
    }
    return unsafe lent(buffer, rowSize, second, rowSize, size)
  }

  private func lent(
    _ u: UnsafePointer<UInt8>, _ strideU: Int, _ v: UnsafePointer<UInt8>, _ strideV: Int,
    _ size: (width: Int, height: Int)
  ) -> FrameSlot.Chroma {
    unsafe FrameSlot.Chroma(
      u: u, strideU: strideU, v: v, strideV: strideV, size: size, matrix: matrix,
      isFullRange: isFullRange)
  }

  // libswscale makes BT.601 of colours.
  private var matrix: ChromaPlanes.Matrix {
    guard layout.chroma != .convert || !layout.isColour else { return .bt601 }
    switch unsafe picture.pointee.colorspace {
    case AVCOL_SPC_BT709: return .bt709
    case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: return .bt2020
    default: return .bt601
    }
  }

  private func copy(
    _ samples: PixelLayout.Samples, _ size: (width: Int, height: Int),
    into target: UnsafeMutablePointer<UInt8>
  ) {
    guard let base = unsafe base(samples.plane) else { return }
    let stride = stride(samples.plane)
    for y in 0..<size.height {
      let row = unsafe base + y * stride + samples.offset
      let out = unsafe target + y * size.width
      if samples.isWord {
        let (shift, step) = (samples.shift, samples.step / 2)
        let count = (size.width - 1) * step + 1
        unsafe row.withMemoryRebound(to: UInt16.self, capacity: count) { row in
          for x in 0..<size.width {
            unsafe out[x] = unsafe UInt8(clamping: row[x * step] >> shift)
          }
        }
      } else if samples.step == 1 {
        unsafe out.update(from: row, count: size.width)
      } else {
        for x in 0..<size.width { unsafe out[x] = unsafe row[x * samples.step] }
      }
    }
  }
}
