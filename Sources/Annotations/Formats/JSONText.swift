/// The pieces of JSON that stores and exports put together by hand, because key order matters.
public enum JSONText {
  /// Returns `text` as a JSON string with its quotes; what JSON does not need escaped stays.
  public static func string(_ text: String) -> String {
    var result = "\""
    result.reserveCapacity(text.utf8.count + 2)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      // U+2028 and U+2029 end a line for some readers of line-by-line JSON.
      case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Returns a number with all its digits, as short as it reads back exactly.
  ///
  /// JSON has no infinities and no NaN: those are `null`.
  public static func number(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Returns a number rounded to `decimals` (0...6) places, without zeros at the end.
  ///
  /// JSON has no infinities and no NaN: those are `null`.
  public static func number(_ value: Double, decimals: Int) -> String {
    precondition((0...6).contains(decimals), "A number is rounded to 0...6 places.")
    let scale = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000][decimals]
    guard abs(value) < 1e9 else { return number(value) }
    let scaled = Int((value * Double(scale)).rounded())
    var text = (scaled < 0 ? "-" : "") + String(abs(scaled) / scale)
    var rest = abs(scaled) % scale
    guard rest > 0 else { return text }
    var places = decimals
    while rest % 10 == 0 {
      rest /= 10
      places -= 1
    }
    let digits = String(rest)
    text += "." + String(repeating: "0", count: places - digits.count) + digits
    return text
  }

  /// Returns an array of pieces that are JSON already.
  public static func array(_ items: some Sequence<String>) -> String {
    "[" + items.joined(separator: ",") + "]"
  }

  /// Returns an object, in the order given, of values that are JSON already.
  public static func object(_ members: some Sequence<(key: String, value: String)>) -> String {
    "{" + members.map { string($0.key) + ":" + $0.value }.joined(separator: ",") + "}"
  }
}
