public import Foundation

/// One picture with its samples as stored: the numbers of a label image, not its looks.
///
/// Indices of a palette stay indices, and 16 bits stay 16 bits. One picture of 2^26 pixels takes
/// 128 MB, so keep what you need of it and let it go.
public struct StillImage: Hashable, Sendable {
  /// What the samples are.
  public enum Content: Hashable, Sendable {
    /// Places in a palette of at most 256 colours, each 0xRRGGBBAA; one sample a pixel.
    case indices(palette: [UInt32])
    /// Grey of at most 8 bits, as stored: a picture of 4 bits has samples up to 15.
    case grey8
    /// Grey of 9 to 16 bits.
    case grey16
    /// Red, green and blue of 8 bits: three samples a pixel.
    case colours
  }

  /// A kind of file that a picture can be written as.
  public enum FileType: Sendable {
    /// PNG, compressed without loss.
    case png
    /// TIFF, uncompressed and little-endian, as every reader of scientific images takes it.
    case tiff
  }

  /// The most pixels a picture may have; a larger one is refused before memory is taken for it.
  public static let maximumPixels = 1 << 26

  /// The number of pixels in a row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// What the samples are.
  public let content: Content
  /// The samples, row by row from the top left, without gaps.
  public let samples: [UInt16]

  /// Creates a picture, or nil where sizes are out of range or the samples do not fill it.
  ///
  /// - Parameters:
  ///   - width: The number of pixels in a row, at least 1.
  ///   - height: The number of rows, at least 1.
  ///   - content: What the samples are; a palette has at most 256 entries.
  ///   - samples: `width * height` samples, three times as many for colours; above 255 only in
  ///     grey of 16 bits.
  public init?(width: Int, height: Int, content: Content, samples: [UInt16]) {
    guard width > 0, height > 0, width <= Self.maximumPixels, height <= Self.maximumPixels,
      width * height <= Self.maximumPixels,
      samples.count == width * height * content.samplesPerPixel
    else { return nil }
    if content != .grey16, samples.contains(where: { $0 > 255 }) { return nil }
    if case .indices(let palette) = content, palette.count > 256 { return nil }
    self.width = width
    self.height = height
    self.content = content
    self.samples = samples
  }

  // For samples that are known to fit.
  init(decodedWidth width: Int, height: Int, content: Content, samples: [UInt16]) {
    self.width = width
    self.height = height
    self.content = content
    self.samples = samples
  }

  /// Reads the PNG, TIFF, JPEG, BMP or WebP picture in the file at `path`.
  ///
  /// - Throws: A ``VideoError`` where the file cannot be read, or as ``init(decoding:path:)``.
  public init(path: String) throws(VideoError) {
    try self.init(decoding: Self.bytes(path), path: path)
  }

  /// The size of the picture in the file at `path`, without taking its samples apart.
  ///
  /// - Throws: As ``init(path:)``.
  public static func size(path: String) throws(VideoError) -> (width: Int, height: Int) {
    try StillDecoding.size(bytes(path), path: path)
  }

  private static func bytes(_ path: String) throws(VideoError) -> Data {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
    guard let attributes else {
      throw VideoError(.notFound, path: path, reason: "there is no such image; check the path")
    }
    // Not a folder, and no pipe, which could block for ever.
    guard attributes[.type] as? FileAttributeType == .typeRegular,
      let handle = FileHandle(forReadingAtPath: path)
    else {
      throw VideoError(
        .unreadable, path: path,
        reason: "the image cannot be read; check that it is a file and that you may read it")
    }
    defer { try? handle.close() }
    guard let data = try? handle.read(upToCount: Self.maximumBytes + 1) else {
      throw VideoError(
        .unreadable, path: path, reason: "reading the image failed; check the disc it lies on")
    }
    return data
  }

  /// Decodes the PNG, TIFF, JPEG, BMP or WebP picture whose file has the bytes `data`.
  ///
  /// The kind is known from the first bytes. Transparency is dropped. Damage, a wrong checksum
  /// among it, refuses the whole picture: half a label image would be wrong labels.
  ///
  /// - Parameters:
  ///   - data: The bytes of one file.
  ///   - path: The name of the file, for errors.
  /// - Throws: A ``VideoError`` with the code `.notAnImage`, `.tooLarge`, `.nothingDecoded`,
  ///   `.unsupportedPixels`, `.noDecoder` or `.outOfMemory`.
  public init(decoding data: Data, path: String) throws(VideoError) {
    self = try StillDecoding.decode(data, path: path)
  }

  /// Writes the picture; the same picture gives the same bytes.
  ///
  /// - Parameters:
  ///   - type: The kind of file.
  ///   - path: The name of the file, for errors.
  /// - Returns: The bytes of one file.
  /// - Throws: A ``VideoError`` where this FFmpeg has no such encoder or gets no memory.
  public func encoded(as type: FileType, path: String) throws(VideoError) -> Data {
    try StillEncoding.encode(self, as: type, path: path)
  }

  // libavcodec wants the size of a packet in 32 bits, with room for padding.
  static let maximumBytes = 1 << 30 - 1
}

extension StillImage.Content {
  /// How many samples a pixel has.
  public var samplesPerPixel: Int { self == .colours ? 3 : 1 }
}
