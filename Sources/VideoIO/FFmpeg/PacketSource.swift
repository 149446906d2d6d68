internal import CFFmpeg
import Foundation
import Timeline

/// Where packets come from: a video file or a row of images.
struct PacketSource: ~Copyable {
  /// What the header says.
  let info: VideoInfo
  // One of the two is there.
  private let file: Demuxer?
  private let images: ImageFeed?

  private init(_ file: consuming Demuxer) {
    info = file.info
    self.file = consume file
    images = nil
  }

  private init(_ images: ImageFeed) {
    info = images.info
    file = nil
    self.images = images
  }

  /// Finds out what `path` names and opens it.
  static func open(path: String, imagesPerSecond: Double) throws(VideoError) -> PacketSource {
    _ = FFmpeg.quiet
    guard !path.isEmpty else {
      throw VideoError(.notFound, path: path, reason: "the path is empty; name a video")
    }
    if let images = try ImageSequence.find(path: path) {
      return PacketSource(try ImageFeed.open(images, path: path, timeBase: clock(imagesPerSecond)))
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
    let attributes = try? files.attributesOfItem(
      atPath: URL(filePath: path).resolvingSymlinksInPath().path)
    guard attributes?[.type] as? FileAttributeType == .typeRegular else {
      throw VideoError(
        .notAVideo, path: path,
        reason: "this is a pipe or a device, which cannot be read twice; write the video to a file")
    }
    if (attributes?[.size] as? NSNumber)?.intValue == 0 {
      throw VideoError(
        .notAVideo, path: path, reason: "the file is empty; copy or download it again")
    }
    return PacketSource(try Demuxer.open(path: path))
  }

  /// The number of images, nil for a video file.
  var imageCount: Int? { images?.count }

  /// Reads the next packet, which is number `index` of the source.
  func read(_ index: Int, into packet: borrowing Packet) -> PacketRead {
    switch file {
    case .some(let file): file.read(into: packet)
    case .none: images?.read(index, into: packet) ?? .end(isCutOff: false)
    }
  }

  /// How packets tell where a decoder may start; nil for images, of which each is a start.
  var entry: StreamEntry? {
    switch file {
    case .some(let file): file.entry
    case .none: nil
    }
  }

  /// Goes to a packet at or before `tick`; false where the container cannot, and for images.
  func seek(to tick: Int64) -> Bool {
    switch file {
    case .some(let file): file.seek(to: tick)
    case .none: false
    }
  }

  /// Opens a decoder; `codec` chooses among the codecs of a folder that mixes them.
  func decoder(threads: Int, codec: AVCodecID? = nil) throws(VideoError) -> Decoder {
    if let images { return try images.decoder(for: codec ?? images.codec, threads: threads) }
    switch file {
    case .some(let file): return try file.decoder(threads: threads)
    case .none: preconditionFailure("A source is a file or images.")
    }
  }

  /// A clock that ticks once an image.
  private static func clock(_ rate: Double) -> TimeBase {
    guard rate.isFinite, rate > 0 else { return TimeBase(1, 25) }
    let fraction = av_d2q(1 / rate, 1_000_000)
    return FFmpeg.timeBase(fraction) ?? TimeBase(1, 25)
  }
}
