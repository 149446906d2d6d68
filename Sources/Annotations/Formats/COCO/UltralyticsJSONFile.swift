import Foundation
import Timeline

/// Reads a list of frames, a detection at a time.
struct UltralyticsJSONFile {
  private struct Detection {
    var track: Int32
    var category: Int32
    /// Whether the shape is the four corners of a turned box.
    var isTurned: Bool
    var instance: Instance
  }

  private let options: ReadOptions
  private var places = COCOShapeReader()
  private var tracks = IdentitySlots()
  // The names of the classes by their numbers, and the numbers by first appearance.
  private var classes = IdentitySlots()
  private var names: [String] = []
  private var detections: [Detection] = []
  private var ranges: [RangeLabel] = []
  private var joints: [Int32: [String]] = [:]
  private var largest = 0.0
  private var report = ReadReport()

  /// The names of the joints, which Continuity adds.
  static let jointNamesKey = "names"

  init(options: ReadOptions) { self.options = options }

  /// Reads a whole file.
  mutating func read(_ path: String) throws(LabelError) -> Dataset {
    var json = try JSONReader.open(path: path)
    guard (try? json.kind()) == .array, try json.beginArray() else { throw wrongFormat(path) }
    var frameCount = 0
    var isOneFrame = false
    while try json.nextElement() {
      switch try json.kind() {
      case .array:
        guard try json.beginArray() else { continue }
        while try json.nextElement() { try readDetection(&json, frameCount) }
        frameCount += 1
      case .object:
        isOneFrame = true
        try readDetection(&json, 0)
      default:
        report.addBadRow(line: json.line, "the frame is no list")
        try json.skip()
        frameCount += 1
      }
    }
    guard detections.count + ranges.count > 0 || report.rowCount == 0 else {
      throw wrongFormat(path)
    }
    return try dataset(path, frameCount: isOneFrame ? 1 : frameCount)
  }

  private func wrongFormat(_ path: String) -> LabelError {
    LabelError(
      .wrongFormat, path: path,
      "there is no list of detections as Ultralytics writes; name the right format")
  }

  private mutating func readDetection(
    _ json: inout JSONReader, _ frame: Int
  ) throws(LabelError) {
    report.rowCount += 1
    _ = try json.kind()
    let line = json.line
    places.beginEntry()
    guard try json.beginObject() else {
      return report.addBadRow(line: line, "the detection is no object")
    }
    var name: String?
    var (number, track) = (SourceIdentity.none, SourceIdentity.none)
    var confidence: Double?
    var corners: [Point]?
    var segment: [Point] = []
    var joints: [Joint] = []
    var hasBox = false
    while let key = try json.nextKey() {
      switch key {
      case "name": name = try json.text()
      case "class": number = try json.identity()
      case "track_id": track = try json.identity()
      case "confidence":
        if let value = try json.number(), value.isFinite { confidence = value }
      case "box":
        hasBox = true
        corners = try readCorners(&json)
      case "segments": segment = try readPoints(&json).map(\.position)
      case "keypoints": joints = try readPoints(&json)
      default: try json.skip()
      }
    }
    if let flaw = places.flaw { return report.addBadRow(line: line, flaw) }
    guard frame <= LabelFormats.maximumFrame else {
      return report.addBadRow(line: line, "the frame \(frame) is too large")
    }
    let category = slot(number, name)
    guard hasBox else {
      guard let name = name ?? number.spelling else {
        return report.addBadRow(line: line, "there is neither a box nor a class")
      }
      ranges.append(
        RangeLabel(
          range: FrameRange(frame, frame + 1), name: name, origin: .model, confidence: confidence))
      return
    }
    let shape: Shape
    var isTurned = false
    if segment.count > 2 {
      shape = .polygon(Polygon(segment))
    } else if joints.contains(where: { $0.visibility != .absent }) {
      if joints.count > self.joints[category]?.count ?? 0 {
        self.joints[category] = joints.map(\.name)
      }
      shape = .skeleton(Skeleton(joints: joints))
    } else if let corners {
      isTurned = corners.count == 4
      shape = isTurned ? .polygon(Polygon(corners)) : Self.box(corners)
    } else {
      return report.addBadRow(line: line, "the box has neither two nor four corners")
    }
    detections.append(
      Detection(
        track: track == .none ? -1 : tracks.slot(of: track), category: category,
        isTurned: isTurned,
        instance: Instance(
          frame: frame, shape: shape, origin: .model, confidence: confidence,
          line: Int32(clamping: line))))
  }

  private mutating func slot(_ number: SourceIdentity, _ name: String?) -> Int32 {
    let identity = number == .none ? name.map { .text($0) } ?? .none : number
    if identity == .none { return -1 }
    let slot = classes.slot(of: identity)
    if names.count <= Int(slot) { names.append(name ?? identity.spelling ?? "") }
    return slot
  }

  // `x1` to `y2` of a box, or to `y4` of a turned one; nil where corners are missing.
  private mutating func readCorners(_ json: inout JSONReader) throws(LabelError) -> [Point]? {
    var values: [String: Double] = [:]
    guard try json.beginObject() else { return nil }
    while let key = try json.nextKey() {
      guard key.count == 2 else {
        try json.skip()
        continue
      }
      values[key] = try places.coordinate(&json, "box")
    }
    let corners = (1...4).compactMap { corner in
      values["x\(corner)"].flatMap { x in values["y\(corner)"].map { Point(x, $0) } }
    }
    note(corners)
    return corners.count == 2 || corners.count == 4 ? corners : nil
  }

