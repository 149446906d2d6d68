import Foundation
import Timeline

/// What a Datumaro file holds, as it is gathered item by item, and how it becomes videos.
struct DatumaroContent {
  /// One class.
  struct Label {
    var name: String
    var parent = ""
    var joints: [String] = []
    var edges: [Ontology.Edge] = []
  }

  /// One item: a frame with what is drawn on it.
  private struct Item {
    /// The number that the file gives the frame; nil where it gives none.
    var number: Int?
    /// The file name of its image; empty where there is none.
    var image = ""
  }

  /// One instance, or one outside mark, on an item whose frame is known at the end only.
  private struct Entry {
    var item: Int32
    var label: Int32
    var track: SourceIdentity
    /// nil: the object is declared outside.
    var instance: Instance?
  }

  private struct Tag {
    var item: Int
    var range: RangeLabel
  }

  /// One video in the making.
  private struct Video {
    var name: String?
    var items: [Item] = []
    var entries: [Entry] = []
    var tags: [Tag] = []
    var sizes: Set<[Int]> = []
  }

  let options: ReadOptions
  var report = ReadReport()
  /// What the file says about itself, beside the items.
  var facts: JSONValue = .null
  private(set) var labels: [Label] = []
  private var videos: [Video] = []
  private var places: [String: Int] = [:]
  private var skipped: [String: Int] = [:]

  /// Creates an empty content.
  init(options: ReadOptions) { self.options = options }

  // MARK: Categories

  /// Reads `categories`.
  mutating func take(categories: JSONValue) {
    for label in categories["label"]?["labels"]?.elements ?? [] {
      labels.append(
        Label(name: label["name"]?.text ?? "", parent: label["parent"]?.text ?? ""))
    }
    for item in categories["points"]?["items"]?.elements ?? [] {
      guard let id = item["label_id"]?.integer, labels.indices.contains(id) else { continue }
      labels[id].joints = (item["labels"]?.elements ?? []).map { $0.text ?? "" }
      let pairs = (item["joints"]?.elements ?? []).compactMap(\.numbers).filter { $0.count == 2 }
      // Datumaro's own bones count from 0; those that came from COCO still count from 1.
      let first: Double = pairs.joined().contains(0) ? 0 : 1
      labels[id].edges = pairs.compactMap { pair in
        guard let from = Int(exactly: pair[0] - first), let to = Int(exactly: pair[1] - first),
          labels[id].joints.indices.contains(from), labels[id].joints.indices.contains(to)
        else { return nil }
        return Ontology.Edge(from, to)
      }
    }
  }

  // MARK: Items

  /// Reads one entry of `items`.
  mutating func take(item: JSONValue, line: Int) {
    report.rowCount += 1
    guard case .object = item else {
      return report.addBadRow(line: line, "the item is no object")
    }
    let frame = item["video_frame"]
    let image = item["image"]
    let path = frame?["video_path"]?.string ?? item["video"]?["path"]?.string
    let video = place(of: path)
    let name = image?["path"]?.string.map { Self.lastPart($0) } ?? ""
    let id = item["id"]?.text ?? ""
    let stated =
      item["attr"]?["frame"]?.integer ?? frame?["frame_index"]?.integer
      ?? Self.trailingNumber(in: id)
    if let stated, !(0...LabelFormats.maximumFrame ~= stated) {
      return report.addBadRow(line: line, "the frame \(stated) is no frame number")
    }
    if let size = image?["size"]?.numbers, size.count == 2, let height = Int(exactly: size[0]),
      let width = Int(exactly: size[1]), width > 0, height > 0
    {
      videos[video].sizes.insert([width, height])
    }
    videos[video].items.append(Item(number: stated, image: name))
    let place = videos[video].items.count - 1
    for annotation in item["annotations"]?.elements ?? [] {
      report.rowCount += 1
      do throws(Flaw) {
        try take(annotation: annotation, of: video, item: place, line: line)
      } catch {
        report.addBadRow(line: line, error.reason)
      }
    }
  }

  /// Why an annotation cannot be used.
  private struct Flaw: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private mutating func place(of path: String?) -> Int {
    let key = path ?? ""
    if let place = places[key] { return place }
    places[key] = videos.count
    videos.append(Video(name: path.map { Self.lastPart($0) }))
    return videos.count - 1
  }

