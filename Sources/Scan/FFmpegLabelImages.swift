public import Annotations
public import Foundation
import VideoIO

/// Label images by libavcodec: the bridge between pictures, which know no labels, and labels, which
/// know no decoder.
public struct FFmpegLabelImages: LabelImages {
  /// Creates the decoder; it keeps nothing between pictures.
  public init() {}

  /// Decodes the picture in the file at `path`.
  public func decode(path: String) throws(LabelError) -> LabelImage {
    do throws(VideoError) { return label(try StillImage(path: path)) } catch {
      throw failure(error)
    }
  }

  /// Decodes the picture whose file has these bytes.
  public func decode(_ data: Data, path: String) throws(LabelError) -> LabelImage {
    do throws(VideoError) {
      return label(try StillImage(decoding: data, path: path))
    } catch { throw failure(error) }
  }

  /// The size of the picture in the file at `path`.
  public func size(path: String) throws(LabelError) -> (width: Int, height: Int) {
    do throws(VideoError) { return try StillImage.size(path: path) } catch { throw failure(error) }
  }

  /// Encodes a picture as PNG.
  public func encodePNG(_ image: LabelImage, path: String) throws(LabelError) -> Data {
    try encode(image, as: .png, path: path)
  }

  /// Encodes a picture as uncompressed TIFF.
  public func encodeTIFF(_ image: LabelImage, path: String) throws(LabelError) -> Data {
    try encode(image, as: .tiff, path: path)
  }

  private func encode(
    _ image: LabelImage, as type: StillImage.FileType, path: String
  ) throws(LabelError) -> Data {
    guard let picture = still(image) else {
      throw LabelError(
        .unwritable, path: path,
        "a label image of \(image.width)x\(image.height) with these values cannot be made")
    }
    do throws(VideoError) { return try picture.encoded(as: type, path: path) } catch {
      throw LabelError(.unwritable, path: path, error.reason)
    }
  }

  private func label(_ image: StillImage) -> LabelImage {
    let (width, height) = (image.width, image.height)
    switch image.content {
    case .indices(let palette):
      return LabelImage(
        width: width, height: height, content: .palette(palette), samples: image.samples)
    case .grey8:
      return LabelImage(
        width: width, height: height, content: .grey(bits: 8), samples: image.samples)
    case .grey16:
      return LabelImage(
        width: width, height: height, content: .grey(bits: 16), samples: image.samples)
    case .colours:
      let samples = image.samples
      let colors = (0..<width * height).map { pixel in
        samples[3 * pixel..<3 * pixel + 3].reduce(0) { $0 << 8 | UInt32($1) }
      }
      return LabelImage(
        width: width, height: height, content: .color, samples: [], colors: colors)
    }
  }

  private func still(_ image: LabelImage) -> StillImage? {
    let (content, samples): (StillImage.Content, [UInt16])
    switch image.content {
    case .palette(let palette): (content, samples) = (.indices(palette: palette), image.samples)
    case .grey(let bits): (content, samples) = (bits > 8 ? .grey16 : .grey8, image.samples)
    case .color:
      content = .colours
      samples = image.colors.flatMap { color in
        [16, 8, 0].map { UInt16(color >> $0 & 0xFF) }
      }
    }
    return StillImage(
      width: image.width, height: image.height, content: content, samples: samples)
  }

  private func failure(_ error: VideoError) -> LabelError {
    let isUnreadable = error.code == .notFound || error.code == .unreadable
    return LabelError(isUnreadable ? .unreadable : .damaged, path: error.path, error.reason)
  }
}
