import Annotations
import Quality
import Timeline

extension RowWriter {
  /// Binds what an instance is, in the order of the columns from `left` to `line`.
  mutating func bind(_ instance: Instance) {
    let bounds = instance.shape.bounds
    bind(bounds?.left)
    bind(bounds?.top)
    bind(bounds?.width)
    bind(bounds?.height)
    bind(instance.shape.text)
    bind(instance.isKeyFrame.map { $0 ? 1 : 0 })
    bind(instance.origin.number)
    bind(instance.confidence)
    switch instance.visibility {
    case .unknown: bindVisibility(nil, occluded: nil)
    case .visible: bindVisibility(nil, occluded: 0)
    case .occluded: bindVisibility(nil, occluded: 1)
    case .ratio(let share): bindVisibility(share, occluded: nil)
    }
    bind(instance.attributes.text)
    bind(instance.line > 0 ? Int(instance.line) : nil)
  }

  private mutating func bindVisibility(_ share: Double?, occluded: Int?) {
    bind(share)
    bind(occluded)
  }
}

extension Origin {
  /// The number in the column `instance.origin`, which the view `instances` spells out.
  fileprivate var number: Int? {
    switch self {
    case .human: 1
    case .interpolated: 2
    case .tracked: 3
    case .model: 4
    case .imported: 5
    case .unknown: nil
    }
  }
}

extension [String: String] {
  /// A JSON object with sorted keys; nil where it would be empty.
  var text: String? {
    if isEmpty { return nil }
    return JSONText.object(
      sorted { $0.key < $1.key }.map { (key: $0.key, value: JSONText.string($0.value)) })
  }
}

extension Track {
  /// The declared absences as `[[start, end], ...]`, an open end as null; nil where there is none.
  var absenceText: String? {
    if absences.isEmpty { return nil }
    return JSONText.array(
      absences.map { "[\($0.start),\($0.end == .max ? "null" : String($0.end))]" })
  }
}

extension AnnotatedFrames {
  /// An object `{"step":,"start":,"end":}` or an array of frames; nil for all frames.
  var text: String? {
    switch self {
    case .all: nil
    case .every(let step, let range):
      #"{"step":\#(step),"start":\#(range.start),"end":\#(range.end)}"#
    case .only(let frames): JSONText.array(frames.sorted().map { String($0) })
    }
  }
}

extension Ontology {
  /// An array of `{"name":,"joints":[],"edges":[[from, to]]}`; nil where there is no class.
  var text: String? {
    if categories.isEmpty { return nil }
    return JSONText.array(
      categories.map { category in
        JSONText.object([
          (key: "name", value: JSONText.string(category.name)),
          (key: "joints", value: JSONText.array(category.joints.map(JSONText.string))),
          (
            key: "edges",
            value: JSONText.array(category.edges.map { "[\($0.from),\($0.to)]" })
          ),
        ])
      })
  }
}
