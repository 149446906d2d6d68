import Foundation
import Scan
import Synchronization

/// A line on standard error that says how far decoding has come; only on a terminal.
final class ProgressBar: Sendable {
  private let isShown = isatty(STDERR_FILENO) == 1
  private let lastDrawn = Mutex<ContinuousClock.Instant?>(nil)
  private let start = ContinuousClock.now
  private static let interval = Duration.milliseconds(100)
  private static let width = 24

  /// Draws the bar anew where the last time is long enough ago.
  func show(_ progress: ScanProgress) {
    guard isShown else { return }
    let now = ContinuousClock.now
    lastDrawn.withLock { lastDrawn in
      if let last = lastDrawn, now - last < Self.interval { return }
      lastDrawn = now
      draw(Self.line(progress, seconds: (now - start) / .seconds(1)))
    }
  }

  /// Takes the bar away.
  func clear() {
    lastDrawn.withLock { lastDrawn in
      if lastDrawn != nil { draw("") }
    }
  }

  /// The line for `progress`, which took `seconds`.
  static func line(_ progress: ScanProgress, seconds: Double) -> String {
    let frames = progress.frames
    var parts = [progress.expectedFrames.map { "\(frames) of \($0) frames" } ?? "\(frames) frames"]
    if seconds > 0.2, frames > 0 {
      let rate = Double(frames) / seconds
      parts.append("\(Int(rate)) frames/s")
      if let expected = progress.expectedFrames {
        parts.append("\(time(Double(expected - frames) / rate)) left")
      }
    }
    return bar(progress) + name(progress) + ": " + parts.joined(separator: ", ")
  }

  private static func bar(_ progress: ScanProgress) -> String {
    guard let expected = progress.expectedFrames, expected > 0 else { return "" }
    let filled = min(width, max(0, progress.frames * width / expected))
    return "[" + String(repeating: "#", count: filled)
      + String(repeating: ".", count: width - filled) + "] "
  }

  private static func name(_ progress: ScanProgress) -> String {
    guard progress.videoCount > 1 else { return printable(progress.video) }
    return "\(progress.finishedVideoCount) of \(progress.videoCount) videos"
  }

  // 0:07, 12:30 and 3:00:00.
  private static func time(_ seconds: Double) -> String {
    let whole = Int(min(max(0, seconds.rounded(.up)), 1e9))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return (hours > 0 ? "\(hours):\(two(minutes))" : "\(minutes)") + ":" + two(whole % 60)
  }

  private func draw(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(line)".utf8))
  }
}
