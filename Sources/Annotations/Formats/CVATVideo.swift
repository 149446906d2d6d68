public import Foundation

/// CVAT's XML "CVAT for video 1.1"; files "for images" are read as ``CVATImages``.
///
/// **Frames.** The number in the file is the number of the source's frame, so it is the index.
/// A project numbers the frames of its tasks one after the other; the reader takes the sum of
/// the tasks before away again. `start_frame`, `stop_frame` and `frame_filter` say which frames
/// were annotated.
///
/// **Presence.** A shape with `outside="1"` is no instance: the object is gone on that frame
/// already, and declared absent until the next shape that is not outside.
///
/// **Key frames only.** CVAT's own export writes every frame, so a frame that is missing between
/// two shapes is a hole. Other tools, and people, write key frames only and leave the rest to
/// CVAT. A file counts as such where every shape is marked `keyframe="1"` and most neighbouring
/// shapes of a track lie further apart than the step; then the frames between are filled in by
/// CVAT's rule, as `interpolated`, and the report says so. CVAT would also hold the last shape of
/// a track up to the end of the task; the reader does not.
///
/// **Deleted frames.** CVAT's export leaves out frames that were deleted in CVAT, without a word in
/// the file: they look like a hole in all tracks at once.
///
/// **Joints.** An attribute of a joint is one of the instance, called `joint/attribute`.
///
/// **Cuboids.** CVAT's names of the corners follow their places in its list, in which the right
/// edge of the back comes before the left one: `xtl2` is the top right corner of the back face.
public enum CVATVideo: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "cvat"
  /// See ``LabelFormat/summary``.
  public static let summary = "CVAT for video 1.1 (XML, also in a zip)"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "The number in the file is the frame of the source video, from 0.",
    traps: [
      "A shape with outside=1 lies on the first frame in which the object is gone.",
      "CVAT shows an object until it is outside, so every hole is written as a declared absence.",
      "CVAT's importer keeps key frames only: a frame that its interpolation would move is written"
        + " as one.",
      "Ids are places in the file and change when CVAT writes it again; where they differ, an"
        + " attribute track_id keeps them.",
      "CVAT has no tracks of masks and none that changes its shape: such a track is written in"
        + " pieces of one track_id.",
      "Frames that were deleted in CVAT look like a hole in all tracks at once.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: Set(Shape.Kind.allCases), identity: .text, precision: .decimals(2),
    aspects: [
      .classNames, .hiddenJoints, .occlusion, .keyFrames, .origin, .attributes, .trackAttributes,
      .zOrder, .group, .absences, .annotatedFrames, .videoName, .pictureSize, .frameCount,
      .unusedClasses, .bones,
    ],
    output: .file(extension: "xml"), holdsManyVideos: true)

  /// The attribute in which CVAT for images, and our writer, keep the identity of a track.
  static let trackID = "track_id"

  /// The smallest step that CVAT writes: two decimals of a pixel.
  static let quantum = 0.01

  /// See ``LabelFormat/matches(head:path:)``.
  public static func matches(head: Data, path: String) -> Bool {
    let text = String(decoding: head, as: UTF8.self)
    guard XMLText.rootName(of: text) == "annotations" else { return false }
    return ["<meta", "<version", "<track", "<image"].contains { text.contains($0) }
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    try read(path: path, options: options, as: id)
  }

  /// Reads a file of either kind as the format called `id`.
  static func read(
    path: String, options: ReadOptions, as id: String
  ) throws(LabelError) -> Dataset {
    _ = try LabelFormats.head(of: path)
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw LabelError(.unreadable, path: path, "the file may not be read; check its permissions")
    }
    defer { try? file.close() }
    var document = CVATDocument(options: options)
    do {
      var scanner = try XMLScanner(file)
      while let event = try scanner.next() {
        switch event {
        case .start(let name, let attributes):
          try document.start(name, attributes, line: scanner.line)
        case .text(let text): document.text += text
        case .end: document.end()
        }
        scanner.wantsText = document.wantsText
      }
    } catch {
      throw LabelError(
        document.sawRoot || error.breaksOff ? .damaged : .wrongFormat, path: path,
        line: error.line, error.reason)
    }
    var dataset = document.dataset()
    dataset.format = id
    return dataset
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    let losses = try CVATVideoWriter.write(dataset.videos, to: output)
    try output.finish()
    return losses
  }
}
