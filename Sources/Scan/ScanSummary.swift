public import Annotations
public import Quality

/// What one scan read and found.
public struct ScanSummary: Sendable {
  /// One source on one video.
  public struct Source: Hashable, Sendable {
    /// The name in findings.
    public var name: String
    /// What it was taken for.
    public var kind: ReadOptions.Kind
    /// The file it was read from.
    public var path: String
    /// The id of its format.
    public var format: String
    /// The variant within the format; empty where there is only one.
    public var dialect: String
    /// The number of tracks.
    public var trackCount: Int
    /// The number of instances in all tracks.
    public var instanceCount: Int
    /// The number of rows that could not be read.
    public var badRowCount: Int
    /// Things worth knowing about the file, one sentence each.
    public var notes: [String]
  }

  /// One video with its sources and findings.
  public struct Video: Hashable, Sendable {
    /// The name in findings.
    public var name: String
    /// The path it was read from; nil for labels alone.
    public var path: String?
    /// The number of shown frames, or the length of the nominal timeline.
    public var frameCount: Int
    /// The length in seconds.
    public var duration: Double
    /// Whether the times were made up from a nominal rate because no video was read.
    public var isNominal: Bool
    /// Labels and predictions, in the order of the call.
    public var sources: [Source]
    /// What is wrong, in the order of reports.
    public var findings: [ReportedFinding]
  }

  /// The videos, in the order of the call.
  public var videos: [Video]
  /// Things worth knowing about the scan, one sentence each.
  public var notes: [String]
  /// The path of the store.
  public var store: String

  /// The findings of all videos.
  public var findings: [ReportedFinding] { videos.flatMap(\.findings) }

  /// The number of findings of `level`.
  public func count(of level: Level) -> Int {
    videos.reduce(0) { sum, video in
      sum + video.findings.count { $0.finding.level == level }
    }
  }
}
