/// In how many bits the difference hash of a frame differs from that of the frame before.
///
/// See ``FrameHashes``.
///
/// - Unit: bits, 0...64.
/// - Direction: neither is better.
/// - Edge cases: undefined in the first frame and where the frame size changes.
/// - Source: N. Krawetz, "Kind of like that", 2013; dhash of the Python package imagehash.
public struct DHashDistance: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "dhash-distance", scope: .frame,
    summary: "In how many bits the hash of the frame differs from the one before.",
    unit: "bits 0...64", direction: .neutral,
    page: """
      How much the coarse layout of bright and dark changes from one frame to the next.

      Formula    the number of different bits of dhash(t) and dhash(t-1); a bit of dhash is set where
                 the picture, reduced to 9x8 levels, gets brighter from one column to the next. The
                 working picture is averaged down by 2x2 first if its shorter side is above 135
      Range      whole numbers 0...64; 0 to 2 for the same picture, above 10 for another one
      Undefined  in the first frame, and where the frame size changes
      Source     N. Krawetz, Kind of like that, 2013; dhash of the Python package imagehash

      Flat parts of a picture have bits that noise decides.
      """)

  /// See ``FrameMetric/needs``.
  public static var needs: FramePass.Parts { .hashes }

  private var previous: (dhash: UInt64, width: Int, height: Int)?

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    let dhash = pass.hashes.dhash
    defer { previous = (dhash, pass.width, pass.height) }
    guard let previous else { return .undefined("first frame") }
    guard previous.width == pass.width, previous.height == pass.height else {
      return .undefined("the frame size changed")
    }
    return .value(Double(FrameHashes.distance(dhash, previous.dhash)))
  }
}
