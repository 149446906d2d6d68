import Timeline

/// Files that hold key frames only, and CVAT's rule for the frames between.
enum CVATKeyFrames {
  /// How many frames are filled in at most in one file; more are taken for damaged numbers.
  static let fillLimit = 2_000_000

  /// What speaks for and against a file of key frames only.
  struct Evidence {
    /// Pairs of neighbouring shapes further apart than a step, the first of them not outside.
    var gaps = 0
    /// Pairs of present shapes one step apart.
    var neighbours = 0
    /// The frames that would be filled in.
    var missing = 0

    /// Whether the gaps are the rule, not the exception.
    ///
    /// Converters mark every box of every frame as a key frame too, and there a gap is a hole in
    /// the labels; but there most boxes have a neighbour.
    var isKeyFramesOnly: Bool { gaps > neighbours }

    /// Counts the pairs of one track.
    mutating func add(_ track: CVATTrack, step: Int) {
      if let end = track.holdsUntil, let last = track.instances.map(\.frame).max() {
        missing += max(0, end - last) / step
      }
      for (a, b) in pairs(track.instances, track.outside) {
        if b.frame - a.frame > step {
          gaps += 1
          missing += (b.frame - a.frame - 1) / step
        } else if b.isPresent {
          neighbours += 1
        }
      }
    }
  }

  private struct Event {
    var frame: FrameIndex
    var shape: Shape
    /// The place in the list of instances; nil for an outside mark.
    var instance: Int?
    var isPresent: Bool { instance != nil }
  }

  /// Neighbours in time of which the first is present and the second is later.
  private static func pairs(
    _ instances: [Instance], _ outside: [CVATTrack.OutsideMark]
  ) -> [(Event, Event)] {
    var events = instances.enumerated().map { index, instance in
      Event(frame: instance.frame, shape: instance.shape, instance: index)
    }
    events += outside.map { Event(frame: $0.frame, shape: $0.shape, instance: nil) }
    let order = events.indices.sorted { (events[$0].frame, $0) < (events[$1].frame, $1) }
    return zip(order, order.dropFirst()).compactMap { a, b in
      events[a].isPresent && events[a].frame < events[b].frame ? (events[a], events[b]) : nil
    }
  }

  /// The instances that CVAT shows between key frames.
  ///
  /// - Parameters:
  ///   - instances: The key frames.
  ///   - outside: Where the object is gone; its shape is still the goal of the motion before.
  ///   - step: The step between annotated frames.
  ///   - end: The last frame to which the last key frame holds; nil where it does not.
  /// - Returns: Interpolated instances; none between shapes CVAT does not interpolate.
  static func filling(
    _ instances: [Instance], outside: [CVATTrack.OutsideMark], step: Int,
    until end: FrameIndex? = nil
  ) -> [Instance] {
    var filled: [Instance] = []
    if let end, let last = instances.max(by: { $0.frame < $1.frame }),
      !outside.contains(where: { $0.frame > last.frame })
    {
      for frame in stride(from: last.frame + step, through: end, by: step) {
        filled.append(last.interpolated(last.shape, at: frame))
      }
    }
    for (a, b) in pairs(instances, outside) {
      guard let index = a.instance else { continue }
      let distance = Double(b.frame - a.frame)
      for frame in stride(from: a.frame + step, to: b.frame, by: step) {
        let share = Double(frame - a.frame) / distance
        guard let shape = a.shape.interpolatedByCVAT(to: b.shape, share: share) else { break }
        filled.append(instances[index].interpolated(shape, at: frame))
      }
    }
    return filled
  }
}

extension Instance {
  /// What CVAT shows in a frame without a key frame.
  fileprivate func interpolated(_ shape: Shape, at frame: FrameIndex) -> Instance {
    var instance = self
    instance.frame = frame
    instance.shape = shape
    instance.isKeyFrame = false
    instance.origin = .interpolated
    return instance
  }
}

extension Shape {
  /// The shape that CVAT shows `share` of the way to `other`; nil where it shows none.
  ///
  /// Boxes, ellipses, cuboids and joints move linearly and turn by the short way. A single place moves
  /// linearly, several stay where they are. Lines match their vertices by the length along the
  /// line (``CVATLine``). Masks are not interpolated.
  ///
  /// Two angles exactly half a turn apart turn by half; CVAT's own server turns by one degree.
  func interpolatedByCVAT(to other: Shape, share: Double) -> Shape? {
    switch (self, other) {
    case (.box(let a), .box(let b)): return .box(a.interpolated(to: b, share: share))
    case (.box, .rotatedBox), (.rotatedBox, .box), (.rotatedBox, .rotatedBox):
      guard let a = turned, let b = other.turned else { return nil }
      return .rotatedBox(
        RotatedBox(
          center: a.center.mixed(with: b.center, share),
          width: a.width + (b.width - a.width) * share,
          height: a.height + (b.height - a.height) * share,
          angle: Shape.angle(from: a.angle, to: b.angle, share)))
    case (.ellipse(let a), .ellipse(let b)):
      return .ellipse(
        Ellipse(
          center: a.center.mixed(with: b.center, share),
          radiusX: a.radiusX + (b.radiusX - a.radiusX) * share,
          radiusY: a.radiusY + (b.radiusY - a.radiusY) * share,
          angle: Shape.angle(from: a.angle, to: b.angle, share)))
    case (.points(let a), .points(let b)):
      if let from = a.first, let to = b.first, a.count == 1, b.count == 1 {
        return .points([from.mixed(with: to, share)])
      }
      return self
    case (.skeleton(let a), .skeleton(let b)):
      let joints = a.joints.enumerated().map { index, joint in
        var moved = joint
        // A joint that is outside there still says where to; one that nobody stated does not.
        if index < b.joints.count,
          b.joints[index].visibility != .absent || b.joints[index].position != Point(0, 0)
        {
          moved.position = joint.position.mixed(with: b.joints[index].position, share)
        }
        return moved
      }
      return .skeleton(Skeleton(joints: joints))
    case (.cuboid(let a), .cuboid(let b)):
      return a.count == b.count ? .cuboid(zip(a, b).map { $0.mixed(with: $1, share) }) : self
    case (.polyline(let a), .polyline(let b)):
      return .polyline(CVATLine.interpolated(from: a, to: b, share: share))
    case (.polygon(let a), .polygon(let b)):
      guard let from = a.parts.first?.outer, let to = b.parts.first?.outer,
        let start = from.first, let end = to.first
      else { return nil }
      let ring = CVATLine.interpolated(from: from + [start], to: to + [end], share: share)
      // CVAT would draw nothing where its thinning leaves only the place that closes the ring.
      return ring.count > 1 ? .polygon(Polygon(ring.dropLast())) : self
    default: return nil
    }
  }

  /// A box as one turned by some angle.
  private var turned: RotatedBox? {
    switch self {
    case .box(let box):
      RotatedBox(center: box.center, width: box.width, height: box.height, angle: 0)
    case .rotatedBox(let box): box
    default: nil
    }
  }

  /// The angle `share` of the short way from `a` to `b`, in 0..<2π.
  private static func angle(from a: Double, to b: Double, _ share: Double) -> Double {
    let turn = (a + (b - a).remainder(dividingBy: 2 * .pi) * share)
      .truncatingRemainder(dividingBy: 2 * .pi)
    return turn < 0 ? turn + 2 * .pi : turn
  }
}
