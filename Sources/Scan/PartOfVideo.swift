import Annotations
import Timeline

extension VideoAnnotations {
  /// Counts frames from the beginning of the part that was annotated, where the video is that part.
  ///
  /// A job or a task on a part of a longer video numbers frames as that video does. Where labels lie
  /// beyond the last frame and the video has just as many frames as the part, frame for frame, they
  /// can only be the same.
  ///
  /// - Parameter frameCount: The number of frames of the video.
  /// - Returns: What was done, in one sentence; nil where the labels were left as they are.
  mutating func countFromPart(frameCount: Int) -> String? {
    guard case .every(let step, let part) = annotated, part.start > 0, step > 0,
      annotated.count(in: part) == frameCount, let extent, extent.end > frameCount,
      tracks.allSatisfy({ $0.instances.allSatisfy { annotated.contains($0.frame) } })
    else { return nil }
    func place(_ frame: FrameIndex) -> FrameIndex {
      frame == .max ? frame : max(0, (frame - part.start + step - 1) / step)
    }
    for index in tracks.indices {
      let track = tracks[index]
      tracks[index] = Track(
        id: track.id, className: track.className, isTracked: track.isTracked,
        instances: track.instances.map { instance in
          var instance = instance
          instance.frame = place(instance.frame)
          return instance
        },
        absences: track.absences.map { FrameRange(place($0.start), place($0.end)) },
        attributes: track.attributes)
    }
    annotated = .all
    let last = part.start + (frameCount - 1) * step
    return "the labels are of the frames \(part.start) to \(last) of a longer video"
      + (step > 1 ? ", every \(step) frames," : "")
      + " and this video has just as many frames, so frame \(part.start) is taken for its first"
  }
}
