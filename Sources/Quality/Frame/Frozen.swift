/// How many frames in a row repeat the same picture.
///
/// 0 for a new picture, 1 for a frame that repeats the frame before, 2 for the next, and so on.
///
/// A frame repeats the frame before where the 8x8 block that changes most has a mean absolute
/// difference of at most `limit`: an eighth of the median of that number over the last 25 new
/// pictures of the shot, at least 0.5 and at most 12 levels. Where these numbers are of two kinds
/// that take turns, as in a shot that repeats pictures from its start, it is the median of the
/// larger kind. It also must not be further than 1.5 * `limit` from the picture that the freeze
/// began with, so that slow motion is no freeze.
///
/// - Unit: frames, from 0.
/// - Direction: lower is better.
/// - Edge cases: undefined in the first frame and where the frame size changes.
/// - Source: the reference picture of ffmpeg's `freezedetect`, the blocks of its `mpdecimate`.
public struct Frozen: FrameMetric {
  /// See ``FrameMetric/info``.
  public static let info = MetricInfo(
    id: "frozen", scope: .frame, summary: "How many frames in a row repeat the same picture.",
    unit: "frames", direction: .lowerIsBetter,
    page: """
      Counts repeated pictures: 0 for a new picture, 1 for a frame that shows the frame before once
      more, 2 for the next, and so on. The codec may have added noise to the repeats.

      Formula    d(a, b) = largest mean |Y(a) - Y(b)| * s of any block, 8 pixels a side in the frame
                 (2 in the working picture of 1080 lines); s = 255/219 for limited range, 1 for full
                 range
                 limit = median of d(k, k-1) over the last 25 new pictures of the shot / 8,
                 at least 0.5 and at most 12; where sorting these numbers shows a gap of 8 times
                 or more with a fifth of them or more above it, and at least half of the larger
                 ones are followed by a smaller one, the smaller ones are forgotten
                 frame t repeats frame t-1 if d(t, t-1) <= limit and, within a freeze that repeats
                 frame r, d(t, r) <= 1.5 * limit
      Range      whole numbers from 0
      Undefined  in the first frame, and where the frame size changes
      Source     the reference picture is an idea of ffmpeg's freezedetect, the blocks of its
                 mpdecimate; the limit that follows the scene is ours

      Blocks, not the mean, because a small animal that moves in a large still picture hardly moves
      the mean. The limit follows the scene, because a codec changes repeats by more in a lively
      scene, while in a still one every level counts. Where a shot begins with repeats, they are
      found after 5 frames or so: nothing is known about its motion yet. A scene that comes to rest
      counts as frozen as long as nothing in it moves.
      """)

  /// See ``FrameMetric/needs``.
  public static let needs: FramePass.Parts = .change

  /// See ``FrameMetric/init()``.
  public init() {}

  /// See ``FrameMetric/measure(_:)``.
  public mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    switch pass.difference {
    case .measured: .value(Double(pass.repeats))
    case .undefined(let reason): .undefined(reason)
    }
  }
}
