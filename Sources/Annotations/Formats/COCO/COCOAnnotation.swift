import Foundation

/// Reads one entry of `annotations`, or of a list of results, at a time.
struct COCOAnnotationReader {
  /// The entry read last, with the frame still open.
  var instance = Instance(frame: 0, shape: .points([]))
  /// The id of the annotation.
  var id = SourceIdentity.none
  /// The id of the image.
  var image = SourceIdentity.none
  /// The id of the class.
  var category = SourceIdentity.none
  /// The name of the class, which Continuity adds to lists of results.
  var categoryName: String?
  /// The names of the joints, likewise.
  var jointNames: [String] = []
  /// The size of the picture, which Continuity adds to the first entry of a list of results.
  var pictureSize: (height: Int, width: Int)?
  /// The id of the object over time.
  var track = SourceIdentity.none
  /// Whether the entry had the attributes that CVAT writes.
  var isFromCVAT = false
  /// Whether entries are read as those of a list of results, where a joint's flag says nothing.
  var areResults = false
  /// Whether an entry had the number of a person over all videos, as PoseTrack 21 has.
  var havePersons = false
  /// Boxes and segmentations that were given up for the skeleton of the same entry.
  var coveredCount = 0
  /// The largest number of decimals seen in places.
  var decimals: Int { places.decimals }

  /// What an entry has that does not say more.
  let origin: Origin
  private let flags: COCOShapeReader.JointFlags
  private var places = COCOShapeReader()
  private var box: Box?
  private var rotatedBox: RotatedBox?
  private var segmentation: COCOShapeReader.Segmentation?
  private var joints: [Joint] = []
  private var scores: [Double?] = []
  private var rotation = 0.0
  private var isCrowd = false
  private var isIgnored = false
  private var isPolygon = false

  /// The key under which an entry in a list of results names its class.
  static let categoryNameKey = "category_name"
  /// The key under which the first entry of a list of results has height and width of the picture.
  static let pictureSizeKey = "image_size"
  /// The key under which the first entry of a class names its joints.
  static let jointNamesKey = "keypoint_names"
  /// The key of the person over all videos, as PoseTrack 21 numbers them.
  static let person = "person_id"
  /// The key of an attribute whose value `polygon` says that a ring is no box, though it may fill
  /// one.
  static let shapeKey = "shape_type"
  /// The key of a crowd, also among the attributes of its instance.
  static let crowdKey = "iscrowd"
  private static let maximumAttributes = JSONReader.maximumAttributes
  private static let crowd = [ReservedAttribute.ignore: "true", crowdKey: "1"]

  /// Creates a reader; entries that do not say more get `origin`.
  init(origin: Origin, flags: COCOShapeReader.JointFlags) {
    self.origin = origin
    self.flags = flags
  }

  /// Reads the next value as an entry.
  ///
  /// - Parameter json: Stands before the entry; afterwards, also after a bad one, behind it.
  /// - Returns: What is wrong with the entry, as part of a sentence; nil where it can be used.
  /// - Throws: `LabelError` where the file itself is damaged.
  mutating func read(_ json: inout JSONReader) throws(LabelError) -> String? {
    reset(line: json.line)
    guard try json.beginObject() else { return "the entry is no object" }
    while let key = try json.nextKey() { try readEntry(key, &json) }
    if case .none = image { places.fail("there is no usable image_id") }
    if let flaw = places.flaw { return flaw }
    guard let shape = makeShape() else {
      return "there is neither bbox, segmentation nor keypoints"
    }
    instance.shape = shape
    if isCrowd || isIgnored {
      let ignored = isCrowd ? Self.crowd : Track.ignoredAttributes
      instance.attributes =
        instance.attributes.isEmpty
        ? ignored : instance.attributes.merging(ignored) { a, _ in a }
    }
    if case .number(-1) = track { track = .none }
    return nil
  }

  private mutating func reset(line: Int) {
    instance = Instance(
      frame: 0, shape: .points([]), origin: origin, line: Int32(clamping: line))
    (id, image, category, track) = (.none, .none, .none, .none)
    (categoryName, jointNames) = (nil, [])
    places.beginEntry()
    (box, rotatedBox, segmentation, rotation) = (nil, nil, nil, 0)
    (isCrowd, isIgnored, isPolygon) = (false, false, false)
    joints.removeAll()
    scores.removeAll()
  }

