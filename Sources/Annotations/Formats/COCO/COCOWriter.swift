import Timeline

/// Writes labels as COCO-VID: what plain COCO has, and for the rest the keys of CVAT, TAO and
/// PoseTrack, which readers of plain COCO pass over. PoseTrack is the same with habits of its own.
struct COCOWriter {
  /// What could not be written.
  private(set) var losses = LossReport()

  private let output: TextOutput
  private let flavour: COCOFile.Flavour
  private let classes: COCOClassNumbers
  private let trackNumbers: [[Int?]]
  private var isFirst = true
  // The ids that detections without identity had, and those of them that are written.
  private let taken: Set<Int>
  private var written: Set<Int> = []
  private var nextID = 1

  /// Keys among the attributes of an annotation that have a meaning of their own.
  private static let ownAttributes: Set<String> = [
    "occluded", "rotation", "track_id", "keyframe", "source", COCOAnnotationReader.shapeKey,
    COCOAnnotationReader.crowdKey,
  ]

  /// Prepares to write `dataset` to `output`.
  init(_ dataset: Dataset, to output: TextOutput, flavour: COCOFile.Flavour = .coco) {
    self.output = output
    self.flavour = flavour
    classes = COCOClassNumbers(dataset) { flavour == .poseTrack && Self.isRegion($0) }
    losses.add(.classIDs, classes.changedCount)
    trackNumbers = Self.trackNumbers(dataset)
    taken = Set(dataset.videos.flatMap(\.tracks).compactMap(Self.annotationID))
  }

  /// Writes everything.
  mutating func write(_ dataset: Dataset) throws(LabelError) {
    let frames = dataset.videos.map { ListedFrames($0) }
    var offsets: [Int] = []
    var end = 1
    for listed in frames {
      offsets.append(end)
      end += (listed.frames.last ?? -1) + 1
      losses.add(.annotatedFrames, listed.areComplete ? 0 : 1)
    }
    try output.write("{\"info\":{\"description\":\"Written by Continuity\"},\n\"licenses\":[]")
    try begin("images")
    for (place, video) in dataset.videos.enumerated() {
      let regions = flavour == .poseTrack ? Self.ignoredRegions(of: video) : [:]
      for frame in frames[place].frames {
        try entry(
          image(frame, of: video, place, id: offsets[place] + frame)
            + Self.members(ofRegions: regions[frame] ?? []))
      }
    }
    try begin("videos")
    for (place, video) in dataset.videos.enumerated() { try entry(members(of: video, place)) }
    try begin("categories")
    for category in classes.categories { try entry(Self.members(of: category)) }
    try begin("tracks")
    for (place, video) in dataset.videos.enumerated() {
      for (track, number) in zip(video.tracks, trackNumbers[place]) {
        if let number { try entry(members(of: track, number, place)) }
      }
    }
    try begin("annotations")
    for (place, video) in dataset.videos.enumerated() {
      let size = video.maskSize
      for (track, number) in zip(video.tracks, trackNumbers[place]) {
        if flavour == .poseTrack, Self.isRegion(track) { continue }
        for instance in track.instances {
          try write(
            instance, of: track, number, image: offsets[place] + instance.frame, video: place,
            size: size)
        }
      }
    }
    try output.write("\n]}\n")
  }

  // MARK: Lists

  private mutating func begin(_ list: String) throws(LabelError) {
    try output.write((list == "images" ? "" : "\n]") + ",\n\"\(list)\":[\n")
    isFirst = true
  }

  private mutating func entry(
    _ members: [(key: String, value: String)]
  ) throws(LabelError) {
    try output.write((isFirst ? "" : ",\n") + JSONText.object(members))
    isFirst = false
  }

  private func image(
    _ frame: FrameIndex, of video: VideoAnnotations, _ place: Int, id: Int
  ) -> [(key: String, value: String)] {
    let name = ListedFrames.fileName(of: frame, in: video, place: place)
    let isAnnotated = video.annotated.contains(frame)
    var members = [
      (key: "id", value: String(id)), ("video_id", String(place + 1)),
      ("frame_id", String(flavour == .poseTrack ? id : frame)), ("frame_index", String(frame)),
      ("file_name", JSONText.string(name)),
    ]
    if flavour == .poseTrack {
      let folder = ListedFrames.folderName(of: video, place: place)
      members += [("vid_id", JSONText.string(folder))]
      if let count = video.frameCount { members.append(("nframes", String(count))) }
    }
    if flavour == .poseTrack || !isAnnotated {
      members.append(("is_labeled", isAnnotated ? "true" : "false"))
    }
    return members + Self.size(of: video)
  }

