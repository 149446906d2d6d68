import Foundation
import Timeline

/// Reads the annotations of a project one after the other.
struct SuperviselyProject {
  private let path: String
  private let options: ReadOptions
  private var report = ReadReport()
  private var attributes = RangedAttributes()

  init(path: String, options: ReadOptions) {
    self.path = path
    self.options = options
  }

  /// Reads a folder or one file.
  mutating func dataset() throws(LabelError) -> Dataset {
    var videos: [VideoAnnotations] = []
    if let folder = LabelFolder(path: path) {
      let files = Supervisely.annotations(in: folder)
      guard !files.isEmpty else {
        throw LabelError(
          .wrongFormat, path: path,
          "the folder holds no ann/*.json as a Supervisely project does; name the right one")
      }
      if folder.isCut { report.addNote("the folder holds too many files; some were left out") }
      var first: LabelError?
      for file in files {
        do throws(LabelError) {
          videos.append(try video(folder.path(of: file)))
        } catch {
          // One broken file of many costs no other.
          first = first ?? error
          report.rowCount += 1
          report.addBadRow(line: error.line ?? 0, "\(file): \(error.reason)")
        }
      }
      if videos.isEmpty, let first { throw first }
    } else {
      videos.append(try video(path))
    }
    if attributes.isCut {
      report.addNote("the tags cover more labels than can be true; some were left out")
    }
    return Dataset(format: Supervisely.id, videos: videos, report: report)
  }

  private mutating func video(_ path: String) throws(LabelError) -> VideoAnnotations {
    var meta = SuperviselyMeta()
    if let beside = SuperviselyMeta.path(beside: path) {
      do throws(LabelError) { meta = try SuperviselyMeta(path: beside) } catch {
        report.addNote("meta.json cannot be used (\(error.reason))")
      }
    }
    var reader = SuperviselyVideo(path: path, options: options, meta: meta)
    return try reader.read(&report, &attributes)
  }
}

/// Reads the annotation of one video.
struct SuperviselyVideo {
  /// A tag of a video or an object.
  private struct Tag {
    var name: String
    var value: String?
    var range: FrameRange?
    var isHuman: Bool
  }

  private struct Object {
    var className: String
    var tags: [Tag]
    var key: String
  }

  private struct Figure {
    var object: String
    var type: String
    var geometry: JSONValue
    var instance: (frame: FrameIndex, origin: Origin, line: Int32)
  }

  private let path: String
  private let options: ReadOptions
  private let meta: SuperviselyMeta
  private let base: Int
  private var name: String?
  private var width: Int?
  private var height: Int?
  private var frameCount: Int?
  private var tags: [Tag] = []
  private var objects: [Object] = []
  private var slots: [String: Int] = [:]
  private var instances: [String: [Instance]] = [:]
  private var order: [String] = []
  private var pending: [Figure] = []
  private var hasObjects = false
  private var hasFrames = false

  init(path: String, options: ReadOptions, meta: SuperviselyMeta) {
    self.path = path
    self.options = options
    self.meta = meta
    base = LabelFormats.safeBase(options.base) ?? 0
  }

  /// Reads the file.
  mutating func read(
    _ report: inout ReadReport, _ attributes: inout RangedAttributes
  ) throws(LabelError) -> VideoAnnotations {
    var json = try JSONReader.open(path: path)
    // What is no JSON from its first byte on was never damaged: it is something else.
    let kind = try? json.kind()
    guard kind == .object, try json.beginObject() else {
      throw LabelError(
        .wrongFormat, path: path, line: 1,
        "this is no JSON as Supervisely exports it; name the right format")
    }
    while let key = try json.nextKey() {
      switch key {
      case "size":
        let size = try json.value()
        width = side(size["width"])
        height = side(size["height"])
      case "framesCount":
        frameCount = try json.number().flatMap { Int(exactly: $0) }
          .flatMap { (1...LabelFormats.maximumFrame).contains($0) ? $0 : nil }
      case "videoName": name = try json.string()
      case "tags": tags = try readTags(&json, &report)
      case "objects":
        try readObjects(&json, &report)
        hasObjects = true
      case "frames":
        hasFrames = try json.kind() == .array
        try readFrames(&json, &report)
      default: try json.skip()
      }
    }
    guard hasFrames else {
      throw LabelError(
        .wrongFormat, path: path,
        "there is no list called frames as Supervisely has for videos; name the right format")
    }
    for figure in pending { use(figure, &report) }
    return build(&attributes)
  }

