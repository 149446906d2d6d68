import ArgumentParser
import Quality
import Timeline
import VideoIO

/// `continuity probe`: what a video really is, counted by decoding.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Prints what a video really is, counted by decoding it.")

  @Argument(
    help: ArgumentHelp(
      "A video, a folder of numbered images, or a printf pattern.", valueName: "video"))
  var video: String

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let facts = ProbeFacts(try FrameScanner.scan(path: video))
    let output = StandardOutput()
    output.write(json ? try jsonText(facts) + "\n" : facts.text)
    try output.flush()
  }
}

/// The answer of `probe`; the property names are the keys of its JSON.
private struct ProbeFacts: Encodable {
  var attached_pictures: Int
  var codec: String
  var container: String
  /// Half-open ranges `[start, end]` of the frames that are shown although damaged.
  var corrupt_frame_ranges: [[Int]]
  var corrupt_frames: Int
  var corrupt_packets: Int
  var discarded_packets: Int
  var duration: Double
  var frame_count: Int
  var frame_rate: Double
  var full_range: Bool
  var header_duration: Double?
  var header_frame_count: Int?
  var height: Int
  /// Steps between frames much longer than the median, by the frame before and the seconds.
  var holes: [Hole]
  var interlaced: Bool?
  var key_frames: Int
  /// The most frames from one key frame to the next, or to the end.
  var largest_key_distance: Int
  var longest_step: Double
  var median_step: Double
  var packet_count: Int
  var pixel_format: String
  var rotation: Int
  var shortest_step: Double
  var size_changes: Int
  var start_time: Double
  var time_base: String
  var truncated: Bool
  var untimed_frames: Int
  var variable_frame_rate: Bool
  var video_streams: Int
  var width: Int

  struct Hole: Encodable {
    var after_frame: Int
    var seconds: Double
  }

  init(_ scan: FrameScan) {
    let (info, table, report) = (scan.info, scan.table, scan.report)
    let steps = zip(table.ticks.dropFirst(), table.ticks).map { $0 - $1 }
    let seconds = { (ticks: Int64) in Self.rounded(table.timeBase.seconds(ticks)) }
    attached_pictures = info.attachedPictureCount
    codec = info.codec
    container = info.container
    corrupt_frame_ranges = report.corruptRanges.map { [$0.start, $0.end] }
    corrupt_frames = report.corruptFrames
    corrupt_packets = report.corruptPackets
    discarded_packets = report.discardedPackets
    duration = Self.rounded(table.duration)
    frame_count = table.count
    frame_rate = Self.rounded(table.frameRate)
    full_range = info.isFullRange
    header_duration = info.headerDuration.map(Self.rounded)
    header_frame_count = info.headerFrameCount
    height = info.height
    holes = DroppedFrames.holes(in: table).map {
      Hole(after_frame: $0, seconds: seconds(steps[$0]))
    }
    interlaced = info.isInterlaced
    let keys = table.keyFlags.indices.filter { table.keyFlags[$0] }
    key_frames = keys.count
    let ends = keys.dropFirst() + [table.count]
    largest_key_distance = zip(keys, ends).map { $1 - $0 }.max() ?? table.count
    longest_step = seconds(steps.max() ?? 0)
    median_step = seconds(table.medianStep)
    packet_count = report.packetsRead
    pixel_format = info.pixelFormat
    rotation = info.rotation
    shortest_step = seconds(steps.min() ?? 0)
    size_changes = report.sizeChanges
    start_time = Self.rounded(table.startSeconds)
    time_base = table.timeBase.description
    truncated = report.isTruncated
    untimed_frames = report.framesWithoutPresentationTime
    variable_frame_rate = table.isVariableFrameRate
    video_streams = info.videoStreamCount
    width = info.width
  }

  private static func rounded(_ seconds: Double) -> Double {
    (seconds * 1_000_000).rounded() / 1_000_000
  }

  var text: String {
    let turned = rotation == 0 ? "" : ", turned by \(rotation) degrees"
    let range = full_range ? "full range" : "limited range"
    let weave = interlaced.map { $0 ? ", interlaced" : ", progressive" } ?? ""
    return columns([
      ["frames", countText],
      ["size", "\(width)x\(height)\(turned)"],
      ["frame rate", rateText],
      ["duration", timeCode(seconds: duration)],
      ["start", timeCode(seconds: start_time)],
      ["time base", time_base],
      ["codec", "\(codec), \(pixel_format), \(range)\(weave)"],
      ["key frames", "\(key_frames), at most \(counted(largest_key_distance, "frame")) apart"],
      ["streams", streamText],
      ["holes", holeText],
      ["damage", damageText],
    ])
  }

  private var countText: String {
    var text = "\(frame_count) shown"
    if let header_frame_count {
      text +=
        header_frame_count == frame_count
        ? ", as the header says" : "; the header says \(header_frame_count)"
    }
    if packet_count != frame_count || discarded_packets > 0 {
      text += "; \(counted(packet_count, "packet"))"
    }
    if discarded_packets > 0 { text += ", \(discarded_packets) of them hidden" }
    if untimed_frames > 0 { text += "; \(untimed_frames) without a time of their own" }
    return text
  }

  private var rateText: String {
    guard variable_frame_rate else { return "\(frame_rate)" }
    let steps = [shortest_step, longest_step, median_step].map { "\(($0 * 1000).rounded() / 1000)" }
    return "variable, \(frame_rate) on average; steps of \(steps[0]) to \(steps[1]) s, "
      + "\(steps[2]) s as a rule"
  }

  private var streamText: String {
    var text = counted(video_streams, "video stream")
    if video_streams > 1 { text += ", of which the first is read" }
    if attached_pictures > 0 { text += ", \(counted(attached_pictures, "attached picture"))" }
    return text
  }

  private var holeText: String {
    guard !holes.isEmpty else { return "none" }
    let named = holes.prefix(3).map {
      "\(($0.seconds * 1000).rounded() / 1000) s after frame \($0.after_frame)"
    }
    let rest = holes.count > named.count ? [counted(holes.count - named.count, "other")] : []
    return (named + rest).joined(separator: ", ")
  }

  private var damageText: String {
    var damage: [String] = []
    if corrupt_packets > 0 { damage.append(counted(corrupt_packets, "damaged packet")) }
    if corrupt_frames > 0 {
      let named = corrupt_frame_ranges.prefix(5).map { range in
        range[1] == range[0] + 1 ? "\(range[0])" : "\(range[0]) to \(range[1] - 1)"
      }
      let rest = corrupt_frame_ranges.count > named.count ? ", ..." : ""
      damage.append(
        "\(counted(corrupt_frames, "damaged frame")) (\(named.joined(separator: ", "))\(rest))")
    }
    if size_changes > 0 { damage.append(counted(size_changes, "change") + " of the size") }
    if truncated { damage.append("the file ends in the middle") }
    return damage.isEmpty ? "none" : damage.joined(separator: ", ")
  }
}
