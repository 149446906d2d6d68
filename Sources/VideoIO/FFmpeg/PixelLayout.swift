internal import CFFmpeg

/// How the samples of a pixel format lie in memory, and how its brightness and colour are reached.
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

  /// The way from a picture to 8-bit colour.
  enum ChromaRoute: Equatable {
    /// Grey: there is none.
    case none
    /// The next two planes are colour, one byte a sample: lend them.
    case planes
    /// Samples lie in other planes, between others, or in words: fetch each.
    case samples(u: Samples, v: Samples)
    /// Comes with the brightness, through libswscale.
    case convert
  }

  /// Where the samples of one component lie.
  struct Samples: Equatable {
    let plane: Int
    /// The distance between neighbours in bytes.
    let step: Int
    let offset: Int
    /// How many bits a sample is shifted right; 0 for single bytes.
    let shift: Int
    let isWord: Bool

    /// One byte a sample, without gaps.
    static func bytes(ofPlane plane: Int) -> Samples {
      Samples(plane: plane, step: 1, offset: 0, shift: 0, isWord: false)
    }
  }

  /// FFmpeg's name of the format.
  let name: String
  /// Bits a sample.
  let depth: Int
  /// The way to brightness.
  let route: LumaRoute
  /// The way to colour.
  let chroma: ChromaRoute
  /// By how many bits the sides of the colour planes are shorter, rounded up.
  let chromaShift: (x: Int, y: Int)
  private let format: AVPixelFormat
  /// Whether samples are red, green and blue, or entries of a palette.
  let isColour: Bool
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
    chromaShift = unsafe (
      Int(descriptor.pointee.log2_chroma_w), Int(descriptor.pointee.log2_chroma_h)
    )
    chroma = unsafe isGray ? .none : Self.chroma(descriptor.pointee, luma: route)
  }

  private static func chroma(
    _ descriptor: AVPixFmtDescriptor, luma: LumaRoute
  ) -> ChromaRoute {
    guard luma != .convert else { return .convert }
    func samples(_ component: AVComponentDescriptor) -> Samples {
      let isWord = component.depth > 8
      return Samples(
        plane: Int(component.plane), step: Int(component.step), offset: Int(component.offset),
        shift: isWord ? Int(component.shift + component.depth - 8) : 0, isWord: isWord)
    }
    let (u, v) = unsafe (samples(descriptor.comp.1), samples(descriptor.comp.2))
    let isPlain = [(u, 1), (v, 2)].allSatisfy { samples, plane in
      samples == .bytes(ofPlane: plane)
    }
    return isPlain ? .planes : .samples(u: u, v: v)
  }

  /// The size of the colour planes of a picture.
  func chromaSize(width: Int, height: Int) -> (width: Int, height: Int) {
    (-(-width >> chromaShift.x), -(-height >> chromaShift.y))
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
