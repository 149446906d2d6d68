import Timeline

/// The frames that formats with a list of images have to list for a video.
struct ListedFrames {
  /// The frames, rising: the annotated ones, and those that have an instance.
  private(set) var frames: [FrameIndex]
  /// Whether the list says which frames were annotated; it would be too long for a video of
  /// endless length.
  let areComplete: Bool

  /// The longest list: nine hours at 30 frames a second.
  static let maximumCount = 1_000_000

  /// Lists the frames of `video`.
  init(_ video: VideoAnnotations) {
    let last = video.tracks.lazy.compactMap { $0.instances.last?.frame }.max()
    let named = video.imageNames.keys.max()
    let count = max(video.frameCount ?? 0, max(last ?? -1, named ?? -1) + 1)
    var frames = Set(video.imageNames.keys)
    let range: FrameRange
    switch video.annotated {
    case .all: range = FrameRange(0, count)
    case .every(_, let limits): range = limits.clamped(to: FrameRange(0, max(count, limits.end)))
    case .only(let listed):
      frames.formUnion(listed)
      range = FrameRange(0, 0)
    }
    areComplete = range.count <= Self.maximumCount
    if areComplete {
      for frame in range.start..<range.end where video.annotated.contains(frame) {
        frames.insert(frame)
      }
    }
    for track in video.tracks {
      for instance in track.instances { frames.insert(instance.frame) }
    }
    self.frames = frames.filter { $0 >= 0 }.sorted()
  }

  /// The file name of a frame: the source's own, else one as CVAT calls the frames of a video.
  static func fileName(of frame: FrameIndex, in video: VideoAnnotations, place: Int) -> String {
    if let name = video.imageNames[frame] { return name }
    let number = String(frame)
    return folderName(of: video, place: place) + "/frame_"
      + String(repeating: "0", count: max(0, 6 - number.count)) + number + ".jpg"
  }

  /// The folder for the frames of the video at `place`: its name without the extension.
  static func folderName(of video: VideoAnnotations, place: Int) -> String {
    guard let name = video.name?.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last else {
      return "video-\(place + 1)"
    }
    let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
    return stem.isEmpty ? String(name) : String(stem)
  }
}

extension VideoAnnotations {
  /// The size that masks are written with: the picture's, else the smallest that holds all masks.
  var maskSize: (width: Int, height: Int) {
    if let width, let height, width > 0, height > 0 { return (width, height) }
    var size = (width: width ?? 1, height: height ?? 1)
    for track in tracks {
      for case .mask(let mask) in track.instances.lazy.map(\.shape) {
        size.width = max(size.width, mask.left + mask.width)
        size.height = max(size.height, mask.top + mask.height)
      }
    }
    return size
  }
}
