import Foundation
import Quality
import ReviewStore
import Synchronization
import Testing
import Timeline
import VideoIO

@testable import Scan

/// Values go to the store while the video is decoded, in batches of 500 frames.
@Suite struct StreamingTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// The fixture of 50 frames over and over, as a transport stream that can be cut anywhere.
  private func longClip(rounds: Int, as name: String) throws -> String {
    let clip = Workspace.clips.appendingPathComponent("cfr-bframes.mp4").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["ffmpeg", "-v", "error", "-stream_loop", "\(rounds - 1)", "-i", clip, "-c", "copy"]
      + [workspace.file(name)]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return workspace.file(name)
  }

  /// Overwrites a piece of a file.
  private func damage(_ path: String, at share: Double, bytes: Int) throws {
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    let size = try handle.seekToEnd()
    try handle.seek(toOffset: UInt64(Double(size) * share))
    try handle.write(contentsOf: Data(repeating: 0xA5, count: bytes))
    try handle.close()
  }

  /// What one thread without any store measures.
  private func measured(_ path: String) throws -> [String: MetricColumn] {
    var reader = try VideoReader.open(path: path, threads: 1)
    var measurement = FrameMeasurement(FrameMetrics.all)
    var columns = FrameMetrics.all.map { _ in MetricColumn() }
    var row: [MetricValue] = []
    while let frame = try reader.next() {
      measurement.measure(frame, into: &row)
      for (place, value) in row.enumerated() { columns[place].append(value) }
    }
    return Dictionary(uniqueKeysWithValues: zip(FrameMetrics.all.map { $0.info.id }, columns))
  }

  private func stored(_ video: String) throws -> [String: MetricColumn] {
    let store = try ReviewStore.openExisting(path: workspace.file("store.sqlite"))
    let series = Set(SeriesMetrics.all.map { $0.info.id })
    return try store.frameMetrics(ofVideo: video).filter { !series.contains($0.key) }
  }

  @Test func `Values of several batches are all there`() throws {
    let video = try longClip(rounds: 25, as: "long.ts")
    let summary = try workspace.scan([video])
    #expect(summary.videos.map(\.frameCount) == [1250])
    #expect(try stored("long.ts") == measured(video))
  }

  @Test func `A video that starts anew in the middle replaces what was written`() throws {
    let video = try longClip(rounds: 25, as: "damaged.ts")
    try damage(video, at: 0.8, bytes: 1500)
    let frames = Mutex<[Int]>([])
    var request = ScanRequest(videos: [video], store: workspace.file("store.sqlite"))
    request.jobs = 1
    let summary = try Scan.run(request) { progress in
      frames.withLock { $0.append(progress.frames) }
    }
    // More than one batch was on its way when the damage showed.
    let falls = frames.withLock { frames in
      zip(frames, frames.dropFirst()).filter { $0 > $1 }.map(\.0)
    }
    #expect(falls.count == 1)
    #expect(try #require(falls.first) > 500)
    let expected = try measured(video)
    #expect(summary.videos.map(\.frameCount) == [expected["luma-mean"]?.count])
    #expect(try stored("damaged.ts") == expected)
  }

  @Test func `A video that cannot be decoded leaves the store as it was`() throws {
    let video = try workspace.copyClip("cfr-bframes.mp4", as: "clip.mp4")
    _ = try workspace.scan([video])
    let before = try stored("clip.mp4")
    #expect(before["luma-mean"]?.count == 50)
    try wipePictures(video)
    let error = #expect(throws: ScanError.self) { try workspace.scan([video]) }
    #expect(error?.code == .video)
    #expect(try stored("clip.mp4") == before)
    let store = try ReviewStore.openExisting(path: workspace.file("store.sqlite"))
    #expect(try store.unfinishedRun()?.inputs == [video])
  }

  /// Overwrites the pictures of an MP4 file and leaves its header.
  private func wipePictures(_ path: String) throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    let box = try #require(data.range(of: Data("mdat".utf8)))
    let start = box.lowerBound - 4
    let size = data[start..<box.lowerBound].reduce(0) { $0 << 8 | Int($1) }
    data.replaceSubrange(
      box.upperBound..<start + size,
      with: Data(repeating: 0xA5, count: start + size - box.upperBound))
    try data.write(to: URL(fileURLWithPath: path))
  }

  @Test func `Of several videos that fail the first is named, however many run at a time`() throws {
    var videos = [try longClip(rounds: 10, as: "sound.ts")]
    for name in ["b.mp4", "c.mp4", "d.mp4"] {
      videos.append(try workspace.copyClip("cfr-bframes.mp4", as: name))
      try wipePictures(videos[videos.count - 1])
    }
    for jobs in [1, 2, 4] {
      let error = #expect(throws: ScanError.self) {
        try workspace.scan(videos) { $0.jobs = jobs }
      }
      #expect(error?.description.hasPrefix(videos[1]) == true)
    }
  }

  @Test func `A scan that measures more on request keeps the rest`() throws {
    let video = try workspace.copyClip("cfr-bframes.mp4")
    let ids = FrameMetrics.onRequest.prefix(2).map { $0.info.id }
    _ = try workspace.scan([video]) { $0.chosenMetrics = ids }
    let found = try Set(stored("cfr-bframes.mp4").keys)
    #expect(found == Set(FrameMetrics.all.map { $0.info.id } + ids))
  }

  @Test func `Rules see the metrics they name and no others`() throws {
    let video = try workspace.copyClip("one-frame.mp4")
    let summary = try workspace.scan([video]) {
      $0.rules = [Seeing.self]
      $0.seriesMetrics = [Doubled.self]
    }
    #expect(summary.findings.map(\.finding.reason) == ["doubled, entropy"])
  }

  @Test func `Series metrics are stored with the others, twice over too`() throws {
    let video = try workspace.copyClip("cfr-bframes.mp4")
    for _ in 0..<2 {
      _ = try workspace.scan([video]) { $0.seriesMetrics = [Doubled.self] }
      let values = try stored("cfr-bframes.mp4")
      let entropy = try #require(values["entropy"])
      #expect(values["doubled"]?.map(\.number) == entropy.map { $0.number.map { 2 * $0 } })
    }
  }
}

/// A rule that tells what it sees.
private enum Seeing: Rule {
  static let info = RuleInfo(
    id: "seeing", scope: .video, level: .note, summary: "", page: "",
    frameMetrics: ["doubled", "entropy"])

  static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let inputs = Set(SceneCut.metricsForCuts)
    let seen = input.video.metrics.keys.filter { !inputs.contains($0) }.sorted()
    return [
      Finding(
        rule: info.id, level: .note, range: input.video.frames.frames,
        reason: seen.joined(separator: ", "))
    ]
  }
}

/// Twice the entropy.
private enum Doubled: SeriesMetric {
  static let info = MetricInfo(
    id: "doubled", scope: .frame, summary: "", unit: "", direction: .neutral, page: "")
  static let inputs = ["entropy"]

  static func values(of input: SeriesInput) -> [MetricValue] {
    (input.columns["entropy"] ?? []).map { value in
      value.number.map { .value(2 * $0) } ?? value
    }
  }
}