  private func side(_ value: JSONValue?) -> Int? {
    value?.integer.flatMap { (1...1_000_000).contains($0) ? $0 : nil }
  }

  // MARK: Tags and objects

  private func readTags(
    _ json: inout JSONReader, _ report: inout ReadReport
  ) throws(LabelError) -> [Tag] {
    guard try json.beginArray() else { return [] }
    var tags: [Tag] = []
    while try json.nextElement() {
      _ = try json.kind()
      let line = json.line
      report.rowCount += 1
      switch tag(try json.value()) {
      case .success(let tag): tags.append(tag)
      case .failure(let flaw): report.addBadRow(line: line, flaw.reason)
      }
    }
    return tags
  }

  private func tag(_ value: JSONValue) -> Result<Tag, SuperviselyGeometry.Flaw> {
    guard let name = value["name"]?.text else {
      return .failure(SuperviselyGeometry.Flaw(reason: "the tag has no name"))
    }
    var tag = Tag(
      name: name, value: value["value"]?.text.flatMap { $0.isEmpty ? nil : $0 },
      isHuman: value["labelerLogin"]?.string?.isEmpty == false)
    if let ends = value["frameRange"], !ends.isNull {
      guard let numbers = ends.numbers, numbers.count == 2, let start = Int(exactly: numbers[0]),
        let last = Int(exactly: numbers[1]), start - base >= 0, start <= last,
        last - base <= LabelFormats.maximumFrame
      else {
        return .failure(
          SuperviselyGeometry.Flaw(reason: "the frameRange of the tag \(name) is no range"))
      }
      tag.range = FrameRange(start - base, last + 1 - base)
    }
    return .success(tag)
  }

  private mutating func readObjects(
    _ json: inout JSONReader, _ report: inout ReadReport
  ) throws(LabelError) {
    guard try json.beginArray() else { return }
    while try json.nextElement() {
      _ = try json.kind()
      let line = json.line
      let value = try json.value()
      // A download that was not converted has ids in the place of keys.
      guard let key = (value["key"] ?? value["id"])?.text else {
        report.rowCount += 1
        report.addBadRow(line: line, "the object has no key")
        continue
      }
      guard slots[key] == nil else {
        report.rowCount += 1
        report.addBadRow(line: line, "an object before has the same key \(key)")
        continue
      }
      var object = Object(className: value["classTitle"]?.text ?? "", tags: [], key: key)
      for entry in value["tags"]?.elements ?? [] {
        report.rowCount += 1
        switch tag(entry) {
        case .success(let tag): object.tags.append(tag)
        case .failure(let flaw): report.addBadRow(line: line, flaw.reason)
        }
      }
      slots[key] = objects.count
      if let id = value["id"]?.text, slots[id] == nil { slots[id] = objects.count }
      objects.append(object)
    }
  }

  // MARK: Figures

  private mutating func readFrames(
    _ json: inout JSONReader, _ report: inout ReadReport
  ) throws(LabelError) {
    guard try json.beginArray() else { return }
    while try json.nextElement() {
      var index: Int?
      var waiting: [(JSONValue, Int)] = []
      guard try json.beginObject() else { continue }
      while let key = try json.nextKey() {
        switch key {
        case "index": index = try json.number().flatMap { Int(exactly: $0) }
        case "figures":
          guard try json.beginArray() else { continue }
          while try json.nextElement() {
            _ = try json.kind()
            let line = json.line
            let figure = try json.value()
            // Where the index comes last, the figures wait for it.
            if index == nil {
              waiting.append((figure, line))
            } else {
              read(figure, index, line: line, &report)
            }
          }
        default: try json.skip()
        }
      }
      for (figure, line) in waiting { read(figure, index, line: line, &report) }
    }
  }

