import Annotations
import Foundation
import Testing
import Timeline

struct DarwinTests {
  private func text(_ annotations: String, slot: String = #""fps": 30, "frame_count": 20"#)
    -> String
  {
    #"{"version": "2.0", "schema_ref": "x", "item": {"name": "clip.mp4", "path": "/", "#
      + #""slots": [{"type": "video", "slot_name": "0", "width": 8, "height": 4, \#(slot)}]}, "#
      + #""annotations": [\#(annotations)]}"#
  }

  private func read(
    _ annotations: String, slot: String = #""fps": 30, "frame_count": 20"#,
    _ options: ReadOptions = ReadOptions()
  ) throws -> VideoAnnotations {
    try LabelText.read(text(annotations, slot: slot), as: Darwin.self, options).videos[0]
  }

  private let box = #""bounding_box": {"x": 1, "y": 2, "w": 4, "h": 6}"#

  private func shape(_ frame: String) throws -> Shape? {
    try read(#"{"id": "a", "name": "c", "frames": {"0": {\#(frame)}}, "ranges": [[0, 1]]}"#)
      .tracks.first?.instances.first?.shape
  }

  @Test func `every type of shape`() throws {
    #expect(try shape(box) == .box(Box(left: 1, top: 2, width: 4, height: 6)))
    #expect(
      try shape(#""line": {"path": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}"#)
        == .polyline([Point(1, 2), Point(3, 4)]))
    #expect(try shape(#""keypoint": {"x": 1, "y": 2}"#) == .points([Point(1, 2)]))
    #expect(
      try shape(
        #""ellipse": {"angle": 0.5, "center": {"x": 1, "y": 2}, "radius": {"x": 3, "y": 4}}"#)
        == .ellipse(Ellipse(center: Point(1, 2), radiusX: 3, radiusY: 4, angle: 0.5)))
    #expect(
      try shape(
        #""skeleton": {"nodes": [{"name": "n", "occluded": true, "x": 1, "y": 2}, "#
          + #"{"name": "m", "occluded": false, "x": 3, "y": 4}]}"#)
        == .skeleton(
          Skeleton(joints: [
            Joint(name: "n", position: Point(1, 2), visibility: .hidden),
            Joint(name: "m", position: Point(3, 4), visibility: .visible),
          ])))
    #expect(
      try shape(
        #""cuboid": {"front": {"x": 0, "y": 0, "w": 2, "h": 2}, "#
          + #""back": {"x": 1, "y": 1, "w": 2, "h": 2}}"#)
        == .cuboid([
          Point(0, 0), Point(2, 0), Point(2, 2), Point(0, 2), Point(1, 1), Point(3, 1),
          Point(3, 3), Point(1, 3),
        ]))
  }

  @Test func `a ring in a ring is a hole, and one in a hole a part`() throws {
    func ring(_ low: Int, _ high: Int) -> String {
      let places = [(low, low), (high, low), (high, high), (low, high)]
      return "[" + places.map { #"{"x": \#($0), "y": \#($1)}"# }.joined(separator: ",") + "]"
    }
    let shape = try shape(
      #""polygon": {"paths": [\#(ring(2, 8)), \#(ring(0, 10)), \#(ring(4, 6)), \#(ring(20, 30))]}, "#
        + box)
    guard case .polygon(let polygon)? = shape else {
      Issue.record("no polygon")
      return
    }
    #expect(polygon.parts.map(\.holes.count) == [1, 0, 0])
    #expect(polygon.area == 100 - 36 + 4 + 100)
  }

  // Rows of 8: set are columns 1 to 3 of row 0 and column 4 of row 2.
  @Test func `masks come out of the layer of the frame or the last one before`() throws {
    let layer =
      #"{"id": "l", "name": "__raster_layer__", "only_keyframes": true, "ranges": [[0, 20]], "#
      + #""frames": {"0": {"keyframe": true, "raster_layer": {"dense_rle": [0, 32], "#
      + #""mask_annotation_ids_mapping": {"b": 3}, "total_pixels": 32}}, "#
      + #""2": {"raster_layer": {"dense_rle": [0,1,1,3,0,12,2,1,0,3,1,1,0,11], "#
      + #""mask_annotation_ids_mapping": {"a": 1, "b": 2}, "total_pixels": 32}}}}"#
    let mask =
      #"{"id": "a", "name": "c", "only_keyframes": true, "ranges": [[2, 4]], "#
      + #""frames": {"2": {"keyframe": true, "mask": {}}}}"#
    let video = try read(mask + "," + layer)
    #expect(video.tracks.count == 1)
    #expect(video.tracks[0].instances.map(\.frame) == [2, 3])
    #expect(video.tracks[0].instances.map(\.isKeyFrame) == [true, false])
    for instance in video.tracks[0].instances {
      guard case .mask(let mask) = instance.shape else {
        Issue.record("no mask")
        return
      }
      #expect(mask.left == 1 && mask.top == 0 && mask.width == 4 && mask.height == 3)
      #expect(mask.runs == [0, 3, 8, 1])
    }
  }

  @Test func `frames of a range are moved, held behind the last key, absent between ranges`() throws
  {
    let video = try read(
      #"{"id": "a", "name": "c", "interpolated": true, "only_keyframes": true, "#
        + #""ranges": [[2, 6], [8, 10]], "hidden_areas": [[9, 10]], "#
        + #""frames": {"4": {"keyframe": true, "bounding_box": {"x": 5, "y": 2, "w": 4, "h": 6}}, "#
        + #""2": {"keyframe": true, \#(box)}, "#
        + #""8": {"keyframe": true, "text": {"text": "hi"}}}}"#)
    let track = video.tracks[0]
    #expect(track.instances.map(\.frame) == [2, 3, 4, 5, 8])
    #expect(track.instances.map(\.isKeyFrame) == [true, false, true, false, true])
    #expect(track.instances[1].origin == .interpolated)
    let lefts = track.instances.compactMap { $0.shape.bounds?.left }
    #expect(lefts == [1, 3, 5, 5, 5])
    #expect(track.absences == [FrameRange(6, 8), FrameRange(9, 10)])
    #expect(track.instances[4].attributes == ["text": "hi"])
  }

  @Test func `properties hold from their frame on, null ends them`() throws {
    let video = try read(
      #"{"id": "a", "name": "c", "ranges": [[0, 4]], "frames": {"0": {\#(box), "keyframe": true, "#
        + #""instance_id": {"value": 3}, "attributes": ["big"], "#
        + #""inference": {"confidence": 0.75}}}, "properties": ["#
        + #"{"frame_index": 0, "name": "q", "value": "1"}, "#
        + #"{"frame_index": 0, "name": "q", "value": "2"}, "#
        + #"{"frame_index": 2, "name": "q", "value": null}, "#
        + #"{"frame_index": null, "name": "g", "value": "x"}]}"#)
    let track = video.tracks[0]
    #expect(track.attributes == ["g": "x"])
    #expect(track.instances[0].attributes == ["q": "1,2", "instance_id": "3", "big": "true"])
    #expect(track.instances[1].attributes["q"] == "1,2")
    #expect(track.instances[3].attributes["q"] == nil)
    #expect(track.instances[0].origin == .model && track.instances[0].confidence == 0.75)
  }

  @Test func `a tag is a range`() throws {
    let video = try read(
      #"{"id": "t", "name": "night", "ranges": [[3, 7]], "#
        + #""frames": {"3": {"tag": {}, "keyframe": true}}}"#)
    #expect(video.tracks.isEmpty)
    #expect(video.ranges.map(\.name) == ["night"])
    #expect(video.ranges[0].range == FrameRange(3, 7))
  }

  @Test func `version 1 has image, segments and one path`() throws {
    let dataset = try LabelText.read(
      #"{"dataset": "d", "image": {"width": 8, "height": 4, "fps": 25.0, "#
        + #""original_filename": "old.mp4", "frame_count": 9}, "annotations": [{"#
        + #""name": "c", "interpolated": false, "segments": [[0, 2]], "#
        + #""frames": {"0": {"keyframe": true, "#
        + #""polygon": {"path": [{"x":0,"y":0},{"x":4,"y":0},{"x":4,"y":4}]}}}}]}"#)
    let video = dataset.videos[0]
    #expect(dataset.format == "darwin" && dataset.dialect == "1.0")
    #expect(video.name == "old.mp4" && video.frameRate == 25 && video.frameCount == 9)
    #expect(video.tracks[0].id == "#1" && video.tracks[0].instances.count == 2)
  }

  @Test func `frames at a lower rate lie where the video has them`() throws {
    let hint = VideoHint(name: "clip.mp4", width: 8, height: 4, frameCount: 100, frameRate: 25)
    let video = try read(
      #"{"id": "a", "name": "c", "ranges": [[1, 3], [4, 5]], "#
        + #""frames": {"1": {\#(box)}, "2": {\#(box)}, "4": {\#(box)}}}"#,
      slot: #""fps": 5, "frame_count": 20"#, ReadOptions(videos: [hint]))
    #expect(video.annotated == .every(step: 5, in: FrameRange(0, 96)))
    #expect(video.tracks[0].instances.map(\.frame) == [5, 10, 20])
    #expect(video.tracks[0].absences == [FrameRange(11, 20)])
    #expect(video.frameCount == 100 && video.frameRate == 25)
  }

  @Test func `several slots are several videos`() throws {
    let dataset = try LabelText.read(
      #"{"version": "2.0", "item": {"name": "pair", "slots": ["#
        + #"{"slot_name": "l", "source_files": [{"file_name": "l.mp4"}]}, "#
        + #"{"slot_name": "r", "source_files": [{"file_name": "r.mp4"}]}]}, "annotations": ["#
        + #"{"id": "a", "name": "c", "slot_names": ["r"], "frames": {"0": {\#(box)}}}]}"#,
      as: Darwin.self)
    #expect(dataset.videos.map(\.name) == ["l.mp4", "r.mp4"])
    #expect(dataset.videos.map(\.tracks.count) == [0, 1])
  }

  @Test(arguments: [
    (
      #""bounding_box": {"x": 1, "y": 2, "w": null, "h": 6}"#,
      "frame 0: the bounding_box has no usable x, y, w and h"
    ),
    (#""polygon": {"paths": [[{"x": 1}]]}"#, "frame 0: the polygon has no usable path"),
    (
      #""ellipse": {"center": {"x": 1, "y": 1e300}}"#,
      "frame 0: the ellipse has no usable center, radius and angle"
    ),
    (#""skeleton": {"nodes": []}"#, "frame 0: the skeleton has no nodes"),
    (#""mask": {}"#, "frame 0: no raster layer holds the mask"),
    (#""string": {"sources": []}"#, "a string is no shape on the picture"),
    (#""keyframe": true"#, "frame 0: there is no shape"),
    (
      #""raster_layer": {"dense_rle": [0, 4, 1]}"#,
      "frame 0: the raster layer is damaged: its runs do not fill its pixels"
    ),
  ])
  func `a bad annotation is counted and costs no other`(frame: String, reason: String) throws {
    let dataset = try LabelText.read(
      text(
        #"{"id": "good", "name": "c", "frames": {"0": {\#(box)}}}, "#
          + "\n" + #"{"id": "bad", "name": "c", "frames": {"0": {\#(frame)}}}"#), as: Darwin.self)
    #expect(
      dataset.report.badRows
        == [ReadReport.BadRow(line: 2, reason: "annotation bad: " + reason)])
    #expect(dataset.videos[0].instanceCount == 1)
  }

  @Test func `a range without end is not filled without end`() throws {
    let dataset = try LabelText.read(
      text(
        #"{"id": "a", "name": "c", "ranges": [[0, 9000000000]], "frames": {"0": {\#(box)}}}"#,
        slot: #""fps": 30"#), as: Darwin.self)
    #expect(
      dataset.report.badRows.map(\.reason)
        == ["annotation a: its ranges have more frames than can be filled in"])
  }

  @Test(arguments: [
    ("hello", LabelError.Code.wrongFormat), (#"{"item": 3, "annotations": []}"#, .wrongFormat),
    (#"{"item": {"name": "a"}, "annotations": [{"#, .damaged),
    (
      #"{"item": {"name": "a"}, "annotations": [{"frames": {"0": {"line": {"path": [{"x": 1"#,
      .damaged
    ),
  ])
  func `a file that cannot be used`(text: String, code: LabelError.Code) {
    #expect(LabelText.error(text, as: Darwin.self)?.code == code)
  }
}

/// Counted in the file with Python's own JSON reader.
@Suite(.enabled(if: RealData.exists, "the folder of real data is missing; see CONTINUITY_DATA"))
struct DarwinRealDataTests {
  private let path = RealData.path("darwin-video-sample/mini_uct.json")

  @Test func `every kind of annotation`() throws {
    let dataset = try LabelFormats.read(path: path)
    let video = dataset.videos[0]
    #expect(dataset.format == "darwin" && dataset.report.badRowCount == 0)
    #expect(video.name == "small_video.mp4")
    #expect(video.frameCount == 10 && video.frameRate == 1)
    #expect(
      video.tracks.map { $0.instances[0].shape.kind }
        == [.skeleton, .polyline, .points, .ellipse, .polygon, .box, .mask])
    #expect(video.tracks.map(\.instances.count) == [3, 2, 2, 3, 3, 3, 3])
    #expect(video.tracks[0].instances.map(\.isKeyFrame) == [true, false, true])
    #expect(video.ranges.map(\.range) == [FrameRange(0, 3)])
    #expect(video.ontology.categories[0].joints == ["node", "2"])
    let masks = video.tracks[6].instances.map { instance -> Mask? in
      if case .mask(let mask) = instance.shape { mask } else { nil }
    }
    #expect(masks.allSatisfy { $0?.area == 80 })
    let bounds = Box(left: 7, top: 13, width: 10, height: 10)
    #expect(masks.allSatisfy { $0?.bounds == bounds })
  }

  @Test func `the header contradicts the video`() throws {
    let hint = VideoHint(
      name: "small_video.mp4", width: 24, height: 24, frameCount: 25, frameRate: 10)
    let dataset = try LabelFormats.read(path: path, options: ReadOptions(videos: [hint]))
    #expect(
      dataset.report.notes == [
        "the file says 10 frames at 1 frames a second, the video 10 in 25 frames; the numbers are"
          + " taken as frames of the video",
        "the header says 1920x1080, the video has 24x24",
      ])
    #expect(dataset.videos[0].extent == FrameRange(1, 10))
    #expect(dataset.videos[0].frameCount == 25)
  }
}
