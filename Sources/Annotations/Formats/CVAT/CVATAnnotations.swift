import Timeline

/// Reads tags, shapes and tracks as CVAT's backups and its web interface write them in JSON.
///
/// Frames count from the first frame of the task, in its steps. Tracks hold key frames only.
struct CVATAnnotations {
  /// What was read; its frames are those of the source.
  private(set) var content: CVATContent

  private let task: CVATMeta.Task
  /// The last frame of the job whose labels are read, counted within the task.
  var lastFrame: Int?
  private var loneCount = 0
  private var unnamedCount = 0

  /// Prepares to read the labels of a task whose meta data `content` has.
  init(content: CVATContent, task: CVATMeta.Task) {
    self.content = content
    self.task = task
  }

  /// Why an entry cannot be used.
  private struct Flaw: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// Reads one object with `tags`, `shapes` and `tracks`.
  mutating func read(_ json: inout JSONReader) throws(LabelError) {
    guard try json.beginObject() else { return }
    while let key = try json.nextKey() {
      guard ["tags", "shapes", "tracks"].contains(key), try json.kind() == .array,
        try json.beginArray()
      else {
        try json.skip()
        continue
      }
      while try json.nextElement() {
        let line = json.line
        let value = try json.value()
        do throws(Flaw) {
          switch key {
          case "tags": try take(tag: value, line: line)
          case "shapes": try take(shape: value, line: line)
          default: try take(track: value, line: line)
          }
        } catch {
          content.addBadRow(line, "\(key.dropLast()): \(error.reason)")
        }
      }
    }
  }

  /// What was read as a dataset of one video.
  mutating func dataset() -> Dataset {
    if unnamedCount > 0 {
      content.report.addNote(
        "\(unnamedCount) label(s) are given by a number only; the classes are called after it")
    }
    content.holdsKeyFramesOnly = true
    return content.dataset()
  }

  // MARK: Entries

  private mutating func take(tag: JSONValue, line: Int) throws(Flaw) {
    content.report.rowCount += 1
    content.add(
      CVATTag(
        frame: try frame(tag), taskID: task.id, label: try label(tag),
        origin: content.origin(of: tag["source"]?.string), group: group(tag),
        line: Int32(clamping: line), attributes: attributes(tag)))
  }

  private mutating func take(shape: JSONValue, line: Int) throws(Flaw) {
    content.report.rowCount += 1
    let label = try label(shape)
    var open = try self.open(
      shape, frame: try frame(shape), line: line, origin: shape["source"]?.string)
    // A shape by itself is no key frame, and its group belongs to the object.
    open.head.isKeyFrame = nil
    open.head.group = ""
    if open.geometry == nil {
      for element in shape["elements"]?.elements ?? [] {
        try add(element, to: &open, class: label, line: line)
      }
      guard !open.joints.isEmpty else { throw Flaw("there are no joints") }
    }
    loneCount += 1
    var track = content.newTrack(
      id: "#\(loneCount)", label: label, taskID: task.id, source: shape["source"]?.string,
      group: group(shape), isTracked: false)
    track.add(open, nodes: content.nodes(of: label))
    content.add(track)
  }

  private mutating func take(track: JSONValue, line: Int) throws(Flaw) {
    let label = try label(track)
    let source = track["source"]?.string
    var made = content.newTrack(
      id: track["id"]?.text ?? String(content.tracks.count), label: label, taskID: task.id,
      source: source, group: group(track))
    made.holdsUntil = lastFrame.map { task.frame($0) }
    let own = attributes(track)
    var opens: [CVATOpenShape] = []
    for shape in track["shapes"]?.elements ?? [] {
      content.report.rowCount += 1
      do throws(Flaw) {
        var open = try self.open(shape, frame: try frame(shape), line: line, origin: source)
        open.attributes = own + open.attributes
        opens.append(open)
      } catch {
        content.addBadRow(line, "shape of a track: \(error.reason)")
      }
    }
    // CVAT says an attribute where it changes, and it holds from there on.
    opens.sort { $0.head.frame < $1.head.frame }
    for place in opens.indices.dropFirst() {
      let known = Set(opens[place].attributes.map(\.name))
      opens[place].attributes += opens[place - 1].attributes.filter { !known.contains($0.name) }
    }
    let elements = track["elements"]?.elements ?? []
    if !elements.isEmpty {
      opens = try skeletons(opens, elements, class: label, line: line)
    }
    let nodes = content.nodes(of: label)
    for open in opens { made.add(open, nodes: nodes) }
    for bad in made.finish(nodes: nodes) {
      content.addBadRow(bad, "skeleton: there are no joints")
    }
    content.add(made)
  }

