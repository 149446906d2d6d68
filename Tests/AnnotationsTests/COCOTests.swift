import Annotations
import Foundation
import Testing
import Timeline

struct COCOTests {
  private func read(_ text: String, _ options: ReadOptions = ReadOptions()) throws -> Dataset {
    try LabelText.read(text, as: COCO.self, name: "labels.json", options)
  }

  /// One image and one class around the fields of one annotation.
  private func dataset(_ fields: String, category: String = "") throws -> Dataset {
    try read(
      #"{"images": [{"id": 4, "file_name": "a_7.jpg", "width": 64, "height": 48}],"#
        + #""categories": [{"id": 0, "name": "person"\#(category)}],"#
        + "\n\"annotations\": [\n{\"id\": 9, \"image_id\": 4, \"category_id\": 0, \(fields)}\n]}")
  }

  private func instance(_ fields: String, category: String = "") throws -> Instance {
    let dataset = try dataset(fields, category: category)
    #expect(dataset.report.badRows == [])
    return try #require(dataset.videos.first?.tracks.first?.instances.first)
  }

  @Test func `COCO-VID: many videos, images after annotations, one track an instance id`() throws {
    let dataset = try LabelText.read(
      #"""
      {"videos": [{"id": 1, "name": "clip-a", "fps": 25, "width": 640, "height": 480},
                  {"id": 2, "name": "clip-b"}],
       "annotations": [
        {"id": 1, "image_id": 11, "video_id": 1, "category_id": 1, "instance_id": 5,
         "bbox": [1, 2, 3.5, 4], "iscrowd": 0, "occluded": true},
        {"id": 2, "image_id": 10, "video_id": 1, "category_id": 1, "instance_id": 5,
         "bbox": [0, 2, 3, 4], "visibility": 0.25},
        {"id": 3, "image_id": 20, "video_id": 2, "category_id": 2, "instance_id": 5,
         "bbox": [0, 2, 3, 4]}],
       "images": [
        {"id": 10, "video_id": 1, "frame_id": 0, "file_name": "clip-a/000001.jpg"},
        {"id": 11, "video_id": 1, "frame_id": 1, "file_name": "clip-a/000002.jpg"},
        {"id": 20, "video_id": 2, "frame_id": 3, "file_name": "clip-b/000004.jpg"}],
       "categories": [{"id": 1, "name": "person"}, {"id": 2, "name": "car"}]}
      """#)
    #expect(dataset.format == "coco")
    #expect(dataset.dialect == "COCO-VID")
    #expect(dataset.videos.map(\.name) == ["clip-a", "clip-b"])
    let (a, b) = (dataset.videos[0], dataset.videos[1])
    #expect(a.width == 640 && a.height == 480 && a.frameRate == 25)
    #expect(a.base == 0)
    #expect(a.quantum == 0.1)
    #expect(a.ontology.categories.map(\.name) == ["person", "car"])
    #expect(a.tracks.map(\.id) == ["5"] && b.tracks.map(\.id) == ["5"])
    #expect(a.tracks[0].className == "person" && b.tracks[0].className == "car")
    #expect(a.tracks[0].instances.map(\.frame) == [0, 1])
    #expect(a.tracks[0].instances.map(\.visibility) == [.ratio(0.25), .occluded])
    #expect(a.tracks[0].instances.map(\.line) == [6, 4])
    #expect(b.tracks[0].instances.map(\.frame) == [3])
    #expect(a.annotated == .every(step: 1, in: FrameRange(0, 2)))
    #expect(b.annotated == .every(step: 1, in: FrameRange(3, 4)))
  }

  @Test func `CVAT: frames from the file name count from 0, attributes say the rest`() throws {
    let dataset = try read(
      #"""
      {"images": [{"id": 1, "file_name": "frame_000010.PNG", "width": 64, "height": 48},
                  {"id": 2, "file_name": "frame_000011.PNG"}],
       "categories": [{"id": 1, "name": "car"}],
       "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [], "bbox": [10, 10, 8, 2],
         "attributes": {"occluded": true, "rotation": 90.0, "track_id": 0, "keyframe": true,
                        "colour": "red", "doors": 4}},
        {"id": 2, "image_id": 2, "category_id": 1, "segmentation": [], "bbox": [10, 10, 8, 2],
         "attributes": {"occluded": false, "rotation": 0.0, "track_id": 0, "keyframe": false}}]}
      """#)
    #expect(dataset.dialect == "CVAT or Datumaro, with attributes")
    let video = dataset.videos[0]
    #expect(video.base == 0)
    #expect(video.width == 64)
    let track = try #require(video.tracks.first)
    #expect(track.id == "0" && track.isTracked)
    #expect(track.instances.map(\.frame) == [10, 11])
    #expect(track.instances.map(\.isKeyFrame) == [true, false])
    #expect(track.instances.map(\.visibility) == [.occluded, .visible])
    #expect(track.instances[0].attributes == ["colour": "red", "doors": "4"])
    #expect(
      track.instances[0].shape
        == .rotatedBox(RotatedBox(center: Point(14, 11), width: 8, height: 2, angle: .pi / 2)))
    #expect(
      track.instances[1].shape == .box(Box(left: 10, top: 10, width: 8, height: 2)))
  }

  @Test func `keypoints get the names and bones of their class`() throws {
    let fields = #""keypoints": [1, 2, 2, 3, 4, 1, 0, 0, 0], "bbox": [0, 0, 5, 5]"#
    let category = #", "keypoints": ["nose", "neck", "hip"], "skeleton": [[1, 2], [2, 3], [3, 9]]"#
    let dataset = try dataset(fields, category: category)
    let video = try #require(dataset.videos.first)
    #expect(dataset.dialect == "keypoints")
    #expect(video.ontology.categories[0].joints == ["nose", "neck", "hip"])
    #expect(
      video.ontology.categories[0].edges == [Ontology.Edge(0, 1), Ontology.Edge(1, 2)])
    #expect(
      video.tracks[0].instances[0].shape
        == .skeleton(
          Skeleton(joints: [
            Joint(name: "nose", position: Point(1, 2), visibility: .visible),
            Joint(name: "neck", position: Point(3, 4), visibility: .hidden),
            Joint(name: "hip", position: Point(0, 0), visibility: .absent),
          ])))
  }

  @Test func `a score in the place of a joint's visibility is its confidence`() throws {
    let shape = try instance(#""keypoints": [1, 2, 0.75, 3, 4, 0.5], "score": 0.9"#).shape
    guard case .skeleton(let skeleton) = shape else {
      Issue.record("not a skeleton")
      return
    }
    #expect(skeleton.joints.map(\.confidence) == [0.75, 0.5])
    #expect(skeleton.joints.allSatisfy { $0.visibility == .visible })
  }

  @Test func `keypoints that nobody labelled leave the box`() throws {
    let shape = try instance(#""keypoints": [0, 0, 0, 0, 0, 0], "bbox": [1, 2, 3, 4]"#).shape
    #expect(shape == .box(Box(left: 1, top: 2, width: 3, height: 4)))
  }

  @Test func `rings of a segmentation are separate parts`() throws {
    let shape = try instance(
      #""segmentation": [[0, 0, 4, 0, 0, 4], [10, 10, 12, 10, 12, 12, 10, 12]], "#
        + #""bbox": [0, 0, 12, 12]"#
    ).shape
    guard case .polygon(let polygon) = shape else {
      Issue.record("not a polygon")
      return
    }
    #expect(polygon.parts.count == 2)
    #expect(polygon.area == 12)
  }

  @Test func `one ring may come without the outer list`() throws {
    let shape = try instance(#""segmentation": [0, 0, 4, 0, 0, 4]"#).shape
    #expect(shape == .polygon(Polygon([Point(0, 0), Point(4, 0), Point(0, 4)])))
  }

  @Test func `a ring of just the corners of the box is the box`() throws {
    let shape = try instance(
      #""segmentation": [[1, 2, 4, 2, 4, 6, 1, 6]], "bbox": [1, 2, 3, 4]"#
    ).shape
    #expect(shape == .box(Box(left: 1, top: 2, width: 3, height: 4)))
  }

  @Test func `crowds are kept and ignored`() throws {
    let dataset = try dataset(#""bbox": [1, 2, 3, 4], "iscrowd": 1"#)
    let track = try #require(dataset.videos.first?.tracks.first)
    #expect(track.isIgnored)
    #expect(track.instances[0].attributes["iscrowd"] == "1")
  }

  @Test func `without an object id an annotation is a track of one, named after itself`() throws {
    let dataset = try dataset(#""bbox": [1, 2, 3, 4], "track_id": -1"#)
    let track = try #require(dataset.videos.first?.tracks.first)
    #expect(track.id == "#9")
    #expect(!track.isTracked)
    #expect(track.className == "person")
  }

  @Test func `ids of annotations that repeat are two annotations, and the report counts them`()
    throws
  {
    let dataset = try read(
      #"""
      {"images": [{"id": 1, "file_name": "1.jpg"}], "categories": [], "annotations": [
        {"id": 7, "image_id": 1, "category_id": 3, "bbox": [0, 0, 1, 1]},
        {"id": 7, "image_id": 1, "category_id": 3, "bbox": [5, 5, 1, 1]}]}
      """#)
    let tracks = dataset.videos[0].tracks
    #expect(tracks.count == 2)
    #expect(Set(tracks.map(\.id)).count == 2)
    #expect(tracks.map(\.className) == ["3", "3"])
    #expect(dataset.report.notes.contains { $0.hasPrefix("1 annotations repeat an id") })
  }

  @Test func `a list of results takes image_id for the frame`() throws {
    let dataset = try LabelText.read(
      #"""
      [{"image_id": 1, "category_id": 0, "bbox": [0, 0, 1, 1], "score": 0.5},
       {"image_id": 3, "category_id": 0, "bbox": [0, 0, 1, 1], "score": 1e-2}]
      """#, ReadOptions(kind: .predictions))
    #expect(dataset.format == "coco-results")
    #expect(dataset.dialect == "list of results")
    let video = dataset.videos[0]
    #expect(video.base == 1)
    #expect(video.annotated == .all)
    #expect(video.tracks.map { $0.instances[0].frame } == [0, 2])
    #expect(video.tracks.map { $0.instances[0].confidence } == [0.5, 0.01])
    #expect(video.tracks.allSatisfy { $0.instances[0].origin == .model && $0.className == "0" })
  }

  @Test func `a list of results may name images by a stem that ends in the frame`() throws {
    let dataset = try read(
      #"""
      [{"image_id": "clip_0", "category_id": 0, "bbox": [0, 0, 1, 1], "score": 0.5},
       {"image_id": "clip_12", "category_id": 0, "bbox": [0, 0, 1, 1], "score": 0.5}]
      """#)
    #expect(dataset.videos[0].tracks.map { $0.instances[0].frame } == [0, 12])
  }

  @Test func `frames are numbered by frame_id, else by the file name, else by the order`() throws {
    func frames(_ images: [String]) throws -> [Int] {
      let annotations = images.indices.map {
        #"{"image_id": \#($0), "category_id": 1, "bbox": [0, 0, 1, 1], "track_id": 1}"#
      }
      let list = images.enumerated().map { "{\"id\": \($0.offset), \($0.element)}" }
      let dataset = try read(
        "{\"images\": [\(list.joined(separator: ","))], \"annotations\": ["
          + annotations.joined(separator: ",") + "]}")
      return dataset.videos[0].tracks[0].instances.map(\.frame)
    }
    #expect(
      try frames([
        #""frame_index": 4, "file_name": "f0005.jpg""#,
        #""frame_index": 9, "file_name": "f0010.jpg""#,
      ]) == [4, 9])
    #expect(try frames([#""file_name": "f0005.jpg""#, #""file_name": "f0010.jpg""#]) == [4, 9])
    #expect(try frames([#""file_name": "f0000.jpg""#, #""file_name": "f0010.jpg""#]) == [0, 10])
    #expect(try frames([#""file_name": "a.jpg""#, #""file_name": "b.jpg""#]) == [0, 1])
    // A frame_id that is a unique number of the image over all videos is none of the frame.
    #expect(
      try frames([
        #""frame_id": 10003420000, "file_name": "000000.jpg""#,
        #""frame_id": 10003420001, "file_name": "000001.jpg""#,
      ]) == [0, 1])
  }

  @Test func `folders, and prefixes where numbers clash, are videos`() throws {
    func names(_ files: [String]) throws -> [String?] {
      let list = files.enumerated().map { #"{"id": \#($0.offset), "file_name": "\#($0.element)"}"# }
      return try read(
        "{\"images\": [\(list.joined(separator: ","))], \"annotations\": []}"
      ).videos.map(\.name)
    }
    #expect(try names(["a/img1/1.jpg", "a/img1/2.jpg", "b/img1/1.jpg"]) == ["a", "b"])
    #expect(try names(["cam1_0001.jpg", "cam2_0001.jpg", "cam1_0002.jpg"]) == ["cam1", "cam2"])
    #expect(try names(["cam1_0001.jpg", "cam1_0002.jpg"]) == [nil])
  }

  @Test func `listed images are the annotated frames`() throws {
    func annotated(_ frames: [Int]) throws -> AnnotatedFrames {
      let list = frames.map { #"{"id": \#($0), "frame_id": \#($0)}"# }.joined(separator: ",")
      return try read("{\"images\": [\(list)], \"annotations\": []}").videos[0].annotated
    }
    #expect(try annotated([0, 1, 2]) == .every(step: 1, in: FrameRange(0, 3)))
    #expect(try annotated([20, 0, 10]) == .every(step: 10, in: FrameRange(0, 21)))
    #expect(try annotated([0, 1, 5]) == .only([0, 1, 5]))
  }

  @Test func `escapes and surrogate pairs in names`() throws {
    let dataset = try read(
      #"{"images": [{"id": 1, "frame_id": 0}], "categories": [{"id": 1, "#
        + #""name": "caf\u00e9 \ud83d\ude00 \"\\\/\n \ud83d"}], "annotations": ["#
        + #"{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1]}]}"#)
    #expect(dataset.videos[0].tracks[0].className == "café 😀 \"\\/\n \u{FFFD}")
  }

  @Test func `values are read whole wherever the pieces of a large file end`() throws {
    let start = "{\"images\": [{\"id\": 1, \"frame_id\": 0}], \"annotations\": ["
    let entry =
      #"{"image_id": 1, "category_id": "caf\u00e9 \ud83d\ude00", "track_id": "é", "iscrowd": false,"#
      + #" "bbox": [1.5, 22.25, 333.125, 4e1], "score": 0.998128}"#
    for shift in 0..<entry.utf8.count {
      // The reader fetches 262,144 + 512 bytes at first.
      let blanks = String(repeating: " ", count: 262_656 - start.utf8.count - shift)
      let dataset = try read(start + blanks + entry + "]}")
      let track = try #require(dataset.videos[0].tracks.first)
      #expect(track.id == "é")
      #expect(track.className == "café 😀")
      #expect(track.instances[0].confidence == 0.998128)
      #expect(
        track.instances[0].shape == .box(Box(left: 1.5, top: 22.25, width: 333.125, height: 40)))
    }
  }
}
