import Annotations
import Foundation
import Testing
import Timeline

/// Datumaro's JSON in both dialects.
struct DatumaroTests {
  /// As Datumaro 1.13.12 writes a dataset with a bbox, points of a label with two joints and a mask
  /// (`Dataset.export(..., "datumaro")`), shortened to what the reader looks at.
  private static let new = """
    {"dm_format_version": "1.0", "media_type": 2, "infos": {}, "categories": {"label": {"labels":
    [{"name": "fly", "parent": "", "attributes": []}, {"name": "car", "parent": "", "attributes": []}],
    "label_groups": [], "attributes": ["occluded"]}, "points": {"items": [{"label_id": 0,
    "labels": ["nose", "tail"], "joints": [[0, 1]], "positions": []}]}}, "items": [
    {"id": "frame_000004", "annotations": [
     {"id": 0, "type": "bbox", "attributes": {"occluded": true, "track_id": 3, "keyframe": true,
      "score": 0.5, "rotation": 90.0}, "group": 2, "label_id": 1, "z_order": 1,
      "bbox": [10.0, 20.0, 30.0, 40.0]},
     {"id": 1, "type": "points", "attributes": {}, "group": 0, "label_id": 0,
      "points": [1.0, 2.0, 3.0, 4.0], "z_order": 0, "visibility": [2, 0]},
     {"id": 2, "type": "mask", "attributes": {}, "group": 0, "label_id": 1,
      "rle": {"counts": "31200020", "size": [3, 5]}, "z_order": 0},
     {"id": 3, "type": "label", "attributes": {"lamp": true}, "group": 0, "label_id": 1},
     {"id": 4, "type": "caption", "attributes": {}, "group": 0, "caption": "hello"},
     {"id": 5, "type": "ellipse", "attributes": {}, "group": 0, "label_id": 1,
      "points": [8.0, 8.0, 22.0, 24.0], "z_order": 0},
     {"id": 6, "type": "cuboid_3d", "attributes": {}, "group": 0, "label_id": 1,
      "position": [1, 2, 3], "rotation": [0, 0, 0], "scale": [1, 1, 1]}],
     "attr": {"frame": 4}, "image": {"path": "frame_000004.png", "size": [48, 64]}},
    {"id": "frame_000006", "annotations": [
     {"id": 0, "type": "bbox", "attributes": {"track_id": 3, "keyframe": false}, "group": 2,
      "label_id": 1, "z_order": 0, "bbox": [10.0, 20.0, 30.0, 40.0]},
     {"id": 1, "type": "bbox", "attributes": {"track_id": 4, "outside": true}, "group": 0,
      "label_id": 1, "z_order": 0, "bbox": [10.0, 20.0, 30.0, 40.0]}],
     "attr": {"frame": 6}, "image": {"path": "frame_000006.png", "size": [48, 64]}},
    {"id": "x7", "annotations": [], "attr": {"frame": 7}}]}
    """

  /// The skeleton file of the test assets of openvinotoolkit/datumaro at 2a4d9db, which CVAT's fork
  /// kept: bones count from 1 there.
  private static let old = """
    {"info": {}, "categories": {"label": {"labels": [
     {"name": "skeleton-label", "parent": "", "attributes": []},
     {"name": "point1-label", "parent": "skeleton-label", "attributes": []},
     {"name": "point3-label", "parent": "skeleton-label", "attributes": []},
     {"name": "point2-label", "parent": "skeleton-label", "attributes": []}],
     "attributes": ["occluded", "point2-attribute-text", "point3-attribute-checkbox"]},
     "points": {"items": [{"label_id": 0, "labels": ["point1-label", "point3-label", "point2-label"],
      "joints": [[2, 3], [1, 2]]}]}},
     "items": [{"id": "100", "annotations": [{"id": 0, "type": "skeleton",
      "attributes": {"occluded": false, "keyframe": false}, "group": 0, "label_id": 0,
      "points": [0.9, 3.53, 2, 2.45, 7.6, 2, 5.2, 2.5, 2],
      "points_attributes": [{}, {"point3-attribute-checkbox": true},
      {"point2-attribute-text": "some text"}]}],
      "image": {"path": "100.jpg", "size": [10, 6]}}]}
    """

