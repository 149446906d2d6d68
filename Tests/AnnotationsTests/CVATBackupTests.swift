import Annotations
import Foundation
import Testing
import Timeline

/// CVAT's backups.
struct CVATBackupTests {
  private static let labels = """
    [{"name": "car", "attributes": [{"name": "colour", "mutable": true}], "sublabels": []},
     {"name": "fly", "attributes": [], "type": "skeleton", "sublabels": [
      {"name": "nose", "attributes": []}, {"name": "tail", "attributes": []}],
      "svg": "<line data-node-from=\\"1\\" data-node-to=\\"2\\"></line>\
    <circle data-node-id=\\"1\\" data-label-name=\\"nose\\"></circle>\
    <circle data-node-id=\\"2\\" data-label-name=\\"tail\\"></circle>"}]
    """

  private static func shape(
    _ frame: Int, _ type: String, _ points: String, _ more: String = ""
  ) -> String {
    "{\"type\": \"\(type)\", \"occluded\": false, \"outside\": false, \"z_order\": 0, "
      + "\"rotation\": 0.0, \"frame\": \(frame), \"points\": [\(points)]\(more)}"
  }

  /// Reads a backup of one task: 6 frames from 10 on in steps of 5, all in one job.
  private static func read(tags: String = "", shapes: String = "", tracks: String = "") throws
    -> Dataset
  {
    let file = try LabelText(
      "[{\"version\": 0, \"tags\": [\(tags)], \"shapes\": [\(shapes)], \"tracks\": [\(tracks)]}]",
      name: "annotations.json")
    defer { file.remove() }
    try file.write(
      "{\"name\": \"a task\", \"labels\": \(labels), \"data\": {\"start_frame\": 10, "
        + "\"stop_frame\": 35, \"frame_filter\": \"step=5\"}, "
        + "\"jobs\": [{\"start_frame\": 0, \"stop_frame\": 5}]}", name: "task.json")
    try file.write(
      "{\"version\": \"1.1\"}\n{\"type\": \"video\"}\n{\"properties\": {\"name\": \"clip.mp4\", "
        + "\"resolution\": [64, 48], \"length\": 36}}\n{\"number\": 0, \"pts\": 0}\n",
      name: "data/manifest.jsonl")
    return try LabelFormats.read(path: file.folder.path)
  }

