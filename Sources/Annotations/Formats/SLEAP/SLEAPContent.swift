import Foundation
import HDF5
import Timeline

/// The content of a SLEAP file on its way into the model.
struct SLEAPContent: ~Copyable {
  /// Where the tables of newer files speak of the same things, see `SLEAPContent+Areas.swift`.
  let file: LabelHDF5
  /// What was read and what could not be.
  var report = ReadReport()
  /// The names of the tracks, each different.
  let trackNames: [String]
  /// The videos.
  private(set) var videos: [SLEAPVideo]
  /// The instances of every video by track, in the order of the file.
  var objects: [SLEAPObjects]
  /// The classes: first those of the skeletons, by their number, then others.
  var classes: [Ontology.Category]

  private let version: Double
  private let base: Int
  private let skeletonCount: Int
  private var annotated: [[FrameIndex]]

  // The first format that is none of these, and the first one that counts from the middle of pixels.
  private static let unknownVersion = 3.0
  private static let centredVersion = 1.1
  private static let maximumPixel = 1e9
  // How many points are held at once.
  private static let pointsAtOnce = 1 << 18

  /// Opens a file and reads what its tables refer to.
  init(path: String, options: ReadOptions) throws(LabelError) {
    let file = try LabelHDF5.open(path: path)
    guard let text = try file.attribute("json", of: "metadata")?.text else {
      throw LabelError(
        .wrongFormat, path: path,
        "there is no metadata with skeletons, so this is no SLEAP file; name its format after a"
          + " colon")
    }
    let version = try file.attribute("format_id", of: "metadata")?.number ?? 1
    guard version < Self.unknownVersion else {
      throw LabelError(
        .wrongFormat, path: path,
        "the file is of SLEAP's format \(version), which is newer than 2; save it with SLEAP 1 or"
          + " sleap-io")
    }
    var videos: [SLEAPVideo] = []
    for entry in try file.strings("videos_json") {
      var video = SLEAPVideo(try file.json(entry))
      if let group = video.group {
        for name in ["source_video", "original_video"] {
          var source = try file.attribute("json", of: group + "/" + name)?.text
          if source == nil { source = try file.strings("\(group)/\(name)/json").first }
          guard let source else { continue }
          video.take(try file.json(source))
          break
        }
      }
      videos.append(video)
    }
    var names: [String] = []
    for (place, entry) in try file.strings("tracks_json").enumerated() {
      let name = try file.json(entry).elements.flatMap { $0.count > 1 ? $0[1].text : nil }
      names.append(name.flatMap { $0.isEmpty ? nil : $0 } ?? "track \(place)")
    }
    classes = SLEAPSkeletons(metadata: try file.json(text)).classes
    skeletonCount = classes.count
    trackNames = SLEAPObjects.different(names)
    objects = videos.map { _ in SLEAPObjects() }
    annotated = videos.map { _ in [] }
    self.videos = videos
    self.version = version
    base = LabelFormats.safeBase(options.base) ?? 0
    self.file = file
  }

  /// Reads everything.
  mutating func dataset() throws(LabelError) -> Dataset {
    try readInstances()
    try readAreas()
    let ranges = try events()
    var result: [VideoAnnotations] = []
    let names = SLEAPVideo.names(of: videos)
    let used = Set(objects.flatMap(\.usedClasses))
    for (place, video) in videos.enumerated() {
      let known = classes.enumerated().filter { number, category in
        number < skeletonCount || used.contains(Int32(number)) && !category.name.isEmpty
      }
      var frames = AnnotatedFrames(annotated[place])
      if let count = video.frameCount, frames == .every(step: 1, in: FrameRange(0, count)) {
        frames = .all
      }
      result.append(
        VideoAnnotations(
          name: names[place], width: video.width, height: video.height,
          frameCount: video.frameCount, frameRate: video.frameRate, base: base, annotated: frames,
          ontology: Ontology(categories: known.map(\.element)),
          tracks: objects[place].tracks(names: trackNames, classes: classes.map(\.name)),
          ranges: ranges[place], imageNames: video.imageNames))
    }
    return Dataset(
      format: SLEAP.id, dialect: "format \(version)", videos: result, report: report)
  }

