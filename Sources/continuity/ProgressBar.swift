import Foundation
import Scan

/// A line on standard error that says how far decoding has come; only on a terminal.
final class ProgressBar {
  private let isShown = isatty(STDERR_FILENO) == 1
  private var video = ""
  private var start = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?
  private static let interval = Duration.milliseconds(100)
  private static let width = 24

  /// Draws the bar anew where the last time is long enough ago.
  func show(_ progress: ScanProgress) {
    guard isShown else { return }
    let now = ContinuousClock.now
    if progress.video != video {
      (video, start, lastDrawn) = (progress.video, now, nil)
    }
    if let lastDrawn, now - lastDrawn < Self.interval { return }
    lastDrawn = now
    let seconds = (now - start) / .seconds(1)
    let rate = seconds > 0.2 ? ", \(Int(Double(progress.frames) / seconds)) frames/s" : ""
    draw("\(bar(progress)) \(printable(video)): \(count(progress))\(rate)")
  }

  /// Takes the bar away.
  func clear() {
    if lastDrawn != nil { draw("") }
  }

  private func bar(_ progress: ScanProgress) -> String {
    guard let expected = progress.expectedFrames, expected > 0 else { return "" }
    let filled = min(Self.width, progress.frames * Self.width / expected)
    return "[" + String(repeating: "#", count: filled)
      + String(repeating: ".", count: Self.width - filled) + "]"
  }

  private func count(_ progress: ScanProgress) -> String {
    progress.expectedFrames.map { "\(progress.frames) of \($0) frames" }
      ?? "\(progress.frames) frames"
  }

  private func draw(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(line)".utf8))
  }
}
