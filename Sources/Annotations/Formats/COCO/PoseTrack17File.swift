import Timeline

/// Reads the list of images of PoseTrack 17, in which every value lies in a list of its own.
struct PoseTrack17File {
  private struct Image {
    var name = ""
    var isLabelled: Bool?
    var instances: [(track: Int32, instance: Instance)] = []
    var regions: [Instance] = []
  }

  // The joints by the ids that points have.
  private static let joints = [
    "right_ankle", "right_knee", "right_hip", "left_hip", "left_knee", "left_ankle", "right_wrist",
    "right_elbow", "right_shoulder", "left_shoulder", "left_elbow", "left_wrist", "head_bottom",
    "nose", "head_top",
  ]

  private static let person = "person"

  private let options: ReadOptions
  private let origin: Origin
  private var places = COCOShapeReader()
  private var tracks = IdentitySlots()
  private var images: [Image] = []
  private var report = ReadReport()

  init(options: ReadOptions) {
    self.options = options
    origin = options.origin
  }

  /// Reads a whole file.
  mutating func read(_ path: String) throws(LabelError) -> Dataset {
    var json = try JSONReader.open(path: path)
    var hasImages = false
    if try json.beginObject() {
      while let key = try json.nextKey() {
        guard key == "annolist", try json.kind() == .array else {
          try json.skip()
          continue
        }
        hasImages = true
        guard try json.beginArray() else { continue }
        while try json.nextElement() { try readImage(&json) }
      }
    }
    guard hasImages else {
      throw LabelError(
        .wrongFormat, path: path,
        "there is no list called annolist as PoseTrack 17 has; name the right format")
    }
    return Dataset(
      format: PoseTrack.id, dialect: "PoseTrack 17", videos: [video()], report: report)
  }

  private mutating func readImage(_ json: inout JSONReader) throws(LabelError) {
    _ = try json.kind()
    let line = json.line
    guard try json.beginObject() else {
      return report.addBadRow(line: line, "the image is no object")
    }
    var image = Image()
    while let key = try json.nextKey() {
      switch key {
      case "image":
        try each(&json) { file, json throws(LabelError) in
          guard try json.beginObject() else { return }
          while let key = try json.nextKey() {
            if key == "name" { image.name = try json.string() ?? "" } else { try json.skip() }
          }
        }
      case "is_labeled": image.isLabelled = try number(&json).map { $0 != 0 }
      case "annorect":
        try each(&json) { file, json throws(LabelError) in try file.readPerson(&json, &image) }
      case "ignore_regions":
        try each(&json) { file, json throws(LabelError) in
          let line = json.line
          let ring = try file.readPoints(&json).map(\.joint.position)
          guard ring.count > 2 else { return }
          image.regions.append(
            Instance(
              frame: 0, shape: .polygon(Polygon(ring)), origin: file.origin,
              attributes: Track.ignoredAttributes, line: Int32(clamping: line)))
        }
      default: try json.skip()
      }
    }
    images.append(image)
  }

  private mutating func readPerson(
    _ json: inout JSONReader, _ image: inout Image
  ) throws(LabelError) {
    report.rowCount += 1
    _ = try json.kind()
    let line = json.line
    var points: [(id: Int?, joint: Joint)] = []
    var corners: [String: Double] = [:]
    var track: SourceIdentity = .none
    var score: Double?
    places.beginEntry()
    guard try json.beginObject() else {
      return report.addBadRow(line: line, "the person is no object")
    }
    while let key = try json.nextKey() {
      switch key {
      case "x1", "y1", "x2", "y2": corners[key] = try number(&json)
      case "score": score = try number(&json)
      case "track_id":
        track = try number(&json).flatMap { Int(exactly: $0) }.map { .number($0) } ?? .none
      case "annopoints":
        try each(&json) { file, json throws(LabelError) in
          points += try file.readPoints(&json)
        }
      default: try json.skip()
      }
    }
    var joints = Self.joints.map {
      Joint(name: $0, position: Point(0, 0), visibility: .absent)
    }
    for (id, joint) in points {
      guard let id, joints.indices.contains(id) else {
        report.addBadRow(line: line, "a point has no id of a joint, 0 to 14")
        continue
      }
      joints[id].position = joint.position
      joints[id].visibility = joint.visibility
      joints[id].confidence = joint.confidence
    }
    var shape = Shape.skeleton(Skeleton(joints: joints))
    if points.isEmpty {
      guard let left = corners["x1"], let top = corners["y1"], let right = corners["x2"],
        let bottom = corners["y2"]
      else { return report.addBadRow(line: line, "the person has neither points nor a box") }
      shape = .box(Box(left: left, top: top, width: right - left, height: bottom - top))
    }
    image.instances.append(
      (
        track == .none ? -1 : tracks.slot(of: track),
        Instance(
          frame: 0, shape: shape, origin: origin, confidence: score, line: Int32(clamping: line))
      ))
  }

