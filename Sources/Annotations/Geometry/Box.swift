import Foundation

/// A place in pixels: origin at the outer corner of the top-left pixel, x to the right, y down.
public struct Point: Hashable, Sendable {
  /// Pixels from the left edge.
  public var x: Double
  /// Pixels from the top edge.
  public var y: Double

  /// Creates the place (`x`, `y`).
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// An axis-parallel box in continuous pixels; its area is `width * height`, with no added pixel.
public struct Box: Hashable, Sendable {
  /// The left edge.
  public var left: Double
  /// The top edge.
  public var top: Double
  /// The width; a valid box has a positive one.
  public var width: Double
  /// The height; a valid box has a positive one.
  public var height: Double

  /// Creates a box from its top-left corner and its size.
  public init(left: Double, top: Double, width: Double, height: Double) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }

  /// Creates a box from its centre and its size.
  public init(center: Point, width: Double, height: Double) {
    self.init(
      left: center.x - width / 2, top: center.y - height / 2, width: width, height: height)
  }

  /// Creates the smallest box around `points`, or nil where there is none.
  public init?(around points: some Sequence<Point>) {
    var iterator = points.makeIterator()
    guard let first = iterator.next() else { return nil }
    var (low, high) = (first, first)
    while let point = iterator.next() {
      low = Point(min(low.x, point.x), min(low.y, point.y))
      high = Point(max(high.x, point.x), max(high.y, point.y))
    }
    self.init(left: low.x, top: low.y, width: high.x - low.x, height: high.y - low.y)
  }

  /// The right edge.
  public var right: Double { left + width }
  /// The bottom edge.
  public var bottom: Double { top + height }
  /// The centre.
  public var center: Point { Point(left + width / 2, top + height / 2) }
  /// The area in square pixels.
  public var area: Double { width * height }
  /// The side of the square of the same area: the unit of distances in object sizes.
  public var size: Double { (max(0, width) * max(0, height)).squareRoot() }

  /// Whether all numbers are finite, the far edges and the area among them, and the area positive.
  public var isValid: Bool {
    left.isFinite && top.isFinite && right.isFinite && bottom.isFinite && area.isFinite
      && width > 0 && height > 0
  }

  /// The area shared with `other`, in square pixels.
  public func intersectionArea(_ other: Box) -> Double {
    let w = min(right, other.right) - max(left, other.left)
    let h = min(bottom, other.bottom) - max(top, other.top)
    return w > 0 && h > 0 ? w * h : 0
  }

  /// Intersection over union with `other`, 0...1; 0 where either area is not positive.
  public func iou(_ other: Box) -> Double {
    let shared = intersectionArea(other)
    return shared > 0 ? shared / (area + other.area - shared) : 0
  }

  /// The share of this box that `other` covers, 0...1.
  public func cover(by other: Box) -> Double {
    area > 0 ? intersectionArea(other) / area : 0
  }

  /// The smallest box that holds both.
  public func union(_ other: Box) -> Box {
    let (l, t) = (min(left, other.left), min(top, other.top))
    return Box(
      left: l, top: t, width: max(right, other.right) - l, height: max(bottom, other.bottom) - t)
  }

  /// The box that lies `share` of the way from this one to `other`, each edge moved linearly.
  public func interpolated(to other: Box, share: Double) -> Box {
    func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
    return Box(
      left: mix(left, other.left), top: mix(top, other.top), width: mix(width, other.width),
      height: mix(height, other.height))
  }
}
