public import Foundation
import Timeline

/// ASAM's OpenLABEL 1.0, and VCD before it, as far as it speaks of pictures.
///
/// - Frames are the keys of `frames`, usually from 0; intervals are closed.
/// - Boxes are given by their centre; angles are radians, clockwise on screen.
/// - An object may have several shapes. Those of one name are one track; the first name has the
///   uid of the object, others are called `uid/name`. Single points with several names are joints.
/// - Shapes of several cameras (`coordinate_system`) become one video a camera.
/// - Closed lines with a `hierarchy` are outlines and holes of one area. Lines may be coded as
///   steps from pixel to pixel.
/// - Data that stand in the object and in no frame hold in all its frames.
/// - Attributes called `confidence` or `score`, `occluded`, `visibility`, `keyframe`,
///   `interpolated` and `origin` are read as what they say.
/// - An attribute `track_id` of an object is its id, which may be any text.
/// - Actions, events, contexts and tags are labels of ranges.
/// - Shapes in space, pictures and relations are left out, which a note counts.
public enum OpenLABEL: LabelFormat {
  /// The id on the command line.
  public static let id = "openlabel"
  /// One line for the list of formats.
  public static let summary = "ASAM OpenLABEL 1.0 JSON: boxes, outlines, points, actions, events"
  /// What people have to know about the format.
  public static let page = FormatPage(
    frames: "Frames are the keys of frames, usually from 0; frame_intervals are closed.",
    traps: [
      "Boxes are given by their centre, turned ones in radians.",
      "An object with shapes of several names becomes several tracks, uid and uid/name.",
      "Shapes of several cameras become several videos.",
      "Score, occlusion, key frames and origin have no place but attributes.",
      "Shapes in space and masks as pictures are left out, which a note counts.",
    ])

  /// Tells whether a file is JSON with the root of OpenLABEL or VCD.
  public static func matches(head: Data, path: String) -> Bool {
    let first = head.first { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    guard first == UInt8(ascii: "{") else { return false }
    func has(_ key: String) -> Bool { head.range(of: Data("\"\(key)\"".utf8)) != nil }
    return has("openlabel") || has("vcd") && (has("frames") || has("objects"))
  }

  /// Reads a file.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var file = OpenLABELFile(options: options)
    try file.read(path)
    return try file.dataset(path: path)
  }
}

/// Everything read from an OpenLABEL file.
struct OpenLABELFile {
  /// An object, action, event, context or tag.
  private struct Element {
    var name: String?
    var type = ""
    var intervals: [FrameRange] = []
    var data: JSONValue?
  }

  private struct Entry {
    var uid: String
    var camera: String?
    var name: String
    var instance: Instance
  }

  /// How many frames are filled in at most for data that hold in all frames of an object.
  private static let fillLimit = 2_000_000
  /// No rig has more; a damaged file may name one in every shape.
  private static let maximumCameras = 64

  private let options: ReadOptions
  private let base: Int
  private var video = VideoAnnotations()
  private var objects: [String: Element] = [:]
  private var objectOrder: [String] = []
  private var elements: [(uid: String, element: Element)] = []
  private var entries: [Entry] = []
  private var uris: [String: String] = [:]
  private var pictureSizes: [String: (Int, Int)] = [:]
  private var lastFrame = -1
  private var spaceCount = 0
  private var imageCount = 0
  private var report = ReadReport()

  init(options: ReadOptions) {
    self.options = options
    base = LabelFormats.safeBase(options.base) ?? 0
    video.base = base
  }

  // MARK: Reading

  /// Reads a whole file.
  mutating func read(_ path: String) throws(LabelError) {
    var json = try JSONReader.open(path: path)
    var isKnown = false
    if (try? json.kind()) == .object, try json.beginObject() {
      while let key = try json.nextKey() {
        guard key == "openlabel" || key == "vcd", try json.beginObject() else {
          if key != "openlabel", key != "vcd" { try json.skip() }
          continue
        }
        isKnown = true
        while let key = try json.nextKey() { try readSection(key, &json) }
      }
    }
    guard isKnown else {
      throw LabelError(
        .wrongFormat, path: path, line: 1,
        "this is no JSON with an object called openlabel; name the right format")
    }
  }

