import Foundation

extension Data {
  /// Whether the first byte that is no white space is `opening`, after a mark of UTF-8 if any.
  func isJSON(_ opening: Character) -> Bool {
    let first = first { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    return first == opening.asciiValue
  }

  /// Whether `"key"` stands somewhere in these bytes.
  func hasKey(_ key: String) -> Bool { range(of: Data("\"\(key)\"".utf8)) != nil }
}
