import Annotations
public import Quality
import Timeline

/// One row a finding under a fixed header, for spreadsheets: RFC 4180 with plain line feeds.
///
/// A cell that a spreadsheet would take for a formula begins with an apostrophe. Other tracks are
/// joined by semicolons. Proposals are only counted: `jsonl` carries them.
public enum CSVFindings: FindingExport {
  /// See ``FindingExport/id``.
  public static let id = "csv"
  /// See ``FindingExport/summary``.
  public static let summary = "one row a finding, for spreadsheets"

  /// See ``FindingExport/write(_:to:)``.
  public static func write<Failure: Error>(
    _ findings: some Sequence<ReportedFinding>, to sink: (String) throws(Failure) -> Void
  ) throws(Failure) {
    try sink(
      "rule,level,video,source,track,other_tracks,class,start_frame,end_frame,start_time,"
        + "end_time,score,cause,reason,left,top,width,height,fingerprint,proposals\n")
    for finding in findings { try sink(row(finding)) }
  }

  private static func row(_ reported: ReportedFinding) -> String {
    let finding = reported.finding
    let box = finding.box
    let cells = [
      text(finding.rule), text(finding.level.rawValue), text(reported.video),
      text(finding.source), text(finding.track),
      text(finding.otherTracks.joined(separator: ";")), text(finding.className),
      String(finding.range.start), String(finding.range.end), number(reported.startTime),
      number(reported.endTime), number(finding.score), text(finding.cause.rawValue),
      text(finding.reason), number(box?.left), number(box?.top), number(box?.width),
      number(box?.height), text(reported.fingerprint), String(finding.proposals.count),
    ]
    return cells.joined(separator: ",") + "\n"
  }

  private static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return JSONText.number(value, decimals: 3)
  }

  // See https://owasp.org/www-community/attacks/CSV_Injection for the first characters. A track
  // called -1 is a number and harmless.
  private static func text(_ value: String?) -> String {
    guard var value, let first = value.unicodeScalars.first else { return "" }
    if "=+-@\t\r".unicodeScalars.contains(first), Double(value) == nil { value = "'" + value }
    let needsQuotes = value.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    return needsQuotes ? "\"" + value.replacing("\"", with: "\"\"") + "\"" : value
  }
}
