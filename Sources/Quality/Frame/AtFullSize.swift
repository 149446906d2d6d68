/// A metric on the frame at its own size instead of the working picture, under the id with `-raw`.
///
/// Values of videos of different sizes do not compare. They equal what other programs give for the
/// same frames.
public struct AtFullSize<Metric: FrameMetric>: FrameMetric {
  /// See ``FrameMetric/info``.
  public static var info: MetricInfo {
    var info = Metric.info
    info.id += "-raw"
    info.summary = "\(Metric.info.id) at the frame's own size."
    info.page = """
      As \(Metric.info.id), on the frame as decoded: what is said below of the working picture does
      not hold. Values of videos of different sizes do not compare. Measured on request:
      scan --metrics \(info.id)

      \(Metric.info.page)
      """
    return info
  }

  /// See ``FrameMetric/needs``.
  public static var needs: FramePass.Parts { Metric.needs }

  /// See ``FrameMetric/isAtFullSize``.
  public static var isAtFullSize: Bool { true }

  private var metric = Metric()

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue { metric.measure(pass) }
}
