import Timeline

/// Reads a file of sequences, one at a time.
struct BURSTFile {
  // What one frame says of one track; the text of the mask waits for the size of the sequence.
  private struct Entry {
    var track: Int32
    var place: Int
    var runs: [UInt8]?
    var box: Box?
    var point: Point?
    var isDrawn: Bool?
    var score: Double?
    var origin: Origin?
    var line: Int
  }

  private struct Sequence {
    var id = SourceIdentity.none
    var name: String?
    var collection: String?
    var width: Int?
    var height: Int?
    var frameRate: Double?
    var files: [String] = []
    var annotatedFiles: [String] = []
    var absent: [SourceIdentity] = []
    var partlyLabelled: [SourceIdentity] = []
    var ranges: [RangeLabel] = []
    var classes: [Int32: Int32] = [:]
    var tracks = IdentitySlots()
    var entries: [Entry] = []
  }

  private let options: ReadOptions
  private var places = COCOShapeReader()
  private var categories = COCOCategories()
  // The tracks wait for the names of their classes, which may stand behind the sequences.
  private var sequences: [(video: VideoAnnotations, sequence: Sequence, [[Instance]])] = []
  private var report = ReadReport()

  init(options: ReadOptions) { self.options = options }

  /// Reads a whole file.
  mutating func read(_ path: String) throws(LabelError) -> Dataset {
    var json = try JSONReader.open(path: path)
    let isObject = (try? json.kind()) == .object
    var hasSequences = false
    if isObject, try json.beginObject() {
      while let key = try json.nextKey() {
        switch key {
        case "sequences":
          hasSequences = try json.kind() == .array
          guard try json.beginArray() else { continue }
          while try json.nextElement() { try readSequence(&json) }
        case "categories":
          guard try json.beginArray() else { continue }
          while try json.nextElement() {
            let line = json.line
            if let flaw = try categories.read(&json) { report.addBadRow(line: line, flaw) }
          }
        default: try json.skip()
        }
      }
    }
    guard hasSequences else {
      throw LabelError(
        .wrongFormat, path: path,
        "there is no list called sequences as BURST has; name the right format")
    }
    return dataset()
  }

  // MARK: Reading

  private mutating func readSequence(_ json: inout JSONReader) throws(LabelError) {
    _ = try json.kind()
    let line = json.line
    guard try json.beginObject() else {
      return report.addBadRow(line: line, "the sequence is no object")
    }
    var sequence = Sequence()
    while let key = try json.nextKey() {
      switch key {
      case "id": sequence.id = try json.identity()
      case "seq_name": sequence.name = try json.string()
      case "dataset": sequence.collection = try json.string()
      case "width": sequence.width = COCOImages.size(try json.number())
      case "height": sequence.height = COCOImages.size(try json.number())
      case "fps":
        if let rate = try json.number(), rate > 0, rate <= 10_000 { sequence.frameRate = rate }
      case "all_image_paths": sequence.files = try json.strings()
      case "annotated_image_paths": sequence.annotatedFiles = try json.strings()
      case "neg_category_ids": sequence.absent = try json.identities()
      case "not_exhaustive_category_ids": sequence.partlyLabelled = try json.identities()
      case LabelRangeText.key: sequence.ranges = try LabelRangeText.read(&json)
      case "track_category_ids":
        guard try json.beginObject() else { continue }
        while let track = try json.nextKey() {
          let slot = sequence.tracks.slot(of: .text(track))
          sequence.classes[slot] = categories.slot(of: try json.identity())
        }
      case "segmentations":
        guard try json.beginArray() else { continue }
        var place = 0
        while try json.nextElement() {
          try readFrame(&json, place, &sequence)
          place += 1
        }
      default: try json.skip()
      }
    }
    addSequence(sequence, line: line)
  }

  private mutating func readFrame(
    _ json: inout JSONReader, _ place: Int, _ sequence: inout Sequence
  ) throws(LabelError) {
    guard try json.beginObject() else { return }
    while let track = try json.nextKey() {
      report.rowCount += 1
      _ = try json.kind()
      let line = json.line
      var entry = Entry(
        track: sequence.tracks.slot(of: .text(track)), place: place, line: line)
      places.beginEntry()
      guard try json.beginObject() else {
        report.addBadRow(line: line, "the entry of track \(track) is no object")
        continue
      }
      while let key = try json.nextKey() {
        switch key {
        case "rle": entry.runs = try json.withString { Array($0) }
        case "is_gt": entry.isDrawn = try json.boolean()
        case "source": entry.origin = try json.string().flatMap { Origin(rawValue: $0) }
        case "score":
          if let score = try json.number(), score.isFinite { entry.score = score }
        case "bbox": entry.box = try places.box(&json)
        case "point":
          let point = try places.list(&json, "point")
          if point.count == 2 { entry.point = Point(point[0], point[1]) }
        default: try json.skip()
        }
      }
      if let flaw = places.flaw {
        report.addBadRow(line: line, flaw)
      } else {
        sequence.entries.append(entry)
      }
    }
  }

