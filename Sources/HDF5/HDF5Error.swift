/// An HDF5 file that cannot be read or written, said in one sentence.
public struct HDF5Error: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure; open-ended, so that a new kind breaks no caller.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The spelling of the code.
    public let rawValue: String

    /// Creates a code from its spelling.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The program was built without libhdf5.
    public static let unavailable = Code(rawValue: "unavailable")
    /// The file is no HDF5 file, is cut off, or may not be read.
    public static let unreadable = Code(rawValue: "unreadable")
    /// Something in the file is not there, or is not of the kind that was asked for.
    public static let unexpected = Code(rawValue: "unexpected")
    /// The file states sizes that it cannot hold, or more than is ever read at once.
    public static let tooLarge = Code(rawValue: "too-large")
    /// The file could not be written.
    public static let unwritable = Code(rawValue: "unwritable")
  }

  /// The kind of failure.
  public var code: Code
  /// What is wrong, and what to do: a sentence without its full stop.
  public var reason: String

  /// Creates an error.
  public init(_ code: Code, _ reason: String) {
    self.code = code
    self.reason = reason
  }

  /// The reason.
  public var description: String { reason }

  static let unavailable = HDF5Error(
    .unavailable,
    "this build of continuity was made without libhdf5; install libhdf5-dev, "
      + "run swift package purge-cache and build again")
}
