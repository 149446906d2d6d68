import VideoIO

/// How colourful a frame is.
///
/// `hypot(sd(rg), sd(yb)) + 0.3 * hypot(mean(rg), mean(yb))` with `rg = R - G` and
/// `yb = (R + G) / 2 - B`. Brightness cancels in both, so they are weighted sums of U and V.
///
/// - Unit: levels, from 0.
/// - Direction: neither is better.
/// - Edge cases: 0 for a grey picture.
/// - Source: D. Hasler and S. Suesstrunk, "Measuring colourfulness in natural images", 2003.
public struct Colourfulness: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "colourfulness", scope: .frame, summary: "How colourful the frame is.", unit: "levels",
    direction: .neutral,
    page: """
      The colourfulness of Hasler and Suesstrunk.

      Formula    hypot(sd(rg), sd(yb)) + 0.3 * hypot(mean(rg), mean(yb)), rg = R - G,
                 yb = (R + G) / 2 - B
      Range      from 0; about 15 is slight, 45 average, 80 high
      Undefined  never; video without colour planes is 0
      Source     D. Hasler and S. Suesstrunk, Measuring colourfulness in natural images, Human Vision
                 and Electronic Imaging 2003

      Brightness cancels in rg and yb, so both follow from U and V by the matrix that the stream
      states (BT.601 where it states none); limited range is stretched by 255 / 224. Red, green and
      blue are not clipped to 0...255 on the way. It is taken over the colour planes averaged down
      by area so that their shorter side has 135 samples.
      """)

  /// See ``FrameMetric/needs``.
  public static let needs: FramePass.Parts = .chroma

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    let sums = pass.chroma
    guard sums.count > 0 else { return .value(0) }
    let (red, blue) = sums.matrix.weights
    let green = 1 - red - blue
    // R - Y, G - Y and B - Y as multiples of U and V.
    let redV = 2 * (1 - red)
    let blueU = 2 * (1 - blue)
    let greenU = -blueU * blue / green
    let greenV = -redV * red / green
    let redGreen = sums.spread(u: -greenU, v: redV - greenV)
    let yellowBlue = sums.spread(u: greenU / 2 - blueU, v: (redV + greenV) / 2)
    let scale = sums.isFullRange ? 1 : 255.0 / 224
    let deviation = (redGreen.variance + yellowBlue.variance).squareRoot()
    let mean =
      (redGreen.mean * redGreen.mean + yellowBlue.mean * yellowBlue.mean).squareRoot()
    return .value(scale * (deviation + 0.3 * mean))
  }
}

extension ChromaSums {
  /// The mean and the population variance of `u * U + v * V`.
  fileprivate func spread(u: Double, v: Double) -> (mean: Double, variance: Double) {
    let n = Double(count)
    let mean = (u * Double(self.u) + v * Double(self.v)) / n
    let varianceU = variance(count: count, sum: self.u, sumOfSquares: uu)
    let varianceV = variance(count: count, sum: self.v, sumOfSquares: vv)
    let both = Double(Int128(count) * Int128(uv) - Int128(self.u) * Int128(self.v)) / n / n
    // Rounding may leave a hair below 0 where U and V move together.
    return (mean, max(0, u * u * varianceU + 2 * u * v * both + v * v * varianceV))
  }
}

extension ChromaPlanes.Matrix {
  /// The weights of red and blue in the brightness.
  fileprivate var weights: (red: Double, blue: Double) {
    switch self {
    case .bt601: (0.299, 0.114)
    case .bt709: (0.2126, 0.0722)
    case .bt2020: (0.2627, 0.0593)
    }
  }
}
