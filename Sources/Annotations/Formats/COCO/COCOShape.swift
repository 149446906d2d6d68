/// Reads what COCO and its relatives draw: boxes, segmentations and keypoints.
struct COCOShapeReader {
  /// A segmentation in either of its two forms.
  enum Segmentation {
    case mask(Mask)
    /// Rings of separate parts; COCO has no holes.
    case rings([[Point]])
  }

  /// How a file spells the visibility of a joint.
  enum JointFlags {
    /// 0 not labelled, 1 hidden, 2 visible; a predictor's score may stand in its place.
    case coco
    /// 1 visible, 0 hidden, or not labelled where the place is (0, 0) as well.
    case poseTrack
  }

  /// The largest number of decimals seen in places.
  var decimals = 0
  /// The first thing that was wrong, as part of a sentence; nil while all is well.
  var flaw: String?

  private var numbers: [Double] = []
  private var runs = COCORuns()

  private static let maximumPixel = 1e9
  // What one entry may take up, however long the file makes it.
  private static let maximumNumbers = 4_000_000

  /// Forgets what was wrong with the entry before.
  mutating func beginEntry() { flaw = nil }

  /// Notes what is wrong, unless something was wrong before.
  mutating func fail(_ reason: String) { flaw = flaw ?? reason }

  // MARK: Numbers

  /// Reads a list of numbers, which lie within a thousand million pixels; `name` is for reasons.
  private mutating func readNumbers(
    _ json: inout JSONReader, _ name: String
  ) throws(LabelError) {
    numbers.removeAll(keepingCapacity: true)
    guard try json.beginArray() else { return fail("the \(name) is no list of numbers") }
    while try json.nextElement() { try readNumber(&json, name) }
  }

  private mutating func readNumber(_ json: inout JSONReader, _ name: String) throws(LabelError) {
    guard let number = try json.number() else {
      return fail("the \(name) holds something that is no number")
    }
    guard abs(number) <= Self.maximumPixel else {
      return fail("the \(name) holds a number that is not finite or too large")
    }
    guard numbers.count < Self.maximumNumbers else { return fail("the \(name) is too long") }
    decimals = max(decimals, json.decimals)
    numbers.append(number)
  }

  /// Reads a list of places along one axis.
  mutating func list(_ json: inout JSONReader, _ name: String) throws(LabelError) -> [Double] {
    try readNumbers(&json, name)
    return numbers
  }

  /// Reads height and width of a picture; nil where they are no whole numbers.
  mutating func size(_ json: inout JSONReader) throws(LabelError) -> (height: Int, width: Int)? {
    let before = decimals
    try readNumbers(&json, "size of the mask")
    decimals = before
    guard numbers.count == 2, let height = Int(exactly: numbers[0]),
      let width = Int(exactly: numbers[1]), height > 0, width > 0
    else { return nil }
    return (height, width)
  }

  /// Reads a list of numbers that say nothing about places.
  mutating func scores(_ json: inout JSONReader) throws(LabelError) -> [Double?] {
    var scores: [Double?] = []
    guard try json.beginArray() else { return [] }
    while try json.nextElement() {
      let score = try json.number()
      if scores.count < Self.maximumNumbers { scores.append(score) }
    }
    return scores
  }

  /// Reads one place along an axis; nil where it is none.
  mutating func coordinate(
    _ json: inout JSONReader, _ name: String
  ) throws(LabelError) -> Double? {
    numbers.removeAll(keepingCapacity: true)
    try readNumber(&json, name)
    return numbers.first
  }

  // MARK: Boxes

