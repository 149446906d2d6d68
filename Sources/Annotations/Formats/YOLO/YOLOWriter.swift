import Foundation
import Timeline

/// Writes a folder of YOLO labels with its `data.yaml`.
struct YOLOWriter {
  private let dataset: Dataset
  private let task: YOLOColumns.Task
  private var names: [String] = []
  private var numbers: [String: Int] = [:]
  private var hasScores = false
  private var keyPointCount = 0
  private var joints: [Int: [String]] = [:]

  // What objects without a class are called: a row has to name one.
  private static let unnamed = "object"

  /// Prepares writing labels that hold nothing but shapes of the task.
  init(_ dataset: Dataset, task: YOLOColumns.Task) {
    self.dataset = dataset
    self.task = task
    for video in dataset.videos {
      for category in video.ontology.categories { addClass(category.name) }
      for track in video.tracks {
        addClass(track.className)
        for instance in track.instances {
          if let name = instance.className { addClass(name) }
          if instance.confidence != nil { hasScores = true }
          guard case .skeleton(let skeleton) = instance.shape else { continue }
          keyPointCount = max(keyPointCount, skeleton.joints.count)
          let number = number(of: instance.className ?? track.className)
          if joints[number] == nil { joints[number] = skeleton.joints.map(\.name) }
        }
      }
    }
  }

  private mutating func addClass(_ name: String) {
    let name = name.isEmpty ? Self.unnamed : name
    guard numbers[name] == nil else { return }
    numbers[name] = names.count
    names.append(name)
  }

  private func number(of name: String) -> Int { numbers[name.isEmpty ? Self.unnamed : name] ?? 0 }

  /// Writes the folder.
  func write(to path: String) throws(LabelError) -> LossReport {
    var losses = LossReport()
    let folder = try FolderOutput(path: path)
    let stems = LabelFormats.fileNames(of: dataset.videos, .folder)
    try folder.write(description(stems), to: "data.yaml")
    for (stem, video) in zip(stems, dataset.videos) {
      try write(video, stem: stem, to: folder, at: path, &losses)
    }
    try folder.finish()
    return losses
  }

  private func description(_ stems: [String]) -> String {
    var text = "path: .\ntrain: images\nval: images\n"
    let named = zip(stems, dataset.videos).compactMap { stem, video in
      video.name.map { "  \(JSONText.string(stem)): \(JSONText.string($0))\n" }
    }
    if !named.isEmpty { text += "videos:\n" + named.joined() }
    text += "names:\n"
    for (number, name) in names.enumerated() { text += "  \(number): \(JSONText.string(name))\n" }
    guard task == .poses else { return text }
    text += "kpt_shape: [\(max(1, keyPointCount)), 3]\n"
    if !joints.isEmpty {
      text += "kpt_names:\n"
      for (number, names) in joints.sorted(by: { $0.key < $1.key }) {
        text += "  \(number): " + JSONText.array(names.map { JSONText.string($0) }) + "\n"
      }
    }
    return text
  }

  private func write(
    _ video: VideoAnnotations, stem: String, to folder: FolderOutput, at path: String,
    _ losses: inout LossReport
  ) throws(LabelError) {
    guard let width = video.width, let height = video.height, width > 0, height > 0 else {
      throw LabelError(
        .incomplete, path: path,
        "YOLO needs the size of the picture; name the video with --video")
    }
    let size = Point(Double(width), Double(height))
    var (frame, text) = (-1, "")
    func flush() throws(LabelError) {
      if frame >= 0 { try folder.write(text, to: "labels/\(stem)_\(frame + 1).txt") }
      text = ""
    }
    var lost = LossReport()
    try video.forEachInstanceByFrame { (track, instance) throws(LabelError) in
      guard instance.frame >= 0, let geometry = geometry(instance.shape, size) else {
        lost.add(.instances)
        return
      }
      if instance.frame != frame {
        try flush()
        frame = instance.frame
      }
      var fields = [String(number(of: instance.className ?? track.className))] + geometry
      if hasScores { fields.append(instance.confidence.map { JSONText.number($0) } ?? "-1") }
      if track.isTracked { fields.append(track.id) }
      text += fields.joined(separator: " ") + "\n"
    }
    // A video without any object would be forgotten.
    if frame < 0 { frame = 0 }
    try flush()
    losses.add(lost)
  }

  private func geometry(_ shape: Shape, _ size: Point) -> [String]? {
    let values: [Double]
    switch shape {
    case .box(let box): values = numbers(of: box, size)
    case .rotatedBox(let box): values = box.corners.flatMap { [$0.x / size.x, $0.y / size.y] }
    case .polygon(let polygon):
      guard polygon.parts.count == 1 else { return nil }
      values = polygon.parts[0].outer.flatMap { [$0.x / size.x, $0.y / size.y] }
    case .skeleton(let skeleton): return pose(skeleton, size)
    default: return nil
    }
    guard values.allSatisfy(\.isFinite) else { return nil }
    return values.map { JSONText.number($0, decimals: 6) }
  }

  private func numbers(of box: Box, _ size: Point) -> [Double] {
    [
      box.center.x / size.x, box.center.y / size.y, box.width / size.x, box.height / size.y,
    ]
  }

  private func pose(_ skeleton: Skeleton, _ size: Point) -> [String]? {
    let known = skeleton.joints.filter { $0.visibility != .absent }.map(\.position)
    let box = Box(around: known) ?? Box(left: 0, top: 0, width: 0, height: 0)
    var values = numbers(of: box, size)
    for place in 0..<max(1, keyPointCount) {
      guard place < skeleton.joints.count, skeleton.joints[place].visibility != .absent else {
        values += [0, 0, 0]
        continue
      }
      let joint = skeleton.joints[place]
      values += [
        joint.position.x / size.x, joint.position.y / size.y, Double(joint.visibility.rawValue),
      ]
    }
    guard values.allSatisfy(\.isFinite) else { return nil }
    return values.map { JSONText.number($0, decimals: 6) }
  }
}
