import Foundation
import HDF5
import Timeline

/// What newer formats keep beside skeletons: boxes (1.7), masks (1.5) and events (2.6).
extension SLEAPContent {
  /// One box or mask, as far as both have the same columns.
  private struct Area {
    var video: Int?
    var frame: Int?
    var track: Int?
    var instance: Int?
    var isPredicted: Bool
    var score: Double?
    var category: String
    var shape: Shape?
  }

  /// Reads boxes and masks.
  mutating func readAreas() throws(LabelError) {
    var outlines = 0
    try readBoxes(&outlines)
    try readMasks(&outlines)
    if outlines > 0 {
      report.addNote(
        "\(outlines) boxes and masks outline an instance that has joints and are left out")
    }
    let others = ["rois", "label_images", "centroids"].filter { file.contains($0) }
    if !others.isEmpty {
      report.addNote("what lies in \(others.joined(separator: ", ")) is not read")
    }
  }

  private mutating func add(_ area: Area, name: String, outlines: inout Int) {
    report.rowCount += 1
    guard let video = area.video, videos.indices.contains(video), let frame = frame(area.frame)
    else {
      report.addBadRow(line: 0, "\(name) is of no frame of a video that the file lists")
      return
    }
    guard let track = area.track, track < trackNames.count else {
      report.addBadRow(line: 0, "\(name) has a track that is not listed")
      return
    }
    guard let shape = area.shape else {
      report.addBadRow(line: 0, "\(name) has no usable shape")
      return
    }
    if let source = area.instance, source >= 0, objects[video].holds(source) {
      outlines += 1
      return
    }
    addAnnotated(frame, in: video)
    let number = classes.firstIndex { $0.name == area.category } ?? classes.count
    if number == classes.count { classes.append(Ontology.Category(name: area.category)) }
    objects[video].add(
      Instance(
        frame: frame, shape: shape, origin: area.isPredicted ? .model : .human,
        confidence: area.score),
      track: track, class: Int32(clamping: number), source: nil)
  }

  private mutating func readBoxes(_ outlines: inout Int) throws(LabelError) {
    let whole = try file.dataset("bboxes")
    var columns: [String: [Double]] = [:]
    let names = [
      "x1", "y1", "x2", "y2", "angle", "video", "frame_idx", "track", "instance", "is_predicted",
      "score",
    ]
    if let whole {
      // One table until format 1.9, with the centre instead of the corners.
      let old = ["x_center", "y_center", "width", "height"] + names.dropFirst(4)
      let known = old.filter { whole.members.contains($0) }
      guard whole.count > 0, !known.isEmpty else { return }
      let rows = try file.rows(of: "bboxes", members: known)
      for (place, name) in known.enumerated() {
        columns[name] = (0..<rows.count).map { rows[$0, place] }
      }
      if let x = columns["x_center"], let y = columns["y_center"], let width = columns["width"],
        let height = columns["height"]
      {
        columns["x1"] = zip(x, width).map { $0 - $1 / 2 }
        columns["x2"] = zip(x, width).map { $0 + $1 / 2 }
        columns["y1"] = zip(y, height).map { $0 - $1 / 2 }
        columns["y2"] = zip(y, height).map { $0 + $1 / 2 }
      }
    } else if file.contains("bboxes") {
      for name in names { columns[name] = try file.numbers("bboxes/" + name) }
    } else {
      return
    }
    let listed =
      try whole == nil
      ? []
      : file.attribute("categories", of: "bboxes")?.text
        .map { (text) throws(LabelError) in try file.json(text).elements?.compactMap(\.text) ?? [] }
    let categories = try whole == nil ? file.strings("bboxes/category") : listed ?? []
    for row in 0..<(columns["x1"]?.count ?? 0) {
      func value(_ name: String) -> Double {
        guard let column = columns[name], column.indices.contains(row) else { return .nan }
        return column[row]
      }
      func place(_ name: String) -> Int? { Int(exactly: value(name)) }
      let box = Box(
        left: value("x1"), top: value("y1"), width: value("x2") - value("x1"),
        height: value("y2") - value("y1"))
      let isUsable = [box.left, box.top, box.width, box.height].allSatisfy { abs($0) < 1e9 }
      let angle = value("angle")
      let shape =
        angle.isFinite && abs(angle) > 1e-10
        ? Shape.rotatedBox(
          RotatedBox(
            center: Point(box.left + box.width / 2, box.top + box.height / 2), width: box.width,
            height: box.height, angle: angle)) : .box(box)
      let isPredicted = value("is_predicted") == 1
      add(
        Area(
          video: place("video"), frame: place("frame_idx"), track: place("track") ?? -1,
          instance: place("instance"), isPredicted: isPredicted,
          score: value("score").isFinite ? value("score") : nil,
          category: categories.indices.contains(row) ? categories[row] : "",
          shape: isUsable ? shape : nil), name: "box \(row)", outlines: &outlines)
    }
  }