  private mutating func readSection(
    _ key: String, _ json: inout JSONReader
  ) throws(LabelError) {
    switch key {
    case "metadata":
      let value = try json.value()
      video.name = value["tagged_file"]?.text
      (video.width, video.height) = (value["width"]?.count, value["height"]?.count)
      video.frameCount = value["frame_count"]?.count
      video.frameRate = value["frame_rate"]?.number.flatMap { $0 > 0 && $0 <= 10_000 ? $0 : nil }
    case "streams":
      for member in try json.value().members {
        uris[member.key] = member.value["uri"]?.text
        let camera = member.value["stream_properties"]?["intrinsics_pinhole"]
        if let width = camera?["width_px"]?.count, let height = camera?["height_px"]?.count {
          pictureSizes[member.key] = (width, height)
        }
      }
    case "objects":
      try readElements(&json, dataKey: "object_data") { file, uid, element in
        if file.objects[uid] == nil { file.objectOrder.append(uid) }
        file.objects[uid] = element
      }
    case "actions", "events", "contexts", "tags":
      let dataKey = String(key.dropLast()) + "_data"
      try readElements(&json, dataKey: dataKey) { file, uid, element in
        file.elements.append((uid, element))
      }
    case "frames":
      guard try json.beginObject() else { return }
      while let number = try json.nextKey() { try readFrame(number, &json) }
    case "relations":
      let count = try json.value().members.count
      if count > 0 { report.addNote("\(count) relations between objects are left out") }
    default: try json.skip()
    }
  }

  private mutating func readElements(
    _ json: inout JSONReader, dataKey: String,
    _ add: (inout OpenLABELFile, String, Element) -> Void
  ) throws(LabelError) {
    guard try json.beginObject() else { return }
    while let uid = try json.nextKey() {
      let value = try json.value()
      var element = Element(name: value["name"]?.text, type: value["type"]?.text ?? "")
      for interval in value["frame_intervals"]?.elements ?? [] {
        guard let first = interval["frame_start"]?.frameNumber,
          let last = interval["frame_end"]?.frameNumber, first >= base, last >= first
        else { continue }
        element.intervals.append(FrameRange(first - base, last - base + 1))
        lastFrame = max(lastFrame, last - base)
      }
      element.data = value[dataKey]
      add(&self, uid, element)
    }
  }

  private mutating func readFrame(
    _ key: String, _ json: inout JSONReader
  ) throws(LabelError) {
    _ = try json.kind()
    let line = json.line
    guard let number = Int(key), number >= base, number <= LabelFormats.maximumFrame else {
      report.rowCount += 1
      report.addBadRow(line: line, "the frame \(key.prefix(20)) is no number in range")
      return try json.skip()
    }
    lastFrame = max(lastFrame, number - base)
    guard try json.beginObject() else { return }
    while let key = try json.nextKey() {
      guard key == "objects", try json.beginObject() else {
        if key != "objects" { try json.skip() }
        continue
      }
      while let uid = try json.nextKey() {
        _ = try json.kind()
        let line = json.line
        add(OpenLABELData(try json.value()["object_data"]), of: uid, number - base, line: line)
      }
    }
  }

  private mutating func add(
    _ data: OpenLABELData, of uid: String, _ frame: FrameIndex, line: Int
  ) {
    report.rowCount += data.items.count + data.flaws.count
    for flaw in data.flaws { report.addBadRow(line: line, "object \(uid.prefix(40)): " + flaw) }
    spaceCount += data.spaceCount
    imageCount += data.imageCount
    for item in data.items {
      var instance = Instance(
        frame: frame, shape: item.shape, origin: options.origin, line: Int32(clamping: line))
      for (name, value) in data.attributes + item.attributes {
        Self.apply(name, value, to: &instance)
      }
      entries.append(
        Entry(uid: uid, camera: item.camera, name: item.name, instance: instance))
    }
  }

