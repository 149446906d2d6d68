import Timeline

/// Range labels as JSON objects, for formats that have no place of their own for them.
///
/// The members are those of a range line of Continuity's own format.
enum LabelRangeText {
  /// The key under which formats keep the list.
  static let key = "ranges"

  /// The list as JSON; nil where there is nothing to keep.
  static func json(_ ranges: [RangeLabel]) -> String? {
    if ranges.isEmpty { return nil }
    return JSONText.array(
      ranges.lazy.map { range in
        JSONValue.members([
          "start": .number(Double(range.range.start)), "end": .number(Double(range.range.end)),
          "name": .string(range.name), "value": range.value.map { .string($0) },
          "track": range.track.map { .string($0) },
          "origin": range.origin == .unknown ? nil : .string(range.origin.rawValue),
          "confidence": range.confidence.map { .number($0) },
          "attributes": range.attributes.isEmpty
            ? nil
            : .object(
              range.attributes.sorted { $0.key < $1.key }.map {
                JSONValue.Member(key: $0.key, value: .string($0.value))
              }),
        ]).json
      })
  }

  /// Reads a list; what is no range is left out.
  static func read(_ json: inout JSONReader) throws(LabelError) -> [RangeLabel] {
    var ranges: [RangeLabel] = []
    guard try json.beginArray() else { return [] }
    while try json.nextElement() {
      let value = try json.value()
      guard let start = value["start"]?.integer, let end = value["end"]?.integer, start >= 0,
        start <= end, end <= LabelFormats.maximumFrame, let name = value["name"]?.string
      else { continue }
      var range = RangeLabel(
        range: FrameRange(start, end), name: name, value: value["value"]?.text,
        track: value["track"]?.text,
        origin: value["origin"]?.string.flatMap { Origin(rawValue: $0) } ?? .unknown,
        confidence: value["confidence"]?.number)
      for member in value["attributes"]?.members ?? [] {
        if let text = member.value.text { range.attributes[member.key] = text }
      }
      ranges.append(range)
    }
    return ranges
  }
}
