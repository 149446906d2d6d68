import Timeline

/// What a CVAT file holds, as it is gathered, and how it becomes a dataset.
struct CVATContent {
  /// The head of the file.
  var meta = CVATMeta()
  /// Rows, bad rows and notes.
  var report = ReadReport()
  /// Whether tracks are known to hold key frames only.
  var holdsKeyFramesOnly = false
  /// The version the file states; empty where it does not.
  var version = ""

  /// The images of one task in a "CVAT for images" file.
  struct Images {
    var frames: Set<Int> = []
    var sizes: Set<[Int]> = []
    /// The names that are not what CVAT calls the frames of a video.
    var names: [Int: String] = [:]
  }

  let options: ReadOptions
  private(set) var tracks: [CVATTrack] = []
  private(set) var images: [String: Images] = [:]
  private(set) var tags: [String: [CVATTag]] = [:]
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
    id: String?, label: String?, taskID: String?, source: String?, group: String,
    isTracked: Bool = true
  ) -> CVATTrack {
    if label == nil { unlabelledCount += 1 }
    if id == nil { missingIDCount += 1 }
    noteClass(label ?? "")
    return CVATTrack(
      id: id ?? String(tracks.count), className: label ?? "", isTracked: isTracked,
      taskID: taskID ?? "", origin: origin(of: source),
      fixedNames: fixedNames[label ?? ""] ?? [], group: group)
  }

  /// Adds a tag of a frame.
  mutating func add(_ tag: CVATTag) {
    noteClass(tag.label)
    tags[tag.taskID, default: []].append(tag)
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
    var shape = shape
    let trackID = shape.attributes.first { $0.name == CVATVideo.trackID }?.value
    shape.attributes.removeAll { $0.name == CVATVideo.trackID }
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

  /// Joins the tracks that an attribute says are one object, as ``CVATVideoWriter`` writes them.
  ///
  /// The attribute is believed where no two of its tracks have a shape in one frame; else it is one
  /// that somebody calls the same and means something else by.
  mutating func joinPieces() {
    var groups: [[String]: [Int]] = [:]
    for (index, track) in tracks.enumerated() {
      guard let id = track.attributes[CVATVideo.trackID], !id.isEmpty else { continue }
      groups[[track.taskID, track.className, id], default: []].append(index)
    }
    guard !groups.isEmpty else { return }
    var joined: Set<Int> = []
    for places in groups.values {
      var frames: Set<FrameIndex> = []
      let isOneObject =
        places.count == 1
        || places.allSatisfy { place in
          tracks[place].instances.allSatisfy { frames.insert($0.frame).inserted }
        }
      guard isOneObject, let first = places.first else { continue }
      for place in places.dropFirst() {
        tracks[first].join(tracks[place])
        release(place)
        joined.insert(place)
      }
      tracks[first].adoptID()
      tracks[first].close()
    }
    guard !joined.isEmpty else { return }
    var kept: [CVATTrack] = []
    for index in tracks.indices where !joined.contains(index) {
      kept.append(tracks[index])
      release(index)
    }
    tracks = kept
  }

  /// Notes an image.
  mutating func addImage(frame: Int, taskID: String, name: String?, width: Int?, height: Int?) {
    images[taskID, default: Images()].frames.insert(frame)
    if let name, name != CVATImages.name(of: frame) { images[taskID]?.names[frame] = name }
    if let width, let height, width > 0, height > 0 {
      images[taskID]?.sizes.insert([width, height])
    }
  }

  /// Notes whether a shape of a track is a key frame.
  mutating func countKeyFrame(_ isKeyFrame: Bool?) {
    if isKeyFrame != true { isEveryShapeKeyFrame = false }
  }

  /// Notes a joint, which the meta data may not have named.
  ///
  /// Every skeleton has an entry for every joint of its class, so their number is limited.
  mutating func noteNode(_ name: String, of className: String) throws(CVATValueError) {
    let known = nodes(of: className)
    guard !known.contains(name) else { return }
    guard known.count < CVATContent.nodeLimit else {
      throw CVATValueError(reason: "the class has more than \(CVATContent.nodeLimit) joints")
    }
    nodesByClass[className, default: []].append(name)
  }

  /// More joints than any skeleton has; whole-body poses have 133.
  private static let nodeLimit = 1000

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
    for (name, number) in unknownElements.sorted(by: { $0.key < $1.key }) {
      notes.append(
        number == 1
          ? "an element <\(name)> is unknown and was left out"
          : "\(number) elements <\(name)> are unknown and were left out")
    }
    return notes.compactMap(\.self)
  }
}
