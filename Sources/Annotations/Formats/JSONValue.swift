/// A JSON value as a tree, for the leaves of a file that are small.
///
/// Whole files are read with ``JSONReader``, which keeps nothing.
enum JSONValue: Hashable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  /// The members in the order of the file; of members of one name the first counts.
  case object([Member])

  /// A key with its value.
  struct Member: Hashable {
    var key: String
    var value: JSONValue
  }

  /// Creates an object; members whose value is nil are left out.
  static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
  }

  /// The value of a member; nil where this is no object or has none of that name.
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The members of an object; empty for anything else.
  var members: [Member] { if case .object(let members) = self { members } else { [] } }
  /// The elements of an array; nil for anything else.
  var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  /// The number; nil for anything else.
  var number: Double? { if case .number(let number) = self { number } else { nil } }
  /// The number where it is a whole one; nil for anything else.
  var integer: Int? { number.flatMap { Int(exactly: $0) } }
  /// The string; nil for anything else.
  var string: String? { if case .string(let string) = self { string } else { nil } }
  /// The truth value, as which 0 and 1 count, too; nil for anything else.
  var boolean: Bool? {
    switch self {
    case .boolean(let boolean): boolean
    case .number(let number): number.isNaN ? nil : number != 0
    default: nil
    }
  }
  /// A string, number or truth value as text; nil for anything else.
  var text: String? {
    switch self {
    case .string(let string): string
    case .number(let number): Int(exactly: number).map { String($0) } ?? String(number)
    case .boolean(let boolean): boolean ? "true" : "false"
    case .null, .array, .object: nil
    }
  }
  /// Whether this is `null`.
  var isNull: Bool { self == .null }

  /// The numbers of an array of nothing but numbers; nil for anything else.
  var numbers: [Double]? {
    guard let elements else { return nil }
    let numbers = elements.compactMap(\.number)
    return numbers.count == elements.count ? numbers : nil
  }

  /// The value as JSON on one line.
  var json: String {
    switch self {
    case .null: "null"
    case .boolean(let boolean): boolean ? "true" : "false"
    case .number(let number): JSONText.number(number)
    case .string(let string): JSONText.string(string)
    case .array(let elements): JSONText.array(elements.lazy.map(\.json))
    case .object(let members):
      JSONText.object(members.lazy.map { (key: $0.key, value: $0.value.json) })
    }
  }
}

extension JSONReader {
  /// The most values a leaf may hold, where 64 bytes of text count as one; a larger one is no label.
  static let maximumLeaf = 4_000_000

  /// Reads the next value whole.
  ///
  /// - Throws: A ``LabelError`` where it holds more than `limit` values.
  mutating func value(limit: Int = maximumLeaf) throws(LabelError) -> JSONValue {
    var room = limit
    return try value(&room)
  }

  private mutating func value(_ room: inout Int) throws(LabelError) -> JSONValue {
    room -= 1
    guard room > 0 else { throw damaged("one entry is too large to be a label") }
    switch try kind() {
    case .null:
      try skip()
      return .null
    case .boolean: return .boolean(try boolean() ?? false)
    case .number: return .number(try number() ?? .nan)
    case .string:
      let text = try string() ?? ""
      room -= text.utf8.count / 64
      return .string(text)
    case .array:
      var elements: [JSONValue] = []
      guard try beginArray() else { return .null }
      while try nextElement() { elements.append(try value(&room)) }
      return .array(elements)
    case .object:
      var members: [JSONValue.Member] = []
      guard try beginObject() else { return .null }
      while let key = try nextKey() {
        room -= key.utf8.count / 64
        members.append(JSONValue.Member(key: key, value: try value(&room)))
      }
      return .object(members)
    }
  }
}
