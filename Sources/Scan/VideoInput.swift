import Annotations
import Timeline
import VideoIO

/// One video of a scan before it is opened.
struct VideoInput {
  /// The name in findings, unique within the scan.
  var name: String
  /// What the video reader opens; nil for a sequence whose images are not there.
  var path: String?
  /// The path as it was given.
  var argument: String
  /// Frames per second as the folder states it; nil where it does not.
  var frameRate: Double?
  /// The number of frames as the folder states it; nil where it does not.
  var frameCount: Int?
  /// The number of frames as the header states it, or as its length and rate make it; nil where it
  /// states neither, and before the video is opened.
  var expectedFrames: Int?
  /// What readers of labels may ask of the video; nil before it is opened.
  var hint: VideoHint?

  /// The names under which label files may speak of the video.
  var stems: [String] {
    let name = fileName(argument)
    // A printf pattern has no name of its own: people name such a clip after its folder.
    guard name.contains("%") else { return [stem(name), name] }
    return [components(argument).dropLast().last ?? name]
  }

  /// Opens the video and closes it again, to refuse what is no video before any work.
  ///
  /// Returns what is worth knowing about its frames, one sentence each.
  mutating func open() throws(ScanError) -> [String] {
    guard let path else { return [] }
    do throws(VideoError) {
      let info = try VideoReader.open(path: path, threads: 1).info
      expectedFrames = info.headerFrameCount ?? info.statedLength
      hint = VideoHint(name: name, info, rate: frameRate)
      return ImageNumbering(info.imageNames).remarks.map { "\(name): \($0)" }
    } catch {
      throw ScanError(.video, error.description)
    }
  }

  /// Turns the arguments of a call into videos, and the parts of sequence folders into sources.
  ///
  /// A source that the call names itself stands before the same source of a sequence folder.
  static func inputs(
    _ arguments: [String], requested: [SourceRequest]
  ) throws(ScanError) -> (videos: [VideoInput], brought: [(request: SourceRequest, video: Int)]) {
    var videos: [VideoInput] = []
    var brought: [(request: SourceRequest, video: Int)] = []
    let taken = Set(requested.map(\.name))
    for argument in arguments {
      let place = videos.count
      guard let sequence = SequenceFolder(path: argument) else {
        videos.append(VideoInput(name: fileName(argument), path: argument, argument: argument))
        continue
      }
      videos.append(
        VideoInput(
          name: fileName(argument), path: sequence.images, argument: argument,
          frameRate: sequence.frameRate, frameCount: sequence.frameCount))
      if let labels = sequence.labels, !taken.contains("labels") {
        brought.append(
          (SourceRequest(name: "labels", kind: .labels, path: labels, format: "mot"), place))
      }
      if let detections = sequence.detections, !taken.contains("det") {
        brought.append(
          (SourceRequest(name: "det", kind: .predictions, path: detections, format: "mot"), place))
      }
    }
    try distinguish(&videos)
    return (videos, brought)
  }

  // Videos of one file name get as many parent folders into their name as tell them apart.
  private static func distinguish(_ videos: inout [VideoInput]) throws(ScanError) {
    let parts = videos.map { components($0.argument) }
    for (i, a) in parts.enumerated() {
      for (j, b) in parts.enumerated().dropFirst(i + 1) where a == b {
        throw ScanError(.call, "\(videos[j].argument) is given twice; name every video once")
      }
    }
    for i in videos.indices {
      let twins = parts.indices.filter { $0 != i && parts[$0].last == parts[i].last }
      guard !twins.isEmpty else { continue }
      let length = (2...max(2, parts[i].count)).first { length in
        twins.allSatisfy { parts[$0].suffix(length) != parts[i].suffix(length) }
      }
      videos[i].name = parts[i].suffix(length ?? parts[i].count).joined(separator: "/")
    }
  }
}

extension VideoHint {
  /// What the header of a video says; the size is the shown one, after its rotation.
  init(name: String, _ info: VideoInfo, rate: Double?) {
    let isTurned = info.rotation % 180 != 0
    let path = info.path
    self.init(
      name: name, width: isTurned ? info.height : info.width,
      height: isTurned ? info.width : info.height, frameRate: rate ?? info.nominalFrameRate
    ) {
      guard let table = try? FrameScanner.packetScan(path: path).table, !table.ticks.isEmpty else {
        return nil
      }
      return (0..<table.count).map { table.seconds(at: $0) }
    }
  }
}

extension VideoInfo {
  /// The frames that fit the stated length at the stated rate.
  fileprivate var statedLength: Int? {
    guard let headerDuration, let nominalFrameRate else { return nil }
    return Int(exactly: (headerDuration * nominalFrameRate).rounded())
  }
}
