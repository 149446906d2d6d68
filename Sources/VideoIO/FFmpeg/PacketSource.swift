internal import CFFmpeg
internal import Foundation
internal import Timeline

/// Where packets come from: a video file or a row of images.
enum PacketSource: ~Copyable {
  case file(Demuxer)
  case images(ImageFeed)

  /// Finds out what `path` names and opens it.
  static func open(path: String, imagesPerSecond: Double) throws(VideoError) -> PacketSource {
    _ = FFmpeg.quiet
    guard !path.isEmpty else {
      throw VideoError(.notFound, path: path, reason: "the path is empty; name a video")
    }
    if let images = try ImageSequence.find(path: path) {
      return .images(try ImageFeed.open(images, path: path, timeBase: clock(imagesPerSecond)))
    }
    let files = FileManager.default
    guard files.fileExists(atPath: path) else {
      throw VideoError(
        .notFound, path: path, reason: "there is no such file or folder; check the path")
    }
    guard files.isReadableFile(atPath: path) else {
      throw VideoError(
        .unreadable, path: path, reason: "the file may not be read; check its permissions")
    }
    let attributes = try? files.attributesOfItem(atPath: path)
    if attributes?[.type] as? FileAttributeType == .typeRegular,
      (attributes?[.size] as? NSNumber)?.intValue == 0
    {
      throw VideoError(
        .notAVideo, path: path, reason: "the file is empty; copy or download it again")
    }
    return .file(try Demuxer.open(path: path))
  }

  /// What the header says.
  var info: VideoInfo {
    switch self {
    case .file(let demuxer): demuxer.info
    case .images(let feed): feed.info
    }
  }

  /// The number of images, nil for a video file.
  var imageCount: Int? {
    switch self {
    case .file: nil
    case .images(let feed): feed.count
    }
  }

  /// Reads the next packet, which is number `index` of the source.
  func read(_ index: Int, into packet: borrowing Packet) -> PacketRead {
    switch self {
    case .file(let demuxer): demuxer.read(into: packet)
    case .images(let feed): feed.read(index, into: packet)
    }
  }

  /// Opens a decoder; `codec` chooses among the codecs of a folder that mixes them.
  func decoder(threads: Int, codec: AVCodecID? = nil) throws(VideoError) -> Decoder {
    switch self {
    case .file(let demuxer): return try demuxer.decoder(threads: threads)
    case .images(let feed): return try feed.decoder(for: codec ?? feed.codec, threads: threads)
    }
  }

  /// A clock that ticks once an image.
  private static func clock(_ rate: Double) -> TimeBase {
    guard rate.isFinite, rate > 0 else { return TimeBase(1, 25) }
    let fraction = av_d2q(1 / rate, 1_000_000)
    return FFmpeg.timeBase(fraction) ?? TimeBase(1, 25)
  }
}
