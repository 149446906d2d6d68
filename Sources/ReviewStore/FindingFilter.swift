public import Quality

/// Which findings to read; nil lets everything pass.
public struct FindingFilter: Hashable, Sendable {
  /// Only findings of this rule.
  public var rule: String?
  /// Only findings of this level and above.
  public var minimumLevel: Level?
  /// Only findings about this source.
  public var source: String?
  /// Only findings in this video.
  public var video: String?

  /// Creates a filter.
  public init(
    rule: String? = nil, minimumLevel: Level? = nil, source: String? = nil, video: String? = nil
  ) {
    self.rule = rule
    self.minimumLevel = minimumLevel
    self.source = source
    self.video = video
  }
}