  // MARK: Skeletons

  private mutating func add(
    _ element: JSONValue, to open: inout CVATOpenShape, class name: String, line: Int
  ) throws(Flaw) {
    let label = try label(element)
    let joint = try self.open(element, frame: open.head.frame, line: line, origin: nil)
    guard case .points(let points) = joint.geometry, let position = points.first else {
      throw Flaw("a joint is one place")
    }
    try note(label, of: name)
    open.joints[label] = CVATJoint(
      position: position, head: joint.head, attributes: joint.attributes)
  }

  private mutating func note(_ joint: String, of name: String) throws(Flaw) {
    do throws(CVATValueError) { try content.noteNode(joint, of: name) } catch {
      throw Flaw(error.reason)
    }
  }

  /// Puts the joints of a skeleton, each of which has key frames of its own, together: a key frame
  /// of the whole wherever a joint or the skeleton has one.
  private mutating func skeletons(
    _ heads: [CVATOpenShape], _ elements: [JSONValue], class name: String, line: Int
  ) throws(Flaw) -> [CVATOpenShape] {
    var joints: [(name: String, keys: [CVATOpenShape])] = []
    for element in elements {
      let label = try label(element)
      try note(label, of: name)
      var keys: [CVATOpenShape] = []
      for shape in element["shapes"]?.elements ?? [] {
        do throws(Flaw) {
          keys.append(try open(shape, frame: try frame(shape), line: line, origin: nil))
        } catch {
          content.addBadRow(line, "joint: \(error.reason)")
        }
      }
      joints.append((label, keys.sorted { $0.head.frame < $1.head.frame }))
    }
    var heads = heads
    let known = Set(heads.map(\.head.frame))
    for frame in Set(joints.flatMap { $0.keys.map(\.head.frame) }).subtracting(known) {
      var head = CVATOpenShape(
        head: CVATShapeHead(
          frame: frame, isOutside: false, isKeyFrame: true, zOrder: 0, group: "",
          line: Int32(clamping: line)),
        label: name, origin: .unknown)
      // What the skeleton says holds on, until it says something else.
      if let before = heads.filter({ known.contains($0.head.frame) && $0.head.frame < frame })
        .max(by: { $0.head.frame < $1.head.frame })
      {
        head.attributes = before.attributes
        head.head.zOrder = before.head.zOrder
      }
      heads.append(head)
    }
    heads.sort { $0.head.frame < $1.head.frame }
    for place in heads.indices {
      heads[place].head.isOccluded = nil
      for joint in joints {
        if let state = Self.state(of: joint.keys, at: heads[place].head.frame) {
          heads[place].joints[joint.name] = state
        }
      }
    }
    return heads.filter { !$0.joints.isEmpty }
  }

  /// A joint in a frame by its key frames: on the line between two, or where the last one left it.
  private static func state(of keys: [CVATOpenShape], at frame: FrameIndex) -> CVATJoint? {
    let next = keys.partitioningIndex { $0.head.frame > frame }
    guard next > 0 else { return nil }
    let key = keys[next - 1]
    guard case .points(let places) = key.geometry, var position = places.first else { return nil }
    if next < keys.count, !key.head.isOutside, case .points(let goals) = keys[next].geometry,
      let goal = goals.first
    {
      let distance = Double(keys[next].head.frame - key.head.frame)
      position = position.mixed(with: goal, Double(frame - key.head.frame) / distance)
    }
    return CVATJoint(position: position, head: key.head, attributes: key.attributes)
  }

  // MARK: Values

  private func frame(_ value: JSONValue) throws(Flaw) -> FrameIndex {
    guard let frame = value["frame"]?.integer, 0...LabelFormats.maximumFrame ~= frame,
      task.frame(frame) <= LabelFormats.maximumFrame
    else { throw Flaw("the frame is no frame number") }
    return task.frame(frame)
  }