  private static func apply(_ name: String, _ value: String, to instance: inout Instance) {
    let truth = value == "true" ? true : value == "false" ? false : nil
    switch (name, truth) {
    case ("confidence", _), ("score", _):
      if let score = Double(value), score.isFinite {
        instance.confidence = score
      } else {
        instance.attributes[name] = value
      }
    case ("occluded", let isOccluded?):
      if case .ratio = instance.visibility { return }
      instance.visibility = isOccluded ? .occluded : .visible
    case ("visibility", _):
      if let share = Double(value), share >= 0, share <= 1 {
        instance.visibility = .ratio(share)
      } else {
        instance.attributes[name] = value
      }
    case ("keyframe", let isKeyFrame?): instance.isKeyFrame = isKeyFrame
    case ("interpolated", true?):
      instance.isKeyFrame = false
      instance.origin = .interpolated
    case ("origin", _) where Origin(rawValue: value) != nil:
      instance.origin = Origin(rawValue: value) ?? instance.origin
    default: instance.attributes[name] = value
    }
  }
}

// MARK: - Building

extension OpenLABELFile {
  /// Builds the labels of all cameras.
  mutating func dataset(path: String) throws(LabelError) -> Dataset {
    fillFixedData()
    if report.rowCount > 0, entries.isEmpty {
      let first = report.badRows.first
      throw LabelError(
        .wrongFormat, path: path, line: first?.line,
        "no shape can be used as OpenLABEL's (\(first?.reason ?? "")); name the right format")
    }
    if spaceCount > 0 { report.addNote("\(spaceCount) shapes in space are left out") }
    if imageCount > 0 { report.addNote("\(imageCount) pictures in the data are left out") }
    video.ranges = ranges()
    var cameras: [String?] = []
    var known: Set<String?> = []
    for entry in entries where known.insert(entry.camera).inserted { cameras.append(entry.camera) }
    guard (2...Self.maximumCameras).contains(cameras.count) else {
      return Dataset(format: OpenLABEL.id, videos: [build(nil)], report: report)
    }
    report.addNote("the shapes of \(cameras.count) cameras are read as one video each")
    var videos: [VideoAnnotations] = []
    for camera in cameras { videos.append(build(.some(camera))) }
    return Dataset(format: OpenLABEL.id, videos: videos, report: report)
  }

  // What stands in an object holds in all its frames.
  private mutating func fillFixedData() {
    var room = Self.fillLimit
    for uid in objectOrder {
      guard let element = objects[uid], let data = element.data else { continue }
      let fixed = OpenLABELData(data)
      if fixed.items.isEmpty, fixed.flaws.isEmpty {
        spaceCount += fixed.spaceCount
        imageCount += fixed.imageCount
        continue
      }
      let wanted = element.intervals.reduce(0) { $0 + $1.count }
      guard wanted <= room else {
        report.addBadRow(
          line: 0, "object \(uid.prefix(40)): it has more frames than can be filled in")
        continue
      }
      room -= wanted
      for range in element.intervals {
        for frame in range.start..<range.end { add(fixed, of: uid, frame, line: 0) }
      }
    }
  }

  private func ranges() -> [RangeLabel] {
    elements.flatMap { uid, element -> [RangeLabel] in
      var label = RangeLabel(
        range: FrameRange(0, 0), name: element.type.isEmpty ? element.name ?? uid : element.type,
        origin: options.origin)
      if let name = element.name, !name.isEmpty, name != label.name, name != uid {
        label.attributes["name"] = name
      }
      for (name, value) in OpenLABELData(element.data).attributes {
        switch name {
        case "value": label.value = value
        case "track": label.track = value
        case "confidence": label.confidence = Double(value)
        case "origin": label.origin = Origin(rawValue: value) ?? label.origin
        default: label.attributes[name] = value
        }
      }
      let end = max(video.frameCount ?? 0, lastFrame + 1)
      let all = element.intervals.isEmpty && end > 0 ? [FrameRange(0, end)] : element.intervals
      return all.map { range in
        var label = label
        label.range = range
        return label
      }
    }
  }

