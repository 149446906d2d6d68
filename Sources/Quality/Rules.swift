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
    TimebaseMismatch.self,
    LabelOffset.self,
    BadLabelRows.self,
    FrameCountMismatch.self,
    FrameSizeMismatch.self,
    VariableFrameRate.self,
    DroppedFrames.self,
    CorruptFrames.self,
    SceneCuts.self,
    BlackFrames.self,
    DarkFrames.self,
    BrightFrames.self,
    BlurredFrames.self,
    ExposureJumps.self,
    FlickeringBrightness.self,
    FrozenFrames.self,
    DuplicateFrames.self,
    InterlacedFrames.self,
  ]

  /// Returns the rule called `id`.
  public static func named(_ id: String) -> (any Rule.Type)? {
    all.first { $0.info.id == id }
  }
}
