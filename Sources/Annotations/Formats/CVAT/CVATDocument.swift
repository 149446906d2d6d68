import Timeline

/// Follows the events of the XML and gathers tracks.
struct CVATDocument {
  /// What an open element is to the reader.
  private enum Element {
    case root, version, meta, insideMeta, track, jointTrack, image, shape, tag, joint
    case attribute, jointAttribute, ignored
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
  private var joint: CVATJoint?
  private var image: OpenImage?
  private var shape: CVATOpenShape?
  private var tag: CVATTag?

  /// Creates the reader of one file.
  init(options: ReadOptions) { content = CVATContent(options: options) }

  /// Everything that was read.
  mutating func dataset() -> Dataset { content.dataset() }

  /// Whether the text of the innermost element is read.
  var wantsText: Bool {
    switch stack.last {
    case .insideMeta, .attribute, .jointAttribute, .version: true
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
      if name == "tag", image != nil {
        startTag(attributes)
        return .tag
      }
    case .shape, .tag:
      if name == "attribute" {
        attributeName = attributes["name"] ?? ""
        text = ""
        return .attribute
      }
      if CVATShape.names.contains(name), tag == nil {
        if shape?.geometry == nil {
          jointLabel = attributes["label"] ?? ""
          startJoint(name, attributes, frame: shape?.head.frame)
        }
        return .joint
      }
    case .jointTrack:
      if CVATShape.names.contains(name) {
        startJoint(name, attributes, frame: nil)
        return .joint
      }
    case .joint:
      if name == "attribute" {
        attributeName = attributes["name"] ?? ""
        text = ""
        return .jointAttribute
      }
    case .ignored, .version, .attribute, .jointAttribute: return .ignored
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
      let attribute = CVATTrack.Attribute(name: attributeName, value: text)
      if tag == nil {
        shape?.attributes.append(attribute)
      } else {
        tag?.attributes.append(attribute)
      }
    case .jointAttribute:
      joint?.attributes.append(CVATTrack.Attribute(name: attributeName, value: text))
    case .joint: endJoint()
    case .tag:
      if let tag { content.add(tag) }
      tag = nil
    case .shape: endShape()
    case .track:
      if let finished = track { content.add(finished) }
      track = nil
    case .image: image = nil
    case .root, .jointTrack, .ignored: break
    }
  }

  private mutating func startTrack(_ attributes: XMLAttributes) -> Element {
    track = content.newTrack(
      id: attributes["id"], label: attributes["label"], taskID: attributes["task_id"],
      source: attributes["source"], group: CVATShape.group(attributes))
    return .track
  }

  private mutating func startImage(_ attributes: XMLAttributes) -> Element {
    do {
      let frame = try CVATShape.frame("id", attributes)
      let taskID = attributes["task_id"] ?? ""
      image = OpenImage(frame: frame, taskID: taskID)
      content.addImage(
        frame: frame, taskID: taskID, name: attributes["name"],
        width: attributes["width"].flatMap { Int($0) },
        height: attributes["height"].flatMap { Int($0) })
      return .image
    } catch {
      content.addBadRow(line, "image: \(error.reason)")
      return .ignored
    }
  }

  private mutating func startTag(_ attributes: XMLAttributes) {
    content.report.rowCount += 1
    guard let image, let label = attributes["label"], !label.isEmpty else {
      content.addBadRow(line, "tag: the label is missing")
      return
    }
    tag = CVATTag(
      frame: image.frame, taskID: image.taskID, label: label,
      origin: content.origin(of: attributes["source"]), group: CVATShape.group(attributes),
      line: Int32(clamping: line))
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
    } catch {
      content.addBadRow(line, "\(name): \(error.reason)")
    }
  }

  private mutating func startJoint(
    _ name: String, _ attributes: XMLAttributes, frame: Int?
  ) {
    joint = nil
    // The skeleton around it is bad and counted already.
    guard shape != nil || frame == nil && track != nil else { return }
    do throws(CVATValueError) {
      guard !jointLabel.isEmpty else { throw CVATValueError(reason: "the label is missing") }
      let head = try CVATShape.head(attributes, frame: frame, line: Int32(clamping: line))
      guard case .points(let points) = try CVATShape.shape(name, attributes),
        points.count == 1, let position = points.first
      else { throw CVATValueError(reason: "a joint is one place") }
      try content.noteNode(jointLabel, of: track?.className ?? shape?.label ?? "")
      joint = CVATJoint(position: position, head: head)
    } catch {
      content.addBadRow(line, "joint: \(error.reason)")
    }
  }

  private mutating func endJoint() {
    guard let joint else { return }
    self.joint = nil
    if shape != nil {
      shape?.joints[jointLabel] = joint
    } else {
      track?.add(joint, label: jointLabel)
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
