import Timeline

/// Gives attributes that a source states for ranges of frames to the instances in them.
struct RangedAttributes {
  /// How many instances are given one at most; more are taken for damaged ranges.
  static let limit = 5_000_000

  private var room = Self.limit

  /// Whether some were left out because they were too many.
  var isCut: Bool { room < 0 }

  /// Gives `text` as the attribute `name` to the instances with a frame of `range`.
  ///
  /// Where one is there already, the second is added after a comma: choices may come one by one.
  /// `instances` come by rising frame.
  mutating func set(
    _ name: String, to text: String, in range: FrameRange, of instances: inout [Instance]
  ) {
    let start = instances.indices.partitioningIndex { instances[$0].frame >= range.start }
    for place in start..<instances.count {
      guard instances[place].frame < range.end else { return }
      room -= 1
      guard room >= 0 else { return }
      let known = instances[place].attributes[name]
      instances[place].attributes[name] = known.map { $0 == text ? $0 : $0 + ", " + text } ?? text
    }
  }
}
