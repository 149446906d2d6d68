import Foundation
import Timeline

extension LabelStudioRegion.Drawing {
  /// What Label Studio shows `share` of the way to `other`.
  ///
  /// All five numbers of a box change linearly, the angle without regard to full turns. Vertices
  /// move to the one of the same id; one that has none there stays where it is.
  func interpolated(to other: Self, share: Double) -> Self {
    func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
    switch (self, other) {
    case (.box(let x, let y, let w, let h, let r), .box(let x2, let y2, let w2, let h2, let r2)):
      return .box(
        x: mix(x, x2), y: mix(y, y2), width: mix(w, w2), height: mix(h, h2), rotation: mix(r, r2))
    case (.line(let isClosed, let places, let ids), .line(_, let others, let otherIDs)):
      let goals = Dictionary(zip(otherIDs, others)) { first, _ in first }
      let moved = zip(places, ids).map { place, id in
        goals[id].map { Point(mix(place.x, $0.x), mix(place.y, $0.y)) } ?? place
      }
      return .line(isClosed: isClosed, places: moved, ids: ids)
    default: return self
    }
  }

  /// The drawing in pixels of a picture of `width` times `height`.
  func shape(width: Double, height: Double) -> Shape {
    switch self {
    case .box(let x, let y, let w, let h, let rotation):
      let corner = Point(x / 100 * width, y / 100 * height)
      let (boxWidth, boxHeight) = (w / 100 * width, h / 100 * height)
      guard rotation != 0 else {
        return .box(Box(left: corner.x, top: corner.y, width: boxWidth, height: boxHeight))
      }
      // The corner is the pivot, so that the way to the centre is turned.
      let angle = rotation * .pi / 180
      let (c, s) = (cos(angle), sin(angle))
      let (halfWidth, halfHeight) = (boxWidth / 2, boxHeight / 2)
      return .rotatedBox(
        RotatedBox(
          center: Point(
            corner.x + halfWidth * c - halfHeight * s, corner.y + halfWidth * s + halfHeight * c),
          width: boxWidth, height: boxHeight, angle: angle))
    case .line(let isClosed, let places, _):
      let points = places.map { Point($0.x / 100 * width, $0.y / 100 * height) }
      return isClosed ? .polygon(Polygon(points)) : .polyline(points)
    }
  }

  /// The drawing of a shape on a picture of `width` times `height` pixels; nil where there is none.
  init?(_ shape: Shape, width: Double, height: Double) {
    switch shape {
    case .box(let box):
      self = .box(
        x: box.left / width * 100, y: box.top / height * 100, width: box.width / width * 100,
        height: box.height / height * 100, rotation: 0)
    case .rotatedBox(let box):
      let corner = box.corners[0]
      self = .box(
        x: corner.x / width * 100, y: corner.y / height * 100, width: box.width / width * 100,
        height: box.height / height * 100, rotation: box.angle * 180 / .pi)
    case .polygon(let polygon):
      guard let ring = polygon.parts.first?.outer, ring.count >= 3 else { return nil }
      self = Self.outline(ring, isClosed: true, width: width, height: height)
    case .polyline(let points):
      guard points.count >= 2 else { return nil }
      self = Self.outline(points, isClosed: false, width: width, height: height)
    default: return nil
    }
  }

  private static func outline(
    _ points: [Point], isClosed: Bool, width: Double, height: Double
  ) -> Self {
    .line(
      isClosed: isClosed, places: points.map { Point($0.x / width * 100, $0.y / height * 100) },
      ids: points.indices.map { "v\($0)" })
  }

  /// Whether this is a box.
  var isBox: Bool { if case .box = self { true } else { false } }

  /// The largest difference to `other` in pixels; infinite where they are not alike.
  func distance(to other: Self, width: Double, height: Double) -> Double {
    switch (self, other) {
    case (.box(let x, let y, let w, let h, let r), .box(let x2, let y2, let w2, let h2, let r2)):
      // An angle moves the far corner by the diagonal at most.
      let diagonal = (w * width / 100 * w * width / 100 + h * height / 100 * h * height / 100)
        .squareRoot()
      return max(
        abs(x - x2) * width / 100, abs(y - y2) * height / 100, abs(w - w2) * width / 100,
        abs(h - h2) * height / 100, abs(r - r2) * .pi / 180 * diagonal)
    case (.line(let isClosed, let places, _), .line(let otherIsClosed, let others, _)):
      guard isClosed == otherIsClosed, places.count == others.count else { return .infinity }
      return zip(places, others).reduce(0) { most, pair in
        max(
          most, abs(pair.0.x - pair.1.x) * width / 100, abs(pair.0.y - pair.1.y) * height / 100)
      }
    default: return .infinity
    }
  }
}

extension LabelStudioRegion {
  /// How many frames are filled in at most in one file; more are taken for damaged numbers.
  static let fillLimit = 2_000_000

  /// The instances that Label Studio shows, and where it hides the object.
  ///
  /// On a key frame the object is seen, on a disabled one for the last time. After an enabled one
  /// it moves to the next, and stays to the end of the video where there is none.
  ///
  /// - Parameters:
  ///   - keyFrames: The key frames, by rising frame.
  ///   - origin: Who made the key frames.
  ///   - size: The size of the picture in pixels.
  ///   - end: The number of frames of the video; nil where nobody knows it.
  ///   - room: How many frames may still be filled in; too small a room fills none of a stretch.
  /// - Returns: The instances by rising frame, and the ranges in which the object is hidden.
  static func instances(
    _ keyFrames: [KeyFrame], origin: Origin, size: (width: Double, height: Double), end: Int?,
    room: inout Int
  ) -> (instances: [Instance], absences: [FrameRange]) {
    var instances: [Instance] = []
    instances.reserveCapacity(keyFrames.count)
    var absences: [FrameRange] = []
    func add(
      _ frame: FrameIndex, _ drawing: Drawing, _ keyFrame: KeyFrame, isKeyFrame: Bool
    ) {
      instances.append(
        Instance(
          frame: frame, shape: drawing.shape(width: size.width, height: size.height),
          isKeyFrame: isKeyFrame, origin: isKeyFrame ? origin : .interpolated,
          confidence: keyFrame.score, line: Int32(clamping: keyFrame.line)))
    }
    for (place, keyFrame) in keyFrames.enumerated() {
      let next = place + 1 < keyFrames.count ? keyFrames[place + 1] : nil
      add(keyFrame.frame, keyFrame.drawing, keyFrame, isKeyFrame: !keyFrame.isAutomatic)
      let start = keyFrame.frame + 1
      guard keyFrame.isEnabled else {
        let end = next?.frame ?? .max
        if start < end { absences.append(FrameRange(start, end)) }
        continue
      }
      let end = next?.frame ?? end ?? start
      guard start < end else { continue }
      room -= end - start
      guard room >= 0 else { continue }
      for frame in start..<end {
        var drawing = keyFrame.drawing
        if let next {
          let share = Double(frame - keyFrame.frame) / Double(next.frame - keyFrame.frame)
          drawing = drawing.interpolated(to: next.drawing, share: share)
        }
        add(frame, drawing, keyFrame, isKeyFrame: false)
      }
    }
    return (instances, absences)
  }
}
