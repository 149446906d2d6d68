import Foundation
import Timeline

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Follows the events of the XML parser and gathers tracks.
final class CVATDocument: NSObject, XMLParserDelegate {
  /// What an open element is to the reader.
  private enum Element {
    case root, version, meta, insideMeta, track, jointTrack, image, shape, joint, attribute
    case ignored
  }

  /// A shape whose element is open; nil geometry means a skeleton.
  private struct OpenShape {
    var head: CVATShapeHead
    var geometry: Shape?
    var label: String
    var origin: Origin
    var joints: [String: CVATJoint] = [:]
    var attributes: [CVATTrack.Attribute] = []
  }

  /// An image of "CVAT for images".
  private struct OpenImage {
    var frame: Int
    var taskID: String
    var shapeCount = 0
  }

  /// Why the file as a whole cannot be used.
  private(set) var failure: LabelError?
  /// Whether the root element was right.
  private(set) var sawRoot = false
  /// The line of the last event.
  private(set) var line = 0

  private let path: String
  private var content: CVATContent
  private var stack: [Element] = []
  private var names: [String] = []
  private var text = ""
  private var attributeName = ""
  private var track: CVATTrack?
  private var jointLabel = ""
  private var image: OpenImage?
  private var shape: OpenShape?

  /// Creates the reader of one file.
  init(path: String, options: ReadOptions) {
    self.path = path
    content = CVATContent(options: options)
  }

  /// Everything that was read.
  func dataset() -> Dataset { content.dataset() }

  // MARK: Events

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    guard failure == nil else { return }
    line = parser.lineNumber
    let element = start(name, attributes)
    if failure != nil { parser.abortParsing() }
    stack.append(element)
    // Names are kept for the message on a broken file; nesting itself is bounded by memory.
    if names.count < 64 { names.append(name) }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
    qualifiedName: String?
  ) {
    guard failure == nil, let element = stack.popLast() else { return }
    line = parser.lineNumber
    if stack.count < names.count { names.removeLast() }
    end(element)
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    switch stack.last {
    case .insideMeta, .attribute, .version: text += string
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCDATA block: Data) {
    self.parser(parser, foundCharacters: String(decoding: block, as: UTF8.self))
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
    guard failure == nil else { return }
    line = max(1, parser.lineNumber)
    let meaning = XMLText.meaning(ofError: (error as NSError).code)
    guard sawRoot else {
      failure = LabelError(
        .wrongFormat, path: path, line: line,
        "this is not the XML that CVAT exports: \(meaning)")
      return
    }
    let place = names.last.map { " inside <\($0)>" } ?? ""
    failure = LabelError(
      .damaged, path: path, line: line,
      "\(meaning)\(place); copy the file again or export it again")
  }

  // MARK: Elements

  private func start(_ name: String, _ attributes: [String: String]) -> Element {
    switch stack.last {
    case nil:
      guard name == "annotations" else {
        failure = LabelError(
          .wrongFormat, path: path, line: line,
          "the root element is <\(name)>, where CVAT writes <annotations>")
        return .ignored
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

  private func end(_ element: Element) {
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

  private func startTrack(_ attributes: [String: String]) -> Element {
    track = content.newTrack(
      id: attributes["id"], label: attributes["label"], taskID: attributes["task_id"],
      source: attributes["source"])
    return .track
  }

  private func startImage(_ attributes: [String: String]) -> Element {
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

  private func startShape(_ name: String, _ attributes: [String: String]) {
    content.report.rowCount += 1
    image?.shapeCount += 1
    shape = nil
    do {
      let head = try CVATShape.head(
        attributes, frame: image?.frame, line: Int32(clamping: line))
      shape = OpenShape(
        head: head,
        geometry: name == "skeleton" ? nil : try CVATShape.shape(name, attributes),
        label: attributes["label"] ?? "", origin: content.origin(of: attributes["source"]))
      if track != nil { content.countKeyFrame(head.isKeyFrame) }
      if name == "cuboid" { content.cuboidCount += 1 }
    } catch {
      content.addBadRow(line, "\(name): \(error.reason)")
    }
  }

  private func startJoint(
    _ name: String, _ attributes: [String: String], label: String?, frame: Int?
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

  private func endShape() {
    guard let shape else { return }
    self.shape = nil
    if track != nil {
      add(shape, to: &track)
    } else if let image {
      content.addImageShape(
        label: shape.label, taskID: image.taskID, frame: image.frame,
        number: image.shapeCount, origin: shape.origin,
        trackID: shape.attributes.first { $0.name == "track_id" }?.value
      ) { add(shape, to: &$0) }
    }
  }

  private func add(_ shape: OpenShape, to track: inout CVATTrack?) {
    guard let className = track?.className else { return }
    if let geometry = shape.geometry {
      track?.add(geometry, shape.head, shape.attributes)
    } else {
      track?.addSkeleton(
        shape.head, shape.joints, shape.attributes, nodes: content.nodes(of: className))
    }
  }
}
