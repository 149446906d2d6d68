/// One shown frame: its place, its time, and its pixels for as long as it lives.
///
/// Metrics borrow a frame and keep numbers. Keeping frames keeps whole pictures in memory.
public struct VideoFrame: ~Copyable {
  /// The zero-based place in presentation order.
  public let index: Int
  /// The presentation time in ticks of the video's time base.
  public let ticks: Int64
  /// How long the frame is shown in ticks; 0 where the file does not say.
  public let duration: Int64
  /// Whether the frame can be decoded without the frames before it.
  public let isKeyFrame: Bool
  /// Whether parts of the picture are damaged, concealed or, for an image, missing altogether.
  ///
  /// A hint where several threads decode a video file; certain with one.
  public let isCorrupt: Bool
  /// The width of this picture in pixels; it may change in mid-stream.
  public let width: Int
  /// The height of this picture in pixels; it may change in mid-stream.
  public let height: Int
  private let slot: FrameSlot
  private let slots: FrameSlots

  init(
    index: Int, ticks: Int64, duration: Int64, isKeyFrame: Bool, isCorrupt: Bool, width: Int,
    height: Int, slot: FrameSlot, slots: FrameSlots
  ) {
    self.index = index
    self.ticks = ticks
    self.duration = duration
    self.isKeyFrame = isKeyFrame
    self.isCorrupt = isCorrupt
    self.width = width
    self.height = height
    self.slot = slot
    self.slots = slots
  }

  deinit { slots.giveBack(slot) }

  /// Lends the 8-bit brightness of the frame to `body`.
  public borrowing func withLuma<R, E: Error>(
    _ body: (borrowing LumaPlane) throws(E) -> R
  ) throws(E) -> R {
    try slot.withLuma(width: width, height: height, body)
  }

  /// Lends the 8-bit colour of the frame to `body`.
  public borrowing func withChroma<R, E: Error>(
    _ body: (borrowing ChromaPlanes) throws(E) -> R
  ) throws(E) -> R {
    try slot.withChroma(body)
  }
}
