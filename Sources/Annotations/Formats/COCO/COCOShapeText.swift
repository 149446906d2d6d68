/// A shape as the members of a COCO annotation, ready to be written.
struct COCOShapeText {
  /// `[left,top,width,height]`; nil for a shape without extent.
  var box: String?
  /// Square pixels: of a box or polygon by its vertices, of a mask the set pixels.
  var area: Double
  /// Rings or compressed runs; nil for a shape that has neither.
  var segmentation: String?
  /// Degrees clockwise by which the box is turned; nil for any other shape.
  var rotation: Double?
  /// Triples of x, y and visibility; nil for any other shape.
  var keypoints: String?
  /// How many joints are labelled.
  var keypointCount = 0
  /// The scores of the joints; nil where none has one.
  var scores: String?
  /// Whether a polygon would be taken for the box that it fills.
  var looksLikeBox = false
  /// Whether pixels had to be left out: those of a mask outside the picture.
  var isCut = false

  /// Spells `shape`; nil where it has a number that is not finite, or is of a kind COCO lacks.
  ///
  /// - Parameters:
  ///   - shape: A box, turned box, polygon, mask or skeleton.
  ///   - className: The class, which orders the joints.
  ///   - classes: The classes of the file.
  ///   - size: The size that masks are written with.
  ///   - flags: How the visibility of joints is spelled.
  init?(
    _ shape: Shape, className: String, classes: COCOClassNumbers,
    size: (width: Int, height: Int), flags: COCOShapeReader.JointFlags = .coco
  ) {
    switch shape {
    case .box(let box):
      guard let text = Self.text(box) else { return nil }
      (self.box, area) = (text, box.area)
    case .rotatedBox(let turned):
      let box = Box(center: turned.center, width: turned.width, height: turned.height)
      guard let text = Self.text(box), turned.angle.isFinite else { return nil }
      (self.box, area, rotation) = (text, box.area, turned.angle * 180 / .pi)
    case .polygon(let polygon):
      guard polygon.rings.allSatisfy({ $0.allSatisfy { $0.x.isFinite && $0.y.isFinite } }) else {
        return nil
      }
      let box = shape.bounds
      self.box = box.flatMap(Self.text)
      area = polygon.area
      let rings = polygon.parts.map(\.outer)
      segmentation = JSONText.array(
        rings.lazy.map { ring in
          JSONText.array(
            ring.lazy.flatMap { [JSONText.number($0.x), JSONText.number($0.y)] })
        })
      looksLikeBox = box.map { COCOShapeReader.isBox(rings, $0) } ?? false
    case .mask(let mask):
      guard let runs = COCORuns(mask, width: size.width, height: size.height) else { return nil }
      box = mask.bounds.flatMap(Self.text)
      area = Double(runs.setCount)
      isCut = runs.setCount < mask.area
      segmentation = Self.text(runs, size)
    case .skeleton(let skeleton):
      let joints = classes.joints(of: skeleton, className: className)
      var numbers: [String] = []
      var positions: [Point] = []
      for joint in joints {
        guard let joint, joint.visibility != .absent else {
          numbers += ["0", "0", "0"]
          continue
        }
        guard joint.position.x.isFinite, joint.position.y.isFinite else { return nil }
        positions.append(joint.position)
        numbers += [
          JSONText.number(joint.position.x), JSONText.number(joint.position.y),
          flags == .coco
            ? String(joint.visibility.rawValue) : joint.visibility == .visible ? "1" : "0",
        ]
      }
      keypoints = JSONText.array(numbers)
      keypointCount = positions.count
      if joints.contains(where: { $0?.confidence != nil }) {
        scores = JSONText.array(joints.lazy.map { $0?.confidence.map(JSONText.number) ?? "null" })
      }
      let box = Box(around: positions)
      self.box = box.flatMap(Self.text)
      area = box?.area ?? 0
    case .polyline, .points, .ellipse, .cuboid: return nil
    }
  }

  /// `[left,top,width,height]`; nil where a number is not finite.
  static func text(_ box: Box) -> String? {
    let numbers = [box.left, box.top, box.width, box.height]
    guard numbers.allSatisfy(\.isFinite) else { return nil }
    return JSONText.array(numbers.lazy.map { JSONText.number($0) })
  }

  /// `{"size":[height,width],"counts":"..."}` with compressed runs.
  static func text(_ runs: COCORuns, _ size: (width: Int, height: Int)) -> String {
    "{\"size\":[\(size.height),\(size.width)],\"counts\":" + JSONText.string(runs.compressed) + "}"
  }
}

extension COCORuns {
  /// The number of set pixels.
  var setCount: Int {
    stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + counts[$1] }
  }
}