  @Test func `A file of version 1 is read with tracks, joints, masks and tags`() throws {
    let data = try LabelText.read(Self.new, name: "default.json")
    let video = try #require(data.videos.first)
    #expect(data.format == "datumaro" && data.dialect == "Datumaro 1.0")
    #expect(video.width == 64 && video.height == 48)
    #expect(video.annotated == .only([4, 6, 7]))
    #expect(video.imageNames.isEmpty)
    #expect(data.report.rowCount == 12 && data.report.badRowCount == 0)
    #expect(data.report.notes.contains { $0.contains("cuboid_3d") })
    let car = try #require(video.tracks.first)
    #expect(car.id == "3" && car.className == "car" && car.isTracked)
    #expect(car.attributes == ["group_id": "2"])
    #expect(car.instances.map(\.frame) == [4, 6])
    #expect(car.instances.map(\.isKeyFrame) == [true, false])
    #expect(car.instances.map(\.origin) == [.imported, .interpolated])
    #expect(car.instances[0].confidence == 0.5)
    #expect(car.instances[0].visibility == .occluded)
    #expect(car.instances[0].attributes == ["z_order": "1"])
    #expect(
      car.instances[0].shape
        == .rotatedBox(RotatedBox(center: Point(25, 40), width: 30, height: 40, angle: .pi / 2)))
    #expect(
      video.tracks[1].instances[0].shape
        == .skeleton(
          Skeleton(joints: [
            Joint(name: "nose", position: Point(1, 2), visibility: .visible),
            Joint(name: "tail", position: Point(3, 4), visibility: .absent),
          ])))
    // The test vector of section 0.4.
    guard case .mask(let mask) = video.tracks[2].instances[0].shape else {
      Issue.record("no mask")
      return
    }
    #expect(mask.area == 4)
    #expect(mask.bounds == Box(left: 1, top: 0, width: 4, height: 3))
    #expect(
      video.tracks[3].instances[0].shape
        == .ellipse(Ellipse(center: Point(15, 16), radiusX: 7, radiusY: 8)))
    #expect(video.ranges.map(\.range) == [FrameRange(4, 5), FrameRange(4, 5)])
    #expect(video.ranges.map(\.name) == ["car", "caption"])
    #expect(video.ranges.map(\.value) == [nil, "hello"])
    #expect(video.ranges[0].attributes == ["lamp": "true"])
  }

  @Test func `A file of CVAT's fork is read with its skeletons`() throws {
    let data = try LabelText.read(Self.old, name: "default.json")
    let video = try #require(data.videos.first)
    #expect(data.format == "datumaro-cvat" && data.dialect == "Datumaro 0.3 (CVAT)")
    #expect(video.ontology.categories.map(\.name) == ["skeleton-label"])
    #expect(video.ontology.categories[0].edges == [Ontology.Edge(1, 2), Ontology.Edge(0, 1)])
    let instance = try #require(video.tracks.first?.instances.first)
    #expect(instance.frame == 100)
    #expect(
      instance.attributes == [
        "point3-label/point3-attribute-checkbox": "true",
        "point2-label/point2-attribute-text": "some text",
      ])
    guard case .skeleton(let skeleton) = instance.shape else {
      Issue.record("no skeleton")
      return
    }
    #expect(skeleton.joints.map(\.name) == ["point1-label", "point3-label", "point2-label"])
    #expect(skeleton.joints[1].position == Point(2.45, 7.6))
  }

  @Test func `Frames come from video frames, from ids, and else from the order`() throws {
    func frames(_ items: String) throws -> [Int] {
      let text =
        "{\"dm_format_version\": \"1.0\", \"categories\": {\"label\": {\"labels\": []}}, "
        + "\"items\": [\(items)]}"
      let video = try #require(try LabelText.read(text, as: Datumaro.self).videos.first)
      return video.tracks.flatMap { $0.instances.map(\.frame) }.sorted()
    }
    let box = "\"annotations\": [{\"type\": \"bbox\", \"bbox\": [0, 0, 1, 1]}]"
    #expect(
      try frames(
        "{\"id\": \"a\", \"video_frame\": {\"video_path\": \"v.mp4\", \"frame_index\": 9}, \(box)}")
        == [9])
    #expect(try frames("{\"id\": \"b/000012\", \(box)}, {\"id\": \"000013\", \(box)}") == [12, 13])
    #expect(try frames("{\"id\": \"left\", \(box)}, {\"id\": \"right\", \(box)}") == [0, 1])
    #expect(try frames("{\"id\": \"a1\", \(box)}, {\"id\": \"b1\", \(box)}") == [0, 1])
  }

  @Test func `Classes that stand behind the items are found`() throws {
    let data = try LabelText.read(
      "{\"items\": [{\"id\": \"1\", \"annotations\": [{\"type\": \"bbox\", \"bbox\": [0, 0, 1, 1], "
        + "\"label_id\": 0}]}], \"dm_format_version\": \"1.0\", "
        + "\"categories\": {\"label\": {\"labels\": [{\"name\": \"car\"}]}}}", as: Datumaro.self)
    #expect(data.videos[0].tracks.map(\.className) == ["car"])
  }

  @Test(arguments: [
    ("{\"type\": \"bbox\", \"bbox\": [1, 2, 3]}", "bbox: four numbers are needed"),
    ("{\"type\": \"bbox\", \"bbox\": [1, 2, 3, 1e300]}", "bbox: a number is no place in a picture"),
    ("{\"type\": \"bbox\", \"bbox\": [1, 2, 3, \"x\"]}", "bbox: the numbers are missing"),
    ("{\"type\": \"bbox\", \"bbox\": [1, 2, 3, 4], \"label_id\": 5}", "bbox: there is no label 5"),
    (
      "{\"type\": \"polygon\", \"points\": [1, 2, 3]}", "polygon: the points are no list of x and y"
    ),
    (
      "{\"type\": \"mask\", \"rle\": {\"counts\": \"0\", \"size\": [99, 99]}}",
      "mask: the runs do not fill its size"
    ),
    (
      "{\"type\": \"skeleton\", \"points\": [1, 2]}",
      "skeleton: the points are no list of x, y and visibility"
    ),
    ("{\"type\": \"label\"}", "label: the label_id is missing"),
    ("{}", "the annotation has no type"),
  ])
  func `A bad annotation is counted and costs nothing else`(
    annotation: String, reason: String
  ) throws {
    let data = try LabelText.read(
      "{\"dm_format_version\": \"1.0\", \"categories\": {}, \"items\": [{\"id\": \"1\", "
        + "\"annotations\": [\(annotation), {\"type\": \"bbox\", \"bbox\": [0, 0, 1, 1]}]}]}",
      as: Datumaro.self)
    #expect(data.report.badRows.map(\.reason) == [reason])
    #expect(data.videos[0].instanceCount == 1)
  }

  @Test(arguments: [
    ("[1]", "the file is no JSON object; name the right format"),
    (
      "{\"categories\": {}}",
      "Datumaro writes categories and items, and one of them is missing; name the right format"
    ),
    ("{\"categories\": {}, \"items\": [", "the file ends in the middle; export the file again"),
    ("{\"categories\": {}, \"items\": [}]}", "this is no JSON value; export the file again"),
  ])
  func `A file that is not Datumaro's is refused`(text: String, reason: String) {
    #expect(LabelText.error(text, as: Datumaro.self)?.reason == reason)
  }

  @Test func `Masks need the size of the picture`() throws {
    let mask = try #require(Mask(left: 0, top: 0, width: 1, height: 1, runs: [0, 1]))
    let video = VideoAnnotations(tracks: [
      Track(id: "1", instances: [Instance(frame: 0, shape: .mask(mask))])
    ])
    let file = try LabelText("", name: "x")
    defer { file.remove() }
    let error = #expect(throws: LabelError.self) {
      try LabelFormats.write(
        Dataset(format: "sample", videos: [video]), as: Datumaro.self,
        to: file.folder.path + "/out")
    }
    #expect(error?.code == .incomplete)
    #expect(!FileManager.default.fileExists(atPath: file.folder.path + "/out"))
  }
}