  // MARK: Building

  private mutating func addSequence(_ sequence: Sequence, line: Int) {
    var sequence = sequence
    var video = VideoAnnotations(
      name: sequence.name.map { name in
        (sequence.collection ?? "").isEmpty ? name : "\(sequence.collection ?? "")/\(name)"
      } ?? sequence.id.spelling,
      width: sequence.width, height: sequence.height,
      frameCount: sequence.files.isEmpty ? nil : sequence.files.count,
      frameRate: sequence.frameRate)
    let frames = frames(of: &sequence, &video)
    video.annotated = AnnotatedFrames(frames.filter { $0 >= 0 })
    for (place, name) in sequence.files.enumerated() where place >= video.base {
      video.imageNames[place - video.base] = name
    }
    for (frame, name) in zip(frames, sequence.annotatedFiles) where frame >= 0 {
      video.imageNames[frame] = name
    }
    var instances: [[Instance]] = sequence.tracks.identities.map { _ in [] }
    for entry in sequence.entries {
      guard entry.place < frames.count, frames[entry.place] >= 0 else {
        report.addBadRow(
          line: entry.line, "frame \(entry.place) is not among the annotated_image_paths")
        continue
      }
      guard let shape = shape(of: entry, sequence) else { continue }
      // Of a mask that a person drew the score says nothing.
      let isScored = entry.origin != nil || entry.isDrawn != true
      instances[Int(entry.track)].append(
        Instance(
          frame: frames[entry.place], shape: shape,
          origin: entry.origin ?? entry.isDrawn.map { $0 ? .human : .model } ?? options.origin,
          confidence: isScored ? entry.score : nil,
          line: Int32(clamping: entry.line)))
    }
    sequence.entries = []
    sequence.annotatedFiles = []
    sequence.files = []
    sequences.append((video, sequence, instances))
  }

  private mutating func frames(
    of sequence: inout Sequence, _ video: inout VideoAnnotations
  ) -> [FrameIndex] {
    var places: [String: Int] = [:]
    for (place, file) in sequence.files.enumerated() where places[file] == nil {
      places[file] = place
    }
    let known = sequence.annotatedFiles.map { places[$0] }
    if known.allSatisfy({ $0 != nil }) {
      video.base = LabelFormats.safeBase(options.base) ?? 0
      return known.compactMap { $0.map { $0 - video.base } }
    }
    // Places among the files would then be no frames.
    sequence.files = []
    report.addNote("some annotated frames are not among all_image_paths; their file names count")
    video.base = LabelFormats.safeBase(options.base) ?? 1
    return sequence.annotatedFiles.map { name in
      ImageFileName(name).number.map { $0 - video.base } ?? -1
    }
  }

  private mutating func shape(of entry: Entry, _ sequence: Sequence) -> Shape? {
    guard let runs = entry.runs else {
      if let box = entry.box { return .box(box) }
      if let point = entry.point { return .points([point]) }
      report.addBadRow(line: entry.line, "there is neither rle, bbox nor point")
      return nil
    }
    guard let width = sequence.width, let height = sequence.height else {
      report.addBadRow(line: entry.line, "the sequence has no size for its masks")
      return nil
    }
    places.beginEntry()
    guard let mask = places.mask(compressed: runs, width: width, height: height) else {
      report.addBadRow(line: entry.line, places.flaw ?? "")
      return nil
    }
    return .mask(mask)
  }

  private mutating func dataset() -> Dataset {
    let videos = sequences.map { video, sequence, instances in
      var video = video
      video.ontology = categories.ontology
      video.ranges =
        ClassStatement.ranges(
          absent: sequence.absent.compactMap { categories.name(of: $0) },
          partlyLabelled: sequence.partlyLabelled.compactMap { categories.name(of: $0) }, in: video)
        + sequence.ranges
      video.tracks = instances.enumerated().map { slot, instances in
        Track(
          id: sequence.tracks.identities[slot].spelling ?? "",
          className: categories.name(of: sequence.classes[Int32(clamping: slot)] ?? -1),
          instances: instances)
      }
      return video
    }
    return Dataset(format: BURST.id, videos: videos, report: report)
  }
}
