import Annotations
import Foundation
import Scan

/// A folder of label images drawn as text: `.` is 0, other characters stand for values.
struct DrawnLabels {
  private let files: LabelText

  /// The folder.
  var path: String { files.folder.path }

  /// Begins a folder with one text file in it.
  init(_ text: String = "", name: String = "readme.md") throws {
    files = try LabelText(text, name: name)
  }

  /// Adds a palette PNG.
  func palette(_ name: String, _ rows: [String], _ values: [Character: UInt16]) throws {
    let palette = (0..<256).map { UInt32($0) << 8 | 0xFF }
    try add(name, image(rows, values, .palette(palette)))
  }

  /// Adds a grey picture of 16 or 8 bits, TIFF where the name says so.
  func grey(_ name: String, _ rows: [String], _ values: [Character: UInt16], bits: Int = 16) throws
  {
    try add(name, image(rows, values, .grey(bits: bits)))
  }

  /// Adds any bytes.
  func add(_ name: String, _ bytes: Data) throws { try files.write(bytes, name: name) }

  /// Adds text.
  func add(_ name: String, _ text: String) throws { try files.write(text, name: name) }

  private func add(_ name: String, _ image: LabelImage) throws {
    let images = FFmpegLabelImages()
    try add(
      name,
      name.hasSuffix(".tif")
        ? images.encodeTIFF(image, path: name) : images.encodePNG(image, path: name))
  }

  private func image(
    _ rows: [String], _ values: [Character: UInt16], _ content: LabelImage.Content
  ) -> LabelImage {
    LabelImage(
      width: rows[0].count, height: rows.count, content: content,
      samples: rows.joined().map { values[$0] ?? 0 })
  }

  /// Reads a file or folder in it, as the format that recognises it, and removes everything.
  func read(
    _ name: String = "", _ options: ReadOptions = ReadOptions(), as format: String? = nil
  ) throws -> Dataset {
    defer { remove() }
    var options = options
    options.images = options.images ?? FFmpegLabelImages()
    let path = files.folder.appendingPathComponent(name).path
    return try LabelFormats.read(path: path, format: format, options: options)
  }

  /// The sentence of the error that reading gives; nil where there is none.
  func error(_ name: String = "", as format: String? = nil) -> String? {
    do {
      _ = try read(name, as: format)
      return nil
    } catch { return (error as? LabelError)?.reason }
  }

  /// Removes the folder.
  func remove() { files.remove() }

  /// The pixels of a track in a frame as rows of `#`.
  static func rows(
    _ video: VideoAnnotations, _ track: String, _ frame: Int, width: Int, height: Int
  ) -> [String]? {
    let instance = video.tracks.first { $0.id == track }?.instance(at: frame)
    guard case .mask(let mask)? = instance?.shape else { return nil }
    return PixelRows.rows(mask, width: width, height: height)
  }
}
