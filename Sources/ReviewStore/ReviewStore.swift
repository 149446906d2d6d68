public import Annotations
internal import Foundation
internal import GRDB
public import Quality
public import Timeline

/// One SQLite file with everything that was measured and found, of one or many videos.
public final class ReviewStore: Sendable {
  /// The file.
  public let path: String
  let database: DatabaseQueue

  init(path: String, database: DatabaseQueue) {
    self.path = path
    self.database = database
  }

  /// Opens the store at `path` for reading and writing; creates it where there is none.
  public static func open(path: String, waiting seconds: Double = 5) throws(StoreError)
    -> ReviewStore
  { fatalError() }

  /// Opens the store at `path`, which must exist, for reading.
  public static func openExisting(path: String, waiting seconds: Double = 5) throws(StoreError)
    -> ReviewStore
  { fatalError() }

  /// Closes.
  public func close() throws(StoreError) { fatalError() }
}

extension ReviewStore {
  /// Notes the beginning of a run.
  public func beginRun(_ info: RunInfo) throws(StoreError) -> RunID { fatalError() }
  /// Notes the end of a run.
  public func finishRun(_ run: RunID) throws(StoreError) { fatalError() }
  /// Writes a video and its frames.
  public func putVideo(_ info: VideoInfo, frames: FrameTable, run: RunID) throws(StoreError)
    -> VideoID
  { fatalError() }
  /// Writes values: `rows[k][m]` is the value of `metrics[m]` at frame `start + k`.
  public func writeFrameValues(
    _ rows: [[MetricValue]], metrics: [MetricInfo], from start: FrameIndex, of video: VideoID
  ) throws(StoreError) { fatalError() }
  /// Writes a source.
  public func putSource(
    _ info: SourceInfo, annotations: VideoAnnotations, on video: VideoID, run: RunID
  ) throws(StoreError) -> SourceID { fatalError() }
  /// Writes values: `values[t]` belongs to `annotations.tracks[t]`.
  public func writeTrackValues(
    _ values: [MetricValue], metric: MetricInfo, of source: SourceID
  ) throws(StoreError) { fatalError() }
  /// Writes values: `values[t][i]` belongs to `annotations.tracks[t].instances[i]`.
  public func writeInstanceValues(
    _ values: [[MetricValue]], metric: MetricInfo, of source: SourceID
  ) throws(StoreError) { fatalError() }
  /// Replaces.
  public func replaceFindings(
    _ findings: [Finding], of source: SourceID?, on video: VideoID, run: RunID
  ) throws(StoreError) { fatalError() }
  /// Decides.
  public func decide(_ decision: Decision, fingerprint: String) throws(StoreError) { fatalError() }
}

/// One video with its counts.
public struct VideoSummary: Hashable, Sendable {
  /// What is known.
  public var info: VideoInfo
  /// Shown frames.
  public var frameCount: Int
  /// Seconds.
  public var duration: Double
  /// Nominal.
  public var isNominal: Bool
  /// Sources.
  public var sources: [SourceSummary]
}

/// One source with its counts.
public struct SourceSummary: Hashable, Sendable {
  /// Name.
  public var name: String
  /// Kind.
  public var kind: ReadOptions.Kind
  /// Format.
  public var format: String
  /// Dialect.
  public var dialect: String
  /// Path.
  public var path: String
  /// Tracks.
  public var trackCount: Int
  /// Instances.
  public var instanceCount: Int
  /// Bad rows.
  public var badRowCount: Int
}

extension ReviewStore {
  /// Reads findings.
  public func findings(matching filter: FindingFilter = FindingFilter()) throws(StoreError)
    -> [ReportedFinding]
  { fatalError() }
  /// Counts per level.
  public func counts(matching filter: FindingFilter = FindingFilter()) throws(StoreError)
    -> [Level: Int]
  { fatalError() }
  /// Videos by name.
  public func videos() throws(StoreError) -> [VideoSummary] { fatalError() }
  /// Frame metrics by id, one value a frame.
  public func frameMetrics(ofVideo name: String) throws(StoreError) -> [String: [MetricValue]] {
    fatalError()
  }
  /// Decision.
  public func decision(fingerprint: String) throws(StoreError) -> Decision? { fatalError() }
}
