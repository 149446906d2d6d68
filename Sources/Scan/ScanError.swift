/// A call or an input that a scan cannot use, said in one sentence.
public struct ScanError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure; open-ended, so that a new kind breaks no caller.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The spelling of the code.
    public let rawValue: String

    /// Creates a code from its spelling.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The call itself is wrong: nothing to scan, an unknown rule, a name given twice.
    public static let call = Code(rawValue: "call")
    /// A video cannot be read.
    public static let video = Code(rawValue: "video")
    /// A label file cannot be read, or belongs to no video.
    public static let labels = Code(rawValue: "labels")
    /// The configuration file is wrong.
    public static let configuration = Code(rawValue: "configuration")
    /// The store cannot be written.
    public static let store = Code(rawValue: "store")
  }

  /// The kind of failure.
  public var code: Code
  /// What is wrong, where, and what to do: a sentence without its full stop.
  public var description: String

  /// Creates an error.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
