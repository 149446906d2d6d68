import Annotations
import Timeline

/// Finds rows of a label file that could not be read.
public enum BadLabelRows: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "bad-label-rows", scope: .source, level: .error,
    summary: "Rows, elements or records of a label file could not be read.",
    page: """
      One bad row never costs the rest: it is left out, counted, and named with its line and the
      reason. The finding covers the whole video, since a row that cannot be read belongs to no
      frame. The first three are in the reason; the store keeps the first hundred.
      """)

  private static let namedRows = 3

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    guard let source = input.source, source.report.badRowCount > 0 else { return [] }
    let report = source.report
    let named = report.badRows.prefix(namedRows).map { row in
      row.line > 0 ? "line \(row.line): \(row.reason)" : row.reason
    }
    let more = report.badRowCount - named.count
    let rows = report.badRowCount == 1 ? "1 row was" : "\(report.badRowCount) rows were"
    return [
      Finding(
        rule: info.id, level: settings.level, source: source.name,
        range: input.video.frames.frames,
        reason: "\(rows) left out: " + named.joined(separator: "; ")
          + (more > 0 ? "; and \(more) more" : ""))
    ]
  }
}
