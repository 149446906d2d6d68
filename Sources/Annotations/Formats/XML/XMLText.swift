import Foundation

/// The characters of XML: what bytes and entities stand for.
enum XMLText {
  /// The text that `bytes` are, and whether an ampersand is in it; nil where they are no UTF-8.
  static func decoded(_ bytes: ArraySlice<UInt8>) -> (text: String, hasEntities: Bool)? {
    // Nearly all text is ASCII. Checking that first is much faster than `String(validating:)`.
    let (bits, hasEntities) = bytes.reduce(into: (UInt8(0), false)) { found, byte in
      found.0 |= byte
      if byte == UInt8(ascii: "&") { found.1 = true }
    }
    if bits < 0x80 {
      let text = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
      return (text, hasEntities)
    }
    return String(validating: bytes, as: UTF8.self).map { ($0, hasEntities) }
  }

  /// `text` with its entities replaced by the characters they stand for; nil where one is unknown.
  static func resolvingEntities(in text: String) -> String? {
    var result = ""
    var rest = text[...]
    while let ampersand = rest.firstIndex(of: "&") {
      result += rest[..<ampersand]
      rest = rest[ampersand...].dropFirst()
      guard let semicolon = rest.prefix(12).firstIndex(of: ";"),
        let character = character(named: rest[..<semicolon])
      else { return nil }
      result.unicodeScalars.append(character)
      rest = rest[semicolon...].dropFirst()
    }
    return result + rest
  }

  private static func character(named name: Substring) -> Unicode.Scalar? {
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.hasPrefix("#") else { return nil }
      let digits = name.dropFirst()
      let number =
        digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
      return number.flatMap { $0 == 0 ? nil : Unicode.Scalar($0) }
    }
  }

  /// Tells whether a byte is white space between tokens.
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
  }

  /// Tells whether a name can begin with a byte.
  static func beginsName(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
      || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
  }
}

extension XMLText {
  /// The name of the first element in the first bytes of a file; nil where none begins there.
  static func rootName(of text: String) -> Substring? {
    var rest = text[...]
    while let open = rest.firstIndex(of: "<") {
      rest = rest[open...].dropFirst()
      let end = rest.hasPrefix("?") ? "?>" : rest.hasPrefix("!--") ? "-->" : ">"
      guard rest.hasPrefix("?") || rest.hasPrefix("!") else {
        return rest.prefix { $0.isLetter || $0.isNumber || "_-.:".contains($0) }
      }
      guard let close = rest.range(of: end) else { return nil }
      rest = rest[close.upperBound...]
    }
    return nil
  }
}
