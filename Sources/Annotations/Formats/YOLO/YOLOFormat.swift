import Foundation
import Timeline

/// What the formats of YOLO texts share.
enum YOLOFormat {
  // How much of a folder tells what it is.
  private static let sampledTexts = 20

  /// What is carried by a task with these shapes.
  static func capabilities(
    _ shapes: Set<Shape.Kind>, others: Set<LabelAspect> = []
  ) -> FormatCapabilities {
    FormatCapabilities(
      shapes: shapes, identity: .numbers(1...Int(Int32.max)), precision: .fraction(decimals: 6),
      aspects: others.union([
        .classNames, .classChanges, .confidence, .untracked, .duplicates, .unusedClasses,
        .videoName,
      ]), output: .folder, holdsManyVideos: true, needsPictureSize: true)
  }

  /// Whether a file is the description of a data set.
  static func isDescription(_ head: Data, _ path: String) -> Bool {
    guard path.hasSuffix(".yaml") || path.hasSuffix(".yml") else { return false }
    let lines = String(decoding: head, as: UTF8.self).split(whereSeparator: \.isNewline)
    return lines.contains { $0.hasPrefix("names:") }
      && lines.contains { $0.hasPrefix("train:") || $0.hasPrefix("val:") || $0.hasPrefix("nc:") }
  }

  /// Whether most of the first lines are a class with fractions.
  static func hasRows(_ head: Data) -> Bool {
    var rows = YOLORows()
    var others = 0
    for line in head.split(separator: 10).prefix(50) {
      line.withUnsafeBytes { raw in
        let words = WordRow(raw.bindMemory(to: UInt8.self))
        if words.count == 0 { return }
        if (try? rows.add(words, text: 0, line: 0)) == nil { others += 1 }
      }
    }
    // Whole numbers alone may be anything.
    return rows.rows.count > others && rows.decimals > 0
      && rows.rows.allSatisfy { row in
        rows.values(of: row).prefix(4).allSatisfy { (-1...2).contains($0) }
      }
  }

  /// What the columns of some texts of a folder mean; nil where they are no YOLO labels.
  static func columns(of folder: LabelFolder) -> YOLOColumns? {
    guard let files = try? YOLOFiles(folder: folder), !files.texts.isEmpty else { return nil }
    var rows = YOLORows()
    let step = max(1, files.texts.count / sampledTexts)
    for place in stride(from: 0, to: files.texts.count, by: step) {
      let head = folder.head(of: files.texts[place].path)
      if head.isEmpty { continue }
      guard hasRows(head) else { return nil }
      for line in head.split(separator: 10).prefix(50) {
        line.withUnsafeBytes { raw in
          let words = WordRow(raw.bindMemory(to: UInt8.self))
          if words.count > 0 { try? rows.add(words, text: place, line: 0) }
        }
      }
    }
    guard !rows.rows.isEmpty || !files.data.names.isEmpty else { return nil }
    return YOLOColumns(rows, files.data)
  }

  /// Reads a folder, or the one around a `data.yaml`.
  static func read(
    path: String, id: String, task: YOLOColumns.Task?, single: YOLOColumns.Extra?,
    _ options: ReadOptions
  ) throws(LabelError) -> Dataset {
    let files = try YOLOFiles(folder: folder(at: path))
    var report = ReadReport()
    if files.isCut { report.addNote("the folder holds too many files; some were left out") }
    guard !files.texts.isEmpty else {
      throw LabelError(
        .wrongFormat, path: path,
        files.unnumbered.isEmpty
          ? "there is no text with labels in it; name the folder labels or the one around it"
          : "no text of labels has a frame number in its name; \(files.unnumbered[0]) may hold all"
            + " frames without their numbers, as older versions of ultralytics wrote when track"
            + " was called frame by frame: run it again on the whole video")
    }
    for file in files.unnumbered {
      report.rowCount += 1
      report.addBadRow(line: 0, "\(file): there is no frame number in the name")
    }
    var rows = YOLORows()
    for (place, text) in files.texts.enumerated() {
      try rows.read(files.folder.path(of: text.path), text: place, &report)
    }
    let columns = YOLOColumns(rows, files.data, task: task, single: single)
    if files.texts.count == 1, single == nil, repeatsIdentities(rows, columns) {
      throw LabelError(
        .wrongFormat, path: path,
        "\(files.texts[0].path) names one id several times: it holds several frames without their"
          + " numbers, as older versions of ultralytics wrote when track was called frame by"
          + " frame: run it again on the whole video")
    }
    var content = YOLOContent(files: files, rows: rows, columns: columns, options: options)
    return Dataset(
      format: id, dialect: columns.words, videos: try content.videos(path: path, &report),
      report: report)
  }

