public import Annotations

/// One video of a store, with what is known of it.
public struct VideoSummary: Hashable, Sendable {
  /// The name, the path and what the container says.
  public var info: StoredVideo
  /// The number of shown frames.
  public var frameCount: Int
  /// The length in seconds.
  public var duration: Double
  /// Whether the times were made up from a nominal frame rate because no video was read.
  public var isNominal: Bool
  /// The sources, by name.
  public var sources: [SourceSummary]

  /// Creates a summary.
  public init(
    info: StoredVideo, frameCount: Int, duration: Double, isNominal: Bool, sources: [SourceSummary]
  ) {
    self.info = info
    self.frameCount = frameCount
    self.duration = duration
    self.isNominal = isNominal
    self.sources = sources
  }
}

/// One source of a video, with its counts.
public struct SourceSummary: Hashable, Sendable {
  /// The name in findings.
  public var name: String
  /// What the source is taken for.
  public var kind: ReadOptions.Kind
  /// The id of the format.
  public var format: String
  /// The variant within the format; empty where there is only one.
  public var dialect: String
  /// The path it was read from.
  public var path: String
  /// The number of tracks.
  public var trackCount: Int
  /// The number of instances in all tracks.
  public var instanceCount: Int
  /// The number of rows that could not be used.
  public var badRowCount: Int

  /// Creates a summary.
  public init(
    name: String, kind: ReadOptions.Kind, format: String, dialect: String, path: String,
    trackCount: Int, instanceCount: Int, badRowCount: Int
  ) {
    self.name = name
    self.kind = kind
    self.format = format
    self.dialect = dialect
    self.path = path
    self.trackCount = trackCount
    self.instanceCount = instanceCount
    self.badRowCount = badRowCount
  }
}
