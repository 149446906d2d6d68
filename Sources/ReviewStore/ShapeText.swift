import Annotations
import Quality

extension Shape {
  /// The shape as the column `instance.shape` holds it: nil for a box, which has its own columns.
  ///
  /// Angles are radians, points are `[x, y]`; numbers are exact.
  var text: String? {
    func number(_ value: Double) -> String { JSONText.number(value) }
    func point(_ point: Point) -> String { "[\(number(point.x)),\(number(point.y))]" }
    func ring(_ ring: [Point]) -> String { JSONText.array(ring.lazy.map(point)) }
    func object(_ members: KeyValuePairs<String, String>) -> String {
      JSONText.object([(key: "kind", value: JSONText.string(kind.rawValue))] + members)
    }
    switch self {
    case .box: return nil
    case .rotatedBox(let box):
      return object([
        "center": point(box.center), "width": number(box.width), "height": number(box.height),
        "angle": number(box.angle),
      ])
    case .ellipse(let ellipse):
      return object([
        "center": point(ellipse.center), "radius_x": number(ellipse.radiusX),
        "radius_y": number(ellipse.radiusY), "angle": number(ellipse.angle),
      ])
    case .polygon(let polygon):
      let parts = polygon.parts.map { part in
        JSONText.object([
          (key: "outer", value: ring(part.outer)),
          (key: "holes", value: JSONText.array(part.holes.map(ring))),
        ])
      }
      return object(["parts": JSONText.array(parts)])
    case .polyline(let points), .points(let points), .cuboid(let points):
      return object(["points": ring(points)])
    case .skeleton(let skeleton):
      let joints = skeleton.joints.map { joint in
        JSONText.object(
          [
            (key: "name", value: JSONText.string(joint.name)),
            (key: "position", value: point(joint.position)),
            (key: "visibility", value: String(joint.visibility.rawValue)),
          ] + (joint.confidence.map { [(key: "confidence", value: number($0))] } ?? []))
      }
      return object(["joints": JSONText.array(joints)])
    case .mask(let mask):
      return object([
        "left": String(mask.left), "top": String(mask.top), "width": String(mask.width),
        "height": String(mask.height), "runs": JSONText.array(mask.runs.lazy.map { String($0) }),
      ])
    }
  }
}
