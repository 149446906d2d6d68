import Annotations
import Foundation
import Testing
import Timeline

/// The file follows ANNOTATION_FORMAT.md of BURST's own repository; the text of the mask is
/// pycocotools 2.0.11's for 3 rows and 5 columns with row 0 columns 1-3 and row 2 column 4 set.
struct BURSTTests {
  private func text(_ segmentations: String, size: String = #""width": 5, "height": 3,"#) -> String
  {
    #"""
    {"split": "train",
     "sequences": [{"id": 2, "seq_name": "clip", "dataset": "LaSOT", "fps": 30, \#(size)
      "all_image_paths": ["f0010.jpg", "f0011.jpg", "f0012.jpg", "f0013.jpg"],
      "annotated_image_paths": ["f0010.jpg", "f0012.jpg"],
      "neg_category_ids": [5], "not_exhaustive_category_ids": [6],
      "track_category_ids": {"11": 6, "12": 5},
      "segmentations": \#(segmentations)}],
     "categories": [{"id": 5, "name": "cup"}, {"id": 6, "name": "person"}]}
    """#
  }

  private static let good =
    #"[{"11": {"rle": "31200020", "is_gt": true, "score": 1.0}},"#
    + #" {"11": {"rle": "31200020", "is_gt": false, "score": 0.5}, "12": {"bbox": [1, 0, 2, 2]}}]"#

  @Test func `frames are places among all images, masks take the size of the sequence`() throws {
    let dataset = try LabelText.read(text(Self.good), name: "labels.json")
    #expect(dataset.format == "burst")
    #expect(dataset.report.badRows == [])
    let video = try #require(dataset.videos.first)
    #expect(video.name == "LaSOT/clip" && video.frameRate == 30 && video.frameCount == 4)
    #expect(video.annotated == .every(step: 2, in: FrameRange(0, 3)))
    #expect(video.imageNames[3] == "f0013.jpg")
    #expect(video.tracks.map(\.id) == ["11", "12"])
    #expect(video.tracks.map(\.className) == ["person", "cup"])
    let instances = video.tracks[0].instances
    let mask = try #require(Mask(left: 1, top: 0, width: 4, height: 3, runs: [0, 3, 8, 1]))
    #expect(instances.map(\.frame) == [0, 2])
    #expect(instances.map(\.shape) == [.mask(mask), .mask(mask)])
    #expect(
      video.tracks[1].instances.map(\.shape) == [.box(Box(left: 1, top: 0, width: 2, height: 2))])
  }

  @Test func `a score says something only of what a model made`() throws {
    let video = try LabelText.read(text(Self.good), name: "labels.json").videos[0]
    #expect(video.tracks[0].instances.map(\.origin) == [.human, .model])
    #expect(video.tracks[0].instances.map(\.confidence) == [nil, 0.5])
    #expect(video.tracks[1].instances[0].origin == .imported)
  }

  @Test func `what is said of whole classes becomes ranges, and is written again`() throws {
    let dataset = try LabelText.read(text(Self.good), name: "labels.json")
    let ranges = [
      RangeLabel(range: FrameRange(0, 4), name: "neg_category", value: "cup", origin: .human),
      RangeLabel(
        range: FrameRange(0, 4), name: "not_exhaustive_category", value: "person", origin: .human),
    ]
    #expect(dataset.videos[0].ranges == ranges)
    let written = try LabelText.written(dataset, as: BURST.self)
    #expect(
      written.contains(#""neg_category_ids":[5],"not_exhaustive_category_ids":[6],"all_image"#))
    let again = try LabelText.read(written, name: "again.json")
    #expect(again.videos[0].ranges == ranges)
    #expect(again.videos[0].tracks[0] == dataset.videos[0].tracks[0].without(lines: again))
  }

  @Test func `TAO as COCO says the same of classes, and frame_index goes before frame_id`() throws {
    let dataset = try LabelText.read(
      #"""
      {"videos": [{"id": 0, "name": "train/YFCC100M/v", "neg_category_ids": [2],
                   "not_exhaustive_category_ids": [1]}],
       "images": [{"id": 0, "video_id": 0, "frame_index": 390, "frame_id": 0,
                   "file_name": "train/YFCC100M/v/frame0391.jpg"},
                  {"id": 1, "video_id": 0, "frame_index": 420, "frame_id": 1,
                   "file_name": "train/YFCC100M/v/frame0421.jpg"}],
       "tracks": [{"id": 7, "category_id": 1, "video_id": 0}],
       "categories": [{"id": 1, "name": "baby"}, {"id": 2, "name": "car"}],
       "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "track_id": 7,
         "segmentation": [[1, 2, 4, 2, 4, 6, 1, 6]], "bbox": [1, 2, 3, 4]}]}
      """#, name: "tao.json")
    #expect(dataset.format == "coco" && dataset.dialect == "TAO")
    let video = dataset.videos[0]
    #expect(video.annotated == .every(step: 30, in: FrameRange(390, 421)))
    #expect(video.tracks[0].instances.map(\.frame) == [420])
    #expect(video.ranges.map(\.name) == ["neg_category", "not_exhaustive_category"])
    #expect(video.ranges.map(\.value) == ["car", "baby"])
    // One step between file names and frame_index is the rule, not a disagreement.
    #expect(dataset.report.notes == ["frames are numbered by frame_index, counting from 0"])
  }

  @Test(arguments: [
    (#"[{"11": {"rle": "3"}}, {}]"#, "the runs of the mask do not fill its size"),
    (#"[{"11": {"score": 1}}, {}]"#, "there is neither rle, bbox nor point"),
    (#"[{}, {}, {"11": {"rle": "31200020"}}]"#, "frame 2 is not among the annotated_image_paths"),
    (#"[{"11": 3}, {}]"#, "the entry of track 11 is no object"),
    (#"[{"11": {"bbox": [1, 2]}}, {}]"#, "the bbox has 2 numbers instead of 4"),
  ])
  func `what cannot be used is counted with its line and a reason`(
    segmentations: String, reason: String
  ) throws {
    let dataset = try LabelText.read(text(segmentations), as: BURST.self)
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 7, reason: reason)])
  }

  @Test func `masks without a size cannot be used`() throws {
    let dataset = try LabelText.read(text(Self.good, size: ""), as: BURST.self)
    #expect(dataset.report.badRows.map(\.reason).first == "the sequence has no size for its masks")
  }

  @Test func `what is no BURST says so`() {
    #expect(
      LabelText.error("[1]", as: BURST.self)?.reason
        == "there is no list called sequences as BURST has; name the right format")
    let whole = text(Self.good)
    for length in stride(from: 1, to: whole.utf8.count - 1, by: 11) {
      #expect(LabelText.error(String(whole.prefix(length)), as: BURST.self)?.code == .damaged)
    }
  }
}

extension Track {
  /// The track with the lines of its equal in `other`: lines differ from file to file.
  func without(lines other: Dataset) -> Track {
    let lines = other.videos[0].tracks.first { $0.id == id }?.instances.map(\.line) ?? []
    var instances = instances
    for (place, line) in lines.enumerated() where place < instances.count {
      instances[place].line = line
    }
    return Track(
      id: id, className: className, isTracked: isTracked, instances: instances,
      absences: absences, attributes: attributes)
  }
}
