import Foundation
import Timeline

/// Everything read from a COCO file, before images have become frames.
struct COCOFile {
  // Places in the tables of images, tracks and classes; -1 is none.
  private struct Record {
    var instance: Instance
    // A number, -1 for none, and below that a text: -2 is the first one in `textIDs`.
    var id: Int
    var image: Int32
    var track: Int32
    var category: Int32
  }

  private struct TrackKey: Hashable {
    var video: Int32
    var track: Int32
  }

  private var images = COCOImages()
  private var records: [Record] = []
  private var reader: COCOAnnotationReader
  private var numberIDs: Set<Int> = []
  private var textIDs = IdentitySlots()
  private var hasIDs = false
  private var repeatedIDs = 0
  private var tracks = IdentitySlots()
  private var categories = COCOCategories()
  private var trackAttributes: [TrackKey: [String: String]] = [:]
  private var isList = false
  private var report = ReadReport()
  private let options: ReadOptions
  private let flavour: Flavour

  /// Whose habits the file has.
  enum Flavour {
    case coco
    case poseTrack
  }

  init(options: ReadOptions, flavour: Flavour = .coco) {
    self.options = options
    self.flavour = flavour
    reader = COCOAnnotationReader(
      origin: options.origin, flags: flavour == .poseTrack ? .poseTrack : .coco)
    images.areFilesFromZero = flavour == .poseTrack
  }

  /// Reads a whole file.
  mutating func read(_ path: String) throws(LabelError) {
    var json = try JSONReader.open(path: path)
    // Untouched room costs nothing, growing by copies does; an entry takes about 100 bytes of text.
    records.reserveCapacity(min(LabelFormats.size(of: path) / 100, 2_000_000))
    // What is no JSON from its first byte on was never damaged: it is something else.
    let kind = try? json.kind()
    switch kind {
    case .array:
      isList = true
      reader.areResults = true
      try readList(&json) { file, json throws(LabelError) in try file.readAnnotation(&json) }
    case .object:
      var hasAnnotations = false
      guard try json.beginObject() else { return }
      while let key = try json.nextKey() {
        switch key {
        case "annotations":
          hasAnnotations = try json.kind() == .array
          try readList(&json) { file, json throws(LabelError) in try file.readAnnotation(&json) }
        case "tracks":
          try readList(&json) { file, json throws(LabelError) in try file.readTrack(&json) }
        case "images":
          try readList(&json) { file, json throws(LabelError) in
            try file.images.readImage(&json)
          }
        case "videos":
          try readList(&json) { file, json throws(LabelError) in
            try file.images.readVideo(&json)
          }
        case "categories":
          try readList(&json) { file, json throws(LabelError) in
            try file.categories.read(&json)
          }
        default: try json.skip()
        }
      }
      guard hasAnnotations else {
        throw LabelError(
          .wrongFormat, path: path,
          "there is no list called annotations as COCO has; name the right format")
      }
    default:
      throw LabelError(
        .wrongFormat, path: path, line: 1, "this is no JSON as COCO is; name the right format")
    }
  }

  private mutating func readList(
    _ json: inout JSONReader,
    _ body: (inout COCOFile, inout JSONReader) throws(LabelError) -> String?
  ) throws(LabelError) {
    guard try json.beginArray() else { return }
    while try json.nextElement() {
      _ = try json.kind()
      let line = json.line
      if let flaw = try body(&self, &json) { report.addBadRow(line: line, flaw) }
    }
  }

  private mutating func readAnnotation(_ json: inout JSONReader) throws(LabelError) -> String? {
    report.rowCount += 1
    if let flaw = try reader.read(&json) {
      return reader.id.spelling.map { "annotation \($0): \(flaw)" } ?? flaw
    }
    if isList {
      categories.note(
        name: reader.categoryName, joints: reader.jointNames, of: reader.category)
    }
    if reader.isFromCVAT { images.areFromCVAT = true }
    let id = newID(reader.id)
    records.append(
      Record(
        instance: reader.instance, id: id, image: images.slot(of: reader.image),
        track: reader.track == .none ? -1 : tracks.slot(of: reader.track),
        category: categories.slot(of: reader.category)))
    return nil
  }

  // TAO lists its tracks, but says nothing of them that annotations do not; Continuity does.
  private mutating func readTrack(_ json: inout JSONReader) throws(LabelError) -> String? {
    guard try json.beginObject() else { return "the track is no object" }
    var (id, video) = (SourceIdentity.none, SourceIdentity.none)
    var attributes: [String: String] = [:]
    while let key = try json.nextKey() {
      switch key {
      case "id": id = try json.identity()
      case "video_id": video = try json.identity()
      case "attributes": attributes = try json.attributes()
      default: try json.skip()
      }
    }
    if let spelled = attributes.removeValue(forKey: "track_id") { id = .text(spelled) }
    guard !attributes.isEmpty, id != .none else { return nil }
    let key = TrackKey(video: images.videoSlot(of: video), track: tracks.slot(of: id))
    trackAttributes[key] = attributes
    return nil
  }

