import Annotations
import Exports
import Quality
import Timeline

/// A finding with everything, one with the least, and one with hostile texts.
enum ExampleFindings {
  static let full = ReportedFinding(
    finding: Finding(
      rule: "track-gap", level: .error, source: "labels", track: "7", otherTracks: ["8", "9"],
      className: "person", range: FrameRange(412, 431), score: 0.93,
      reason: "person 7 is labelled at 411 and 431 but not in between; nothing covers it",
      box: Box(left: 10, top: 20.5, width: 0.1 + 0.2, height: 40.12345),
      proposals: [
        Proposal(frame: 412, box: Box(left: 10.0004, top: -0.0001, width: 30, height: 40)),
        Proposal(frame: 413, box: Box(left: 11, top: 20, width: 30, height: 40)),
      ]),
    video: "clip.mp4", startTime: 13.7470666, endTime: 14.381, fingerprint: "90f7cc2b11c35c35")

  static let bare = ReportedFinding(
    finding: Finding(
      rule: "black-frames", level: .note, range: FrameRange(0, 1), cause: .frameQuality,
      reason: "one frame is black"),
    video: "clip.mp4", startTime: 0, endTime: 0.04, fingerprint: "0000000000000001")

  static let hostile = ReportedFinding(
    finding: Finding(
      rule: "class-flip", level: .warning, source: "=1+1", track: "-1", otherTracks: ["@x"],
      className: "a \"quoted\", class\nof two lines", range: FrameRange(0, 2), score: 1e-9,
      reason: "\t\u{1}\\ größer 物 🎬", box: Box(left: .nan, top: .infinity, width: 1e12, height: -3)),
    video: "+clip.mp4", startTime: -0.04, endTime: 3600, fingerprint: "-0")
}

/// Collects what an export writes.
func text(
  _ findings: [ReportedFinding], as format: any FindingExport.Type
) -> String {
  var text = ""
  format.write(findings) { (piece: String) throws(Never) in text += piece }
  return text
}
