import Annotations
import Foundation
import Testing
import Timeline

struct OpenLABELTests {
  private func text(_ frames: String, _ rest: String = "") -> String {
    #"{"openlabel": {"metadata": {"schema_version": "1.0.0"}, "objects": {"0": {"name": "car 1", "#
      + #""type": "car"}}, \#(rest)"frames": {\#(frames)}}}"#
  }

  private func read(_ data: String, rest: String = "") throws -> VideoAnnotations {
    try LabelText.read(
      text(#""4": {"objects": {"0": {"object_data": {\#(data)}}}}"#, rest), as: OpenLABEL.self
    ).videos[0]
  }

  private func shape(_ data: String) throws -> Shape? {
    try read(data).tracks.first?.instances.first?.shape
  }

  @Test func `boxes are given by their centre, turned ones in radians`() throws {
    let video = try read(#""bbox": [{"name": "shape", "val": [10, 20, 4, 6]}]"#)
    #expect(video.tracks[0].id == "0" && video.tracks[0].className == "car")
    #expect(video.tracks[0].attributes == ["name": "car 1"])
    #expect(video.tracks[0].instances[0].frame == 4)
    let box = Box(left: 8, top: 17, width: 4, height: 6)
    #expect(video.tracks[0].instances[0].shape == .box(box))
    #expect(
      try shape(#""rbbox": [{"name": "r", "val": [10, 20, 4, 6, 0.5]}]"#)
        == .rotatedBox(RotatedBox(center: Point(10, 20), width: 4, height: 6, angle: 0.5)))
  }

  // vcd 6.0.3 wrote the codes; its own decoder gives the same lines with more places on them.
  @Test(arguments: [
    (#""mode": "MODE_POLY2D_ABSOLUTE", "val": [10, 10, 10, 14, 13, 14, 13, 10]"#),
    (#""mode": "MODE_POLY2D_RELATIVE", "val": [10, 10, 0, 4, 3, 4, 3, 0]"#),
    (#""mode": "MODE_POLY2D_RS6FCC", "val": ["10", "10", "2", "2", "1", "/nnA"]"#),
    (#""mode": "MODE_POLY2D_SRF6DCC", "val": ["10", "10", "1", "wgEw"]"#),
  ])
  func `lines in every mode`(values: String) throws {
    #expect(
      try shape(#""poly2d": [{"name": "p", "closed": false, \#(values)}]"#)
        == .polyline([Point(10, 10), Point(10, 14), Point(13, 14), Point(13, 10)]))
  }

  @Test func `rings with a hierarchy are one area`() throws {
    func ring(_ name: String, _ values: String, _ hierarchy: String) -> String {
      #"{"name": "\#(name)", "mode": "MODE_POLY2D_ABSOLUTE", "closed": true, "val": [\#(values)], "#
        + #""hierarchy": [\#(hierarchy)]}"#
    }
    let rings = [
      ring("a", "0,0,9,0,9,9", "2,-1,1,-1"), ring("b", "5,1,8,1,8,4", "-1,-1,-1,0"),
      ring("c", "20,0,29,0,29,9", "-1,0,-1,-1"),
    ].joined(separator: ",")
    guard case .polygon(let polygon)? = try shape(#""poly2d": [\#(rings)]"#) else {
      Issue.record("no polygon")
      return
    }
    #expect(polygon.parts.map(\.holes.count) == [1, 0])
  }

  @Test func `one point is a place, several of an object are joints`() throws {
    #expect(try shape(#""point2d": [{"name": "a", "val": [1, 2]}]"#) == .points([Point(1, 2)]))
    let video = try read(
      #""point2d": [{"name": "nose", "val": [1, 2]}, {"name": "tail", "val": [3, 4]}]"#)
    #expect(
      video.tracks[0].instances[0].shape
        == .skeleton(
          Skeleton(joints: [
            Joint(name: "nose", position: Point(1, 2), visibility: .visible),
            Joint(name: "tail", position: Point(3, 4), visibility: .visible),
          ])))
    #expect(video.ontology.categories[0].joints == ["nose", "tail"])
  }

  @Test func `attributes of a shape and of the object in the frame`() throws {
    let instance = try read(
      #""bbox": [{"name": "s", "val": [1, 1, 2, 2], "attributes": {"num": [{"name": "score", "#
        + #""val": 0.5}], "boolean": [{"name": "interpolated", "val": true}, "#
        + #"{"name": "occluded", "val": true}]}}], "text": [{"name": "pose", "val": "up"}]"#
    ).tracks[0].instances[0]
    #expect(instance.confidence == 0.5 && instance.visibility == .occluded)
    #expect(instance.origin == .interpolated && instance.isKeyFrame == false)
    #expect(instance.attributes == ["pose": "up"])
  }

  @Test func `several shapes are several tracks, several cameras several videos`() throws {
    let video = try read(
      #""bbox": [{"name": "body", "val": [1, 1, 2, 2]}, {"name": "head", "val": [1, 1, 1, 1]}]"#)
    #expect(video.tracks.map(\.id) == ["0", "0/head"])
    let dataset = try LabelText.read(
      text(
        #""0": {"objects": {"0": {"object_data": {"bbox": ["#
          + #"{"name": "s", "val": [1, 1, 2, 2], "coordinate_system": "left"}, "#
          + #"{"name": "s", "val": [5, 5, 2, 2], "coordinate_system": "right"}]}}}}"#,
        #""streams": {"left": {"uri": "l.mp4", "type": "camera", "stream_properties": "#
          + #"{"intrinsics_pinhole": {"width_px": 64, "height_px": 48}}}, "right": {}}, "#))
    #expect(dataset.videos.map(\.name) == ["l.mp4", "right"])
    #expect(dataset.videos[0].width == 64)
    #expect(dataset.videos.map(\.instanceCount) == [1, 1])
  }

  @Test func `closed intervals of actions, events and fixed data`() throws {
    let dataset = try LabelText.read(
      #"{"openlabel": {"actions": {"0": {"name": "r", "type": "running", "frame_intervals": ["#
        + #"{"frame_start": 2, "frame_end": 4}], "action_data": {"text": [{"name": "value", "#
        + #""val": "fast"}]}}}, "contexts": {"1": {"type": "rain"}}, "#
        + #""objects": {"5": {"type": "sign", "frame_intervals": [{"frame_start": 1, "#
        + #""frame_end": 2}], "object_data": {"bbox": [{"name": "s", "val": [1, 1, 2, 2]}], "#
        + #""cuboid": [{}], "text": [{"name": "kind", "val": "stop"}]}}}, "#
        + #""relations": {"0": {}}}}"#)
    let video = dataset.videos[0]
    #expect(video.tracks[0].instances.map(\.frame) == [1, 2])
    #expect(video.tracks[0].attributes == ["kind": "stop"])
    #expect(video.ranges.map(\.name) == ["running", "rain"])
    #expect(video.ranges.map(\.range) == [FrameRange(2, 5), FrameRange(0, 5)])
    #expect(video.ranges[0].value == "fast" && video.ranges[0].attributes == ["name": "r"])
    #expect(
      dataset.report.notes == [
        "1 relations between objects are left out", "2 shapes in space are left out",
      ])
  }

  @Test(arguments: [
    (#""bbox": [{"name": "s", "val": [1, 2, 3]}]"#, "a bbox has no usable val"),
    (#""rbbox": [{"name": "s", "val": [1, 2, 3, 4]}]"#, "a rbbox has no usable val"),
    (#""point2d": [{"name": "s", "val": [1e400, 2]}]"#, "a point2d has no usable val"),
    (#""poly2d": [{"name": "s", "val": [1, 2, 3]}]"#, "a poly2d has no usable val"),
    (
      #""poly2d": [{"name": "s", "mode": "MODE_POLY2D_RS6FCC", "val": ["1", "2", "x"]}]"#,
      "a poly2d has no usable chain code"
    ),
    (
      #""poly2d": [{"name": "s", "mode": "MODE_POLY2D_RF8DCC", "val": []}]"#,
      "the mode MODE_POLY2D_RF8DCC of a poly2d is not known"
    ),
    (
      #""poly2d": [{"name": "s", "closed": true, "val": [1, 2], "hierarchy": [0, 0, 0, 0]}]"#,
      "the hierarchy of the poly2d goes round in a circle"
    ),
  ])
  func `a bad shape is counted and costs no other`(data: String, reason: String) throws {
    let good =
      #""1": {"objects": {"0": {"object_data": {"bbox": [{"name": "s", "#
      + #""val": [1, 1, 2, 2]}]}}}}"#
    let dataset = try LabelText.read(
      text(good + ",\n" + #""2": {"objects": {"0": {"object_data": {\#(data)}}}}"#),
      as: OpenLABEL.self)
    #expect(
      dataset.report.badRows == [ReadReport.BadRow(line: 2, reason: "object 0: " + reason)])
    #expect(dataset.videos[0].instanceCount == 1)
  }

  @Test func `a long chain code is refused`() throws {
    let error = LabelText.error(
      text(
        #""1": {"objects": {"0": {"object_data": {"poly2d": [{"name": "p", "#
          + #""mode": "MODE_POLY2D_RS6FCC", "val": ["0", "0", "9", "900000000", "0", "////"]}]}}}}"#
      ),
      as: OpenLABEL.self)
    #expect(error?.code == .wrongFormat)
  }

  @Test(arguments: [
    ("hello", LabelError.Code.wrongFormat), (#"{"frames": {}}"#, .wrongFormat),
    (
      #"{"openlabel": {"frames": {"0": {"objects": {"0": {"object_data": {"bbox": [1]}}}}}}}"#,
      .wrongFormat
    ),
    (#"{"openlabel": {"frames": {"0""#, .damaged),
  ])
  func `a file that cannot be used`(text: String, code: LabelError.Code) {
    #expect(LabelText.error(text, as: OpenLABEL.self)?.code == code)
  }
}
