/// The 8-bit brightness plane of one frame, lent to a closure and never kept.
///
/// The plane is as decoded: no scaling, no rotation, no change of range. Deeper samples are shifted
/// down to 8 bits.
@safe public struct LumaPlane: ~Copyable {
  /// The number of pixels in a row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// The distance between the starts of neighbouring rows, in bytes; at least ``width``.
  public let stride: Int
  /// Whether black is 0 and white 255; otherwise black is 16 and white 235.
  public let isFullRange: Bool
  private let base: UnsafePointer<UInt8>

  /// Creates a plane over memory that outlives it.
  ///
  /// `base` points at `stride * (height - 1) + width` readable bytes.
  @unsafe public init(
    base: UnsafePointer<UInt8>, width: Int, height: Int, stride: Int, isFullRange: Bool
  ) {
    precondition(width > 0 && height > 0 && stride >= width, "A luma plane has pixels.")
    unsafe self.base = base
    self.width = width
    self.height = height
    self.stride = stride
    self.isFullRange = isFullRange
  }

  /// Lends the first pixel of the first row; rows follow at ``stride``.
  @unsafe public borrowing func withUnsafePixels<R, E: Error>(
    _ body: (UnsafePointer<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try unsafe body(base)
  }

  /// Lends the pixels of row `y`, which must lie in `0..<height`.
  public borrowing func withRow<R, E: Error>(
    _ y: Int, _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    precondition(0 <= y && y < height, "The row lies in the plane.")
    let row = unsafe UnsafeBufferPointer(start: base + y * stride, count: width)
    return try unsafe body(row.span)
  }

  /// Lends a plane over an array of `width * height` pixels, row by row.
  public static func withPlane<R, E: Error>(
    of pixels: [UInt8], width: Int, height: Int, isFullRange: Bool = true,
    _ body: (borrowing LumaPlane) throws(E) -> R
  ) throws(E) -> R {
    precondition(pixels.count == width * height, "One byte a pixel.")
    let result: Result<R, E> = unsafe pixels.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("A luma plane has pixels.") }
      let plane = unsafe LumaPlane(
        base: base, width: width, height: height, stride: width, isFullRange: isFullRange)
      do throws(E) { return .success(try body(plane)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
