import Timeline

/// Follows the events of the XML and gathers tracks.
struct CVATDocument {
  /// What an open element is to the reader.
  private enum Element {
    case root, version, meta, insideMeta, track, jointTrack, image, shape, joint, attribute
    case ignored
  }

  /// An image of "CVAT for images".
  private struct OpenImage {
    var frame: Int
    var taskID: String
    var shapeCount = 0
  }

  /// Whether the root element was right.
  private(set) var sawRoot = false
  /// The text of the innermost element that wants it.
  var text = ""

  private var content: CVATContent
  private var line = 0
  private var stack: [Element] = []
  private var attributeName = ""
  private var track: CVATTrack?
  private var jointLabel = ""
  private var image: OpenImage?
  private var shape: CVATOpenShape?

  /// Creates the reader of one file.
  init(options: ReadOptions) { content = CVATContent(options: options) }

  /// Everything that was read.
  mutating func dataset() -> Dataset { content.dataset() }

  /// Whether the text of the innermost element is read.
  var wantsText: Bool {
    switch stack.last {
    case .insideMeta, .attribute, .version: true
    default: false
    }
  }

  /// An element begins.
  mutating func start(
    _ name: String, _ attributes: XMLAttributes, line: Int
  ) throws(XMLFault) {
    self.line = line
    stack.append(try element(name, attributes))
  }

  /// The innermost element ends.
  mutating func end() {
    if let element = stack.popLast() { end(element) }
  }

  // MARK: Elements

  private mutating func element(
    _ name: String, _ attributes: XMLAttributes
  ) throws(XMLFault) -> Element {
    switch stack.last {
    case nil:
      guard name == "annotations" else {
        throw XMLFault(
          line: line, reason: "the root element is <\(name)>, where CVAT writes <annotations>")
      }
      sawRoot = true
      return .root
    case .root:
      switch name {
      case "meta": return .meta
      case "version":
        text = ""
        return .version
      case "track": return startTrack(attributes)
      case "image": return startImage(attributes)
      default: break
      }
    case .meta, .insideMeta:
      text = ""
      content.meta.start(name)
      return .insideMeta
    case .track, .image:
      if CVATShape.names.contains(name) {
        startShape(name, attributes)
        return .shape
      }
      if name == "track", track != nil {
        jointLabel = attributes["label"] ?? ""
        return .jointTrack
      }
      if name == "tag" {
        content.tagCount += 1
        return .ignored
      }
    case .shape:
      if name == "attribute" {
        attributeName = attributes["name"] ?? ""
        text = ""
        return .attribute
      }
      if CVATShape.names.contains(name) {
        if shape?.geometry == nil {
          startJoint(name, attributes, label: attributes["label"], frame: shape?.head.frame)
        }
        return .joint
      }
    case .jointTrack:
      if CVATShape.names.contains(name) {
        startJoint(name, attributes, label: jointLabel, frame: nil)
        return .joint
      }
    case .joint:
      if name == "attribute" {
        content.jointAttributeCount += 1
        return .ignored
      }
    case .ignored, .version, .attribute: return .ignored
    }
    content.countUnknown(name)
    return .ignored
  }

  private mutating func end(_ element: Element) {
    switch element {
    case .insideMeta:
      content.meta.end(text)
      text = ""
    case .meta: content.finishMeta()
    case .version: content.version = text.trimmed
    case .attribute:
      shape?.attributes.append(CVATTrack.Attribute(name: attributeName, value: text))
    case .shape: endShape()
    case .track:
      if let finished = track { content.add(finished) }
      track = nil
    case .image: image = nil
    case .root, .jointTrack, .joint, .ignored: break
    }
  }

  private mutating func startTrack(_ attributes: XMLAttributes) -> Element {
    track = content.newTrack(
      id: attributes["id"], label: attributes["label"], taskID: attributes["task_id"],
      source: attributes["source"])
    return .track
  }

  private mutating func startImage(_ attributes: XMLAttributes) -> Element {
    do {
      let frame = try CVATShape.frame("id", attributes)
      let taskID = attributes["task_id"] ?? ""
      image = OpenImage(frame: frame, taskID: taskID)
      content.addImage(
        frame: frame, taskID: taskID, width: attributes["width"].flatMap { Int($0) },
        height: attributes["height"].flatMap { Int($0) })
      return .image
    } catch {
      content.addBadRow(line, "image: \(error.reason)")
      return .ignored
    }
  }

  private mutating func startShape(_ name: String, _ attributes: XMLAttributes) {
    content.report.rowCount += 1
    image?.shapeCount += 1
    shape = nil
    do {
      let head = try CVATShape.head(
        attributes, frame: image?.frame, line: Int32(clamping: line))
      shape = CVATOpenShape(
        head: head,
        geometry: name == "skeleton" ? nil : try CVATShape.shape(name, attributes),
        label: attributes["label"] ?? "", origin: content.origin(of: attributes["source"]))
      if track != nil { content.countKeyFrame(head.isKeyFrame) }
      if name == "cuboid" { content.cuboidCount += 1 }
    } catch {
      content.addBadRow(line, "\(name): \(error.reason)")
    }
  }

  private mutating func startJoint(
    _ name: String, _ attributes: XMLAttributes, label: String?, frame: Int?
  ) {
    // The skeleton around it is bad and counted already.
    guard shape != nil || frame == nil && track != nil else { return }
    do throws(CVATValueError) {
      guard let label, !label.isEmpty else {
        throw CVATValueError(reason: "the label is missing")
      }
      let head = try CVATShape.head(attributes, frame: frame, line: Int32(clamping: line))
      guard case .points(let points) = try CVATShape.shape(name, attributes),
        points.count == 1, let position = points.first
      else { throw CVATValueError(reason: "a joint is one place") }
      let joint = CVATJoint(position: position, head: head)
      content.noteNode(label, of: track?.className ?? shape?.label ?? "")
      if frame == nil {
        track?.add(joint, label: label)
      } else {
        shape?.joints[label] = joint
      }
    } catch {
      content.addBadRow(line, "joint: \(error.reason)")
    }
  }

  private mutating func endShape() {
    guard let shape else { return }
    self.shape = nil
    let nodes = content.nodes(of: track?.className ?? shape.label)
    if track != nil {
      track?.add(shape, nodes: nodes)
    } else if let image {
      content.addImageShape(shape, taskID: image.taskID, number: image.shapeCount, nodes: nodes)
    }
  }
}
