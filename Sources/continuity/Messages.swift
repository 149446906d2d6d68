import Exports
import Foundation
import ReviewStore
import Scan
import VideoIO

/// An error that describes itself in one sentence without its full stop.
protocol SentenceError: Error, CustomStringConvertible {}

extension ScanError: SentenceError {}
extension StoreError: SentenceError {}
extension VideoError: SentenceError {}
extension ExportError: SentenceError {}

/// A call that the argument parser lets pass and that is wrong all the same.
struct CallError: SentenceError {
  let description: String

  init(_ description: String) { self.description = description }
}

/// What goes to standard error.
enum Messages {
  /// Says in one sentence why the program stops.
  static func error(_ sentence: String) { write("error: " + finished(sentence)) }

  /// Says something worth knowing.
  static func note(_ sentence: String) { write("note: " + finished(sentence)) }

  private static func finished(_ sentence: String) -> String {
    let text = printable(sentence)
    return text.last.map { ".?!".contains($0) } == true ? text : text + "."
  }

  private static func write(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }
}

/// Returns `text` on one line and without control characters, which a label file may hold.
func printable(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
    return text
  }
  var result = ""
  for scalar in text.unicodeScalars {
    if scalar.properties.generalCategory == .control {
      result += scalar == "\n" || scalar == "\t" ? " " : "\u{FFFD}"
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}
