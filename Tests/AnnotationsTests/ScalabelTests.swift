import Annotations
import Foundation
import Testing
import Timeline

struct ScalabelTests {
  private func read(_ labels: String, _ kind: ReadOptions.Kind = .labels) throws -> Dataset {
    try LabelText.read(
      #"[{"name": "v-0000001.jpg", "videoName": "v", "frameIndex": 0, "labels": [\#(labels)]}]"#,
      as: Scalabel.self, ReadOptions(kind: kind))
  }

  private func shape(_ label: String) throws -> Shape? {
    try read(#"{"id": "1", "category": "car", \#(label)}"#).videos[0].tracks[0].instances[0].shape
  }

  // scalabel 0.3.1: box2d_to_bbox gives [10, 20, 11, 6].
  @Test func `both corners of a box lie inside`() throws {
    let box = try shape(#""box2d": {"x1": 10, "y1": 20, "x2": 20, "y2": 25}"#)
    #expect(box == .box(Box(left: 10, top: 20, width: 11, height: 6)))
  }

  @Test func `closed lines are one outline, an open one is a line`() throws {
    let parts = try shape(
      #""poly2d": [{"vertices": [[0,0],[4,0],[4,4]], "types": "LLL", "closed": true}, "#
        + #"{"vertices": [[9,0],[9,4],[7,4]], "types": "LLL", "closed": true}]"#)
    guard case .polygon(let polygon)? = parts else {
      Issue.record("no polygon")
      return
    }
    #expect(polygon.parts.map(\.outer.count) == [3, 3])
    let line = try shape(
      #""poly2d": [{"vertices": [[0,0],[4,0]], "types": "LL", "closed": false}]"#)
    #expect(line == .polyline([Point(0, 0), Point(4, 0)]))
  }

  // A cubic with control points above its ends is at 3/4 of their height in the middle.
  @Test func `a curve is flattened, also the one that closes the outline`() throws {
    let line = try shape(
      #""poly2d": [{"vertices": [[0,0],[0,4],[8,4],[8,0]], "types": "LCCL", "closed": false}]"#)
    guard case .polyline(let points)? = line else {
      Issue.record("no line")
      return
    }
    #expect(points.first == Point(0, 0) && points.last == Point(8, 0))
    #expect(points.count > 5 && points.count % 2 == 1)
    #expect(points[points.count / 2] == Point(4, 3))

    let closed = try shape(
      #""poly2d": [{"vertices": [[0,0],[8,0],[8,4],[0,4]], "types": "LLCC", "closed": true}]"#)
    guard case .polygon(let polygon)? = closed else {
      Issue.record("no polygon")
      return
    }
    // By hand: such a curve covers 3/5 of the box of its control points.
    #expect(abs(polygon.area - 19.2) < 0.3)
  }

  // The test vector of formats.md, section 0.4, by pycocotools.
  @Test func `a mask is column by column, and tells the size of the picture`() throws {
    let video = try read(
      #"{"id": "1", "category": "car", "rle": {"counts": "31200020", "size": [3, 5]}}"#
    ).videos[0]
    guard case .mask(let mask) = video.tracks[0].instances[0].shape else {
      Issue.record("no mask")
      return
    }
    #expect(mask.left == 1 && mask.top == 0 && mask.width == 4 && mask.height == 3)
    #expect(mask.runs == [0, 3, 8, 1])
    #expect(video.width == 5 && video.height == 3)
  }

  @Test func `a graph is a skeleton, N hides a joint`() throws {
    let dataset = try read(
      #"{"id": "1", "category": "pedestrian", "box2d": {"x1": 0, "y1": 0, "x2": 1, "y2": 1}, "#
        + #""graph": {"nodes": [{"location": [1, 2], "category": "head", "visibility": "V", "#
        + #""id": "x", "score": 0.5}, {"location": [3, 4], "category": "neck", "#
        + #""visibility": "N", "id": "y"}], "edges": [{"source": "x", "target": "y"}]}}"#)
    let video = dataset.videos[0]
    #expect(
      video.tracks[0].instances[0].shape
        == .skeleton(
          Skeleton(joints: [
            Joint(name: "head", position: Point(1, 2), visibility: .visible, confidence: 0.5),
            Joint(name: "neck", position: Point(3, 4), visibility: .hidden),
          ])))
    #expect(video.ontology.categories[0].joints == ["head", "neck"])
    #expect(video.ontology.categories[0].edges == [Ontology.Edge(0, 1)])
  }

  @Test(arguments: ["occluded", "Occluded"], ["crowd", "Crowd"])
  func `attributes in either case`(occluded: String, crowd: String) throws {
    let track = try read(
      #"{"id": "1", "category": "car", "box2d": {"x1": 0, "y1": 0, "x2": 1, "y2": 1}, "#
        + #""attributes": {"\#(occluded)": true, "Truncated": true, "\#(crowd)": true, "#
        + #""trafficLightColor": "NA"}}"#
    ).videos[0].tracks[0]
    #expect(track.instances[0].visibility == .occluded)
    #expect(track.isIgnored)
    #expect(track.instances[0].attributes["truncated"] == "true")
    #expect(track.instances[0].attributes["trafficLightColor"] == "NA")
  }

  @Test(arguments: [
    ("true", ReadOptions.Kind.labels, Origin.human, Bool?.some(true)),
    ("false", .labels, .interpolated, false), ("null", .labels, .imported, nil),
    ("false", .predictions, .model, false), ("null", .predictions, .model, nil),
  ])
  func `manualShape tells who drew`(
    value: String, kind: ReadOptions.Kind, origin: Origin, isKeyFrame: Bool?
  ) throws {
    let instance = try read(
      #"{"id": 1, "manualShape": \#(value), "score": 0.25, "#
        + #""box2d": {"x1": 0, "y1": 0, "x2": 1, "y2": 1}}"#, kind
    ).videos[0].tracks[0].instances[0]
    #expect(instance.origin == origin)
    #expect(instance.isKeyFrame == isKeyFrame)
    #expect(instance.confidence == 0.25)
  }

  @Test func `an object of frames with several videos, index, config and sparse frames`() throws {
    let box = #"{"id": 4, "category": "car", "box2d": {"x1": 0, "y1": 0, "x2": 9, "y2": 9}}"#
    let dataset = try LabelText.read(
      """
      {"config": {"imageSize": {"width": 64, "height": 48},
        "categories": [{"name": "vehicle", "subcategories": [{"name": "car"}, {"name": "bus"}]}]},
       "groups": null,
       "frames": [
        {"name": "b", "videoName": "two", "labels": [\(box)], "index": 6, "timestamp": 1200},
        {"name": "a", "videoName": "two", "labels": null, "index": 3, "timestamp": 600},
        {"name": "c", "videoName": "one", "frameIndex": 0, "labels": [\(box)]}]}
      """)
    #expect(dataset.format == "scalabel")
    #expect(dataset.videos.map(\.name) == ["two", "one"])
    let video = dataset.videos[0]
    #expect(video.annotated == .every(step: 3, in: FrameRange(3, 7)))
    #expect(video.frameRate == 5)
    #expect(video.width == 64 && video.height == 48)
    #expect(video.tracks[0].id == "4" && video.tracks[0].instances[0].frame == 6)
    #expect(video.ontology.categories.map(\.name) == ["car", "bus"])
    #expect(video.imageNames == [3: "a", 6: "b"])
  }

  @Test func `pictures without a video are no tracks`() throws {
    let box = #"{"id": 0, "category": "car", "box2d": {"x1": 0, "y1": 0, "x2": 9, "y2": 9}}"#
    let video = try LabelText.read(
      #"[{"name": "a/b1.jpg", "videoName": "", "timestamp": 10000, "labels": [\#(box)]}, "#
        + #"{"name": "a/c3.jpg", "attributes": {"weather": "rain"}, "labels": [\#(box)]}]"#
    ).videos[0]
    #expect(video.tracks.map(\.id) == ["#1", "#2"])
    #expect(video.tracks.allSatisfy { !$0.isTracked })
    #expect(video.tracks.map { $0.instances[0].frame } == [0, 2])
    #expect(video.ranges.map(\.name) == ["weather"] && video.ranges[0].value == "rain")
  }

  @Test(arguments: [
    (#""box2d": {"x1": 0, "y1": 0, "x2": 1}"#, "the box2d has no usable x1, y1, x2 and y2"),
    (
      #""box2d": {"x1": NaN, "y1": 0, "x2": 1, "y2": 1}"#,
      "the box2d has no usable x1, y1, x2 and y2"
    ),
    (#""poly2d": [{"types": "L"}]"#, "the poly2d has no vertices"),
    (
      #""poly2d": [{"vertices": [[1, 2], [3]]}]"#,
      "the poly2d has a vertex that is no pair of usable numbers"
    ),
    (
      #""rle": {"counts": "31200020", "size": [3, 6]}"#,
      "the runs of the mask do not fill its size"
    ),
    (
      #""rle": {"counts": "1", "size": [300000, 500000]}"#,
      "the runs of the mask do not fill its size"
    ),
    (#""score": "high""#, "the score is not a finite number"),
    (#""box3d": {"alpha": 1}"#, "a box3d lies in space, not in the picture"),
    (#""graph": {"nodes": []}"#, "the graph has no nodes"),
    (#""attributes": {}"#, "there is neither box2d, poly2d, rle nor graph"),
  ])
  func `a bad label is counted and costs no other`(fields: String, reason: String) throws {
    let good = #"{"id": "1", "category": "car", "box2d": {"x1": 0, "y1": 0, "x2": 1, "y2": 1}}"#
    let dataset = try read(good + ",\n{\"id\": \"7\", \(fields)}")
    #expect(
      dataset.report.badRows == [ReadReport.BadRow(line: 2, reason: "label 7: " + reason)])
    #expect(dataset.report.rowCount == 2)
    #expect(dataset.videos[0].instanceCount == 1)
  }

  @Test(arguments: [
    ("hello", LabelError.Code.wrongFormat),
    ("{\"annotations\": []}", .wrongFormat),
    (#"[{"labels": [{"id": 1}]}]"#, .wrongFormat),
    (#"[{"labels": [{"id": 1}"#, .damaged),
    (#"{"frames": [{"name": "a", "labels": [{"id": 1, "box2d": {"x1": 1"#, .damaged),
  ])
  func `a file that cannot be used`(text: String, code: LabelError.Code) {
    #expect(LabelText.error(text, as: Scalabel.self)?.code == code)
  }
}

/// Figures of SOURCE.md, and of Python's own JSON reader.
@Suite(.enabled(if: RealData.exists, "the folder of real data is missing; see CONTINUITY_DATA"))
struct ScalabelRealDataTests {
  private func read(_ name: String, _ kind: ReadOptions.Kind = .labels) throws -> Dataset {
    try LabelFormats.read(
      path: RealData.path("bdd100k-b1c66a42/" + name), options: ReadOptions(kind: kind))
  }

  @Test func `labels of boxes`() throws {
    let dataset = try read("track_sample_anns.json")
    let video = dataset.videos[0]
    #expect(dataset.format == "scalabel" && dataset.videos.count == 1)
    #expect(dataset.report.badRowCount == 0)
    #expect(video.name == "b1c66a42-6f7d68ca")
    #expect(video.annotated == .every(step: 1, in: FrameRange(0, 202)))
    #expect(video.instanceCount == 3_241 && video.tracks.count == 144)
    #expect(video.ontology.categories.count == 6)
    let instances = video.tracks.flatMap(\.instances)
    #expect(instances.count { $0.visibility == .occluded } == 2_404)
    #expect(instances.count { $0.attributes["truncated"] == "true" } == 212)
    #expect(instances.count { $0.attributes["ignore"] == "true" } == 132)
  }

  // The derived MOT file has the same boxes, rounded to three decimals and frames from 1.
  @Test func `the boxes are those of the derived rows`() throws {
    let boxes = try read("track_sample_anns.json").videos[0].boxes
    let rows = try read("derived/b1c66a42-6f7d68ca.mot.txt").videos[0].boxes
    #expect(boxes.count == 3_241 && boxes.count == rows.count)
    for (a, b) in zip(boxes, rows) {
      #expect(a.frame == b.frame)
      for (x, y) in zip(a.sides, b.sides) { #expect(abs(x - y) <= 0.0005001) }
    }
  }

  @Test func `predictions`() throws {
    let video = try read("track_predictions.json", .predictions).videos[0]
    #expect(video.instanceCount == 2_301 && video.tracks.count == 121)
    #expect(!video.ontology.categories.contains { $0.name == "bus" })
    let scores = video.tracks.flatMap(\.instances).compactMap(\.confidence)
    #expect(scores.count == 2_301)
    #expect(abs((scores.min() ?? 0) - 0.502) < 0.001)
    #expect(abs((scores.max() ?? 0) - 0.99997) < 0.00001)
  }

  @Test func `outlines, and masks alone`() throws {
    let labels = try read("seg_track_sample.json")
    #expect(labels.videos[0].instanceCount == 1_768)
    #expect(
      labels.report.notes == ["1768 labels have an outline and a mask; they are read as outlines"])
    let parts = labels.videos[0].tracks.flatMap(\.instances).map { instance in
      if case .polygon(let polygon) = instance.shape { polygon.parts.count } else { 0 }
    }
    #expect(parts.count { $0 == 1 } == 1_679 && parts.count { $0 > 1 } == 89)
    let masks = try read("seg_track_preds.json", .predictions).videos[0]
    #expect(masks.instanceCount == 1_567)
    #expect(masks.width == 1_280 && masks.height == 720)
    #expect(masks.annotated == .every(step: 1, in: FrameRange(0, 100)))
  }
}

extension VideoAnnotations {
  /// All boxes by frame, and within a frame by their numbers.
  fileprivate var boxes: [(frame: FrameIndex, sides: [Double])] {
    tracks.flatMap(\.instances).compactMap { instance in
      instance.shape.bounds.map { ($0, instance.frame) }
    }.map { box, frame in
      (frame, [box.left, box.top, box.width, box.height])
    }.sorted { a, b in
      (a.frame, a.sides[0].rounded(), a.sides[1], a.sides[2])
        < (b.frame, b.sides[0].rounded(), b.sides[1], b.sides[2])
    }
  }
}
