public import Foundation
import Timeline

/// The XML of the UA-DETRAC benchmark: frames of targets with a box, a vehicle type and numbers.
///
/// - Frames count from 1, and so do pixels in the benchmark's own tools; the corner of the first
///   pixel is taken as 0 as in most readers, and ``ReadOptions/pixelOrigin`` overrules that.
/// - The ignored regions hold in every frame: each becomes a range-long track of one instance a
///   listed frame with the attribute `ignore`.
/// - Orientation, speed, trajectory length and color become attributes of the instance, a
///   truncation ratio above 0 the attribute `truncated`.
public enum DETRAC: LabelFormat {
  /// See ``LabelFormat/id``.
  public static let id = "detrac"
  /// See ``LabelFormat/summary``.
  public static let summary = "UA-DETRAC XML: tracked vehicles and ignored regions"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From 1.",
    traps: [
      "Only frames that are listed are annotated; frames without vehicles are left out of the file.",
      "Ignored regions hold for the whole sequence.",
      "The benchmark counts pixels from 1; 0 is taken unless told otherwise.",
    ])

  /// See ``LabelFormat/matches(head:path:)``.
  public static func matches(head: Data, path: String) -> Bool {
    let text = String(decoding: head, as: UTF8.self)
    return XMLText.rootName(of: text) == "sequence"
      && (text.contains("<target_list") || text.contains("<ignored_region"))
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var document = DETRACDocument(options)
    try XMLScanner.forEachEvent(in: path) { (event, scanner) throws(XMLFault) in
      switch event {
      case .start(let name, let attributes):
        try document.start(name, attributes, line: scanner.line)
      case .text: break
      case .end: document.end()
      }
    }
    return document.dataset()
  }
}

/// Follows the events of the XML and gathers targets.
private struct DETRACDocument {
  private enum Element { case root, regions, frame, targets, target, occlusion, other }

  private let base: Int
  private let origin: Origin
  private let pixelOrigin: Double
  private var report = ReadReport()
  private var stack: [Element] = []
  private var name: String?
  private var regions: [Box] = []
  private var frame: Int?
  private var last = -1
  private var slots = IdentitySlots()
  private var gathered: [(instances: [Instance], classes: [Int32])] = []
  private var classes = IdentitySlots()
  private var decimals = 0
  // The target that is open.
  private var id = SourceIdentity.none
  private var line = 0
  private var box: Box?
  private var flaw: String?
  private var type = ""
  private var attributes: [String: String] = [:]
  private var isOccluded = false

  init(_ options: ReadOptions) {
    base = LabelFormats.safeBase(options.base) ?? 1
    origin = options.origin
    pixelOrigin = options.pixelOrigin.isFinite ? options.pixelOrigin : 0
  }

  mutating func start(
    _ name: String, _ attributes: XMLAttributes, line: Int
  ) throws(XMLFault) {
    stack.append(try element(name, attributes, line: line))
  }

  mutating func end() {
    switch stack.popLast() {
    case .frame: frame = nil
    case .target: endTarget()
    default: break
    }
  }

  private mutating func element(
    _ name: String, _ attributes: XMLAttributes, line: Int
  ) throws(XMLFault) -> Element {
    switch (stack.last, name) {
    case (nil, _):
      guard name == "sequence" else {
        throw XMLFault(
          line: line, reason: "the root element is <\(name)>, where UA-DETRAC has <sequence>")
      }
      self.name = attributes["name"]
      return .root
    case (.root, "ignored_region"): return .regions
    case (.regions, "box"):
      report.rowCount += 1
      if let box = readBox(attributes) {
        regions.append(box)
      } else {
        report.addBadRow(line: line, "the ignored region has no usable box")
      }
    case (.root, "frame"):
      guard let number = attributes["num"].flatMap({ Int($0) }), number >= base,
        number - base <= LabelFormats.maximumFrame
      else {
        report.rowCount += 1
        report.addBadRow(line: line, "the frame has no usable number")
        return .frame
      }
      frame = number - base
      last = max(last, number - base)
      return .frame
    case (.frame, "target_list"): return .targets
    case (.targets, "target"):
      self.line = line
      (box, flaw, type, self.attributes, isOccluded) = (nil, nil, "", [:], false)
      id = attributes["id"].map { .text($0) } ?? .none
      return .target
    case (.target, "box"):
      box = readBox(attributes)
      if box == nil { flaw = "the box is not made of four usable numbers" }
    case (.target, "attribute"): readAttributes(attributes)
    case (.target, "occlusion"): return .occlusion
    case (.occlusion, "region_overlap"):
      if let status = attributes["occlusion_status"], status != "-1" { isOccluded = true }
    default: break
    }
    return .other
  }

