/// The 8-bit colour planes of one frame, lent to a closure and never kept.
///
/// Both planes have one size, which may be smaller than that of the brightness plane. They are as
/// decoded: 128 is no colour, no change of range; deeper samples are shifted down to 8 bits. A grey
/// picture has none: ``isEmpty``.
@safe public struct ChromaPlanes: ~Copyable {
  /// The weights of red, green and blue in the brightness.
  public enum Matrix: Sendable {
    /// ITU-R BT.601, which also stands for a stream that states nothing.
    case bt601
    /// ITU-R BT.709.
    case bt709
    /// ITU-R BT.2020.
    case bt2020
  }

  /// The number of samples in a row; 0 for a grey picture.
  public let width: Int
  /// The number of rows; 0 for a grey picture.
  public let height: Int
  /// How colours were turned into these planes.
  public let matrix: Matrix
  /// Whether colours span the whole range; otherwise they span 16...240.
  public let isFullRange: Bool
  private let u: UnsafePointer<UInt8>?
  private let v: UnsafePointer<UInt8>?
  private let strideU: Int
  private let strideV: Int

  /// Creates the planes of a grey picture, which has none.
  public init() {
    (width, height, matrix, isFullRange, strideU, strideV) = (0, 0, .bt601, true, 0, 0)
    unsafe (u, v) = (nil, nil)
  }

  /// Creates planes over memory that outlives them.
  ///
  /// Each pointer points at `stride * (height - 1) + width` readable bytes of its plane.
  @unsafe public init(
    u: UnsafePointer<UInt8>, strideU: Int, v: UnsafePointer<UInt8>, strideV: Int, width: Int,
    height: Int, matrix: Matrix, isFullRange: Bool
  ) {
    precondition(
      width > 0 && height > 0 && strideU >= width && strideV >= width, "A colour plane has samples."
    )
    unsafe (self.u, self.v) = unsafe (u, v)
    (self.strideU, self.strideV) = (strideU, strideV)
    (self.width, self.height) = (width, height)
    (self.matrix, self.isFullRange) = (matrix, isFullRange)
  }

  /// Whether the picture is grey.
  public var isEmpty: Bool { width == 0 }

  /// Lends the first sample of both planes with the distances between their rows.
  ///
  /// - Returns: What `body` returns, or nil for a grey picture.
  @unsafe public borrowing func withUnsafeSamples<R, E: Error>(
    _ body: (UnsafePointer<UInt8>, Int, UnsafePointer<UInt8>, Int) throws(E) -> R
  ) throws(E) -> R? {
    guard let u = unsafe u, let v = unsafe v else { return nil }
    return try unsafe body(u, strideU, v, strideV)
  }

  /// Lends planes over two arrays of `width * height` samples, row by row.
  public static func withPlanes<R, E: Error>(
    u: [UInt8], v: [UInt8], width: Int, height: Int, matrix: Matrix = .bt601,
    isFullRange: Bool = true, _ body: (borrowing ChromaPlanes) throws(E) -> R
  ) throws(E) -> R {
    precondition(u.count == width * height && v.count == u.count, "One byte a sample.")
    let result: Result<R, E> = unsafe u.withUnsafeBufferPointer { u in
      unsafe v.withUnsafeBufferPointer { v in
        guard let u = u.baseAddress, let v = v.baseAddress else {
          preconditionFailure("A colour plane has samples.")
        }
        let planes = unsafe ChromaPlanes(
          u: u, strideU: width, v: v, strideV: width, width: width, height: height, matrix: matrix,
          isFullRange: isFullRange)
        do throws(E) { return .success(try body(planes)) } catch { return .failure(error) }
      }
    }
    return try result.get()
  }
}