  private static func repeatsIdentities(_ rows: YOLORows, _ columns: YOLOColumns) -> Bool {
    var seen: Set<Int> = []
    var repeats = 0
    for row in rows.rows {
      guard let id = columns.extras(rows.values(of: row)).identity else { continue }
      if !seen.insert(id).inserted { repeats += 1 }
    }
    // One repeated id is a flaw that rules judge; as many as there are ids are several frames.
    return repeats > 0 && repeats >= seen.count
  }

  private static func folder(at path: String) throws(LabelError) -> LabelFolder {
    if let folder = LabelFolder(path: path) { return folder }
    let head = try LabelFormats.head(of: path)
    guard isDescription(head, path) || path.hasSuffix(".yaml") || path.hasSuffix(".yml") else {
      throw LabelError(
        .wrongFormat, path: path,
        "one text of YOLO labels is one frame; name the folder of all of them (a text that holds"
          + " all frames, as older versions of ultralytics wrote, cannot be told apart into frames)"
      )
    }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard let folder = LabelFolder(path: parent) else {
      throw LabelError(.unreadable, path: parent, "the folder may not be read")
    }
    return folder
  }
}

extension YOLOColumns {
  /// The task and what a single column is, in words.
  fileprivate var words: String {
    switch task {
    case .boxes: "boxes and outlines"
    case .rotatedBoxes: "turned boxes"
    case .poses: "poses of \(keyPoints.count) key points"
    }
  }
}

/// Turns rows into labels of videos.
private struct YOLOContent {
  let files: YOLOFiles
  let rows: YOLORows
  let columns: YOLOColumns
  let options: ReadOptions
  // Whether the third values of key points are scores rather than visibilities.
  private let haveScores: Bool
  // The numbers of the texts by video.
  private let numbers: [Int: [Int]]

  init(files: YOLOFiles, rows: YOLORows, columns: YOLOColumns, options: ReadOptions) {
    (self.files, self.rows, self.columns, self.options) = (files, rows, columns, options)
    numbers = Dictionary(grouping: files.texts, by: \.video).mapValues { $0.map(\.number) }
    let count = columns.keyPoints.count
    haveScores =
      columns.task == .poses && columns.keyPoints.values == 3
      && rows.rows.contains { row in
        let values = Array(rows.values(of: row))
        return values.count >= 4 + 3 * count
          && (0..<count).contains { values[6 + 3 * $0] != values[6 + 3 * $0].rounded() }
      }
  }

  mutating func videos(
    path: String, _ report: inout ReadReport
  ) throws(LabelError) -> [VideoAnnotations] {
    let base = firstNumber()
    var videos: [VideoAnnotations] = []
    for place in files.videos.indices {
      videos.append(try video(place, base: base, path: path))
    }
    for row in rows.rows { add(row, to: &videos, base: base, &report) }
    for place in videos.indices { finish(&videos[place], place, base: base, &report) }
    return videos
  }

  private func firstNumber() -> Int {
    if let base = LabelFormats.safeBase(options.base) { return base }
    let isZero =
      files.texts.contains { $0.number == 0 }
      || files.videos.indices.contains { files.pictures(of: $0).first?.number == 0 }
    return isZero ? 0 : 1
  }

  // Names that tools give to the frames of any video.
  private static let bareStems: Set<String> = ["", "frame", "img", "image"]