  private mutating func readBox(_ attributes: XMLAttributes) -> Box? {
    var values: [Double] = []
    for name in ["left", "top", "width", "height"] {
      guard let number = attributes[name].flatMap({ NumberText($0) }),
        abs(number.value) <= MOTRowParser.maximumPixel
      else { return nil }
      values.append(number.value)
      decimals = max(decimals, number.decimals)
    }
    return Box(
      left: values[0] - pixelOrigin, top: values[1] - pixelOrigin, width: values[2],
      height: values[3])
  }

  private mutating func readAttributes(_ attributes: XMLAttributes) {
    type = attributes["vehicle_type"] ?? ""
    for name in ["orientation", "speed", "trajectory_length", "color"] {
      if let value = attributes[name] { self.attributes[name] = value }
    }
    if let ratio = attributes["truncation_ratio"].flatMap({ Double($0) }), ratio > 0 {
      self.attributes[ReservedAttribute.truncated] = JSONText.number(ratio)
    }
  }

  private mutating func endTarget() {
    report.rowCount += 1
    guard let frame else {
      return report.addBadRow(line: line, "the target lies in a frame without usable number")
    }
    guard let box, flaw == nil else {
      return report.addBadRow(line: line, flaw ?? "the target has no box")
    }
    guard id != .none else { return report.addBadRow(line: line, "the target has no id") }
    let slot = Int(slots.slot(of: id))
    if slot == gathered.count { gathered.append(([], [])) }
    gathered[slot].instances.append(
      Instance(
        frame: frame, shape: .box(box), origin: origin,
        visibility: isOccluded ? .occluded : .unknown, attributes: attributes,
        line: Int32(clamping: line)))
    gathered[slot].classes.append(classes.slot(of: .text(type)))
  }

  mutating func dataset() -> Dataset {
    var video = VideoAnnotations(
      name: name, base: base, quantum: LabelFormats.quantum(decimals: decimals))
    var maker = ClassedTracks()
    let names = classes.identities.map { $0.spelling ?? "" }
    for (identity, entry) in zip(slots.identities, gathered) {
      video.tracks += maker.tracks(
        id: identity.spelling ?? "", isTracked: true, instances: entry.instances,
        classes: entry.classes
      ) { names[Int($0)] }
    }
    maker.note(in: &report)
    addRegions(to: &video)
    video.ontology.categories = names.filter { !$0.isEmpty }.map { Ontology.Category(name: $0) }
    return Dataset(format: DETRAC.id, videos: [video], report: report)
  }

  // The most instances that ignored regions may become: a damaged frame number must not fill the
  // memory.
  private static let maximumRegionInstances = 2_000_000

  private mutating func addRegions(to video: inout VideoAnnotations) {
    let frames = last + 1
    guard regions.count * frames <= Self.maximumRegionInstances else {
      report.addNote("\(regions.count) ignored regions were left out, for \(frames) frames")
      return
    }
    for (number, region) in regions.enumerated() where frames > 0 {
      let instances = (0..<frames).map { Instance(frame: $0, shape: .box(region), origin: origin) }
      video.tracks.append(
        Track(
          id: "ignored-\(number + 1)", instances: instances,
          attributes: Track.ignoredAttributes))
    }
  }
}
