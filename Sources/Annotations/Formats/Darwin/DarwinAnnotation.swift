import Timeline

/// One entry of `annotations`: an object over time, a tag, or a layer of masks.
struct DarwinAnnotation {
  /// What one frame of an entry holds.
  struct Frame {
    /// The number in the file.
    var number: Int
    /// Nil where the file does not say.
    var isKeyFrame: Bool?
    /// What is drawn; nil where it is said before, or elsewhere.
    var shape: Shape?
    /// The picture of all masks, in a layer.
    var raster: DarwinRaster?
    /// Texts, numbers and attributes that hang on the shape.
    var attributes: [String: String] = [:]
    /// Whether a model drew it.
    var isInferred = false
    var confidence: Double?
  }

  /// A value that a person or model chose, from a frame on or for the whole object.
  struct Property {
    var frame: Int?
    var name: String
    /// Nil takes earlier values away.
    var value: String?
  }

  /// What an entry is about.
  enum Kind {
    case shape
    case tag
    case mask
    case layer
  }

  static let layerName = "__raster_layer__"

  /// What a place of several without names is called, as Darwin has only single ones.
  static func pointName(_ place: Int) -> String { "point \(place + 1)" }

  private static let maximumFrames = 4_000_000
  // What V7 draws that is no shape on a picture, or hangs on one.
  private static let otherTypes = ["table", "simple_table", "string", "graph", "link", "eye"]

  var id = SourceIdentity.none
  var name = ""
  var slot: String?
  var ranges: [FrameRange] = []
  var hidden: [FrameRange] = []
  var isInterpolated = false
  var hasKeyFramesOnly = false
  var properties: [Property] = []
  var frames: [Frame] = []
  var kind = Kind.shape
  var line = 0

  // The first name of a type that is no shape here.
  private var otherType: String?

  /// Reads an entry, whatever its size.
  ///
  /// - Parameters:
  ///   - json: Stands before the entry.
  ///   - report: Gets what is wrong with single frames.
  /// - Returns: What is wrong with the whole entry, as part of a sentence; nil where it can be used.
  /// - Throws: `LabelError` where the file itself is damaged.
  mutating func read(
    _ json: inout JSONReader, flaw report: (String) -> Void
  ) throws(LabelError) -> String? {
    _ = try json.kind()
    line = json.line
    guard try json.beginObject() else { return "the annotation is no object" }
    var still: [JSONValue.Member] = []
    var flaws: [String] = []
    var hasFrames = false
    while let key = try json.nextKey() {
      switch key {
      case "id": id = try json.identity()
      case "name": name = try json.text() ?? ""
      case "slot_names": slot = try json.value().elements?.first?.text
      case "ranges", "segments": ranges = Self.ranges(try json.value())
      case "hidden_areas": hidden = Self.ranges(try json.value())
      case "interpolated": isInterpolated = try json.boolean() ?? false
      case "only_keyframes": hasKeyFramesOnly = try json.boolean() ?? false
      case "properties": readProperties(try json.value())
      case "frames", "sections":
        guard try json.beginObject() else { continue }
        hasFrames = true
        while let number = try json.nextKey() {
          if let flaw = readFrame(number, try json.value()) { flaws.append(flaw) }
        }
      case "annotators", "reviewers", "ordering", "global_sub_types": try json.skip()
      default: still.append(JSONValue.Member(key: key, value: try json.value()))
      }
    }
    if name == Self.layerName { kind = .layer }
    // A still picture has its shape in the entry itself.
    if !hasFrames, let flaw = readFrame("0", .object(still)) { return flaw }
    if let otherType, frames.allSatisfy({ $0.shape == nil }), kind == .shape {
      return "a \(otherType) is no shape on the picture"
    }
    for flaw in flaws { report(flaw) }
    frames.sort { $0.number < $1.number }
    if frames.isEmpty { return flaws.first == nil ? "the annotation has no frames" : nil }
    return nil
  }

  private static func ranges(_ value: JSONValue) -> [FrameRange] {
    var result: [FrameRange] = []
    for pair in value.elements ?? [] {
      guard let numbers = pair.numbers, numbers.count == 2, numbers[0] <= numbers[1] else {
        continue
      }
      let limit = Double(LabelFormats.maximumFrame)
      result.append(
        FrameRange(Int(max(0, min(numbers[0], limit))), Int(max(0, min(numbers[1], limit)))))
    }
    return result.sorted { $0.start < $1.start }
  }

  private mutating func readProperties(_ value: JSONValue) {
    for entry in value.elements ?? [] {
      guard let name = entry["name"]?.text else { continue }
      properties.append(
        Property(frame: entry["frame_index"]?.frameNumber, name: name, value: entry["value"]?.text))
    }
  }

