import Annotations
import Foundation
import Testing
import Timeline

/// The entries follow `Results.summary()` of Ultralytics 8.4, read in its source.
struct UltralyticsJSONTests {
  private func read(_ text: String, _ options: ReadOptions = ReadOptions()) throws -> Dataset {
    try LabelText.read(text, name: "results.json", options)
  }

  private func entry(_ fields: String) -> String {
    #"{"name": "person", "class": 0, "confidence": 0.9, \#(fields)}"#
  }

  private static let box = #""box": {"x1": 1.5, "y1": 2, "x2": 31.5, "y2": 40}"#

  @Test func `the place in the outer list is the frame`() throws {
    let dataset = try read(
      "[[\(entry(Self.box + #", "track_id": 4"#))], [],\n [\(entry(Self.box)),"
        + " \(entry(Self.box + #", "track_id": 4"#))]]")
    #expect(dataset.format == "ultralytics-json")
    let video = dataset.videos[0]
    #expect(video.frameCount == 3 && video.annotated == .all)
    #expect(video.tracks.map(\.id) == ["4", "#1"])
    #expect(video.tracks[0].instances.map(\.frame) == [0, 2])
    #expect(video.tracks[0].instances.map(\.line) == [1, 2])
    #expect(video.tracks[1].isTracked == false)
    let instance = video.tracks[0].instances[0]
    #expect(instance.shape == .box(Box(left: 1.5, top: 2, width: 30, height: 38)))
    #expect(instance.confidence == 0.9 && instance.origin == .model)
    #expect(video.tracks[0].className == "person")
    #expect(video.ontology.categories == [Ontology.Category(name: "person", sourceID: "0")])
  }

  @Test func `a single frame may come without the outer list`() throws {
    let dataset = try read("[\(entry(Self.box))]")
    #expect(dataset.videos[0].frameCount == 1)
    #expect(dataset.videos[0].tracks[0].instances.map(\.frame) == [0])
  }

  @Test func `segments, keypoints and turned boxes`() throws {
    let dataset = try read(
      "[[" + entry(Self.box + #", "segments": {"x": [1, 9, 9], "y": [2, 2, 8]}"#) + ","
        + entry(Self.box + #", "keypoints": {"x": [5, 0], "y": [6, 0], "visible": [0.75, 0.1]}"#)
        + ","
        // 6 wide, 2 high, turned by a quarter: its first side runs down.
        + entry(
          #""box": {"x1": 11, "y1": 7, "x2": 11, "y2": 13, "x3": 9, "y3": 13, "x4": 9, "y4": 7}"#)
        + "]]")
    let shapes = dataset.videos[0].tracks.map { $0.instances[0].shape }
    #expect(shapes[0] == .polygon(Polygon([Point(1, 2), Point(9, 2), Point(9, 8)])))
    #expect(
      shapes[1]
        == .skeleton(
          Skeleton(joints: [
            Joint(name: "0", position: Point(5, 6), visibility: .visible, confidence: 0.75),
            Joint(name: "1", position: Point(0, 0), visibility: .absent, confidence: 0.1),
          ])))
    #expect(
      shapes[2]
        == .rotatedBox(RotatedBox(center: Point(10, 10), width: 6, height: 2, angle: .pi / 2)))
  }

  @Test func `shares of the picture need the picture`() throws {
    let text =
      "[[" + entry(#""box": {"x1": 0.25, "y1": 0.5, "x2": 0.5, "y2": 1}"#) + ","
      + entry(
        #""box": {"x1": 0.55, "y1": 0.7, "x2": 0.55, "y2": 1, "x3": 0.45, "y3": 1, "x4": 0.45, "y4": 0.7}"#
      ) + "]]"
    #expect(
      LabelText.error(text, as: UltralyticsJSON.self)?.reason
        == "all places lie within 0...1, as shares of a picture of unknown size; name the video")
    let hint = VideoHint(name: "clip.mp4", width: 200, height: 100)
    let video = try read(text, ReadOptions(videos: [hint])).videos[0]
    #expect(video.width == 200 && video.height == 100)
    let shapes = video.tracks.map { $0.instances[0].shape }
    #expect(shapes[0] == .box(Box(left: 50, top: 50, width: 50, height: 50)))
    guard case .rotatedBox(let box) = shapes[1] else {
      Issue.record("not a turned box")
      return
    }
    // 20 pixels between the long sides, 30 along them.
    #expect(abs(box.width - 30) < 1e-9 && abs(box.height - 20) < 1e-9)
  }

  @Test func `a class without a box is said of the whole frame`() throws {
    let video = try read(
      #"[[], [{"name": "beach", "class": 3, "confidence": 0.5}]]"#
    ).videos[0]
    #expect(
      video.ranges == [
        RangeLabel(
          range: FrameRange(1, 2), name: "beach", origin: .model, confidence: 0.5)
      ])
  }

  @Test func `the results of a validation are COCO results`() throws {
    let dataset = try read(
      #"""
      [{"image_id": "clip_0007", "file_name": "clip_0007.jpg", "category_id": 2, "score": 0.5,
        "rbox": [10, 20, 6, 2, 1.5], "poly": [1, 2, 3, 4, 5, 6, 7, 8]},
       {"image_id": "clip_0000", "category_id": 2, "score": 0.5, "bbox": [1, 2, 3, 4]}]
      """#)
    #expect(dataset.format == "coco-results")
    let tracks = dataset.videos[0].tracks
    #expect(tracks.map { $0.instances[0].frame } == [7, 0])
    #expect(
      tracks[0].instances[0].shape
        == .rotatedBox(RotatedBox(center: Point(10, 20), width: 6, height: 2, angle: 1.5)))
  }

  @Test(arguments: [
    (#""box": {"x1": 1, "y1": 2}"#, "the box has neither two nor four corners"),
    (#""box": {"x1": "a", "y1": 2}"#, "the box holds something that is no number"),
    (
      #""box": {"x1": 1, "y1": 2, "x2": 3, "y2": 4}, "segments": {"x": [1], "y": []}"#,
      "there are 1 x and 0 y"
    ),
    (
      #""box": {"x1": 1, "y1": 2, "x2": NaN, "y2": 4}"#,
      "the box holds a number that is not finite or too large"
    ),
  ])
  func `what cannot be used is counted with its line and a reason`(
    fields: String, reason: String
  ) throws {
    let dataset = try read("[[\(entry(Self.box))],\n[\(entry(fields))]]")
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 2, reason: reason)])
    #expect(dataset.videos[0].instanceCount == 1)
  }

  @Test func `what is no list of detections says so`() {
    let reason = "there is no list of detections as Ultralytics writes; name the right format"
    for text in ["{}", "3", "[[7]]", "<a/>"] {
      #expect(LabelText.error(text, as: UltralyticsJSON.self)?.reason == reason)
    }
    let whole = "[[\(entry(Self.box))], []]"
    for length in 1..<whole.utf8.count {
      let code = LabelText.error(String(whole.prefix(length)), as: UltralyticsJSON.self)?.code
      #expect(code == .damaged)
    }
  }
}
