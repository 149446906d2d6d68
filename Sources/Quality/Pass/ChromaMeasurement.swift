import CLuma
public import VideoIO

/// What the colour planes of a frame add up to, over their offsets from 128 as decoded.
///
/// The planes are averaged down by area so that their shorter side has
/// ``FramePass/workingChromaSide`` samples; smaller ones stay as they are. Sums are exact.
public struct ChromaSums: Hashable, Sendable {
  /// The number of samples of a plane; 0 for a grey picture, or where no metric asks for the sums.
  public var count = 0
  /// The sum of U.
  public var u = 0
  /// The sum of V.
  public var v = 0
  /// The sum of U².
  public var uu = 0
  /// The sum of V².
  public var vv = 0
  /// The sum of U · V.
  public var uv = 0
  /// The sum of sqrt(U² + V²), each rounded down.
  public var saturation = 0
  /// How colours were turned into U and V.
  public var matrix = ChromaPlanes.Matrix.bt601
  /// Whether U and V span the whole range; otherwise they span 16...240.
  public var isFullRange = true
}

/// Makes the working colour planes out of the frames of a video and adds them up.
struct ChromaMeasurement: ~Copyable {
  private var frameSize = Size(width: 0, height: 0)
  private var size = Size(width: 0, height: 0)
  private var u = PictureMemory(count: 0)
  private var v = PictureMemory(count: 0)
  private var scratch: [UInt64] = []

  /// Adds up the next planes; those of a grey picture have no samples.
  mutating func sums(over planes: borrowing ChromaPlanes) -> ChromaSums {
    if planes.isEmpty { return ChromaSums() }
    let planeSize = Size(width: planes.width, height: planes.height)
    if planeSize != frameSize { resize(planeSize) }
    let (frame, size) = (frameSize, size)
    var raw = cluma_chroma()
    _ = unsafe planes.withUnsafeSamples { planeU, strideU, planeV, strideV in
      if size == frame {
        unsafe cluma_measure_chroma(
          planeU, strideU, planeV, strideV, size.width, size.height, &raw)
        return
      }
      unsafe scratch.withUnsafeMutableBytes { scratch in
        unsafe cluma_shrink(
          planeU, strideU, frame.width, frame.height, size.width, size.height, u.pixels,
          scratch.baseAddress)
        unsafe cluma_shrink(
          planeV, strideV, frame.width, frame.height, size.width, size.height, v.pixels,
          scratch.baseAddress)
      }
      unsafe cluma_measure_chroma(
        u.pixels, size.width, v.pixels, size.width, size.width, size.height, &raw)
    }
    return ChromaSums(
      count: size.count, u: Int(raw.u), v: Int(raw.v), uu: Int(raw.u_u), vv: Int(raw.v_v),
      uv: Int(raw.u_v), saturation: Int(raw.saturation), matrix: planes.matrix,
      isFullRange: planes.isFullRange)
  }

  private mutating func resize(_ frame: Size) {
    frameSize = frame
    size = frame.shrunk(toSide: FramePass.workingChromaSide)
    let isSmaller = size != frame
    u = PictureMemory(count: isSmaller ? size.count : 0)
    v = PictureMemory(count: isSmaller ? size.count : 0)
    let bytes = isSmaller ? cluma_shrink_scratch_size(frame.width) : 0
    scratch = Array(repeating: 0, count: (bytes + 7) / 8)
  }
}