  /// The labels of one camera; of all where there is none to choose from.
  private mutating func build(_ camera: String??) -> VideoAnnotations {
    var result = video
    let name = camera ?? entries.first?.camera
    if let name, result.name == nil || camera != nil { result.name = uris[name] ?? name }
    if result.name == nil, uris.count == 1 { result.name = uris.values.first }
    if result.width == nil {
      let size =
        name.flatMap { pictureSizes[$0] }
        ?? (pictureSizes.count == 1 ? pictureSizes.values.first : nil)
      (result.width, result.height) = (size?.0, size?.1)
    }
    var collector = TrackCollector()
    let joints = jointed(in: camera)
    var firstNames: [String: String] = [:]
    for entry in gathered(camera, joints) {
      let main = firstNames[entry.uid] ?? entry.name
      firstNames[entry.uid] = main
      let id = main == entry.name ? entry.uid : entry.uid + "/" + entry.name
      collector.add(
        entry.instance, of: .text(id), className: objects[entry.uid]?.type ?? "")
    }
    result.tracks = collector.tracks(report: &report)
    for place in result.tracks.indices {
      let uid = result.tracks[place].id
      guard let element = objects[uid] else { continue }
      for (name, value) in OpenLABELData(element.data).attributes {
        result.tracks[place].attributes[name] = value
      }
      let id = result.tracks[place].attributes[TrackNumbers.attribute] ?? uid
      if let name = element.name, !name.isEmpty, name != id {
        result.tracks[place].attributes["name"] = name
      }
    }
    result.ontology = Ontology(
      categories: collector.classNames.filter { !$0.isEmpty }.map { Ontology.Category(name: $0) })
    result.completeSkeletons()
    result.restoreTrackIDs()
    return result
  }

  // Objects that have points of several names have joints.
  private func jointed(in camera: String??) -> Set<String> {
    var names: [String: Set<String>] = [:]
    for entry in entries where camera == nil || entry.camera == camera {
      if case .points = entry.instance.shape { names[entry.uid, default: []].insert(entry.name) }
    }
    return Set(names.filter { $0.value.count > 1 }.keys)
  }

  /// The entries of a camera, with the points of an object in one frame put together.
  private func gathered(_ camera: String??, _ jointed: Set<String>) -> [Entry] {
    var result: [Entry] = []
    var places: [String: Int] = [:]
    for entry in entries where camera == nil || entry.camera == camera {
      guard case .points(let points) = entry.instance.shape, jointed.contains(entry.uid) else {
        result.append(entry)
        continue
      }
      let key = "\(entry.instance.frame) \(entry.uid)"
      var joint = Joint(name: entry.name, position: points[0], visibility: .visible)
      var instance = entry.instance
      // What hangs on a point is the point's.
      joint.confidence = instance.attributes.removeValue(forKey: "joint_confidence")
        .flatMap { Double($0) }
      if instance.attributes.removeValue(forKey: "joint_hidden") == "true" {
        joint.visibility = .hidden
      }
      if let place = places[key], case .skeleton(var skeleton) = result[place].instance.shape {
        skeleton.joints.append(joint)
        result[place].instance.shape = .skeleton(skeleton)
      } else {
        places[key] = result.count
        instance.shape = .skeleton(Skeleton(joints: [joint]))
        var first = entry
        first.instance = instance
        first.name = "points"
        result.append(first)
      }
    }
    for place in result.indices {
      guard case .skeleton(let skeleton) = result[place].instance.shape else { continue }
      let arePoints = skeleton.joints.enumerated().allSatisfy { $1.name == Self.pointName($0) }
      if arePoints { result[place].instance.shape = .points(skeleton.joints.map(\.position)) }
    }
    return result
  }

  /// What a place of several without names is called.
  static func pointName(_ place: Int) -> String { "point \(place + 1)" }
}