  private mutating func readPoints(_ json: inout JSONReader) throws(LabelError) -> [Joint] {
    var (x, y): ([Double], [Double]) = ([], [])
    var visible: [Double?] = []
    var names: [String] = []
    guard try json.beginObject() else { return [] }
    while let key = try json.nextKey() {
      switch key {
      case "x": x = try places.list(&json, "list of x")
      case "y": y = try places.list(&json, "list of y")
      case "visible": visible = try places.scores(&json)
      case Self.jointNamesKey: names = try json.strings()
      default: try json.skip()
      }
    }
    guard x.count == y.count else {
      places.fail("there are \(x.count) x and \(y.count) y")
      return []
    }
    let points = zip(x, y).map { Point($0, $1) }
    note(points)
    return points.enumerated().map { place, point in
      // A joint that was not found lies at (0, 0).
      Joint(
        name: place < names.count ? names[place] : String(place), position: point,
        visibility: point == Point(0, 0) ? .absent : .visible,
        confidence: place < visible.count ? visible[place] : nil)
    }
  }

  private mutating func note(_ points: [Point]) {
    for point in points { largest = max(largest, abs(point.x), abs(point.y)) }
  }

  private static func box(_ corners: [Point]) -> Shape {
    .box(
      Box(
        left: corners[0].x, top: corners[0].y, width: corners[1].x - corners[0].x,
        height: corners[1].y - corners[0].y))
  }

  // The corners go round; the first side is the one whose direction is the angle. Shares of the
  // picture are no box until they are pixels.
  private static func turnedBox(_ shape: Shape) -> Shape {
    guard case .polygon(let polygon) = shape, let corners = polygon.parts.first?.outer,
      corners.count == 4
    else { return shape }
    let (a, b, c) = (corners[0], corners[1], corners[2])
    return .rotatedBox(
      RotatedBox(
        center: Point((a.x + c.x) / 2, (a.y + c.y) / 2), width: hypot(b.x - a.x, b.y - a.y),
        height: hypot(c.x - b.x, c.y - b.y), angle: atan2(b.y - a.y, b.x - a.x)))
  }

  // MARK: Building

  private mutating func dataset(_ path: String, frameCount: Int) throws(LabelError) -> Dataset {
    let hint = options.video(named: nil)
    var video = VideoAnnotations(frameCount: frameCount)
    var scale: Point?
    if !detections.isEmpty, largest <= 1 {
      guard let hint else {
        throw LabelError(
          .wrongFormat, path: path,
          "all places lie within 0...1, as shares of a picture of unknown size; name the video")
      }
      (video.width, video.height) = (hint.width, hint.height)
      scale = Point(Double(hint.width), Double(hint.height))
      video.quantum =
        LabelFormats.quantum(decimals: places.decimals) * Double(max(hint.width, hint.height))
      report.addNote("all places lie within 0...1 and were read as shares of the picture")
    } else {
      video.quantum = LabelFormats.quantum(decimals: places.decimals)
    }
    video.ontology = Ontology(
      categories: names.enumerated().map { slot, name in
        Ontology.Category(
          name: name, sourceID: classes.identities[slot].spelling,
          joints: joints[Int32(clamping: slot)] ?? [])
      })
    video.ranges = ranges
    var members: [[Detection]] = tracks.identities.map { _ in [] }
    var lone: [Track] = []
    for detection in detections {
      var detection = detection
      if let scale { detection.instance.shape = detection.instance.shape.scaled(by: scale) }
      if detection.isTurned {
        detection.instance.shape = Self.turnedBox(detection.instance.shape)
      }
      if detection.track >= 0 {
        members[Int(detection.track)].append(detection)
      } else {
        lone.append(
          Track(
            id: "#\(lone.count + 1)", className: name(detection.category), isTracked: false,
            instances: [detection.instance]))
      }
    }
    var maker = ClassedTracks()
    for (identity, detections) in zip(tracks.identities, members) {
      video.tracks += maker.tracks(
        id: identity.spelling ?? "", isTracked: true, instances: detections.map(\.instance),
        classes: detections.map(\.category)
      ) { name($0) }
    }
    video.tracks += lone
    maker.note(in: &report)
    return Dataset(format: UltralyticsJSON.id, videos: [video], report: report)
  }

  private func name(_ slot: Int32) -> String { slot < 0 ? "" : names[Int(slot)] }
}

extension Shape {
  /// The shape with places taken as shares of a picture of `size`; of those kinds that
  /// Ultralytics has.
  fileprivate func scaled(by size: Point) -> Shape {
    func scaled(_ point: Point) -> Point { Point(point.x * size.x, point.y * size.y) }
    switch self {
    case .box(let box):
      return .box(
        Box(
          left: box.left * size.x, top: box.top * size.y, width: box.width * size.x,
          height: box.height * size.y))
    case .polygon(let polygon):
      return .polygon(
        Polygon(
          parts: polygon.parts.map { part in
            Polygon.Part(outer: part.outer.map(scaled), holes: part.holes.map { $0.map(scaled) })
          }))
    case .skeleton(let skeleton):
      return .skeleton(
        Skeleton(
          joints: skeleton.joints.map { joint in
            var joint = joint
            joint.position = scaled(joint.position)
            return joint
          }))
    case .rotatedBox, .polyline, .points, .mask, .ellipse, .cuboid: return self
    }
  }
}
