public import Foundation
import Timeline

/// SLEAP's older labels as JSON: the objects of a `.slp`, with points by the number of their node.
public enum SLEAPJSON: LabelFormat {
  /// The id used after a colon on the command line.
  public static let id = "sleap-json"
  /// One line for the list of formats.
  public static let summary = "SLEAP JSON, its older format of labels"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "frame_idx from 0. The frames that the file lists are the annotated ones.",
    traps: [
      "It is read, not written: SLEAP has written .slp since 2020.",
      "A whole number is the middle of a pixel.",
      "Where a person corrected a prediction, both stand in the file; the person's is read.",
    ])

  private static let offset = 0.5

  /// Tells whether a file is JSON and has the keys of SLEAP near its beginning.
  public static func matches(head: Data, path: String) -> Bool {
    guard head.first(where: { $0 > 32 }) == UInt8(ascii: "{") else { return false }
    func has(_ text: String) -> Bool { head.range(of: Data(text.utf8)) != nil }
    return has(#""skeletons""#)
      && (has("sleap.skeleton") || has(#""_instances""#) || has(#""negative_anchors""#))
  }

  /// Reads a file.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var reading = try Reading(path: path, options: options)
    try reading.readLabels()
    return reading.dataset
  }

  private struct Reading {
    private let path: String
    private let base: Int
    private var report = ReadReport()
    private var classes: [Ontology.Category] = []
    private var nodes: [String] = []
    private var videos: [SLEAPVideo] = []
    private var tracks: [String] = []
    private var objects: [SLEAPObjects] = []
    private var annotated: [[FrameIndex]] = []
    private var hiddenCount = 0
    private var instanceCount = 0

    /// Reads what the labels refer to, wherever it stands in the file.
    init(path: String, options: ReadOptions) throws(LabelError) {
      self.path = path
      base = LabelFormats.safeBase(options.base) ?? 0
      var json = try JSONReader.open(path: path)
      guard try json.beginObject() else { throw Self.wrongFormat(path) }
      var metadata: [JSONValue.Member] = []
      var hasLabels = false
      while let key = try json.nextKey() {
        switch key {
        case "skeletons", "nodes": metadata.append(.init(key: key, value: try json.value()))
        case "videos":
          videos = (try json.value().elements ?? []).map { SLEAPVideo($0) }
        case "tracks":
          tracks = (try json.value().elements ?? []).enumerated().map { place, entry in
            let name = entry.elements.flatMap { $0.count > 1 ? $0[1].text : nil }
            return name ?? entry["name"]?.text ?? "track \(place)"
          }
        default:
          hasLabels = hasLabels || key == "labels"
          try json.skip()
        }
      }
      guard hasLabels, !metadata.isEmpty else { throw Self.wrongFormat(path) }
      let whole = JSONValue.object(metadata)
      classes = SLEAPSkeletons(metadata: whole).classes
      nodes = (whole["nodes"]?.elements ?? []).map { $0["name"]?.text ?? "" }
      objects = videos.map { _ in SLEAPObjects() }
      annotated = videos.map { _ in [] }
    }

    private static func wrongFormat(_ path: String) -> LabelError {
      LabelError(
        .wrongFormat, path: path,
        "there are no skeletons with labels, so this is no SLEAP JSON; name its format after a colon"
      )
    }

    /// Reads the labels, a frame at a time.
    mutating func readLabels() throws(LabelError) {
      var json = try JSONReader.open(path: path)
      guard try json.beginObject() else { return }
      while let key = try json.nextKey() {
        guard key == "labels", try json.beginArray() else {
          if key != "labels" { try json.skip() }
          continue
        }
        while try json.nextElement() {
          let line = json.line
          readFrame(try json.value(), line)
        }
      }
      if hiddenCount > 0 {
        report.addNote(
          "\(hiddenCount) predicted instances that a person corrected are left out")
      }
    }

    /// A number, also where it is written as text.
    private func place(_ value: JSONValue?) -> Int? {
      value?.integer ?? value?.string.flatMap { Int($0) }
    }

    private mutating func readFrame(_ label: JSONValue, _ line: Int) {
      let instances = label["_instances"]?.elements ?? []
      report.rowCount += max(1, instances.count)
      guard let video = place(label["video"]), videos.indices.contains(video) else {
        report.addBadRow(line: line, "a frame is of a video that the file does not list")
        return
      }
      guard let number = place(label["frame_idx"]), number >= base,
        number <= LabelFormats.maximumFrame, number - base <= LabelFormats.maximumFrame
      else {
        report.addBadRow(line: line, "a frame has no usable number")
        return
      }
      annotated[video].append(number - base)
      let people = instances.filter { !isPredicted($0) }
      for instance in instances {
        instanceCount += 1
        if isPredicted(instance), people.contains(where: { stands($0, for: instance) }) {
          hiddenCount += 1
          continue
        }
        if let flaw = add(instance, video: video, frame: number - base, line) {
          report.addBadRow(line: line, flaw)
        }
      }
    }

    private func isPredicted(_ instance: JSONValue) -> Bool { instance["score"] != nil }

    /// Whether a person's instance was made from a prediction or is of its track.
    private func stands(_ person: JSONValue, for prediction: JSONValue) -> Bool {
      if let track = place(person["track"]), track == place(prediction["track"]) { return true }
      guard let source = person["from_predicted"], source["score"] != nil else { return false }
      return source["score"] == prediction["score"] && source["_points"] == prediction["_points"]
    }

    /// Adds an instance, or says what is wrong with it.
    private mutating func add(
      _ instance: JSONValue, video: Int, frame: FrameIndex, _ line: Int
    ) -> String? {
      guard let skeleton = place(instance["skeleton"]), classes.indices.contains(skeleton) else {
        return "an instance has a skeleton that is not listed"
      }
      let track = place(instance["track"]) ?? -1
      guard track < tracks.count else { return "an instance has a track that is not listed" }
      let points = instance["_points"]?.members ?? []
      var joints = classes[skeleton].joints.map {
        Joint(name: $0, position: Point(0, 0), visibility: .absent)
      }
      for point in points {
        guard let node = Int(point.key), nodes.indices.contains(node),
          let place = joints.firstIndex(where: { $0.name == nodes[node] })
        else { return "an instance has a point whose node its skeleton lacks" }
        guard let x = point.value["x"]?.number, let y = point.value["y"]?.number, x.isFinite,
          y.isFinite
        else { continue }
        guard abs(x) < 1e9, abs(y) < 1e9 else {
          return "an instance has a coordinate that no picture has"
        }
        joints[place].position = Point(x + offset, y + offset)
        joints[place].visibility =
          point.value["visible"]?.boolean ?? true ? .visible : .hidden
        joints[place].confidence = point.value["score"]?.number.flatMap { $0.isFinite ? $0 : nil }
      }
      var result = Instance(
        frame: frame, shape: .skeleton(Skeleton(joints: joints)),
        origin: isPredicted(instance) ? .model : .human,
        confidence: instance["score"]?.number.flatMap { $0.isFinite ? $0 : nil },
        line: Int32(clamping: line))
      if let score = instance["tracking_score"]?.number, score.isFinite, score != 0 {
        result.attributes = ["tracking_score": String(score)]
      }
      objects[video].add(
        result, track: max(-1, track), class: Int32(clamping: skeleton), source: instanceCount)
      return nil
    }

    /// What was read.
    var dataset: Dataset {
      let names = SLEAPVideo.names(of: videos)
      return Dataset(
        format: id,
        videos: videos.enumerated().map { place, video in
          VideoAnnotations(
            name: names[place], width: video.width, height: video.height,
            frameCount: video.frameCount, frameRate: video.frameRate, base: base,
            annotated: AnnotatedFrames(annotated[place]),
            ontology: Ontology(categories: classes),
            tracks: objects[place].tracks(
              names: SLEAPObjects.different(tracks), classes: classes.map(\.name)),
            imageNames: video.imageNames)
        }, report: report)
    }
  }
}
