import Timeline

/// Everything read from a YouTube-VIS file, before places in lists have become frames.
struct YouTubeVISFile {
  /// The frames of the listed files, which Continuity adds.
  static let framesKey = "frame_indices"
  /// The attributes of every listed frame, likewise.
  static let attributesKey = "frame_attributes"
  /// OVIS's key, and the attribute that keeps the level that is more than occluded.
  static let occlusionKey = "occlusion"
  /// OVIS's level for more than half of an object.
  static let severe = "severe_occlusion"
  /// OVIS's level for nothing of an object.
  static let unoccluded = "no_occlusion"

  private struct Video {
    var name: String?
    var width: Int?
    var height: Int?
    var length: Int?
    var frameRate: Double?
    var files: [String] = []
    var frames: [FrameIndex] = []
  }

  private struct Entry {
    var video: Int32
    var category: Int32
    var track: Track
    var line: Int
  }

  private struct TrackKey: Hashable {
    var video: Int32
    var id: String
  }

  private let options: ReadOptions
  private var places = COCOShapeReader()
  private var categories = COCOCategories()
  private var videoSlots = IdentitySlots()
  private var videos: [Int32: Video] = [:]
  private var entries: [Entry] = []
  private var ids: Set<TrackKey> = []
  private var pictureSize: (height: Int, width: Int)?
  private var isList = false
  private var hasOcclusion = false
  private var report = ReadReport()

  init(options: ReadOptions) { self.options = options }

  /// Reads a whole file.
  mutating func read(_ path: String) throws(LabelError) {
    var json = try JSONReader.open(path: path)
    switch try? json.kind() {
    case .array:
      isList = true
      try readList(&json) { file, json throws(LabelError) in try file.readTrack(&json) }
    case .object:
      var hasAnnotations = false
      guard try json.beginObject() else { return }
      while let key = try json.nextKey() {
        switch key {
        case "annotations":
          hasAnnotations = true
          try readList(&json) { file, json throws(LabelError) in try file.readTrack(&json) }
        case "videos":
          try readList(&json) { file, json throws(LabelError) in try file.readVideo(&json) }
        case "categories":
          try readList(&json) { file, json throws(LabelError) in
            try file.categories.read(&json)
          }
        default: try json.skip()
        }
      }
      // Validation and test sets come without annotations.
      guard hasAnnotations || !videos.isEmpty else { throw wrongFormat(path) }
    default: throw wrongFormat(path)
    }
  }

  private func wrongFormat(_ path: String) -> LabelError {
    LabelError(
      .wrongFormat, path: path,
      "there are neither videos nor annotations as YouTube-VIS has; name the right format")
  }

  private mutating func readList(
    _ json: inout JSONReader,
    _ body: (inout YouTubeVISFile, inout JSONReader) throws(LabelError) -> String?
  ) throws(LabelError) {
    guard try json.beginArray() else { return }
    while try json.nextElement() {
      _ = try json.kind()
      let line = json.line
      if let flaw = try body(&self, &json) { report.addBadRow(line: line, flaw) }
    }
  }

  private mutating func readVideo(_ json: inout JSONReader) throws(LabelError) -> String? {
    guard try json.beginObject() else { return "the video is no object" }
    var video = Video()
    var id = SourceIdentity.none
    while let key = try json.nextKey() {
      switch key {
      case "id": id = try json.identity()
      case "name": video.name = try json.string()
      case "width": video.width = COCOImages.size(try json.number())
      case "height": video.height = COCOImages.size(try json.number())
      case "length": video.length = COCOImages.frameCount(try json.number())
      case "fps":
        if let rate = try json.number(), rate > 0, rate <= 10_000 { video.frameRate = rate }
      case Self.framesKey:
        video.frames = try json.identities().compactMap {
          if case .number(let frame) = $0, (0...LabelFormats.maximumFrame).contains(frame) {
            frame
          } else {
            nil
          }
        }
      case "file_names":
        video.files = Array(try json.strings().prefix(LabelFormats.maximumFrame))
      default: try json.skip()
      }
    }
    if case .none = id { return "the video has no usable id" }
    let slot = videoSlots.slot(of: id)
    guard videos[slot] == nil else { return "a video before has the same id" }
    videos[slot] = video
    return nil
  }

  // MARK: Tracks

