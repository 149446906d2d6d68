public import Foundation
import Timeline

/// DeepLabCut's CSV, and Lightning Pose's, which is the same: three or four rows of headers, then a
/// row a frame.
///
/// A label set begins its rows with the path of an image, in one column or in three; an analysis
/// with the number of the frame.
public enum DeepLabCut: LabelFormat {
  /// The id used after a colon on the command line.
  public static let id = "dlc"
  /// One line for the list of formats.
  public static let summary = "DeepLabCut and Lightning Pose CSV: label sets and analyses"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "An analysis numbers its rows from 0; a label set has the number at the end of the name"
      + " of the image.",
    traps: [
      "Rows of a label set are the annotated frames; an analysis has a row for every frame.",
      "Paths of images stand in one column or in three, and several videos may share a file.",
      "Joints that one object only has stand under an individual called single.",
      "A project of one animal names no individual; it becomes the track `animal`.",
      "Likelihood is a score of the joint and is there also where the joint cannot be seen.",
      "A whole number is the middle of a pixel, as in the tools that labels are drawn with.",
      "The .h5 beside the CSV is a table of pandas and holds the same; read the CSV.",
      "Written is an analysis where joints have scores, else a label set whose images lie in a folder"
        + " named after the file.",
    ])

  static let offset = 0.5
  /// What the only animal of a file without individuals is called.
  static let onlyAnimal = "animal"
  static let unique = "single"

  /// Tells whether the first rows are headers of DeepLabCut.
  public static func matches(head: Data, path: String) -> Bool {
    let lines = head.split(separator: 10, maxSplits: 4).map { String(decoding: $0, as: UTF8.self) }
    func begins(_ place: Int, _ name: String) -> Bool {
      place < lines.count && lines[place].hasPrefix(name + ",")
    }
    guard begins(0, "scorer") || begins(0, "\u{FEFF}scorer") else { return false }
    return begins(1, "bodyparts") && begins(2, "coords")
      || begins(1, "individuals") && begins(2, "bodyparts") && begins(3, "coords")
  }

  /// Reads a file.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var reading = DeepLabCutReading(path: path, options: options)
    try CSVRows.forEach(in: path) { (fields, line) throws(LabelError) in
      try reading.take(fields, line)
    }
    return try reading.dataset()
  }
}

/// A file of DeepLabCut while its rows are read.
private struct DeepLabCutReading {
  private struct Joint {
    var name: String
    var x: Int?
    var y: Int?
    var likelihood: Int?
  }

  private struct Individual {
    var name: String
    var joints: [Joint] = []
    var places: [String: Int] = [:]
  }

  /// The rows of one video of a label set, or all rows of an analysis.
  private struct Video {
    var name: String?
    var frames: [FrameIndex] = []
    var imageNames: [FrameIndex: String] = [:]
    var instances: [[Instance]]
  }

  private let path: String
  private let options: ReadOptions
  private let base: Int
  private var headers: [String: [String]] = [:]
  private var individuals: [Individual] = []
  // The columns that name the image.
  private var indexWidth = 1
  private var isReady = false
  private var videos: [Video] = []
  private var places: [String: Int] = [:]
  private var report = ReadReport()
  private var hasImages = false
  private var hasLikelihood = false

  private static let names = ["scorer", "individuals", "bodyparts", "coords"]

  init(path: String, options: ReadOptions) {
    self.path = path
    self.options = options
    base = LabelFormats.safeBase(options.base) ?? 0
  }

  private var wrongFormat: LabelError {
    LabelError(
      .wrongFormat, path: path,
      "the first rows are not scorer, bodyparts and coords, so this is no DeepLabCut CSV; name its"
        + " format after a colon")
  }

  mutating func take(_ fields: [String], _ line: Int) throws(LabelError) {
    if !isReady {
      guard let name = fields.first, Self.names.contains(name), headers[name] == nil else {
        throw wrongFormat
      }
      headers[name] = fields
      if name == "coords" { try makeColumns() }
      return
    }
    report.rowCount += 1
    if let flaw = readRow(fields, line) { report.addBadRow(line: line, flaw) }
  }

  private mutating func makeColumns() throws(LabelError) {
    guard let coordinates = headers["coords"], let parts = headers["bodyparts"],
      headers["scorer"] != nil
    else { throw wrongFormat }
    let owners = headers["individuals"]
    func field(_ row: [String]?, _ column: Int) -> String {
      guard let row, column < row.count else { return "" }
      return row[column]
    }
    if field(parts, 1).isEmpty, field(parts, 2).isEmpty, parts.count > 3 { indexWidth = 3 }
    var known: [String: Int] = [:]
    for column in indexWidth..<max(indexWidth, coordinates.count) {
      let part = field(parts, column)
      // Lightning Pose adds columns of its own, such as the spread of an ensemble.
      guard ["x", "y", "likelihood"].contains(coordinates[column]), !part.isEmpty else { continue }
      let owner = owners == nil ? DeepLabCut.onlyAnimal : field(owners, column)
      let place = known[owner, default: individuals.count]
      if place == individuals.count {
        known[owner] = place
        individuals.append(Individual(name: owner))
      }
      let joint = individuals[place].places[part, default: individuals[place].joints.count]
      if joint == individuals[place].joints.count {
        individuals[place].places[part] = joint
        individuals[place].joints.append(Joint(name: part))
      }
      switch coordinates[column] {
      case "x": individuals[place].joints[joint].x = column
      case "y": individuals[place].joints[joint].y = column
      default:
        individuals[place].joints[joint].likelihood = column
        hasLikelihood = true
      }
    }
    for place in individuals.indices {
      individuals[place].joints.removeAll { $0.x == nil || $0.y == nil }
    }
    individuals.removeAll { $0.joints.isEmpty }
    guard !individuals.isEmpty else { throw wrongFormat }
    isReady = true
  }

