import Annotations
import Foundation
import Quality
import ReviewStore
import Testing
import Timeline

@Suite struct RescanTests {
  private let fixture: StoreFixture
  private let store: ReviewStore

  init() throws {
    fixture = try StoreFixture()
    store = try ReviewStore.open(path: fixture.path())
  }

  @Test func aSecondScanReplacesEverythingItWrote() throws {
    try StoreFixture.scan(store)
    let first = try store.findings()
    let counts = """
      SELECT (SELECT count(*) FROM video), (SELECT count(*) FROM frame),
        (SELECT count(*) FROM frame_metrics), (SELECT count(*) FROM frame_hash),
        (SELECT count(*) FROM source),
        (SELECT count(*) FROM track), (SELECT count(*) FROM instance),
        (SELECT count(*) FROM bad_row), (SELECT count(*) FROM finding),
        (SELECT count(*) FROM proposal)
      """
    let before = try rows(fixture.path(), counts)
    #expect(before == ["1|4|4|2|1|1|3|1|2|2"])
    try StoreFixture.scan(store)
    #expect(try store.findings() == first)
    #expect(try rows(fixture.path(), counts) == before)
    #expect(try rows(fixture.path(), "SELECT count(*) FROM run WHERE finished") == ["2"])
  }

  @Test func theOrderInWhichRulesReportDoesNotShow() throws {
    var twin = StoreFixture.gap
    twin.box = Box(left: 12, top: 20.5, width: 30, height: 40)
    try StoreFixture.scan(store, findings: [StoreFixture.gap, twin])
    let first = try store.findings()
    #expect(Set(first.map(\.fingerprint)).count == 3)
    try StoreFixture.scan(store, findings: [twin, StoreFixture.gap])
    #expect(try store.findings() == first)
  }

  @Test func otherVideosAndSourcesStay() throws {
    try StoreFixture.scan(store, video: "a.mp4")
    let (video, _) = try StoreFixture.scan(store, video: "b.mp4")
    let run = try store.beginRun(RunInfo(toolVersion: "0.1.0"))
    let other = try store.putSource(
      SourceInfo(name: "yolo", kind: .predictions, format: "coco", path: "yolo.json"),
      annotations: StoreFixture.labels, on: video, run: run)
    var finding = StoreFixture.gap
    finding.source = "yolo"
    try store.replaceFindings([finding], of: other, on: video, run: run)
    try StoreFixture.scan(store, video: "b.mp4", findings: [], videoFindings: [])
    #expect(
      try store.findings().map { "\($0.video) \($0.finding.source ?? "-")" } == [
        "a.mp4 -", "a.mp4 labels", "b.mp4 yolo",
      ])
    #expect(
      try rows(fixture.path(), "SELECT video, source, count(*) FROM instances GROUP BY 1, 2")
        == ["a.mp4|labels|3", "b.mp4|labels|3", "b.mp4|yolo|3"])
  }

  // A copy of the files at one moment is what kill -9 leaves on the disk at that moment.
  @Test func aScanThatIsKilledLeavesAStoreThatOpensAndIsMendedByTheNext() throws {
    try StoreFixture.scan(store)
    let undisturbed = try store.findings()
    let run = try store.beginRun(RunInfo(toolVersion: "0.1.0"))
    let video = try store.putVideo(
      StoredVideo(name: "clip.mp4"), frames: StoreFixture.frames, run: run)
    try store.replaceFindings([], of: nil, on: video, run: run)
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: fixture.path() + suffix, toPath: fixture.path("killed.sqlite") + suffix)
    }
    let killed = try ReviewStore.open(path: fixture.path("killed.sqlite"))
    #expect(try killed.findings() == undisturbed.filter { $0.finding.source != nil })
    #expect(
      try rows(fixture.path("killed.sqlite"), "SELECT count(*) FROM run WHERE finished IS NULL")
        == ["1"])
    try StoreFixture.scan(killed)
    #expect(try killed.findings() == undisturbed)
  }

  @Test func runsKeepWhatIsNeededToRepeatThem() throws {
    let info = RuleInfo(
      id: "track-gap", scope: .source, level: .error, summary: "", page: "",
      parameters: [
        .init("min-gap", 0.04, unit: "seconds", ""), .init("max-gap", 2, unit: "seconds", ""),
      ])
    let run = try store.beginRun(
      RunInfo(
        toolVersion: "0.1.0", arguments: ["scan", "a \"b\".mp4"],
        inputs: [
          .init(path: "gt.txt", size: 12, sha256: nil),
          .init(path: "a.mp4", size: 5_000_000_000, sha256: "ab12"),
        ],
        rules: ["track-gap": RuleSettings(info)],
        metrics: ["scene-cut": ["threshold": 10], "luma-mean": [:]]))
    try store.finishRun(run)
    #expect(
      try rows(fixture.path(), "SELECT tool_version, arguments, rules, metrics FROM run")
        == [
          #"0.1.0|["scan","a \"b\".mp4"]|"#
            + #"{"track-gap":{"level":"error","max-gap":2,"min-gap":0.04}}|"#
            + #"{"luma-mean":{},"scene-cut":{"threshold":10}}"#
        ])
    #expect(
      try rows(fixture.path(), "SELECT path, size, sha256 FROM input ORDER BY path")
        == ["a.mp4|5000000000|ab12", "gt.txt|12|NULL"])
    let times = try rows(fixture.path(), "SELECT started, finished FROM run")[0]
    #expect(times.wholeMatch(of: /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\|?){2}/) != nil)
  }

  @Test func `A killed run is told of until every video it began is scanned again`() throws {
    let input = RunInfo.Input(path: "b.mp4", size: 1, sha256: nil)
    let killed = try store.beginRun(RunInfo(toolVersion: "0.1.0", inputs: [input]))
    _ = try store.startVideo(StoredVideo(name: "b.mp4"), run: killed)
    try StoreFixture.scan(store, video: "a.mp4")
    #expect(try store.unfinishedRun()?.inputs == ["b.mp4"])
    try StoreFixture.scan(store, video: "b.mp4")
    #expect(try store.unfinishedRun() == nil)
  }
}
