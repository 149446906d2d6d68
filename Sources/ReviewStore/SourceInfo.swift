public import Annotations

/// What a store keeps about one source besides its tracks.
public struct SourceInfo: Sendable {
  /// The name in findings, such as `labels`; unique among the sources of a video.
  public var name: String
  /// What the source is taken for.
  public var kind: ReadOptions.Kind
  /// The id of the format, such as `mot`.
  public var format: String
  /// The variant within the format; empty where there is only one.
  public var dialect: String
  /// The path it was read from.
  public var path: String
  /// What was read and what could not be.
  public var report: ReadReport

  /// Creates the description of a source.
  public init(
    name: String, kind: ReadOptions.Kind, format: String, dialect: String = "", path: String,
    report: ReadReport = ReadReport()
  ) {
    self.name = name
    self.kind = kind
    self.format = format
    self.dialect = dialect
    self.path = path
    self.report = report
  }
}

/// The number of a source in one store.
public struct SourceID: Hashable, Sendable {
  let number: Int64
}

/// The number of a run in one store.
public struct RunID: Hashable, Sendable {
  let number: Int64
}
