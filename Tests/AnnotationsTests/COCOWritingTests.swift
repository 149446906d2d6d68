import Annotations
import Foundation
import Testing
import Timeline

/// The conformance check `coco` has pycocotools read such files; here are the texts.
struct COCOWritingTests {
  private func video(_ tracks: [Track], name: String = "clip.mp4") -> VideoAnnotations {
    VideoAnnotations(
      name: name, width: 5, height: 3, frameCount: 2, frameRate: 25,
      ontology: Ontology(categories: [
        Ontology.Category(
          name: "fly", sourceID: "4", joints: ["nose", "tail"], edges: [Ontology.Edge(0, 1)])
      ]), tracks: tracks)
  }

  private func written(_ tracks: [Track]) throws -> String {
    try LabelText.written(Dataset(format: "sample", videos: [video(tracks)]), as: COCO.self)
  }

  private func annotation(_ instance: Instance, id: String = "7") throws -> String {
    let text = try written([Track(id: id, className: "fly", instances: [instance])])
    let lines = text.split(separator: "\n")
    let start = try #require(lines.firstIndex(of: "\"annotations\":["))
    return String(lines[start + 1])
  }

  @Test func `images are the annotated frames, with CVAT's names where they have none`() throws {
    let text = try written([])
    #expect(
      text.contains(
        #"{"id":1,"video_id":1,"frame_id":0,"frame_index":0,"file_name":"clip/frame_000000.jpg","#
          + #""width":5,"height":3},"#))
    #expect(
      text.contains(
        #"{"id":1,"name":"clip.mp4","width":5,"height":3,"length":2,"fps":25,"#
          + #""neg_category_ids":[],"not_exhaustive_category_ids":[]}"#))
    #expect(
      text.contains(
        #"{"id":4,"name":"fly","supercategory":"","keypoints":["nose","tail"],"skeleton":[[1,2]]}"#
      ))
  }

  @Test func `a box has its area, and what COCO lacks stands among the attributes`() throws {
    let line = try annotation(
      Instance(
        frame: 1, shape: .box(Box(left: 1, top: 2, width: 3.5, height: 4)), isKeyFrame: true,
        origin: .human, confidence: 0.5, visibility: .occluded, attributes: ["pose": "up"]))
    #expect(
      line == #"{"id":1,"image_id":2,"video_id":1,"category_id":4,"track_id":7,"instance_id":7,"#
        + #""bbox":[1,2,3.5,4],"area":14,"segmentation":[],"score":0.5,"iscrowd":0,"#
        + #""attributes":{"occluded":true,"track_id":7,"keyframe":true,"source":"human","#
        + #""pose":"up"}}"#)
  }

  @Test func `a turned box is CVAT's: its own sides and degrees`() throws {
    let line = try annotation(
      Instance(
        frame: 0,
        shape: .rotatedBox(RotatedBox(center: Point(4, 3), width: 6, height: 2, angle: .pi / 2))))
    #expect(line.contains(#""bbox":[1,2,6,2],"area":12,"#))
    #expect(line.contains(#""attributes":{"rotation":90,"#))
  }

  /// Runs, text, area and box from pycocotools 2.0.11.
  @Test func `masks are compressed runs over the whole picture`() throws {
    let mask = try #require(Mask(left: 1, top: 0, width: 4, height: 3, runs: [0, 3, 8, 1]))
    let line = try annotation(Instance(frame: 0, shape: .mask(mask)))
    #expect(
      line.contains(
        #""bbox":[1,0,4,3],"area":4,"segmentation":{"size":[3,5],"counts":"31200020"}"#))
  }

  @Test func `joints that are not labelled are three zeros, scores are PoseTrack's`() throws {
    let line = try annotation(
      Instance(
        frame: 0,
        shape: .skeleton(
          Skeleton(joints: [
            Joint(name: "tail", position: Point(3, 4), visibility: .hidden, confidence: 0.25),
            Joint(name: "nose", position: Point(9, 9), visibility: .absent),
          ]))))
    #expect(line.contains(#""bbox":[3,4,0,0],"area":0,"segmentation":[],"#))
    #expect(
      line.contains(#""keypoints":[0,0,0,3,4,1],"num_keypoints":1,"scores":[null,0.25],"#))
  }

  @Test func `a ring that fills its box stays a polygon`() throws {
    let ring = Polygon([Point(1, 1), Point(4, 1), Point(4, 3), Point(1, 3)])
    let track = Track(
      id: "7", className: "fly", instances: [Instance(frame: 0, shape: .polygon(ring))])
    let again = try LabelText.read(try written([track]), name: "again.json")
    #expect(again.videos[0].tracks[0].instances[0].shape == .polygon(ring))
    #expect(again.videos[0].tracks[0].instances[0].attributes == [:])
  }

  @Test func `ids that are texts, or the same in two videos, are numbered and kept`() throws {
    let box = Shape.box(Box(left: 0, top: 0, width: 1, height: 1))
    func track(_ id: String, isTracked: Bool = true) -> Track {
      Track(
        id: id, className: "fly", isTracked: isTracked, instances: [Instance(frame: 0, shape: box)])
    }
    let dataset = Dataset(
      format: "sample",
      videos: [
        video([track("7"), track("007"), track("#2", isTracked: false)]),
        video([track("7"), track("#2", isTracked: false)], name: "other.mp4"),
      ])
    let text = try LabelText.written(dataset, as: COCO.self)
    #expect(text.contains(#""track_id":2,"instance_id":2,"bbox":[0,0,1,1]"#))
    #expect(text.contains(#""track_id":"007""#))
    let again = try LabelText.read(text, name: "again.json")
    #expect(again.videos.map { $0.tracks.map(\.id) } == [["7", "007", "#2"], ["7", "#5"]])
    #expect(again.report.badRowCount == 0 && again.report.notes.count == 1)
  }

  @Test func `crowds are crowds, what is only ignored says so, too`() throws {
    func instance(_ attributes: [String: String]) -> Instance {
      Instance(
        frame: 0, shape: .box(Box(left: 0, top: 0, width: 1, height: 1)), attributes: attributes)
    }
    let crowd = ["ignore": "true", "iscrowd": "1"]
    #expect(try annotation(instance(crowd)).contains(#""iscrowd":1,"attributes""#))
    #expect(try annotation(instance(["ignore": "true"])).contains(#""iscrowd":1,"ignore":1"#))
    for attributes in [crowd, ["ignore": "true"]] {
      let text = try written([Track(id: "1", className: "fly", instances: [instance(attributes)])])
      let track = try LabelText.read(text, name: "again.json").videos[0].tracks[0]
      #expect(track.instances[0].attributes["ignore"] == "true" && track.isIgnored)
    }
  }

  @Test func `what cannot be written is counted`() throws {
    let far = try #require(Mask(left: 4, top: 0, width: 4, height: 1, runs: [0, 4]))
    let dataset = Dataset(
      format: "sample",
      videos: [
        video([
          Track(
            id: "1", className: "fly",
            instances: [
              Instance(frame: 0, shape: .box(Box(left: .nan, top: 0, width: 1, height: 1))),
              Instance(frame: 1, shape: .mask(far), attributes: ["rotation": "a"]),
            ], absences: [FrameRange(3, 4)])
        ])
      ])
    let file = try LabelText("", name: "out.json")
    defer { file.remove() }
    let losses = try LabelFormats.write(dataset, as: COCO.self, to: file.path)
    #expect(
      losses.counts == [.instances: 1, .shape: 1, .attributes: 1, .absences: 1])
  }

  @Test func `a frame_id that counts listed images yields to the video`() throws {
    let text =
      #"{"videos": [{"id": 1, "name": "v"}], "images": ["#
      + (0..<3).map {
        #"{"id": \#($0), "video_id": 1, "frame_id": \#($0), "file_name": "v/0000\#($0 * 5).jpg"}"#
      }.joined(separator: ",")
      + #"], "annotations": [{"image_id": 2, "category_id": 1, "track_id": 1, "bbox": [0,0,1,1]}]}"#
    func read(_ options: ReadOptions) throws -> (frame: Int, notes: [String]) {
      let dataset = try LabelText.read(text, name: "labels.json", options)
      return (dataset.videos[0].tracks[0].instances[0].frame, dataset.report.notes)
    }
    let alone = try read(ReadOptions())
    #expect(alone.frame == 2)
    #expect(
      alone.notes.contains(
        "frame_id and the numbers of the file names do not run alike in 2 images;"
          + " frame_id was taken"))
    func hint(_ frameCount: Int) -> ReadOptions {
      ReadOptions(videos: [VideoHint(name: "v.mp4", width: 5, height: 3, frameCount: frameCount)])
    }
    // The video has frame 10; or it was cut down to the listed images.
    #expect(try read(hint(15)).frame == 10)
    #expect(try read(hint(3)).frame == 2)
  }

  @Test func `sources are CVAT's words or the program's own`() throws {
    func origin(_ source: String) throws -> Instance {
      try LabelText.read(
        #"{"images": [{"id": 1, "frame_id": 0}], "annotations": [{"image_id": 1, "bbox": [0,0,1,1],"#
          + #" "attributes": {"source": "\#(source)"}}]}"#, name: "labels.json"
      ).videos[0].tracks[0].instances[0]
    }
    #expect(try origin("manual").origin == .human)
    #expect(try origin("semi-auto").origin == .tracked)
    #expect(try origin("interpolated").origin == .interpolated)
    let other = try origin("camera 1")
    #expect(other.origin == .imported && other.attributes == ["source": "camera 1"])
  }
}
