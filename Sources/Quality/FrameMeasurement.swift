import CLuma
public import VideoIO

/// Measures the frames of one video, one after the other, with a choice of metrics.
///
/// All metrics share one walk over the luma of a frame, so that the second costs almost nothing.
/// Up to three planes of the video's size are kept to compare with (the frame before, and the first
/// picture of a freeze), and nothing that grows with the length of the video.
public struct FrameMeasurement: ~Copyable {
  /// What is measured, in the order of the values.
  public let metrics: [MetricInfo]

  private var running: [any FrameMetric]
  private var repeats = RepeatTracker()
  private var width = 0
  private var height = 0
  private var hasPrevious = false
  // The frame before, the picture that a freeze repeats, and the plane to write this frame to.
  private var previous: [UInt8] = []
  private var reference: [UInt8] = []
  private var current: [UInt8] = []
  private var scratch: [UInt64] = []

  /// Starts a video with fresh metrics.
  public init(_ metrics: [any FrameMetric.Type]) {
    self.metrics = metrics.map { $0.info }
    running = metrics.map { $0.init() }
  }

  /// Measures the next frame; returns one value a metric, in the order of ``metrics``.
  ///
  /// Frames come in presentation order. A frame of another size than the one before is compared
  /// with nothing.
  public mutating func measure(_ luma: borrowing LumaPlane, index: Int) -> [MetricValue] {
    let pass = pass(over: luma, index: index)
    return running.indices.map { running[$0].measure(pass) }
  }

  /// Walks over the next frame and returns its sums, for a caller who wants no metric.
  ///
  /// The pass is valid as long as `luma` is.
  mutating func pass(over luma: borrowing LumaPlane, index: Int) -> FramePass {
    let sameSize = luma.width == width && luma.height == height
    if !sameSize { resize(width: luma.width, height: luma.height) }
    let comparable = sameSize && hasPrevious

    let raw = walk(over: luma, comparable: comparable)
    let sums = LumaSums(luma, raw)
    var difference = LumaDifference.undefined(
      hasPrevious ? "the frame size changed" : "first frame")
    if comparable {
      difference = .measured(
        sumOfAbsolute: raw.absolute_difference, largestBlock: raw.largest_block)
      let scale = sums.levelScale
      let step = repeats.step(
        change: raw.largest_block * scale,
        sinceReference: raw.largest_block_to_reference * scale,
        isNewShot: 100 * Double(raw.absolute_difference) / Double(sums.count) / 256
          > SceneCut.threshold)
      if step == .firstRepeat { swap(&reference, &previous) }
    } else {
      repeats = RepeatTracker()
    }
    swap(&previous, &current)
    hasPrevious = true
    return FramePass(
      index: index, luma: luma, sums: sums, difference: difference, repeats: repeats.count)
  }

  private mutating func resize(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    let size = width * height
    previous = Array(repeating: 0, count: size)
    reference = Array(repeating: 0, count: size)
    current = Array(repeating: 0, count: size)
    scratch = Array(repeating: 0, count: (cluma_scratch_size(width) + 7) / 8)
  }

  private mutating func walk(over luma: borrowing LumaPlane, comparable: Bool) -> cluma_sums {
    var raw = cluma_sums()
    let follows = comparable && repeats.count > 0
    let levels = LumaLevels(isFullRange: luma.isFullRange)
    let (width, height, stride) = (luma.width, luma.height, luma.stride)
    unsafe luma.withUnsafePixels { pixels in
      unsafe previous.withUnsafeBufferPointer { previous in
        unsafe reference.withUnsafeBufferPointer { reference in
          unsafe current.withUnsafeMutableBufferPointer { current in
            unsafe scratch.withUnsafeMutableBytes { scratch in
              unsafe cluma_measure(
                pixels, stride, width, height, levels.low, levels.high, levels.black,
                comparable ? previous.baseAddress : nil, follows ? reference.baseAddress : nil,
                current.baseAddress, scratch.baseAddress, &raw)
            }
          }
        }
      }
    }
    return raw
  }
}

/// The levels that black and white have in a plane.
struct LumaLevels {
  /// Black.
  let low: UInt8
  /// White.
  let high: UInt8
  /// The brightest level that still counts as black: a tenth of the way to white.
  let black: UInt8

  init(isFullRange: Bool) {
    (low, high, black) = isFullRange ? (0, 255, 25) : (16, 235, 37)
  }

  /// The factor that stretches `low...high` to 0...255.
  var scale: Double { 255 / Double(high - low) }
}

extension LumaSums {
  fileprivate init(_ luma: borrowing LumaPlane, _ raw: cluma_sums) {
    let levels = LumaLevels(isFullRange: luma.isFullRange)
    self.init(
      count: luma.width * luma.height, blackPoint: Double(levels.low), levelScale: levels.scale,
      sum: raw.sum, sumOfSquares: raw.sum_of_squares, laplacian: raw.laplacian,
      laplacianSquares: raw.laplacian_squares, gradientSquares: raw.gradient_squares,
      black: Int(raw.black))
  }
}
