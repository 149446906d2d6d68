import Annotations
import Foundation
import Timeline

/// Text of CVAT files, written by hand for the tests.
enum CVATText {
  /// A file of one task on frames `start`...`stop`, with `tracks` below the meta data.
  static func task(
    start: Int = 0, stop: Int = 9, filter: String = "", labels: String = "", _ tracks: String
  ) -> String {
    """
    <?xml version="1.0" encoding="utf-8"?>
    <annotations>
      <version>1.1</version>
      <meta>
        <task>
          <id>4</id>
          <name>a task</name>
          <mode>interpolation</mode>
          <start_frame>\(start)</start_frame>
          <stop_frame>\(stop)</stop_frame>
          <frame_filter>\(filter)</frame_filter>
          <labels>\(labels)</labels>
          <original_size><width>640</width><height>480</height></original_size>
          <source>clip.mp4</source>
        </task>
        <dumped>2026-01-01</dumped>
      </meta>
    \(tracks)
    </annotations>
    """
  }

  /// A track drawn as one letter a frame: `X` a box, `K` a key frame, `o` outside, `.` nothing.
  static func track(id: String = "0", step: Int = 1, _ drawing: String) -> String {
    let boxes = drawing.enumerated().compactMap { index, letter -> String? in
      guard letter != "." else { return nil }
      let (isKey, isOut) = (letter != "X", letter == "o")
      return "<box frame=\"\(index * step)\" keyframe=\"\(isKey ? 1 : 0)\" "
        + "outside=\"\(isOut ? 1 : 0)\" occluded=\"0\" xtl=\"\(index)\" ytl=\"0\" "
        + "xbr=\"\(index + 10)\" ybr=\"10\" z_order=\"0\"></box>"
    }
    return "<track id=\"\(id)\" label=\"car\" source=\"manual\">\(boxes.joined())</track>"
  }

  /// Reads `text` as a file of its own.
  static func read(
    _ text: String, format: String? = "cvat", options: ReadOptions = ReadOptions()
  ) throws -> Dataset {
    try read(Data(text.utf8), format: format, options: options)
  }

  /// Reads bytes as a file of their own.
  static func read(
    _ data: Data, format: String? = "cvat", options: ReadOptions = ReadOptions()
  ) throws -> Dataset {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("continuity-\(UUID().uuidString).xml")
    try data.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try LabelFormats.read(path: url.path, format: format, options: options)
  }

  /// The presence of a track as one letter a frame: `P`resent, `A`bsent, `?` unknown, `-` silent.
  static func presence(
    _ track: Track, in video: VideoAnnotations, frames: Range<Int>
  ) -> String {
    String(
      frames.map { frame -> Character in
        switch track.presence(at: frame, annotated: video.annotated) {
        case .present: "P"
        case .absent: "A"
        case .unknown: "?"
        case nil: "-"
        }
      })
  }
}
