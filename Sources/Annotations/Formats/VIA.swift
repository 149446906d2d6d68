public import Foundation
import Timeline

/// The project JSON of the VGG Image Annotator, version 3: regions and segments of videos at times in
/// seconds.
///
/// - A region at a time is an instance of the frame shown then. Frame times come from the video, else
///   from its rate; without either the file cannot be read. A time may lie half a millisecond before
///   its frame, since VIA writes three decimals.
/// - A segment between two times becomes one ``RangeLabel`` for every attribute it has: the name of
///   the attribute and the text of its value.
/// - VIA knows no tracks and no classes, only attributes. The value of a region's attribute called
///   `track` or `track_id` is its identity; that of `class`, `label`, `category`, `type` or `name`
///   its class. All others are attributes of the instance.
/// - Regions of still images have no place in a video; they are counted in the report.
public enum VIA: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "via"
  /// See ``LabelFormat/summary``.
  public static let summary = "VIA 3 project JSON: regions and segments in seconds"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "None: times in seconds, which the video turns into frames; name it.",
    traps: [
      "A region belongs to the frame shown at its time.",
      "Identity is what an attribute called track says, the class what one called class says.",
      "Regions are written at the middle of their frame, so that no rounding moves them.",
      "Files and regions of still images are left out.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .polygon, .polyline], identity: .text,
    aspects: [
      .videoName, .frameRate, .classNames, .classChanges, .attributes, .ranges, .untracked,
      .duplicates,
    ], output: .file(extension: "json"), holdsManyVideos: true)

  /// The names of attributes that say which object a region is, the first of them as written.
  static let trackNames = ["track", "track_id"]
  /// The names of attributes that say what class a region is, the first of them as written.
  static let classNames = ["class", "label", "category", "type", "name"]

  /// See ``LabelFormat/matches(head:path:)``.
  public static func matches(head: Data, path: String) -> Bool {
    let text = String(decoding: head, as: UTF8.self)
    return text.first { !$0.isWhitespace } == "{" && text.contains("\"project\"")
      && (text.contains("\"data_format_version\"") || text.contains("\"vid_list\""))
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var project = VIAProject()
    var json = try JSONReader.open(path: path)
    guard try json.beginObject() else {
      throw LabelError(.wrongFormat, path: path, line: 1, "this is no project of VIA 3")
    }
    while let key = try json.nextKey() {
      switch key {
      case "attribute": project.attributes = try json.value()
      case "file": project.files = try json.value()
      case "view": project.views = try json.value()
      case "project": project.isThere = try json.value()["vid_list"] != nil
      case "metadata":
        guard try json.beginObject() else { continue }
        while let key = try json.nextKey() {
          let line = json.line
          project.entries.append((key, line, try json.value()))
        }
      default: try json.skip()
      }
    }
    guard project.isThere || project.files != .null else {
      throw LabelError(
        .wrongFormat, path: path, "there is no project of VIA 3 in it; name the right format")
    }
    return try project.dataset(path: path, options)
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    try VIAWriter(dataset).write(to: path)
  }
}

/// The parts of a project as they were read.
private struct VIAProject {
  var isThere = false
  var attributes = JSONValue.null
  var files = JSONValue.null
  var views = JSONValue.null
  var entries: [(key: String, line: Int, value: JSONValue)] = []

  private var report = ReadReport()
  private var videos: [VideoAnnotations] = []
  private var clocks: [FrameClock] = []
  // The place of a video by the id of its view.
  private var places: [String: Int] = [:]
  private var gathered: [Gathered] = []
  private var stillCount = 0
  private var fileCount = 0

  private struct Gathered {
    var slots = IdentitySlots()
    var entries: [(id: String, isTracked: Bool, instances: [Instance], classes: [Int32])] = []
    var classes = IdentitySlots()
  }

  private static let video = 4

  mutating func dataset(path: String, _ options: ReadOptions) throws(LabelError) -> Dataset {
    try openVideos(path: path, options)
    let names = attributeNames()
    for entry in entries {
      report.rowCount += 1
      do throws(RowFlaw) {
        try read(entry.key, entry.value, line: entry.line, names, options.origin)
      } catch {
        report.addBadRow(line: entry.line, "\(entry.key): \(error.reason)")
      }
    }
    if stillCount > 0 { report.addNote("\(stillCount) entries of still images were left out") }
    if fileCount > 0 {
      report.addNote("\(fileCount) entries speak of whole files and were left out")
    }
    var maker = ClassedTracks()
    for place in videos.indices {
      let entry = gathered[place]
      let names = entry.classes.identities.map { $0.spelling ?? "" }
      for item in entry.entries {
        videos[place].tracks += maker.tracks(
          id: item.id, isTracked: item.isTracked, instances: item.instances, classes: item.classes
        ) { names[Int($0)] }
      }
      videos[place].ontology.categories = names.filter { !$0.isEmpty }
        .map { Ontology.Category(name: $0) }
    }
    maker.note(in: &report)
    return Dataset(format: VIA.id, videos: videos, report: report)
  }

  private mutating func openVideos(path: String, _ options: ReadOptions) throws(LabelError) {
    var hasFiles = false
    for view in views.members {
      guard let file = view.value["fid_list"]?.elements?.first?.text.flatMap({ files[$0] }) else {
        continue
      }
      hasFiles = true
      guard file["type"]?.integer == Self.video else { continue }
      let name = file["fname"]?.string
      guard let hint = options.video(named: name), let clock = FrameClock(hint) else {
        throw LabelError(
          .incomplete, path: path,
          "VIA counts seconds and not frames; name the video \(name ?? "") to turn them into frames"
        )
      }
      places[view.key] = videos.count
      // The rate of the video is what the seconds were turned into frames with.
      videos.append(VideoAnnotations(name: name, frameRate: hint.frameRate, quantum: 0.001))
      clocks.append(clock)
      gathered.append(Gathered())
    }
    guard !videos.isEmpty || !hasFiles else {
      throw LabelError(
        .wrongFormat, path: path,
        "the project holds no video but other files; export still images in another format")
    }
  }

