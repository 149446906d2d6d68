import Annotations
import Quality
import ReviewStore
import Testing
import Timeline

@Suite struct FindingTests {
  private let fixture: StoreFixture
  private let store: ReviewStore

  init() throws {
    fixture = try StoreFixture()
    store = try ReviewStore.open(path: fixture.path())
  }

  private func lines(_ filter: FindingFilter = FindingFilter()) throws -> [String] {
    try store.findings(matching: filter).map { reported in
      let finding = reported.finding
      return "\(reported.video) \(finding.source ?? "-") \(finding.rule) \(finding.range)"
    }
  }

  @Test func aFindingComesBackAsItWasWithTimesOfTheFrameTable() throws {
    try StoreFixture.scan(store)
    let findings = try store.findings()
    #expect(findings.map(\.finding) == [StoreFixture.dark, StoreFixture.gap])
    #expect(findings.map(\.video) == ["clip.mp4", "clip.mp4"])
    #expect(findings.map(\.startTime) == [0.08, 0.04])
    #expect(findings.map(\.endTime) == [0.24, 0.2])
  }

  @Test func timesOutsideTheVideoGoOnAtTheMedianStep() throws {
    var early = StoreFixture.gap
    early.range = FrameRange(-2, -1)
    var late = StoreFixture.gap
    late.range = FrameRange(4, 9)
    try StoreFixture.scan(store, findings: [late, early], videoFindings: [])
    let findings = try store.findings()
    // Steps of 40, 40 and 120 ms: the median is 40. The video ends at 240 ms.
    #expect(findings.map(\.startTime) == [-0.08, 0.24])
    #expect(findings.map(\.endTime) == [-0.04, 0.24 + 5 * 0.04])
    #expect(
      findings.map(\.endTime)
        == [-1, 9].map { StoreFixture.frames.seconds(at: $0) })
  }

  @Test func findingsAreOrderedByVideoSourceFramesAndRule() throws {
    var later = StoreFixture.gap
    later.range = FrameRange(2, 3)
    var flip = StoreFixture.gap
    flip.rule = "class-flip"
    try StoreFixture.scan(store, video: "b.mp4", findings: [later, StoreFixture.gap, flip])
    try StoreFixture.scan(store, video: "a.mp4")
    #expect(
      try lines() == [
        "a.mp4 - black-frames 2..<4", "a.mp4 labels track-gap 1..<3",
        "b.mp4 - black-frames 2..<4", "b.mp4 labels class-flip 1..<3",
        "b.mp4 labels track-gap 1..<3", "b.mp4 labels track-gap 2..<3",
      ])
  }

  @Test func filtersKeepWhatTheyName() throws {
    try StoreFixture.scan(store, video: "a.mp4")
    try StoreFixture.scan(store, video: "b.mp4")
    #expect(
      try lines(FindingFilter(minimumLevel: .error)) == [
        "a.mp4 labels track-gap 1..<3", "b.mp4 labels track-gap 1..<3",
      ])
    #expect(try lines(FindingFilter(minimumLevel: .note)).count == 4)
    #expect(
      try lines(FindingFilter(rule: "black-frames", video: "b.mp4")) == [
        "b.mp4 - black-frames 2..<4"
      ])
    #expect(
      try lines(FindingFilter(source: "labels", video: "a.mp4")) == [
        "a.mp4 labels track-gap 1..<3"
      ])
    #expect(try lines(FindingFilter(source: "yolo")) == [])
    #expect(
      try store.findings(matching: FindingFilter(source: "labels"))[0].finding.proposals.count == 2)
  }

  @Test func countsPerLevelFollowTheFilter() throws {
    try StoreFixture.scan(store, video: "a.mp4")
    try StoreFixture.scan(store, video: "b.mp4")
    #expect(try store.counts() == [.warning: 2, .error: 2])
    #expect(try store.counts(matching: FindingFilter(video: "a.mp4")) == [.warning: 1, .error: 1])
    #expect(try store.counts(matching: FindingFilter(rule: "class-flip")) == [:])
  }

  @Test func videosAreListedWithTheirSources() throws {
    try StoreFixture.scan(store)
    #expect(
      try store.videos() == [
        VideoSummary(
          info: StoredVideo(
            name: "clip.mp4", path: "/videos/clip.mp4", width: 640, height: 480, codec: "h264"),
          frameCount: 4, duration: 0.24, isNominal: false,
          sources: [
            SourceSummary(
              name: "labels", kind: .labels, format: "mot", dialect: "MOT16", path: "gt.txt",
              trackCount: 1, instanceCount: 3, badRowCount: 1)
          ])
      ])
  }

  @Test func frameMetricsComeBackFrameByFrame() throws {
    try StoreFixture.scan(store)
    #expect(
      try store.frameMetrics(ofVideo: "clip.mp4") == [
        "luma-mean": [.value(16), .undefined("damaged"), .value(0.5), .value(0)]
      ])
    #expect(try store.frameMetrics(ofVideo: "other.mp4") == [:])
  }
}
