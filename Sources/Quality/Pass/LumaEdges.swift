/// What edges of a picture add up to, over levels clamped to black...white and not yet stretched.
///
/// Sums are exact; a metric multiplies its result by ``FramePass/levelScale`` once, squares twice.
/// Neighbours outside the picture mirror without repeating the edge.
public struct LumaEdges: Hashable, Sendable {
  /// The number of pixels.
  public var count = 0
  /// The sum of the 4-neighbour Laplacian.
  public var laplacian = 0
  /// The sum of the squared Laplacian.
  public var laplacianSquares = 0
  /// The sum of Gx² + Gy² of the 3x3 Sobel operator.
  public var gradientSquares = 0
  /// The number of pixels that are not on the border of the picture.
  public var innerCount = 0
  /// The sum of Gx² + Gy² over inner pixels.
  public var innerSquares = 0
  /// The sum of sqrt(Gx² + Gy²) over inner pixels, each rounded to a sixteenth.
  public var innerMagnitude = 0.0
}