  @Test func `Key frames are filled in and held to the end of the job`() throws {
    let data = try Self.read(
      tracks: "{\"frame\": 0, \"label\": \"car\", \"group\": 3, \"source\": \"manual\", "
        + "\"attributes\": [], \"elements\": [], \"shapes\": ["
        + Self.shape(
          0, "rectangle", "0, 0, 10, 10",
          ", \"attributes\": [{\"name\": \"colour\", \"value\": \"red\"}]") + ", "
        + Self.shape(2, "rectangle", "20, 0, 30, 10") + "]}")
    let video = try #require(data.videos.first)
    #expect(data.format == "cvat-backup")
    #expect(video.name == "clip.mp4" && video.width == 64 && video.frameCount == 36)
    #expect(video.annotated == .every(step: 5, in: FrameRange(10, 36)))
    let track = try #require(video.tracks.first)
    #expect(track.attributes == ["group_id": "3"])
    #expect(track.instances.map(\.frame) == [10, 15, 20, 25, 30, 35])
    #expect(track.instances.map(\.shape.bounds?.left) == [0, 10, 20, 20, 20, 20])
    #expect(track.instances.map(\.isKeyFrame) == [true, false, true, false, false, false])
    #expect(
      track.instances.map(\.origin) == [
        .human, .interpolated, .human, .interpolated, .interpolated, .interpolated,
      ])
    // An attribute holds until it changes.
    #expect(track.instances.allSatisfy { $0.attributes == ["colour": "red"] })
  }

  @Test func `Joints have key frames of their own`() throws {
    func joint(_ name: String, _ shapes: String) -> String {
      "{\"frame\": 0, \"label\": \"\(name)\", \"group\": 0, \"shapes\": [\(shapes)]}"
    }
    let gone = Self.shape(3, "points", "9, 9").replacingOccurrences(
      of: "\"outside\": false", with: "\"outside\": true")
    let data = try Self.read(
      tracks: "{\"frame\": 0, \"label\": \"fly\", \"source\": \"manual\", \"shapes\": ["
        + Self.shape(0, "skeleton", "") + "], \"elements\": ["
        + joint("nose", Self.shape(0, "points", "0, 0") + "," + Self.shape(4, "points", "8, 4"))
        + ", " + joint("tail", Self.shape(0, "points", "5, 5") + "," + gone) + "]}")
    let video = try #require(data.videos.first)
    #expect(video.ontology.categories.last?.edges == [Ontology.Edge(0, 1)])
    let places = video.tracks[0].instances.map { instance -> [Joint] in
      guard case .skeleton(let skeleton) = instance.shape else { return [] }
      return skeleton.joints
    }
    #expect(video.tracks[0].instances.map(\.frame) == [10, 15, 20, 25, 30, 35])
    #expect(places.map { $0[0].position.x } == [0, 2, 4, 6, 8, 8])
    #expect(
      places.map { $0[1].visibility } == [.visible, .visible, .visible] + [
        .absent, .absent, .absent,
      ])
    // The tail moves towards the place where it is declared gone, as CVAT shows it.
    #expect(abs(places[1][1].position.x - (5 + 4.0 / 3)) < 1e-9)
  }

  @Test func `Shapes of every kind are lone detections, and tags labels of one frame`() throws {
    let data = try Self.read(
      tags: "{\"frame\": 2, \"label\": \"car\", \"group\": 0, \"source\": \"manual\", "
        + "\"attributes\": []}",
      shapes: [
        Self.shape(
          1, "rectangle", "0, 0, 4, 6", ", \"label\": \"car\", \"source\": \"auto\", \"score\": 0.5"
        ),
        Self.shape(
          1, "ellipse", "10, 20, 13, 16",
          ", \"label\": \"car\", \"source\": \"manual\", \"score\": 1"),
        Self.shape(1, "polygon", "0, 0, 4, 0, 4, 4", ", \"label\": \"car\""),
        // The mask of the test vector: runs, then left, top, right and bottom.
        Self.shape(1, "mask", "0, 3, 8, 1, 1, 0, 4, 2", ", \"label\": \"car\""),
        Self.shape(
          1, "cuboid", "0, 0, 0, 4, 4, 0, 4, 4, 6, 2, 6, 6, 2, 2, 2, 6", ", \"label\": \"car\""),
        Self.shape(
          1, "skeleton", "",
          ", \"label\": \"fly\", \"elements\": ["
            + Self.shape(1, "points", "1, 2", ", \"label\": \"nose\"") + "]"),
      ].joined(separator: ","))
    let video = try #require(data.videos.first)
    #expect(data.report.badRowCount == 0)
    #expect(video.ranges.map(\.range) == [FrameRange(20, 21)])
    #expect(video.tracks.allSatisfy { !$0.isTracked && $0.instances.map(\.frame) == [15] })
    #expect(video.tracks.map { $0.instances[0].confidence } == [0.5, nil, nil, nil, nil, nil])
    let shapes = video.tracks.map { $0.instances[0].shape }
    #expect(shapes[0] == .box(Box(left: 0, top: 0, width: 4, height: 6)))
    #expect(shapes[1] == .ellipse(Ellipse(center: Point(10, 20), radiusX: 3, radiusY: 4)))
    #expect(shapes[2] == .polygon(Polygon([Point(0, 0), Point(4, 0), Point(4, 4)])))
    #expect(
      shapes[3]
        == .mask(try #require(Mask(left: 1, top: 0, width: 4, height: 3, runs: [0, 3, 8, 1]))))
    #expect(
      shapes[4]
        == .cuboid([
          Point(0, 0), Point(4, 0), Point(4, 4), Point(0, 4),
          Point(2, 2), Point(6, 2), Point(6, 6), Point(2, 6),
        ]))
    guard case .skeleton(let skeleton) = shapes[5] else {
      Issue.record("no skeleton")
      return
    }
    #expect(skeleton.joints.map(\.visibility) == [.visible, .absent])
  }

  @Test(arguments: [
    (shape(0, "rectangle", "1, 2"), "shape: rectangle with 2 numbers is no shape"),
    (shape(-1, "rectangle", "1, 2, 3, 4"), "shape: the frame is no frame number"),
    (shape(9_999_999, "rectangle", "1, 2, 3, 4"), "shape: the frame is no frame number"),
    (shape(0, "mask", "5, 1, 0, 0, 1, 1"), "shape: the runs of the mask do not fill its crop"),
    (shape(0, "blob", "5"), "shape: blob with 1 numbers is no shape"),
    (shape(0, "skeleton", ""), "shape: there are no joints"),
  ])
  func `A bad shape is counted and costs nothing else`(shape: String, reason: String) throws {
    let labelled = shape.dropLast() + ", \"label\": \"car\"}"
    let good = Self.shape(1, "rectangle", "0, 0, 1, 1", ", \"label\": \"car\"")
    let data = try Self.read(shapes: labelled + "," + good)
    #expect(data.report.badRows.map(\.reason) == [reason])
    #expect(data.videos[0].instanceCount == 1)
  }

  @Test func `What the web interface answers is read without names`() throws {
    let data = try LabelText.read(
      "{\"version\": 1, \"tags\": [], \"shapes\": [{\"type\": \"rectangle\", \"frame\": 2, "
        + "\"label_id\": 7, \"points\": [0, 0, 1, 1]}], \"tracks\": []}", name: "a.json")
    #expect(data.format == "cvat-backup")
    #expect(data.videos[0].tracks.map(\.className) == ["label 7"])
    #expect(data.report.notes.contains { $0.contains("by a number only") })
  }

  @Test(arguments: [
    ("[{\"tags\": [], \"shapes\": [", "the file ends in the middle; export the file again"),
    ("\"text\"", "this is no list of annotations as CVAT writes it"),
  ])
  func `A file that is not CVAT's is refused`(text: String, reason: String) {
    #expect(LabelText.error(text, as: CVATBackup.self)?.reason == reason)
  }

  /// SOURCE.md: two boxes on frame 0, the same labels as in the XML beside it.
  @Test(.enabled(if: RealData.exists))
  func `The backup of a real task tells what its XML tells`() throws {
    let backup = try LabelFormats.read(path: RealData.path("cvat-exports/video_task/backup"))
    let xml = try LabelFormats.read(path: RealData.path("cvat-exports/video_task/annotations.xml"))
    let (one, other) = (try #require(backup.videos.first), try #require(xml.videos.first))
    #expect(one.name == "test_video_1.mp4" && one.frameCount == 25)
    #expect(one.width == 1280 && one.height == 720)
    #expect(one.annotated == other.annotated)
    #expect(one.tracks.map(\.className) == other.tracks.map(\.className))
    for (a, b) in zip(one.tracks, other.tracks) {
      #expect(a.instances.map(\.frame) == b.instances.map(\.frame))
      let (first, second) = (a.instances[0].shape.bounds, b.instances[0].shape.bounds)
      // The XML rounds to two decimals.
      #expect(abs((first?.left ?? 0) - (second?.left ?? 1)) <= 0.005)
      #expect(abs((first?.bottom ?? 0) - (second?.bottom ?? 1)) <= 0.005)
    }
  }
}
