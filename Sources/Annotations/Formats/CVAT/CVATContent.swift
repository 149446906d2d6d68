import Timeline

/// What a CVAT file holds, as it is gathered, and how it becomes a dataset.
struct CVATContent {
  /// The head of the file.
  var meta = CVATMeta()
  /// Rows, bad rows and notes.
  var report = ReadReport()
  /// The version the file states; empty where it does not.
  var version = ""
  /// Tags of frames, which belong to no object.
  var tagCount = 0
  /// Attributes of single joints, which are not kept.
  var jointAttributeCount = 0
  /// Cuboids, of which the outline is kept.
  var cuboidCount = 0

  /// The images of one task in a "CVAT for images" file.
  struct Images {
    var frames: Set<Int> = []
    var sizes: Set<[Int]> = []
  }

  let options: ReadOptions
  private(set) var tracks: [CVATTrack] = []
  private(set) var images: [String: Images] = [:]
  private(set) var isEveryShapeKeyFrame = true
  private(set) var nodesByClass: [String: [String]] = [:]
  private(set) var classNames: [String] = []
  private var fixedNames: [String: Set<String>] = [:]
  private var knownClasses: Set<String> = []
  private var imageTracks: [[String]: Int] = [:]
  private var unknownElements: [String: Int] = [:]
  private var unlabelledCount = 0
  private var missingIDCount = 0

  /// Creates an empty content.
  init(options: ReadOptions) { self.options = options }

  /// The meta data is complete: classes, joints and fixed attributes are known from here on.
  mutating func finishMeta() {
    meta.finish()
    fixedNames = meta.immutableAttributes
    for category in meta.ontology.categories {
      noteClass(category.name)
      if !category.joints.isEmpty { nodesByClass[category.name] = category.joints }
    }
  }

  /// Starts a track; a missing id becomes the place in the file, as CVAT itself counts.
  mutating func newTrack(
    id: String?, label: String?, taskID: String?, source: String?
  ) -> CVATTrack {
    if label == nil { unlabelledCount += 1 }
    if id == nil { missingIDCount += 1 }
    noteClass(label ?? "")
    return CVATTrack(
      id: id ?? String(tracks.count), className: label ?? "", isTracked: true,
      taskID: taskID ?? "", origin: origin(of: source),
      fixedNames: fixedNames[label ?? ""] ?? [])
  }

  /// Adds a track that has ended.
  mutating func add(_ track: CVATTrack) {
    var track = track
    for line in track.finish(nodes: nodes(of: track.className)) {
      addBadRow(line, "skeleton: there are no joints")
    }
    track.close()
    tracks.append(track)
  }

  /// Adds a shape of an image: to its track where it names one, else as an object of its own.
  mutating func addImageShape(
    _ shape: CVATOpenShape, taskID: String, number: Int, nodes: [String]
  ) {
    noteClass(shape.label)
    let trackID = shape.attributes.first { $0.name == "track_id" }?.value
    let key = trackID.map { [taskID, shape.label, $0] }
    var index = tracks.count
    if let key, let known = imageTracks[key] {
      index = known
    } else {
      tracks.append(
        CVATTrack(
          id: trackID ?? "\(shape.head.frame)/\(number)", className: shape.label,
          isTracked: trackID != nil, taskID: taskID, origin: shape.origin,
          fixedNames: fixedNames[shape.label] ?? []))
      if let key { imageTracks[key] = index }
    }
    tracks[index].add(shape, nodes: nodes)
    if trackID == nil { tracks[index].close() }
  }

  /// Lets go of a track that was handed on.
  mutating func release(_ index: Int) {
    tracks[index] = CVATTrack(
      id: "", className: "", isTracked: false, taskID: "", origin: .unknown, fixedNames: [])
  }

  /// Notes an image.
  mutating func addImage(frame: Int, taskID: String, width: Int?, height: Int?) {
    images[taskID, default: Images()].frames.insert(frame)
    if let width, let height, width > 0, height > 0 {
      images[taskID]?.sizes.insert([width, height])
    }
  }

  /// Notes whether a shape of a track is a key frame.
  mutating func countKeyFrame(_ isKeyFrame: Bool?) {
    if isKeyFrame != true { isEveryShapeKeyFrame = false }
  }

  /// Notes a joint, which the meta data may not have named.
  mutating func noteNode(_ name: String, of className: String) {
    if nodesByClass[className]?.contains(name) != true {
      nodesByClass[className, default: []].append(name)
    }
  }

  /// The joints of a class.
  func nodes(of className: String) -> [String] { nodesByClass[className] ?? [] }

  /// Counts an element that CVAT does not write.
  mutating func countUnknown(_ name: String) {
    let isNew = unknownElements[name] == nil
    unknownElements[isNew && unknownElements.count >= 20 ? "..." : name, default: 0] += 1
  }

  /// Counts a bad row.
  mutating func addBadRow(_ line: Int, _ reason: String) {
    report.addBadRow(line: line, reason)
  }

  /// Who made the key frames of a track or the shapes of an image.
  func origin(of source: String?) -> Origin {
    switch source {
    case "manual": .human
    case "auto": .model
    case "semi-auto": .tracked
    case "file": .imported
    case nil: options.kind == .labels ? .human : .model
    default: .unknown
    }
  }

  private mutating func noteClass(_ name: String) {
    if knownClasses.insert(name).inserted { classNames.append(name) }
  }
}

extension CVATContent {
  /// One sentence for everything that is not as the file says or not kept.
  func notes() -> [String] {
    func count(_ number: Int, _ one: String, _ many: String) -> String? {
      number == 0 ? nil : number == 1 ? one : "\(number) \(many)"
    }
    var notes: [String?] = []
    if !version.isEmpty, version != "1.1" {
      notes.append("the file states version \(version) and was read as 1.1")
    }
    notes.append(count(unlabelledCount, "a track has no label", "tracks have no label"))
    notes.append(
      count(missingIDCount, "a track has no id", "tracks have no id").map {
        $0 + " and goes by its place in the file"
      })
    notes.append(
      count(
        tracks.count(where: \.breaksFixedAttributes), "a track changes", "tracks change"
      ).map { $0 + " attributes that are declared immutable; the changes are kept by frame" })
    notes.append(
      count(cuboidCount, "a cuboid is", "cuboids are").map {
        $0 + " kept as the outline of the corners"
      })
    notes.append(
      count(jointAttributeCount, "an attribute of a joint is", "attributes of joints are").map {
        $0 + " not kept"
      })
    notes.append(
      count(tagCount, "a tag of a frame is", "tags of frames are").map {
        $0 + " not kept: no object belongs to a tag"
      })
    for (name, number) in unknownElements.sorted(by: { $0.key < $1.key }) {
      notes.append("\(number) <\(name)> \(number == 1 ? "is" : "are") unknown and was left out")
    }
    return notes.compactMap(\.self)
  }
}
