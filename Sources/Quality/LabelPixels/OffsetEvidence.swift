/// What the pixels say about a constant shift between the labels of a source and the pictures.
///
/// Shifts are in frames. A positive one means that labels come late: the label of frame t fits the
/// picture of frame t - shift.
public struct OffsetEvidence: Hashable, Sendable {
  /// A shift with the uncertainty of its estimate.
  public struct Estimate: Hashable, Sendable {
    /// The shift in frames, between -6 and 6.
    public var shift: Double
    /// The standard deviation over resampled pieces of tracks, in frames.
    public var deviation: Double

    /// Creates an estimate.
    public init(shift: Double, deviation: Double) {
      self.shift = shift
      self.deviation = deviation
    }
  }

  /// The shift at which labels lie best on what moves; nil where too little moves to tell.
  public var byPlace: Estimate?
  /// The shift at which labels move when the pictures change; nil where too little is labelled.
  public var bySpeed: Estimate?
  /// The correlation of label speed and picture change at that shift, -1...1.
  public var correlation: Double

  /// Creates evidence.
  public init(byPlace: Estimate?, bySpeed: Estimate?, correlation: Double) {
    self.byPlace = byPlace
    self.bySpeed = bySpeed
    self.correlation = correlation
  }

  /// The largest deviation of an estimate that counts, in frames.
  static let largestDeviation = 0.35
  /// The smallest correlation that counts.
  static let smallestCorrelation = 0.3
  /// How far the estimates may lie apart, in frames.
  static let largestDisagreement = 0.75

  /// The shift in whole frames, 0 among them; nil where the evidence does not suffice.
  ///
  /// Both estimates are sure, agree, and round to the same number, and two deviations of their
  /// weighted mean lie nearer to it than to any other.
  public var offset: Int? {
    guard let byPlace, let bySpeed,
      byPlace.deviation <= Self.largestDeviation, bySpeed.deviation <= Self.largestDeviation,
      correlation >= Self.smallestCorrelation,
      abs(byPlace.shift - bySpeed.shift) <= Self.largestDisagreement,
      byPlace.shift.rounded() == bySpeed.shift.rounded()
    else { return nil }
    let mean = mean(byPlace, bySpeed)
    let whole = byPlace.shift.rounded()
    return abs(mean.shift - whole) + 2 * mean.deviation <= 0.5 ? Int(whole) : nil
  }

  /// The mean of two estimates, each weighted by its certainty.
  private func mean(_ a: Estimate, _ b: Estimate) -> Estimate {
    // Some sources are so regular that resampling shows no deviation at all.
    func weight(_ estimate: Estimate) -> Double {
      let deviation = max(0.05, estimate.deviation)
      return 1 / (deviation * deviation)
    }
    let (u, v) = (weight(a), weight(b))
    return Estimate(
      shift: (u * a.shift + v * b.shift) / (u + v), deviation: (1 / (u + v)).squareRoot())
  }
}
