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
  var codec: String
  var container: String
  var corrupt_frames: Int
  var corrupt_packets: Int
  var discarded_packets: Int
  var duration: Double
  var frame_count: Int
  var frame_rate: Double
  var header_frame_count: Int?
  var height: Int
  var key_frames: Int
  var pixel_format: String
  var rotation: Int
  var size_changes: Int
  var start_time: Double
  var time_base: String
  var truncated: Bool
  var variable_frame_rate: Bool
  var width: Int

  init(_ scan: FrameScan) {
    let (info, table, report) = (scan.info, scan.table, scan.report)
    codec = info.codec
    container = info.container
    corrupt_frames = report.corruptFrames
    corrupt_packets = report.corruptPackets
    discarded_packets = report.discardedPackets
    duration = Self.rounded(table.duration)
    frame_count = table.count
    frame_rate = Self.rounded(table.frameRate)
    header_frame_count = info.headerFrameCount
    height = info.height
    key_frames = table.keyFlags.count { $0 }
    pixel_format = info.pixelFormat
    rotation = info.rotation
    size_changes = report.sizeChanges
    start_time = Self.rounded(table.startSeconds)
    time_base = table.timeBase.description
    truncated = report.isTruncated
    variable_frame_rate = table.isVariableFrameRate
    width = info.width
  }

  private static func rounded(_ seconds: Double) -> Double {
    (seconds * 1_000_000).rounded() / 1_000_000
  }

  var text: String {
    var frames = "\(frame_count) shown"
    if let header_frame_count {
      frames +=
        header_frame_count == frame_count
        ? ", as the header says" : "; the header says \(header_frame_count)"
    }
    let turned = rotation == 0 ? "" : ", turned by \(rotation) degrees"
    let rate = variable_frame_rate ? "variable, \(frame_rate) on average" : "\(frame_rate)"
    var damage: [String] = []
    if corrupt_packets > 0 { damage.append(counted(corrupt_packets, "damaged packet")) }
    if corrupt_frames > 0 { damage.append(counted(corrupt_frames, "damaged frame")) }
    if size_changes > 0 { damage.append(counted(size_changes, "change") + " of the size") }
    if truncated { damage.append("the file ends in the middle") }
    return columns([
      ["frames", frames],
      ["size", "\(width)x\(height)\(turned)"],
      ["frame rate", rate],
      ["duration", timeCode(seconds: duration)],
      ["start", timeCode(seconds: start_time)],
      ["time base", time_base],
      ["codec", "\(codec), \(pixel_format), \(counted(key_frames, "key frame"))"],
      ["damage", damage.isEmpty ? "none" : damage.joined(separator: ", ")],
    ])
  }
}
