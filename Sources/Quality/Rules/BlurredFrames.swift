import Foundation
import Timeline

/// Finds frames that are less sharp than the frames around them.
public enum BlurredFrames: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "blurred-frames", scope: .video, level: .warning,
    summary: "Frames that are blurred, unlike the frames around them.",
    page: """
      Frames that lose their fine detail for a while: a camera that looks for its focus or is
      jolted, a decoder that lost data.

      The measure of fine detail is laplacian-variance / tenengrad. Both grow with the square of
      the contrast, so that their ratio does not depend on it, and it changes little within a shot
      whatever moves there. A blur takes more from the first than from the second: a Gaussian one
      of 0.6 % of the height takes two thirds to nine tenths of the ratio.

      A frame is blurred where the ratio falls below a share of what is usual around it: below
      `share` of the upper quartile of 3 seconds before and after (`around`), in the same shot, or
      below the square of that of the shot as a whole. The first also has to be larger
      than `spread` times the usual spread (1.4826 MAD) of the shot, unless it is larger than the
      second, and tenengrad has to fall by 15 %.

      Labels in blurred frames are less exact, and a box drawn there may hold the smear or the
      object.

      Example    sharpness  8 8 8 8 2 1 1 2 8 8 8
                 range              XXXXXXX
      Excuses    a shot or a video that is evenly soft; frames that black-frames, dark-frames,
                 bright-frames or interlaced-frames report (combs count as detail); fades, where the
                 contrast is less than half of the usual
      Source     ours; Tenengrad and Laplacian variance as OpenCV computes them, modified z-scores
                 as in Iglewicz and Hoaglin
      """,
    parameters: [
      .init(
        "share", 0.6, unit: "share", "The share of the usual detail below which a frame is blurred."
      ),
      .init("spread", 5, unit: "standard deviations", "How far out of the usual spread it is."),
      .init(
        "around", 3, unit: "seconds", "How far before and after the usual detail is taken from."),
      .init("min-length", 0, unit: "seconds", "Shorter ranges are not reported."),
      .init("merge", 0.2, unit: "seconds", "Shorter gaps between two ranges are closed."),
    ],
    frameMetrics: [
      LaplacianVariance.info.id, Tenengrad.info.id, ExposureEnd.dark.metric,
      ExposureEnd.bright.metric, BlackShare.info.id, Combing.info.id,
    ] + SceneCut.metricsForCuts)

  /// The share of the fall below which a range ends.
  static let endShare = 0.7
  /// The share of the usual gradients up to which a frame has lost some.
  static let gradientShare = 0.85
  /// The share of the usual contrast below which a frame is part of a fade.
  static let fadeShare = 0.5
  /// Gradients below this, in squared levels, are of a flat picture: it has no detail to lose.
  static let leastGradients = 4.0

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    let video = input.video
    let detail = Detail(video)
    guard !detail.ratios.isEmpty else { return [] }
    let limit = -log(min(max(settings["share"], 1e-6), 0.999))
    var falls = [Double?](repeating: nil, count: detail.ratios.count)
    for shot in video.shots {
      detail.judge(
        shot.clamped(to: FrameRange(0, falls.count)), limit: limit, spread: settings["spread"],
        reach: video.frames.frames(in: settings["around"]), into: &falls)
    }
    let hysteresis = Hysteresis(
      on: 1, off: endShare, merge: settings["merge"], minimum: settings["min-length"])
    return hysteresis.runs(in: falls, frames: video.frames, cuts: video.cuts).map { run in
      let verb = run.range.count == 1 ? "is" : "are"
      let left = 100 * exp(-limit * run.peak)
      return Finding(
        rule: info.id, level: settings.level, range: run.range,
        score: min(1, max(0, run.peak / (run.peak + 1))),
        reason: "\(video.frames.lengthText(of: run.range)) \(verb) blurred: fine detail falls to "
          + "\(decimal(left, digits: 0)) % of what is usual around")
    }
  }

  /// The sharpness of the frames of one video, on a logarithmic scale.
  private struct Detail {
    /// The logarithm of Laplacian variance over Tenengrad; nil where there is nothing to see.
    var ratios: [Double?]
    /// The logarithm of Tenengrad; nil as ``ratios``.
    private var gradients: [Double?]
    /// RMS contrast.
    private var contrasts: [Double?]

    init(_ video: VideoFacts) {
      let laplacian = video.numbers(of: LaplacianVariance.info)
      let tenengrad = video.numbers(of: Tenengrad.info)
      var spoilt = video.spoiltFlags
      let interlaced = InterlacedFrames.ranges(
        in: video, settings: RuleSettings(InterlacedFrames.info))
      for range in interlaced {
        for frame in range.start..<range.end where frame < spoilt.count { spoilt[frame] = true }
      }
      let isSeen = zip(laplacian, tenengrad).enumerated().map { frame, pair in
        guard let (l, t) = pair.0.flatMap({ l in pair.1.map { (l, $0) } }) else { return false }
        return l > 0 && t >= leastGradients && !(frame < spoilt.count && spoilt[frame])
      }
      ratios = isSeen.indices.map { frame in
        guard isSeen[frame], let l = laplacian[frame], let t = tenengrad[frame] else { return nil }
        return log(l / t)
      }
      gradients = isSeen.indices.map { isSeen[$0] ? tenengrad[$0].map { log($0) } : nil }
      contrasts = video.numbers(of: RMSContrast.info)
    }

    /// Writes how far the frames of one shot fall, in multiples of what a blur takes at least.
    func judge(
      _ shot: FrameRange, limit: Double, spread: Double, reach: Int, into falls: inout [Double?]
    ) {
      let frames = shot.start..<shot.end
      let ofShot = usual(in: frames)
      let around = frames.map { frame in
        usual(in: max(shot.start, frame - reach)..<min(shot.end, frame + reach + 1))
      }
      let distances = zip(frames, around).compactMap { frame, usual in
        ratios[frame].flatMap { ratio in usual.map { abs($0.ratio - ratio) } }
      }
      // A blur of half a shot makes its spread as wide as itself: what is twice the limit counts.
      let sigma = 1.4826 * (median(of: distances) ?? 0)
      let least = min(max(limit, spread * sigma), 2 * limit)
      for (frame, usual) in zip(frames, around) where ratios[frame] != nil {
        let near = fall(of: frame, from: usual) / least
        let far = fall(of: frame, from: ofShot) / (2 * limit)
        falls[frame] = max(near, far)
      }
    }

    /// How much less detail `frame` has than is usual; 0 where no blur explains it.
    private func fall(of frame: FrameIndex, from usual: Usual?) -> Double {
      guard let usual, let ratio = ratios[frame], let gradient = gradients[frame],
        gradient <= usual.gradient + log(gradientShare)
      else { return 0 }
      if frame < contrasts.count, let contrast = contrasts[frame], let lit = usual.contrast,
        contrast < fadeShare * lit
      {
        return 0
      }
      return max(0, usual.ratio - ratio)
    }

    /// What the sharper frames among some have.
    private struct Usual {
      var ratio: Double
      var gradient: Double
      var contrast: Double?
    }

    private func usual(in frames: Range<Int>) -> Usual? {
      guard let ratio = upperQuartile(of: ratios[frames]),
        let gradient = upperQuartile(of: gradients[frames])
      else { return nil }
      let lit = frames.clamped(to: contrasts.indices)
      return Usual(ratio: ratio, gradient: gradient, contrast: upperQuartile(of: contrasts[lit]))
    }

    private func upperQuartile(of values: ArraySlice<Double?>) -> Double? {
      quantile(0.75, of: values.compactMap { $0 })
    }
  }
}
