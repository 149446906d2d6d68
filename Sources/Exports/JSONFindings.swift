import Annotations
public import Quality
import Timeline

/// One JSON object a line for each finding: <https://jsonlines.org>.
///
/// The keys come in one order, and a key is left out where nothing is known. Boxes are
/// `[left, top, width, height]` in pixels, times seconds since the first frame of the video, frames
/// zero-based and `end_frame` the first frame after the range. Numbers have at most three decimals.
/// It carries everything a finding has.
public enum JSONFindings: FindingExport {
  /// See ``FindingExport/id``.
  public static let id = "jsonl"
  /// See ``FindingExport/summary``.
  public static let summary = "one JSON object a line, for scripts, pandas and jq"

  /// See ``FindingExport/write(_:to:)``.
  public static func write<Failure: Error>(
    _ findings: some Sequence<ReportedFinding>, to sink: (String) throws(Failure) -> Void
  ) throws(Failure) {
    for finding in findings { try sink(object(finding) + "\n") }
  }

  /// Writes the same objects as one JSON array, one object a line.
  public static func writeArray<Failure: Error>(
    _ findings: some Sequence<ReportedFinding>, to sink: (String) throws(Failure) -> Void
  ) throws(Failure) {
    var separator = "[\n"
    for finding in findings {
      try sink(separator + object(finding))
      separator = ",\n"
    }
    try sink(separator == "[\n" ? "[]\n" : "\n]\n")
  }

  /// Returns one finding as a JSON object without line breaks.
  public static func object(_ reported: ReportedFinding) -> String {
    let finding = reported.finding
    var members: [(key: String, value: String)] = []
    func add(_ key: String, _ value: String?) {
      if let value { members.append((key: key, value: value)) }
    }
    add("rule", JSONText.string(finding.rule))
    add("level", JSONText.string(finding.level.rawValue))
    add("video", JSONText.string(reported.video))
    add("source", finding.source.map(JSONText.string))
    add("track", finding.track.map(JSONText.string))
    if !finding.otherTracks.isEmpty {
      add("other_tracks", JSONText.array(finding.otherTracks.map(JSONText.string)))
    }
    add("class", finding.className.map(JSONText.string))
    add("start_frame", String(finding.range.start))
    add("end_frame", String(finding.range.end))
    add("start_time", JSONText.number(reported.startTime, decimals: 3))
    add("end_time", JSONText.number(reported.endTime, decimals: 3))
    add("score", JSONText.number(finding.score, decimals: 3))
    add("cause", JSONText.string(finding.cause.rawValue))
    add("reason", JSONText.string(finding.reason))
    add("box", finding.box.map(array))
    add("fingerprint", JSONText.string(reported.fingerprint))
    if !finding.proposals.isEmpty {
      let proposals = finding.proposals.map { proposal in
        #"{"frame":\#(proposal.frame),"box":\#(array(proposal.box))}"#
      }
      add("proposals", JSONText.array(proposals))
    }
    return JSONText.object(members)
  }

  private static func array(_ box: Box) -> String {
    JSONText.array(
      [box.left, box.top, box.width, box.height].map { JSONText.number($0, decimals: 3) })
  }
}
