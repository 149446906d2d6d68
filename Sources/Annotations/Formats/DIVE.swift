public import Foundation
import Timeline

/// The JSON of DIVE: tracks of features, most of them key frames.
///
/// - A feature is a key frame unless it says otherwise. Where a key frame says `interpolate`, DIVE
///   shows a box on every frame up to the next one: linear between the edges, rounded to whole
///   pixels half to even as DIVE's own export does. The reader fills these frames in as
///   `interpolated`. Only boxes move so; a polygon shows on its own frame.
/// - The class is the one of the highest score among the `confidencePairs` of the track, and that
///   score the attribute `track_score`; DIVE gives every hand-made track the score 1, which is
///   taken for none.
/// - A feature with the attribute `key_frame` = `false` is none; that is how this tool writes what
///   DIVE's rule does not give.
/// - A polygon in the geometry makes the shape, with its holes, else the box does. Points become
///   the attribute `kp:KEY` with the value `x y`.
/// - A `meta.json` beside the file may state `fps`, the rate at which the frames were taken out of
///   the video. Where ``ReadOptions/videos`` know that the video has another one, the frame numbers
///   become those of the video, and only they count as annotated.
public enum DIVE: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "dive"
  /// See ``LabelFormat/summary``.
  public static let summary = "DIVE's track JSON, key frames and polygons"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From 0, at the annotation frame rate that a meta.json beside the file states.",
    traps: [
      "Frames between key frames are filled in by DIVE's rule where a key frame says interpolate.",
      "Scores belong to tracks, and 1 means that a person made the track.",
      "The annotation rate is often lower than the video's; name the video to have the numbers"
        + " turned into those of its frames.",
      "DIVE keeps whole pixels.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .polygon], identity: .numbers(0...Int(Int32.max)), precision: .decimals(0),
    aspects: [.holes, .parts, .classNames, .keyFrames, .attributes, .trackAttributes, .trackScore],
    output: .file(extension: "json"))

  /// What the attribute is called that says `false` on a feature that is no key frame.
  static let notKeyFrame = "key_frame"

  /// How many frames are filled in at most in one file; more are taken for damaged numbers.
  static let fillLimit = 2_000_000

  /// See ``LabelFormat/matches(head:path:)``.
  public static func matches(head: Data, path: String) -> Bool {
    let text = String(decoding: head, as: UTF8.self)
    guard text.first(where: { !$0.isWhitespace }) == "{" else { return false }
    if text.contains("\"tracks\""), text.contains("\"groups\"") { return true }
    return text.contains("\"features\"") && text.contains("\"bounds\"")
      && ["\"confidencePairs\"", "\"keyframe\"", "\"interpolate\""].contains { text.contains($0) }
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var table = DIVETable(options)
    var json = try JSONReader.open(path: path)
    guard try json.beginObject() else {
      throw LabelError(
        .wrongFormat, path: path, line: 1, "this is no object of tracks; name the right format")
    }
    while let key = try json.nextKey() {
      switch key {
      case "tracks":
        guard try json.beginObject() else { continue }
        while let key = try json.nextKey() { try table.readTrack(key, &json) }
      case "groups":
        guard try json.beginObject() else { continue }
        while try json.nextKey() != nil {
          table.groupCount += 1
          try json.skip()
        }
      case "version": try json.skip()
      // The first version of the format has no object around the tracks.
      default:
        if Int(key) != nil { try table.readTrack(key, &json) } else { try json.skip() }
      }
    }
    guard table.report.rowCount > 0 || table.sawTracks else {
      throw LabelError(
        .wrongFormat, path: path, "there are no tracks of DIVE in it; name the right format")
    }
    return table.dataset(rate: rate(beside: path), options)
  }

  private static func rate(beside path: String) -> Double? {
    let meta = URL(fileURLWithPath: path).deletingLastPathComponent()
      .appendingPathComponent("meta.json")
    guard let head = try? LabelFormats.head(of: meta.path), head.count < LabelFormats.headLength,
      let value = try? JSONValue(head, path: meta.path)
    else { return nil }
    return value["fps"]?.number.flatMap { $0.isFinite && $0 > 0 && $0 <= 10_000 ? $0 : nil }
  }

  /// The box that DIVE shows `share` of the way between two, in whole pixels.
  static func interpolated(_ from: Box, _ to: Box, share: Double) -> Box {
    func mix(_ a: Double, _ b: Double) -> Double {
      (a * (1 - share) + b * share).rounded(.toNearestOrEven)
    }
    let (left, top) = (mix(from.left, to.left), mix(from.top, to.top))
    return Box(
      left: left, top: top, width: mix(from.right, to.right) - left,
      height: mix(from.bottom, to.bottom) - top)
  }

  // MARK: Writing

  /// See ``WritableFormat/write(_:to:options:)``.
  ///
  /// Instances that are no key frames are left to DIVE where it would fill in just these. All
  /// others become key frames, as DIVE wants every feature to be, with the attribute
  /// ``notKeyFrame``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var losses = LossReport()
    let output = try TextOutput(path: path)
    try output.write("{\"tracks\":{")
    var isFirst = true
    for track in dataset.videos.flatMap(\.tracks) {
      let features = DIVEFeatures(track, &losses)
      guard let first = features.list.first, let last = features.list.last else { continue }
      var attributes = track.attributes
      let score = attributes.removeValue(forKey: ReservedAttribute.trackScore)
        .flatMap { Double($0) }
      let value = JSONValue.members([
        "id": Int(track.id).map { .number(Double($0)) },
        "begin": .number(Double(first.frame)), "end": .number(Double(last.frame)),
        "confidencePairs": .array([
          .array([
            .string(track.className.isEmpty ? VIAME.unknown : track.className),
            .number(score ?? 1),
          ])
        ]), "attributes": DIVEFeatures.json(attributes),
        "features": .array(features.list.map(\.value)),
      ])
      try output.write((isFirst ? "\n" : ",\n") + JSONText.string(track.id) + ":" + value.json)
      isFirst = false
    }
    try output.write("\n},\"groups\":{},\"version\":2}\n")
    try output.finish()
    return losses
  }
}