  /// The frame that a file calls `number`; nil where no video has it.
  func frame(_ number: Int?) -> FrameIndex? {
    guard let number, number <= LabelFormats.maximumFrame, number >= base else { return nil }
    let frame = number - base
    return frame <= LabelFormats.maximumFrame ? frame : nil
  }

  /// Adds to the frames that somebody looked at.
  mutating func addAnnotated(_ frame: FrameIndex, in video: Int) { annotated[video].append(frame) }

  // MARK: Instances

  /// A row of the table of instances that can be used.
  private struct Row {
    var row: Int
    var frame: FrameIndex
    var video: Int
    var track: Int
    var skeleton: Int
    var isPredicted: Bool
    var score: Double
    var trackingScore: Double
    var points: Range<Int>
  }

  /// The members of the table of instances, in the order in which they are read.
  private enum Column: Int, CaseIterable {
    case kind, skeleton, track, source, score, start, end, id, trackingScore

    var name: String {
      switch self {
      case .kind: "instance_type"
      case .skeleton: "skeleton"
      case .track: "track"
      case .source: "from_predicted"
      case .score: "score"
      case .start: "point_id_start"
      case .end: "point_id_end"
      case .id: "instance_id"
      case .trackingScore: "tracking_score"
      }
    }
  }

  private mutating func readInstances() throws(LabelError) {
    // An empty table may have lost its members.
    guard let frames = try file.dataset("frames"), frames.count > 0 else { return }
    let known = Set(try file.dataset("instances")?.members ?? [])
    let columns = Column.allCases.filter { $0 != .trackingScore || known.contains($0.name) }
    let table =
      known.isEmpty
      ? nil : try file.rows(of: "instances", members: columns.map(\.name))
    var rows = try frameRows(count: table?.count ?? 0)
    guard let table else { return }
    report.rowCount += table.count
    let hidden = hiddenPredictions(table, rows.map(\.instances))
    if !hidden.isEmpty {
      report.addNote(
        "\(hidden.count) predicted instances that a person corrected are left out")
    }
    var usable: [Row] = []
    for place in rows.indices {
      for row in rows[place].instances where !hidden.contains(row) {
        let read = instance(table, row, frame: rows[place].frame, video: rows[place].video)
        if let read { usable.append(read) }
      }
    }
    rows = []
    for isPredicted in [false, true] {
      try readPoints(usable.filter { $0.isPredicted == isPredicted }, arePredicted: isPredicted)
    }
  }

  /// The frames, each with its rows of the table of instances.
  private mutating func frameRows(
    count: Int
  ) throws(LabelError) -> [(frame: FrameIndex, video: Int, instances: Range<Int>)] {
    let table = try file.rows(
      of: "frames", members: ["video", "frame_idx", "instance_id_start", "instance_id_end"])
    let numbers = videoNumbers(Set((0..<table.count).compactMap { table.integer($0, 0) }))
    var rows: [(frame: FrameIndex, video: Int, instances: Range<Int>)] = []
    var claimed = [Bool](repeating: false, count: count)
    for row in 0..<table.count {
      guard let video = table.integer(row, 0).flatMap({ numbers[$0] }) else {
        report.addBadRow(line: 0, "frame \(row) is of a video that the file does not list")
        continue
      }
      guard let frame = frame(table.integer(row, 1)) else {
        report.addBadRow(line: 0, "frame \(row) has no usable number")
        continue
      }
      annotated[video].append(frame)
      guard let start = table.integer(row, 2), let end = table.integer(row, 3), start >= 0,
        start <= end, end <= count, !claimed[start..<end].contains(true)
      else {
        report.addBadRow(
          line: 0, "frame \(row) has instances that are not there or are another frame's")
        continue
      }
      for place in start..<end { claimed[place] = true }
      rows.append((frame, video, start..<end))
    }
    let orphans = claimed.lazy.filter { !$0 }.count
    if orphans > 0 { report.addNote("\(orphans) instances belong to no frame and are left out") }
    return rows
  }

