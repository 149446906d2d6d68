public import Foundation
import Timeline

/// CVML, the XML of the CAVIAR and PETS data sets: frames that hold objects with a box about its
/// centre.
///
/// ```xml
/// <dataset><frame number="0"><objectlist>
///   <object id="9"><box h="75" w="31" xc="514" yc="195"/></object>
/// </objectlist></frame></dataset>
/// ```
/// - The frames that are listed are those that were annotated, also where they hold no object.
/// - The orientation, the appearance and the first hypothesis of an object (CAVIAR's `movement`,
///   `role`, `context` and `situation`) become attributes of the instance. Groups are counted.
/// - Origins are not in the file: data sets in CVML interpolate between key frames without a mark.
public enum CVML: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "cvml"
  /// See ``LabelFormat/summary``.
  public static let summary = "CVML, the XML of the CAVIAR and PETS data sets"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From 0, as the frames are numbered.",
    traps: [
      "Boxes are written as centre, width and height.",
      "Frames that are not listed were not annotated.",
      "Groups of objects are counted and not kept.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.box], identity: .numbers(0...Int(Int32.max)),
    aspects: [.annotatedFrames, .duplicates, .videoName],
    output: .file(extension: "xml"))

  /// The hypotheses of CAVIAR that become attributes.
  static let hypotheses: Set<String> = ["movement", "role", "context", "situation"]

  /// See ``LabelFormat/matches(head:path:)``.
  public static func matches(head: Data, path: String) -> Bool {
    let text = String(decoding: head, as: UTF8.self)
    return XMLText.rootName(of: text) == "dataset" && text.contains("<frame")
      && text.contains("<objectlist")
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var document = CVMLDocument(
      base: LabelFormats.safeBase(options.base) ?? 0, origin: options.origin)
    try XMLScanner.forEachEvent(in: path) { (event, scanner) throws(XMLFault) in
      switch event {
      case .start(let name, let attributes):
        try document.start(name, attributes, line: scanner.line)
      case .text(let text): document.text += text
      case .end: document.end()
      }
      scanner.wantsText = document.wantsText
    }
    return document.dataset()
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var losses = LossReport()
    let output = try TextOutput(path: path)
    try output.write("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")
    for video in dataset.videos {
      let name = video.name.map { " name=\"\(XMLText.escaped($0))\"" } ?? ""
      try output.write("<dataset\(name)>\n")
      var frame = 0
      var isOpen = false
      func advance(to target: FrameIndex) throws(LabelError) {
        while frame < target {
          if isOpen {
            try output.write("    </objectlist>\n  </frame>\n")
          } else if video.annotated.contains(frame) {
            try output.write("  <frame number=\"\(frame)\">\n    <objectlist/>\n  </frame>\n")
          }
          isOpen = false
          frame += 1
        }
      }
      try video.forEachInstanceByFrame { (track, instance) throws(LabelError) in
        guard case .box(let box) = instance.shape, instance.frame >= 0 else {
          losses.add(.instances)
          return
        }
        try advance(to: instance.frame)
        if !isOpen {
          try output.write("  <frame number=\"\(frame)\">\n    <objectlist>\n")
          isOpen = true
        }
        let numbers = [
          ("h", box.height), ("w", box.width), ("xc", box.center.x), ("yc", box.center.y),
        ].map { name, value in
          "\(name)=\"\(JSONText.number(abs(value) < 1e6 ? value.snapped(decimals: 9) : value))\""
        }
        try output.write(
          "      <object id=\"\(XMLText.escaped(track.id))\">\n        <box "
            + numbers.joined(separator: " ") + "/>\n      </object>\n")
      }
      try advance(to: max(video.lastAnnotatedEnd, frame + (isOpen ? 1 : 0)))
      try output.write("</dataset>\n")
    }
    try output.finish()
    return losses
  }
}

extension VideoAnnotations {
  /// The end of the frames that somebody looked at, as far as it is known.
  ///
  /// What is stated beyond the largest frame number that readers take is not believed.
  var lastAnnotatedEnd: FrameIndex {
    let stated =
      switch annotated {
      case .all: frameCount ?? 0
      case .every(_, let range): range.end
      case .only(let frames): (frames.max() ?? -1) + 1
      }
    return max(extent?.end ?? 0, min(max(0, stated), LabelFormats.maximumFrame + 1))
  }
}

/// Follows the events of the XML and gathers objects.
private struct CVMLDocument {
  private enum Element { case root, frame, objects, object, part, hypothesis, value, ignored }

  /// The text of the innermost element that wants it.
  var text = ""

  private let base: Int
  private let origin: Origin
  private var report = ReadReport()
  private var stack: [Element] = []
  private var names: [String] = []
  private var name: String?
  private var frame: Int?
  private var frames: [Int] = []
  private var slots = IdentitySlots()
  private var instances: [[Instance]] = []
  private var decimals = 0
  private var groupCount = 0
  // The object that is open.
  private var id = SourceIdentity.none
  private var line = 0
  private var box: Box?
  private var flaw: String?
  private var attributes: [String: String] = [:]
  private var hypothesisCount = 0

