import Annotations
import Foundation
import Testing
import Timeline

struct ETAVideoTests {
  private let head = #""metadata": {"frame_size": [640, 480], "frame_rate": 30.0}"#

  private func read(_ frames: String, rest: String = "", _ options: ReadOptions = ReadOptions())
    throws -> VideoAnnotations
  {
    try LabelText.read(
      #"{"filename": "clip.mp4", \#(rest)"frames": {\#(frames)}, \#(head)}"#, as: ETAVideo.self,
      options
    ).videos[0]
  }

  private func object(_ more: String = "") -> String {
    #"{"type": "eta.core.objects.DetectedObject", "label": "car", "bounding_box": {"#
      + #""top_left": {"x": 0.25, "y": 0.5}, "bottom_right": {"x": 0.75, "y": 1}}\#(more)}"#
  }

  // The size may come behind the frames.
  @Test func `frames count from 1, boxes are shares of the picture`() throws {
    let video = try read(
      #""2": {"frame_number": 2, "objects": {"objects": ["#
        + object(#", "index": 7, "confidence": 0.5"#) + "," + object() + "]}}")
    #expect(video.name == "clip.mp4" && video.frameRate == 30 && video.base == 1)
    let track = try #require(video.tracks.first)
    #expect(track.id == "7" && track.className == "car")
    #expect(track.instances[0].frame == 1 && track.instances[0].confidence == 0.5)
    let box = Box(left: 160, top: 240, width: 320, height: 240)
    #expect(track.instances[0].shape == .box(box))
    #expect(video.tracks.map(\.isTracked) == [true, false])
  }

  @Test func `typed attributes, of which some say something of their own`() throws {
    let attributes = [
      #"{"type": "eta.core.data.BooleanAttribute", "name": "occluded", "value": true}"#,
      #"{"type": "eta.core.data.BooleanAttribute", "name": "keyframe", "value": false}"#,
      #"{"type": "eta.core.data.CategoricalAttribute", "name": "origin", "value": "tracked"}"#,
      #"{"type": "eta.core.data.NumericAttribute", "name": "age", "value": 42.0}"#,
    ].joined(separator: ",")
    let instance = try read(
      #""1": {"objects": {"objects": ["#
        + object(#", "attrs": {"attrs": [\#(attributes)]}, "tags": ["a", "b"]"#) + "]}}"
    ).tracks[0].instances[0]
    #expect(instance.visibility == .occluded && instance.isKeyFrame == false)
    #expect(instance.origin == .tracked)
    #expect(instance.attributes == ["age": "42", "tags": "a,b"])
  }

  // numpy 2.4.6 and voxel51-eta 0.17.0: serialize_numpy_array of [[1, 0, 1], [0, 1, 1]] as bool.
  @Test func `a mask is a packed table in the box, or nested lists`() throws {
    let packed =
      "eJyb7BfqGxDJyFDGUK2eklqcXKRupaBek2SorqOgnpZfVFKUmBefX5"
      + "SSChJ3S8wpTgWKF2ckFqQC+RpGOgrGmjoKtQpkAy5GBiBkBAAUSBup"
    func mask(_ text: String) throws -> Shape {
      try read(
        #""1": {"objects": {"objects": [{"label": "a", "index": 1, "mask": \#(text), "#
          + #""bounding_box": {"top_left": {"x": 0.1, "y": 0.1}, "#
          + #""bottom_right": {"x": 0.1046875, "y": 0.10416666666666667}}}]}}"#
      ).tracks[0].instances[0].shape
    }
    let expected = Mask(left: 64, top: 48, width: 3, height: 2, runs: [0, 1, 1, 1, 1, 2])
    #expect(try mask("\"\(packed)\"") == expected.map { .mask($0) })
    #expect(
      try mask("[[true, false, true], [false, true, true]]") == expected.map { .mask($0) })
  }

  // A table of 2 x 1 in a box of 8 x 2 pixels: its left pixel covers the left half.
  @Test func `a mask of another size is stretched into the box`() throws {
    let shape = try read(
      #""1": {"objects": {"objects": [{"label": "a", "index": 1, "mask": [[1, 0]], "#
        + #""bounding_box": {"top_left": {"x": 0, "y": 0}, "#
        + #""bottom_right": {"x": 0.0125, "y": 0.004166666666666667}}}]}}"#
    ).tracks[0].instances[0].shape
    #expect(shape == Mask(left: 0, top: 0, width: 4, height: 2, runs: [0, 8]).map { .mask($0) })
  }

  @Test func `lines, outlines and points`() throws {
    let video = try read(
      #""1": {"polylines": {"polylines": ["#
        + #"{"label": "a", "index": 1, "points": [[[0, 0], [0.5, 1]]], "closed": false}, "#
        + #"{"label": "b", "index": 2, "points": [[[0, 0], [0.5, 0], [0.5, 1]]], "filled": true}]}, "#
        + #""keypoints": {"keypoints": [{"label": "c", "index": 3, "points": [[0.5, 0.5]]}]}}"#)
    #expect(
      video.tracks.map { $0.instances[0].shape } == [
        .polyline([Point(0, 0), Point(320, 480)]),
        .polygon(Polygon([Point(0, 0), Point(320, 0), Point(320, 480)])),
        .points([Point(320, 240)]),
      ])
  }

  @Test func `events, attributes of frames and of the video, support`() throws {
    let video = try read(
      #""3": {"attrs": {"attrs": [{"name": "scene", "value": "city", "confidence": 0.5}]}}"#,
      rest: #""support": {"ranges": "1-3,5"}, "#
        + #""attrs": {"attrs": [{"name": "weather", "value": "rain"}]}, "#
        + #""events": {"events": [{"label": "jump", "support": {"ranges": [[2, 4]]}, "#
        + #""confidence": 0.75}]}, "#)
    #expect(video.annotated == .only([0, 1, 2, 4]))
    #expect(
      video.ranges == [
        RangeLabel(range: FrameRange(1, 4), name: "jump", origin: .imported, confidence: 0.75),
        RangeLabel(
          range: FrameRange(2, 3), name: "scene", value: "city", origin: .imported, confidence: 0.5),
        RangeLabel(range: FrameRange(0, 4), name: "weather", value: "rain", origin: .imported),
      ])
  }

  @Test func `objects over time have attributes, their own frames, or nothing but a range`() throws
  {
    let video = try read(
      #""1": {"objects": {"objects": ["# + object(#", "index": 1"#) + "]}}",
      rest: #""objects": {"objects": [{"label": "car", "index": 1, "support": {"ranges": "1"}, "#
        + #""attrs": {"attrs": [{"name": "colour", "value": "red"}]}}, "#
        + #"{"label": "bus", "index": 2, "frames": {"4": \#(object())}}, "#
        + #"{"label": "ghost", "index": 3, "support": {"ranges": "2-3"}}]}, "#)
    let tracks = Dictionary(uniqueKeysWithValues: video.tracks.map { ($0.id, $0) })
    #expect(tracks["1"]?.attributes == ["colour": "red"])
    #expect(tracks["2"]?.instances.map(\.frame) == [3])
    #expect(video.ranges.map(\.name) == ["ghost"] && video.ranges[0].track == "3")
    #expect(video.ranges[0].range == FrameRange(1, 3))
  }

  @Test func `without a size the video tells it, and without that nothing is read`() throws {
    let text = #"{"filename": "a.mp4", "frames": {"1": {"objects": {"objects": [\#(object())]}}}}"#
    let error = LabelText.error(text, as: ETAVideo.self)
    #expect(error?.code == .incomplete)
    #expect(
      error?.reason
        == "places are shares of the picture and the file has no size; name the video, too")
    let hint = VideoHint(name: "a.mp4", width: 100, height: 10)
    let video = try LabelText.read(text, as: ETAVideo.self, ReadOptions(videos: [hint])).videos[0]
    #expect(video.tracks[0].instances[0].shape.bounds?.width == 50)
  }

  @Test(arguments: [
    (#"{"label": "x"}"#, "the object has no usable bounding_box"),
    (
      #"{"bounding_box": {"top_left": {"x": NaN, "y": 0}, "bottom_right": {"x": 1, "y": 1}}}"#,
      "the object has no usable bounding_box"
    ),
    (
      #"{"bounding_box": {"top_left": {"x": 0, "y": 0}, "bottom_right": {"x": 1, "y": 1}}, "#
        + #""mask": "AAAA"}"#, "the mask is no table of numbers packed as ETA does"
    ),
    ("3", "the entry is no object"),
  ])
  func `a bad object is counted and costs no other`(entry: String, reason: String) throws {
    let dataset = try LabelText.read(
      #"{"frames": {"1": {"objects": {"objects": [\#(object()),"# + "\n" + entry
        + "]}}}, \(head)}", as: ETAVideo.self)
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 2, reason: reason)])
    #expect(dataset.videos[0].instanceCount == 1)
  }

