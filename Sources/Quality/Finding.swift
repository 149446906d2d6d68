public import Annotations
public import Timeline

/// How much a finding matters.
public enum Level: String, Sendable, CaseIterable, Comparable {
  /// Worth knowing; an explained finding.
  case note
  /// Probably wrong.
  case warning
  /// Wrong unless a person says otherwise.
  case error

  /// Orders from note to error.
  public static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
}

/// Why a finding may be harmless.
public enum Cause: String, Sendable, CaseIterable {
  /// Nothing explains it.
  case unexplained
  /// The source itself says so, such as an object declared outside.
  case declared
  /// The frames were never annotated.
  case unannotated
  /// Another label covers more than half of the place.
  case occluded
  /// The object was leaving the picture or coming back.
  case leftFrame = "left-frame"
  /// There is a cut in between.
  case cut
  /// The pictures are black, frozen or damaged there.
  case frameQuality = "frame-quality"
}

/// A label that a finding suggests.
public struct Proposal: Hashable, Sendable {
  /// The frame to put it in.
  public var frame: FrameIndex
  /// The box to draw, in pixels.
  public var box: Box

  /// Creates a proposal.
  public init(frame: FrameIndex, box: Box) {
    self.frame = frame
    self.box = box
  }
}

/// A range of frames in which something is wrong, with the reason.
public struct Finding: Hashable, Sendable {
  /// The id of the rule.
  public var rule: String
  /// How much it matters.
  public var level: Level
  /// The source; nil for a finding about the video itself.
  public var source: String?
  /// The track it is about; nil where it is about no single one.
  public var track: String?
  /// The other tracks involved, such as the second half of a broken track.
  public var otherTracks: [String]
  /// The class of the track; nil where there is none.
  public var className: String?
  /// The frames, half-open.
  public var range: FrameRange
  /// How sure the rule is, 0...1, where higher ranks first.
  public var score: Double
  /// Why it may be harmless.
  public var cause: Cause
  /// One sentence without full stop, for a person who looks at the frames.
  public var reason: String
  /// Where to look, in pixels; nil for the whole frame.
  public var box: Box?
  /// The labels it suggests, by rising frame.
  public var proposals: [Proposal]

  /// Creates a finding.
  public init(
    rule: String, level: Level, source: String? = nil, track: String? = nil,
    otherTracks: [String] = [], className: String? = nil, range: FrameRange, score: Double = 1,
    cause: Cause = .unexplained, reason: String, box: Box? = nil, proposals: [Proposal] = []
  ) {
    self.rule = rule
    self.level = level
    self.source = source
    self.track = track
    self.otherTracks = otherTracks
    self.className = className
    self.range = range
    self.score = score
    self.cause = cause
    self.reason = reason
    self.box = box
    self.proposals = proposals
  }

  /// The place of the finding among others of one video: source, range, rule, then track.
  public static func reportOrder(_ a: Finding, _ b: Finding) -> Bool {
    let (x, y) = (a.source ?? "", b.source ?? "")
    if x != y { return x < y }
    if a.range != b.range { return a.range < b.range }
    if a.rule != b.rule { return a.rule < b.rule }
    let (s, t) = (a.track ?? "", b.track ?? "")
    if s != t { return s < t }
    return a.reason < b.reason
  }
}
