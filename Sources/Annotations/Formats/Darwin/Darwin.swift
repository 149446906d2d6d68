public import Foundation
import Timeline

/// V7's Darwin JSON of a video, version 2.0 and the older 1.0.
///
/// - Frames count from 0 at the rate of annotation, `fps` of the slot, which may be lower than the
///   video's. Where the video is at hand and its rate is a multiple that agrees with `frame_count`,
///   frames are put where they lie in the video and the others count as not annotated.
/// - An annotation is an object over time. It is shown in its `ranges` (half-open, in 1.0 called
///   `segments`) except in its `hidden_areas`; between two ranges it is declared absent.
/// - In a range, frames that are not listed are shown too: between key frames as V7 moves the
///   shape, else as the last one listed. Outlines whose vertices differ in number stay.
/// - A frame that has no shape of its own has the one before. With `only_keyframes` that holds for
///   texts and attributes, too.
/// - Rings of a polygon are outlines or holes by the even-odd rule.
/// - A skeleton of nodes called `point 1`, `point 2` and so on is several places without names, which
///   Darwin does not have.
/// - Masks lie in a raster layer that all of a slot share.
/// - Properties hold from their frame on; several values are joined by commas.
///
/// Darwin cannot carry: overlapping masks, occlusion of anything but joints, turned boxes, and who
/// drew a shape beyond what a model inferred.
public enum Darwin: LabelFormat {
  /// The id on the command line.
  public static let id = "darwin"
  /// One line for the list of formats.
  public static let summary = "V7 Darwin JSON 2.0 and 1.0 for videos: every kind of shape, tags"
  /// What people have to know about the format.
  public static let page = FormatPage(
    frames: "Frames count from 0 at the rate of annotation (fps of the slot), which may be lower"
      + " than the video's. Ranges are half-open.",
    traps: [
      "The header may contradict the video (size, fps, frame_count); a note tells.",
      "Frames in a range that are not listed are shown too: moved or held from the key frame"
        + " before.",
      "Between two ranges and in hidden_areas the object is declared absent.",
      "All masks of a frame share one raster layer; a frame without one has the one before.",
    ])

  /// Tells whether a file is JSON and has the keys of Darwin near its beginning.
  public static func matches(head: Data, path: String) -> Bool {
    let first = head.first { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    guard first == UInt8(ascii: "{") else { return false }
    func has(_ key: String) -> Bool { head.range(of: Data("\"\(key)\"".utf8)) != nil }
    if has("schema_ref") && has("item") { return true }
    if has("item") && has("slots") && (has("annotations") || has("source_info")) { return true }
    return has("image") && has("annotations")
      && (has("frame_count") || has("original_filename") || has("workview_url"))
  }

  /// Reads a file.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var file = DarwinFile(options: options)
    try file.read(path)
    return try file.dataset(path: path)
  }
}

/// Everything read from a Darwin file.
struct DarwinFile {
  /// One picture or video of the item.
  private struct Slot {
    var name: String?
    var fileName: String?
    var width: Int?
    var height: Int?
    var rate: Double?
    var frameCount: Int?
  }

  /// How many frames are filled in at most in one file; more are taken for damaged numbers.
  private static let fillLimit = 2_000_000

  // V7 writes places with four decimals.
  private static let quantum = 0.0001

  private let options: ReadOptions
  private let base: Int
  private var itemName: String?
  private var itemProperties: [(String, String)] = []
  private var slots: [Slot] = []
  private var annotations: [DarwinAnnotation] = []
  private var isLegacy = false
  private var filled = 0
  private var unmoved = 0
  private var report = ReadReport()

  init(options: ReadOptions) {
    self.options = options
    base = LabelFormats.safeBase(options.base) ?? 0
  }

  /// Reads a whole file.
  mutating func read(_ path: String) throws(LabelError) {
    var json = try JSONReader.open(path: path)
    guard (try? json.kind()) == .object, try json.beginObject() else {
      throw LabelError(
        .wrongFormat, path: path, line: 1,
        "this is no JSON as Darwin's is; name the right format")
    }
    var (hasItem, hasAnnotations) = (false, false)
    while let key = try json.nextKey() {
      switch key {
      case "item":
        let item = try json.value()
        hasItem = item.isObject
        itemName = item["name"]?.text
        for slot in item["slots"]?.elements ?? [] { addSlot(slot) }
      case "image":
        let image = try json.value()
        hasItem = image.isObject
        isLegacy = true
        itemName = image["original_filename"]?.text ?? image["filename"]?.text
        addSlot(image)
      case "properties":
        for entry in try json.value().elements ?? [] {
          if let name = entry["name"]?.text, let value = entry["value"]?.text {
            itemProperties.append((name, value))
          }
        }
      case "annotations":
        guard try json.beginArray() else { continue }
        hasAnnotations = true
        while try json.nextElement() { try readAnnotation(&json) }
      default: try json.skip()
      }
    }
    guard hasItem, hasAnnotations else {
      throw LabelError(
        .wrongFormat, path: path,
        "there are no item and annotations as Darwin has; name the right format")
    }
  }

  private mutating func addSlot(_ value: JSONValue) {
    var slot = Slot(name: value["slot_name"]?.text)
    slot.fileName = value["source_files"]?.elements?.first?["file_name"]?.text
    slot.width = value["width"]?.count
    slot.height = value["height"]?.count
    // 0 is V7's word for the rate of the video.
    slot.rate = value["fps"]?.number.flatMap { $0 > 0 && $0 <= 10_000 ? $0 : nil }
    slot.frameCount = value["frame_count"]?.count
    if slot.frameCount == nil, let urls = value["frame_urls"]?.elements, !urls.isEmpty {
      slot.frameCount = urls.count
    }
    if slots.count < 1_000 { slots.append(slot) }
  }

