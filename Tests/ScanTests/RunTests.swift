import Annotations
import Foundation
import Quality
import ReviewStore
import Scan
import Synchronization
import Testing
import Timeline

@Suite struct RunTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test func `A second scan of the same input finds the same`() throws {
    let video = try workspace.copyClip("black-frozen.mp4")
    let labels = try workspace.writeMOT("XXX.XXXXX", "....X....", to: "labels.txt")
    let first = try workspace.scan([video], labels: [labels])
    let second = try workspace.scan([video], labels: [labels])
    #expect(!first.findings.isEmpty)
    #expect(first.findings == second.findings)
  }

  @Test func `Two videos in one run find what each finds alone`() throws {
    let a = try workspace.copyClip("black-frozen.mp4", as: "a.mp4")
    let b = try workspace.copyClip("vfr.mp4", as: "b.mp4")
    try workspace.writeMOT("XXX.XXXXX", "....X....", to: "labels/a.txt")
    try workspace.writeMOT("XXXX.....", "XXXXXXXXX", to: "labels/b.txt")
    let folder = workspace.file("labels")
    let both = try workspace.scan([a, b], labels: [folder]).findings
    let alone = try [a, b].flatMap { video in
      try workspace.scan([video], labels: [folder]).findings
    }
    #expect(!both.isEmpty)
    #expect(both == alone)
  }

  @Test func `A wrong input leaves the store as it was`() throws {
    let labels = try workspace.writeMOT("XX", to: "labels.txt")
    _ = try workspace.scan(labels: [labels])
    let before = try Data(contentsOf: URL(fileURLWithPath: workspace.file("store.sqlite")))
    let video = try workspace.copyClip("one-frame.mp4")
    let broken = try workspace.write("<annotations><track", to: "broken.xml")
    #expect(throws: ScanError.self) { try workspace.scan([video], labels: [broken]) }
    #expect(throws: ScanError.self) {
      try workspace.scan([video, workspace.file("missing.mp4")], labels: [labels])
    }
    let after = try Data(contentsOf: URL(fileURLWithPath: workspace.file("store.sqlite")))
    #expect(before == after)
  }

  @Test func `Frames are measured without labels`() throws {
    let video = try workspace.copyClip("black-frozen.mp4")
    let summary = try workspace.scan([video])
    #expect(!summary.findings(of: "black-frames").isEmpty)
    let store = try ReviewStore.openExisting(path: workspace.file("store.sqlite"))
    let metrics = try store.frameMetrics(ofVideo: "black-frozen.mp4")
    #expect(metrics["luma-mean"]?.count == 64)
    #expect(
      Set(metrics.keys)
        == Set(FrameMetrics.all.map { $0.info.id } + SeriesMetrics.all.map { $0.info.id }))
  }

  @Test func `Every count of frames is kept`() throws {
    _ = try workspace.scan([workspace.copyClip("hidden-lead.mp4")])
    let store = try ReviewStore.openExisting(path: workspace.file("store.sqlite"))
    let video = try #require(store.videos().first)
    // ffprobe 5.1 -count_packets -count_frames: nb_frames, nb_read_packets and nb_read_frames; its
    // packets with the flag D are hidden.
    #expect(video.info.headerFrameCount == 50)
    #expect(video.info.packetCount == 50)
    #expect(video.info.hiddenPackets == 15)
    #expect(video.frameCount == 35)
    #expect(video.info.corruptPackets == 0 && video.info.corruptFrames == 0)
  }

  @Test func `Without pixels the frames are counted and nothing is measured`() throws {
    let video = try workspace.copyClip("black-frozen.mp4")
    let summary = try workspace.scan([video]) { $0.pixels = .skipped }
    #expect(summary.videos.map(\.frameCount) == [64])
    #expect(summary.findings.isEmpty)
  }

  @Test func `A chosen rule that needs pixels and gets none is named`() throws {
    let video = try workspace.copyClip("black-frozen.mp4")
    let summary = try workspace.scan([video]) {
      $0.pixels = .skipped
      $0.chosenRules = ["black-frames", "variable-frame-rate"]
    }
    #expect(
      summary.notes
        == ["black-frames needs decoded frames and there are none, so it finds nothing"])
  }

  @Test func `Only the chosen rules run`() throws {
    let video = try workspace.copyClip("black-frozen.mp4")
    let summary = try workspace.scan([video]) { $0.chosenRules = ["frozen-frames"] }
    #expect(Set(summary.findings.map(\.finding.rule)) == ["frozen-frames"])
  }

  @Test func `A rate for labels without a video sets their times`() throws {
    let labels = try workspace.writeMOT("XX..XX", to: "labels.txt")
    let summary = try workspace.scan(labels: [labels]) { $0.frameRate = 10 }
    #expect(summary.videos.map(\.duration) == [0.6])
  }

  @Test func `Rules and metrics of one's own run beside the others`() throws {
    let video = try workspace.copyClip("one-frame.mp4")
    let summary = try workspace.scan([video]) { request in
      request.rules.append(EveryFrame.self)
      request.frameMetrics.append(Answer.self)
    }
    #expect(summary.findings(of: "every-frame").map(\.finding.score) == [42])
  }

  @Test func `Progress counts every decoded frame`() throws {
    let video = try workspace.copyClip("cfr-bframes.mp4")
    let seen = Mutex<[ScanProgress]>([])
    _ = try Scan.run(
      ScanRequest(videos: [video], store: workspace.file("store.sqlite"))
    ) { progress in seen.withLock { $0.append(progress) } }
    let progress = seen.withLock { $0 }
    #expect(progress.map(\.frames) == Array(1...50))
    #expect(progress.allSatisfy { $0.expectedFrames == 50 && $0.videoCount == 1 })
  }
}

/// A rule as a user's own package would write it.
private enum EveryFrame: Rule {
  static let info = RuleInfo(
    id: "every-frame", scope: .video, level: .note, summary: "Finds every video.", page: "",
    frameMetrics: ["answer"])

  static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let answer = input.video.metrics["answer"]?.first?.number ?? 0
    return [
      Finding(
        rule: info.id, level: settings.level, range: input.video.frames.frames, score: answer,
        reason: "it is there")
    ]
  }
}

/// A metric as a user's own package would write it.
private struct Answer: FrameMetric {
  static let info = MetricInfo(
    id: "answer", scope: .frame, summary: "The answer.", unit: "none", direction: .neutral,
    page: "")

  mutating func measure(_ pass: borrowing FramePass) -> MetricValue { .value(42) }
}
