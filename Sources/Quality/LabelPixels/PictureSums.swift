/// A table of sums over one picture, asked in the pixels of the labels.
struct PictureSums: Sendable {
  /// The entries, one column and one row more than the picture has.
  var sums: [UInt32] = []
  /// The size of the picture in pixels.
  private(set) var width = 0
  /// See ``width``.
  private(set) var height = 0
  // Pixels of the picture for one pixel of the labels.
  private var scale = SIMD4<Float>(repeating: 1)

  /// Prepares a table for pictures of `width` by `height` pixels that show a video of `size`.
  mutating func resize(width: Int, height: Int, of size: SIMD2<Float>) {
    (self.width, self.height) = (width, height)
    sums = Array(repeating: 0, count: (width + 1) * (height + 1))
    let (x, y) = (Float(width) / size.x, Float(height) / size.y)
    scale = SIMD4(x, y, x, y)
  }

  /// The edges of `box` in pixels of the picture, within it.
  private func edges(_ box: SIMD4<Float>) -> SIMD4<Int32> {
    let limit = SIMD4(Float(width), Float(height), Float(width), Float(height))
    return SIMD4<Int32>(
      (box * scale).rounded(.toNearestOrEven).clamped(lowerBound: .zero, upperBound: limit))
  }

  private func sum(_ edges: SIMD4<Int32>) -> Float {
    let (left, top) = (Int(edges.x), Int(edges.y) * (width + 1))
    let (right, bottom) = (Int(edges.z), Int(edges.w) * (width + 1))
    return Float(
      sums[bottom + right] &- sums[top + right] &- sums[bottom + left] &+ sums[top + left])
  }

  private func area(_ edges: SIMD4<Int32>) -> Float {
    Float(edges.z - edges.x) * Float(edges.w - edges.y)
  }

  /// The sum over `box`, whose part outside the picture counts nothing, for pixels of the labels.
  func sum(of box: SIMD4<Float>) -> Float { sum(edges(box)) / (scale.x * scale.y) }

  /// The mean in `box` minus the mean in the ring around it that makes it half as large again.
  ///
  /// NaN where either is outside the picture.
  func contrast(of box: SIMD4<Float>) -> Float {
    let margin = (box.highHalf - box.lowHalf) / 4
    let inner = edges(box)
    let outer = edges(
      SIMD4(lowHalf: box.lowHalf - margin, highHalf: box.highHalf + margin))
    let (inside, around) = (area(inner), area(outer) - area(inner))
    guard inside > 0, around > 0 else { return .nan }
    let sum = sum(inner)
    return sum / inside - (self.sum(outer) - sum) / around
  }
}
