/// A finding as people and exports see it: with its video, its times and its lasting name.
public struct ReportedFinding: Hashable, Sendable {
  /// What was found.
  public var finding: Finding
  /// The name of the video.
  public var video: String
  /// The start of the first frame, in seconds since the first frame of the video.
  public var startTime: Double
  /// The start of the first frame after the range, in seconds since the first frame of the video.
  public var endTime: Double
  /// The name that survives a re-run.
  public var fingerprint: String

  /// Creates a reported finding.
  public init(
    finding: Finding, video: String, startTime: Double, endTime: Double, fingerprint: String
  ) {
    self.finding = finding
    self.video = video
    self.startTime = startTime
    self.endTime = endTime
    self.fingerprint = fingerprint
  }
}