  // MARK: PoseTrack

  // PoseTrack keeps what is not to be judged with the image.
  private static func isRegion(_ track: Track) -> Bool {
    guard !track.isTracked, track.className.isEmpty, let instance = track.instances.first,
      track.instances.count == 1, case .polygon(let polygon) = instance.shape
    else { return false }
    return polygon.parts.count == 1
      && (track.isIgnored || instance.attributes[ReservedAttribute.ignore] == "true")
      && polygon.parts[0].outer.allSatisfy { $0.x.isFinite && $0.y.isFinite }
  }

  private static func ignoredRegions(of video: VideoAnnotations) -> [FrameIndex: [[Point]]] {
    var regions: [FrameIndex: [[Point]]] = [:]
    for track in video.tracks where isRegion(track) {
      guard let instance = track.instances.first, case .polygon(let polygon) = instance.shape
      else { continue }
      regions[instance.frame, default: []].append(polygon.parts[0].outer)
    }
    return regions
  }

  private static func members(ofRegions regions: [[Point]]) -> [(key: String, value: String)] {
    if regions.isEmpty { return [] }
    return [("ignore_regions_x", \Point.x), ("ignore_regions_y", \Point.y)].map { key, axis in
      (
        key,
        JSONText.array(
          regions.map { ring in
            JSONText.array(ring.map { JSONText.number($0[keyPath: axis]) })
          })
      )
    }
  }

  // MARK: Videos and classes

  private func members(
    of video: VideoAnnotations, _ place: Int
  ) -> [(key: String, value: String)] {
    var members = [(key: "id", value: String(place + 1))]
    if let name = video.name { members.append(("name", JSONText.string(name))) }
    members += Self.size(of: video)
    if let count = video.frameCount { members.append(("length", String(count))) }
    if let rate = video.frameRate { members.append(("fps", JSONText.number(rate))) }
    // TAO's evaluation asks for both lists.
    let (absent, partlyLabelled, others) = ClassStatement.numbers(in: video, classes)
    members += [
      ("neg_category_ids", JSONText.array(absent.map(String.init))),
      ("not_exhaustive_category_ids", JSONText.array(partlyLabelled.map(String.init))),
    ]
    if let ranges = LabelRangeText.json(others) { members.append((LabelRangeText.key, ranges)) }
    return members
  }

  private static func size(of video: VideoAnnotations) -> [(key: String, value: String)] {
    [("width", video.width), ("height", video.height)].compactMap { key, value in
      value.map { (key, String($0)) }
    }
  }

  /// A class with the number it is called by, its joints and its bones.
  static func members(of category: Ontology.Category) -> [(key: String, value: String)] {
    var members = [
      (key: "id", value: category.sourceID ?? "0"), ("name", JSONText.string(category.name)),
      ("supercategory", "\"\""),
    ]
    if !category.joints.isEmpty {
      members.append(("keypoints", JSONText.array(category.joints.map(JSONText.string))))
      members.append(
        ("skeleton", JSONText.array(category.edges.map { "[\($0.from + 1),\($0.to + 1)]" })))
    }
    return members
  }

  private func members(
    of track: Track, _ number: Int, _ video: Int
  ) -> [(key: String, value: String)] {
    var members = [
      (key: "id", value: String(number)),
      ("category_id", String(classes.number(of: track.className))),
      ("video_id", String(video + 1)),
    ]
    var attributes = track.attributes
    if String(number) != track.id { attributes["track_id"] = track.id }
    if !attributes.isEmpty {
      members.append(("attributes", JSONText.object(Self.texts(attributes))))
    }
    return members
  }

  /// Attributes by name, as members of an object.
  static func texts(_ attributes: [String: String]) -> [(key: String, value: String)] {
    attributes.sorted { $0.key < $1.key }.map { ($0.key, JSONText.string($0.value)) }
  }

  // MARK: Annotations