  private mutating func label(_ value: JSONValue) throws(Flaw) -> String {
    if let label = value["label"]?.string, !label.isEmpty { return label }
    guard let id = value["label_id"]?.text else { throw Flaw("the label is missing") }
    unnamedCount += 1
    return "label \(id)"
  }

  private func group(_ value: JSONValue) -> String {
    let group = value["group"]?.text ?? ""
    return group == "0" ? "" : group
  }

  private func attributes(_ value: JSONValue) -> [CVATTrack.Attribute] {
    (value["attributes"]?.elements ?? []).compactMap { attribute in
      guard let name = attribute["name"]?.text ?? attribute["spec_id"]?.text,
        let value = attribute["value"]?.text
      else { return nil }
      return CVATTrack.Attribute(name: name, value: value)
    }
  }

  private func open(
    _ value: JSONValue, frame: FrameIndex, line: Int, origin: String?
  ) throws(Flaw) -> CVATOpenShape {
    let type = value["type"]?.string ?? "points"
    let head = CVATShapeHead(
      frame: frame, isOutside: value["outside"]?.boolean ?? false, isKeyFrame: true,
      isOccluded: value["occluded"]?.boolean, zOrder: value["z_order"]?.integer ?? 0,
      group: group(value), line: Int32(clamping: line))
    var open = CVATOpenShape(
      head: head, label: "", origin: content.origin(of: origin), attributes: attributes(value))
    if type != "skeleton" {
      guard let numbers = value["points"]?.numbers, numbers.allSatisfy({ abs($0) <= 1e9 }) else {
        throw Flaw("the points are no list of numbers")
      }
      open.geometry = try shape(type, numbers, degrees: value["rotation"]?.number ?? 0)
    }
    // People's labels have the score 1, which says nothing.
    if origin != "manual", origin != "file", let score = value["score"]?.number, score.isFinite {
      open.confidence = score
    }
    return open
  }

  private func shape(
    _ type: String, _ numbers: [Double], degrees: Double
  ) throws(Flaw) -> Shape {
    let angle = abs(degrees) <= 1e6 ? degrees * .pi / 180 : 0
    func points() throws(Flaw) -> [Point] {
      guard !numbers.isEmpty, numbers.count % 2 == 0 else {
        throw Flaw("the points are no list of x and y")
      }
      return stride(from: 0, to: numbers.count, by: 2).map { Point(numbers[$0], numbers[$0 + 1]) }
    }
    switch type {
    case "rectangle" where numbers.count == 4:
      let box = Box(
        left: numbers[0], top: numbers[1], width: numbers[2] - numbers[0],
        height: numbers[3] - numbers[1])
      guard angle != 0 else { return .box(box) }
      return .rotatedBox(
        RotatedBox(center: box.center, width: box.width, height: box.height, angle: angle))
    case "ellipse" where numbers.count == 4:
      return .ellipse(
        Ellipse(
          center: Point(numbers[0], numbers[1]), radiusX: numbers[2] - numbers[0],
          radiusY: numbers[1] - numbers[3], angle: angle))
    case "polygon": return .polygon(Polygon(try points()))
    case "polyline": return .polyline(try points())
    case "points": return .points(try points())
    case "cuboid" where numbers.count == 16:
      let list = try points()
      var corners = list
      for (place, own) in CVATShape.cuboidPlaces.enumerated() { corners[own] = list[place] }
      return .cuboid(corners)
    case "mask" where numbers.count > 4:
      // The runs, then the edges of the crop, of which right and bottom belong to it.
      let edges = numbers.suffix(4).map { Int($0) }
      let runs = numbers.dropLast(4).map { Int32(exactly: $0) ?? -1 }
      guard
        let mask = Mask(
          left: edges[0], top: edges[1], width: edges[2] - edges[0] + 1,
          height: edges[3] - edges[1] + 1, runs: runs)
      else { throw Flaw("the runs of the mask do not fill its crop") }
      return .mask(mask)
    default: throw Flaw("\(type) with \(numbers.count) numbers is no shape")
    }
  }
}

extension CVATMeta.Task {
  /// The frame of the source that the `place`-th frame of the task is.
  func frame(_ place: Int) -> FrameIndex { (startFrame ?? 0) + place * step }
}
