internal import CFFmpeg
import Foundation

/// Decodes one picture and takes its samples as stored, without a way through colours.
enum StillDecoding {
  static func decode(_ data: Data, path: String) throws(VideoError) -> StillImage {
    let still = try picture(data, path: path)
    return try image(still.frame, header: still.header, path: path)
  }

  static func size(_ data: Data, path: String) throws(VideoError) -> (width: Int, height: Int) {
    let still = try picture(data, path: path)
    return (still.frame.width, still.frame.height)
  }

  private struct DecodedPicture: ~Copyable {
    let frame: FrameHandle
    let header: PNGHeader?
  }

  private static func picture(
    _ data: Data, path: String
  ) throws(VideoError) -> DecodedPicture {
    guard data.count <= StillImage.maximumBytes else {
      throw VideoError(
        .tooLarge, path: path, reason: "the file is larger than 1 GB; give pictures one by one")
    }
    _ = FFmpeg.quiet
    let packet = try Packet.make(path: path)
    guard packet.fill(with: data) else { throw FFmpeg.outOfMemory(path) }
    guard let codec = packet.imageCodec else {
      throw VideoError(
        .notAnImage, path: path,
        reason: "the content is no PNG, TIFF, JPEG, BMP or WebP picture; check the file")
    }
    packet.dropTexts(codec)
    let header = PNGHeader(data)
    if let header, header.pixels > StillImage.maximumPixels { throw tooLarge(path) }
    if codec == AV_CODEC_ID_TIFF, TIFFHeader(data)?.isStack == true {
      throw VideoError(
        .severalPictures, path: path,
        reason: "the TIFF file holds several pictures (a stack); save one file a picture")
    }
    let decoder = try unsafe Decoder.open(
      codec: codec, parameters: nil, timeBase: AVRational(num: 1, den: 25), threads: 1,
      path: path)
    decoder.demandSound(maximumPixels: StillImage.maximumPixels)
    let picture = try FrameHandle.make(path: path)
    let sent = decoder.send(packet)
    // What a decoder finds too large it calls an invalid argument; damage has another code.
    if sent == cffmpeg_invalid_argument { throw tooLarge(path) }
    decoder.drain()
    var failure = sent
    if sent >= 0 {
      switch decoder.receive(into: picture) {
      case .frame: failure = picture.facts.isCorrupt ? cffmpeg_invalid : 0
      case .failed(cffmpeg_invalid_argument): throw tooLarge(path)
      case .failed(let code): failure = code
      case .needsPacket, .end: failure = cffmpeg_invalid
      }
    }
    guard failure >= 0, !decoder.hasComplained else {
      throw VideoError(
        .nothingDecoded, path: path,
        reason: "the picture is damaged, cut off or stored in a way that FFmpeg does not read; "
          + "export it again, label images as PNG or TIFF of 8 or 16 bits",
        ffmpegCode: failure < 0 ? failure : nil)
    }
    return DecodedPicture(frame: picture, header: header)
  }

  private static func tooLarge(_ path: String) -> VideoError {
    VideoError(
      .tooLarge, path: path,
      reason: "the picture has more than 2^26 pixels or no size at all; give a smaller one")
  }

  private static func image(
    _ picture: borrowing FrameHandle, header: PNGHeader?, path: String
  ) throws(VideoError) -> StillImage {
    let format = picture.pixelFormat
    let unsupported = VideoError(
      .unsupportedPixels, path: path,
      reason: "the samples are neither indices, grey of at most 16 bits nor colours; save the "
        + "picture as an 8- or 16-bit PNG")
    guard let layout = PixelLayout(format),
      let descriptor = unsafe av_pix_fmt_desc_get(format)
    else { throw unsupported }
    let flags = unsafe descriptor.pointee.flags
    guard flags & UInt64(AV_PIX_FMT_FLAG_FLOAT) == 0, layout.depth <= 16 else {
      throw unsupported
    }
    let content: StillImage.Content
    let samples: [UInt16]
    if flags & UInt64(AV_PIX_FMT_FLAG_PAL) != 0 {
      content = .indices(palette: palette(picture))
      samples = read(picture, components: [0])
    } else if layout.chroma == .none {
      content = layout.depth > 8 ? .grey16 : .grey8
      let stored = read(picture, components: [0])
      if format == AV_PIX_FMT_MONOWHITE {
        samples = stored.map { $0 ^ 1 }
      } else if let step = header?.greyStep, layout.depth == 8 {
        // FFmpeg stretches grey of 2 and 4 bits to 8.
        samples = stored.map { $0 / step }
      } else {
        samples = stored
      }
    } else {
      content = .colours
      if flags & UInt64(AV_PIX_FMT_FLAG_RGB) != 0 {
        let shift = layout.depth - 8
        let stored = read(picture, components: [0, 1, 2])
        samples = shift > 0 ? stored.map { $0 >> shift } : stored
      } else {
        let colours = try ColourPicture.make(of: picture, path: path)
        samples = read(colours.picture, components: [0, 1, 2])
      }
    }
    return StillImage(
      decodedWidth: picture.width, height: picture.height, content: content, samples: samples)
  }

