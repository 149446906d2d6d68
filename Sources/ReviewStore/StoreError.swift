/// A store that cannot be opened, read or written, said in one sentence.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure; open-ended, so that a new kind breaks no caller.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The spelling of the code.
    public let rawValue: String

    /// Creates a code from its spelling.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The file does not exist, is a directory, or may not be read.
    public static let unreadable = Code(rawValue: "unreadable")
    /// The file is something else: no SQLite file, or one of another program.
    public static let notAStore = Code(rawValue: "not-a-store")
    /// A newer version of the tool wrote the file.
    public static let newerVersion = Code(rawValue: "newer-version")
    /// The file may not be written or created there.
    public static let unwritable = Code(rawValue: "unwritable")
    /// The disk is full.
    public static let full = Code(rawValue: "full")
    /// Another process is writing and did not finish in time.
    public static let locked = Code(rawValue: "locked")
    /// The file is a store and its content is damaged.
    public static let damaged = Code(rawValue: "damaged")
    /// SQLite refused something else.
    public static let failed = Code(rawValue: "failed")
  }

  /// The kind of failure.
  public var code: Code
  /// The file.
  public var path: String
  /// What is wrong, and what to do: a sentence without its full stop.
  public var reason: String

  /// Creates an error.
  public init(_ code: Code, path: String, _ reason: String) {
    self.code = code
    self.path = path
    self.reason = reason
  }

  /// `continuity.sqlite: the disk is full; make room and scan again`.
  public var description: String { path + ": " + reason }
}
