import Quality
import Timeline

/// Findings as people read them in a terminal: grouped by video and source, one line each.
struct FindingText {
  let terminal: Terminal

  /// Writes the findings, which come sorted by video and source, and their counts.
  func write(_ findings: [ReportedFinding], to output: StandardOutput) {
    var start = 0
    while start < findings.count {
      let group = findings[start...].prefix {
        $0.video == findings[start].video && $0.finding.source == findings[start].finding.source
      }
      output.write(terminal.bold(printable(findings[start].video)))
      output.write(findings[start].finding.source.map { " \(printable($0))" } ?? "")
      output.write("\n" + lines(group) + "\n")
      start = group.endIndex
    }
    output.write(Self.counts(findings.map(\.finding.level)) + "\n")
  }

  /// One line a finding: level, time code, frames, track, rule, reason.
  func lines(_ findings: some Sequence<ReportedFinding>) -> String {
    let rows = findings.map { reported in
      let finding = reported.finding
      let className = finding.className.map(Self.named) ?? ""
      return [
        finding.level.rawValue, timeCode(seconds: reported.startTime),
        finding.range.description, printable(finding.track.map { $0 + className } ?? "-"),
        finding.rule, printable(finding.reason) + explanation(finding),
      ]
    }
    guard terminal.isColoured else { return columns(rows, indent: "  ") }
    // Colours are put in after the columns are aligned, since they take no room.
    return columns(rows, indent: "  ").split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        guard let level = Level.allCases.first(where: { line.hasPrefix("  \($0.rawValue) ") })
        else { return String(line) }
        return "  " + terminal.text(level) + line.dropFirst(2 + level.rawValue.count)
      }.joined(separator: "\n")
  }

  private static func named(_ className: String) -> String {
    if className.isEmpty { return "" }
    return isNumber(className) ? " class \(className)" : " \(className)"
  }

  private func explanation(_ finding: Finding) -> String {
    finding.cause == .unexplained ? "" : " (\(finding.cause.rawValue))"
  }

  /// `2 errors, 1 warning, 3 notes`, or `no findings`.
  static func counts(_ levels: [Level]) -> String {
    let parts = Level.allCases.reversed().compactMap { level -> String? in
      let count = levels.count { $0 == level }
      return count == 0 ? nil : counted(count, level.rawValue)
    }
    return parts.isEmpty ? "no findings" : parts.joined(separator: ", ")
  }
}
