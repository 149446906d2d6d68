import Quality
import Scan
import Timeline

/// Findings as workflow commands, which GitHub shows beside the changed files.
///
/// See <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>. The file
/// is the label file, or the video for findings about frames.
struct GitHubLines {
  /// Writes one line a finding.
  func write(_ summary: ScanSummary, to output: StandardOutput) {
    for video in summary.videos {
      for reported in video.findings {
        let source = video.sources.first { $0.name == reported.finding.source }
        output.write(line(reported, file: source?.path ?? video.path))
      }
    }
  }

  private func line(_ reported: ReportedFinding, file: String?) -> String {
    let finding = reported.finding
    let command = finding.level == .note ? "notice" : finding.level.rawValue
    let properties = [("file", file), ("title", Optional(finding.rule))]
      .compactMap { key, value in value.map { "\(key)=\(property($0))" } }
    let place = "\(reported.video) \(timeCode(seconds: reported.startTime)) (\(finding.range))"
    return "::\(command) \(properties.joined(separator: ","))"
      + "::\(data("\(place): \(finding.reason)"))\n"
  }

  private func data(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  private func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}
