import Timeline

/// One track as it is read, shape by shape.
struct CVATTrack {
  /// A shape that says where the object is not.
  struct OutsideMark {
    var frame: FrameIndex
    var shape: Shape
  }

  /// One attribute element.
  struct Attribute: Equatable {
    var name: String
    var value: String
  }

  private(set) var id: String
  let className: String
  let isTracked: Bool
  /// The task of a project; empty where the file does not say.
  let taskID: String
  /// Present shapes in the order of the file.
  private(set) var instances: [Instance] = []
  /// Outside shapes in the order of the file.
  private(set) var outside: [OutsideMark] = []
  /// Attributes that are declared fixed, with the value they have first.
  private(set) var attributes: [String: String] = [:]
  /// Where only key frames are in the file: the last frame to which the last one holds.
  var holdsUntil: FrameIndex?
  /// Whether an attribute that is declared fixed changes.
  private(set) var breaksFixedAttributes = false

  private let origin: Origin
  private let fixedNames: Set<String>
  private let group: String
  private var last: (list: [Attribute], shared: [String: String]) = ([], [:])
  private var pool: [[String: String]: [String: String]] = [:]
  // The exports of 2022 write a skeleton's joints as tracks behind the skeleton's own shapes.
  private var bareSkeletons: [FrameIndex: (head: CVATShapeHead, attributes: [Attribute])] = [:]
  private var looseJoints: [FrameIndex: [String: CVATJoint]] = [:]

  /// Creates an empty track; `origin` is that of its key frames.
  init(
    id: String, className: String, isTracked: Bool, taskID: String, origin: Origin,
    fixedNames: Set<String>, group: String = ""
  ) {
    self.id = id
    self.className = className
    self.isTracked = isTracked
    self.taskID = taskID
    self.origin = origin
    self.fixedNames = fixedNames
    self.group = group
  }

  /// Adds a shape of any kind; `nodes` are the joints of the class.
  mutating func add(_ shape: CVATOpenShape, nodes: [String]) {
    if let geometry = shape.geometry {
      add(geometry, shape.head, shape.attributes, confidence: shape.confidence)
    } else {
      addSkeleton(shape.head, shape.joints, shape.attributes, nodes: nodes)
    }
  }

  private mutating func add(
    _ shape: Shape, _ head: CVATShapeHead, _ attributes: [Attribute], confidence: Double? = nil
  ) {
    guard !head.isOutside else {
      outside.append(OutsideMark(frame: head.frame, shape: shape))
      return
    }
    let visibility: Visibility =
      switch head.isOccluded {
      case nil: .unknown
      case true?: .occluded
      case false?: .visible
      }
    var attributes = attributes
    if head.zOrder != 0 {
      attributes.append(Attribute(name: ReservedAttribute.zOrder, value: String(head.zOrder)))
    }
    if !head.group.isEmpty {
      attributes.append(Attribute(name: ReservedAttribute.group, value: head.group))
    }
    instances.append(
      Instance(
        frame: head.frame, shape: shape, isKeyFrame: head.isKeyFrame,
        origin: head.isKeyFrame == false ? .interpolated : origin, visibility: visibility,
        attributes: shared(attributes), line: head.line))
    if let confidence { instances[instances.count - 1].confidence = confidence }
  }

  /// Adds a skeleton, or keeps its head until the joints come.
  private mutating func addSkeleton(
    _ head: CVATShapeHead, _ joints: [String: CVATJoint], _ attributes: [Attribute],
    nodes: [String]
  ) {
    guard !joints.isEmpty else {
      bareSkeletons[head.frame] = (head, attributes)
      return
    }
    var head = head
    if joints.values.allSatisfy(\.isOutside) { head.isOutside = true }
    if head.isOccluded == nil {
      head.isOccluded = joints.values.allSatisfy { $0.isOutside || $0.isOccluded }
    }
    // An attribute of a joint is one of the instance that begins with the name of the joint.
    let attributes =
      attributes
      + nodes.flatMap { node in
        (joints[node]?.attributes ?? []).map {
          Attribute(name: "\(node)/\($0.name)", value: $0.value)
        }
      }
    add(.skeleton(Skeleton(joints: nodes.map { joint($0, joints[$0]) })), head, attributes)
  }

  /// Adds a joint that carries its own frame.
  mutating func add(_ joint: CVATJoint, label: String) {
    looseJoints[joint.head.frame, default: [:]][label] = joint
  }

  /// Puts loose joints and bare skeletons together.
  ///
  /// - Parameter nodes: The joints of the class.
  /// - Returns: The lines of skeletons without any joint.
  mutating func finish(nodes: [String]) -> [Int] {
    var empty: [Int] = []
    for frame in Set(bareSkeletons.keys).union(looseJoints.keys).sorted() {
      let joints = looseJoints[frame] ?? [:]
      let bare = bareSkeletons[frame]
      if let bare, joints.isEmpty {
        if bare.head.isOutside {
          add(.skeleton(Skeleton(joints: nodes.map { joint($0, nil) })), bare.head, [])
        } else {
          empty.append(Int(bare.head.line))
        }
      } else if let first = nodes.lazy.compactMap({ joints[$0] }).first {
        var head = bare?.head ?? first.head
        if bare == nil {
          head.isOutside = false
          head.isOccluded = nil
          head.isKeyFrame = joints.values.contains { $0.head.isKeyFrame == true }
        }
        addSkeleton(head, joints, bare?.attributes ?? [], nodes: nodes)
      }
    }
    (bareSkeletons, looseJoints) = ([:], [:])
    return empty.sorted()
  }

