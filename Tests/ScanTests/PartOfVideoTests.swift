import Annotations
import Quality
import Scan
import Testing
import Timeline

/// A CVAT job on a part of a longer video, and the video cut to that part. Counted by hand.
struct PartOfVideoTests {
  /// 50 frames, as ffprobe counts them in `Fixtures/clips/ffprobe.json`.
  private static let clip = "cfr-bframes.mp4"

  private func job(start: Int, stop: Int, step: Int = 1, frames: [Int]) -> String {
    let boxes = frames.map {
      "<box frame=\"\($0)\" keyframe=\"\($0 == frames[0] ? 1 : 0)\" outside=\"0\" occluded=\"0\""
        + " xtl=\"10\" ytl=\"10\" xbr=\"40\" ybr=\"60\" z_order=\"0\"></box>"
    }.joined(separator: "\n")
    return """
      <?xml version="1.0" encoding="utf-8"?>
      <annotations><version>1.1</version><meta><task><name>t</name><size>500</size>
      <mode>interpolation</mode><start_frame>\(start)</start_frame>
      <stop_frame>\(stop)</stop_frame><frame_filter>\(step > 1 ? "step=\(step)" : "")</frame_filter>
      <labels><label><name>car</name></label></labels></task></meta>
      <track id="0" label="car" source="manual">
      \(boxes)
      </track></annotations>
      """
  }

  @Test func `Labels of as many frames as the video has are counted from its first`() throws {
    let workspace = try Workspace()
    let labels = try workspace.write(
      job(start: 100, stop: 149, frames: Array(100..<110) + Array(112..<150)), to: "job.xml")
    let summary = try workspace.scan([try workspace.copyClip(Self.clip)], labels: [labels])
    #expect(summary.findings(of: "label-out-of-range").isEmpty)
    #expect(summary.findings(of: "track-gap").map(\.finding.range) == [FrameRange(10, 12)])
    #expect(
      summary.videos[0].sources[0].notes.contains {
        $0.contains("frame 100 is taken for its first")
      })
  }

  @Test func `So are those of every second frame`() throws {
    let workspace = try Workspace()
    let frames = Array(stride(from: 100, to: 200, by: 2)).filter { $0 != 120 }
    let labels = try workspace.write(
      job(start: 100, stop: 199, step: 2, frames: frames), to: "job.xml")
    let summary = try workspace.scan([try workspace.copyClip(Self.clip)], labels: [labels])
    #expect(summary.findings(of: "track-gap").map(\.finding.range) == [FrameRange(10, 11)])
  }

  @Test func `Labels of another number of frames stay where they are`() throws {
    let workspace = try Workspace()
    let labels = try workspace.write(
      job(start: 100, stop: 140, frames: Array(100...140)), to: "job.xml")
    let summary = try workspace.scan([try workspace.copyClip(Self.clip)], labels: [labels])
    #expect(
      summary.findings(of: "label-out-of-range").map(\.finding.range) == [FrameRange(100, 141)])
  }
}
