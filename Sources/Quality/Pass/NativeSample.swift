import CLuma
import VideoIO

/// What a sample of the native pixels of a frame shows: what averaging down would wipe out.
///
/// A frame of at most 65536 pixels is seen whole; of a larger one about as many pixels, in rows or
/// strips of columns that are the same in every frame of a size.
public struct NativeSample: Hashable, Sendable {
  /// The mean absolute value of Immerkaer's mask in levels as decoded; nil where nothing is inside
  /// the border, or where no metric asks for it.
  public var noise: Double?
  /// How much stronger steps between pixels are on a grid than off it; nil where there are no steps,
  /// or where no metric asks for it.
  public var blockiness: Double?
  /// How much rows differ from their neighbours rather than from the next rows of their own field;
  /// nil in a frame smaller than 32x6, or where no metric asks for it.
  public var combing: Double?

  /// The bytes of scratch memory that measuring needs.
  static func scratchSize(_ frame: Size) -> Int {
    max(frame.width, frame.height) * MemoryLayout<Float>.stride
  }

  /// Measures `parts` of a plane; `scratch` has at least ``scratchSize(_:)`` bytes.
  @unsafe init(
    of luma: borrowing LumaPlane, _ parts: FramePass.Parts, scratch: UnsafeMutableRawBufferPointer
  ) {
    let (width, height, stride) = (luma.width, luma.height, luma.stride)
    unsafe luma.withUnsafePixels { pixels in
      if parts.contains(.noise) {
        let raw = unsafe cluma_measure_noise(pixels, stride, width, height)
        noise = raw.count > 0 ? Double(raw.sum) / Double(raw.count) : nil
      }
      if parts.contains(.blockiness) {
        let raw = unsafe cluma_measure_blockiness(
          pixels, stride, width, height, scratch.assumingMemoryBound(to: Float.self).baseAddress)
        blockiness = raw > 0 ? raw : nil
      }
      if parts.contains(.combing) {
        let raw = unsafe cluma_measure_combing(pixels, stride, width, height)
        combing = raw >= 0 ? raw : nil
      }
    }
  }
}
