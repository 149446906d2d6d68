import Timeline

/// What TAO and BURST say about whole classes of a video, kept as ranges over all its frames.
///
/// The names of the ranges are the keys of the source, their values the names of the classes.
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
    let last = video.imageNames.keys.max() ?? 0
    let range = FrameRange(0, video.frameCount ?? last + 1)
    return [(Self.absent, absent), (Self.partlyLabelled, partlyLabelled)].flatMap { name, classes in
      classes.map { RangeLabel(range: range, name: name, value: $0, origin: .human) }
    }
  }
}
