public import Foundation
import Timeline

/// The project's own format: JSON Lines that carry everything the labels can say.
///
/// Every line is an object with a `type`: first `header`, then for every video `video`, its
/// `category`, `image`, `range` and `track` lines, and after a track its `instance` lines. Lines of
/// other types are left out and counted, so that later versions may add some. The JSON Schema of a
/// line is ``ContinuityLines/schema``.
public enum ContinuityLines: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "jsonl"
  /// See ``LabelFormat/summary``.
  public static let summary = "Continuity's own JSON Lines, which carry everything"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "Frames are zero-based places in presentation order; ranges are half-open.",
    traps: [
      "Boxes are [left, top, width, height] in pixels, angles radians clockwise on screen.",
      "A coordinate that is not a finite number is written as null.",
      "continuity formats jsonl --schema prints the JSON Schema of a line.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: Set(Shape.Kind.allCases), identity: .text, aspects: Set(LabelAspect.allCases),
    output: .file(extension: "jsonl"), holdsManyVideos: true)

  /// The version of the format that is written; a later one is refused.
  static let version = 1

  /// The longest line that is read; a mask of a large picture takes about a million bytes.
  private static let maximumLine = 1 << 25

  /// See ``LabelFormat/matches(head:path:)``.
  public static func matches(head: Data, path: String) -> Bool {
    let line = head.prefix { $0 != 10 }
    return line.range(of: Data(#""continuity""#.utf8)) != nil
      && line.range(of: Data(#""header""#.utf8)) != nil
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var content = Content()
    try ByteLines.forEach(in: path, maximumLength: maximumLine) { line throws(LabelError) in
      guard line.bytes.contains(where: { $0 > 32 }) else { return }
      content.report.rowCount += 1
      guard !line.isOverlong else {
        content.report.addBadRow(line: line.number, "the line is too long")
        return
      }
      let value: JSONValue
      do throws(LabelError) {
        var json = JSONReader.open(line.bytes, path: path, line: line.number)
        value = try json.value()
      } catch {
        content.report.addBadRow(line: line.number, "the line is no JSON object")
        return
      }
      do throws(Flaw) { try content.take(value, line: line.number) } catch {
        guard !error.isFatal else {
          throw LabelError(.wrongFormat, path: path, line: line.number, error.reason)
        }
        content.report.addBadRow(line: line.number, error.reason)
      }
    }
    guard content.hasHeader else {
      throw LabelError(
        .wrongFormat, path: path, line: 1,
        "there is no header line of Continuity's own format; name the right format")
    }
    return content.dataset()
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    try ContinuityLinesWriter(output: output).write(dataset)
    try output.finish()
    return LossReport()
  }

  /// Why a line cannot be used.
  struct Flaw: Error {
    var reason: String
    var isFatal = false

    init(_ reason: String, isFatal: Bool = false) {
      self.reason = reason
      self.isFatal = isFatal
    }
  }
}

extension ContinuityLines {
  /// What was read so far.
  private struct Content {
    private struct OpenTrack {
      var id: String
      var className = ""
      var isTracked = true
      var absences: [FrameRange] = []
      var attributes: [String: String] = [:]
      var instances: [Instance] = []
    }

    private struct Video {
      var annotations = VideoAnnotations()
      var tracks: [OpenTrack] = []
      var places: [String: Int] = [:]

      mutating func track(_ id: String) -> Int {
        if let place = places[id] { return place }
        places[id] = tracks.count
        tracks.append(OpenTrack(id: id))
        return tracks.count - 1
      }
    }

    // More videos than anybody has in one file; a damaged number would fill the memory.
    private static let maximumVideos = 100_000

    var report = ReadReport()
    private(set) var hasHeader = false
    private var videos: [Video] = []

    mutating func take(_ value: JSONValue, line: Int) throws(Flaw) {
      guard let type = value["type"]?.string else { throw Flaw("the line has no type") }
      if type == "header" { return try takeHeader(value) }
      let place = value["video"]?.integer ?? 0
      guard (0..<Self.maximumVideos).contains(place) else {
        throw Flaw("the number of the video cannot be used")
      }
      while videos.count <= place { videos.append(Video()) }
      switch type {
      case "video": try takeVideo(value, place)
      case "category": try takeCategory(value, place)
      case "image":
        guard let name = value["name"]?.string else { throw Flaw("the image has no name") }
        videos[place].annotations.imageNames[try frame(value["frame"])] = name
      case "range": try takeRange(value, place)
      case "track": try takeTrack(value, place)
      case "instance":
        guard let id = value["track"]?.text else { throw Flaw("the instance names no track") }
        let instance = try instance(value, line: line)
        let track = videos[place].track(id)
        videos[place].tracks[track].instances.append(instance)
      default: throw Flaw("lines of the type \(type) are not known")
      }
    }

    func dataset() -> Dataset {
      let read = videos.map { video in
        var annotations = video.annotations
        annotations.tracks = video.tracks.map {
          Track(
            id: $0.id, className: $0.className, isTracked: $0.isTracked, instances: $0.instances,
            absences: $0.absences, attributes: $0.attributes)
        }
        return annotations
      }
      return Dataset(format: ContinuityLines.id, videos: read, report: report)
    }

    private mutating func takeHeader(_ value: JSONValue) throws(Flaw) {
      guard value["format"]?.string == "continuity" else {
        throw Flaw("the header is not of Continuity's own format", isFatal: true)
      }
      guard let version = value["version"]?.integer, version <= ContinuityLines.version else {
        throw Flaw("this is of a later version than this program reads; update it", isFatal: true)
      }
      hasHeader = true
    }

    private mutating func takeVideo(_ value: JSONValue, _ place: Int) throws(Flaw) {
      var video = videos[place].annotations
      video.name = value["name"]?.string
      video.width = value["width"]?.integer
      video.height = value["height"]?.integer
      video.frameCount = value["frame_count"]?.integer
      video.frameRate = value["frame_rate"]?.number
      video.base = LabelFormats.safeBase(value["base"]?.integer) ?? 0
      video.quantum = max(0, value["quantum"]?.number ?? 0)
      switch value["annotated"] {
      case nil, .string("all"), .null: video.annotated = .all
      case .some(let annotated):
        if let frames = annotated["frames"]?.elements {
          var known: Set<FrameIndex> = []
          for element in frames { known.insert(try frame(element)) }
          video.annotated = .only(known)
        } else {
          let range = try range(annotated)
          video.annotated = .every(step: max(1, annotated["step"]?.integer ?? 1), in: range)
        }
      }
      videos[place].annotations = video
    }

    private mutating func takeCategory(_ value: JSONValue, _ place: Int) throws(Flaw) {
      guard let name = value["name"]?.string else { throw Flaw("the category has no name") }
      let joints = (value["joints"]?.elements ?? []).map { $0.text ?? "" }
      let edges = (value["edges"]?.elements ?? []).compactMap { edge -> Ontology.Edge? in
        guard let ends = edge.elements, ends.count == 2, let from = ends[0].integer,
          let to = ends[1].integer, joints.indices.contains(from), joints.indices.contains(to)
        else { return nil }
        return Ontology.Edge(from, to)
      }
      videos[place].annotations.ontology.categories.append(
        Ontology.Category(
          name: name, sourceID: value["source_id"]?.text, joints: joints, edges: edges,
          mutableAttributes: Set(
            (value["mutable_attributes"]?.elements ?? []).compactMap(\.string))))
    }

    private mutating func takeRange(_ value: JSONValue, _ place: Int) throws(Flaw) {
      guard let name = value["name"]?.string else { throw Flaw("the range has no name") }
      videos[place].annotations.ranges.append(
        RangeLabel(
          range: try range(value), name: name, value: value["value"]?.text,
          track: value["track"]?.text, attributes: attributes(value),
          origin: origin(value), confidence: value["confidence"]?.number))
    }

    private mutating func takeTrack(_ value: JSONValue, _ place: Int) throws(Flaw) {
      guard let id = value["id"]?.text else { throw Flaw("the track has no id") }
      var absences: [FrameRange] = []
      for element in value["absences"]?.elements ?? [] {
        guard let ends = element.elements, ends.count == 2 else {
          throw Flaw("an absence is no pair of frames")
        }
        let start = try frame(ends[0])
        absences.append(FrameRange(start, ends[1].isNull ? .max : max(start, try frame(ends[1]))))
      }
      let track = videos[place].track(id)
      videos[place].tracks[track].className = value["class"]?.string ?? ""
      videos[place].tracks[track].isTracked = value["tracked"]?.boolean ?? true
      videos[place].tracks[track].absences = absences
      videos[place].tracks[track].attributes = attributes(value)
    }

    private func instance(_ value: JSONValue, line: Int) throws(Flaw) -> Instance {
      guard let shape = value["shape"].flatMap({ Shape(continuity: $0) }) else {
        throw Flaw("the shape cannot be read")
      }
      let visibility: Visibility
      switch value["visibility"] {
      case .string("visible"): visibility = .visible
      case .string("occluded"): visibility = .occluded
      case .number(let ratio): visibility = .ratio(ratio)
      default: visibility = .unknown
      }
      return Instance(
        frame: try frame(value["frame"]), shape: shape, className: value["class"]?.string,
        isKeyFrame: value["key_frame"]?.boolean, origin: origin(value),
        confidence: value["confidence"]?.number, visibility: visibility,
        attributes: attributes(value), line: Int32(clamping: line))
    }

    private func origin(_ value: JSONValue) -> Origin {
      value["origin"]?.string.flatMap { Origin(rawValue: $0) } ?? .unknown
    }

    private func attributes(_ value: JSONValue) -> [String: String] {
      var attributes: [String: String] = [:]
      for member in value["attributes"]?.members ?? [] {
        if let text = member.value.text { attributes[member.key] = text }
      }
      return attributes
    }

    private func frame(_ value: JSONValue?) throws(Flaw) -> FrameIndex {
      guard let frame = value?.integer, (0...LabelFormats.maximumFrame).contains(frame) else {
        throw Flaw("the frame is no number that a video can have")
      }
      return frame
    }

    private func range(_ value: JSONValue) throws(Flaw) -> FrameRange {
      let (start, end) = (try frame(value["start"]), try frame(value["end"]))
      guard start <= end else { throw Flaw("the range ends before it begins") }
      return FrameRange(start, end)
    }
  }
}