  // Components of one pixel follow each other.
  private static func read(_ picture: borrowing FrameHandle, components: [Int32]) -> [UInt16] {
    let (width, height) = (picture.width, picture.height)
    let planes = unsafe picture.pointer.pointee.data
    let strides = unsafe picture.pointer.pointee.linesize
    var data: [UnsafePointer<UInt8>?] = unsafe [
      UnsafePointer(planes.0), UnsafePointer(planes.1), UnsafePointer(planes.2),
      UnsafePointer(planes.3),
    ]
    let lines = [strides.0, strides.1, strides.2, strides.3]
    guard let descriptor = unsafe av_pix_fmt_desc_get(picture.pixelFormat) else { return [] }
    let count = components.count
    var samples = [UInt16](repeating: 0, count: width * height * count)
    if count == 1 {
      unsafe samples.withUnsafeMutableBufferPointer { samples in
        guard let base = samples.baseAddress else { return }
        for y in 0..<height {
          unsafe av_read_image_line(
            base + y * width, &data, lines, descriptor, 0, Int32(y), components[0], Int32(width), 0)
        }
      }
      return samples
    }
    var line = [UInt16](repeating: 0, count: width)
    for y in 0..<height {
      for (place, component) in components.enumerated() {
        unsafe av_read_image_line(
          &line, &data, lines, descriptor, 0, Int32(y), component, Int32(width), 0)
        let start = y * width * count + place
        for x in 0..<width { samples[start + x * count] = line[x] }
      }
    }
    return samples
  }

  // FFmpeg keeps 256 entries, each 0xAARRGGBB in the machine's order.
  private static func palette(_ picture: borrowing FrameHandle) -> [UInt32] {
    guard let entries = unsafe picture.pointer.pointee.data.1 else { return [] }
    return unsafe entries.withMemoryRebound(to: UInt32.self, capacity: 256) { entries in
      (0..<256).map { unsafe entries[$0] << 8 | entries[$0] >> 24 }
    }
  }
}

/// A picture brought to red, green and blue by libswscale.
private struct ColourPicture: ~Copyable {
  let picture: FrameHandle

  static func make(of source: borrowing FrameHandle, path: String) throws(VideoError)
    -> ColourPicture
  {
    let target = try FrameHandle.make(path: path)
    let (width, height) = (Int32(source.width), Int32(source.height))
    try target.allocate(width: width, height: height, AV_PIX_FMT_RGB24, path: path)
    let context = unsafe sws_getContext(
      width, height, source.pixelFormat, width, height, AV_PIX_FMT_RGB24,
      SWS_POINT | SWS_ACCURATE_RND, nil, nil, nil)
    defer { unsafe sws_freeContext(context) }
    guard unsafe context != nil,
      unsafe sws_scale_frame(context, target.pointer, source.pointer) >= 0
    else {
      throw VideoError(
        .unsupportedPixels, path: path,
        reason: "the colours cannot be read; save the picture as PNG")
    }
    return ColourPicture(picture: target)
  }
}

/// What the first chunk of a PNG file says.
private struct PNGHeader {
  /// The number of pixels.
  let pixels: Int
  /// What FFmpeg multiplies grey samples by; nil where it leaves them as they are.
  let greyStep: UInt16?

  /// Reads the header; nil where `data` is no PNG file.
  init?(_ data: Data) {
    let bytes = [UInt8](data.prefix(26))
    guard bytes.count == 26, bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return nil }
    func number(at place: Int) -> Int {
      bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    pixels = number(at: 16).multipliedReportingOverflow(by: number(at: 20)).partialValue
    let (depth, colour) = (bytes[24], bytes[25])
    greyStep = colour != 0 ? nil : depth == 2 ? 0x55 : depth == 4 ? 0x11 : nil
  }
}

/// What the first bytes and the first directory of a TIFF file say.
private struct TIFFHeader {
  /// Whether more pictures follow the first.
  let isStack: Bool

  /// Reads the directory; nil where `data` is no TIFF file or ends before.
  init?(_ data: Data) {
    let start = data.startIndex
    func number(at place: Int, bytes count: Int) -> Int? {
      guard place >= 0, place <= data.count - count else { return nil }
      let bytes = data[start + place..<start + place + count]
      let ordered = data.first == UInt8(ascii: "M") ? Array(bytes) : bytes.reversed()
      return ordered.reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(at: 4, bytes: 4), let count = number(at: directory, bytes: 2),
      let next = number(at: directory + 2 + 12 * count, bytes: 4)
    else { return nil }
    isStack = next != 0
  }
}