  private mutating func readAnnotation(_ json: inout JSONReader) throws(LabelError) {
    report.rowCount += 1
    var annotation = DarwinAnnotation()
    var flaws: [String] = []
    let flaw = try annotation.read(&json) { flaws.append($0) }
    if let flaw { flaws = [flaw] }
    for flaw in flaws {
      let id = annotation.id.spelling.map { "annotation \($0): " } ?? ""
      report.addBadRow(line: annotation.line, id + flaw)
    }
    if flaw == nil, !annotation.frames.isEmpty { annotations.append(annotation) }
  }
}

// MARK: - Building

extension DarwinFile {
  /// Builds the labels of all slots.
  mutating func dataset(path: String) throws(LabelError) -> Dataset {
    if report.rowCount > 0, annotations.isEmpty {
      let first = report.badRows.first
      throw LabelError(
        .wrongFormat, path: path, line: first?.line,
        "no annotation can be used as Darwin's (\(first?.reason ?? "")); name the right format")
    }
    if slots.isEmpty { slots = [Slot()] }
    var places: [String?: Int] = [:]
    for (place, slot) in slots.enumerated() where places[slot.name] == nil {
      places[slot.name] = place
    }
    // What names no slot, or one that is not there, is in the first.
    let members = Dictionary(grouping: annotations.indices) { places[annotations[$0].slot] ?? 0 }
    var videos: [VideoAnnotations] = []
    for (place, slot) in slots.enumerated() { videos.append(build(slot, members[place] ?? [])) }
    if unmoved > 0 {
      report.addNote(
        "\(unmoved) frames lie between shapes that cannot be moved into each other; they have the"
          + " earlier one")
    }
    return Dataset(
      format: Darwin.id, dialect: isLegacy ? "1.0" : "2.0", videos: videos, report: report)
  }

  private mutating func build(_ slot: Slot, _ members: [Int]) -> VideoAnnotations {
    let name = slots.count > 1 ? slot.fileName ?? slot.name ?? itemName : itemName ?? slot.fileName
    var video = VideoAnnotations(
      name: name, width: slot.width, height: slot.height, frameCount: slot.frameCount,
      frameRate: slot.rate, base: base, quantum: Self.quantum)
    let places = FramePlaces(
      slot: (slot.rate, slot.frameCount), hint: options.video(named: name), report: &report)
    if let hint = options.video(named: name) {
      if let width = slot.width, let height = slot.height,
        width != hint.width || height != hint.height
      {
        report.addNote(
          "the header says \(width)x\(height), the video has \(hint.width)x\(hint.height)")
      }
    }
    video.annotated = places.annotated
    if let count = places.frameCount { video.frameCount = count }
    if let rate = places.frameRate { video.frameRate = rate }
    let layers = members.map { annotations[$0] }.filter { $0.kind == .layer }
      .flatMap(\.frames).sorted { $0.number < $1.number }
    var ids = IdentitySlots()
    var classes: Set<String> = []
    for index in members where annotations[index].kind != .layer {
      let annotation = annotations[index]
      if annotation.kind == .tag {
        addTags(annotation, places, to: &video)
        continue
      }
      var builder = DarwinTrack(
        annotation: annotation, layers: layers, width: slot.width, pixels: pixels(slot),
        frameCount: slot.frameCount, origin: options.origin)
      builder.fill(room: Self.fillLimit - filled)
      filled += builder.filled
      unmoved += builder.unmoved
      for flaw in builder.flaws {
        let id = annotation.id.spelling.map { "annotation \($0): " } ?? ""
        report.addBadRow(line: annotation.line, id + flaw)
      }
      if classes.insert(annotation.name).inserted {
        video.ontology.categories.append(Ontology.Category(name: annotation.name))
      }
      var id = annotation.id.spelling ?? "#" + String(index + 1)
      while ids.contains(spelling: id) { id = "#" + id }
      _ = ids.slot(of: .text(id))
      video.tracks.append(
        places.placed(builder.track(id: id), base: base, report: &report))
    }
    video.completeSkeletons()
    for (name, value) in itemProperties {
      guard let count = video.frameCount else { continue }
      video.ranges.append(
        RangeLabel(range: FrameRange(0, count), name: name, value: value, origin: options.origin))
    }
    return video
  }

  private func pixels(_ slot: Slot) -> Int? {
    guard let width = slot.width, let height = slot.height else { return nil }
    let (pixels, isTooLarge) = width.multipliedReportingOverflow(by: height)
    return isTooLarge ? nil : pixels
  }

  private func addTags(
    _ annotation: DarwinAnnotation, _ places: FramePlaces, to video: inout VideoAnnotations
  ) {
    var ranges = annotation.ranges
    if ranges.isEmpty {
      ranges = annotation.frames.map { FrameRange($0.number, $0.number + 1) }
    }
    var attributes = annotation.frames.first?.attributes ?? [:]
    attributes.merge(DarwinPropertyStates(annotation.properties).values(at: .max)) { $1 }
    let isInferred = annotation.frames.contains(where: \.isInferred)
    for range in ranges {
      let (start, end) = (places.place(range.start - base), places.place(range.end - base))
      guard start >= 0, end > start else { continue }
      video.ranges.append(
        RangeLabel(
          range: FrameRange(start, end), name: annotation.name, attributes: attributes,
          origin: isInferred ? .model : options.origin,
          confidence: annotation.frames.first?.confidence))
    }
  }
}
