import CLuma
import VideoIO

/// Makes the pictures of one size out of the frames of a video and walks over them.
///
/// Three pictures are kept: the one before, the first of a freeze, and the one that is written now.
/// Nothing grows with the length of the video.
struct PictureMeasurement: ~Copyable {
  private let parts: FramePass.Parts
  // The shorter side is brought down to this many pixels.
  private let side: Int
  private var repeats = RepeatTracker()
  private var frameSize = Size(width: 0, height: 0)
  private var size = Size(width: 0, height: 0)
  private var block = 8
  private var hasPrevious = false
  private var previous = PictureMemory(count: 0)
  private var reference = PictureMemory(count: 0)
  private var current = PictureMemory(count: 0)
  private var counts = [UInt32](repeating: 0, count: 256)
  private var scratch: [UInt64] = []
  private var chroma = ChromaMeasurement()
  private var shiftMemory: ShiftMemory?
  private var hashMemory: HashMemory?

  /// Starts a video.
  ///
  /// - Parameters:
  ///   - parts: What is computed.
  ///   - side: The shorter side of the pictures; frames with a smaller one stay as they are.
  init(_ parts: FramePass.Parts, side: Int) {
    self.parts = parts
    self.side = side
  }

  /// Walks over the next frame; the pass is valid as long as `luma` is and until the next call.
  mutating func pass(
    over luma: borrowing LumaPlane, _ planes: borrowing ChromaPlanes, index: Int
  ) -> FramePass {
    let isComparable = Size(luma) == frameSize && hasPrevious
    if Size(luma) != frameSize { resize(Size(luma)) }
    let reason = hasPrevious ? "the frame size changed" : "first frame"
    var difference = LumaDifference.undefined(reason)
    let size = size
    shrink(luma)
    let levels = measureLevels(luma.isFullRange)
    let edges = measureEdges(luma.isFullRange)
    if parts.contains(.change) {
      if isComparable {
        difference = .measured(follow(luma.isFullRange))
      } else {
        repeats = RepeatTracker()
      }
    }
    let shift = shiftMemory?.shift(to: current, width: size.width) ?? .undefined(reason)
    let hashes = hashMemory?.hashes(of: current) ?? FrameHashes(dhash: 0, phash: 0)
    swap(&previous, &current)
    hasPrevious = true
    let working = unsafe LumaPlane(
      base: previous.pixels, width: size.width, height: size.height, stride: size.width,
      isFullRange: luma.isFullRange)
    return FramePass(
      index: index, luma: luma, working: working, levels: levels, edges: edges,
      difference: difference, repeats: repeats.count, native: measureNative(luma),
      chroma: parts.contains(.chroma) ? chroma.sums(over: planes) : ChromaSums(), shift: shift,
      hashes: hashes)
  }

  private mutating func resize(_ frame: Size) {
    frameSize = frame
    size = frame.shrunk(toSide: side)
    // Blocks are those of a codec in the frame, 8 pixels a side.
    block = max(1, (8 * size.shorter + frame.shorter / 2) / frame.shorter)
    previous = PictureMemory(count: size.count)
    reference = PictureMemory(count: parts.contains(.change) ? size.count : 0)
    current = PictureMemory(count: size.count)
    shiftMemory = parts.contains(.shift) ? ShiftMemory(size) : nil
    hashMemory = parts.contains(.hashes) ? HashMemory(size) : nil
    let bytes = max(
      cluma_scratch_size(size.width), cluma_shrink_scratch_size(frame.width),
      NativeSample.scratchSize(frame))
    scratch = Array(repeating: 0, count: (bytes + 7) / 8)
  }

  private mutating func shrink(_ luma: borrowing LumaPlane) {
    let (stride, size, frame) = (luma.stride, size, frameSize)
    unsafe luma.withUnsafePixels { pixels in
      unsafe scratch.withUnsafeMutableBytes { scratch in
        unsafe cluma_shrink(
          pixels, stride, frame.width, frame.height, size.width, size.height, current.pixels,
          scratch.baseAddress)
      }
    }
  }

  private mutating func measureLevels(_ isFullRange: Bool) -> LumaHistogram {
    if parts.contains(.levels) {
      unsafe cluma_histogram(current.pixels, size.width, size.width, size.height, &counts)
    }
    return LumaHistogram(counts: counts, isFullRange: isFullRange)
  }

  private mutating func measureEdges(_ isFullRange: Bool) -> LumaEdges {
    guard parts.contains(.edges) else { return LumaEdges() }
    let (size, range) = (size, LevelRange(isFullRange: isFullRange))
    var raw = cluma_edges()
    unsafe scratch.withUnsafeMutableBytes { scratch in
      unsafe cluma_measure_edges(
        current.pixels, size.width, size.width, size.height, range.low, range.high,
        scratch.baseAddress, &raw)
    }
    return LumaEdges(
      count: size.count, laplacian: Int(raw.laplacian),
      laplacianSquares: Int(raw.laplacian_squares), gradientSquares: Int(raw.gradient_squares),
      innerCount: max(0, size.width - 2) * max(0, size.height - 2),
      innerSquares: Int(raw.inner_squares), innerMagnitude: Double(raw.inner_magnitude) / 16)
  }

  private mutating func measureNative(_ luma: borrowing LumaPlane) -> NativeSample {
    let parts = parts
    return unsafe scratch.withUnsafeMutableBytes { scratch in
      unsafe NativeSample(of: luma, parts, scratch: scratch)
    }
  }

  // Compares with the picture before, and within a freeze with its first.
  private mutating func follow(_ isFullRange: Bool) -> LumaChange {
    let change = change(from: previous, isFullRange)
    let scale = LevelRange(isFullRange: isFullRange).scale
    let toReference = repeats.count > 0 ? self.change(from: reference, isFullRange) : change
    let step = repeats.step(
      change: change.largestBlock * scale, sinceReference: toReference.largestBlock * scale,
      isNewShot: 100 * Double(change.absolute) / Double(change.count) / 256 > SceneCut.threshold)
    if step == .firstRepeat { swap(&reference, &previous) }
    return change
  }

  private mutating func change(from other: PictureMemory, _ isFullRange: Bool) -> LumaChange {
    let (size, block, range) = (size, block, LevelRange(isFullRange: isFullRange))
    var raw = cluma_change()
    unsafe scratch.withUnsafeMutableBytes { scratch in
      unsafe cluma_measure_change(
        current.pixels, other.pixels, size.width, size.height, range.low, range.high, block,
        scratch.baseAddress, &raw)
    }
    return LumaChange(
      count: size.count, absolute: Int(raw.absolute), sum: Int(raw.sum), squares: Int(raw.squares),
      largestBlock: raw.largest_block)
  }
}
