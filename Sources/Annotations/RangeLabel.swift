public import Timeline

/// What a source says about a stretch of frames, or about one frame: a tag, a class, an action.
public struct RangeLabel: Hashable, Sendable {
  /// The frames it holds for, half-open; a tag of one frame is a range of one.
  public var range: FrameRange
  /// The name: the class of a tag, the question of a classification.
  public var name: String
  /// The answer, where the name asks a question; nil for a plain tag.
  public var value: String?
  /// The ``Track/id`` it speaks of; nil where it speaks of the whole picture.
  public var track: String?
  /// Attributes as the source spells them.
  public var attributes: [String: String]
  /// Who or what made it.
  public var origin: Origin
  /// The score in the source's own range; nil where there is none.
  public var confidence: Double?

  /// Creates a label of `range`.
  public init(
    range: FrameRange, name: String, value: String? = nil, track: String? = nil,
    attributes: [String: String] = [:], origin: Origin = .unknown, confidence: Double? = nil
  ) {
    self.range = range
    self.name = name
    self.value = value
    self.track = track
    self.attributes = attributes
    self.origin = origin
    self.confidence = confidence
  }
}