  // MARK: Values in lists

  // Calls `body` for every element of a list, or for the value itself where it is in none.
  private mutating func each(
    _ json: inout JSONReader,
    _ body: (inout PoseTrack17File, inout JSONReader) throws(LabelError) -> Void
  ) throws(LabelError) {
    guard try json.kind() == .array else { return try body(&self, &json) }
    guard try json.beginArray() else { return }
    while try json.nextElement() { try body(&self, &json) }
  }

  private mutating func number(_ json: inout JSONReader) throws(LabelError) -> Double? {
    var number: Double?
    try each(&json) { file, json throws(LabelError) in
      let value = try json.number()
      file.places.decimals = max(file.places.decimals, json.decimals)
      if let value, abs(value) <= 1e9, number == nil { number = value }
    }
    return number
  }

  // Reads `{"point": [{"id": [0], "x": [1], "y": [2]}, ...]}`; points that have no place are bad.
  private mutating func readPoints(
    _ json: inout JSONReader
  ) throws(LabelError) -> [(id: Int?, joint: Joint)] {
    var points: [(id: Int?, joint: Joint)] = []
    guard try json.beginObject() else { return [] }
    while let key = try json.nextKey() {
      guard key == "point" else {
        try json.skip()
        continue
      }
      try each(&json) { file, json throws(LabelError) in
        _ = try json.kind()
        let line = json.line
        var values: [String: Double] = [:]
        let decimals = file.places.decimals
        guard try json.beginObject() else { return }
        while let key = try json.nextKey() {
          switch key {
          case "x", "y", "id": values[key] = try file.number(&json)
          case "is_visible", "score":
            let before = file.places.decimals
            values[key] = try file.number(&json)
            file.places.decimals = before
          default: try json.skip()
          }
        }
        guard let x = values["x"], let y = values["y"] else {
          file.places.decimals = decimals
          return file.report.addBadRow(line: line, "a point has no x and y")
        }
        let visibility: Joint.Visibility = values["is_visible"] == 0 ? .hidden : .visible
        points.append(
          (
            values["id"].flatMap { Int(exactly: $0) },
            Joint(
              name: "", position: Point(x, y), visibility: visibility, confidence: values["score"])
          ))
      }
    }
    return points
  }

  // MARK: Building

  private mutating func video() -> VideoAnnotations {
    let files = images.map { ImageFileName($0.name) }
    var numbers = files.compactMap(\.number)
    if numbers.count != files.count || Set(numbers).count != files.count {
      numbers = Array(files.indices)
      report.addNote("frames are the places in the list, counting from 0")
    }
    let first = numbers.min() ?? 0
    var video = VideoAnnotations(
      name: files.first.flatMap { ImageFileName.videoName(folder: $0.folder) },
      base: LabelFormats.safeBase(options.base) ?? first,
      quantum: LabelFormats.quantum(decimals: places.decimals),
      ontology: Ontology(categories: [
        Ontology.Category(name: Self.person, joints: Self.joints)
      ]))
    report.addNote("frames are counted from the file number \(video.base)")
    var annotated: [FrameIndex] = []
    var members: [[Instance]] = tracks.identities.map { _ in [] }
    var others: [Track] = []
    for (image, number) in zip(images, numbers) {
      let frame = number - video.base
      guard frame >= 0 else {
        for person in image.instances {
          report.addBadRow(
            line: Int(person.instance.line), "the image lies before the first frame")
        }
        continue
      }
      if image.isLabelled != false { annotated.append(frame) }
      if !image.name.isEmpty { video.imageNames[frame] = image.name }
      for (track, instance) in image.instances {
        var instance = instance
        instance.frame = frame
        if track >= 0 {
          members[Int(track)].append(instance)
        } else {
          others.append(
            Track(
              id: "#\(others.count + 1)", className: Self.person, isTracked: false,
              instances: [instance]))
        }
      }
      for region in image.regions {
        var region = region
        region.frame = frame
        others.append(
          Track(
            id: "#\(others.count + 1)", isTracked: false, instances: [region],
            attributes: Track.ignoredAttributes))
      }
    }
    video.annotated = AnnotatedFrames(annotated)
    video.tracks = zip(tracks.identities, members).map { identity, instances in
      Track(id: identity.spelling ?? "", className: Self.person, instances: instances)
    }
    video.tracks += others
    return video
  }
}
