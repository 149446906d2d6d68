public import Timeline

/// Who or what made an instance.
public enum Origin: String, Sendable, CaseIterable {
  /// A person drew it.
  case human
  /// A tool computed it between two key frames.
  case interpolated
  /// A tracker carried it on from a person's drawing.
  case tracked
  /// A model predicted it.
  case model
  /// It came in from a file that does not say more.
  case imported
  /// The source does not say.
  case unknown
}

/// How much of the object the source says can be seen.
public enum Visibility: Hashable, Sendable {
  /// The source does not say.
  case unknown
  /// All of it.
  case visible
  /// The source says occluded, without saying how much.
  case occluded
  /// A share of it, 0...1.
  case ratio(Double)
}

/// One object in one frame, where the source says the object is present.
public struct Instance: Hashable, Sendable {
  // The order saves padding: 104 bytes an instance instead of 120.

  /// The frame, zero-based in presentation order.
  public var frame: FrameIndex
  /// Attributes that hold in this frame; keys and values as the source spells them.
  public var attributes: [String: String]
  /// The class where it differs from the one of the track; nil where it is ``Track/className``.
  ///
  /// A source that gives one identity two classes is not made to agree: rules find it here.
  public var className: String?
  /// What is drawn.
  public var shape: Shape
  /// The class where it differs from the one of the track; nil where it is ``Track/className``.
  ///
  /// A source that gives one identity two classes is not made to agree: rules find it here.
  public var className: String?
  /// Whether the source marks a key frame; nil where it does not say.
  public var isKeyFrame: Bool?
  /// Who or what made it.
  public var origin: Origin
  /// The line of the source file it was read from, from 1; 0 where lines mean nothing.
  public var line: Int32
  /// The score in the source's own range; nil where there is none.
  public var confidence: Double?
  /// How much of the object can be seen.
  public var visibility: Visibility

  /// Creates an instance.
  public init(
    frame: FrameIndex, shape: Shape, className: String? = nil, isKeyFrame: Bool? = nil,
    origin: Origin = .unknown, confidence: Double? = nil, visibility: Visibility = .unknown,
    attributes: [String: String] = [:], line: Int32 = 0
  ) {
    self.frame = frame
    self.shape = shape
    self.className = className
    self.isKeyFrame = isKeyFrame
    self.origin = origin
    self.confidence = confidence
    self.visibility = visibility
    self.attributes = attributes
    self.line = line
  }
}
