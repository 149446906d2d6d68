/// The brightness that a hundredth of the picture stays below; see ``LumaPercentile``.
public struct LumaP1: LumaPercentile {
  /// See ``LumaPercentile/percent``.
  public static let percent = 1
  /// See ``FrameMetric/init()``.
  public init() {}
}

/// The brightness that a tenth of the picture stays below; see ``LumaPercentile``.
public struct LumaP10: LumaPercentile {
  /// See ``LumaPercentile/percent``.
  public static let percent = 10
  /// See ``FrameMetric/init()``.
  public init() {}
}

/// The brightness that nine tenths of the picture stay below; see ``LumaPercentile``.
public struct LumaP90: LumaPercentile {
  /// See ``LumaPercentile/percent``.
  public static let percent = 90
  /// See ``FrameMetric/init()``.
  public init() {}
}

/// The brightness that all but a hundredth of the picture stays below; see ``LumaPercentile``.
public struct LumaP99: LumaPercentile {
  /// See ``LumaPercentile/percent``.
  public static let percent = 99
  /// See ``FrameMetric/init()``.
  public init() {}
}

/// A percentile of the brightness of a frame.
///
/// The lowest level up to which a share of the pixels of the working picture lies, stretched as in
/// ``LumaMean``.
///
/// - Unit: levels 0...255.
/// - Direction: neither is better.
/// - Edge cases: defined for every frame.
/// - Source: YLOW (10 %) and YHIGH (90 %) of ffmpeg's `signalstats`, which does not stretch levels.
public protocol LumaPercentile: FrameMetric {
  /// The share of the pixels in per cent, 0...100.
  static var percent: Int { get }
}

extension LumaPercentile {
  /// See ``FrameMetric/info``.
  public static var info: MetricInfo {
    MetricInfo(
      id: "luma-p\(percent)", scope: .frame,
      summary: "The brightness that \(percent) % of the picture stay below.",
      unit: "levels 0...255", direction: .neutral,
      page: """
        A percentile of the brightness of the working picture.

        Formula    the lowest level L for which at least \(percent) % of the pixels have Y <= L,
                   their number rounded to a whole one, stretched to Y' (see luma-mean)
        Range      0...255
        Undefined  never
        Source     as ffmpeg's signalstats counts YLOW (10 %) and YHIGH (90 %), which it does not
                   stretch
        """)
  }

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    .value(pass.levels.percentile(Double(Self.percent) / 100))
  }
}
