import Annotations
import Timeline

/// Two tracks that lie on each other without a break.
struct OverlapRun: Sendable {
  /// The place of one track.
  var a: Int
  /// The place of the other.
  var b: Int
  /// From the first to the last overlap, within one shot.
  var range: FrameRange
  /// The overlaps by rising frame.
  var overlaps: ArraySlice<Overlap>
  /// Whether the overlap comes from nowhere: at the first label of a track, or by a jump.
  var beginsAbruptly: Bool
  /// Whether the overlap ends in nothing: at the last label of a track, or by a jump.
  var endsAbruptly: Bool

  /// The mean intersection over union.
  var meanIoU: Double {
    overlaps.reduce(0) { $0 + Double($1.iou) } / Double(max(1, overlaps.count))
  }
}

extension TrackPair {
  /// The overlap that two objects keep one frame before they cover each other, and one after.
  private static var approachOverlap: Double { 0.1 }

  /// Splits the overlaps of the pair into runs, and looks at how each begins and ends.
  ///
  /// Objects that cross come closer, cover each other, and part: there is a smaller overlap beside
  /// each end of the run. A label on the wrong object, or a second one, has no such approach. At a
  /// cut or at the end of what was annotated nothing can be seen, and nothing is held against them.
  ///
  /// - Parameters:
  ///   - source: The labels of both tracks.
  ///   - video: Where cuts end a run.
  ///   - merge: The seconds without overlap that do not end one.
  ///   - limits: The annotated frames from the first to the last one with a label.
  /// - Returns: The runs by rising frame.
  func runs(
    in source: VideoAnnotations, video: VideoFacts, merge: Double, limits: FrameRange
  ) -> [OverlapRun] {
    let (trackA, trackB) = (source.tracks[a], source.tracks[b])
    var runs: [OverlapRun] = []
    var start = overlaps.startIndex
    for place in overlaps.indices {
      let frame = overlaps[place].frame
      let next = place + 1 < overlaps.endIndex ? overlaps[place + 1].frame : nil
      if let next, video.cut(in: FrameRange(frame, next + 1)) == nil,
        video.frames.seconds(in: FrameRange(frame + 1, next)) <= merge + FrameTable.rounding
          || source.annotated.count(in: FrameRange(frame + 1, next)) == 0
      {
        continue
      }
      let range = FrameRange(overlaps[start].frame, frame + 1)
      // Whether the two are apart, or one of them missing, in the neighbouring annotated frame.
      func isApart(at frame: FrameIndex) -> Bool {
        guard let x = trackA.instance(at: frame)?.shape.bounds,
          let y = trackB.instance(at: frame)?.shape.bounds
        else { return true }
        return x.iou(y) < Self.approachOverlap
      }
      let shot = video.shot(at: range.start, in: limits)
      let before = source.annotated.last(before: range.start, in: shot)
      let after = source.annotated.first(after: range.end - 1, in: shot)
      runs.append(
        OverlapRun(
          a: a, b: b, range: range, overlaps: overlaps[start...place],
          beginsAbruptly: before.map(isApart) ?? false,
          endsAbruptly: after.map(isApart) ?? false))
      start = place + 1
    }
    return runs
  }
}
