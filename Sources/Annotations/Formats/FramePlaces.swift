import Timeline

/// Where the frames of a file that was made at a rate of its own lie in the video.
///
/// Annotation tools may number pictures that they took out of the video, such as one a second. The
/// numbers are places in the video only where both rates are the same.
struct FramePlaces {
  /// The frames of the video that were looked at.
  private(set) var annotated = AnnotatedFrames.all
  /// The frames of the video; nil where nothing is known of it.
  private(set) var frameCount: Int?
  /// The rate of the video; nil where nothing is known of it.
  private(set) var frameRate: Double?

  // Frames of the video a frame of the file; 1 where both are the same.
  private var step = 1.0

  /// Compares what the file says with what the video says.
  ///
  /// - Parameters:
  ///   - slot: Rate and count as the file states them.
  ///   - hint: The video, where there is one.
  ///   - report: Gets a note where frames are put elsewhere, or where the file contradicts the
  ///     video.
  init(slot: (rate: Double?, count: Int?), hint: VideoHint?, report: inout ReadReport) {
    guard let hint, let rate = slot.rate, let real = hint.frameRate, real > 0 else { return }
    let ratio = real / rate
    guard abs(ratio - 1) > 0.01 else { return }
    let rates = "\(JSONText.number(rate)) frames a second, the video \(JSONText.number(real))"
    if let count = slot.count, let videoCount = hint.frameCount {
      // Tools round up or down at the end, and may take one more.
      let expected = Double(videoCount) / ratio
      guard abs(Double(count) - expected) <= 1.5, ratio > 1 else {
        report.addNote(
          "the file says \(count) frames at \(rates) in \(videoCount) frames; the numbers are taken"
            + " as frames of the video")
        frameCount = videoCount
        frameRate = real
        return
      }
    } else if ratio < 1 {
      report.addNote("the file says \(rates); the numbers are taken as frames of the video")
      frameRate = real
      return
    }
    report.addNote("the file has \(rates); its frames are put where they lie in the video")
    step = ratio
    frameCount = hint.frameCount
    frameRate = real
    guard let count = slot.count ?? hint.frameCount.map({ Int((Double($0) / ratio).rounded(.up)) })
    else { return }
    if step == step.rounded(), let last = Optional(place(count - 1)), last >= 0 {
      annotated = .every(step: Int(step), in: FrameRange(0, last + 1))
    } else {
      annotated = .only(Set((0..<min(count, LabelFormats.maximumFrame)).map { place($0) }))
    }
  }

  /// The frame of the video that a frame of the file shows.
  func place(_ number: Int) -> FrameIndex {
    if step == 1 { return number }
    let place = (Double(number) * step).rounded()
    return place < Double(LabelFormats.maximumFrame) ? Int(place) : LabelFormats.maximumFrame
  }

  /// Puts the instances and absences of a track where they lie in the video.
  ///
  /// - Parameters:
  ///   - track: In the numbers of the file.
  ///   - base: The number of the first frame in the file.
  ///   - report: Gets what lies before it.
  /// - Returns: The track in frames of the video.
  func placed(_ track: Track, base: Int, report: inout ReadReport) -> Track {
    if step == 1, base == 0 { return track }
    var instances: [Instance] = []
    for instance in track.instances {
      var moved = instance
      moved.frame = place(instance.frame - base)
      if moved.frame >= 0 {
        instances.append(moved)
      } else {
        report.addBadRow(line: Int(instance.line), "the frame lies before the first frame")
      }
    }
    let absences = track.absences.compactMap { range -> FrameRange? in
      let start = max(0, place(range.start - 1 - base) + 1)
      let end = range.end == .max ? .max : place(range.end - base)
      return end > start ? FrameRange(start, end) : nil
    }
    return Track(
      id: track.id, className: track.className, isTracked: track.isTracked,
      instances: instances, absences: absences, attributes: track.attributes)
  }
}