  private func video(_ place: Int, base: Int, path: String) throws(LabelError) -> VideoAnnotations {
    let stem = files.videos[place]
    var video = VideoAnnotations(
      name: files.data.videos[stem]
        ?? (Self.bareStems.contains(stem.lowercased()) ? nil : stem), base: base)
    if let hint = options.video(named: video.name ?? stem) {
      (video.width, video.height) = (hint.width, hint.height)
    } else if let images = options.images, let picture = files.pictures(of: place).first {
      let size = try images.size(path: files.picturePath(picture.path))
      (video.width, video.height) = (size.width, size.height)
    } else {
      throw LabelError(
        .incomplete, path: path,
        "YOLO labels are fractions of the picture and do not state its size; name the video\(stem.isEmpty ? "" : " \(stem)"), or put the pictures into a folder images beside labels"
      )
    }
    let size = Double(max(video.width ?? 1, video.height ?? 1))
    video.quantum = LabelFormats.quantum(decimals: rows.decimals) * size
    let last = (files.data.names.keys.max() ?? -1) + 1
    for number in 0..<min(last, 100_000) {
      video.ontology.categories.append(category(number))
    }
    return video
  }

  private func category(_ number: Int) -> Ontology.Category {
    Ontology.Category(
      name: files.data.names[number] ?? String(number), sourceID: String(number),
      joints: columns.task == .poses ? joints(of: number) : [])
  }

  private func joints(of category: Int) -> [String] {
    let names = files.data.keyPointNames[category] ?? []
    return (0..<columns.keyPoints.count).map { $0 < names.count ? names[$0] : String($0) }
  }

  // MARK: Instances

  // The instances of the open video by id; those without one are tracks of their own.
  private struct Gathered {
    var slots = IdentitySlots()
    var instances: [[Instance]] = []
    var classes: [[Int32]] = []
    var order: [(slot: Int32, isTracked: Bool, id: String)] = []
  }

  private var gathered: [Int: Gathered] = [:]

  private mutating func add(
    _ row: YOLORows.Row, to videos: inout [VideoAnnotations], base: Int, _ report: inout ReadReport
  ) {
    let text = files.texts[Int(row.text)]
    let frame = text.number - base
    guard frame >= 0, frame <= LabelFormats.maximumFrame else {
      let reason = frame < 0 ? "below the first frame, \(base)" : "too large"
      return report.addBadRow(line: Int(row.line), "\(text.path): the frame number is \(reason)")
    }
    let video = videos[text.video]
    let values = rows.values(of: row)
    let size = Point(Double(video.width ?? 1), Double(video.height ?? 1))
    let instance: Instance
    do throws(RowFlaw) {
      instance = Instance(
        frame: frame, shape: try shape(Array(values), size, category: Int(row.category)),
        origin: options.origin, confidence: columns.extras(values).score, line: row.line)
    } catch {
      return report.addBadRow(line: Int(row.line), "\(text.path): \(error.reason)")
    }
    var entry = gathered[text.video] ?? Gathered()
    gathered[text.video] = nil
    let identity = columns.extras(values).identity
    let slot: Int32
    if let identity {
      slot = entry.slots.slot(of: .number(identity))
    } else {
      slot = entry.slots.slot(of: .none)
    }
    if Int(slot) == entry.instances.count {
      entry.instances.append([])
      entry.classes.append([])
      let id = identity.map { String($0) } ?? "#\(text.number):\(row.line)"
      entry.order.append((slot, identity != nil, id))
    }
    entry.instances[Int(slot)].append(instance)
    entry.classes[Int(slot)].append(row.category)
    gathered[text.video] = entry
  }

  private func shape(
    _ values: [Double], _ size: Point, category: Int
  ) throws(RowFlaw) -> Shape {
    let count = columns.geometryCount(values[...])
    switch columns.task {
    case .boxes where count > 4:
      return .polygon(Polygon(points(values[..<count], size)))
    case .boxes: return .box(box(values, size))
    case .rotatedBoxes:
      guard count == 8 else { throw RowFlaw("there are fewer than four corners") }
      return .rotatedBox(RotatedBox(corners: points(values[..<count], size)))
    case .poses:
      guard count > 4 else { return .box(box(values, size)) }
      return .skeleton(skeleton(values, size, category: category))
    }
  }

