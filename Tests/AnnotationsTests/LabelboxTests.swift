import Annotations
import Foundation
import Testing
import Timeline

struct LabelboxTests {
  private let row = #""dataRow": {"globalKey": "clip.mp4"}"#

  private func box(_ frame: Int, _ left: Double, _ more: String = "") -> String {
    #"{"frame": \#(frame), "bbox": {"top": 2, "left": \#(left), "height": 4, "width": 3}\#(more)}"#
  }

  private func object(_ segments: String) -> String {
    #"{"name": "car", "uuid": "a", \#(row), "segments": [\#(segments)]}"#
  }

  // The rule of the owner's import page: key frames, linear motion within a segment.
  @Test func `key frames of segments, absent between them`() throws {
    let dataset = try LabelText.read(
      object(
        #"{"keyframes": [\#(box(1, 10)), \#(box(5, 14))]}, {"keyframes": [\#(box(8, 0))]}"#))
    let video = dataset.videos[0]
    #expect(dataset.format == "labelbox" && dataset.dialect == "import")
    #expect(video.name == "clip.mp4" && video.base == 1)
    let track = video.tracks[0]
    #expect(track.id == "a" && track.className == "car")
    #expect(track.instances.map(\.frame) == [0, 1, 2, 3, 4, 7])
    #expect(track.instances.compactMap { $0.shape.bounds?.left } == [10, 11, 12, 13, 14, 0])
    #expect(track.instances.map(\.isKeyFrame) == [true, false, false, false, true, true])
    #expect(track.instances[1].origin == .interpolated)
    #expect(track.absences == [FrameRange(5, 7)])
  }

  @Test func `a file with a frame 0 counts from 0`() throws {
    let video = try LabelText.read(object(#"{"keyframes": [\#(box(0, 1))]}"#)).videos[0]
    #expect(video.base == 0 && video.tracks[0].instances[0].frame == 0)
  }

  @Test func `points, lines, ids of schemas, answers of key frames`() throws {
    let video = try LabelText.read(
      #"[{"schemaId": "s1", "uuid": "l", \#(row), "classifications": [{"name": "q", "answer": "x"}], "#
        + #""segments": [{"keyframes": [{"frame": 1, "line": [{"x": 1, "y": 2}, {"x": 3, "y": 4}], "#
        + #""classifications": [{"name": "pose", "answer": {"name": "up"}}, "#
        + #"{"name": "list", "answer": [{"name": "a"}, {"name": "b"}]}]}]}]}, "#
        + #"{"name": "p", "uuid": "m", \#(row), "segments": [{"keyframes": "#
        + #"[{"frame": 2, "point": {"x": 5, "y": 6}}]}]}]"#
    ).videos[0]
    #expect(video.tracks.map(\.className) == ["s1", "p"])
    #expect(video.tracks[0].attributes == ["q": "x"])
    #expect(video.tracks[0].instances[0].attributes == ["pose": "up", "list": "a,b"])
    #expect(video.tracks[0].instances[0].shape == .polyline([Point(1, 2), Point(3, 4)]))
    #expect(video.tracks[1].instances[0].shape == .points([Point(5, 6)]))
  }

  @Test func `answers of frames are inclusive ranges, others hold for the whole video`() throws {
    let video = try LabelText.read(
      #"{"name": "weather", "answer": {"name": "rain"}, \#(row), "uuid": "1", "#
        + #""frames": [{"start": 30, "end": 35}, {"start": 50, "end": 51}]}"# + "\n"
        + #"{"name": "who", "answer": [{"name": "me", "frames": [{"start": 2, "end": 2}]}, "#
        + #"{"name": "you", "frames": [{"start": 3, "end": 4}]}], \#(row), "uuid": "2"}"# + "\n"
        + #"{"name": "text", "answer": "a value", \#(row), "uuid": "3"}"#
    ).videos[0]
    #expect(
      video.ranges == [
        RangeLabel(range: FrameRange(29, 35), name: "weather", value: "rain", origin: .imported),
        RangeLabel(range: FrameRange(49, 51), name: "weather", value: "rain", origin: .imported),
        RangeLabel(range: FrameRange(1, 2), name: "who", value: "me", origin: .imported),
        RangeLabel(range: FrameRange(2, 4), name: "who", value: "you", origin: .imported),
        RangeLabel(range: FrameRange(0, 51), name: "text", value: "a value", origin: .imported),
      ])
  }

  // The shape of a row as the owner's export page and its SDK's tests show it.
  @Test func `an exported row lists frames and tells key frames and segments`() throws {
    func shown(_ left: Int) -> String {
      #"{"objects": {"f": {"feature_id": "f", "name": "car", "annotation_kind": "#
        + #""VideoBoundingBox", "classifications": [{"name": "text", "text_answer": "#
        + #"{"content": "x"}}], "bounding_box": {"top": 1, "left": \#(left), "height": 2, "#
        + #""width": 3}}}, "classifications": [{"name": "sky", "radio_answer": {"name": "blue"}}]}"#
    }
    let dataset = try LabelText.read(
      #"{"data_row": {"id": "d", "external_id": "clip.mp4"}, "media_attributes": {"height": 48, "#
        + #""width": 64, "frame_count": 30, "frame_rate": 25}, "projects": {"p": {"labels": [{"#
        + #""annotations": {"frames": {"13": \#(shown(1)), "15": \#(shown(3)), "18": \#(shown(9))}, "#
        + #""segments": {"f": [[13, 16], [18, 18]]}, "#
        + #""key_frame_feature_map": {"f": {"13": true, "15": true, "18": false}}, "#
        + #""classifications": [{"name": "all", "checklist_answers": [{"name": "yes"}]}]}}]}}}"#)
    let video = dataset.videos[0]
    #expect(dataset.dialect == "export")
    #expect(video.width == 64 && video.frameCount == 30 && video.frameRate == 25)
    let track = video.tracks[0]
    #expect(track.instances.map(\.frame) == [12, 13, 14, 15, 17])
    #expect(track.instances.compactMap { $0.shape.bounds?.left } == [1, 2, 3, 3, 9])
    #expect(track.instances.map(\.isKeyFrame) == [true, false, true, false, false])
    #expect(track.instances[0].attributes == ["text": "x"])
    #expect(track.absences == [FrameRange(16, 17)])
    #expect(video.ranges.map(\.name) == ["sky", "sky", "sky", "all"])
    #expect(video.ranges.map(\.range.start) == [12, 14, 17, 0])
  }

  @Test func `only frames that linear motion does not give are written`() throws {
    let boxes = [1.0, 2, 3, 4, 9, 9].enumerated().map { frame, left in
      Instance(
        frame: frame, shape: .box(Box(left: left, top: 2, width: 3, height: 4)), origin: .imported)
    }
    let dataset = Dataset(
      format: "test",
      videos: [VideoAnnotations(name: "v", tracks: [Track(id: "a", instances: boxes)])])
    let file = try LabelText("", name: "out.ndjson")
    defer { file.remove() }
    _ = try LabelFormats.write(dataset, as: Labelbox.self, to: file.path)
    let text = try String(contentsOfFile: file.path, encoding: .utf8)
    #expect(text.matches(of: /"frame":(\d)/).map { String($0.output.1) } == ["1", "4", "5", "6"])
    let read = try Labelbox.read(path: file.path, options: ReadOptions())
    #expect(read.videos[0].tracks[0].instances.map(\.shape) == boxes.map(\.shape))
  }

  @Test(arguments: [
    (#"{"name": "x", "uuid": "b", ROW}"#, "there are neither segments nor an answer"),
    (#"{"uuid": "b", ROW, "answer": "x"}"#, "there is no name"),
    (
      #"{"name": "x", "uuid": "b", ROW, "segments": [{"keyframes": []}]}"#,
      "there are no key frames"
    ),
    (
      #"{"name": "x", "uuid": "b", ROW, "segments": [{"keyframes": [{"frame": -3, "point": {}}]}]}"#,
      "a key frame has no usable number"
    ),
    (
      #"{"name": "x", "uuid": "b", ROW, "segments": [{"keyframes": [{"frame": 3, "point": {}}]}]}"#,
      "frame 3: there is neither a usable bbox, point nor line"
    ),
  ])
  func `a bad row is counted and costs no other`(bad: String, reason: String) throws {
    let dataset = try LabelText.read(
      object(#"{"keyframes": [\#(box(1, 1))]}"#) + "\n"
        + bad.replacingOccurrences(of: "ROW", with: row), as: Labelbox.self)
    #expect(
      dataset.report.badRows == [ReadReport.BadRow(line: 2, reason: "annotation b: " + reason)])
    #expect(dataset.videos[0].instanceCount == 1)
  }

  @Test(arguments: [
    ("hello", LabelError.Code.wrongFormat), (#"{"images": []}"#, .wrongFormat),
    ("[]", .wrongFormat),
    (#"{"dataRow": {"id": "a"}, "segments": [{"#, .damaged),
  ])
  func `a file that cannot be used`(text: String, code: LabelError.Code) {
    #expect(LabelText.error(text, as: Labelbox.self)?.code == code)
  }
}
