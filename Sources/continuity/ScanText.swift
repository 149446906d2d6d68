import Quality
import Scan
import Timeline

/// The end of a scan as people read it, like a linter's: findings by video and source, then counts,
/// then what to type next.
struct ScanText {
  let terminal: Terminal
  /// Whether notes are printed too; otherwise they are only counted.
  let showsNotes: Bool

  /// Writes the summary of a scan.
  func write(_ summary: ScanSummary, to output: StandardOutput) {
    let text = FindingText(terminal: terminal)
    for video in summary.videos {
      let shown = video.findings.filter { showsNotes || $0.finding.level > .note }
      output.write(terminal.bold(printable(video.name)) + terminal.dim(" \(about(video))") + "\n")
      output.write(text.lines(shown.filter { $0.finding.source == nil }))
      for source in video.sources {
        output.write("\(printable(source.name))" + terminal.dim(" \(about(source))") + "\n")
        output.write(text.lines(shown.filter { $0.finding.source == source.name }))
      }
      output.write("\n")
    }
    output.write(FindingText.counts(summary.findings.map(\.finding.level)))
    output.write(" in \(counted(summary.videos.count, "video"))\n")
    let store = summary.store == "continuity.sqlite" ? "" : " --store \(quoted(summary.store))"
    if !showsNotes, summary.count(of: .note) > 0 {
      output.write("notes too:  continuity findings\(store)\n")
    }
    output.write("export:     continuity export --format csv --output findings.csv\(store)\n")
    if let rule = summary.findings.max(by: { $0.finding.level < $1.finding.level })?.finding.rule {
      output.write("explain:    continuity rules \(rule)\n")
    }
    output.write("everything is in \(printable(summary.store))\n")
  }

  private func about(_ video: ScanSummary.Video) -> String {
    let length = timeCode(seconds: video.duration)
    return
      "(\(counted(video.frameCount, "frame")), \(length)\(video.isNominal ? ", no video" : ""))"
  }

  private func about(_ source: ScanSummary.Source) -> String {
    let format = source.dialect.isEmpty ? source.format : "\(source.format), \(source.dialect)"
    return "(\(printable(source.path)): \(format), \(counted(source.trackCount, "track")),"
      + " \(counted(source.instanceCount, "instance")))"
  }

  // A path that a shell can read back.
  private func quoted(_ path: String) -> String {
    let isPlain = path.allSatisfy { $0.isLetter || $0.isNumber || "/._-+=:@%".contains($0) }
    return isPlain ? path : "'" + path.replacing("'", with: "'\\''") + "'"
  }
}