  /// Reads left, top, width and height; nil where there is no box, or a bad one.
  mutating func box(_ json: inout JSONReader) throws(LabelError) -> Box? {
    if try json.kind() == .null {
      try json.skip()
      return nil
    }
    try readNumbers(&json, "bbox")
    if numbers.isEmpty { return nil }
    guard numbers.count == 4 else {
      fail("the bbox has \(numbers.count) numbers instead of 4")
      return nil
    }
    return Box(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3])
  }

  /// Reads centre, width, height and radians as Ultralytics validates turned boxes.
  mutating func rotatedBox(_ json: inout JSONReader) throws(LabelError) -> RotatedBox? {
    let before = decimals
    try readNumbers(&json, "rbox")
    decimals = before
    guard numbers.count == 5 else {
      fail("the rbox has \(numbers.count) numbers instead of 5")
      return nil
    }
    return RotatedBox(
      center: Point(numbers[0], numbers[1]), width: numbers[2], height: numbers[3],
      angle: numbers[4])
  }

  // MARK: Segmentations

  /// Reads rings or runs; nil where there is none, or a bad one.
  mutating func segmentation(
    _ json: inout JSONReader
  ) throws(LabelError) -> Segmentation? {
    switch try json.kind() {
    case .object: return try readRuns(&json).map { .mask($0) }
    case .array:
      guard try json.beginArray() else { return nil }
      var rings: [[Point]] = []
      numbers.removeAll(keepingCapacity: true)
      while try json.nextElement() {
        if try json.kind() == .array {
          try readNumbers(&json, "segmentation")
          addRing(to: &rings)
        } else {
          try readNumber(&json, "segmentation")
        }
      }
      // Some writers leave out the outer list of a single ring.
      addRing(to: &rings)
      return rings.isEmpty ? nil : .rings(rings)
    default:
      try json.skip()
      return nil
    }
  }

  /// Reads the compressed form of runs that fill a frame of the given size.
  mutating func mask(
    compressed text: [UInt8], width: Int, height: Int
  ) -> Mask? {
    let isReadable = text.withUnsafeBufferPointer { runs.read(compressed: $0) }
    guard isReadable, let mask = runs.mask(width: width, height: height) else {
      fail("the runs of the mask do not fill its size")
      return nil
    }
    return mask
  }

  private mutating func addRing(to rings: inout [[Point]]) {
    if numbers.isEmpty { return }
    defer { numbers.removeAll(keepingCapacity: true) }
    guard numbers.count % 2 == 0 else { return fail("the segmentation has an x without y") }
    var ring: [Point] = []
    ring.reserveCapacity(numbers.count / 2)
    for place in stride(from: 0, to: numbers.count, by: 2) {
      ring.append(Point(numbers[place], numbers[place + 1]))
    }
    if ring.count > 1, ring.first == ring.last { ring.removeLast() }
    if rings.count < Self.maximumNumbers { rings.append(ring) }
  }

  private mutating func readRuns(_ json: inout JSONReader) throws(LabelError) -> Mask? {
    var size: (height: Int, width: Int)?
    var isReadable = true
    guard try json.beginObject() else { return nil }
    runs.counts.removeAll(keepingCapacity: true)
    let before = decimals
    while let key = try json.nextKey() {
      switch key {
      case "size":
        size = try self.size(&json)
      case "counts":
        if try json.kind() == .string {
          var runs = COCORuns()
          isReadable = try json.withString { runs.read(compressed: $0) } ?? false
          self.runs = runs
        } else {
          try readNumbers(&json, "list of runs")
          runs.counts.append(contentsOf: numbers.lazy.map { Int(exactly: $0) ?? -1 })
        }
      default: try json.skip()
      }
    }
    decimals = before
    let mask = isReadable ? size.flatMap { runs.mask(width: $0.width, height: $0.height) } : nil
    if mask == nil { fail("the runs of the mask do not fill its size") }
    return mask
  }

  // MARK: Joints

  /// Reads triples of x, y and visibility as joints without names.
  mutating func joints(
    _ json: inout JSONReader, flags meaning: JointFlags = .coco
  ) throws(LabelError) -> [Joint] {
    if try json.kind() == .null {
      try json.skip()
      return []
    }
    guard try json.beginArray() else {
      fail("the keypoints are no list of numbers")
      return []
    }
    numbers.removeAll(keepingCapacity: true)
    while try json.nextElement() {
      let before = decimals
      try readNumber(&json, "list of keypoints")
      // The decimals of a score say nothing about places.
      if numbers.count % 3 == 0 { decimals = before }
    }
    guard numbers.count % 3 == 0 else {
      fail("the keypoints are no triples of x, y and visibility")
      return []
    }
    let flags = stride(from: 2, to: numbers.count, by: 3).map { numbers[$0] }
    let areFlags = flags.allSatisfy { $0 == 0 || $0 == 1 || $0 == 2 }
    return flags.enumerated().map { joint, flag in
      let position = Point(numbers[joint * 3], numbers[joint * 3 + 1])
      let isNowhere = flag == 0 && position == Point(0, 0)
      let visibility: Joint.Visibility =
        switch meaning {
        case .coco:
          areFlags
            ? Joint.Visibility(rawValue: Int(flag)) ?? .absent : isNowhere ? .absent : .visible
        case .poseTrack: flag > 0 ? .visible : isNowhere ? .absent : .hidden
        }
      return Joint(
        name: "", position: position, visibility: visibility, confidence: areFlags ? nil : flag)
    }
  }

  // MARK: Shapes

  /// The shape of a segmentation, else of a box; nil where there is neither.
  static func shape(_ segmentation: Segmentation?, box: Box?) -> Shape? {
    switch segmentation {
    case .mask(let mask): return .mask(mask)
    case .rings(let rings):
      // Several writers repeat the box as a ring of four corners.
      if let box, isBox(rings, box) { return .box(box) }
      return .polygon(Polygon(parts: rings.map { Polygon.Part(outer: $0) }))
    case nil: return box.map { .box($0) }
    }
  }

  /// Whether a single ring is just the four corners of `box`.
  static func isBox(_ rings: [[Point]], _ box: Box) -> Bool {
    rings.count == 1 && rings[0].count == 4 && Box(around: rings[0]) == box
      && rings[0].allSatisfy {
        ($0.x == box.left || $0.x == box.right) && ($0.y == box.top || $0.y == box.bottom)
      } && Set(rings[0]).count == 4
  }
}