  // An id that was there before is none: it would name two annotations.
  private mutating func newID(_ identity: SourceIdentity) -> Int {
    var isNew = true
    var id = -1
    switch identity {
    case .number(let number) where number >= 0:
      isNew = numberIDs.insert(number).inserted
      id = number
    case .text:
      isNew = textIDs.knownSlot(of: identity) == nil
      id = -2 - Int(textIDs.slot(of: identity))
    case .number, .none: return -1
    }
    hasIDs = true
    if isNew { return id }
    repeatedIDs += 1
    return -1
  }
}

// MARK: - Building

extension COCOFile {
  /// Builds the labels of all videos.
  mutating func dataset(path: String) throws(LabelError) -> Dataset {
    if report.rowCount > 0, records.isEmpty, images.ignoredRegions.isEmpty {
      let first = report.badRows.first
      throw LabelError(
        .wrongFormat, path: path, line: first?.line,
        "no annotation can be used as COCO (\(first?.reason ?? "")); name the right format")
    }
    if repeatedIDs > 0 {
      report.addNote(
        "\(repeatedIDs) annotations repeat an id; they are read as annotations of their own")
    }
    if reader.coveredCount > 0 {
      report.addNote(
        "\(reader.coveredCount) annotations have a box or a segmentation besides their keypoints;"
          + " the keypoints were taken")
    }
    if isList { images.listIdentities() }
    var notes: [String] = []
    var videos = images.arrange(options, areResults: isList, notes: &notes)
    for note in notes { report.addNote(note) }
    let ontology = categories.ontology
    for video in videos.indices {
      videos[video].ontology = ontology
      videos[video].quantum = LabelFormats.quantum(decimals: reader.decimals)
      if isList, let size = reader.pictureSize {
        (videos[video].height, videos[video].width) = (size.height, size.width)
      }
      videos[video].ranges = classRanges(ofGroup: video, in: videos[video])
    }
    let dialect = isList ? "list of results" : dialectName(videos)
    numberIDs = []
    addIgnoredRegions()
    addTracks(to: &videos)
    return Dataset(format: formatID, dialect: dialect, videos: videos, report: report)
  }

  private var formatID: String {
    flavour == .poseTrack ? PoseTrack.id : isList ? COCOResults.id : COCO.id
  }

  // TAO says of which classes nothing is in a video, and of which not all: missing labels of the
  // second kind are no errors, so that rules must be able to see it.
  private func classRanges(ofGroup group: Int, in video: VideoAnnotations) -> [RangeLabel] {
    guard let listed = images.listedVideo(ofGroup: group) else { return [] }
    return ClassStatement.ranges(
      absent: listed.absentClasses.compactMap { categories.name(of: $0) },
      partlyLabelled: listed.partlyLabelledClasses.compactMap { categories.name(of: $0) },
      in: video) + listed.ranges
  }

  private mutating func addIgnoredRegions() {
    for region in images.ignoredRegions {
      let instance = Instance(
        frame: 0, shape: .polygon(Polygon(region.ring)), origin: reader.origin,
        attributes: Track.ignoredAttributes, line: region.line)
      records.append(
        Record(instance: instance, id: -1, image: region.image, track: -1, category: -1))
    }
  }

  private func dialectName(_ videos: [VideoAnnotations]) -> String {
    if flavour == .poseTrack { return reader.havePersons ? "PoseTrack 21" : "PoseTrack 18" }
    let statements = [ClassStatement.absent, ClassStatement.partlyLabelled]
    if videos.contains(where: { $0.ranges.contains { statements.contains($0.name) } }) {
      return "TAO"
    }
    if images.areFromCVAT, !images.images.contains(where: { $0.frameID >= 0 }) {
      return "CVAT or Datumaro, with attributes"
    }
    if !tracks.identities.isEmpty || images.images.contains(where: { $0.video >= 0 }) {
      return "COCO-VID"
    }
    return categories.haveJoints ? "keypoints" : "detection"
  }

