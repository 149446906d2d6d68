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
  /// The id of the object over time.
  var track = SourceIdentity.none
  /// Whether the entry had the attributes that CVAT writes.
  var isFromCVAT = false
  /// The largest number of decimals seen in places.
  var decimals = 0

  private let origin: Origin
  private var flaw: String?
  private var numbers: [Double] = []
  private var box: Box?
  private var rings: [[Point]] = []
  private var joints: [Joint] = []
  private var mask: Mask?
  private var runs = COCORuns()
  private var rotation = 0.0
  private var isCrowd = false

  private static let maximumPixel = 1e9
  // What one entry may take up, however long the file makes it.
  private static let maximumNumbers = 4_000_000
  private static let maximumAttributes = 1_000
  private static let crowd = [ReservedAttribute.ignore: "true", "iscrowd": "1"]

  /// Creates a reader; entries that do not say more get `origin`.
  init(origin: Origin) { self.origin = origin }

  /// Reads the next value as an entry.
  ///
  /// - Parameter json: Stands before the entry; afterwards, also after a bad one, behind it.
  /// - Returns: What is wrong with the entry, as part of a sentence; nil where it can be used.
  /// - Throws: `LabelError` where the file itself is damaged.
  mutating func read(_ json: inout JSONReader) throws(LabelError) -> String? {
    reset(line: json.line)
    guard try json.beginObject() else { return "the entry is no object" }
    while let key = try json.nextKey() { try readEntry(key, &json) }
    if case .none = image { flaw = flaw ?? "there is no usable image_id" }
    if let flaw { return flaw }
    guard let shape = makeShape() else {
      return "there is neither bbox, segmentation nor keypoints"
    }
    instance.shape = shape
    if isCrowd {
      instance.attributes =
        instance.attributes.isEmpty
        ? Self.crowd : instance.attributes.merging(Self.crowd) { a, _ in a }
    }
    if case .number(-1) = track { track = .none }
    return nil
  }

  private mutating func reset(line: Int) {
    instance = Instance(
      frame: 0, shape: .points([]), origin: origin, line: Int32(clamping: line))
    (id, image, category, track) = (.none, .none, .none, .none)
    (flaw, box, mask, rotation, isCrowd) = (nil, nil, nil, 0, false)
    rings.removeAll()
    joints.removeAll()
  }

  private mutating func readEntry(_ key: String, _ json: inout JSONReader) throws(LabelError) {
    switch key {
    case "id": id = try json.identity()
    case "image_id": image = try json.identity()
    case "category_id": category = try json.identity()
    case "track_id", "instance_id": track = try json.identity()
    case "bbox": try readBox(&json)
    case "segmentation": try readSegmentation(&json)
    case "keypoints": try readKeypoints(&json)
    case "score":
      guard let score = try json.number(), score.isFinite else {
        flaw = flaw ?? "the score is not a finite number"
        return
      }
      instance.confidence = score
    case "iscrowd": isCrowd = try json.boolean() ?? false
    case "occluded": try readOccluded(&json)
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
          flaw = flaw ?? "the rotation is not a usable number"
          continue
        }
        rotation = degrees
      case "track_id": track = try json.identity()
      case "keyframe": instance.isKeyFrame = try json.boolean()
      default:
        let value = try json.text()
        if instance.attributes.count < Self.maximumAttributes { instance.attributes[key] = value }
      }
    }
  }

  // MARK: Places

  private mutating func readNumbers(
    _ json: inout JSONReader, _ name: String
  ) throws(LabelError) {
    numbers.removeAll(keepingCapacity: true)
    guard try json.beginArray() else {
      flaw = flaw ?? "the \(name) is no list of numbers"
      return
    }
    while try json.nextElement() { try readNumber(&json, name) }
  }

  private mutating func readNumber(_ json: inout JSONReader, _ name: String) throws(LabelError) {
    guard let number = try json.number() else {
      flaw = flaw ?? "the \(name) holds something that is no number"
      return
    }
    guard abs(number) <= Self.maximumPixel else {
      flaw = flaw ?? "the \(name) holds a number that is not finite or too large"
      return
    }
    guard numbers.count < Self.maximumNumbers else {
      flaw = flaw ?? "the \(name) is too long"
      return
    }
    decimals = max(decimals, json.decimals)
    numbers.append(number)
  }

  private mutating func readBox(_ json: inout JSONReader) throws(LabelError) {
    if try json.kind() == .null { return try json.skip() }
    try readNumbers(&json, "bbox")
    if numbers.isEmpty { return }
    guard numbers.count == 4 else {
      flaw = flaw ?? "the bbox has \(numbers.count) numbers instead of 4"
      return
    }
    box = Box(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3])
  }

  private mutating func readSegmentation(_ json: inout JSONReader) throws(LabelError) {
    switch try json.kind() {
    case .object: try readRuns(&json)
    case .array:
      guard try json.beginArray() else { return }
      numbers.removeAll(keepingCapacity: true)
      while try json.nextElement() {
        if try json.kind() == .array {
          try readNumbers(&json, "segmentation")
          addRing()
        } else {
          try readNumber(&json, "segmentation")
        }
      }
      // Some writers leave out the outer list of a single ring.
      addRing()
    default: try json.skip()
    }
  }

  private mutating func addRing() {
    if numbers.isEmpty { return }
    defer { numbers.removeAll(keepingCapacity: true) }
    guard numbers.count % 2 == 0 else {
      flaw = flaw ?? "the segmentation has an x without y"
      return
    }
    var ring: [Point] = []
    ring.reserveCapacity(numbers.count / 2)
    for place in stride(from: 0, to: numbers.count, by: 2) {
      ring.append(Point(numbers[place], numbers[place + 1]))
    }
    if ring.count > 1, ring.first == ring.last { ring.removeLast() }
    if rings.count < Self.maximumNumbers { rings.append(ring) }
  }

  private mutating func readRuns(_ json: inout JSONReader) throws(LabelError) {
    var size: (height: Int, width: Int)?
    var isReadable = true
    guard try json.beginObject() else { return }
    runs.counts.removeAll(keepingCapacity: true)
    while let key = try json.nextKey() {
      switch key {
      case "size":
        let before = decimals
        try readNumbers(&json, "size of the mask")
        decimals = before
        guard numbers.count == 2, let height = Int(exactly: numbers[0]),
          let width = Int(exactly: numbers[1])
        else { continue }
        size = (height, width)
      case "counts":
        if try json.kind() == .string {
          var runs = COCORuns()
          isReadable = try json.withString { runs.read(compressed: $0) } ?? false
          self.runs = runs
        } else {
          let before = decimals
          try readNumbers(&json, "list of runs")
          decimals = before
          runs.counts.append(contentsOf: numbers.lazy.map { Int(exactly: $0) ?? -1 })
        }
      default: try json.skip()
      }
    }
    mask = isReadable ? size.flatMap { runs.mask(width: $0.width, height: $0.height) } : nil
    if mask == nil { flaw = flaw ?? "the runs of the mask do not fill its size" }
  }

  // A predictor's score may stand where a label says hidden (1) or visible (2).
  private mutating func readKeypoints(_ json: inout JSONReader) throws(LabelError) {
    if try json.kind() == .null { return try json.skip() }
    guard try json.beginArray() else {
      flaw = flaw ?? "the keypoints are no list of numbers"
      return
    }
    numbers.removeAll(keepingCapacity: true)
    while try json.nextElement() {
      let before = decimals
      try readNumber(&json, "list of keypoints")
      // The decimals of a score say nothing about places.
      if numbers.count % 3 == 0 { decimals = before }
    }
    guard numbers.count % 3 == 0 else {
      flaw = flaw ?? "the keypoints are no triples of x, y and visibility"
      return
    }
    let flags = stride(from: 2, to: numbers.count, by: 3).map { numbers[$0] }
    let areFlags = flags.allSatisfy { $0 == 0 || $0 == 1 || $0 == 2 }
    for (joint, flag) in flags.enumerated() {
      let position = Point(numbers[joint * 3], numbers[joint * 3 + 1])
      let visibility =
        areFlags
        ? Joint.Visibility(rawValue: Int(flag)) ?? .absent
        : flag == 0 && position == Point(0, 0) ? .absent : .visible
      joints.append(
        Joint(
          name: "", position: position, visibility: visibility,
          confidence: areFlags ? nil : flag))
    }
  }

  private func makeShape() -> Shape? {
    if joints.contains(where: { $0.visibility != .absent }) {
      // In results the flag says nothing; a predicted joint is one that was seen.
      let isResult = instance.confidence != nil && !joints.contains { $0.visibility == .visible }
      guard isResult else { return .skeleton(Skeleton(joints: joints)) }
      return .skeleton(
        Skeleton(
          joints: joints.map { joint in
            var joint = joint
            if joint.visibility == .hidden { joint.visibility = .visible }
            return joint
          }))
    }
    if let mask { return .mask(mask) }
    if let polygon { return .polygon(polygon) }
    guard let box else { return joints.isEmpty ? nil : .skeleton(Skeleton(joints: joints)) }
    if rotation == 0 { return .box(box) }
    return .rotatedBox(
      RotatedBox(
        center: box.center, width: box.width, height: box.height, angle: rotation * .pi / 180))
  }

  // Several writers repeat the box as a ring of four corners.
  private var polygon: Polygon? {
    if rings.isEmpty { return nil }
    if let box, rings.count == 1, rings[0].count == 4, Box(around: rings[0]) == box,
      rings[0].allSatisfy({
        ($0.x == box.left || $0.x == box.right) && ($0.y == box.top || $0.y == box.bottom)
      }),
      Set(rings[0]).count == 4
    {
      return nil
    }
    return Polygon(parts: rings.map { Polygon.Part(outer: $0) })
  }
}