  init(base: Int, origin: Origin) {
    self.base = base
    self.origin = origin
  }

  var wantsText: Bool { stack.last == .value }

  mutating func start(
    _ name: String, _ attributes: XMLAttributes, line: Int
  ) throws(XMLFault) {
    stack.append(try element(name, attributes, line: line))
    names.append(name)
  }

  mutating func end() {
    guard let element = stack.popLast(), let name = names.popLast() else { return }
    switch element {
    case .frame: frame = nil
    case .object: endObject()
    case .value:
      let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
      if !text.isEmpty { attributes[name] = text }
      self.text = ""
    default: break
    }
  }

  private mutating func element(
    _ name: String, _ attributes: XMLAttributes, line: Int
  ) throws(XMLFault) -> Element {
    switch (stack.last, name) {
    case (nil, _):
      guard name == "dataset" else {
        throw XMLFault(
          line: line, reason: "the root element is <\(name)>, where CVML has <dataset>")
      }
      self.name = attributes["name"]
      return .root
    case (.root, "frame"):
      startFrame(attributes, line: line)
      return .frame
    case (.frame, "objectlist"): return .objects
    case (.frame, "grouplist"): return .ignored
    case (.objects, "object"):
      startObject(attributes, line: line)
      return .object
    case (.object, "box"): readBox(attributes)
    case (.object, "orientation"), (.object, "appearance"): return startValue()
    case (.object, "hypothesislist"):
      return .part
    case (.part, "hypothesis"):
      hypothesisCount += 1
      return hypothesisCount == 1 ? .hypothesis : .ignored
    case (.hypothesis, let name) where CVML.hypotheses.contains(name): return startValue()
    case (.ignored, "group"): groupCount += 1
    default: break
    }
    return .ignored
  }

  private mutating func startValue() -> Element {
    text = ""
    return .value
  }

  private mutating func startFrame(_ attributes: XMLAttributes, line: Int) {
    guard let number = attributes["number"].flatMap({ Int($0) }), number >= base,
      number - base <= LabelFormats.maximumFrame
    else {
      report.rowCount += 1
      report.addBadRow(line: line, "the frame has no usable number")
      return
    }
    frame = number - base
    frames.append(number - base)
  }

  private mutating func startObject(_ attributes: XMLAttributes, line: Int) {
    self.line = line
    (box, flaw, self.attributes, hypothesisCount) = (nil, nil, [:], 0)
    id = attributes["id"].map { .text($0) } ?? .none
  }

  private mutating func readBox(_ attributes: XMLAttributes) {
    var values: [Double] = []
    var places = 0
    for (name, word) in [
      ("xc", "centre"), ("yc", "centre"), ("w", "width"), ("h", "height"),
    ] {
      guard let text = attributes[name], let number = NumberText(text), number.value.isFinite else {
        flaw = flaw ?? "the \(word) of the box is not a number"
        return
      }
      guard abs(number.value) <= MOTRowParser.maximumPixel else {
        flaw = flaw ?? "the \(word) of the box is too large"
        return
      }
      values.append(number.value)
      places = max(places, number.decimals)
    }
    decimals = max(decimals, places)
    // Halving a width adds a decimal.
    box = Box(
      left: (values[0] - values[2] / 2).snapped(decimals: places + 1),
      top: (values[1] - values[3] / 2).snapped(decimals: places + 1), width: values[2],
      height: values[3])
  }

  private mutating func endObject() {
    report.rowCount += 1
    guard let frame else {
      return report.addBadRow(line: line, "the object lies in a frame without usable number")
    }
    guard let box, flaw == nil else {
      return report.addBadRow(line: line, flaw ?? "the object has no box")
    }
    guard id != .none else { return report.addBadRow(line: line, "the object has no id") }
    let slot = Int(slots.slot(of: id))
    if slot == instances.count { instances.append([]) }
    instances[slot].append(
      Instance(
        frame: frame, shape: .box(box), origin: origin, attributes: attributes,
        line: Int32(clamping: line)))
  }

  mutating func dataset() -> Dataset {
    if groupCount > 0 { report.addNote("\(groupCount) groups of objects were left out") }
    var video = VideoAnnotations(
      name: name, base: base, quantum: LabelFormats.quantum(decimals: decimals))
    let listed = AnnotatedFrames(frames)
    video.annotated = listed
    if case .every(1, let range) = listed, range.start == 0 { video.annotated = .all }
    video.tracks = zip(slots.identities, instances).map {
      Track(id: $0.spelling ?? "", instances: $1)
    }
    return Dataset(format: CVML.id, videos: [video], report: report)
  }
}
