import Foundation
import Quality

/// What the terminal can show.
struct Terminal {
  /// Whether text on standard output may be coloured.
  let isColoured: Bool

  /// Looks at standard output; `NO_COLOR` (no-color.org) and dumb terminals get plain text.
  static var standardOutput: Terminal {
    let environment = ProcessInfo.processInfo.environment
    let isPlain = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return Terminal(isColoured: isatty(STDOUT_FILENO) == 1 && !isPlain)
  }

  /// The name of a level in its colour.
  func text(_ level: Level) -> String {
    switch level {
    case .error: styled(level.rawValue, "31;1")
    case .warning: styled(level.rawValue, "33")
    case .note: styled(level.rawValue, "36")
    }
  }

  /// Text in bold.
  func bold(_ text: String) -> String { styled(text, "1") }

  /// Text that steps back.
  func dim(_ text: String) -> String { styled(text, "2") }

  private func styled(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