  private func joint(_ name: String, _ joint: CVATJoint?) -> Joint {
    Joint(
      name: name, position: joint?.position ?? Point(0, 0),
      visibility: joint.map { $0.isOutside ? .absent : $0.isOccluded ? .hidden : .visible }
        ?? .absent)
  }

  /// The attributes that may change, in one copy for all frames that agree.
  ///
  /// CVAT repeats every attribute on every shape; a million boxes must not be a million
  /// dictionaries.
  private mutating func shared(_ list: [Attribute]) -> [String: String] {
    if list == last.list { return last.shared }
    var own: [String: String] = [:]
    for attribute in list {
      // The group of an object stands on its shapes, too, in files for images.
      let isGroup = attribute.name == ReservedAttribute.group
      guard isGroup || fixedNames.contains(attribute.name) else {
        own[attribute.name] = attribute.value
        continue
      }
      let fixed = attributes[attribute.name, default: attribute.value]
      attributes[attribute.name] = fixed
      if fixed != attribute.value {
        own[attribute.name] = attribute.value
        if !isGroup { breaksFixedAttributes = true }
      }
    }
    if let known = pool[own] {
      own = known
    } else {
      if pool.count >= 256 { pool.removeAll() }
      pool[own] = own
    }
    last = (list, own)
    return own
  }
}

/// A shape whose element is open, or has just ended.
struct CVATOpenShape {
  var head: CVATShapeHead
  /// What is drawn; nil for a skeleton.
  var geometry: Shape?
  /// The class, where shapes carry it themselves.
  var label: String
  var origin: Origin
  /// The score; nil where there is none, as always in XML.
  var confidence: Double?
  var joints: [String: CVATJoint] = [:]
  var attributes: [CVATTrack.Attribute] = []
}

/// A tag of a frame, in "CVAT for images".
struct CVATTag {
  var frame: FrameIndex
  /// The task of a project; empty where the file does not say.
  var taskID: String
  var label: String
  var origin: Origin
  /// The group; empty for none.
  var group: String
  var line: Int32
  var attributes: [CVATTrack.Attribute] = []
}

/// One joint of a skeleton.
struct CVATJoint {
  var position: Point
  var head: CVATShapeHead
  var attributes: [CVATTrack.Attribute] = []

  var isOutside: Bool { head.isOutside }
  var isOccluded: Bool { head.isOccluded ?? false }
}

extension CVATTrack {
  /// Takes the attribute ``CVATVideo/trackID`` for the id.
  mutating func adoptID() {
    guard let own = attributes.removeValue(forKey: CVATVideo.trackID) else { return }
    id = own
  }

  /// Adds the shapes of another piece of the same object.
  mutating func join(_ piece: CVATTrack) {
    instances += piece.instances
    outside += piece.outside
    attributes.merge(piece.attributes) { own, _ in own }
  }

  /// Releases what only reading needs, so that a million lone shapes stay small.
  mutating func close() {
    pool = [:]
    last = ([], [:])
    if instances.capacity > instances.count * 5 / 4 {
      instances = instances.map { $0 }
    }
  }

  /// The finished track.
  ///
  /// - Parameters:
  ///   - id: The identity, unique in its video.
  ///   - offset: What to take away from every frame number.
  ///   - joints: The joints of the class; skeletons with fewer are filled up.
  ///   - fillStep: Where only key frames are in the file: the step of the frames to fill in.
  /// - Returns: The track; frames below `offset` are left out.
  func track(id: String, offset: Int, joints: [String], fillStep: Int?) -> Track {
    // Both lists are left alone where nothing changes: then the track shares them.
    var (instances, marks) = (instances, outside)
    if offset != 0 {
      for index in instances.indices { instances[index].frame -= offset }
      for index in marks.indices { marks[index].frame -= offset }
      instances.removeAll { $0.frame < 0 }
      marks.removeAll { $0.frame < 0 }
    }
    for index in instances.indices {
      guard case .skeleton(var skeleton) = instances[index].shape,
        skeleton.joints.count < joints.count
      else { continue }
      skeleton.joints += joints[skeleton.joints.count...].map { joint($0, nil) }
      instances[index].shape = .skeleton(skeleton)
    }
    if let fillStep {
      instances += CVATKeyFrames.filling(
        instances, outside: marks, step: fillStep, until: holdsUntil.map { $0 - offset })
    }
    var attributes = attributes
    if !group.isEmpty { attributes[ReservedAttribute.group] = group }
    var track = Track(
      id: id, className: className, isTracked: isTracked, instances: instances,
      attributes: attributes)
    track.absences = CVATTrack.absences(
      present: track.instances.map(\.frame), outside: marks.map(\.frame).sorted())
    return track
  }

  /// From each outside mark to the next frame with a shape; both lists rise.
  private static func absences(
    present: [FrameIndex], outside: [FrameIndex]
  ) -> [FrameRange] {
    var ranges: [FrameRange] = []
    var next = 0
    for frame in outside {
      if let last = ranges.last, frame < last.end { continue }
      while next < present.count, present[next] < frame { next += 1 }
      let end = next < present.count ? present[next] : Int.max
      if frame < end { ranges.append(FrameRange(frame, end)) }
    }
    return ranges
  }
}