  private mutating func readTrack(_ json: inout JSONReader) throws(LabelError) -> String? {
    report.rowCount += 1
    let line = json.line
    guard try json.beginObject() else { return "the entry is no object" }
    var (id, video, category) = (SourceIdentity.none, SourceIdentity.none, SourceIdentity.none)
    var track = SourceIdentity.none
    var attributes: [String: String] = [:]
    var segmentations: [COCOShapeReader.Segmentation?] = []
    var boxes: [Box?] = []
    var occlusions: [String?] = []
    var scores: [Double?] = []
    var frameAttributes: [[String: String]?] = []
    var (score, trackScore): (Double?, Double?)
    var categoryName: String?
    var isCrowd = false
    while let key = try json.nextKey() {
      switch key {
      case "id": id = try json.identity()
      case "video_id": video = try json.identity()
      case "category_id": category = try json.identity()
      case "iscrowd": isCrowd = try json.boolean() ?? false
      case "score":
        score = try json.number()
      case ReservedAttribute.trackScore: trackScore = try json.number()
      case "scores": scores = try places.scores(&json)
      case "track_id": track = try json.identity()
      case COCOAnnotationReader.pictureSizeKey:
        pictureSize = try places.size(&json) ?? pictureSize
      case COCOAnnotationReader.categoryNameKey: categoryName = try json.string()
      case "attributes": attributes = try json.attributes()
      case Self.attributesKey:
        frameAttributes = try list(&json) { file, json throws(LabelError) in
          try json.attributes()
        }
      case "segmentations":
        segmentations = try list(&json) { file, json throws(LabelError) in
          try file.places.segmentation(&json)
        }
      case "bboxes":
        boxes = try list(&json) { file, json throws(LabelError) in try file.places.box(&json) }
      case Self.occlusionKey:
        occlusions = try list(&json) { file, json throws(LabelError) in try json.text() }
      default: try json.skip()
      }
    }
    if video == .none { return "there is no usable video_id" }
    if segmentations.isEmpty, boxes.isEmpty {
      return "there are neither segmentations nor bboxes"
    }
    if isCrowd { attributes[ReservedAttribute.ignore] = "true" }
    // Where instances have scores, the one of the track is only their mean.
    if let score = trackScore ?? (scores.isEmpty ? score : nil), score.isFinite {
      attributes[ReservedAttribute.trackScore] = JSONText.number(score)
    }
    if isList { categories.note(name: categoryName, joints: [], of: category) }
    var instances: [Instance] = []
    for place in 0..<max(segmentations.count, boxes.count) {
      let segmentation = place < segmentations.count ? segmentations[place] : nil
      let box = place < boxes.count ? boxes[place] : nil
      guard let shape = COCOShapeReader.shape(segmentation, box: box) else { continue }
      var instance = Instance(
        frame: place, shape: shape, origin: isList ? .model : options.origin,
        line: Int32(clamping: line))
      if place < occlusions.count, let level = occlusions[place] {
        hasOcclusion = true
        instance.visibility = level == Self.unoccluded ? .visible : .occluded
        if level == Self.severe { instance.attributes[Self.occlusionKey] = level }
      }
      if place < frameAttributes.count, let attributes = frameAttributes[place] {
        instance.attributes.merge(attributes) { own, _ in own }
      }
      if place < scores.count, let score = scores[place], score.isFinite {
        instance.confidence = score
      }
      instances.append(instance)
    }
    let spelling = track.spelling ?? id.spelling ?? String(report.rowCount)
    let videoSlot = videoSlots.slot(of: video)
    guard ids.insert(TrackKey(video: videoSlot, id: spelling)).inserted else {
      return "an entry before has the id \(spelling)"
    }
    entries.append(
      Entry(
        video: videoSlot, category: categories.slot(of: category),
        track: Track(id: spelling, instances: instances, attributes: attributes), line: line))
    return nil
  }

  // Reads one place a frame; a bad one costs no other.
  private mutating func list<Value>(
    _ json: inout JSONReader,
    _ body: (inout YouTubeVISFile, inout JSONReader) throws(LabelError) -> Value?
  ) throws(LabelError) -> [Value?] {
    var values: [Value?] = []
    guard try json.beginArray() else { return [] }
    while try json.nextElement() {
      _ = try json.kind()
      let line = json.line
      places.beginEntry()
      let value = try body(&self, &json)
      if let flaw = places.flaw { report.addBadRow(line: line, "frame \(values.count): \(flaw)") }
      guard values.count <= LabelFormats.maximumFrame else { continue }
      values.append(places.flaw == nil ? value : nil)
    }
    return values
  }

