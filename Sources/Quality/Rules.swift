/// The catalog of rules.
public enum Rules {
  /// Every rule, in the order in which they are listed.
  public static let all: [any Rule.Type] = [
    TrackGap.self,
    BrokenTrack.self,
    ObjectCountDrop.self,
    DuplicateObject.self,
    DuplicateTrack.self,
    ClassFlip.self,
    GeometryInvalid.self,
    TrackAcrossCut.self,
    ShortTrack.self,
    LabelOutOfRange.self,
    BadLabelRows.self,
    FrameCountMismatch.self,
    FrameSizeMismatch.self,
    VariableFrameRate.self,
    DroppedFrames.self,
    CorruptFrames.self,
    BlackFrames.self,
    FrozenFrames.self,
  ]

  /// Returns the rule called `id`.
  public static func named(_ id: String) -> (any Rule.Type)? {
    all.first { $0.info.id == id }
  }
}
