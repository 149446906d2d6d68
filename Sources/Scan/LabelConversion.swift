public import Annotations
import Foundation
import Timeline
import VideoIO

/// Labels on their way from one format into another.
public struct LabelConversion: Sendable {
  /// The file or folder to read, and its format where it is forced: `task.xml:cvat`.
  public var input: String
  /// The file or folder to write, and its format where its name does not tell: `out.json:coco`.
  public var output: String
  /// What the labels are taken for.
  public var kind: ReadOptions.Kind
  /// The video that the labels belong to; nil where the formats need nothing of it.
  public var video: String?
  /// The size of the picture where there is no video; nil where it is not needed.
  public var size: (width: Int, height: Int)?
  /// Frames per second where there is no video; nil where they are not needed.
  public var frameRate: Double?

  /// Creates a conversion.
  public init(
    input: String, output: String, kind: ReadOptions.Kind = .labels, video: String? = nil,
    size: (width: Int, height: Int)? = nil, frameRate: Double? = nil
  ) {
    self.input = input
    self.output = output
    self.kind = kind
    self.video = video
    self.size = size
    self.frameRate = frameRate
  }

  /// What a conversion did.
  public struct Summary: Sendable {
    /// The path and the id of the format that was read.
    public let input: (path: String, format: String)
    /// The path and the id of the format that was written.
    public let output: (path: String, format: String)
    /// The number of videos, tracks and instances that were read.
    public let counts: (videos: Int, tracks: Int, instances: Int)
    /// What was read and what could not be.
    public let report: ReadReport
    /// What the new format cannot carry.
    public let losses: LossReport
  }

  /// Reads the labels and writes them anew.
  ///
  /// - Throws: A ``ScanError`` where the call is wrong, the input cannot be read, or the output
  ///   cannot be written; the output is then as it was.
  public func run() throws(ScanError) -> Summary {
    let source = try SourceRequest.fileAndFormat(input, option: "the input")
    let target = try SourceRequest.fileAndFormat(output, option: "the output")
    let format = try Self.format(named: target.format, path: target.path)
    for (read, what) in [(source.path, "input"), (video ?? "", "video")]
    where !read.isEmpty && isSameFile(read, target.path) {
      throw ScanError(.call, "\(target.path) is the \(what) as well; name another output")
    }
    guard video == nil || size == nil else {
      throw ScanError(.call, "the video tells its size; leave --size out")
    }
    let hint = try hint()
    let images = FFmpegLabelImages()
    do throws(LabelError) {
      var dataset = try LabelFormats.read(
        path: source.path, format: source.format,
        options: ReadOptions(kind: kind, videos: hint.map { [$0] } ?? [], images: images))
      let counts = (
        dataset.videos.count, dataset.videos.reduce(0) { $0 + $1.tracks.count },
        dataset.videos.reduce(0) { $0 + $1.instanceCount }
      )
      complete(&dataset.videos, with: hint)
      let losses = try LabelFormats.write(
        dataset, as: format, to: target.path, options: WriteOptions(images: images))
      return Summary(
        input: (source.path, dataset.format), output: (target.path, format.id), counts: counts,
        report: dataset.report, losses: losses)
    } catch {
      throw ScanError(.labels, error.description)
    }
  }

  // A video completes its own labels only; what the call says holds for all.
  private func complete(_ videos: inout [VideoAnnotations], with hint: VideoHint?) {
    let isAlone = videos.count == 1
    for place in videos.indices {
      if videos[place].frameRate == nil { videos[place].frameRate = frameRate }
      guard let hint else { continue }
      let name = videos[place].name.map { stem(fileName($0)) }
      if isAlone || hint.name.isEmpty || name == stem(hint.name) {
        videos[place].complete(with: hint)
      }
    }
  }

  /// The format to write: the one that was named, else the only one whose files end so.
  private static func format(
    named id: String?, path: String
  ) throws(ScanError) -> any WritableFormat.Type {
    let writable = LabelFormats.writable
    if let id {
      if let format = writable.first(where: { $0.id == id }) { return format }
      throw ScanError(
        .call, "the format \(id) can only be read; `continuity formats` lists what can be written")
    }
    let ending = (path as NSString).pathExtension.lowercased()
    let fitting = writable.filter { format in
      if case .file(ending) = format.capabilities.output { true } else { false }
    }
    if fitting.count == 1 { return fitting[0] }
    let choice = fitting.isEmpty ? "" : " (\(fitting.map { ":" + $0.id }.joined(separator: ", ")))"
    throw ScanError(
      .call, "\(path) does not tell the format to write; name one after a colon\(choice)")
  }

  /// What the video says, or the call in its place.
  private func hint() throws(ScanError) -> VideoHint? {
    guard let video else {
      return size.map {
        VideoHint(name: "", width: $0.width, height: $0.height, frameRate: frameRate)
      }
    }
    do throws(VideoError) {
      let scan = try FrameScanner.packetScan(path: video, imagesPerSecond: frameRate ?? 25)
      var hint = VideoHint(name: fileName(video), scan.info, rate: frameRate)
      hint.frameCount = scan.table.count
      let table = scan.table
      hint.frameTimes = {
        table.ticks.isEmpty ? nil : (0..<table.count).map { table.seconds(at: $0) }
      }
      return hint
    } catch {
      throw ScanError(.video, error.description)
    }
  }
}

extension VideoAnnotations {
  /// Takes from the video what the labels do not say.
  fileprivate mutating func complete(with hint: VideoHint) {
    if width == nil || height == nil { (width, height) = (hint.width, hint.height) }
    if frameRate == nil { frameRate = hint.frameRate }
    if frameCount == nil { frameCount = hint.frameCount }
    if name == nil, !hint.name.isEmpty { name = hint.name }
  }
}