  private mutating func take(
    annotation: JSONValue, of video: Int, item: Int, line: Int
  ) throws(Flaw) {
    guard let type = annotation["type"]?.string else { throw Flaw("the annotation has no type") }
    let label = annotation["label_id"]?.integer
    if let label, !labels.indices.contains(label) {
      throw Flaw("\(type): there is no label \(label)")
    }
    var attributes: [String: String] = [:]
    for member in annotation["attributes"]?.members ?? [] {
      attributes[member.key] = member.value.text
    }
    let group = annotation["group"]?.integer ?? 0
    if group != 0 { attributes[ReservedAttribute.group] = String(group) }
    if type == "label" || type == "caption" {
      guard type == "caption" || label != nil else { throw Flaw("label: the label_id is missing") }
      videos[video].tags.append(
        Tag(
          item: item,
          range: RangeLabel(
            range: FrameRange(0, 1), name: label.map { labels[$0].name } ?? "caption",
            value: annotation["caption"]?.string, attributes: attributes,
            origin: options.origin)))
      return
    }
    let angle = attributes.removeValue(forKey: "rotation").flatMap { Double($0) } ?? 0
    guard let shape = try shape(type, annotation, label: label, angle: angle) else {
      skipped[type, default: 0] += 1
      return
    }
    let isOutside = attributes.removeValue(forKey: "outside") == "true"
    let isKeyFrame = attributes.removeValue(forKey: "keyframe").map { $0 == "true" }
    let isOccluded = attributes.removeValue(forKey: "occluded").map { $0 == "true" }
    let score = attributes["score"].flatMap { Double($0) }
    if score != nil { attributes["score"] = nil }
    let track = SourceIdentity(
      annotation["attributes"]?["track_id"], or: annotation["object_id"])
    attributes["track_id"] = nil
    let order = annotation["z_order"]?.integer ?? 0
    if order != 0 { attributes[ReservedAttribute.zOrder] = String(order) }
    for (place, own) in (annotation["points_attributes"]?.elements ?? []).enumerated() {
      guard let label, labels[label].joints.indices.contains(place) else { continue }
      for member in own.members {
        attributes[labels[label].joints[place] + "/" + member.key] = member.value.text
      }
    }
    let instance = Instance(
      frame: 0, shape: shape, isKeyFrame: isKeyFrame,
      origin: isKeyFrame == false ? .interpolated : options.origin, confidence: score,
      visibility: isOccluded.map { $0 ? .occluded : .visible } ?? .unknown,
      attributes: attributes, line: Int32(clamping: line))
    videos[video].entries.append(
      Entry(
        item: Int32(clamping: item), label: Int32(clamping: label ?? -1), track: track,
        instance: isOutside ? nil : instance))
  }

  // MARK: Shapes