  // MARK: Rows

  /// Reads a row, or says what is wrong with it.
  private mutating func readRow(_ fields: [String], _ line: Int) -> String? {
    let index = fields.prefix(indexWidth).joined(separator: "/")
    let parts = index.split { $0 == "/" || $0 == "\\" }
    var video = 0
    var number: Int?
    if parts.count == 1, let value = Double(index) {
      number = Int(exactly: value)
    } else if let image = parts.last {
      hasImages = true
      let name = parts.count > 1 ? String(parts[parts.count - 2]) : ""
      video = place(of: name)
      let stem = image.lastIndex(of: ".").map { image[..<$0] } ?? image
      // The number at the end of the name, or the order where there is none.
      let digits = stem.reversed().prefix { $0.isASCII && $0.isNumber }
      number =
        digits.isEmpty ? base + videos[video].frames.count : Int(String(digits.reversed()))
    }
    guard let number, number >= base, number <= LabelFormats.maximumFrame,
      number - base <= LabelFormats.maximumFrame
    else { return "the row begins neither with a frame nor with an image" }
    if videos.isEmpty { video = place(of: "") }
    let frame = number - base
    var found: [(Int, Instance)] = []
    for (place, individual) in individuals.enumerated() {
      var joints: [Annotations.Joint] = []
      for joint in individual.joints {
        let x = value(fields, joint.x)
        let y = value(fields, joint.y)
        if x == .wrong || y == .wrong { return "a coordinate of \(joint.name) is no number" }
        guard case .number(let x) = x, case .number(let y) = y else {
          joints.append(
            Annotations.Joint(name: joint.name, position: Point(0, 0), visibility: .absent))
          continue
        }
        guard abs(x) < 1e9, abs(y) < 1e9 else {
          return "a coordinate of \(joint.name) is none that a picture has"
        }
        var confidence: Double?
        if case .number(let likelihood) = value(fields, joint.likelihood) {
          confidence = likelihood
        }
        joints.append(
          Annotations.Joint(
            name: joint.name,
            position: Point(x + DeepLabCut.offset, y + DeepLabCut.offset), visibility: .visible,
            confidence: confidence))
      }
      guard joints.contains(where: { $0.visibility != .absent }) else { continue }
      found.append(
        (
          place,
          Instance(
            frame: frame, shape: .skeleton(Skeleton(joints: joints)), origin: origin,
            line: Int32(clamping: line))
        ))
    }
    videos[video].frames.append(frame)
    if hasImages, let image = parts.last { videos[video].imageNames[frame] = String(image) }
    for (place, instance) in found { videos[video].instances[place].append(instance) }
    return nil
  }

  private enum Field: Equatable {
    case empty
    case number(Double)
    case wrong
  }

  private func value(_ fields: [String], _ column: Int?) -> Field {
    guard let column, column < fields.count else { return .empty }
    let text = fields[column]
    if text.isEmpty { return .empty }
    guard let number = Double(text) else { return .wrong }
    return number.isFinite ? .number(number) : .empty
  }

  private mutating func place(of video: String) -> Int {
    if let place = places[video] { return place }
    places[video] = videos.count
    videos.append(
      Video(name: video.isEmpty ? nil : video, instances: individuals.map { _ in [] }))
    return videos.count - 1
  }

  /// People label images; what has likelihoods is a model's.
  private var origin: Origin {
    hasLikelihood ? .model : hasImages && options.kind == .labels ? .human : options.origin
  }

  // MARK: Result

  func dataset() throws(LabelError) -> Dataset {
    guard isReady else { throw wrongFormat }
    let scorer = headers["scorer"]?.dropFirst(indexWidth).first { !$0.isEmpty } ?? ""
    var dialect = hasImages ? "label set" : "analysis"
    if headers["individuals"] != nil { dialect += ", several individuals" }
    if scorer.hasSuffix("_tracker") { dialect = "Lightning Pose, " + dialect }
    let categories = classes
    return Dataset(
      format: DeepLabCut.id, dialect: dialect,
      videos: videos.map { video in
        var tracks: [Track] = []
        for (place, individual) in individuals.enumerated()
        where !video.instances[place].isEmpty {
          tracks.append(
            Track(
              id: individual.name, className: className(of: individual),
              instances: video.instances[place]))
        }
        let frames = AnnotatedFrames(video.frames)
        let isWhole =
          !hasImages && frames == .every(step: 1, in: FrameRange(0, video.frames.count))
        return VideoAnnotations(
          name: video.name ?? videoName(scorer: scorer), base: base,
          annotated: isWhole ? .all : frames, ontology: Ontology(categories: categories),
          tracks: tracks, imageNames: video.imageNames)
      }, report: report)
  }

  private func className(of individual: Individual) -> String {
    individual.name == DeepLabCut.unique && individuals.count > 1 ? DeepLabCut.unique : ""
  }

  private var classes: [Ontology.Category] {
    var categories: [Ontology.Category] = []
    for individual in individuals {
      let name = className(of: individual)
      guard !categories.contains(where: { $0.name == name }) else { continue }
      categories.append(
        Ontology.Category(name: name, joints: individual.joints.map(\.name)))
    }
    return categories
  }

  /// DeepLabCut calls the file of an analysis after the video and the scorer.
  private func videoName(scorer: String) -> String? {
    let file = SLEAPVideo.lastPart(of: path)
    guard !scorer.isEmpty, let range = file.range(of: scorer), range.lowerBound > file.startIndex
    else { return nil }
    return String(file[..<range.lowerBound])
  }
}
