internal import CFFmpeg

/// How the samples of a pixel format lie in memory, and how its brightness is reached.
struct PixelLayout {
  /// The way from a picture to 8-bit brightness.
  enum LumaRoute: Equatable {
    /// The first plane is brightness, one byte a pixel: lend it.
    case plane
    /// The first plane is brightness in two-byte words: shift each right by so many bits.
    case words(shift: Int)
    /// Colours, palettes and packed pixels: through libswscale.
    case convert
  }

  /// FFmpeg's name of the format.
  let name: String
  /// Bits a sample.
  let depth: Int
  /// The way to brightness.
  let route: LumaRoute
  private let format: AVPixelFormat
  private let isColour: Bool
  private let isGray: Bool

  /// Describes `format`; nil for none, for unknown ones and for pictures in a device's memory.
  init?(_ format: AVPixelFormat) {
    guard let descriptor = unsafe av_pix_fmt_desc_get(format) else { return nil }
    let flags = unsafe descriptor.pointee.flags
    func has(_ flag: Int32) -> Bool { flags & UInt64(flag) != 0 }
    guard !has(AV_PIX_FMT_FLAG_HWACCEL) else { return nil }
    self.format = format
    name = unsafe String(cString: descriptor.pointee.name)
    let first = unsafe descriptor.pointee.comp.0
    depth = Int(first.depth)
    isColour = has(AV_PIX_FMT_FLAG_RGB) || has(AV_PIX_FMT_FLAG_PAL)
    isGray = unsafe !isColour && descriptor.pointee.nb_components <= 2
    let isBrightnessFirst =
      !isColour && first.plane == 0 && first.offset == 0
      && !has(AV_PIX_FMT_FLAG_BITSTREAM) && !has(AV_PIX_FMT_FLAG_BE)
      && !has(AV_PIX_FMT_FLAG_BAYER) && !has(AV_PIX_FMT_FLAG_FLOAT)
    if isBrightnessFirst && first.step == 1 && first.depth == 8 && first.shift == 0 {
      route = .plane
    } else if isBrightnessFirst && first.step == 2 && (9...16).contains(first.depth) {
      route = .words(shift: Int(first.shift + first.depth - 8))
    } else {
      route = .convert
    }
  }

  /// Tells whether black is 0, from what the stream states or, where it is silent, from custom.
  ///
  /// Colours are full range, and so is grey from an image codec; all else is limited unless said.
  func isFullRange(_ stated: AVColorRange, codec: AVCodecID) -> Bool {
    if isColour { return true }
    switch format {
    case AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P,
      AV_PIX_FMT_YUVJ411P:
      return true
    default: break
    }
    if stated == AVCOL_RANGE_UNSPECIFIED && isGray {
      return ![AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1]
        .contains(codec)
    }
    return stated == AVCOL_RANGE_JPEG
  }
}
