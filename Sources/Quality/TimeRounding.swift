internal import Timeline

extension FrameTable {
  /// How far a length in seconds may be off, in seconds: by half a tick of a millisecond at each end,
  /// and by what adding binary fractions loses.
  ///
  /// Lengths are compared with thresholds up to this, so that five frames of 0.04 s are 0.2 s
  /// wherever in the video they lie.
  static var rounding: Double { 0.001 }
}