  private mutating func readFrame(_ key: String, _ value: JSONValue) -> String? {
    guard let number = Int(key), number >= 0, number <= LabelFormats.maximumFrame else {
      return "the frame \(key.prefix(20)) is no number in range"
    }
    guard frames.count < Self.maximumFrames else { return "the annotation has too many frames" }
    var frame = Frame(number: number, isKeyFrame: value["keyframe"]?.boolean)
    frame.attributes = Self.attributes(value)
    if let inference = value["inference"], inference.isObject {
      frame.isInferred = true
      frame.confidence = inference["confidence"]?.number.flatMap { $0.isFinite ? $0 : nil }
    }
    if let flaw = readShape(value, into: &frame) { return "frame \(number): " + flaw }
    frames.append(frame)
    return nil
  }

  private static func attributes(_ value: JSONValue) -> [String: String] {
    var result: [String: String] = [:]
    if let text = value["text"]?["text"]?.text { result["text"] = text }
    if let number = value["instance_id"]?["value"]?.text { result["instance_id"] = number }
    let list = value["attributes"]?["attributes"]?.elements ?? value["attributes"]?.elements
    for name in list ?? [] {
      if let name = name.text { result[name] = "true" }
    }
    if let vector = value["directional_vector"] {
      if let angle = vector["angle"]?.text { result["directional_vector.angle"] = angle }
      if let length = vector["length"]?.text { result["directional_vector.length"] = length }
    }
    return result
  }

  // A polygon comes with its box: the polygon counts.
  private mutating func readShape(_ value: JSONValue, into frame: inout Frame) -> String? {
    if let polygon = value["polygon"], polygon.isObject {
      let lists =
        polygon["paths"]?.elements
        ?? [polygon["path"] ?? .null] + (polygon["additional_paths"]?.elements ?? [])
      let rings = lists.map { Self.points($0) }
      guard rings.allSatisfy({ $0 != nil }), let first = rings.first ?? nil, !first.isEmpty else {
        return "the polygon has no usable path"
      }
      frame.shape = .polygon(Polygon(nested: rings.compactMap { $0 }))
    } else if let box = value["bounding_box"], box.isObject {
      guard let box = Self.box(box) else {
        return "the bounding_box has no usable x, y, w and h"
      }
      frame.shape = .box(box)
    } else if let line = value["line"], line.isObject {
      guard let path = Self.points(line["path"]), !path.isEmpty else {
        return "the line has no usable path"
      }
      frame.shape = .polyline(path)
    } else if let place = value["keypoint"], place.isObject {
      guard let place = place.point() else { return "the keypoint has no usable x and y" }
      frame.shape = .points([place])
    } else if let ellipse = value["ellipse"], ellipse.isObject {
      guard let center = ellipse["center"]?.point(), let radius = ellipse["radius"]?.point(),
        abs(ellipse["angle"]?.number ?? 0) <= 1e6
      else { return "the ellipse has no usable center, radius and angle" }
      frame.shape = .ellipse(
        Ellipse(
          center: center, radiusX: radius.x, radiusY: radius.y,
          angle: ellipse["angle"]?.number ?? 0))
    } else if let skeleton = value["skeleton"], skeleton.isObject {
      return readSkeleton(skeleton, into: &frame)
    } else if let cuboid = value["cuboid"], cuboid.isObject {
      guard let front = cuboid["front"].flatMap(Self.box),
        let back = cuboid["back"].flatMap(Self.box)
      else { return "the cuboid has no usable front and back" }
      frame.shape = .cuboid(front.corners + back.corners)
    } else if value["tag"] != nil {
      kind = .tag
    } else if value["mask"] != nil {
      kind = .mask
    } else if let layer = value["raster_layer"] {
      kind = .layer
      guard let raster = DarwinRaster(layer) else {
        return "the raster layer is damaged: its runs do not fill its pixels"
      }
      frame.raster = raster
    } else if let type = Self.otherTypes.first(where: { value[$0] != nil }) {
      otherType = otherType ?? type
    }
    return nil
  }

  private mutating func readSkeleton(_ value: JSONValue, into frame: inout Frame) -> String? {
    var joints: [Joint] = []
    for node in value["nodes"]?.elements ?? [] {
      guard let place = node.point() else { return "a node has no usable x and y" }
      joints.append(
        Joint(
          name: node["name"]?.text ?? "", position: place,
          visibility: node["occluded"]?.boolean == true ? .hidden : .visible))
    }
    guard !joints.isEmpty else { return "the skeleton has no nodes" }
    let arePoints = joints.enumerated().allSatisfy { $1.name == Self.pointName($0) }
    frame.shape =
      arePoints ? .points(joints.map(\.position)) : .skeleton(Skeleton(joints: joints))
    return nil
  }

  private static func points(_ value: JSONValue?) -> [Point]? {
    guard let elements = value?.elements else { return nil }
    let places = elements.compactMap { $0.point() }
    return places.count == elements.count ? places : nil
  }

  private static func box(_ value: JSONValue) -> Box? {
    let sides = ["x", "y", "w", "h"].map { value[$0]?.number ?? .nan }
    guard sides.allSatisfy({ abs($0) <= 1e9 }) else { return nil }
    return Box(left: sides[0], top: sides[1], width: sides[2], height: sides[3])
  }
}

extension Box {
  /// The corners, clockwise from the top-left one.
  var corners: [Point] {
    [Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom)]
  }
}
