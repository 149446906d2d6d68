/// How far the colours of a frame are from grey.
///
/// `mean(floor(sqrt((U - 128)² + (V - 128)²)))` over the working colour planes, as decoded.
///
/// - Unit: levels, 0...181.
/// - Direction: neither is better.
/// - Edge cases: 0 for a grey picture.
/// - Source: SATAVG of ffmpeg's `signalstats`.
public struct Saturation: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "saturation", scope: .frame, summary: "How far the colours are from grey.",
    unit: "levels", direction: .neutral,
    page: """
      The mean saturation.

      Formula    mean(sqrt((U - 128)^2 + (V - 128)^2)), each pixel rounded down, levels as decoded
      Range      0...181; grey is 0, ordinary pictures are 5...40
      Undefined  never; video without colour planes is 0
      Source     SATAVG of ffmpeg's signalstats

      It is taken over the colour planes averaged down by area so that their shorter side has 135
      samples (smaller ones stay as they are), where it is at most a little lower than SATAVG.
      """)

  /// See ``FrameMetric/needs``.
  public static let needs: FramePass.Parts = .chroma

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    let sums = pass.chroma
    return .value(sums.count > 0 ? Double(sums.saturation) / Double(sums.count) : 0)
  }
}
