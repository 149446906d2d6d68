import Timeline

/// An object over time as Labelbox keeps it: key frames, and segments in which it is shown.
struct LabelboxObject {
  /// What one frame that is listed holds.
  struct Key {
    /// The number in the file.
    var number: Int
    var shape: Shape
    var attributes: [String: String]
    /// Whether a person set it; an export may list what lies between, too.
    var isKey: Bool
  }

  var id = ""
  var name = ""
  var attributes: [String: String] = [:]
  var keys: [Key] = []
  /// First and last frames, both shown; without any the object is shown where it is listed.
  var segments: [ClosedRange<Int>] = []
  var line = 0

  /// Works out the track.
  ///
  /// Between two key frames of a segment every number moves linearly, as Labelbox does; behind the
  /// last one the shape stays. Between segments the object is declared absent.
  ///
  /// - Parameters:
  ///   - base: The number of the first frame.
  ///   - origin: Of key frames.
  ///   - room: How many frames may be filled in; gets less, and 0 where they do not suffice: then
  ///     only the frames that are listed count.
  /// - Returns: The track, in frames from 0.
  func track(base: Int, origin: Origin, room: inout Int) -> Track {
    let keys = self.keys.sorted { $0.number < $1.number }
    var instances: [Instance] = []
    func add(_ number: Int, _ shape: Shape, _ attributes: [String: String], isKey: Bool) {
      guard number >= base else { return }
      instances.append(
        Instance(
          frame: number - base, shape: shape, isKeyFrame: isKey,
          origin: isKey ? origin : .interpolated, attributes: attributes,
          line: Int32(clamping: line)))
    }
    // Nothing is shown before the first frame that is listed.
    let first = keys.first?.number ?? .max
    let segments = self.segments.filter { $0.upperBound >= first }
      .map { max($0.lowerBound, first)...$0.upperBound }
      .sorted { $0.lowerBound < $1.lowerBound }
    let wanted = segments.reduce(0) { $0 + $1.count }
    let isTooLong = wanted - keys.count > room
    if isTooLong { room = 0 }
    if segments.isEmpty || isTooLong {
      for key in keys { add(key.number, key.shape, key.attributes, isKey: key.isKey) }
      return track(instances, absences: [])
    }
    var last = Int.min
    for segment in segments {
      var place = keys.partitioningIndex { $0.number > segment.lowerBound } - 1
      for number in max(segment.lowerBound, last)...max(segment.upperBound, last)
      where number > last {
        while place + 1 < keys.count, keys[place + 1].number <= number { place += 1 }
        guard place >= 0 else { continue }
        let key = keys[place]
        if key.number == number {
          add(number, key.shape, key.attributes, isKey: key.isKey)
          continue
        }
        room -= 1
        var shape = key.shape
        if place + 1 < keys.count, keys[place + 1].number <= segment.upperBound,
          key.number >= segment.lowerBound
        {
          let next = keys[place + 1]
          let share = Double(number - key.number) / Double(next.number - key.number)
          shape = key.shape.moved(to: next.shape, share: share) ?? shape
        }
        add(number, shape, key.attributes, isKey: false)
      }
      last = max(last, segment.upperBound)
    }
    let absences = zip(segments, segments.dropFirst()).compactMap { a, b -> FrameRange? in
      let (start, end) = (a.upperBound + 1 - base, b.lowerBound - base)
      return start >= 0 && end > start ? FrameRange(start, end) : nil
    }
    return track(instances, absences: absences)
  }

  private func track(_ instances: [Instance], absences: [FrameRange]) -> Track {
    Track(
      id: id, className: name, instances: instances, absences: absences, attributes: attributes)
  }
}

/// Answers to questions, which Labelbox calls classifications.
enum LabelboxAnswers {
  // Questions in answers in questions; deeper ones are damage.
  private static let deepest = 16

  /// The answers as attributes: the name of a question with the answer in words, several joined by
  /// commas. Questions that hang on an answer stand beside it.
  static func attributes(_ list: JSONValue?) -> [String: String] {
    var result: [String: String] = [:]
    add(list, to: &result, depth: 0)
    return result
  }

  private static func add(
    _ list: JSONValue?, to result: inout [String: String], depth: Int
  ) {
    guard depth < deepest else { return }
    for entry in list?.elements ?? [] {
      guard let name = name(of: entry) else { continue }
      if let answer = answer(of: entry) { result[name] = answer }
      for inner in answers(of: entry) {
        add(inner["classifications"], to: &result, depth: depth + 1)
      }
    }
  }

  /// The name of a question or an answer; without one the id of its schema.
  static func name(of value: JSONValue) -> String? {
    value["name"]?.text ?? value["schemaId"]?.text ?? value["feature_schema_id"]?.text
  }

  /// The objects that are answers: of the import (`answer`) and of the export.
  static func answers(of value: JSONValue) -> [JSONValue] {
    for key in ["answer", "answers", "radio_answer", "checklist_answers"] {
      guard let answer = value[key] else { continue }
      if let list = answer.elements { return list }
      if answer.isObject { return [answer] }
    }
    return []
  }

  /// The answer in words; nil where there is none.
  static func answer(of value: JSONValue) -> String? {
    if let text = value["answer"]?.text { return text }
    if let text = value["text_answer"]?["content"]?.text { return text }
    let names = answers(of: value).compactMap { name(of: $0) ?? $0["value"]?.text }
    return names.isEmpty ? nil : names.joined(separator: ",")
  }
}
