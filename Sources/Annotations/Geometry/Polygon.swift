/// An area with straight edges: one or more parts, each an outer ring with holes.
public struct Polygon: Hashable, Sendable {
  /// One connected area.
  public struct Part: Hashable, Sendable {
    /// The outer ring; the last vertex is not the first again.
    public var outer: [Point]
    /// Rings cut out of ``outer``.
    public var holes: [[Point]]

    /// Creates a part.
    public init(outer: [Point], holes: [[Point]] = []) {
      self.outer = outer
      self.holes = holes
    }
  }

  /// The separate areas.
  public var parts: [Part]

  /// Creates a polygon from its parts.
  public init(parts: [Part]) { self.parts = parts }

  /// Creates a polygon of one ring without holes.
  public init(_ ring: [Point]) { self.init(parts: [Part(outer: ring)]) }

  /// All rings, outer ones and holes.
  public var rings: [[Point]] { parts.flatMap { [$0.outer] + $0.holes } }

  /// The area in square pixels: outer rings minus holes, by the shoelace formula.
  ///
  /// A ring that crosses itself counts by its signed area.
  public var area: Double {
    parts.reduce(0) { sum, part in
      sum + abs(Polygon.signedArea(part.outer))
        - part.holes.reduce(0) { $0 + abs(Polygon.signedArea($1)) }
    }
  }

  /// The shoelace area of `ring`; positive for vertices clockwise on screen.
  public static func signedArea(_ ring: [Point]) -> Double {
    guard var last = ring.last, let origin = ring.first else { return 0 }
    var twice = 0.0
    for point in ring {
      twice +=
        (last.x - origin.x) * (point.y - origin.y)
        - (point.x - origin.x) * (last.y - origin.y)
      last = point
    }
    return twice / 2
  }
}
