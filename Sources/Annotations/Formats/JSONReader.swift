import Foundation

/// Reads JSON value by value from a file of any size, without holding more than the value at hand.
///
/// ```swift
/// var json = try JSONReader.open(path: path)
/// try json.beginObject()
/// while let key = try json.nextKey() {
///   if key == "score" { score = try json.number() } else { try json.skip() }
/// }
/// ```
/// Every `begin…` needs its loop to the end. A value of an unexpected kind is not an error of the
/// file: the reading functions skip it and return nil. `NaN` and `Infinity`, which some writers
/// leave behind, are read as such numbers.
struct JSONReader: ~Copyable {
  /// The kinds of values.
  enum Kind {
    case object
    case array
    case string
    case number
    case boolean
    case null
  }

  /// How deep arrays and objects may lie in each other.
  static let maximumDepth = 256
  /// Longer strings are no part of a label.
  static let maximumStringLength = 1 << 24

  private static let chunk = 1 << 18
  // A number that is longer than this is damage.
  private static let longestNumber = 512

  /// The line of the next byte, from 1.
  var line = 1
  /// The decimals of the number read last.
  private(set) var decimals = 0

  private let path: String
  // Nil where everything is in the buffer from the start.
  private let stream: InputStream?
  let buffer: UnsafeMutablePointer<UInt8>
  // The bytes of the buffer that are still to be read.
  var position = 0
  var end = 0
  var isAtEnd = false
  // One entry for every open array or object: whether no element was read yet.
  private var isFirst: [Bool] = []
  // Strings that do not lie whole in the buffer.
  var scratch: [UInt8] = []

  /// Opens the file at `path`.
  static func open(path: String) throws(LabelError) -> JSONReader {
    guard let stream = InputStream(fileAtPath: path) else {
      throw LabelError(
        .unreadable, path: path, "the file cannot be read; check path and permissions")
    }
    var reader = JSONReader(path: path, stream: stream)
    try reader.fill()
    reader.skipByteOrderMark()
    return reader
  }

  /// Opens JSON in memory; `path` and `line` are only for messages.
  static func open(_ bytes: some Collection<UInt8>, path: String, line: Int = 1) -> JSONReader {
    var reader = JSONReader(path: path, bytes: bytes)
    reader.line = line
    reader.skipByteOrderMark()
    return reader
  }

  private mutating func skipByteOrderMark() {
    if end >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { position = 3 }
  }

  private init(path: String, stream: InputStream) {
    self.path = path
    self.stream = stream
    buffer = .allocate(capacity: Self.chunk + Self.longestNumber)
    stream.open()
  }

  private init(path: String, bytes: some Collection<UInt8>) {
    self.path = path
    stream = nil
    buffer = .allocate(capacity: max(1, bytes.count))
    for (place, byte) in bytes.enumerated() { buffer[place] = byte }
    end = bytes.count
    isAtEnd = true
  }

  deinit {
    stream?.close()
    buffer.deallocate()
  }

  /// The error for a file that breaks off or breaks the grammar here.
  func damaged(_ reason: String) -> LabelError {
    LabelError(.damaged, path: path, line: line, reason + "; export the file again")
  }

  // MARK: Structure

