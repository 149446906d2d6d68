import Timeline

/// The rate at which somebody took frames out of a video to label them, as DIVE and VIAME do.
struct AnnotationRate {
  private let rate: Double?
  private let video: VideoHint?

  /// Takes the rate that the labels state and the video where it is at hand.
  init(_ rate: Double?, video: VideoHint?) {
    self.rate = rate
    self.video = video
  }

  /// Makes the frame numbers of labels those of the video.
  ///
  /// Label frame k is the frame shown at k / rate seconds: the one whose number is the nearest to
  /// k times the video's rate over the labels'. Where the video is not at hand the numbers stay.
  func apply(to labels: inout VideoAnnotations, _ report: inout ReadReport) {
    labels.frameRate = rate
    guard let rate, let real = video?.frameRate, real > 0, real.isFinite else { return }
    let factor = real / rate
    // Rates such as 29.97 and 30 are two spellings of one.
    guard abs(factor - 1) > 0.01 else { return }
    func frame(_ label: FrameIndex) -> FrameIndex {
      let frame = (Double(label) * factor).rounded()
      return frame < Double(LabelFormats.maximumFrame) ? Int(frame) : LabelFormats.maximumFrame
    }
    labels.frameRate = real
    var high = 0
    labels.tracks = labels.tracks.map { track in
      var instances = track.instances
      for place in instances.indices {
        high = max(high, instances[place].frame)
        instances[place].frame = frame(instances[place].frame)
      }
      return Track(
        id: track.id, className: track.className, isTracked: track.isTracked,
        instances: instances,
        absences: track.absences.map {
          FrameRange(frame($0.start), $0.end == .max ? .max : max(frame($0.start), frame($0.end)))
        }, attributes: track.attributes)
    }
    labels.imageNames = Dictionary(
      labels.imageNames.map { (frame($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    let count = video?.frameCount.map { Int(min(1e7, (Double($0) / factor).rounded(.up))) }
    labels.annotated = AnnotatedFrames((0..<max(high + 1, count ?? 0)).map { frame($0) })
    report.addNote(
      "the labels count frames at \(JSONText.number(rate, decimals: 3)) per second and the video"
        + " has \(JSONText.number(real, decimals: 3)); their numbers became those of the video")
  }
}