  private mutating func readEntry(_ key: String, _ json: inout JSONReader) throws(LabelError) {
    switch key {
    case "id": id = try json.identity()
    case "image_id": image = try json.identity()
    case "category_id": category = try json.identity()
    case Self.categoryNameKey: categoryName = try json.string()
    case Self.pictureSizeKey: pictureSize = try places.size(&json) ?? pictureSize
    case Self.jointNamesKey: jointNames = try json.strings()
    case "track_id", "instance_id": track = try json.identity()
    case Self.person:
      havePersons = true
      add(key, try json.identity().spelling)
    case "bbox": box = try places.box(&json)
    case "rbox": rotatedBox = try places.rotatedBox(&json)
    case "segmentation": segmentation = try places.segmentation(&json)
    case "keypoints": joints = try places.joints(&json, flags: flags)
    case "scores": scores = try places.scores(&json)
    case "score":
      guard let score = try json.number(), score.isFinite else {
        return places.fail("the score is not a finite number")
      }
      instance.confidence = score
    case Self.crowdKey: isCrowd = try json.boolean() ?? false
    case "ignore": isIgnored = try json.boolean() ?? false
    case "occluded": try readOccluded(&json)
    case ReservedAttribute.truncated:
      if try json.boolean() == true { add(key, "true") }
    case "visibility":
      if let share = try json.number(), share >= 0, share <= 1 {
        instance.visibility = .ratio(share)
      }
    case "attributes": try readAttributes(&json)
    default: try json.skip()
    }
  }

  private mutating func readOccluded(_ json: inout JSONReader) throws(LabelError) {
    guard let isOccluded = try json.boolean() else { return }
    if case .ratio = instance.visibility { return }
    instance.visibility = isOccluded ? .occluded : .visible
  }

  private mutating func readAttributes(_ json: inout JSONReader) throws(LabelError) {
    guard try json.beginObject() else { return }
    while let key = try json.nextKey() {
      switch key {
      case "occluded":
        isFromCVAT = true
        try readOccluded(&json)
      case "rotation":
        guard let degrees = try json.number(), degrees.isFinite, abs(degrees) <= 1e6 else {
          places.fail("the rotation is not a usable number")
          continue
        }
        rotation = degrees
      case "track_id": track = try json.identity()
      case "keyframe": instance.isKeyFrame = try json.boolean()
      case Self.shapeKey:
        let kind = try json.text()
        isPolygon = kind == "polygon"
        if !isPolygon { add(key, kind) }
      case "source":
        guard let source = try json.text() else { continue }
        if let origin = Origin(cocoSource: source) {
          instance.origin = origin
        } else {
          add(key, source)
        }
      default: add(key, try json.text())
      }
    }
  }

  private mutating func add(_ key: String, _ value: String?) {
    if instance.attributes.count < Self.maximumAttributes { instance.attributes[key] = value }
  }

  private mutating func makeShape() -> Shape? {
    if scores.count == joints.count {
      for (joint, score) in scores.enumerated() {
        joints[joint].confidence = score.flatMap { $0.isFinite ? $0 : nil }
      }
    }
    if joints.contains(where: { $0.visibility != .absent }) {
      if segmentation != nil || box != nil && box != skeletonBox { coveredCount += 1 }
      // In results the flag says nothing; a predicted joint is one that was seen.
      if areResults, !joints.contains(where: { $0.visibility == .visible }) {
        for joint in joints.indices where joints[joint].visibility == .hidden {
          joints[joint].visibility = .visible
        }
      }
      return .skeleton(Skeleton(joints: joints))
    }
    if let rotatedBox { return .rotatedBox(rotatedBox) }
    guard let shape = COCOShapeReader.shape(segmentation, box: isPolygon ? nil : box) else {
      return joints.isEmpty ? nil : .skeleton(Skeleton(joints: joints))
    }
    guard case .box(let box) = shape, rotation != 0 else { return shape }
    return .rotatedBox(
      RotatedBox(
        center: box.center, width: box.width, height: box.height, angle: rotation * .pi / 180))
  }

  private var skeletonBox: Box? {
    Box(around: joints.lazy.filter { $0.visibility != .absent }.map(\.position))
  }
}

extension Origin {
  /// What `source` among the attributes of an annotation says; nil where it says something else.
  init?(cocoSource source: String) {
    switch source {
    case "manual": self = .human
    case "auto": self = .model
    case "semi-auto": self = .tracked
    case "file": self = .imported
    default:
      guard let origin = Origin(rawValue: source) else { return nil }
      self = origin
    }
  }
}
