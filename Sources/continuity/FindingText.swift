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

  /// So many tracks with one finding at the same frames are told in one line.
  private static let fewestFolded = 3

  /// One line a finding: level, time code, frames, track, rule, reason.
  ///
  /// What a rule says of several tracks at the very same frames, such as a frame that lost all of
  /// its labels, is one line.
  func lines(_ findings: some Sequence<ReportedFinding>) -> String {
    var rows: [[String]] = []
    var rest = Array(findings)[...]
    while let first = rest.first {
      let alike = rest.prefix { $0.finding.isAlike(first.finding) }
      if alike.count >= Self.fewestFolded {
        rows.append(row(of: alike, first))
        rest = rest.dropFirst(alike.count)
      } else {
        rows.append(row(of: first))
        rest = rest.dropFirst()
      }
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

  private func row(of reported: ReportedFinding) -> [String] {
    let finding = reported.finding
    return [
      finding.level.rawValue, timeCode(seconds: reported.startTime), finding.range.description,
      printable(name(finding)), finding.rule, printable(finding.reason) + explanation(finding),
    ]
  }

  private func row(of alike: ArraySlice<ReportedFinding>, _ first: ReportedFinding) -> [String] {
    var row = row(of: first)
    row[3] = "\(alike.count) tracks"
    let others = alike.dropFirst().prefix(Self.mostNamed).map { name($0.finding) }
    let left = alike.count - 1 - others.count
    row[5] +=
      "; the same for " + printable(others.joined(separator: ", "))
      + (left > 0 ? " and \(left) more" : "")
    return row
  }

  private static let mostNamed = 5

  private func name(_ finding: Finding) -> String {
    guard let track = finding.track else { return "-" }
    guard let className = finding.className, !className.isEmpty else { return track }
    return track + (isNumber(className) ? " class " : " ") + className
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

extension Finding {
  /// Whether two findings say the same of two tracks: one rule, one cause, the same frames.
  fileprivate func isAlike(_ other: Finding) -> Bool {
    rule == other.rule && level == other.level && range == other.range && cause == other.cause
      && track != nil && other.track != nil && source == other.source
  }
}
