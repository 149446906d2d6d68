import Foundation

extension JSONReader {
  /// Reads over a string whose opening quote is the next byte.
  mutating func skipString() throws(LabelError) {
    position += 1
    while true {
      while position < end {
        let byte = buffer[position]
        if byte == 10 { line += 1 }
        if byte == UInt8(ascii: "\"") {
          position += 1
          return
        }
        if byte == UInt8(ascii: "\\") {
          if position + 1 >= end { break }
          position += 1
        }
        position += 1
      }
      try fill()
      if isAtEnd { throw damaged("the file ends inside a string") }
    }
  }

  /// Lends the string whose opening quote is the next byte.
  ///
  /// Most strings lie whole and plain in the buffer and are lent from there.
  mutating func readString<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) throws(LabelError) -> Result {
    position += 1
    var at = position
    while at < end, buffer[at] != UInt8(ascii: "\""), buffer[at] != UInt8(ascii: "\\"),
      buffer[at] >= 32
    {
      at += 1
    }
    if at < end, buffer[at] == UInt8(ascii: "\"") {
      defer { position = at + 1 }
      return body(UnsafeBufferPointer(start: buffer + position, count: at - position))
    }
    try collectString()
    return scratch.withUnsafeBufferPointer(body)
  }

  private mutating func collectString() throws(LabelError) {
    scratch.removeAll(keepingCapacity: true)
    while true {
      if end - position < 16 { try fill() }
      guard position < end else { throw damaged("the file ends inside a string") }
      let byte = buffer[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return
      }
      if byte == UInt8(ascii: "\\") {
        try collectEscape()
      } else {
        if byte == 10 { line += 1 }
        scratch.append(byte)
        position += 1
      }
      guard scratch.count <= Self.maximumStringLength else { throw damaged("a string is too long") }
    }
  }

  private mutating func collectEscape() throws(LabelError) {
    guard position + 1 < end else { throw damaged("the file ends inside a string") }
    let byte = buffer[position + 1]
    position += 2
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(byte)
    case UInt8(ascii: "b"): scratch.append(8)
    case UInt8(ascii: "f"): scratch.append(12)
    case UInt8(ascii: "n"): scratch.append(10)
    case UInt8(ascii: "r"): scratch.append(13)
    case UInt8(ascii: "t"): scratch.append(9)
    case UInt8(ascii: "u"): try collectUnicode()
    default: throw damaged("a string has an unknown escape")
    }
  }

  // A half of a surrogate pair without its other half becomes the replacement character.
  private mutating func collectUnicode() throws(LabelError) {
    let unit = try hexadecimal()
    var scalar = UInt32(unit)
    if (0xD800..<0xDC00).contains(unit), end - position >= 6,
      buffer[position] == UInt8(ascii: "\\"), buffer[position + 1] == UInt8(ascii: "u")
    {
      let start = position
      position += 2
      let low = try hexadecimal()
      if (0xDC00..<0xE000).contains(low) {
        scalar = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
      } else {
        position = start
      }
    }
    let character = Unicode.Scalar(scalar) ?? "\u{FFFD}"
    scratch.append(contentsOf: String(Character(character)).utf8)
  }

  private mutating func hexadecimal() throws(LabelError) -> UInt16 {
    guard end - position >= 4 else { throw damaged("the file ends inside a string") }
    var value: UInt16 = 0
    for offset in 0..<4 {
      let byte = buffer[position + offset]
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - 48
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - 87
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - 55
      default: throw damaged("a string has a broken escape")
      }
      value = value << 4 | UInt16(digit)
    }
    position += 4
    return value
  }
}