  /// The names of attributes and of the options of each, by id.
  private func attributeNames() -> [String: (name: String, options: [String: String])] {
    Dictionary(
      attributes.members.map { member in
        let options = (member.value["options"]?.members ?? []).compactMap { option in
          option.value.text.map { (option.key, $0) }
        }
        return (
          member.key,
          (
            member.value["aname"]?.string ?? member.key,
            Dictionary(options) { first, _ in first }
          )
        )
      }
    ) { first, _ in first }
  }

  private mutating func read(
    _ key: String, _ value: JSONValue, line: Int,
    _ names: [String: (name: String, options: [String: String])], _ origin: Origin
  ) throws(RowFlaw) {
    guard let view = value["vid"]?.text else { throw RowFlaw("it names no view") }
    guard let place = places[view] else {
      guard views[view] != nil else { throw RowFlaw("its view \(view) is not in the project") }
      stillCount += 1
      return
    }
    guard let times = value["z"]?.numbers, let region = value["xy"]?.numbers else {
      throw RowFlaw("its times or its region are no list of numbers")
    }
    var said: [(name: String, text: String)] = []
    for member in value["av"]?.members ?? [] {
      guard let text = member.value.text, !text.isEmpty else { continue }
      let attribute = names[member.key]
      // A list of choices names its options by their ids.
      let parts = text.split(separator: ",").map { attribute?.options[String($0)] }
      let isChoice = !parts.isEmpty && parts.allSatisfy { $0 != nil }
      said.append(
        (
          attribute?.name ?? member.key,
          isChoice ? parts.compactMap(\.self).joined(separator: ",") : text
        ))
    }
    if region.isEmpty {
      try readSegment(times, said, place, origin)
      return
    }
    guard times.count == 1 else {
      throw RowFlaw("the region has \(times.count) times instead of one")
    }
    guard let frame = clocks[place].frame(at: times[0]) else {
      throw RowFlaw("the time \(JSONText.number(times[0])) lies in no frame")
    }
    let instance = Instance(
      frame: frame, shape: try Self.shape(region), origin: origin, line: Int32(clamping: line))
    add(instance, key: key, said, place)
  }

  private mutating func readSegment(
    _ times: [Double], _ said: [(name: String, text: String)], _ place: Int, _ origin: Origin
  ) throws(RowFlaw) {
    guard !times.isEmpty else {
      fileCount += 1
      return
    }
    guard let last = times.last, let range = clocks[place].frames(from: times[0], to: last) else {
      throw RowFlaw("its times are no stretch of frames")
    }
    let isPlain = said.isEmpty
    for (name, text) in isPlain ? [("segment", "")] : said {
      videos[place].ranges.append(
        RangeLabel(range: range, name: name, value: text.isEmpty ? nil : text, origin: origin))
    }
  }

  private mutating func add(
    _ instance: Instance, key: String, _ said: [(name: String, text: String)], _ place: Int
  ) {
    var instance = instance
    var rest = Dictionary(said.map { ($0.name, $0.text) }) { first, _ in first }
    func take(_ names: [String]) -> String? {
      for name in names {
        guard let key = rest.keys.first(where: { $0.lowercased() == name }) else { continue }
        return rest.removeValue(forKey: key)
      }
      return nil
    }
    let track = take(VIA.trackNames)
    let name = take(VIA.classNames) ?? ""
    instance.attributes = rest
    let label = gathered[place].classes.slot(of: .text(name))
    let identity = track.map { SourceIdentity.text($0) } ?? .none
    let slot = Int(gathered[place].slots.slot(of: identity))
    if slot == gathered[place].entries.count {
      gathered[place].entries.append((track ?? "#" + key, track != nil, [], []))
    }
    gathered[place].entries[slot].instances.append(instance)
    gathered[place].entries[slot].classes.append(label)
  }

  private static func shape(_ numbers: [Double]) throws(RowFlaw) -> Shape {
    guard numbers.dropFirst().allSatisfy({ abs($0) <= MOTRowParser.maximumPixel }) else {
      throw RowFlaw("a coordinate is too large or no number")
    }
    let v = Array(numbers.dropFirst())
    let points = stride(from: 0, to: v.count - v.count % 2, by: 2).map { Point(v[$0], v[$0 + 1]) }
    switch Int(exactly: numbers[0]) {
    case 1 where v.count == 2: return .points(points)
    case 2 where v.count == 4: return .box(Box(left: v[0], top: v[1], width: v[2], height: v[3]))
    case 3 where v.count == 3:
      return .ellipse(Ellipse(center: points[0], radiusX: v[2], radiusY: v[2]))
    case 4 where v.count == 4:
      return .ellipse(Ellipse(center: points[0], radiusX: v[2], radiusY: v[3]))
    case 5 where v.count == 4, 6 where v.count >= 4 && v.count.isMultiple(of: 2):
      return .polyline(points)
    case 7 where v.count >= 6 && v.count.isMultiple(of: 2): return .polygon(Polygon(points))
    // The four outermost points of a box.
    case 8 where v.count == 8:
      if let box = Box(around: points) { return .box(box) }
    default: break
    }
    throw RowFlaw("the region is of a kind or a length that is not known")
  }
}