  private mutating func write(
    _ instance: Instance, of track: Track, _ number: Int?, image: Int, video: Int,
    size: (width: Int, height: Int)
  ) throws(LabelError) {
    let className = instance.className ?? track.className
    guard
      let shape = COCOShapeText(
        instance.shape, className: className, classes: classes, size: size,
        flags: flavour == .poseTrack ? .poseTrack : .coco)
    else { return losses.add(.instances) }
    if shape.isCut { losses.add(.shape) }
    var members = [
      (key: "id", value: String(id(of: track, number))), ("image_id", String(image)),
      ("video_id", String(video + 1)), ("category_id", String(classes.number(of: className))),
    ]
    if let number { members += [("track_id", String(number)), ("instance_id", String(number))] }
    if let box = shape.box { members.append(("bbox", box)) }
    members.append(("area", JSONText.number(shape.area)))
    members.append(("segmentation", shape.segmentation ?? "[]"))
    if let keypoints = shape.keypoints {
      members += [("keypoints", keypoints), ("num_keypoints", String(shape.keypointCount))]
    }
    if let scores = shape.scores { members.append(("scores", scores)) }
    if let score = instance.confidence { members.append(("score", JSONText.number(score))) }
    let isIgnored = track.isIgnored || instance.attributes[ReservedAttribute.ignore] == "true"
    members.append(("iscrowd", isIgnored ? "1" : "0"))
    if isIgnored, instance.attributes[COCOAnnotationReader.crowdKey] != "1" {
      members.append(("ignore", "1"))
    }
    if case .ratio(let share) = instance.visibility {
      members.append(("visibility", JSONText.number(share)))
    }
    let attributes = attributes(of: instance, track, number, shape)
    if !attributes.isEmpty { members.append(("attributes", JSONText.object(attributes))) }
    try entry(members)
  }

  private mutating func attributes(
    of instance: Instance, _ track: Track, _ number: Int?, _ shape: COCOShapeText
  ) -> [(key: String, value: String)] {
    var attributes: [(key: String, value: String)] = []
    switch instance.visibility {
    case .visible: attributes.append(("occluded", "false"))
    case .occluded: attributes.append(("occluded", "true"))
    case .ratio, .unknown: break
    }
    if let rotation = shape.rotation { attributes.append(("rotation", JSONText.number(rotation))) }
    if let number {
      let isNumber = String(number) == track.id
      attributes.append(("track_id", isNumber ? track.id : JSONText.string(track.id)))
    }
    if let isKeyFrame = instance.isKeyFrame {
      attributes.append(("keyframe", isKeyFrame ? "true" : "false"))
    }
    if instance.origin != .unknown, instance.origin != .imported {
      attributes.append(("source", JSONText.string(instance.origin.rawValue)))
    }
    if shape.looksLikeBox { attributes.append((COCOAnnotationReader.shapeKey, "\"polygon\"")) }
    var others = instance.attributes
    // A detection without identity has no entry among the tracks.
    if number == nil { others.merge(track.attributes) { a, _ in a } }
    if others[ReservedAttribute.ignore] == "true" { others[ReservedAttribute.ignore] = nil }
    if others[COCOAnnotationReader.crowdKey] == "1" { others[COCOAnnotationReader.crowdKey] = nil }
    for key in Self.ownAttributes where others[key] != nil {
      losses.add(.attributes)
      others[key] = nil
    }
    return attributes + Self.texts(others)
  }

  // MARK: Numbers

  // A detection whose id is `#12` was the annotation 12.
  private mutating func id(of track: Track, _ number: Int?) -> Int {
    if number == nil, let id = Self.annotationID(of: track), written.insert(id).inserted {
      return id
    }
    while taken.contains(nextID) { nextID += 1 }
    defer { nextID += 1 }
    return nextID
  }

  private static func annotationID(of track: Track) -> Int? {
    guard !track.isTracked, track.id.hasPrefix("#") else { return nil }
    return Int(track.id.dropFirst()).flatMap { $0 > 0 && $0 < 1 << 53 ? $0 : nil }
  }

  // The ids as numbers that are unique in the file: their own where they are, else from 1.
  private static func trackNumbers(_ dataset: Dataset) -> [[Int?]] {
    let tracks = dataset.videos.map(\.tracks)
    let tracked = tracks.joined().filter(\.isTracked)
    let numbers = tracked.compactMap { track in
      Int(track.id).flatMap { $0 >= 0 && String($0) == track.id ? $0 : nil }
    }
    if numbers.count == tracked.count, Set(numbers).count == numbers.count {
      return tracks.map { $0.map { $0.isTracked ? Int($0.id) : nil } }
    }
    var next = 0
    return tracks.map {
      $0.map { track in
        guard track.isTracked else { return nil }
        next += 1
        return next
      }
    }
  }
}