  /// What is drawn; nil for what no frame of a video has, such as a block in space.
  private func shape(
    _ type: String, _ annotation: JSONValue, label: Int?, angle: Double
  ) throws(Flaw) -> Shape? {
    switch type {
    case "bbox":
      let numbers = try numbers(annotation["bbox"], type)
      guard numbers.count == 4 else { throw Flaw("bbox: four numbers are needed") }
      let box = Box(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3])
      guard angle != 0, abs(angle) <= 1e6 else { return .box(box) }
      return .rotatedBox(
        RotatedBox(
          center: box.center, width: box.width, height: box.height, angle: angle * .pi / 180))
    case "rotated_bbox":
      let numbers = try numbers(annotation["points"], type)
      guard numbers.count == 5 else { throw Flaw("rotated_bbox: five numbers are needed") }
      return .rotatedBox(
        RotatedBox(
          center: Point(numbers[0], numbers[1]), width: numbers[2], height: numbers[3],
          angle: numbers[4] * .pi / 180))
    case "ellipse":
      let numbers = try numbers(annotation["points"], type)
      guard numbers.count == 4 else { throw Flaw("ellipse: four numbers are needed") }
      return .ellipse(
        Ellipse(
          center: Point((numbers[0] + numbers[2]) / 2, (numbers[1] + numbers[3]) / 2),
          radiusX: abs(numbers[2] - numbers[0]) / 2, radiusY: abs(numbers[3] - numbers[1]) / 2,
          angle: abs(angle) <= 1e6 ? angle * .pi / 180 : 0))
    case "polygon": return .polygon(Polygon(try points(annotation["points"], type)))
    case "polyline": return .polyline(try points(annotation["points"], type))
    case "cuboid_2d":
      let corners = (annotation["points"]?.elements ?? []).compactMap(\.numbers)
        .filter { $0.count == 2 && $0.allSatisfy { abs($0) <= 1e9 } }
      guard corners.count == 8 else { throw Flaw("cuboid_2d: eight corners are needed") }
      return .cuboid(Datumaro.cuboidPlaces.map { Point(corners[$0][0], corners[$0][1]) })
    case "points":
      let points = try points(annotation["points"], type)
      let names = label.map { labels[$0].joints } ?? []
      guard !names.isEmpty, names.count == points.count else { return .points(points) }
      let seen = annotation["visibility"]?.numbers ?? []
      return .skeleton(
        Skeleton(
          joints: points.enumerated().map { place, point in
            joint(names[place], point, place < seen.count ? seen[place] : 2)
          }))
    case "skeleton":
      let numbers = try numbers(annotation["points"], type)
      guard numbers.count % 3 == 0, !numbers.isEmpty else {
        throw Flaw("skeleton: the points are no list of x, y and visibility")
      }
      let names = label.map { labels[$0].joints } ?? []
      return .skeleton(
        Skeleton(
          joints: (0..<numbers.count / 3).map { place in
            joint(
              place < names.count ? names[place] : String(place + 1),
              Point(numbers[3 * place], numbers[3 * place + 1]), numbers[3 * place + 2])
          }))
    case "mask": return .mask(try mask(annotation["rle"]))
    default: return nil
    }
  }

  private func joint(_ name: String, _ position: Point, _ visibility: Double) -> Joint {
    Joint(
      name: name, position: position,
      visibility: Int(exactly: visibility).flatMap { Joint.Visibility(rawValue: $0) } ?? .visible)
  }

  private func numbers(_ value: JSONValue?, _ type: String) throws(Flaw) -> [Double] {
    guard let numbers = value?.numbers else { throw Flaw("\(type): the numbers are missing") }
    guard numbers.allSatisfy({ abs($0) <= 1e9 }) else {
      throw Flaw("\(type): a number is no place in a picture")
    }
    return numbers
  }

  private func points(_ value: JSONValue?, _ type: String) throws(Flaw) -> [Point] {
    let numbers = try numbers(value, type)
    guard !numbers.isEmpty, numbers.count % 2 == 0 else {
      throw Flaw("\(type): the points are no list of x and y")
    }
    return stride(from: 0, to: numbers.count, by: 2).map { Point(numbers[$0], numbers[$0 + 1]) }
  }

  private func mask(_ value: JSONValue?) throws(Flaw) -> Mask {
    guard let size = value?["size"]?.numbers, size.count == 2,
      let height = Int(exactly: size[0]), let width = Int(exactly: size[1])
    else { throw Flaw("mask: the size is missing") }
    var runs = COCORuns()
    var isReadable = false
    if let text = value?["counts"]?.string {
      let bytes = Array(text.utf8)
      isReadable = bytes.withUnsafeBufferPointer { runs.read(compressed: $0) }
    } else if let counts = value?["counts"]?.numbers {
      runs.counts = counts.map { Int(exactly: $0) ?? -1 }
      isReadable = true
    }
    guard isReadable, let mask = runs.mask(width: width, height: height) else {
      throw Flaw("mask: the runs do not fill its size")
    }
    return mask
  }

  private static func lastPart(_ path: String) -> String {
    path.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? path
  }

  /// The number at the end of a name, as in `frame_000012`.
  private static func trailingNumber(in name: String) -> Int? {
    var digits: [Character] = []
    for character in name.reversed() {
      guard character.isASCII, character.isNumber else { break }
      digits.append(character)
    }
    return digits.isEmpty || digits.count > 18 ? nil : Int(String(digits.reversed()))
  }
}

extension SourceIdentity {
  /// The id that an attribute is; else the one of an object, which is -1 for none.
  fileprivate init(_ attribute: JSONValue?, or object: JSONValue?) {
    if let number = attribute?.integer {
      self = .number(number)
    } else if let text = attribute?.text, !text.isEmpty {
      self = .text(text)
    } else if let number = object?.integer, number >= 0 {
      self = .number(number)
    } else {
      self = .none
    }
  }
}

extension DatumaroContent {
  // MARK: Videos

  /// Turns what was read into videos and lets go of it on the way.
  mutating func dataset(format: String, dialect: String) -> Dataset {
    for (type, count) in skipped.sorted(by: { $0.key < $1.key }) {
      report.addNote("\(count) annotation(s) of the type \(type) are not of a frame of a video")
    }
    let ontology = ontology
    let lifted = facts["track_attributes"]?.elements?.compactMap(\.string) ?? []
    var result: [VideoAnnotations] = []
    if videos.isEmpty { videos = [Video()] }
    for place in videos.indices {
      let video = videos[place]
      videos[place] = Video()
      result.append(annotations(of: video, ontology, lifted: Set(lifted)))
    }
    return Dataset(format: format, dialect: dialect, videos: result, report: report)
  }

  private var ontology: Ontology {
    var joints: Set<String> = []
    for label in labels { joints.formUnion(label.joints) }
    return Ontology(
      categories: labels.enumerated().filter {
        // The classes of joints, as CVAT declares them, are no classes of objects.
        $0.element.parent.isEmpty || !joints.contains($0.element.name)
      }.map { place, label in
        Ontology.Category(
          name: label.name, sourceID: String(place), joints: label.joints, edges: label.edges)
      })
  }

