import Timeline

/// What was read of a file of ``ContinuityLines`` so far.
struct ContinuityContent {
  private struct OpenTrack {
    var id: String
    // Instances may stand before the line of their track.
    var isDescribed = false
    var className = ""
    var isTracked = true
    var absences: [FrameRange] = []
    var attributes: [String: String] = [:]
    var instances: [Instance] = []
  }

  private struct Video {
    var isDescribed = false
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

  typealias Flaw = ContinuityLines.Flaw

  var report = ReadReport()
  private(set) var hasHeader = false
  private var videos: [Video] = []

  /// Takes one line.
  mutating func take(_ value: JSONValue, line: Int) throws(Flaw) {
    let type = value["type"]?.string
    if type == "header" { return try takeHeader(value) }
    guard hasHeader else {
      throw Flaw("there is no header line of Continuity's own format; name the right format")
    }
    guard let type else { throw Flaw("the line has no type") }
    switch type {
    case "video": try takeVideo(value, try place(value))
    case "category": try takeCategory(value, try place(value))
    case "image": try takeImage(value, try place(value))
    case "range": try takeRange(value, try place(value))
    case "track": try takeTrack(value, try place(value))
    case "instance": try takeInstance(value, try place(value), line: line)
    default: throw Flaw("lines of the type \(type) are not known")
    }
  }

  /// Everything that was taken.
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

  // MARK: Lines

  private mutating func takeHeader(_ value: JSONValue) throws(Flaw) {
    guard value["format"]?.string == "continuity" else {
      throw Flaw("the header is not of Continuity's own format", isFatal: true)
    }
    guard let version = value["version"]?.integer, version >= 1 else {
      throw Flaw("the header states no version", isFatal: true)
    }
    guard version <= ContinuityLines.version else {
      throw Flaw("this is of a later version than this program reads; update it", isFatal: true)
    }
    // Of files put behind each other, the videos and tracks would run into one.
    guard !hasHeader else {
      throw Flaw("a second header begins here; keep joined files apart", isFatal: true)
    }
    hasHeader = true
  }

  // Videos are numbered from 0 in the order of the file. A larger number is damage, and would make
  // as many empty videos.
  private mutating func place(_ value: JSONValue) throws(Flaw) -> Int {
    let place = try optional(value, "video", \.integer) ?? 0
    guard (0...videos.count).contains(place) else {
      throw Flaw("the number of the video does not follow the one before")
    }
    if place == videos.count { videos.append(Video()) }
    return place
  }

  private mutating func takeVideo(_ value: JSONValue, _ place: Int) throws(Flaw) {
    guard !videos[place].isDescribed else { throw Flaw("video \(place) has a line already") }
    var video = videos[place].annotations
    video.name = try optional(value, "name", \.string)
    video.width = try optional(value, "width") { Self.count($0, 1...Mask.maximumPixels) }
    video.height = try optional(value, "height") { Self.count($0, 1...Mask.maximumPixels) }
    video.frameCount = try optional(value, "frame_count") {
      Self.count($0, 0...LabelFormats.maximumFrame)
    }
    video.frameRate = try optional(value, "frame_rate") { Self.finite($0, above: 0) }
    video.base = LabelFormats.safeBase(try optional(value, "base", \.integer)) ?? 0
    video.quantum =
      try optional(value, "quantum") { $0.number == 0 ? 0 : Self.finite($0, above: 0) } ?? 0
    switch value["annotated"] {
    case nil, .string("all"), .null: video.annotated = .all
    case .some(let annotated):
      if let frames = annotated["frames"]?.elements {
        var known: Set<FrameIndex> = []
        for element in frames { known.insert(try frame(element)) }
        video.annotated = .only(known)
      } else {
        let step = try optional(annotated, "step") { Self.count($0, 1...LabelFormats.maximumFrame) }
        video.annotated = .every(step: step ?? 1, in: try range(annotated))
      }
    }
    videos[place].annotations = video
    videos[place].isDescribed = true
  }

  private mutating func takeCategory(_ value: JSONValue, _ place: Int) throws(Flaw) {
    guard let name = value["name"]?.string else { throw Flaw("the category has no name") }
    let joints = try texts(value, "joints")
    var edges: [Ontology.Edge] = []
    for edge in try optional(value, "edges", \.elements) ?? [] {
      guard let ends = edge.elements, ends.count == 2, let from = ends[0].integer,
        let to = ends[1].integer, joints.indices.contains(from), joints.indices.contains(to)
      else { throw Flaw("an edge does not join two joints") }
      edges.append(Ontology.Edge(from, to))
    }
    videos[place].annotations.ontology.categories.append(
      Ontology.Category(
        name: name, sourceID: try optional(value, "source_id", \.text), joints: joints,
        edges: edges, mutableAttributes: Set(try texts(value, "mutable_attributes"))))
  }

  private mutating func takeImage(_ value: JSONValue, _ place: Int) throws(Flaw) {
    guard let name = value["name"]?.string else { throw Flaw("the image has no name") }
    let frame = try frame(value["frame"])
    guard videos[place].annotations.imageNames.updateValue(name, forKey: frame) == nil else {
      throw Flaw("a second image is given for frame \(frame)")
    }
  }

