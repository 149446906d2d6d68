import Annotations
import Quality
import Scan
import Testing
import Timeline

/// Frame counts are those of ffprobe, in `Fixtures/clips/ffprobe.json`.
@Suite struct PreflightTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test func `Labels after the last frame are one error, and the others are scanned`() throws {
    let video = try workspace.copyClip("one-frame.mp4")
    let labels = try workspace.writeMOT("XXXX", "X.X.", to: "labels.txt")
    let summary = try workspace.scan([video], labels: [labels])
    let found = summary.findings(of: "label-out-of-range").map(\.finding)
    #expect(found.map(\.range) == [FrameRange(1, 4)])
    #expect(found.map(\.level) == [.error])
    #expect(found.map(\.track) == [nil])
    #expect(found.map(\.reason) == ["4 labels lie after the last frame, 0: frames 1 to 3"])
  }

  @Test func `An absurd frame number neither crashes nor stretches the timeline`() throws {
    let rows = "1,1,5,5,9,9,1,-1,-1,-1\n2,1,5,5,9,9,1,-1,-1,-1\n5000000,1,5,5,9,9,1,-1,-1,-1\n"
    let labels = try workspace.write(rows, to: "labels.txt")
    let summary = try workspace.scan(labels: [labels])
    #expect(summary.videos.map(\.frameCount) == [2])
    #expect(
      summary.findings(of: "label-out-of-range").map(\.finding.range)
        == [FrameRange(4_999_999, 5_000_000)])
  }

  @Test func `Labels for a picture of another size are a warning`() throws {
    let video = try workspace.copyClip("one-frame.mp4")
    try workspace.write("[Sequence]\nimWidth=640\nimHeight=480\n", to: "seq/seqinfo.ini")
    let labels = try workspace.writeMOT("X", to: "seq/gt.txt")
    let found = try workspace.scan([video], labels: [labels]).findings(of: "frame-size-mismatch")
    #expect(
      found.map(\.finding.reason)
        == ["the labels are for frames of 640x480, and the video shows 160x120"])
  }

  @Test func `The size of a turned video is the one it is shown at`() throws {
    let video = try workspace.copyClip("rotated-90.mp4")
    try workspace.write("[Sequence]\nimWidth=120\nimHeight=160\n", to: "seq/seqinfo.ini")
    let labels = try workspace.writeMOT("X", to: "seq/gt.txt")
    let summary = try workspace.scan([video], labels: [labels])
    #expect(summary.findings(of: "frame-size-mismatch").isEmpty)
  }

  @Test func `Labels that state another number of frames are a warning`() throws {
    let video = try workspace.copyClip("cfr-bframes.mp4")
    try workspace.write("[Sequence]\nseqLength=60\n", to: "seq/seqinfo.ini")
    let labels = try workspace.writeMOT("X", to: "seq/gt.txt")
    let found = try workspace.scan([video], labels: [labels]).findings(of: "frame-count-mismatch")
    #expect(
      found.map(\.finding.reason) == ["the labels are for 60 frames, and the video shows 50"])
    #expect(found.map(\.finding.source) == ["labels"])
  }

  @Test func `A header that claims more frames than are shown is a warning`() throws {
    let video = try workspace.copyClip("truncated.mp4")
    let summary = try workspace.scan([video])
    let found = summary.findings(of: "frame-count-mismatch")
    #expect(found.map(\.finding.level) == [.warning])
    let shown = try #require(summary.videos.first).frameCount
    #expect(
      found.map(\.finding.reason) == ["the header says 50 frames, and \(shown) are shown"])
  }

  @Test func `A header that counts hidden frames is a note`() throws {
    let video = try workspace.copyClip("hidden-lead.mp4")
    let found = try workspace.scan([video]).findings(of: "frame-count-mismatch")
    #expect(found.map(\.finding.level) == [.note])
    #expect(found.map(\.finding.cause) == [.declared])
  }

  @Test func `A rate that varies is a note, and a rate that does not is none`() throws {
    let summary = try workspace.scan([
      workspace.copyClip("vfr.mp4"), workspace.copyClip("ntsc.mp4"),
    ])
    #expect(summary.findings(of: "variable-frame-rate").map(\.video) == ["vfr.mp4"])
  }

  @Test func `A bad row costs itself only, and is named with its line`() throws {
    let rows = "1,1,5,5,9,9,1,-1,-1,-1\n2,1,5,abc,9,9,1,-1,-1,-1\n3,1,5,5,9,9,1,-1,-1,-1\n"
    let labels = try workspace.write(rows, to: "labels.txt")
    let summary = try workspace.scan(labels: ["\(labels):mot"])
    #expect(summary.videos.first?.sources.first?.instanceCount == 2)
    #expect(summary.videos.first?.sources.first?.badRowCount == 1)
    let found = summary.findings(of: "bad-label-rows").map(\.finding)
    #expect(found.map(\.level) == [.error])
    #expect(found.first?.reason.hasPrefix("1 row was left out: line 2: ") == true)
  }
}