  private func box(_ values: [Double], _ size: Point) -> Box {
    Box(
      center: Point(values[0] * size.x, values[1] * size.y), width: values[2] * size.x,
      height: values[3] * size.y)
  }

  private func points(_ values: ArraySlice<Double>, _ size: Point) -> [Point] {
    stride(from: values.startIndex, to: values.endIndex - 1, by: 2).map {
      Point(values[$0] * size.x, values[$0 + 1] * size.y)
    }
  }

  private func skeleton(_ values: [Double], _ size: Point, category: Int) -> Skeleton {
    let names = joints(of: category)
    return Skeleton(
      joints: names.enumerated().map { place, name in
        let at = 4 + place * columns.keyPoints.values
        let (x, y) = (values[at], values[at + 1])
        var joint = Joint(
          name: name, position: Point(x * size.x, y * size.y),
          visibility: x == 0 && y == 0 ? .absent : .visible)
        guard columns.keyPoints.values == 3 else { return joint }
        if haveScores {
          joint.confidence = values[at + 2]
        } else if let visibility = Joint.Visibility(rawValue: Int(exactly: values[at + 2]) ?? 2) {
          joint.visibility = visibility
        }
        return joint
      })
  }

  private mutating func finish(
    _ video: inout VideoAnnotations, _ place: Int, base: Int, _ report: inout ReadReport
  ) {
    var maker = ClassedTracks()
    let entry = gathered[place] ?? Gathered()
    for item in entry.order {
      video.tracks += maker.tracks(
        id: item.id, isTracked: item.isTracked, instances: entry.instances[Int(item.slot)],
        classes: entry.classes[Int(item.slot)]
      ) { files.data.names[Int($0)] ?? String($0) }
    }
    maker.note(in: &report)
    let known = Set(video.ontology.categories.map(\.name))
    for number in Set(entry.classes.joined()).sorted()
    where !known.contains(files.data.names[Int(number)] ?? String(number)) {
      video.ontology.categories.append(category(Int(number)))
    }
    let pictures = files.pictures(of: place).filter {
      $0.number >= base && $0.number - base <= LabelFormats.maximumFrame
    }
    if !pictures.isEmpty {
      video.annotated = AnnotatedFrames(pictures.map { $0.number - base })
      if case .every(1, let range) = video.annotated, range.start == 0 { video.annotated = .all }
      for picture in pictures {
        video.imageNames[picture.number - base] = String(
          picture.path.split(separator: "/").last ?? "")
      }
      return
    }
    let frames = (numbers[place] ?? []).filter { $0 >= base }.map { $0 - base }
    let listed = AnnotatedFrames(frames)
    if case .every(let step, _) = listed, step > 1, frames.count >= 10 {
      video.annotated = listed
      report.addNote(
        "only one frame in \(step) has a text; the others are taken as not annotated")
    }
  }
}

extension RotatedBox {
  /// Creates the box of four corners that go round it, from the one that is top-left at angle 0.
  ///
  /// All four sides together give the angle, so that the rounding of a short side does not count.
  init(corners: [Point]) {
    let (a, b, c, d) = (corners[0], corners[1], corners[2], corners[3])
    var along = Point(b.x - a.x + c.x - d.x, b.y - a.y + c.y - d.y)
    var down = Point(d.x - a.x + c.x - b.x, d.y - a.y + c.y - b.y)
    // Corners that go round counter-clockwise are taken the other way.
    if along.x * down.y - along.y * down.x < 0 { (along, down) = (down, along) }
    func length(_ side: Point) -> Double { (side.x * side.x + side.y * side.y).squareRoot() / 2 }
    self.init(
      center: Point((a.x + b.x + c.x + d.x) / 4, (a.y + b.y + c.y + d.y) / 4),
      width: length(along), height: length(down),
      angle: atan2(along.y - down.x, along.x + down.y))
  }
}
