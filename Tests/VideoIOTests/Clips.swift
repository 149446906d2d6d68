import Foundation
import VideoIO

/// The committed clips, and what ffprobe said of them when they were rendered.
enum Clips {
  static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func path(_ name: String) -> String {
    package.appending(path: "Fixtures/clips/\(name)").path
  }

  /// One clip's entry in `ffprobe.json`.
  struct Facts: Decodable {
    struct Stream: Decodable {
      let codecName: String
      let pixFmt: String
      let width: Int
      let height: Int
      let timeBase: String
      let nbFrames: String?
      let startPts: Int64?
    }
    let frames: [[Int64?]]
    let stream: Stream
    let rotation: Int
    let packets: Int
    let hidden: Int
    let luma: [UInt32]

    /// The ticks ffprobe prints; nil where it prints none.
    var ticks: [Int64?] { frames.map { $0[0] } }
    var keyFlags: [Bool] { frames.map { $0[1] == 1 } }
    var sizes: [[Int64?]] { frames.map { [$0[2], $0[3]] } }
  }

  static func facts() throws -> [String: Facts] {
    let data = try Data(contentsOf: package.appending(path: "Fixtures/clips/ffprobe.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode([String: Facts].self, from: data)
  }

  static func facts(_ name: String) throws -> Facts {
    guard let facts = try facts()[name] else { throw CocoaError(.fileNoSuchFile) }
    return facts
  }

  /// The clips that ffprobe describes.
  static let names = [
    "black-frozen.mp4", "cfr-bframes.mp4", "clock-restart.ts", "cuts.mp4", "damaged.ts",
    "hidden-lead.mp4", "late-start.mp4", "no-pts.avi", "ntsc.mp4", "odd-size.mkv", "one-frame.mp4",
    "rotated-270.mp4", "rotated-90.mp4", "size-change.ts", "ten-bit-full.mkv", "truncated.mkv",
    "truncated.mp4", "truncated.ts", "vfr.mp4",
  ]
}

/// The real videos that are not part of the package.
enum RealData {
  static let folder: URL = {
    let named = ProcessInfo.processInfo.environment["CONTINUITY_DATA"]
    return named.map { URL(filePath: $0) }
      ?? Clips.package.deletingLastPathComponent().appending(path: "shared/data")
  }()

  static let isThere = FileManager.default.fileExists(
    atPath: folder.appending(path: "video-oddities").path)

  static func path(_ name: String) -> String { folder.appending(path: name).path }
}

/// What a test keeps of a frame.
struct SeenFrame: Equatable {
  let index: Int
  let ticks: Int64
  let duration: Int64
  let isKey: Bool
  let isCorrupt: Bool
  let width: Int
  let height: Int
  let luma: [UInt8]
  let isFullRange: Bool
}

/// A whole video as a test sees it.
struct SeenVideo {
  var frames: [SeenFrame] = []
  var info: VideoInfo
  var report: DecodeReport

  /// Reads all frames; `keepsLuma` copies the pixels too.
  init(_ path: String, threads: Int = 1, keepsLuma: Bool = false) throws {
    var reader = try VideoReader.open(path: path, threads: threads)
    info = reader.info
    while let frame = try reader.next() {
      var luma: [UInt8] = []
      let isFullRange = frame.withLuma { plane in
        for y in 0..<(keepsLuma ? plane.height : 0) {
          plane.withRow(y) { row in for x in row.indices { luma.append(row[x]) } }
        }
        return plane.isFullRange
      }
      frames.append(
        SeenFrame(
          index: frame.index, ticks: frame.ticks, duration: frame.duration,
          isKey: frame.isKeyFrame, isCorrupt: frame.isCorrupt, width: frame.width,
          height: frame.height, luma: luma, isFullRange: isFullRange))
    }
    report = reader.report
  }
}

/// A folder that a test fills and that is removed afterwards.
final class ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "video-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var path: String { url.path }

  func write(_ name: String, _ data: Data) throws -> String {
    let file = url.appending(path: name)
    try data.write(to: file)
    return file.path
  }

  func copy(_ clip: String, as name: String) throws {
    try FileManager.default.copyItem(
      at: URL(filePath: Clips.path(clip)), to: url.appending(path: name))
  }
}

/// The CRC-32 of zlib, with which `ffprobe.json` stores luma planes.
func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~UInt32(0)) { crc, byte in
    var value = crc ^ UInt32(byte)
    for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    return value
  }
}
