public import Foundation
import Timeline

/// SLEAP's analysis as text: a row for every instance, with columns for every joint.
public enum SLEAPCSV: WritableFormat {
  /// The id used after a colon on the command line.
  public static let id = "sleap-csv"
  /// One line for the list of formats.
  public static let summary = "SLEAP analysis CSV: track, frame_idx, instance.score, JOINT.x ..."

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "frame_idx from 0.",
    traps: [
      "Frames without instances have no row. Where rows have scores a model looked at every frame;"
        + " else only the frames that have rows count as annotated.",
      "SLEAP itself keeps one untracked instance a frame; its other ones are not in the file.",
      "A whole number is the middle of a pixel.",
      "An empty field is a joint without coordinates.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.skeleton], identity: .text,
    aspects: [.untracked, .duplicates, .confidence, .jointConfidence],
    output: .file(extension: "analysis.csv"))

  private static let offset = 0.5

  /// Tells whether the first line names the columns of SLEAP.
  public static func matches(head: Data, path: String) -> Bool {
    let line = head.prefix { $0 != 10 && $0 != 13 }
    let names = String(decoding: line, as: UTF8.self).split(separator: ",")
    return names.contains("frame_idx") && names.contains { $0.hasSuffix(".x") }
      && (names.contains("instance.score") || names.contains("track"))
  }

  /// The columns of a file.
  private struct Columns {
    var track: Int?
    var frame: Int
    var score: Int?
    var joints: [String] = []
    var x: [Int?] = []
    var y: [Int?] = []
    var scores: [Int?] = []

    init?(_ names: [String]) {
      guard let frame = names.firstIndex(of: "frame_idx") else { return nil }
      self.frame = frame
      track = names.firstIndex(of: "track")
      score = names.firstIndex(of: "instance.score")
      var places: [String: Int] = [:]
      for (column, name) in names.enumerated() where column != score {
        guard let point = name.lastIndex(of: "."), point > name.startIndex else { continue }
        let joint = String(name[..<point])
        let part = name[name.index(after: point)...]
        guard ["x", "y", "score"].contains(part) else { continue }
        let place = places[joint, default: joints.count]
        if place == joints.count {
          places[joint] = place
          joints.append(joint)
          x.append(nil)
          y.append(nil)
          scores.append(nil)
        }
        switch part {
        case "x": x[place] = column
        case "y": y[place] = column
        default: scores[place] = column
        }
      }
    }
  }

  /// Reads a file.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    let base = LabelFormats.safeBase(options.base) ?? 0
    var columns: Columns?
    var report = ReadReport()
    var objects: [(id: String, instances: [Instance])] = []
    var places: [String: Int] = [:]
    var lone: [Instance] = []
    var frames: Set<FrameIndex> = []
    try CSVRows.forEach(in: path) { (fields, line) throws(LabelError) in
      guard let columns else {
        columns = Columns(fields)
        if columns?.joints.isEmpty ?? true {
          throw LabelError(
            .wrongFormat, path: path, line: line,
            "the first row does not name frame_idx and the joints; name the file's format after a"
              + " colon")
        }
        return
      }
      report.rowCount += 1
      func number(_ column: Int?) -> Double? {
        guard let column, column < fields.count, let value = Double(fields[column]),
          value.isFinite
        else { return nil }
        return value
      }
      guard let index = number(columns.frame).flatMap({ Int(exactly: $0) }),
        index >= base, index - base <= LabelFormats.maximumFrame,
        index <= LabelFormats.maximumFrame
      else { return report.addBadRow(line: line, "the frame is no usable number") }
      var joints: [Joint] = []
      for (place, name) in columns.joints.enumerated() {
        guard let x = number(columns.x[place]), let y = number(columns.y[place]) else {
          joints.append(Joint(name: name, position: Point(0, 0), visibility: .absent))
          continue
        }
        guard abs(x) < 1e9, abs(y) < 1e9 else {
          return report.addBadRow(line: line, "a coordinate is none that a picture has")
        }
        joints.append(
          Joint(
            name: name, position: Point(x + offset, y + offset), visibility: .visible,
            confidence: number(columns.scores[place])))
      }
      let score = number(columns.score)
      let instance = Instance(
        frame: index - base, shape: .skeleton(Skeleton(joints: joints)),
        origin: score == nil ? options.origin : .model, confidence: score,
        line: Int32(clamping: line))
      frames.insert(index - base)
      let id = columns.track.flatMap { $0 < fields.count ? fields[$0] : nil } ?? ""
      guard !id.isEmpty else { return lone.append(instance) }
      let place = places[id, default: objects.count]
      if place == objects.count {
        places[id] = place
        objects.append((id, []))
      }
      objects[place].instances.append(instance)
    }
    guard let columns else { throw LabelError(.damaged, path: path, "the file has no rows") }
    var tracks = objects.map { Track(id: $0.id, instances: $0.instances) }
    let areScored =
      lone.contains { $0.confidence != nil }
      || objects.contains { $0.instances.contains { $0.confidence != nil } }
    for instance in lone {
      var id = "#\(instance.line)"
      while places[id] != nil { id = "#" + id }
      tracks.append(Track(id: id, isTracked: false, instances: [instance]))
    }
    return Dataset(
      format: id,
      videos: [
        VideoAnnotations(
          base: base, annotated: areScored ? .all : AnnotatedFrames(Array(frames)),
          ontology: Ontology(categories: [Ontology.Category(name: "", joints: columns.joints)]),
          tracks: tracks)
      ], report: report)
  }

  /// Writes a file: rows by frame, and within a frame in the order of the tracks.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let video = dataset.videos.first ?? VideoAnnotations()
    let joints = video.jointNames
    var rows: [(frame: FrameIndex, track: Int, instance: Int)] = []
    for (number, track) in video.tracks.enumerated() {
      for (place, instance) in track.instances.enumerated() {
        rows.append((instance.frame, number, place))
      }
    }
    rows.sort { ($0.frame, $0.track, $0.instance) < ($1.frame, $1.track, $1.instance) }
    let output = try TextOutput(path: path)
    try output.write(
      CSVRows.text(
        ["track", "frame_idx", "instance.score"]
          + joints.flatMap { [$0 + ".x", $0 + ".y", $0 + ".score"] }))
    for row in rows {
      let track = video.tracks[row.track]
      let instance = track.instances[row.instance]
      guard case .skeleton(let skeleton) = instance.shape else { continue }
      let places = Dictionary(
        skeleton.joints.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      var fields = [
        track.isTracked ? track.id : "", String(row.frame), text(instance.confidence),
      ]
      for name in joints {
        if let joint = places[name], joint.visibility != .absent {
          fields += [
            text(joint.position.x - offset), text(joint.position.y - offset),
            text(joint.confidence),
          ]
        } else {
          fields += ["", "", ""]
        }
      }
      try output.write(CSVRows.text(fields))
    }
    try output.finish()
    return LossReport()
  }

  private static func text(_ value: Double?) -> String { value.map { String($0) } ?? "" }
}
