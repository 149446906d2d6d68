public import Timeline

/// How likely a new shot starts at a frame, as ffmpeg's `scdet` scores it.
///
/// `min(d, |d - previous d|)`, at most 100, with `d = 100 * mean(|Y(t) - Y(t - 1)|) / 256` over
/// levels as decoded. The smaller of the two keeps sustained motion from looking like a cut.
///
/// - Unit: score, 0...100.
/// - Direction: neither is better.
/// - Edge cases: undefined in the first frame and where the frame size changes; the frame after
///   either counts from a previous `d` of 0.
/// - Source: ffmpeg's `scdet`.
public struct SceneCut: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "scene-cut", scope: .frame, summary: "How likely a new shot starts here.",
    unit: "score 0...100", direction: .neutral,
    page: """
      How likely a frame is the first of a new shot.

      Formula    min(d, |d - previous d|), at most 100; d = 100 * mean(|Y(t) - Y(t-1)|) / 256 over
                 levels as decoded; previous d is 0 at the start
      Range      0...100; a new shot starts where it is above 10
      Undefined  in the first frame, and where the frame size changes
      Source     ffmpeg's scdet (lavfi.scd.score), equal on YUV video of 8 bits that is its own
                 working picture (see luma-mean); ffmpeg gives the first frame 0

      A score above 10 is no cut where the picture is back within 0.2 seconds: a flash, or a few
      black frames. Back means that luma-mean (within 4 levels) and rms-contrast (within 0.02) are
      as in the frame before the score, so both have to be measured.

      Nor is it one where only the exposure steps: at least nine tenths of the mean change of a
      pixel (frame-difference) are the change of luma-mean, and the pattern of bright and dark is
      still there (dhash-distance at most 10 bits of 64). The rule exposure-jump reports it.
      """)

  /// The score above which a frame is the first of a new shot.
  public static let threshold = 10.0
  /// The longest flash, in seconds.
  public static let longestFlash = 0.2

  /// The metrics that ``VideoFacts`` reads cuts off: rules that look at cuts ask for them.
  public static let metricsForCuts = [
    info.id, LumaMean.info.id, RMSContrast.info.id, FrameDifference.info.id, pattern,
  ]

  // The metric that tells whether the pattern of bright and dark stays.
  private static let pattern = "dhash-distance"

  private var previous = 0.0

  /// See ``FrameMetric/needs``.
  public static let needs: FramePass.Parts = .change

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    switch pass.difference {
    case .undefined(let reason):
      previous = 0
      return .undefined(reason)
    case .measured(let change):
      let difference = Double(change.absolute) * 100 / Double(change.count) / 256
      defer { previous = difference }
      return .value(min(difference, abs(difference - previous), 100))
    }
  }

  /// The first frames of new shots: those with a score above ``threshold``, flashes included.
  public static func cuts(in scores: MetricColumn) -> [FrameIndex] {
    scores.indices.filter { $0 > 0 && (scores[$0].number ?? 0) > threshold }
  }

  /// The first frames of new shots, without flashes, after which the picture is soon back, and
  /// without mere steps of the exposure.
  ///
  /// - Parameters:
  ///   - metrics: Values by metric id; without `luma-mean` and `rms-contrast` flashes stay cuts,
  ///     without `frame-difference` and `dhash-distance` steps do.
  ///   - longestFlash: The longest flash, in frames.
  /// - Returns: Rising frame indices.
  public static func cuts(
    in metrics: [String: MetricColumn], longestFlash: Int
  ) -> [FrameIndex] {
    let all = cuts(in: metrics[info.id] ?? [])
    let look = Look(metrics)
    var kept: [FrameIndex] = []
    var flashEnd = 0
    for cut in all where cut > flashEnd {
      if let back = look.flash(from: cut, longest: longestFlash) {
        flashEnd = back
      } else if !look.isExposureStep(at: cut) {
        kept.append(cut)
      }
    }
    return kept
  }

  // Numbers of frames that are enough to tell whether a picture is back, or never went.
  private struct Look {
    let means: MetricColumn
    let contrasts: MetricColumn
    let differences: MetricColumn
    let patterns: MetricColumn

    init(_ metrics: [String: MetricColumn]) {
      means = metrics[LumaMean.info.id] ?? []
      contrasts = metrics[RMSContrast.info.id] ?? []
      differences = metrics[FrameDifference.info.id] ?? []
      patterns = metrics[SceneCut.pattern] ?? []
    }

    // Whether all pixels go the same way at `frame` and the pattern of bright and dark stays.
    //
    // On 7 clips with a step of 40 levels the mean has 92 to 99 % of the difference, and 0 to 10
    // bits change; at the 7 cuts of two films at most 79 %, or at least 33 bits.
    func isExposureStep(at frame: FrameIndex) -> Bool {
      guard frame > 0, let (old, _) = look(frame - 1), let (new, _) = look(frame),
        differences.indices.contains(frame), let difference = differences[frame].number,
        patterns.indices.contains(frame), let changedBits = patterns[frame].number
      else { return false }
      return abs(new - old) >= 0.9 * difference && changedBits <= 10
    }

    // The frame in which the picture before `cut` is back after at most `longest` other frames.
    func flash(from cut: FrameIndex, longest: Int) -> FrameIndex? {
      guard cut > 0, !isAlike(cut - 1, cut) else { return nil }
      // A time base of nanoseconds can make a flash long in frames: there is nothing after the end.
      let last = min(max(0, longest), means.count)
      return (cut + 1..<cut + 1 + last).first { isAlike(cut - 1, $0) }
    }

    func isAlike(_ a: FrameIndex, _ b: FrameIndex) -> Bool {
      guard let (meanA, contrastA) = look(a), let (meanB, contrastB) = look(b) else { return false }
      return abs(meanA - meanB) <= 4 && abs(contrastA - contrastB) <= 0.02
    }

    func look(_ frame: FrameIndex) -> (Double, Double)? {
      guard means.indices.contains(frame), contrasts.indices.contains(frame),
        let mean = means[frame].number, let contrast = contrasts[frame].number
      else { return nil }
      return (mean, contrast)
    }
  }
}
