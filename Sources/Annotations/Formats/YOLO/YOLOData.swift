import Foundation
import Yams

/// What a `data.yaml` says about a folder of YOLO labels, as far as the labels need it.
struct YOLOData {
  /// Names of classes by number.
  var names: [Int: String] = [:]
  /// The number of key points and of the values of each, 2 or 3; nil where the labels are no poses.
  var keyPoints: (count: Int, values: Int)?
  /// File names of videos by stem, as this tool writes them; no other tool does.
  var videos: [String: String] = [:]
  /// Names of key points by the number of the class.
  var keyPointNames: [Int: [String]] = [:]

  // More is no description of a data set, and deep nesting could fill the stack.
  private static let maximumSize = 1 << 20
  private static let maximumDepth = 64
  private static let maximumCount = 100_000

  /// Creates an empty description.
  init() {}

  /// Reads a YAML file.
  init(path: String) throws(LabelError) {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw LabelError(.unreadable, path: path, "the file may not be read; check its permissions")
    }
    defer { try? handle.close() }
    guard let data = try? handle.read(upToCount: Self.maximumSize + 1),
      data.count <= Self.maximumSize
    else { throw LabelError(.damaged, path: path, "the file is too large for a data.yaml") }
    guard !Self.isTooDeep(data) else {
      throw LabelError(.damaged, path: path, "the values lie too deep for a data.yaml")
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: String(decoding: data, as: UTF8.self))
    } catch {
      throw LabelError(.damaged, path: path, "the file is no YAML; write it again")
    }
    guard let root, root.mapping != nil else {
      throw LabelError(.wrongFormat, path: path, "this YAML names no classes; name a data.yaml")
    }
    readNames(root["names"])
    if let shape = root["kpt_shape"]?.sequence, shape.count == 2,
      let count = shape[0].int ?? shape[0].float.flatMap({ Int(exactly: $0) }),
      let values = shape[1].int, (1...10_000).contains(count), (2...3).contains(values)
    {
      keyPoints = (count, values)
    }
    readKeyPointNames(root["kpt_names"])
    for (stem, name) in root["videos"]?.mapping?.map({ ($0.key, $0.value) }) ?? [] {
      if let stem = stem.scalar?.string, let name = name.scalar?.string { videos[stem] = name }
    }
  }

  private mutating func readNames(_ node: Node?) {
    if let list = node?.sequence {
      for (place, name) in list.prefix(Self.maximumCount).enumerated() {
        if let text = name.scalar?.string { names[place] = text }
      }
    } else if let map = node?.mapping {
      for (key, name) in map.prefix(Self.maximumCount) {
        if let number = key.scalar.flatMap({ Int($0.string) }), number >= 0,
          let text = name.scalar?.string
        {
          names[number] = text
        }
      }
    }
  }

  private mutating func readKeyPointNames(_ node: Node?) {
    guard let map = node?.mapping else { return }
    for (key, list) in map.prefix(Self.maximumCount) {
      guard let number = key.scalar.flatMap({ Int($0.string) }) else { continue }
      keyPointNames[number] = (list.sequence ?? []).prefix(10_000).compactMap { $0.scalar?.string }
    }
  }

  // Composing goes down with the nesting: brackets, dashes and question marks in one line, and
  // spaces before it, each stand for one level at most.
  private static func isTooDeep(_ data: Data) -> Bool {
    var (brackets, leading, isLeading) = (0, 0, true)
    for byte in data {
      switch byte {
      case 10, 13: (leading, isLeading) = (0, true)
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        brackets += 1
        isLeading = false
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        brackets -= 1
        isLeading = false
      case UInt8(ascii: "-"), UInt8(ascii: "?"): if isLeading { leading += 1 }
      case 32, 9: if isLeading { leading += 1 }
      default: isLeading = false
      }
      if brackets > maximumDepth || leading > 2 * maximumDepth { return true }
    }
    return false
  }
}