/// The features of one track as they are written.
private struct DIVEFeatures {
  private(set) var list: [(frame: FrameIndex, value: JSONValue)] = []

  init(_ track: Track, _ losses: inout LossReport) {
    var instances: [Instance] = []
    for instance in track.instances {
      if instance.shape.bounds.flatMap({ Self.edges($0) }) == nil || instance.frame < 0 {
        losses.add(.instances)
      } else {
        instances.append(instance)
      }
    }
    var at = 0
    while at < instances.count {
      let next = Self.nextFeature(instances, after: at)
      list.append((instances[at].frame, Self.value(instances[at], isMoving: next > at + 1)))
      at = next
    }
  }

  /// The place of the next feature: behind the frames that DIVE would fill in just as they are.
  private static func nextFeature(_ instances: [Instance], after at: Int) -> Int {
    guard let from = instances[at].shape.bounds else { return at + 1 }
    var end = at + 1
    while end < instances.count, instances[end].isKeyFrame == false,
      instances[end].frame == instances[at].frame + end - at
    {
      end += 1
    }
    guard end > at + 1, end < instances.count, let to = instances[end].shape.bounds,
      instances[end].frame == instances[at].frame + end - at
    else { return at + 1 }
    for place in at + 1..<end {
      let share = Double(place - at) / Double(end - at)
      guard case .box(let box) = instances[place].shape, instances[place].attributes.isEmpty,
        box == DIVE.interpolated(from.rounded, to.rounded, share: share)
      else { return at + 1 }
    }
    return end
  }

  private static func edges(_ box: Box) -> [JSONValue]? {
    let edges = [box.left, box.top, box.right, box.bottom].map { $0.rounded() }
    return edges.allSatisfy(\.isFinite) ? edges.map { .number($0) } : nil
  }

  private static func value(_ instance: Instance, isMoving: Bool) -> JSONValue {
    var attributes = instance.attributes
    if instance.isKeyFrame == false { attributes[DIVE.notKeyFrame] = "false" }
    var geometry: [JSONValue] = []
    func feature(_ type: String, key: String, _ coordinates: JSONValue) {
      geometry.append(
        .members([
          "type": .string("Feature"), "properties": .members(["key": .string(key)]),
          "geometry": .members(["type": .string(type), "coordinates": coordinates]),
        ]))
    }
    if case .polygon(let polygon) = instance.shape {
      for part in polygon.parts {
        let rings = ([part.outer] + part.holes).map { ring in
          JSONValue.array((ring + ring.prefix(1)).map { position($0) })
        }
        feature("Polygon", key: "", .array(rings))
      }
    }
    for (name, text) in instance.attributes.sorted(by: { $0.key < $1.key })
    where name.hasPrefix(VIAME.keyPointPrefix) {
      let numbers = text.split(separator: " ").compactMap { Double($0) }
      guard numbers.count == 2 else { continue }
      attributes[name] = nil
      let key = String(name.dropFirst(VIAME.keyPointPrefix.count))
      feature("Point", key: key, .array(numbers.map { .number($0) }))
    }
    return .members([
      "frame": .number(Double(instance.frame)),
      "bounds": instance.shape.bounds.flatMap { edges($0) }.map { .array($0) },
      "keyframe": .boolean(true), "interpolate": .boolean(isMoving),
      "attributes": attributes.isEmpty ? nil : json(attributes),
      "geometry": geometry.isEmpty
        ? nil
        : .members(["type": .string("FeatureCollection"), "features": .array(geometry)]),
    ])
  }