  /// The kind of the next value.
  mutating func kind() throws(LabelError) -> Kind {
    switch try nextByte() {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "N"),
      UInt8(ascii: "I"):
      return .number
    default: throw damaged("this is no JSON value")
    }
  }

  /// Enters an object; returns false, and skips the value, where it is none.
  mutating func beginObject() throws(LabelError) -> Bool { try begin(.object) }

  /// Enters an array; returns false, and skips the value, where it is none.
  mutating func beginArray() throws(LabelError) -> Bool { try begin(.array) }

  /// The next key of the object entered last; nil at its end, which is then left.
  mutating func nextKey() throws(LabelError) -> String? {
    guard try next(closing: UInt8(ascii: "}")) else { return nil }
    guard try nextByte() == UInt8(ascii: "\"") else { throw damaged("a key is missing") }
    let key = try readString { String(decoding: $0, as: UTF8.self) }
    guard try nextByte() == UInt8(ascii: ":") else { throw damaged("a colon is missing") }
    position += 1
    return key
  }

  /// Whether the array entered last has another element; at its end it is left.
  mutating func nextElement() throws(LabelError) -> Bool { try next(closing: UInt8(ascii: "]")) }

  private mutating func begin(_ wanted: Kind) throws(LabelError) -> Bool {
    guard try kind() == wanted else {
      try skip()
      return false
    }
    guard isFirst.count < Self.maximumDepth else { throw damaged("the values lie too deep") }
    position += 1
    isFirst.append(true)
    return true
  }

  private mutating func next(closing: UInt8) throws(LabelError) -> Bool {
    var byte = try nextByte()
    if byte == closing {
      position += 1
      isFirst.removeLast()
      return false
    }
    if isFirst[isFirst.count - 1] {
      isFirst[isFirst.count - 1] = false
      return true
    }
    guard byte == UInt8(ascii: ",") else { throw damaged("a comma is missing") }
    position += 1
    byte = try nextByte()
    guard byte != closing else { throw damaged("a value is missing after the comma") }
    return true
  }

  // MARK: Values

  /// Reads a number; nil, and skips the value, where it is none.
  mutating func number() throws(LabelError) -> Double? {
    guard try kind() == .number else {
      try skip()
      return nil
    }
    if end - position < Self.longestNumber { try fill() }
    let bytes = UnsafeBufferPointer(start: buffer, count: end)
    guard let number = NumberText.read(bytes, at: &position) else { return try namedNumber() }
    guard position < end || isAtEnd else { throw damaged("a number is too long") }
    decimals = number.decimals
    return number.value
  }

  /// Reads a string; nil, and skips the value, where it is none.
  mutating func string() throws(LabelError) -> String? {
    guard try kind() == .string else {
      try skip()
      return nil
    }
    return try readString { String(decoding: $0, as: UTF8.self) }
  }

  /// Lends the UTF-8 of a string; nil, and skips the value, where it is none.
  mutating func withString<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) throws(LabelError) -> Result? {
    guard try kind() == .string else {
      try skip()
      return nil
    }
    return try readString(body)
  }

  /// Reads a truth value; 0 and 1 count as such. nil, and skips the value, where it is none.
  mutating func boolean() throws(LabelError) -> Bool? {
    switch try kind() {
    case .boolean:
      let isTrue = buffer[position] == UInt8(ascii: "t")
      try word(isTrue ? "true" : "false")
      return isTrue
    case .number: return try number().map { $0 != 0 && !$0.isNaN }
    default:
      try skip()
      return nil
    }
  }

  /// Reads a string, number or truth value as text; nil, and skips the value, for anything else.
  mutating func text() throws(LabelError) -> String? {
    switch try kind() {
    case .string: return try string()
    case .boolean: return try boolean().map { $0 ? "true" : "false" }
    case .number:
      return try number().map { value in
        Int(exactly: value).map { String($0) } ?? String(value)
      }
    case .object, .array, .null:
      try skip()
      return nil
    }
  }

  /// Reads an id; `.none`, and skips the value, where it is neither number nor text.
  mutating func identity() throws(LabelError) -> SourceIdentity {
    guard try kind() == .number else { return try string().map { .text($0) } ?? .none }
    guard let value = try number() else { return .none }
    return Int(exactly: value).map { .number($0) } ?? .text(String(value))
  }

  /// Reads a list of strings; empty, and skips the value, where it is none.
  ///
  /// What is no string stands there as an empty one, so that places stay.
  mutating func strings() throws(LabelError) -> [String] {
    var strings: [String] = []
    guard try beginArray() else { return [] }
    while try nextElement() { strings.append(try string() ?? "") }
    return strings
  }

  /// The most attributes that one object of a label may have.
  static let maximumAttributes = 1_000

  /// Reads the strings, numbers and truth values of an object as texts; empty, and skips the value,
  /// where it is none.
  mutating func attributes() throws(LabelError) -> [String: String] {
    var attributes: [String: String] = [:]
    guard try beginObject() else { return [:] }
    while let key = try nextKey() {
      let value = try text()
      if attributes.count < Self.maximumAttributes { attributes[key] = value }
    }
    return attributes
  }

  /// Reads a list of ids; empty, and skips the value, where it is none.
  mutating func identities() throws(LabelError) -> [SourceIdentity] {
    var identities: [SourceIdentity] = []
    guard try beginArray() else { return [] }
    while try nextElement() {
      let identity = try identity()
      if identity != .none { identities.append(identity) }
    }
    return identities
  }

  /// Skips the next value, whatever it is, and reads over its inside without keeping any of it.
  mutating func skip() throws(LabelError) {
    switch try kind() {
    case .string: try skipString()
    case .number: _ = try number()
    case .boolean: _ = try boolean()
    case .null: try word("null")
    case .object, .array:
      var depth = 0
      repeat {
        switch try nextByte() {
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        case UInt8(ascii: "\""):
          try skipString()
          continue
        default: break
        }
        position += 1
      } while depth > 0
    }
  }

  // MARK: Bytes

  /// Whether nothing but white space follows.
  mutating func isFinished() throws(LabelError) -> Bool {
    while true {
      while position < end {
        guard [9, 10, 13, 32].contains(buffer[position]) else { return false }
        if buffer[position] == 10 { line += 1 }
        position += 1
      }
      if isAtEnd { return true }
      try fill()
    }
  }

  // Moves what is left to the front and reads on; at the end of the file everything stays as it is.
  mutating func fill() throws(LabelError) {
    guard !isAtEnd, let stream else { return }
    let left = end - position
    if position > 0 { memmove(buffer, buffer + position, left) }
    position = 0
    end = left
    let room = Self.chunk + Self.longestNumber - end
    guard room > 0 else { return }
    let count = stream.read(buffer + end, maxLength: room)
    guard count >= 0 else {
      throw LabelError(
        .unreadable, path: path, "the file cannot be read; check path and permissions")
    }
    isAtEnd = count == 0
    end += count
  }

  // Skips white space and returns the next byte without taking it.
  private mutating func nextByte() throws(LabelError) -> UInt8 {
    while true {
      while position < end {
        let byte = buffer[position]
        if byte > 32 { return byte }
        guard byte == 32 || byte == 10 || byte == 13 || byte == 9 else {
          throw damaged("there is a control character")
        }
        if byte == 10 { line += 1 }
        position += 1
      }
      try fill()
      if isAtEnd { throw damaged("the file ends in the middle") }
    }
  }

  private mutating func word(_ word: StaticString) throws(LabelError) {
    if end - position < word.utf8CodeUnitCount { try fill() }
    guard end - position >= word.utf8CodeUnitCount else {
      throw damaged("the file ends in the middle")
    }
    guard memcmp(buffer + position, word.utf8Start, word.utf8CodeUnitCount) == 0 else {
      throw damaged("this is no JSON value")
    }
    position += word.utf8CodeUnitCount
  }

  private mutating func namedNumber() throws(LabelError) -> Double {
    let isNegative = buffer[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    decimals = 0
    if position < end, buffer[position] == UInt8(ascii: "N") {
      try word("NaN")
      return .nan
    }
    try word("Infinity")
    return isNegative ? -.infinity : .infinity
  }
}
