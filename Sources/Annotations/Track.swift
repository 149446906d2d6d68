public import Timeline

/// What a source says about one object in one frame.
public enum Presence: String, Sendable {
  /// The source has an instance.
  case present
  /// The source says that the object is not there: declared outside.
  case absent
  /// Nobody looked: the frame was never annotated.
  case unknown
}

/// One object over time in one source.
public struct Track: Hashable, Sendable {
  /// The identity as the source spells it; unique in its ``VideoAnnotations``.
  public var id: String
  /// The name of the class; empty where the source has none.
  ///
  /// Where the source changes the class under one identity, this is the one of most instances, and
  /// the others carry theirs in ``Instance/className``.
  public var className: String
  /// False for a lone detection without identity: a track of one instance.
  public var isTracked: Bool
  /// The instances, by rising frame. A frame may repeat where the source repeats it.
  public private(set) var instances: [Instance]
  /// Ranges in which the source says the object is outside, disjoint and rising.
  ///
  /// A range that the source leaves open ends at `Int.max`.
  public var absences: [FrameRange]
  /// Attributes that hold for the whole track.
  public var attributes: [String: String]

  /// Creates a track; `instances` may come in any order and keep their order within a frame.
  public init(
    id: String, className: String = "", isTracked: Bool = true, instances: [Instance] = [],
    absences: [FrameRange] = [], attributes: [String: String] = [:]
  ) {
    self.id = id
    self.className = className
    self.isTracked = isTracked
    self.absences = absences
    self.attributes = attributes
    let isSorted = zip(instances, instances.dropFirst()).allSatisfy { $0.frame <= $1.frame }
    self.instances = isSorted ? instances : instances.sortedByFrame()
  }

  /// The range from the first to the last instance; nil for a track without instances.
  public var extent: FrameRange? {
    guard let first = instances.first, let last = instances.last else { return nil }
    return FrameRange(first.frame, last.frame + 1)
  }

  /// Takes out the instances outside `frames` and returns them, by rising frame.
  public mutating func removeInstances(outside frames: FrameRange) -> [Instance] {
    guard let first = instances.first, let last = instances.last,
      !(frames.contains(first.frame) && frames.contains(last.frame))
    else { return [] }
    let outside = instances.filter { !frames.contains($0.frame) }
    instances.removeAll { !frames.contains($0.frame) }
    return outside
  }

  /// What a source that tells not to judge an object or an instance is read as.
  static let ignoredAttributes = [ReservedAttribute.ignore: "true"]

  /// Whether the source tells not to judge the object, as MOT's distractors and COCO's crowds.
  public var isIgnored: Bool { attributes[ReservedAttribute.ignore] == "true" }

  /// Tells whether the source declares the object outside in `frame`.
  public func isDeclaredAbsent(at frame: FrameIndex) -> Bool {
    absences.contains { $0.contains(frame) }
  }

  /// The first instance in `frame`, found by binary search.
  public func instance(at frame: FrameIndex) -> Instance? {
    let place = firstInstance(from: frame)
    return place < instances.count && instances[place].frame == frame ? instances[place] : nil
  }

  /// The place of the first instance at or after `frame`, found by binary search.
  package func firstInstance(from frame: FrameIndex) -> Int {
    // By place: an instance is large, and handing out copies would count references.
    instances.indices.partitioningIndex { instances[$0].frame >= frame }
  }

  /// What the source says about the object in `frame`.
  ///
  /// - Returns: nil where the frame was annotated and the source is silent about this object. That
  ///   is no fourth state but the absence of a statement, which rules are there to judge.
  public func presence(at frame: FrameIndex, annotated: AnnotatedFrames) -> Presence? {
    if instance(at: frame) != nil { return .present }
    if isDeclaredAbsent(at: frame) { return .absent }
    return annotated.contains(frame) ? nil : .unknown
  }
}

extension [Instance] {
  /// Sorts by frame and keeps the order within a frame.
  fileprivate func sortedByFrame() -> [Instance] {
    enumerated().sorted { ($0.element.frame, $0.offset) < ($1.element.frame, $1.offset) }
      .map(\.element)
  }
}

/// The frames that somebody or something looked at when a source was made.
public enum AnnotatedFrames: Hashable, Sendable {
  /// Every frame.
  case all
  /// Every `step`-th frame of `range`, beginning with its first.
  case every(step: Int, in: FrameRange)
  /// Just these frames.
  case only(Set<FrameIndex>)

  /// Tells whether `frame` was looked at.
  public func contains(_ frame: FrameIndex) -> Bool {
    switch self {
    case .all: true
    case .every(let step, let range):
      range.contains(frame) && (frame - range.start) % max(1, step) == 0
    case .only(let frames): frames.contains(frame)
    }
  }
}