  @Test(arguments: [
    ("hello", LabelError.Code.wrongFormat), (#"{"images": []}"#, .wrongFormat),
    (#"{"frames": {"1": {"objects": {"objects": [3]}}}}"#, .wrongFormat),
    (#"{"frames": {"1": {"objects""#, .damaged),
  ])
  func `a file that cannot be used`(text: String, code: LabelError.Code) {
    #expect(LabelText.error(text, as: ETAVideo.self)?.code == code)
  }
}

struct FiftyOneTemporalTests {
  @Test func `support is inclusive from 1, labels are names or places in the list`() throws {
    let dataset = try LabelText.read(
      #"{"labels": {"clip": [{"label": 1, "support": [13, 31], "confidence": 0.5}, "#
        + #"{"label": "run", "support": [1, 1], "attributes": {"speed": 3}}], "other": null}, "#
        + #""classes": ["walk", "jump"]}"#)
    #expect(dataset.format == "fiftyone-temporal")
    #expect(dataset.videos.map(\.name) == ["clip", "other"])
    #expect(dataset.videos[1].annotated == .only([]))
    #expect(
      dataset.videos[0].ranges == [
        RangeLabel(range: FrameRange(12, 31), name: "jump", origin: .imported, confidence: 0.5),
        RangeLabel(
          range: FrameRange(0, 1), name: "run", attributes: ["speed": "3"], origin: .imported),
      ])
  }

  // formats.md, 0.2: in 100 frames of 4 s the span 0.48 to 1.24 s is 12 up to but excluding 31.
  @Test func `seconds need the video and are put on the nearest frames`() throws {
    let text =
      #"{"classes": null, "labels": {"clip": [{"label": "a", "timestamps": [0.48, 1.24]}]}}"#
    let error = LabelText.error(text, as: FiftyOneTemporal.self)
    #expect(error?.code == .incomplete)
    #expect(error?.reason == "the labels of clip are in seconds; name the video, too")
    let hint = VideoHint(name: "clip.mp4", width: 8, height: 8, frameCount: 100, frameRate: 25)
    let video = try LabelText.read(
      text, as: FiftyOneTemporal.self, ReadOptions(videos: [hint])
    ).videos[0]
    #expect(video.ranges[0].range == FrameRange(12, 31))
    #expect(video.name == "clip.mp4")
  }

  @Test(arguments: [
    (#"{"label": "a", "support": [0, 3]}"#, "the support is no first and last frame"),
    (#"{"label": "a", "support": [5, 3]}"#, "the support is no first and last frame"),
    (#"{"label": "a"}"#, "there is neither a usable support nor timestamps"),
    (#"{"support": [1, 3]}"#, "there is no label"),
  ])
  func `a bad label is counted and costs no other`(entry: String, reason: String) throws {
    let dataset = try LabelText.read(
      #"{"classes": [], "labels": {"clip": [{"label": "a", "support": [1, 2]},"# + "\n" + entry
        + "]}}", as: FiftyOneTemporal.self)
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 2, reason: reason)])
    #expect(dataset.videos[0].ranges.count == 1)
  }

  @Test(arguments: [
    ("hello", LabelError.Code.wrongFormat), (#"{"classes": []}"#, .wrongFormat),
    (#"{"labels": {"a": [{"label": 1}]}}"#, .wrongFormat), (#"{"labels": {"a": [{"#, .damaged),
  ])
  func `a file that cannot be used`(text: String, code: LabelError.Code) {
    #expect(LabelText.error(text, as: FiftyOneTemporal.self)?.code == code)
  }
}