  /// The places of the videos by the numbers that frames call them.
  ///
  /// Those are places, or the numbers in the names of the groups with embedded pictures.
  private func videoNumbers(_ used: Set<Int>) -> [Int: Int] {
    var places = Dictionary(uniqueKeysWithValues: videos.indices.map { ($0, $0) })
    guard !used.isSubset(of: videos.indices) else { return places }
    for (place, video) in videos.enumerated() {
      if let number = video.number { places[number] = place }
    }
    return places
  }

  /// The predicted instances that a person's instance in the same frame stands for: the one it was
  /// made from, and one of its track.
  private func hiddenPredictions(_ table: HDF5Rows, _ frames: [Range<Int>]) -> Set<Int> {
    func value(_ row: Int, _ column: Column) -> Int? { table.integer(row, column.rawValue) }
    var rowOfID: [Int: Int] = [:]
    for row in 0..<table.count where value(row, .id) != row {
      if let id = value(row, .id) { rowOfID[id] = row }
    }
    var hidden: Set<Int> = []
    for rows in frames {
      var tracks: Set<Int> = []
      for row in rows where value(row, .kind) == 0 {
        if let track = value(row, .track), track >= 0 { tracks.insert(track) }
        guard let id = value(row, .source), id >= 0 else { continue }
        let source = rowOfID[id] ?? id
        if rows.contains(source), value(source, .kind) == 1 { hidden.insert(source) }
      }
      guard !tracks.isEmpty else { continue }
      for row in rows where value(row, .kind) == 1 {
        if let track = value(row, .track), tracks.contains(track) { hidden.insert(row) }
      }
    }
    return hidden
  }

  private mutating func instance(
    _ table: HDF5Rows, _ row: Int, frame: FrameIndex, video: Int
  ) -> Row? {
    func value(_ column: Column) -> Int? { table.integer(row, column.rawValue) }
    func bad(_ reason: String) -> Row? {
      report.addBadRow(line: 0, "instance \(row) \(reason)")
      return nil
    }
    guard let kind = value(.kind), kind == 0 || kind == 1 else {
      return bad("is neither a person's nor predicted")
    }
    guard let skeleton = value(.skeleton), (0..<skeletonCount).contains(skeleton) else {
      return bad("has a skeleton that is not listed")
    }
    guard let track = value(.track), track < trackNames.count else {
      return bad("has a track that is not listed")
    }
    guard let start = value(.start), let end = value(.end), start >= 0, start <= end,
      end - start == classes[skeleton].joints.count
    else { return bad("has not as many points as its skeleton has joints") }
    let trackingScore =
      table.width > Column.trackingScore.rawValue
      ? table[row, Column.trackingScore.rawValue] : .nan
    return Row(
      row: row, frame: frame, video: video, track: max(-1, track), skeleton: skeleton,
      isPredicted: kind == 1, score: table[row, Column.score.rawValue],
      trackingScore: trackingScore, points: start..<end)
  }

  // MARK: Points

  /// Reads the points in the order of their table, a part of it at a time.
  private mutating func readPoints(_ rows: [Row], arePredicted: Bool) throws(LabelError) {
    guard !rows.isEmpty else { return }
    let name = arePredicted ? "pred_points" : "points"
    let members = ["x", "y", "visible"] + (arePredicted ? ["score"] : [])
    let count = try file.dataset(name)?.count ?? 0
    let offset = version < Self.centredVersion ? 0 : 0.5
    var part = 0..<0
    var points: HDF5Rows?
    var last = 0
    for row in rows.sorted(by: { ($0.points.lowerBound, $0.row) < ($1.points.lowerBound, $1.row) })
    {
      guard row.points.upperBound <= count, row.points.lowerBound >= last else {
        report.addBadRow(
          line: 0, "instance \(row.row) has points that are not there or are another instance's")
        continue
      }
      last = row.points.upperBound
      if row.points.upperBound > part.upperBound {
        let start = row.points.lowerBound
        part = start..<min(count, max(row.points.upperBound, start + Self.pointsAtOnce))
        points = try file.rows(of: name, members: members, in: part)
      }
      guard let points else { continue }
      let joints = joints(
        points, from: row.points.lowerBound - part.lowerBound,
        names: classes[row.skeleton].joints, offset: offset)
      guard let joints else {
        report.addBadRow(line: 0, "instance \(row.row) has a coordinate that no picture has")
        continue
      }
      add(row, joints)
    }
  }