  // MARK: Building

  /// Builds the labels of all videos.
  mutating func dataset(path: String) throws(LabelError) -> Dataset {
    if report.rowCount > 0, entries.isEmpty {
      let first = report.badRows.first
      throw LabelError(
        .wrongFormat, path: path, line: first?.line,
        "no track can be used as YouTube-VIS (\(first?.reason ?? "")); name the right format")
    }
    var result: [VideoAnnotations] = []
    var frames: [[FrameIndex]] = []
    for slot in videoSlots.identities.indices {
      let (video, numbers) = labels(of: Int32(clamping: slot))
      result.append(video)
      frames.append(numbers)
    }
    var members: [[Track]] = result.map { _ in [] }
    for entry in entries {
      let video = Int(entry.video)
      guard videos.isEmpty || videos[entry.video] != nil else {
        report.addBadRow(
          line: entry.line,
          "the video \(videoSlots.identities[video].spelling ?? "") is not among the videos")
        continue
      }
      if let flaw = categories.flaw(of: entry.category) {
        report.addBadRow(line: entry.line, flaw)
        continue
      }
      var instances = entry.track.instances
      if !frames[video].isEmpty {
        let listed = frames[video].count
        let count = instances.count { $0.frame >= listed }
        if count > 0 {
          report.addBadRow(
            line: entry.line,
            "\(count) masks of track \(entry.track.id) lie behind the \(listed) listed frames")
          instances.removeAll { $0.frame >= listed }
        }
        for place in instances.indices {
          instances[place].frame = frames[video][instances[place].frame]
        }
        if let first = instances.first, first.frame < 0 {
          report.addBadRow(
            line: entry.line, "track \(entry.track.id) begins before the first frame")
          instances.removeAll { $0.frame < 0 }
        }
      }
      members[video].append(
        Track(
          id: entry.track.id, className: categories.name(of: entry.category),
          instances: instances, attributes: entry.track.attributes))
    }
    for video in result.indices { result[video].tracks = members[video] }
    return Dataset(
      format: isList ? YouTubeVISResults.id : YouTubeVIS.id,
      dialect: isList ? "list of results" : hasOcclusion ? "OVIS" : "labels",
      videos: isList
        ? result
        : result.enumerated().filter { videos.isEmpty || isListed($0.offset) }
          .map(\.element),
      report: report)
  }

  private func isListed(_ slot: Int) -> Bool { videos[Int32(clamping: slot)] != nil }

  private mutating func labels(
    of slot: Int32
  ) -> (video: VideoAnnotations, frames: [FrameIndex]) {
    let video = videos[slot]
    let files = (video?.files ?? []).map { ImageFileName($0) }
    let folder = files.first.flatMap { ImageFileName.videoName(folder: $0.folder) }
    var labels = VideoAnnotations(
      name: video?.name ?? folder ?? videoSlots.identities[Int(slot)].spelling,
      width: video?.width ?? pictureSize?.width, height: video?.height ?? pictureSize?.height,
      frameRate: video?.frameRate,
      quantum: LabelFormats.quantum(decimals: places.decimals),
      ontology: categories.ontology)
    let numbers = files.compactMap(\.number)
    let areRising =
      numbers.count == files.count && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    var frames = Array(files.indices)
    let listsEveryFrame =
      options.video(named: labels.name)?.frameCount == files.count
      && (numbers.last ?? 0) > files.count
    if let stated = video?.frames, !stated.isEmpty, stated.count == files.count {
      frames = stated
    } else if areRising, !listsEveryFrame, let first = numbers.first {
      labels.base = LabelFormats.safeBase(options.base) ?? (first == 1 ? 1 : 0)
      frames = numbers.map { $0 - labels.base }
      report.addNote(
        "frames are numbered by the names of the files, counting from \(labels.base)")
    } else {
      labels.frameCount = video?.length
      report.addNote("frames are the places in the lists, counting from 0")
    }
    if !frames.isEmpty { labels.annotated = AnnotatedFrames(frames.filter { $0 >= 0 }) }
    for (frame, name) in zip(frames, video?.files ?? []) where frame >= 0 {
      labels.imageNames[frame] = name
    }
    return (labels, frames)
  }
}
