import Foundation
import Testing
import Timeline
import VideoIO

/// Every frame of every clip: counted as ffprobe counts it, and read by its index as in sequence.
///
/// The truth is ffprobe's full decode, run here. With `CONTINUITY_LEDGER` in the environment the
/// tests print a line a clip: ffprobe's count, ours, whether times, key flags and frames read by
/// index are equal, and whether the seeker starts at key frames or at the first frame.
@Suite(.enabled(if: FFmpegPrograms.areThere, "needs the programs ffmpeg and ffprobe"))
struct LedgerTests {
  @Test("Clips that ffmpeg makes", arguments: ClipFamily.all)
  func madeClips(family: ClipFamily) throws {
    let folder = try ScratchFolder()
    for name in try family.make(in: folder) {
      try check("\(family.name)/\(name)", path: "\(folder.path)/\(name)")
    }
  }

  @Test("The committed clips", arguments: Clips.names)
  func committedClip(name: String) throws {
    try check("clips/\(name)", path: Clips.path(name))
  }

  // Skipped where the folder of real videos (CONTINUITY_DATA) is missing.
  @Test(
    "Real videos", .enabled(if: RealData.isThere, "needs the real videos of CONTINUITY_DATA"),
    arguments: RealVideo.all.map(\.name).filter { $0.hasPrefix("video-oddities") })
  func realVideo(name: String) throws {
    try check(name, path: RealData.path(name))
  }

  @Test("Images with gaps in their numbers", arguments: ["png", "jpg", "tif"])
  func images(ending: String) throws {
    let folder = try ScratchFolder()
    try FFmpegPrograms.run(
      "ffmpeg",
      ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=96x64:rate=25", "-frames:v", "14"]
        + ["\(folder.path)/%04d.\(ending)"])
    for number in [2, 7, 8] {
      try FileManager.default.removeItem(
        at: folder.url.appending(path: String(format: "%04d.%@", number, ending)))
    }
    try check(
      "images/*.\(ending)", path: folder.path,
      probed: ["-f", "image2", "-pattern_type", "glob", "\(folder.path)/*.\(ending)"])
  }

  private func check(_ name: String, path: String, probed: [String]? = nil) throws {
    let truth = try ProbedFrames(probed ?? [path])
    let scan = try FrameScanner.scan(path: path, threads: 0)
    let table = scan.table
    #expect(table.count == truth.ticks.count, "\(name)")
    #expect(scan.report.packetsRead == truth.packets, "\(name)")
    let isCut =
      name.contains("cut-within") || name.hasSuffix("cut-between.mkv")
      || name.hasSuffix("cut.avi") || name.contains("truncated")
    #expect(scan.report.isTruncated == isCut, "\(name)")
    let areKeys = table.keyFlags == truth.keyFlags
    #expect(areKeys, "\(name)")
    // Where the clock falls back, later times are moved along; the rest is printed as it is.
    let fall = truth.ticks.indices.dropLast().first { frame in
      (truth.ticks[frame + 1] ?? .max) < (truth.ticks[frame] ?? .min)
    }
    let known = zip(table.ticks, truth.ticks).prefix(fall.map { $0 + 1 } ?? .max)
    let areTimes = known.allSatisfy { $0.1 == nil || $0.0 == $0.1 }
    #expect(areTimes, "\(name)")
    #expect((fall == nil) == (scan.report.repairedTicks == 0), "\(name)")

    let hashes = try sequentialHashes(path)
    #expect(hashes.count == table.count, "\(name)")
    var seeker = try FrameSeeker.open(path: path, table: table, report: scan.report)
    var wrong: [FrameIndex] = []
    for index in order(table, isDirect: seeker.reachesDirectly) where hashes.indices.contains(index)
    {
      let frame = try seeker.frame(at: index)
      if frame.index != index || hash(frame) != hashes[index] { wrong.append(index) }
    }
    #expect(wrong.isEmpty, "\(name)")
    if ProcessInfo.processInfo.environment["CONTINUITY_LEDGER"] != nil {
      let marks = [areTimes, areKeys, wrong.isEmpty].map { $0 ? "yes" : "NO" }
      let way = seeker.reachesDirectly ? "key frames" : "first frame"
      print(
        "ledger | \(name) | \(truth.ticks.count) | \(table.count) | "
          + marks.joined(separator: " | ") + " | \(way) |")
    }
  }

  /// Every frame, the last group of pictures first, and some frames out of any order.
  ///
  /// Where every way back leads over the first frame, the last frame goes before all.
  private func order(_ table: FrameTable, isDirect: Bool) -> [FrameIndex] {
    guard isDirect else { return [table.count - 1] + Array(0..<table.count) }
    var keys = table.keyFlags.indices.filter { table.keyFlags[$0] }
    if keys.first != 0 { keys.insert(0, at: 0) }
    let groups = zip(keys, keys.dropFirst() + [table.count]).map { Array($0..<$1) }
    var order = groups.reversed().flatMap { $0 }
    var state: UInt64 = 7
    for _ in 0..<8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      order.append(Int(state >> 33) % max(1, table.count))
    }
    return order
  }

  private func sequentialHashes(_ path: String) throws -> [UInt64] {
    var reader = try VideoReader.open(path: path, threads: 1)
    var hashes: [UInt64] = []
    while let frame = try reader.next() { hashes.append(hash(frame)) }
    return hashes
  }

  /// The 64-bit FNV-1a hash of the brightness, with the size.
  private func hash(_ frame: borrowing VideoFrame) -> UInt64 {
    frame.withLuma { plane in
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(plane.width << 20 | plane.height)
      for y in 0..<plane.height {
        plane.withRow(y) { row in
          for x in row.indices { hash = (hash ^ UInt64(row[x])) &* 0x100_0000_01B3 }
        }
      }
      return hash
    }
  }
}

/// What `ffprobe -count_packets -show_frames` prints of the first stream of moving pictures.
struct ProbedFrames {
  var ticks: [Int64?] = []
  var keyFlags: [Bool] = []
  var packets = 0

  init(_ input: [String]) throws {
    let text = try FFmpegPrograms.run(
      "ffprobe",
      ["-v", "quiet", "-select_streams", "V:0", "-count_packets", "-of", "compact"]
        + ["-show_entries", "frame=key_frame,best_effort_timestamp:stream=nb_read_packets"] + input)
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "|")
      func value(_ key: String) -> Substring? {
        fields.first { $0.hasPrefix(key + "=") }?.dropFirst(key.count + 1)
      }
      if fields.first == "frame" {
        ticks.append(value("best_effort_timestamp").flatMap { Int64($0) })
        keyFlags.append(value("key_frame") == "1")
      } else if fields.first == "stream" {
        packets = value("nb_read_packets").flatMap { Int($0) } ?? 0
      }
    }
  }
}