  private static func position(_ point: Point) -> JSONValue {
    .array([.number(point.x.rounded()), .number(point.y.rounded())])
  }

  /// Attributes with the types that DIVE gives them: truth values and numbers where they are such.
  static func json(_ attributes: [String: String]) -> JSONValue {
    .object(
      attributes.sorted { $0.key < $1.key }.map { name, text in
        let value: JSONValue
        if text == "true" || text == "false" {
          value = .boolean(text == "true")
        } else if let number = Double(text), number.isFinite, JSONText.number(number) == text {
          value = .number(number)
        } else {
          value = .string(text)
        }
        return JSONValue.Member(key: name, value: value)
      })
  }
}

extension Box {
  /// The box with its edges on whole pixels.
  fileprivate var rounded: Box {
    let (left, top) = (left.rounded(), top.rounded())
    return Box(
      left: left, top: top, width: right.rounded() - left, height: bottom.rounded() - top)
  }
}

/// A feature as it was read.
private struct DIVEFeature {
  var instance: Instance
  /// The box, which moves up to the next key frame also where the shape is a polygon.
  var bounds: Box
  /// Whether the frames up to the next feature are filled in.
  var isMoving: Bool
}

/// The tracks of a DIVE file.
private struct DIVETable {
  var report = ReadReport()
  var groupCount = 0
  private(set) var sawTracks = false

  private let base: Int
  private let origin: Origin
  private var tracks: [Track] = []
  private var ids: Set<String> = []
  private var severalClasses = 0
  private var filledCount = 0
  private var unfilledCount = 0
  private var isWhole = true
  private var classNames: [String] = []

  init(_ options: ReadOptions) {
    base = LabelFormats.safeBase(options.base) ?? 0
    origin = options.origin
  }

  mutating func readTrack(_ key: String, _ json: inout JSONReader) throws(LabelError) {
    sawTracks = true
    let line = json.line
    let value = try json.value()
    guard let features = value["features"]?.elements else {
      report.rowCount += 1
      return report.addBadRow(line: line, "the track \(key) has no list of features")
    }
    let id = value["id"]?.text ?? value["trackId"]?.text ?? key
    guard ids.insert(id).inserted else {
      report.rowCount += features.count
      return report.addBadRow(line: line, "the id \(id) stands for a track already")
    }
    let pairs = (value["confidencePairs"]?.elements ?? []).compactMap(Self.pair)
    if pairs.count > 1 { severalClasses += 1 }
    let best = pairs.max { $0.score < $1.score }
    var track = Track(
      id: id, className: best.flatMap { $0.name == VIAME.unknown ? "" : $0.name } ?? "",
      attributes: Self.attributes(value["attributes"]))
    if let score = best?.score, score != 1 {
      track.attributes[ReservedAttribute.trackScore] = JSONText.number(score)
    }
    if !track.className.isEmpty, !classNames.contains(track.className) {
      classNames.append(track.className)
    }
    var read: [DIVEFeature] = []
    for feature in features {
      report.rowCount += 1
      do throws(RowFlaw) { read.append(try self.feature(feature, line: line)) } catch {
        report.addBadRow(line: line, "track \(id): " + error.reason)
      }
    }
    guard !read.isEmpty else { return }
    read.sort { $0.instance.frame < $1.instance.frame }
    var instances: [Instance] = []
    for (place, entry) in read.enumerated() {
      instances.append(entry.instance)
      guard entry.isMoving, place + 1 < read.count else { continue }
      fill(from: entry, to: read[place + 1], &instances)
    }
    tracks.append(
      Track(
        id: track.id, className: track.className, instances: instances,
        attributes: track.attributes))
  }

  private mutating func fill(
    from: DIVEFeature, to: DIVEFeature, _ instances: inout [Instance]
  ) {
    let (first, last) = (from.instance.frame, to.instance.frame)
    let count = last - first - 1
    guard count > 0 else { return }
    guard filledCount + count <= DIVE.fillLimit else {
      unfilledCount += 1
      return
    }
    filledCount += count
    for frame in first + 1..<last {
      let share = Double(frame - first) / Double(last - first)
      instances.append(
        Instance(
          frame: frame, shape: .box(DIVE.interpolated(from.bounds, to.bounds, share: share)),
          isKeyFrame: false, origin: .interpolated, line: from.instance.line))
    }
  }

  private static func pair(_ value: JSONValue) -> (name: String, score: Double)? {
    guard let parts = value.elements, parts.count == 2, let name = parts[0].text,
      let score = parts[1].number, score.isFinite
    else { return nil }
    return (name, score)
  }