  private mutating func readMasks(_ outlines: inout Int) throws(LabelError) {
    guard let dataset = try file.dataset("masks"), dataset.count > 0 else { return }
    let wanted = [
      "video", "frame_idx", "track", "height", "width", "rle_start", "rle_end", "instance",
      "is_predicted", "score", "from_predicted", "scale_x", "scale_y", "offset_x", "offset_y",
    ]
    let known = wanted.filter { dataset.members.contains($0) }
    let rows = try file.rows(of: "masks", members: known)
    let places = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, $0) })
    func value(_ row: Int, _ name: String) -> Double? { places[name].map { rows[row, $0] } }
    func number(_ row: Int, _ name: String) -> Int? {
      value(row, name).flatMap { Int(exactly: $0) }
    }
    let count = try file.dataset("mask_rle")?.count ?? 0
    let categories = try file.strings("mask_categories")
    let corrected = Set(
      (0..<rows.count).compactMap { row in
        value(row, "is_predicted") == 1 ? nil : number(row, "from_predicted")
      })
    var left = count
    for row in 0..<rows.count where !corrected.contains(row) {
      let (start, end) = (number(row, "rle_start") ?? -1, number(row, "rle_end") ?? -1)
      var shape: Shape?
      // No byte belongs to two masks, so that all of them need no more memory than the file's.
      if start >= 0, start <= end, end <= count, end - start <= left,
        value(row, "scale_x") ?? 1 == 1, value(row, "scale_y") ?? 1 == 1,
        let height = number(row, "height"), let width = number(row, "width")
      {
        left -= end - start
        let bytes = try file.integers("mask_rle", in: start..<end)
        let mask = Self.mask(
          bytes, width: width, height: height, left: number(row, "offset_x") ?? 0,
          top: number(row, "offset_y") ?? 0)
        shape = mask.map { .mask($0) }
      }
      add(
        Area(
          video: number(row, "video"), frame: number(row, "frame_idx"),
          track: number(row, "track") ?? -1, instance: number(row, "instance"),
          isPredicted: value(row, "is_predicted") == 1,
          score: value(row, "score").flatMap { $0.isFinite ? $0 : nil },
          category: categories.indices.contains(row) ? categories[row] : "", shape: shape),
        name: "mask \(row)", outlines: &outlines)
    }
  }

  /// A mask out of runs over the whole picture row by row, each as four bytes, the lowest first.
  private static func mask(
    _ bytes: [Int], width: Int, height: Int, left: Int, top: Int
  ) -> Mask? {
    guard bytes.count % 4 == 0, bytes.allSatisfy({ (0...255).contains($0) }),
      (1...65_536).contains(width), (1...65_536).contains(height), abs(left) < 1 << 24,
      abs(top) < 1 << 24
    else { return nil }
    var runs: [Int32] = []
    for place in stride(from: 0, to: bytes.count, by: 4) {
      let low = bytes[place] | bytes[place + 1] << 8
      let high = bytes[place + 2] | bytes[place + 3] << 8
      guard let run = Int32(exactly: low | high << 16) else { return nil }
      runs.append(run)
    }
    return Mask(left: left, top: top, width: width, height: height, runs: runs)?.cropped
  }

  /// Reads the events of every video.
  mutating func events() throws(LabelError) -> [[RangeLabel]] {
    var result = videos.map { _ in [RangeLabel]() }
    guard file.contains("events") else { return result }
    func column(_ name: String) throws(LabelError) -> [Int] {
      try file.integers("events/" + name)
    }
    let (video, start, end) = (
      try column("video"), try column("start_frame"), try column("end_frame")
    )
    let (type, isPredicted) = (try column("type"), try column("is_predicted"))
    let kinds = [try column("subject_kind"), try column("target_kind")]
    let objects = [try column("subject_idx"), try column("target_idx")]
    let scores = try file.numbers("events/score")
    let (names, sources) = (try file.strings("events/name"), try file.strings("events/source"))
    let types = try file.strings("event_types/name")
    let identities = try file.strings("identity/name")
    let owners = try column("meta_owner")
    let (keys, values) = (try file.strings("events/meta_key"), try file.strings("events/meta_val"))
    var details: [Int: [String: String]] = [:]
    for (place, owner) in owners.enumerated() where place < min(keys.count, values.count) {
      details[owner, default: [:]][keys[place]] = values[place]
    }
    func at<Value>(_ list: [Value], _ place: Int) -> Value? {
      list.indices.contains(place) ? list[place] : nil
    }
    func track(_ role: Int, _ row: Int) -> String? {
      at(kinds[role], row) == 1 ? at(objects[role], row).flatMap { at(trackNames, $0) } : nil
    }
    func identity(_ role: Int, _ row: Int) -> String? {
      at(kinds[role], row) == 2 ? at(objects[role], row).flatMap { at(identities, $0) } : nil
    }
    report.rowCount += video.count
    for row in video.indices {
      guard videos.indices.contains(video[row]), let first = frame(at(start, row)),
        let last = frame(at(end, row)), first <= last
      else {
        report.addBadRow(line: 0, "event \(row) is of no frames of a video that the file lists")
        continue
      }
      var attributes = details[row] ?? [:]
      attributes["subject"] = identity(0, row)
      attributes["target"] = track(1, row) ?? identity(1, row)
      attributes["source"] = at(sources, row).flatMap { $0.isEmpty ? nil : $0 }
      let score = at(scores, row)
      result[video[row]].append(
        RangeLabel(
          range: FrameRange(first, last + 1), name: at(type, row).flatMap { at(types, $0) } ?? "",
          value: at(names, row).flatMap { $0.isEmpty ? nil : $0 }, track: track(0, row),
          attributes: attributes, origin: at(isPredicted, row) == 1 ? .model : .human,
          confidence: score.flatMap { $0.isFinite ? $0 : nil }))
    }
    return result
  }
}

extension Mask {
  /// The same pixels in the smallest crop that holds them; nil for an empty mask.
  fileprivate var cropped: Mask? {
    guard let bounds else { return nil }
    let (x, y) = (Int(bounds.left) - left, Int(bounds.top) - top)
    let (columns, rows) = (Int(bounds.width), Int(bounds.height))
    var result: [Int32] = []
    // Where the last set run ended, as a place in the crop.
    var written = 0
    var position = 0
    for (place, run) in runs.enumerated() {
      let end = position + Int(run)
      if place % 2 == 1, run > 0 {
        for row in position / width...(end - 1) / width {
          let first = max(position, row * width) - row * width - x + (row - y) * columns
          let last = min(end, (row + 1) * width) - row * width - x + (row - y) * columns
          // A run that goes on from the row before makes one with it.
          if first == written, !result.isEmpty {
            result[result.count - 1] += Int32(last - first)
          } else {
            result += [Int32(first - written), Int32(last - first)]
          }
          written = last
        }
      }
      position = end
    }
    if written < columns * rows { result.append(Int32(columns * rows - written)) }
    return Mask(
      left: Int(bounds.left), top: Int(bounds.top), width: columns, height: rows, runs: result)
  }
}
