public import Quality

/// One invocation of the tool, as its results need it to be repeated.
public struct RunInfo: Sendable {
  /// A file that was read.
  public struct Input: Hashable, Sendable {
    /// The path as it was given.
    public var path: String
    /// The size in bytes.
    public var size: Int64
    /// The SHA-256 of the content in lower-case hexadecimal; nil where it was not computed.
    public var sha256: String?

    /// Creates an entry.
    public init(path: String, size: Int64, sha256: String?) {
      self.path = path
      self.size = size
      self.sha256 = sha256
    }
  }

  /// The version of the tool.
  public var toolVersion: String
  /// The arguments after the name of the program.
  public var arguments: [String]
  /// Every file that was read.
  public var inputs: [Input]
  /// The parameters of every rule that ran, by rule id.
  public var rules: [String: RuleSettings]
  /// The parameters of every metric that was measured, by metric id; most metrics have none.
  public var metrics: [String: [String: Double]]

  /// Creates the description of a run.
  public init(
    toolVersion: String, arguments: [String] = [], inputs: [Input] = [],
    rules: [String: RuleSettings] = [:], metrics: [String: [String: Double]] = [:]
  ) {
    self.toolVersion = toolVersion
    self.arguments = arguments
    self.inputs = inputs
    self.rules = rules
    self.metrics = metrics
  }
}

/// A run that has a beginning and no end.
public struct UnfinishedRun: Hashable, Sendable {
  /// The moment it began: `2026-11-24T21:05:07Z`.
  public var started: String
  /// The paths of the files it read, as they were given.
  public var inputs: [String]
}
