import Foundation

/// What a MOT Challenge sequence says about itself in its `seqinfo.ini`; every entry may be missing.
public struct SequenceInfo: Sendable {
  /// The name of the sequence.
  public private(set) var name: String?
  /// The folder of the images, as spelled.
  public private(set) var imageFolder: String?
  /// The width of a frame in pixels.
  public private(set) var width: Int?
  /// The height of a frame in pixels.
  public private(set) var height: Int?
  /// The number of frames.
  public private(set) var frameCount: Int?
  /// Frames per second.
  public private(set) var frameRate: Double?

  /// No `seqinfo.ini` is longer; more is not read.
  private static let maximumSize = 65_536

  /// Reads the file at `path`; nil where it cannot be read. Numbers that are none are left out.
  public init?(path: String) {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    guard let data = try? handle.read(upToCount: Self.maximumSize) else { return nil }
    for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let value = parts[1].trimmingCharacters(in: .whitespaces)
      let count = Int(value).flatMap { $0 > 0 && $0 <= 1_000_000_000 ? $0 : nil }
      // Real files mix `imDir` and `imdir`.
      switch parts[0].trimmingCharacters(in: .whitespaces).lowercased() {
      case "name": name = value.isEmpty ? nil : value
      case "imdir": imageFolder = value.isEmpty ? nil : value
      case "framerate":
        frameRate = Double(value).flatMap { $0.isFinite && $0 > 0 && $0 <= 10_000 ? $0 : nil }
      case "seqlength": frameCount = count
      case "imwidth": width = count
      case "imheight": height = count
      default: break
      }
    }
  }
}
