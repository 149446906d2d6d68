public import Foundation

/// A picture whose values are ids, not colours.
public struct LabelImage: Hashable, Sendable {
  /// What a value stands for.
  public enum Content: Hashable, Sendable {
    /// A level of grey of so many bits, 8 or 16.
    case grey(bits: Int)
    /// A place in a palette of colours, `0xRRGGBBAA`.
    case palette([UInt32])
    /// Red, green and blue; see ``LabelImage/colors``.
    case color
  }

  /// The width in pixels.
  public var width: Int
  /// The height in pixels.
  public var height: Int
  /// What the values stand for.
  public var content: Content
  /// The values row by row, `width * height` of them; empty where ``content`` is `.color`.
  public var samples: [UInt16]
  /// The colours row by row, `0xRRGGBB`; empty where ``content`` is not `.color`.
  public var colors: [UInt32]

  /// Creates a picture; the values are `width * height` in number.
  public init(
    width: Int, height: Int, content: Content, samples: [UInt16], colors: [UInt32] = []
  ) {
    precondition(
      max(samples.count, colors.count) == width * height, "A picture has a value for every pixel.")
    self.width = width
    self.height = height
    self.content = content
    self.samples = samples
    self.colors = colors
  }
}

/// Decodes and encodes label images; the decoder itself lives outside of this module.
public protocol LabelImages: Sendable {
  /// Decodes a PNG, TIFF or JPEG file, with palette indices and 16 bits as they are stored.
  ///
  /// - Throws: A ``LabelError`` of the code `unreadable` or `damaged`.
  func decode(path: String) throws(LabelError) -> LabelImage

  /// Decodes a picture in memory; `path` is only for the message.
  func decode(_ data: Data, path: String) throws(LabelError) -> LabelImage

  /// The size of the picture in a file, found without keeping its pixels.
  func size(path: String) throws(LabelError) -> (width: Int, height: Int)

  /// Encodes a picture as PNG: 8-bit palette, or 8- or 16-bit grey. `path` is only for the message.
  func encodePNG(_ image: LabelImage, path: String) throws(LabelError) -> Data

  /// Encodes a picture as uncompressed TIFF, 8 or 16 bits. `path` is only for the message.
  func encodeTIFF(_ image: LabelImage, path: String) throws(LabelError) -> Data
}