  private func joints(
    _ points: HDF5Rows, from start: Int, names: [String], offset: Double
  ) -> [Joint]? {
    var joints: [Joint] = []
    joints.reserveCapacity(names.count)
    for (place, name) in names.enumerated() {
      let (x, y) = (points[start + place, 0], points[start + place, 1])
      guard x.isFinite, y.isFinite else {
        joints.append(Joint(name: name, position: Point(0, 0), visibility: .absent))
        continue
      }
      guard abs(x) < Self.maximumPixel, abs(y) < Self.maximumPixel else { return nil }
      let score = points.width > 3 ? points[start + place, 3] : .nan
      joints.append(
        Joint(
          name: name, position: Point(x + offset, y + offset),
          visibility: points[start + place, 2] != 0 ? .visible : .hidden,
          confidence: score.isFinite ? score : nil))
    }
    return joints
  }

  private mutating func add(_ row: Row, _ joints: [Joint]) {
    var instance = Instance(
      frame: row.frame, shape: .skeleton(Skeleton(joints: joints)),
      origin: row.isPredicted ? .model : .human)
    // People's instances have none, which is stored as 0 or as no number.
    if row.score.isFinite, row.isPredicted || row.score > 0 { instance.confidence = row.score }
    if row.trackingScore.isFinite, row.trackingScore != 0 {
      instance.attributes = ["tracking_score": String(row.trackingScore)]
    }
    objects[row.video].add(
      instance, track: row.track, class: Int32(row.skeleton), source: row.row)
  }
}

/// The objects of one video while a SLEAP file is read.
struct SLEAPObjects {
  private struct Object {
    var track: Int
    var source: Int
    var instances: [Instance] = []
    var classes: [Int32] = []
  }

  private var objects: [Object] = []
  private var places: [Int: Int] = [:]
  private var sources: Set<Int> = []

  /// Adds an instance.
  ///
  /// - Parameters:
  ///   - instance: The instance.
  ///   - track: The place of its track; negative without one.
  ///   - number: The place of its class.
  ///   - source: The row of the table of instances it was read from; nil for areas.
  mutating func add(_ instance: Instance, track: Int, class number: Int32, source: Int?) {
    let place = track < 0 ? objects.count : places[track, default: objects.count]
    if place == objects.count {
      if track >= 0 { places[track] = place }
      objects.append(Object(track: track, source: source ?? .max))
    }
    objects[place].instances.append(instance)
    objects[place].classes.append(number)
    if let source { sources.insert(source) }
  }

  /// Names that are all different: SLEAP lets two tracks have one name, but an id is unique.
  static func different(_ names: [String]) -> [String] {
    let known = Set(names)
    var taken: Set<String> = []
    return names.enumerated().map { place, name in
      if taken.insert(name).inserted { return name }
      var other = "\(name)#\(place + 1)"
      while known.contains(other) || !taken.insert(other).inserted { other = "#" + other }
      return other
    }
  }

  /// Whether the row `source` of the table of instances was read into this video.
  func holds(_ source: Int) -> Bool { sources.contains(source) }

  /// The places of the classes that instances have.
  var usedClasses: Set<Int32> { Set(objects.lazy.flatMap(\.classes)) }

  /// The tracks in the order of the file, then what has none in the order of the instances.
  func tracks(names: [String], classes: [String]) -> [Track] {
    let order = objects.indices.sorted { a, b in
      let (one, other) = (objects[a], objects[b])
      let (first, second) = (
        one.track < 0 ? Int.max : one.track, other.track < 0 ? Int.max : other.track
      )
      return (first, one.source, a) < (second, other.source, b)
    }
    let known = Set(names)
    var classed = ClassedTracks()
    var lone = 0
    var result: [Track] = []
    for place in order {
      let object = objects[place]
      var id = ""
      if object.track >= 0 {
        id = names[object.track]
      } else {
        lone += 1
        id = "#\(lone)"
        while known.contains(id) { id = "#" + id }
      }
      result += classed.tracks(
        id: id, isTracked: object.track >= 0, instances: object.instances,
        classes: object.classes, name: { classes[Int($0)] })
    }
    return result
  }
}