  private mutating func read(
    _ value: JSONValue, _ index: Int?, line: Int, _ report: inout ReadReport
  ) {
    report.rowCount += 1
    guard let index, index >= base, index - base <= LabelFormats.maximumFrame else {
      report.addBadRow(line: line, "the index of the frame is no frame number")
      return
    }
    guard let object = (value["objectKey"] ?? value["objectId"])?.text else {
      report.addBadRow(line: line, "the figure has no objectKey")
      return
    }
    guard let type = value["geometryType"]?.string ?? value["geometry"]?["geometryType"]?.string
    else {
      report.addBadRow(line: line, "the figure has no geometryType")
      return
    }
    let figure = Figure(
      object: object, type: type, geometry: value["geometry"] ?? .null,
      instance: (index - base, origin(of: value), Int32(clamping: line)))
    // The class of the object, which the names of its joints need, may come later.
    if hasObjects { use(figure, &report) } else { pending.append(figure) }
  }

  private func origin(of figure: JSONValue) -> Origin {
    if options.kind == .predictions { return .model }
    guard let isCreated = figure["nnCreated"]?.boolean else { return options.origin }
    guard isCreated, figure["nnUpdated"]?.boolean == true else { return .human }
    guard let track = figure["trackId"]?.text else { return .model }
    return track == Supervisely.interpolated ? .interpolated : .tracked
  }

  private mutating func use(_ figure: Figure, _ report: inout ReadReport) {
    guard let slot = slots[figure.object] else {
      report.addBadRow(
        line: Int(figure.instance.line),
        "the object \(figure.object.prefix(40)) is not among the objects")
      return
    }
    let nodes = meta.nodes(of: objects[slot].className)
    switch SuperviselyGeometry.read(
      figure.type, figure.geometry, nodes: nodes, images: options.images)
    {
    case .success(let shape):
      instances[objects[slot].key, default: []].append(
        Instance(
          frame: figure.instance.frame, shape: shape, origin: figure.instance.origin,
          line: figure.instance.line))
    case .failure(let flaw):
      report.addBadRow(line: Int(figure.instance.line), flaw.reason)
    }
  }

  // MARK: Building

  private mutating func build(_ attributes: inout RangedAttributes) -> VideoAnnotations {
    let extent = instances.values.lazy.flatMap { $0.lazy.map(\.frame) }.max().map { $0 + 1 }
    var video = VideoAnnotations(
      name: name ?? Self.videoName(of: path), width: width, height: height,
      frameCount: frameCount, base: base, quantum: 1)
    var ids: Set<String> = []
    var categories = meta.categories
    for object in objects {
      var found = instances.removeValue(forKey: object.key) ?? []
      if !zip(found, found.dropFirst()).allSatisfy({ $0.frame <= $1.frame }) {
        found = found.enumerated()
          .sorted { ($0.element.frame, $0.offset) < ($1.element.frame, $1.offset) }.map(\.element)
      }
      var id = object.key
      var own: [String: String] = [:]
      var mutable: Set<String> = []
      for tag in object.tags {
        let text = tag.value ?? "true"
        if let range = tag.range {
          attributes.set(tag.name, to: text, in: range, of: &found)
          mutable.insert(tag.name)
        } else if tag.name == Supervisely.idTag, !ids.contains(text) {
          id = text
        } else {
          own[tag.name] = own[tag.name].map { $0 + ", " + text } ?? text
        }
      }
      ids.insert(id)
      let place = categories.firstIndex { $0.name == object.className } ?? categories.count
      if place == categories.count { categories.append(Ontology.Category(name: object.className)) }
      categories[place].mutableAttributes.formUnion(mutable)
      if categories[place].joints.isEmpty,
        case .skeleton(let skeleton) = found.first?.shape
      {
        categories[place].joints = skeleton.joints.map(\.name)
      }
      video.tracks.append(
        Track(id: id, className: object.className, instances: found, attributes: own))
    }
    video.ontology.categories = categories.filter { !$0.name.isEmpty }
    for tag in tags {
      let whole = FrameRange(0, max(1, frameCount ?? extent ?? 1))
      video.ranges.append(
        RangeLabel(
          range: tag.range ?? whole, name: tag.name, value: tag.value,
          origin: options.kind == .predictions ? .model : tag.isHuman ? .human : .unknown))
    }
    return video
  }

  /// The name of the video: that of the file in a folder `ann`, or before a second extension.
  private static func videoName(of path: String) -> String? {
    let url = URL(fileURLWithPath: path)
    let stem = url.deletingPathExtension().lastPathComponent
    let isInProject = url.deletingLastPathComponent().lastPathComponent == "ann"
    return isInProject || stem.contains(".") ? stem : nil
  }
}
