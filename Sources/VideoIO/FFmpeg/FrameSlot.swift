internal import CFFmpeg

/// A picture together with the memory its planes may need; used again and again.
@safe final class FrameSlot {
  /// Where the colour of a picture lies.
  @safe struct Chroma {
    let u: UnsafePointer<UInt8>
    let strideU: Int
    let v: UnsafePointer<UInt8>
    let strideV: Int
    let size: (width: Int, height: Int)
    let matrix: ChromaPlanes.Matrix
    let isFullRange: Bool
  }

  /// The decoded picture.
  let picture: FrameHandle
  private var memory: UnsafeMutableBufferPointer<UInt8>?
  private var luma: UnsafePointer<UInt8>?
  private var stride = 0
  private var isFullRange = false
  private var chroma: Chroma?

  init(path: String) throws(VideoError) { picture = try FrameHandle.make(path: path) }

  deinit { unsafe memory?.deallocate() }

  /// Returns at least `count` bytes of the slot's own, allocated once per size.
  func buffer(_ count: Int, path: String) throws(VideoError) -> UnsafeMutablePointer<UInt8> {
    if let memory = unsafe memory, memory.count >= count, let base = memory.baseAddress {
      return unsafe base
    }
    unsafe memory?.deallocate()
    let fresh = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, count))
    unsafe memory = unsafe fresh
    guard let base = fresh.baseAddress else { throw FFmpeg.outOfMemory(path) }
    return unsafe base
  }

  /// Notes where the brightness of the picture lies: in the picture or in the slot's buffer.
  func lend(_ base: UnsafePointer<UInt8>, stride: Int, isFullRange: Bool) {
    unsafe luma = unsafe base
    self.stride = stride
    self.isFullRange = isFullRange
  }

  /// Notes where the colour of the picture lies; a picture of which nothing is noted is grey.
  func lend(_ chroma: Chroma) { self.chroma = chroma }

  /// Puts a black picture into the slot's buffer.
  func lendBlack(width: Int, height: Int, path: String) throws(VideoError) {
    let target = try unsafe buffer(width * height, path: path)
    chroma = nil
    unsafe target.update(repeating: 0, count: width * height)
    unsafe lend(target, stride: width, isFullRange: true)
  }

  /// Lends the brightness noted last.
  func withLuma<R, E: Error>(
    width: Int, height: Int, _ body: (borrowing LumaPlane) throws(E) -> R
  ) throws(E) -> R {
    guard let luma = unsafe luma else { preconditionFailure("A frame has its brightness ready.") }
    let plane = unsafe LumaPlane(
      base: luma, width: width, height: height, stride: stride, isFullRange: isFullRange)
    return try body(plane)
  }

  /// Lends the colour noted last.
  func withChroma<R, E: Error>(_ body: (borrowing ChromaPlanes) throws(E) -> R) throws(E) -> R {
    guard let chroma else { return try body(ChromaPlanes()) }
    let planes = unsafe ChromaPlanes(
      u: chroma.u, strideU: chroma.strideU, v: chroma.v, strideV: chroma.strideV,
      width: chroma.size.width, height: chroma.size.height, matrix: chroma.matrix,
      isFullRange: chroma.isFullRange)
    return try body(planes)
  }

  /// Gives the picture back to the decoder; the buffer is kept.
  func clear() {
    unsafe luma = nil
    chroma = nil
    picture.clear()
  }
}

/// The slots of one reader that no frame uses now.
final class FrameSlots {
  private var spare: [FrameSlot] = []

  func take(path: String) throws(VideoError) -> FrameSlot {
    if let slot = spare.popLast() { return slot }
    return try FrameSlot(path: path)
  }

  func giveBack(_ slot: FrameSlot) {
    slot.clear()
    // A caller seldom holds more than two frames; more slots are not worth their memory.
    if spare.count < 4 { spare.append(slot) }
  }
}
