public import VideoIO

/// One frame as all frame metrics see it: what one shared walk over its planes adds up.
///
/// Nearly everything is measured on the *working picture*: the brightness plane averaged down by
/// area so that its shorter side has ``workingSide`` pixels (smaller pictures stay as they are).
/// That makes videos of different sizes comparable, and costs little more than reading the planes
/// once. Levels are as decoded, rounded to 8 bits, halves up.
///
/// A pass is lent to ``FrameMetric/measure(_:)`` and never kept. Metrics of your own read the parts
/// they name in ``FrameMetric/needs``, or walk over the pixels through ``withLuma(_:)``.
@safe public struct FramePass: ~Copyable {
  /// What a metric needs of a pass; nothing else is computed.
  public struct Parts: OptionSet, Sendable {
    /// One bit a part.
    public let rawValue: Int
    /// Creates parts from their bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// ``FramePass/levels``.
    public static let levels = Parts(rawValue: 1 << 0)
    /// ``FramePass/edges``.
    public static let edges = Parts(rawValue: 1 << 1)
    /// ``FramePass/difference`` and ``FramePass/repeats``.
    public static let change = Parts(rawValue: 1 << 2)
    /// ``NativeSample/noise``.
    public static let noise = Parts(rawValue: 1 << 3)
    /// ``NativeSample/blockiness``.
    public static let blockiness = Parts(rawValue: 1 << 4)
    /// ``NativeSample/combing``.
    public static let combing = Parts(rawValue: 1 << 5)
    /// ``FramePass/chroma``.
    public static let chroma = Parts(rawValue: 1 << 6)
    /// ``FramePass/shift``.
    public static let shift = Parts(rawValue: 1 << 7)
    /// ``FramePass/hashes``.
    public static let hashes = Parts(rawValue: 1 << 8)
  }

  /// The longest shorter side of a working picture, in pixels.
  public static let workingSide = 270
  /// The longest shorter side of the working colour planes, in samples.
  public static let workingChromaSide = 135

  /// The place of the frame, zero-based in presentation order.
  public let index: Int
  /// The number of pixels in a row of the frame.
  public let width: Int
  /// The number of rows of the frame.
  public let height: Int
  /// The number of pixels in a row of the working picture.
  public let workingWidth: Int
  /// The number of rows of the working picture.
  public let workingHeight: Int
  /// Whether black is 0 and white 255; otherwise black is 16 and white 235.
  public let isFullRange: Bool
  /// How often each level occurs in the working picture.
  public let levels: LumaHistogram
  /// The sums over edges of the working picture.
  public let edges: LumaEdges
  /// How the working picture differs from that of the frame before.
  public let difference: LumaDifference
  /// How many frames in a row, up to this one, repeat the same picture; 0 for a new picture.
  public let repeats: Int
  /// What a sample of the native pixels shows.
  public let native: NativeSample
  /// The sums over the working colour planes; of no sample for a grey picture.
  public let chroma: ChromaSums
  /// How far the working picture moved since the frame before.
  public let shift: GlobalShift
  /// The hashes of the working picture; all bits 0 where no metric asks for them.
  public let hashes: FrameHashes

  private let base: UnsafePointer<UInt8>
  private let stride: Int
  private let working: UnsafePointer<UInt8>

  /// Creates a pass over planes that outlive it.
  init(
    index: Int, luma: borrowing LumaPlane, working: borrowing LumaPlane, levels: LumaHistogram,
    edges: LumaEdges, difference: LumaDifference, repeats: Int, native: NativeSample,
    chroma: ChromaSums, shift: GlobalShift, hashes: FrameHashes
  ) {
    self.index = index
    (width, height) = (luma.width, luma.height)
    (workingWidth, workingHeight) = (working.width, working.height)
    isFullRange = luma.isFullRange
    stride = luma.stride
    self.levels = levels
    self.edges = edges
    self.difference = difference
    self.repeats = repeats
    self.native = native
    self.chroma = chroma
    self.shift = shift
    self.hashes = hashes
    unsafe base = luma.withUnsafePixels { unsafe $0 }
    unsafe self.working = working.withUnsafePixels { unsafe $0 }
  }

  /// The factor that stretches a difference of levels to the scale 0...255.
  public var levelScale: Double { LevelRange(isFullRange: isFullRange).scale }

  /// Lends the brightness plane as decoded, for a metric that needs more than the sums.
  public borrowing func withLuma<R, E: Error>(
    _ body: (borrowing LumaPlane) throws(E) -> R
  ) throws(E) -> R {
    let luma = unsafe LumaPlane(
      base: base, width: width, height: height, stride: stride, isFullRange: isFullRange)
    return try body(luma)
  }

  /// Lends the working picture; its rows follow without gaps.
  public borrowing func withWorkingLuma<R, E: Error>(
    _ body: (borrowing LumaPlane) throws(E) -> R
  ) throws(E) -> R {
    let luma = unsafe LumaPlane(
      base: working, width: workingWidth, height: workingHeight, stride: workingWidth,
      isFullRange: isFullRange)
    return try body(luma)
  }
}
