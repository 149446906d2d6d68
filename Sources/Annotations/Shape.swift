import Foundation

/// What is drawn around one object in one frame, in pixels.
///
/// The origin is the outer corner of the top-left pixel. Angles are radians, clockwise on screen.
public enum Shape: Hashable, Sendable {
  /// An axis-parallel box.
  case box(Box)
  // Cases larger than a box are indirect: a million boxes should not pay for them.

  /// A box turned about its centre.
  indirect case rotatedBox(RotatedBox)
  /// An area with straight edges, holes and separate parts.
  case polygon(Polygon)
  /// An open line through at least two places.
  case polyline([Point])
  /// Separate places without names.
  case points([Point])
  /// Named joints, each with its own visibility.
  case skeleton(Skeleton)
  /// A pixel mask.
  indirect case mask(Mask)
  /// An ellipse turned about its centre.
  indirect case ellipse(Ellipse)
  /// The eight corners of a block as drawn: the front face clockwise from its top-left corner, then
  /// the back face in the same order.
  case cuboid([Point])

  /// The kinds of shapes, as stores and exports name them.
  public enum Kind: String, CaseIterable, Sendable {
    /// See ``Shape/box(_:)``.
    case box
    /// See ``Shape/rotatedBox(_:)``.
    case rotatedBox = "rotated-box"
    /// See ``Shape/polygon(_:)``.
    case polygon
    /// See ``Shape/polyline(_:)``.
    case polyline
    /// See ``Shape/points(_:)``.
    case points
    /// See ``Shape/skeleton(_:)``.
    case skeleton
    /// See ``Shape/mask(_:)``.
    case mask
    /// See ``Shape/ellipse(_:)``.
    case ellipse
    /// See ``Shape/cuboid(_:)``.
    case cuboid
  }

  /// The kind of the shape.
  public var kind: Kind {
    switch self {
    case .box: .box
    case .rotatedBox: .rotatedBox
    case .polygon: .polygon
    case .polyline: .polyline
    case .points: .points
    case .skeleton: .skeleton
    case .mask: .mask
    case .ellipse: .ellipse
    case .cuboid: .cuboid
    }
  }

  /// The smallest axis-parallel box around what is visible; nil for an empty shape.
  ///
  /// Joints that are hidden or not labelled do not count.
  public var bounds: Box? {
    switch self {
    case .box(let box): box
    case .rotatedBox(let box): Box(around: box.corners)
    case .polygon(let polygon): Box(around: polygon.rings.joined())
    case .polyline(let points), .points(let points), .cuboid(let points): Box(around: points)
    case .skeleton(let skeleton):
      Box(around: skeleton.joints.lazy.filter { $0.visibility == .visible }.map(\.position))
    case .mask(let mask): mask.bounds
    case .ellipse(let ellipse): ellipse.bounds
    }
  }
}

/// A box turned about its centre.
public struct RotatedBox: Hashable, Sendable {
  /// The centre, which is also the pivot.
  public var center: Point
  /// The side that is horizontal at angle 0.
  public var width: Double
  /// The side that is vertical at angle 0.
  public var height: Double
  /// Radians, clockwise on screen.
  public var angle: Double

  /// Creates a box of `width` times `height` turned by `angle` radians about `center`.
  public init(center: Point, width: Double, height: Double, angle: Double) {
    self.center = center
    self.width = width
    self.height = height
    self.angle = angle
  }

  /// The four corners, from the one that is top-left at angle 0, clockwise.
  public var corners: [Point] {
    let (c, s) = (cos(angle), sin(angle))
    return [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map { x, y in
      Point(
        center.x + x * width * c - y * height * s, center.y + x * width * s + y * height * c)
    }
  }
}

/// An ellipse turned about its centre.
public struct Ellipse: Hashable, Sendable {
  /// The centre, which is also the pivot.
  public var center: Point
  /// The half axis that is horizontal at angle 0.
  public var radiusX: Double
  /// The half axis that is vertical at angle 0.
  public var radiusY: Double
  /// Radians, clockwise on screen.
  public var angle: Double

  /// Creates an ellipse with the given half axes turned by `angle` radians about `center`.
  public init(center: Point, radiusX: Double, radiusY: Double, angle: Double = 0) {
    self.center = center
    self.radiusX = radiusX
    self.radiusY = radiusY
    self.angle = angle
  }

  /// The smallest axis-parallel box around the ellipse.
  public var bounds: Box {
    let (c, s) = (cos(angle), sin(angle))
    let halfWidth = (radiusX * radiusX * c * c + radiusY * radiusY * s * s).squareRoot()
    let halfHeight = (radiusX * radiusX * s * s + radiusY * radiusY * c * c).squareRoot()
    return Box(center: center, width: 2 * halfWidth, height: 2 * halfHeight)
  }
}

/// Joints of one object in the order of its class's skeleton.
public struct Skeleton: Hashable, Sendable {
  /// One entry per node of the class, also for joints that nobody labelled.
  public var joints: [Joint]

  /// Creates a skeleton from its joints.
  public init(joints: [Joint]) { self.joints = joints }
}

/// One joint of a skeleton.
public struct Joint: Hashable, Sendable {
  /// What the source says about seeing the joint.
  public enum Visibility: Int, Sendable {
    /// Not labelled, or declared outside: the position means nothing.
    case absent = 0
    /// Labelled where it is thought to be, but hidden.
    case hidden = 1
    /// Seen.
    case visible = 2
  }

  /// The name of the node.
  public var name: String
  /// The place; meaningless where ``visibility`` is `.absent`.
  public var position: Point
  /// Whether the joint was seen.
  public var visibility: Visibility
  /// The score of the joint, in the source's own range.
  public var confidence: Double?

  /// Creates a joint.
  public init(
    name: String, position: Point, visibility: Visibility, confidence: Double? = nil
  ) {
    self.name = name
    self.position = position
    self.visibility = visibility
    self.confidence = confidence
  }
}
