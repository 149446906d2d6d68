public import Foundation
import Timeline

/// COCO's JSON and what grew around it: detection, keypoints, COCO-VID, CVAT's and Datumaro's
/// attributes, and bare lists of results.
///
/// - Frames are numbered by `frame_id` or `frame_index` (from 0), else by the number at the end of
///   `file_name`, else by the order of the images; ``ReadOptions/base`` overrules the first number.
/// - Images are put into videos by `video_id`, else by the folder of `file_name`, and within one
///   folder by what stands before the number where numbers would clash.
/// - The frames listed in `images` are the annotated ones.
/// - An object over time is known by `track_id` or `instance_id`, also within `attributes`; without
///   one, or with -1, an annotation is a track of one instance with the id `#ID`.
/// - An annotation with a labelled joint is a skeleton; else its mask or polygon counts, else its
///   box, turned where CVAT gives a `rotation`. A polygon of just the four corners of the box is a
///   box.
/// - `iscrowd` annotations are kept with the attribute `ignore` = `true`; see ``Track/isIgnored``.
/// - An annotation whose class differs from most of its track has its own ``Instance/className``;
///   ids that count class by class become one track a class.
/// - In a bare list, `image_id` is the number of the frame, or a text that ends in it.
///
/// COCO cannot carry: absence that is declared, key frames and their interpolation (other than
/// CVAT's flag), holes in polygons, lines, points and ellipses, and who made an annotation.
public enum COCO: LabelFormat {
  /// The id on the command line.
  public static let id = "coco"
  /// One line for the list of formats.
  public static let summary = "COCO JSON: detection, keypoints, COCO-VID, CVAT's, and results"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From frame_id or frame_index, else from the number in file_name, else the order.",
    traps: [
      "The frames listed in images are the annotated ones.",
      "Masks run column by column; a mask written row by row reads as garbage.",
      "A polygon's rings are parts: COCO has no holes.",
    ])

  /// Tells whether a file is JSON and has the keys of COCO near its beginning.
  public static func matches(head: Data, path: String) -> Bool {
    let first = head.first { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    func has(_ key: String) -> Bool { head.range(of: Data("\"\(key)\"".utf8)) != nil }
    switch first {
    case UInt8(ascii: "{"):
      return has("image_id")
        || has("images") && (has("file_name") || has("annotations") || has("categories"))
    case UInt8(ascii: "["):
      return has("image_id") && (has("bbox") || has("segmentation") || has("keypoints"))
    default: return false
    }
  }

  /// Reads a file of annotations or a list of results.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var file = COCOFile(kind: options.kind)
    try file.read(path)
    return try file.dataset(path: path, base: options.base)
  }
}

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

  // No animal has more; a damaged file may claim any number.
  private static let maximumJoints = 10_000

  private var images = COCOImages()
  private var records: [Record] = []
  private var reader: COCOAnnotationReader
  private var numberIDs: Set<Int> = []
  private var textIDs = IdentitySlots()
  private var hasIDs = false
  private var repeatedIDs = 0
  private var tracks = IdentitySlots()
  private var categorySlots = IdentitySlots()
  private var categories: [Int32: Ontology.Category] = [:]
  private var categoryOrder: [Int32] = []
  private var isList = false
  private var report = ReadReport()

  init(kind: ReadOptions.Kind) {
    reader = COCOAnnotationReader(origin: kind == .predictions ? .model : .imported)
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
      try readList(&json) { file, json throws(LabelError) in try file.readAnnotation(&json) }
    case .object:
      var hasAnnotations = false
      guard try json.beginObject() else { return }
      while let key = try json.nextKey() {
        switch key {
        case "annotations":
          hasAnnotations = try json.kind() == .array
          try readList(&json) { file, json throws(LabelError) in try file.readAnnotation(&json) }
        case "images":
          try readList(&json) { file, json throws(LabelError) in
            try file.images.readImage(&json)
          }
        case "videos":
          try readList(&json) { file, json throws(LabelError) in
            try file.images.readVideo(&json)
          }
        case "categories":
          try readList(&json) { file, json throws(LabelError) in try file.readCategory(&json) }
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
    if reader.isFromCVAT { images.areFromCVAT = true }
    let id = newID(reader.id)
    records.append(
      Record(
        instance: reader.instance, id: id, image: images.slot(of: reader.image),
        track: reader.track == .none ? -1 : tracks.slot(of: reader.track),
        category: reader.category == .none ? -1 : categorySlots.slot(of: reader.category)))
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

  private mutating func readCategory(_ json: inout JSONReader) throws(LabelError) -> String? {
    guard try json.beginObject() else { return "the category is no object" }
    var id = SourceIdentity.none
    var category = Ontology.Category(name: "")
    var bones: [(Int, Int)] = []
    while let key = try json.nextKey() {
      switch key {
      case "id": id = try json.identity()
      case "name": category.name = try json.text() ?? ""
      case "keypoints":
        guard try json.beginArray() else { continue }
        while try json.nextElement() {
          let name = try json.text() ?? ""
          if category.joints.count < Self.maximumJoints { category.joints.append(name) }
        }
      case "skeleton":
        guard try json.beginArray() else { continue }
        while try json.nextElement() {
          var ends: [Double] = []
          guard try json.beginArray() else { continue }
          while try json.nextElement() {
            let end = try json.number()
            if ends.count < 3 { ends.append(end ?? 0) }
          }
          if bones.count < Self.maximumJoints, ends.count == 2, let a = Int(exactly: ends[0]),
            let b = Int(exactly: ends[1])
          {
            bones.append((a, b))
          }
        }
      default: try json.skip()
      }
    }
    guard let spelling = id.spelling else { return "the category has no usable id" }
    if category.name.isEmpty { category.name = spelling }
    // Joints count from 1 here; one that is not there cannot be drawn.
    let joints = 1...max(1, category.joints.count)
    category.edges = bones.filter { joints.contains($0.0) && joints.contains($0.1) }
      .map { Ontology.Edge($0.0 - 1, $0.1 - 1) }
    let slot = categorySlots.slot(of: id)
    guard categories[slot] == nil else { return "a category before has the same id" }
    categories[slot] = category
    categoryOrder.append(slot)
    return nil
  }
}

// MARK: - Building

extension COCOFile {
  /// Builds the labels of all videos.
  mutating func dataset(path: String, base: Int?) throws(LabelError) -> Dataset {
    if report.rowCount > 0, records.isEmpty {
      let first = report.badRows.first
      throw LabelError(
        .wrongFormat, path: path, line: first?.line,
        "no annotation can be used as COCO (\(first?.reason ?? "")); name the right format")
    }
    if repeatedIDs > 0 {
      report.addNote(
        "\(repeatedIDs) annotations repeat an id; they are read as annotations of their own")
    }
    if isList { images.listIdentities() }
    var notes: [String] = []
    var videos = images.arrange(base: base, areResults: isList, notes: &notes)
    for note in notes { report.addNote(note) }
    let ontology = Ontology(categories: categoryOrder.compactMap { categories[$0] })
    for video in videos.indices {
      videos[video].ontology = ontology
      videos[video].quantum = LabelFormats.quantum(decimals: reader.decimals)
    }
    let dialect = isList ? "list of results" : dialectName(videos)
    numberIDs = []
    addTracks(to: &videos)
    return Dataset(format: COCO.id, dialect: dialect, videos: videos, report: report)
  }

  private func dialectName(_ videos: [VideoAnnotations]) -> String {
    if images.areFromCVAT { return "CVAT or Datumaro, with attributes" }
    if !tracks.identities.isEmpty || images.images.contains(where: { $0.video >= 0 }) {
      return "COCO-VID"
    }
    return categories.values.contains { !$0.joints.isEmpty } ? "keypoints" : "detection"
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
    guard !categories.isEmpty, record.category >= 0, categories[record.category] == nil,
      let id = categorySlots.identities[Int(record.category)].spelling
    else { return nil }
    return "the category \(id) is not among the categories"
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
    return maker.tracks(
      id: id ?? freeID(records[first], first), isTracked: slot >= 0, instances: instances,
      classes: places.map { records[Int($0)].category }
    ) { className($0) }
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

  private func className(_ slot: Int32) -> String {
    guard slot >= 0 else { return "" }
    return categories[slot]?.name ?? categorySlots.identities[Int(slot)].spelling ?? ""
  }

  private func named(_ skeleton: Skeleton, _ category: Int32) -> Skeleton {
    let names = categories[category]?.joints ?? []
    var skeleton = skeleton
    for place in skeleton.joints.indices {
      skeleton.joints[place].name = place < names.count ? names[place] : String(place)
    }
    return skeleton
  }
}
