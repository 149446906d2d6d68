public import Foundation

/// CVAT's XML: "CVAT for video 1.1", and "CVAT for images 1.1" as far as it speaks of frames.
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
/// **What is not kept.** `z_order` and `group_id`; attributes of single joints; tags of frames
/// (counted); the depth of a cuboid, which becomes the outline of its eight corners.
public enum CVATVideo: LabelFormat {
  /// See ``LabelFormat/id``.
  public static let id = "cvat"
  /// See ``LabelFormat/summary``.
  public static let summary = "CVAT for video 1.1 (XML), and CVAT for images 1.1"

  /// The attribute in which CVAT for images, and our writer, keep the identity of a track.
  static let trackID = "track_id"

  /// The smallest step that CVAT writes: two decimals of a pixel.
  static let quantum = 0.01

  /// See ``LabelFormat/matches(head:path:)``.
  public static func matches(head: Data, path: String) -> Bool {
    if isZip(head) { return head.range(of: Data("annotations.xml".utf8)) != nil }
    let text = String(decoding: head, as: UTF8.self)
    guard XMLText.rootName(of: text) == "annotations" else { return false }
    return ["<meta", "<version", "<track", "<image"].contains { text.contains($0) }
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    guard !isZip(try LabelFormats.head(of: path)) else {
      throw LabelError(
        .wrongFormat, path: path,
        "this is a zip archive; unpack it and name the annotations.xml inside")
    }
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
    return document.dataset()
  }

  private static func isZip(_ head: Data) -> Bool { head.starts(with: [0x50, 0x4b, 0x03, 0x04]) }
}
