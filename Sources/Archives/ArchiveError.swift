/// What went wrong with an archive or a compressed stream, and what to do about it.
public struct ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of a failure; more kinds may come.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The name of the kind.
    public let rawValue: String

    /// Names a kind of failure.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The file is not there or may not be read.
    public static let unreadable = Code(rawValue: "unreadable")
    /// The content breaks off or contradicts itself.
    public static let damaged = Code(rawValue: "damaged")
    /// The content needs a password.
    public static let encrypted = Code(rawValue: "encrypted")
    /// A name would leave the folder, or stands there twice.
    public static let unsafeName = Code(rawValue: "unsafe-name")
    /// The content is larger than a limit.
    public static let tooLarge = Code(rawValue: "too-large")
    /// A file cannot be written.
    public static let unwritable = Code(rawValue: "unwritable")
  }

  /// The kind of the failure.
  public var code: Code
  /// The file as the caller gave it; empty for bytes in memory.
  public var path: String
  /// The cause and what to do, as one sentence without a full stop.
  public var reason: String

  /// Creates an error.
  public init(_ code: Code, path: String = "", _ reason: String) {
    self.code = code
    self.path = path
    self.reason = reason
  }

  /// The error as a person reads it: `task.zip: the archive is cut off …`.
  public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}