  private mutating func takeRange(_ value: JSONValue, _ place: Int) throws(Flaw) {
    guard let name = value["name"]?.string else { throw Flaw("the range has no name") }
    videos[place].annotations.ranges.append(
      RangeLabel(
        range: try range(value), name: name, value: try optional(value, "value", \.text),
        track: try optional(value, "track", \.text), attributes: try attributes(value),
        origin: try origin(value),
        confidence: try optional(value, "confidence") { Self.finite($0) }))
  }

  private mutating func takeTrack(_ value: JSONValue, _ place: Int) throws(Flaw) {
    guard let id = value["id"]?.text else { throw Flaw("the track has no id") }
    var absences: [FrameRange] = []
    for element in try optional(value, "absences", \.elements) ?? [] {
      guard let ends = element.elements, ends.count == 2 else {
        throw Flaw("an absence is no pair of frames")
      }
      absences.append(try range(from: ends[0], to: ends[1]))
    }
    let place = (video: place, track: videos[place].track(id))
    var track = videos[place.video].tracks[place.track]
    guard !track.isDescribed else { throw Flaw("the track \(id) has a line already") }
    track.className = try optional(value, "class", \.string) ?? ""
    track.isTracked = try optional(value, "tracked", \.boolean) ?? true
    track.attributes = try attributes(value)
    track.absences = Self.disjoint(absences)
    track.isDescribed = true
    videos[place.video].tracks[place.track] = track
  }

  private mutating func takeInstance(
    _ value: JSONValue, _ place: Int, line: Int
  ) throws(Flaw) {
    guard let id = value["track"]?.text else { throw Flaw("the instance names no track") }
    guard let shape = value["shape"].flatMap({ Shape(continuity: $0) }) else {
      throw Flaw("the shape cannot be read")
    }
    let visibility = try optional(value, "visibility") { value -> Visibility? in
      switch value {
      case .string("visible"): .visible
      case .string("occluded"): .occluded
      default: Self.finite(value).map { .ratio($0) }
      }
    }
    let instance = Instance(
      frame: try frame(value["frame"]), shape: shape,
      className: try optional(value, "class", \.string),
      isKeyFrame: try optional(value, "key_frame", \.boolean), origin: try origin(value),
      confidence: try optional(value, "confidence") { Self.finite($0) },
      visibility: visibility ?? .unknown, attributes: try attributes(value),
      line: Int32(clamping: line))
    let track = videos[place].track(id)
    videos[place].tracks[track].instances.append(instance)
  }

  // MARK: Members

  /// A member that may be missing or null; where it is there, `read` has to take it.
  private func optional<Result>(
    _ value: JSONValue, _ key: String, _ read: (JSONValue) -> Result?
  ) throws(Flaw) -> Result? {
    guard let member = value[key], !member.isNull else { return nil }
    guard let result = read(member) else { throw Flaw("the value of \(key) cannot be used") }
    return result
  }

  private static func count(_ value: JSONValue, _ range: ClosedRange<Int>) -> Int? {
    value.integer.flatMap { range.contains($0) ? $0 : nil }
  }

  private static func finite(_ value: JSONValue, above limit: Double = -.infinity) -> Double? {
    value.number.flatMap { $0.isFinite && $0 > limit ? $0 : nil }
  }

  private func texts(_ value: JSONValue, _ key: String) throws(Flaw) -> [String] {
    let texts = try optional(value, key) { value -> [String]? in
      guard let elements = value.elements else { return nil }
      let texts = elements.compactMap(\.text)
      return texts.count == elements.count ? texts : nil
    }
    return texts ?? []
  }

  private func origin(_ value: JSONValue) throws(Flaw) -> Origin {
    try optional(value, "origin") { $0.string.flatMap { Origin(rawValue: $0) } } ?? .unknown
  }

  private func attributes(_ value: JSONValue) throws(Flaw) -> [String: String] {
    var attributes: [String: String] = [:]
    guard let member = value["attributes"], !member.isNull else { return attributes }
    guard case .object(let members) = member else { throw Flaw("the attributes are no object") }
    for member in members {
      guard let text = member.value.text else {
        throw Flaw("the attribute \(member.key) is no text")
      }
      attributes[member.key] = text
    }
    return attributes
  }

  // Frames before the first shown one are errors of a source that have to be carried, too.
  private func frame(
    _ value: JSONValue?, last: Int = LabelFormats.maximumFrame
  ) throws(Flaw) -> FrameIndex {
    guard let frame = value?.integer, (-LabelFormats.maximumFrame...last).contains(frame) else {
      throw Flaw("the frame is no number that a video can have")
    }
    return frame
  }

  private func range(_ value: JSONValue) throws(Flaw) -> FrameRange {
    try range(from: value["start"], to: value["end"])
  }

  // A null at the end is a range that the source leaves open.
  private func range(from first: JSONValue?, to last: JSONValue?) throws(Flaw) -> FrameRange {
    let start = try frame(first)
    let end = last == .null ? .max : try frame(last, last: LabelFormats.maximumFrame + 1)
    guard start <= end else { throw Flaw("the range ends before it begins") }
    return FrameRange(start, end)
  }

  private static func disjoint(_ ranges: [FrameRange]) -> [FrameRange] {
    ranges.sorted().reduce(into: []) { result, range in
      if let last = result.last, range.start < last.end {
        result[result.count - 1].end = max(last.end, range.end)
      } else {
        result.append(range)
      }
    }
  }
}