  private mutating func addTracks(to videos: inout [VideoAnnotations]) {
    // Every place of a record in its track, in the order in which tracks are first named.
    var places: [Int64: Int32] = [:]
    var members: [Int32] = []
    var sizes: [Int32] = []
    for place in records.indices {
      let image = images.images[Int(records[place].image)]
      if let flaw = flaw(of: records[place]) {
        let id = spelling(of: records[place].id).map { "annotation \($0): " } ?? ""
        report.addBadRow(line: Int(records[place].instance.line), id + flaw)
        members.append(-1)
        continue
      }
      records[place].instance.frame = Int(image.frame)
      let next = Int32(clamping: sizes.count)
      var track = next
      if records[place].track >= 0 {
        let key = Int64(image.group) << 32 | Int64(records[place].track)
        if let known = places[key] { track = known } else { places[key] = next }
      }
      if track == next { sizes.append(0) }
      sizes[Int(track)] += 1
      members.append(track)
    }
    var starts: [Int32] = [0]
    for size in sizes { starts.append((starts.last ?? 0) + size) }
    var order = [Int32](repeating: 0, count: Int(starts.last ?? 0))
    var next = starts
    for (place, track) in members.enumerated() where track >= 0 {
      order[Int(next[Int(track)])] = Int32(clamping: place)
      next[Int(track)] += 1
    }
    var maker = ClassedTracks()
    for track in sizes.indices {
      let places = order[Int(starts[track])..<Int(starts[track + 1])]
      guard let first = places.first else { continue }
      let group = Int(images.images[Int(records[Int(first)].image)].group)
      videos[group].tracks += makeTracks(places, first: Int(first), &maker)
    }
    maker.note(in: &report)
  }

  // What the rest of the file says against an annotation; a file need not list its categories.
  private func flaw(of record: Record) -> String? {
    let image = images.images[Int(record.image)]
    guard image.group >= 0, image.frame >= 0 else {
      let id = images.slots.identities[Int(record.image)].spelling ?? ""
      return image.group < 0
        ? "the image \(id) is not among the images"
        : "the image \(id) lies before the first frame"
    }
    return categories.flaw(of: record.category)
  }

  private func makeTracks(
    _ places: ArraySlice<Int32>, first: Int, _ maker: inout ClassedTracks
  ) -> [Track] {
    var instances: [Instance] = []
    instances.reserveCapacity(places.count)
    for place in places {
      let record = records[Int(place)]
      var instance = record.instance
      if case .skeleton(let skeleton) = instance.shape {
        instance.shape = .skeleton(named(skeleton, record.category))
      }
      instances.append(instance)
    }
    let slot = records[first].track
    let id = slot >= 0 ? tracks.identities[Int(slot)].spelling : nil
    var tracks = maker.tracks(
      id: id ?? freeID(records[first], first), isTracked: slot >= 0, instances: instances,
      classes: places.map { records[Int($0)].category }
    ) { categories.name(of: $0) }
    if !trackAttributes.isEmpty, slot >= 0 {
      let group = images.images[Int(records[first].image)].group
      let key = TrackKey(video: images.video(ofGroup: group), track: slot)
      for track in tracks.indices {
        tracks[track].attributes.merge(trackAttributes[key] ?? [:]) { a, _ in a }
      }
    }
    if reader.havePersons { for track in tracks.indices { hoistPerson(&tracks[track]) } }
    return tracks
  }

  // PoseTrack 21 gives every annotation of a track the same person over all videos.
  private func hoistPerson(_ track: inout Track) {
    let key = COCOAnnotationReader.person
    guard let person = track.instances.first?.attributes[key],
      track.instances.allSatisfy({ $0.attributes[key] == person })
    else { return }
    var instances = track.instances
    for place in instances.indices { instances[place].attributes[key] = nil }
    track = Track(
      id: track.id, className: track.className, isTracked: track.isTracked, instances: instances,
      absences: track.absences, attributes: track.attributes.merging([key: person]) { a, _ in a })
  }

  // `#ID` of the annotation, or where it has none, or not for itself, `#` and its place from 1.
  private func freeID(_ record: Record, _ place: Int) -> String {
    var id =
      spelling(of: record.id).map { "#" + $0 } ?? (hasIDs ? "##" : "#") + String(place + 1)
    while tracks.contains(spelling: id) { id = "#" + id }
    return id
  }

  private func spelling(of id: Int) -> String? {
    switch id {
    case 0...: String(id)
    case -1: nil
    default: textIDs.identities[-2 - id].spelling
    }
  }

  private func named(_ skeleton: Skeleton, _ category: Int32) -> Skeleton {
    let names = categories.joints(of: category)
    var skeleton = skeleton
    for place in skeleton.joints.indices {
      skeleton.joints[place].name = place < names.count ? names[place] : String(place)
    }
    return skeleton
  }
}
