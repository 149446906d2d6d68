import Annotations

/// The sides of the picture at which objects come and go.
///
/// Where nobody states the size of the picture, a side is where labels never reach beyond and
/// several tracks begin or end.
struct PictureBorder: Sendable {
  /// How many ends of tracks must lie at a side to make it one.
  static let fewestEnds = 3

  private(set) var left, top, right, bottom: Double?

  init(_ source: SourceFacts, on video: VideoFacts) {
    if let picture = Picture(statedBy: source.annotations, or: video)?.box {
      (left, top, right, bottom) = (picture.left, picture.top, picture.right, picture.bottom)
      return
    }
    guard let bounds = source.boxes.bounds else { return }
    var ends = [0, 0, 0, 0]
    for track in source.annotations.tracks where track.isTracked {
      let boxes = [track.instances.first?.shape.bounds, track.instances.last?.shape.bounds]
      for case let box? in boxes {
        let distances = [
          box.left - bounds.left, box.top - bounds.top, bounds.right - box.right,
          bounds.bottom - box.bottom,
        ]
        for side in 0..<4 where distances[side] <= 0.5 * box.size { ends[side] += 1 }
      }
    }
    if ends[0] >= Self.fewestEnds { left = bounds.left }
    if ends[1] >= Self.fewestEnds { top = bounds.top }
    if ends[2] >= Self.fewestEnds { right = bounds.right }
    if ends[3] >= Self.fewestEnds { bottom = bounds.bottom }
  }

  /// The distances of `box` to the known sides, in its own sizes; negative where it lies across.
  ///
  /// `outward` is how far (`dx`, `dy`) leads towards the side, in the same unit.
  func sides(
    of box: Box, dx: Double = 0, dy: Double = 0
  ) -> [(side: Int, distance: Double, outward: Double)] {
    let size = max(1e-9, box.size)
    let all = [
      left.map { (box.left - $0, -dx) }, top.map { (box.top - $0, -dy) },
      right.map { ($0 - box.right, dx) }, bottom.map { ($0 - box.bottom, dy) },
    ]
    return all.enumerated().compactMap { side, entry in
      entry.map { (side, $0.0 / size, $0.1 / size) }
    }
  }

  /// The distance of `box` to the nearest side, in its own sizes; infinite where no side is known.
  func distance(of box: Box) -> Double {
    sides(of: box).map(\.distance).min() ?? .infinity
  }
}
