import Annotations
import Foundation
import Testing
import Timeline

/// The files follow those of mmpose's tests (18), poseval's `convert.py` (17) and PoseTrack21's
/// `dataset_structure.md`.
struct PoseTrackTests {
  private func read(_ text: String) throws -> Dataset {
    try LabelText.read(text, name: "012834_mpii_test.json")
  }

  private func text18(_ fields: String, images: String = "") -> String {
    #"""
    {"categories": [{"supercategory": "person", "id": 1, "name": "person",
       "keypoints": ["nose", "head_bottom", "head_top"], "skeleton": [[1, 2], [2, 3]]}],
     "images": [
      {"has_no_densepose": true, "is_labeled": false, "vid_id": "012834", "nframes": 140,
       "file_name": "images/val/012834_mpii_test/000010.jpg", "frame_id": 10128340010,
       "id": 10128340010},
      {"is_labeled": true, "vid_id": "012834", "nframes": 140, "width": 1920, "height": 1080,
       "file_name": "images/val/012834_mpii_test/000011.jpg", "frame_id": 10128340011,
       "id": 10128340011\#(images)}],
     "annotations": [
      {"bbox_head": [3, 3, 4, 5], "track_id": 0, "image_id": 10128340011, "category_id": 1,
       "id": 1012834001100, \#(fields)}]}
    """#
  }

  @Test func `18: frames from the file names, only labelled ones are annotated`() throws {
    let dataset = try read(
      text18(#""bbox": [1, 2, 30, 40], "keypoints": [5, 6, 1, 7, 8.5, 0, 0, 0, 0]"#))
    #expect(dataset.format == "posetrack" && dataset.dialect == "PoseTrack 18")
    let video = try #require(dataset.videos.first)
    #expect(video.name == "images/val/012834_mpii_test")
    #expect(video.frameCount == 140 && video.width == 1920)
    #expect(video.annotated == .every(step: 1, in: FrameRange(11, 12)))
    #expect(video.imageNames.keys.sorted() == [10, 11])
    let track = try #require(video.tracks.first)
    #expect(track.id == "0" && track.className == "person")
    #expect(track.instances.map(\.frame) == [11])
    #expect(
      track.instances[0].shape
        == .skeleton(
          Skeleton(joints: [
            Joint(name: "nose", position: Point(5, 6), visibility: .visible),
            Joint(name: "head_bottom", position: Point(7, 8.5), visibility: .hidden),
            Joint(name: "head_top", position: Point(0, 0), visibility: .absent),
          ])))
    #expect(dataset.report.notes.contains { $0.hasPrefix("1 annotations have a box") })
  }

  @Test func `18: scores are those of the joints`() throws {
    let dataset = try read(
      text18(#""keypoints": [5, 6, 1, 7, 8, 1, 0, 0, 0], "scores": [0.5, 0.25, 0]"#))
    guard case .skeleton(let skeleton) = dataset.videos[0].tracks[0].instances[0].shape else {
      Issue.record("not a skeleton")
      return
    }
    #expect(skeleton.joints.map(\.confidence) == [0.5, 0.25, 0])
  }

  @Test func `regions to ignore are polygons without class, and are written again`() throws {
    let dataset = try read(
      text18(
        #""keypoints": [5, 6, 1, 7, 8, 0, 0, 0, 0]"#,
        images: #", "ignore_regions_y": [[0, 0, 9]], "ignore_regions_x": [[1, 8, 8]]"#))
    let region = try #require(dataset.videos[0].tracks.first { $0.isIgnored })
    #expect(!region.isTracked && region.className == "")
    #expect(region.instances.map(\.frame) == [11])
    #expect(
      region.instances[0].shape == .polygon(Polygon([Point(1, 0), Point(8, 0), Point(8, 9)])))
    let written = try LabelText.written(dataset, as: PoseTrack.self)
    #expect(written.contains(#""ignore_regions_x":[[1,8,8]],"ignore_regions_y":[[0,0,9]]"#))
    #expect(written.contains(#""keypoints":[5,6,1,7,8,0,0,0,0]"#))
    #expect(written.contains(#""nframes":140,"is_labeled":false"#))
    let again = try read(written)
    #expect(again.format == "posetrack")
    #expect(again.videos[0].annotated == dataset.videos[0].annotated)
    #expect(again.videos[0].tracks.map(\.instances.count) == [1, 1])
    let track = try #require(dataset.videos[0].tracks.first { !$0.isIgnored })
    #expect(again.videos[0].tracks.contains(track.without(lines: again)))
  }

  @Test func `21: the person over all videos is an attribute of the track`() throws {
    let dataset = try read(
      text18(#""person_id": 1024, "keypoints": [5, 6, 1, 7, 8, 0, 0, 0, 0]"#))
    #expect(dataset.dialect == "PoseTrack 21")
    #expect(dataset.videos[0].tracks[0].attributes == ["person_id": "1024"])
    #expect(dataset.videos[0].tracks[0].instances[0].attributes == [:])
  }

  private func text17(_ annorect: String) -> String {
    #"""
    {"annolist": [
     {"image": [{"name": "images/bonn/22642_mpii/00000040.jpg"}], "is_labeled": [0],
      "annorect": []},
     {"image": [{"name": "images/bonn/22642_mpii/00000041.jpg"}], "is_labeled": [1],
      "ignore_regions": [{"point": [{"x": [0], "y": [0]}, {"x": [4], "y": [0]},
       {"x": [4], "y": [4]}]}],
      "annorect": \#(annorect)}]}
    """#
  }

  @Test func `17: every value lies in a list, joints go by number`() throws {
    let dataset = try read(
      text17(
        #"[{"x1": [1], "y1": [2], "x2": [5], "y2": [6], "track_id": [3], "score": [0.5],"#
          + #" "annopoints": [{"point": [{"id": [13], "x": [10], "y": [11.5], "score": [0.75]},"#
          + #" {"id": [0], "x": [20], "y": [21], "is_visible": [0]}]}]},"#
          + #" {"x1": [1], "y1": [2], "x2": [5], "y2": [6], "track_id": [4], "annopoints": []}]"#))
    #expect(dataset.dialect == "PoseTrack 17")
    #expect(dataset.report.badRows == [])
    let video = dataset.videos[0]
    #expect(video.name == "images/bonn/22642_mpii" && video.base == 40)
    #expect(video.annotated == .every(step: 1, in: FrameRange(1, 2)))
    #expect(video.tracks.map(\.id) == ["3", "4", "#1"])
    let instance = video.tracks[0].instances[0]
    #expect(instance.frame == 1 && instance.confidence == 0.5)
    guard case .skeleton(let skeleton) = instance.shape else {
      Issue.record("not a skeleton")
      return
    }
    #expect(skeleton.joints.count == 15)
    #expect(
      skeleton.joints[13]
        == Joint(name: "nose", position: Point(10, 11.5), visibility: .visible, confidence: 0.75))
    #expect(
      skeleton.joints[0]
        == Joint(name: "right_ankle", position: Point(20, 21), visibility: .hidden))
    #expect(skeleton.joints[1].visibility == .absent)
    #expect(video.tracks[1].instances[0].shape == .box(Box(left: 1, top: 2, width: 4, height: 4)))
    #expect(video.tracks[2].isIgnored)
  }

  @Test(arguments: [
    (#"[{"track_id": [3]}]"#, "the person has neither points nor a box"),
    ("[7]", "the person is no object"),
    (
      #"[{"annopoints": [{"point": [{"id": [77], "x": [1], "y": [1]}]}]}]"#,
      "a point has no id of a joint, 0 to 14"
    ),
    (
      #"[{"annopoints": [{"point": [{"id": [1], "x": ["a"], "y": [1]}, {"id": [2], "x": 1, "y": 1}]}]}]"#,
      "a point has no x and y"
    ),
  ])
  func `what cannot be used is counted with its line and a reason`(
    annorect: String, reason: String
  ) throws {
    let dataset = try read(text17(annorect))
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 7, reason: reason)])
  }

  @Test func `what is no PoseTrack says so`() {
    #expect(
      LabelText.error(#"{"annolist": 3}"#, as: PoseTrack.self)?.reason
        == "there is no list called annolist as PoseTrack 17 has; name the right format")
    for whole in [text17("[]"), text18(#""keypoints": [5, 6, 1]"#)] {
      for length in stride(from: 20, to: whole.utf8.count - 1, by: 17) {
        #expect(LabelText.error(String(whole.prefix(length)), as: PoseTrack.self)?.code == .damaged)
      }
    }
  }
}
