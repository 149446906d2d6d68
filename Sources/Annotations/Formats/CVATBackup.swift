public import Foundation
import Timeline

/// CVAT's backup of a task or project: a folder (or zip) with `task.json` and `annotations.json`.
///
/// **Frames** count within the task: frame k is the source's `start_frame` + k times the step.
///
/// **Tracks** hold key frames only, the joints of a skeleton each their own. The frames between are
/// filled in by CVAT's rule as `interpolated`, and a track that is not declared outside goes on to
/// the last frame of its job. Shapes by themselves are lone detections, tags labels of one frame.
///
/// **The manifest** `data/manifest.jsonl` gives the name, size and length of the video, or the names
/// of the images. A file `annotations.json` is read with what lies beside it. What CVAT's web
/// interface answers to a request for annotations is the same with numbers in the place of names.
public enum CVATBackup: LabelFormat {
  /// See ``LabelFormat/id``.
  public static let id = "cvat-backup"
  /// See ``LabelFormat/summary``.
  public static let summary = "CVAT backup of a task or project (annotations.json, also in a zip)"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "Frames count within the task; start_frame and frame_filter of task.json give the"
      + " source's.",
    traps: [
      "Tracks hold key frames only; the frames between are filled in by CVAT's rule.",
      "A track that never ends goes on to the end of its job.",
      "Every job has its own labels: a track across two jobs is two.",
    ])

  /// See ``LabelFormat/matches(head:path:)``.
  public static func matches(head: Data, path: String) -> Bool {
    guard let first = head.first(where: { $0 > 32 && $0 < 128 }),
      first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
    else { return false }
    let text = String(decoding: head, as: UTF8.self)
    return text.contains("\"tags\"") && text.contains("\"shapes\"")
      && (text.contains("\"tracks\"") || text.contains("\"z_order\""))
      && !text.contains("\"categories\"")
  }

  /// See ``LabelFormat/matches(folder:)``.
  public static func matches(folder: LabelFolder) -> Bool { !tasks(in: folder).isEmpty }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    guard let folder = LabelFolder(path: path) else {
      _ = try LabelFormats.head(of: path)
      let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
      var dataset = try task(annotations: path, folder: parent, options: options)
      dataset.format = id
      return dataset
    }
    let tasks = tasks(in: folder)
    guard let first = tasks.first else {
      throw LabelError(
        .wrongFormat, path: path,
        "there is no task.json with an annotations.json beside it; name a backup of CVAT")
    }
    var dataset = try task(in: folder.path(of: first), options)
    for next in tasks.dropFirst() {
      let more = try task(in: folder.path(of: next), options)
      dataset.videos += more.videos
      dataset.report.add(more.report)
    }
    dataset.format = id
    return dataset
  }

  /// The folders of tasks within a backup; empty for none, `.` for the backup of one task.
  private static func tasks(in folder: LabelFolder) -> [String] {
    let files = Set(folder.files)
    if files.contains("task.json"), files.contains("annotations.json") { return ["."] }
    guard files.contains("project.json") else { return [] }
    let numbered = folder.files.compactMap { file -> (number: Int, name: String)? in
      let parts = file.split(separator: "/")
      guard parts.count == 2, parts[1] == "task.json", parts[0].hasPrefix("task_"),
        files.contains(parts[0] + "/annotations.json")
      else { return nil }
      return (Int(parts[0].dropFirst(5)) ?? .max, String(parts[0]))
    }
    return numbered.sorted { ($0.number, $0.name) < ($1.number, $1.name) }.map(\.name)
  }

  private static func task(
    in folder: String, _ options: ReadOptions
  ) throws(LabelError) -> Dataset {
    try task(annotations: folder + "/annotations.json", folder: folder, options: options)
  }

  private static func task(
    annotations path: String, folder: String, options: ReadOptions
  ) throws(LabelError) -> Dataset {
    var task = CVATMeta.Task()
    var content = CVATContent(options: options)
    var jobs: [Int] = []
    let description = folder + "/task.json"
    if FileManager.default.fileExists(atPath: description) {
      var json = try JSONReader.open(path: description)
      let value = try json.value()
      task.name = value["name"]?.string ?? ""
      task.startFrame = frame(value["data"]?["start_frame"])
      task.stopFrame = frame(value["data"]?["stop_frame"])
      task.step = CVATMeta.step(in: value["data"]?["frame_filter"]?.string ?? "")
      jobs = (value["jobs"]?.elements ?? []).map { frame($0["stop_frame"]) ?? -1 }
      var labels = value["labels"]?.elements ?? []
      // The labels of a task of a project stand in the project.
      let project = folder + "/../project.json"
      if labels.isEmpty, FileManager.default.fileExists(atPath: project) {
        var json = try JSONReader.open(path: project)
        labels = try json.value()["labels"]?.elements ?? []
      }
      for label in labels { content.meta.add(label: label) }
    }
    let manifest = try Manifest(path: folder + "/data/manifest.jsonl")
    task.source = manifest.name ?? ""
    (task.width, task.height) = (manifest.width, manifest.height)
    content.meta.add(task: task)
    content.finishMeta()
    var reader = CVATAnnotations(content: content, task: task)
    var json = try JSONReader.open(path: path)
    switch try json.kind() {
    case .object:
      reader.lastFrame = jobs.count == 1 && jobs[0] >= 0 ? jobs[0] : nil
      try reader.read(&json)
    case .array:
      var job = 0
      guard try json.beginArray() else { break }
      while try json.nextElement() {
        reader.lastFrame = job < jobs.count && jobs[job] >= 0 ? jobs[job] : nil
        try reader.read(&json)
        job += 1
      }
    default:
      throw LabelError(
        .wrongFormat, path: path, "this is no list of annotations as CVAT writes it")
    }
    var dataset = reader.dataset()
    dataset.dialect = "CVAT backup"
    for place in dataset.videos.indices {
      dataset.videos[place].quantum = 0
      if let length = manifest.length { dataset.videos[place].frameCount = length }
      dataset.videos[place].imageNames = manifest.images
    }
    return dataset
  }

  private static func frame(_ value: JSONValue?) -> Int? {
    value?.integer.flatMap { 0...LabelFormats.maximumFrame ~= $0 ? $0 : nil }
  }

  /// What the manifest says about the frames.
  private struct Manifest {
    var name: String?
    var width: Int?
    var height: Int?
    var length: Int?
    var images: [FrameIndex: String] = [:]

    /// Reads the manifest at `path`; empty where there is none.
    init(path: String) throws(LabelError) {
      guard FileManager.default.fileExists(atPath: path) else { return }
      var manifest = self
      var sizes: Set<[Int]> = []
      try ByteLines.forEach(in: path) { line throws(LabelError) in
        guard line.bytes.first == UInt8(ascii: "{") else { return }
        var json = JSONReader.open(line.bytes, path: path, line: line.number)
        let value = try json.value()
        if let properties = value["properties"] {
          manifest.name = properties["name"]?.string
          let size = properties["resolution"]?.numbers?.compactMap { Int(exactly: $0) } ?? []
          if size.count == 2 { sizes.insert(size) }
          manifest.length = properties["length"]?.integer.flatMap {
            1...LabelFormats.maximumFrame ~= $0 ? $0 : nil
          }
        } else if let name = value["name"]?.string {
          manifest.images[manifest.images.count] = name + (value["extension"]?.string ?? "")
          if let width = value["width"]?.integer, let height = value["height"]?.integer {
            sizes.insert([width, height])
          }
        }
      }
      self = manifest
      if sizes.count == 1, let size = sizes.first, size.allSatisfy({ 1...1_000_000 ~= $0 }) {
        (width, height) = (size[0], size[1])
      }
    }
  }
}
