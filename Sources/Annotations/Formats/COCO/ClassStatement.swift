import Timeline

/// What TAO and BURST say about whole classes of a video, kept as ranges over all its frames.
///
/// The names of the ranges are those of the source, their values the names of the classes.
enum ClassStatement {
  /// Nothing of the class is in the video: `neg_category_ids`.
  static let absent = "neg_category"
  /// Not every object of the class is labelled, so that a missing label is no error:
  /// `not_exhaustive_category_ids`.
  static let partlyLabelled = "not_exhaustive_category"

  /// The ranges for the classes named, over all frames that `video` is known to have.
  static func ranges(
    absent: [String], partlyLabelled: [String], in video: VideoAnnotations
  ) -> [RangeLabel] {
    let range = frames(of: video)
    return [(Self.absent, absent), (Self.partlyLabelled, partlyLabelled)].flatMap { name, classes in
      classes.map { RangeLabel(range: range, name: name, value: $0, origin: .human) }
    }
  }

  /// Takes such ranges apart from the others: the numbers of the classes, and what is left.
  static func numbers(
    in video: VideoAnnotations, _ classes: COCOClassNumbers
  ) -> (absent: [Int], partlyLabelled: [Int], others: [RangeLabel]) {
    let range = frames(of: video)
    var (absent, partlyLabelled): ([Int], [Int]) = ([], [])
    var others: [RangeLabel] = []
    for label in video.ranges {
      guard let value = label.value, classes.contains(value),
        label == RangeLabel(range: range, name: label.name, value: value, origin: .human)
      else {
        others.append(label)
        continue
      }
      switch label.name {
      case Self.absent: absent.append(classes.number(of: value))
      case Self.partlyLabelled: partlyLabelled.append(classes.number(of: value))
      default: others.append(label)
      }
    }
    return (absent, partlyLabelled, others)
  }

  private static func frames(of video: VideoAnnotations) -> FrameRange {
    FrameRange(0, video.frameCount ?? (video.imageNames.keys.max() ?? 0) + 1)
  }
}