  private static func attributes(_ value: JSONValue?) -> [String: String] {
    Dictionary(
      (value?.members ?? []).compactMap { member in member.value.text.map { (member.key, $0) } }
    ) { first, _ in first }
  }

  private mutating func feature(
    _ value: JSONValue, line: Int
  ) throws(RowFlaw) -> DIVEFeature {
    guard let number = value["frame"]?.integer else {
      throw RowFlaw("a feature has no whole frame number")
    }
    guard number >= base else { throw RowFlaw("a frame number is below the first frame, \(base)") }
    guard number - base <= LabelFormats.maximumFrame else {
      throw RowFlaw("a frame number is too large")
    }
    guard let bounds = value["bounds"]?.numbers, bounds.count == 4,
      bounds.allSatisfy({ abs($0) <= MOTRowParser.maximumPixel })
    else { throw RowFlaw("the bounds of frame \(number) are not four usable numbers") }
    if !bounds.allSatisfy({ $0 == $0.rounded() }) { isWhole = false }
    var attributes = Self.attributes(value["attributes"])
    let isMarked = attributes[DIVE.notKeyFrame] == "false"
    if isMarked { attributes[DIVE.notKeyFrame] = nil }
    let isKeyFrame = !isMarked && value["keyframe"]?.boolean ?? true
    let box = Box(
      left: bounds[0], top: bounds[1], width: bounds[2] - bounds[0],
      height: bounds[3] - bounds[1])
    var instance = Instance(
      frame: number - base, shape: .box(box), isKeyFrame: isKeyFrame,
      origin: isKeyFrame ? origin : .interpolated,
      attributes: attributes, line: Int32(clamping: line))
    if let length = value["fishLength"]?.number, length > 0 {
      instance.attributes["length"] = JSONText.number(length)
    }
    try readGeometry(value["geometry"]?["features"]?.elements ?? [], into: &instance)
    return DIVEFeature(
      instance: instance, bounds: box, isMoving: value["interpolate"]?.boolean ?? false)
  }

  private mutating func readGeometry(
    _ features: [JSONValue], into instance: inout Instance
  ) throws(RowFlaw) {
    var parts: [Polygon.Part] = []
    for feature in features {
      let coordinates = feature["geometry"]?["coordinates"]
      switch feature["geometry"]?["type"]?.string {
      case "Polygon":
        let rings = (coordinates?.elements ?? []).map(Self.ring)
        guard let outer = rings.first ?? nil, rings.allSatisfy({ $0 != nil }) else {
          throw RowFlaw("the polygon of frame \(instance.frame + base) is not made of rings")
        }
        parts.append(Polygon.Part(outer: outer, holes: rings.dropFirst().compactMap(\.self)))
      case "Point":
        guard let key = feature["properties"]?["key"]?.string, let numbers = coordinates?.numbers,
          numbers.count == 2
        else { continue }
        instance.attributes[VIAME.keyPointPrefix + key] =
          numbers.map { JSONText.number($0) }.joined(separator: " ")
      // The line from head to tail repeats the two points.
      default: break
      }
    }
    if !parts.isEmpty { instance.shape = .polygon(Polygon(parts: parts)) }
  }

  // A ring of GeoJSON ends with its first position; DIVE's import of CSV leaves that out.
  private static func ring(_ value: JSONValue) -> [Point]? {
    var ring: [Point] = []
    for position in value.elements ?? [] {
      guard let numbers = position.numbers, numbers.count >= 2,
        numbers.allSatisfy({ abs($0) <= MOTRowParser.maximumPixel })
      else { return nil }
      ring.append(Point(numbers[0], numbers[1]))
    }
    if ring.count > 3, ring.first == ring.last { ring.removeLast() }
    return ring.count > 2 ? ring : nil
  }

  mutating func dataset(rate: Double?, _ options: ReadOptions) -> Dataset {
    var video = VideoAnnotations(base: base, quantum: isWhole ? 1 : 0)
    video.tracks = tracks
    video.ontology.categories = classNames.map { Ontology.Category(name: $0) }
    if filledCount > 0 {
      report.addNote("\(filledCount) frames between key frames were filled in by DIVE's rule")
    }
    if unfilledCount > 0 {
      report.addNote(
        "\(unfilledCount) stretches between key frames were not filled in: more than"
          + " \(DIVE.fillLimit) frames in one file are taken for damaged numbers")
    }
    if severalClasses > 0 {
      report.addNote(
        "\(severalClasses) tracks name several classes; the one of the highest score was kept")
    }
    if groupCount > 0 { report.addNote("\(groupCount) groups of tracks were left out") }
    AnnotationRate(rate, video: options.video(named: nil)).apply(to: &video, &report)
    return Dataset(format: DIVE.id, videos: [video], report: report)
  }
}
