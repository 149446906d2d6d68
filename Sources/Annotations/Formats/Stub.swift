import Foundation
public import Timeline

// Temporary until the skeleton lands.
indirect enum JSONValue: Equatable {
  case object([(String, JSONValue)])
  case array([JSONValue])
  case string(String)
  case number(Double)
  case boolean(Bool)
  case null
  static func == (a: JSONValue, b: JSONValue) -> Bool {
    if case .null = a, case .null = b { return true }
    return false
  }
  subscript(_ key: String) -> JSONValue? {
    if case .object(let m) = self { return m.first { $0.0 == key }?.1 }
    return nil
  }
  var members: [(String, JSONValue)]? { if case .object(let m) = self { return m }; return nil }
  var array: [JSONValue]? { if case .array(let m) = self { return m }; return nil }
  var string: String? { if case .string(let m) = self { return m }; return nil }
  var number: Double? { if case .number(let m) = self { return m }; return nil }
  var boolean: Bool? { if case .boolean(let m) = self { return m }; return nil }
  var text: String? {
    switch self {
    case .string(let s): s
    case .boolean(let b): b ? "true" : "false"
    case .number(let n): Int(exactly: n).map { String($0) } ?? String(n)
    default: nil
    }
  }
}
extension JSONReader {
  mutating func value() throws(LabelError) -> JSONValue {
    switch try kind() {
    case .object:
      var m: [(String, JSONValue)] = []
      guard try beginObject() else { return .null }
      while let k = try nextKey() { m.append((k, try value())) }
      return .object(m)
    case .array:
      var m: [JSONValue] = []
      guard try beginArray() else { return .null }
      while try nextElement() { m.append(try value()) }
      return .array(m)
    case .string: return .string(try string() ?? "")
    case .number: return .number(try number() ?? 0)
    case .boolean: return .boolean(try boolean() ?? false)
    case .null:
      try skip()
      return .null
    }
  }
}
enum ReservedAttribute {
  static let ignore = "ignore"
  static let truncated = "truncated"
}
public struct RangeLabel: Hashable, Sendable {
  public var range: FrameRange
  public var name: String
  public var value: String?
  public var track: String?
  public var attributes: [String: String]
  public var origin: Origin
  public var confidence: Double?
  public init(
    range: FrameRange, name: String, value: String? = nil, track: String? = nil,
    attributes: [String: String] = [:], origin: Origin = .unknown, confidence: Double? = nil
  ) {
    self.range = range
    self.name = name
    self.value = value
    self.track = track
    self.attributes = attributes
    self.origin = origin
    self.confidence = confidence
  }
}