  /// The frames of the items: their numbers, or their places where a number is missing or double.
  private mutating func frames(of video: Video) -> [FrameIndex] {
    let numbers = video.items.compactMap(\.number)
    guard numbers.count == video.items.count, Set(numbers).count == numbers.count else {
      if video.items.count > 1 {
        report.addNote(
          "the items do not all say which frame they are; they are taken in the order of the file")
      }
      return Array(video.items.indices)
    }
    let base = LabelFormats.safeBase(options.base) ?? 0
    return numbers.map { $0 - base }
  }

  private mutating func annotations(
    of video: Video, _ ontology: Ontology, lifted: Set<String>
  ) -> VideoAnnotations {
    let frames = frames(of: video)
    var result = VideoAnnotations(
      name: facts["video_name"]?.string ?? video.name,
      base: LabelFormats.safeBase(options.base) ?? 0,
      ontology: ontology)
    if video.sizes.count == 1, let size = video.sizes.first {
      (result.width, result.height) = (size[0], size[1])
    }
    result.frameCount = facts["frame_count"]?.integer.flatMap {
      1...LabelFormats.maximumFrame ~= $0 ? $0 : nil
    }
    result.frameRate = facts["frame_rate"]?.number.flatMap { $0 > 0 && $0 <= 10_000 ? $0 : nil }
    let known = Set(frames.filter { $0 >= 0 })
    result.annotated = .only(known)
    if let count = result.frameCount, known.count == count, known.allSatisfy({ $0 < count }) {
      result.annotated = .all
    }
    for (place, item) in video.items.enumerated() where !item.image.isEmpty && frames[place] >= 0 {
      // Stems say no more than the frame does.
      let isPlain = item.image == Datumaro.imageName(of: frames[place])
      if !isPlain { result.imageNames[frames[place]] = item.image }
    }
    result.ranges = video.tags.compactMap { tag in
      guard frames[tag.item] >= 0 else { return nil }
      var range = tag.range
      range.range = FrameRange(frames[tag.item], frames[tag.item] + 1)
      return range
    }
    result.tracks = tracks(of: video, frames, lifted: lifted)
    return result
  }

  private mutating func tracks(
    of video: Video, _ frames: [FrameIndex], lifted: Set<String>
  ) -> [Track] {
    var slots = IdentitySlots()
    var groups: [(instances: [Instance], labels: [Int32], outside: [FrameIndex])] = []
    for entry in video.entries {
      let frame = frames[Int(entry.item)]
      guard frame >= 0 else {
        report.addBadRow(
          line: Int(entry.instance?.line ?? 0), "the frame lies before the first frame of the video"
        )
        continue
      }
      let slot = Int(slots.slot(of: entry.track))
      while groups.count <= slot { groups.append(([], [], [])) }
      guard var instance = entry.instance else {
        groups[slot].outside.append(frame)
        continue
      }
      instance.frame = frame
      groups[slot].instances.append(instance)
      groups[slot].labels.append(entry.label)
    }
    var classes = ClassedTracks()
    let names = labels.map(\.name)
    var loneCount = 0
    var tracks: [Track] = []
    for (slot, group) in groups.enumerated() where !group.instances.isEmpty {
      let spelling = slots.identities[slot].spelling
      if spelling == nil { loneCount += 1 }
      let made = classes.tracks(
        id: spelling ?? "#\(loneCount)", isTracked: spelling != nil, instances: group.instances,
        classes: group.labels
      ) { names.indices.contains(Int($0)) ? names[Int($0)] : "" }
      for track in made { tracks.append(finished(track, outside: group.outside, lifted: lifted)) }
    }
    classes.note(in: &report)
    return tracks
  }

  /// Moves the attributes of the whole track and those of its group up, and adds absences.
  private func finished(
    _ track: Track, outside: [FrameIndex], lifted: Set<String>
  ) -> Track {
    var attributes = track.attributes
    var instances = track.instances
    for name in lifted.union([ReservedAttribute.group]) {
      guard let value = instances.first?.attributes[name],
        instances.allSatisfy({ $0.attributes[name] == value })
      else { continue }
      attributes[name] = value
      for place in instances.indices { instances[place].attributes[name] = nil }
    }
    var absences: [FrameRange] = []
    let present = instances.map(\.frame).sorted()
    for frame in Set(outside).sorted() where absences.last.map({ frame >= $0.end }) ?? true {
      let next = present.first { $0 >= frame } ?? .max
      if frame < next { absences.append(FrameRange(frame, next)) }
    }
    return Track(
      id: track.id, className: track.className, isTracked: track.isTracked, instances: instances,
      absences: absences, attributes: attributes)
  }
}
