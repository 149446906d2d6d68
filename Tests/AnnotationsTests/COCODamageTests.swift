import Annotations
import Foundation
import Testing

struct COCODamageTests {
  private static let good = #"""
    {"images": [{"id": 1, "frame_id": 0, "file_name": "a\u00e9/1.jpg"}],
     "categories": [{"id": 1, "name": "x", "keypoints": ["a"], "skeleton": [[1, 1]]}],
     "annotations": [
      {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0.5, 1e1, 1], "iscrowd": false,
       "segmentation": {"size": [3, 5], "counts": "31200020"}, "attributes": {"a": null}}
     ]}
    """#

  @Test(arguments: [
    (#""bbox": [1, 2, 3]"#, "the bbox has 3 numbers instead of 4"),
    (#""bbox": "1,2,3,4""#, "the bbox is no list of numbers"),
    (#""bbox": [1, 2, "3", 4]"#, "the bbox holds something that is no number"),
    (#""bbox": [1, 2, NaN, 4]"#, "the bbox holds a number that is not finite or too large"),
    (#""bbox": [1, 2, 1e400, 4]"#, "the bbox holds a number that is not finite or too large"),
    (#""area": 12"#, "there is neither bbox, segmentation nor keypoints"),
    (#""bbox": [1, 2, 3, 4], "score": "high""#, "the score is not a finite number"),
    (#""segmentation": [[1, 2, 3]]"#, "the segmentation has an x without y"),
    (
      #""segmentation": {"size": [3, 5], "counts": [3, 1]}"#,
      "the runs of the mask do not fill its size"
    ),
    (
      #""segmentation": {"size": [3, 5], "counts": "zz~"}"#,
      "the runs of the mask do not fill its size"
    ),
    (
      #""segmentation": {"size": [300000, 500000], "counts": [1]}"#,
      "the runs of the mask do not fill its size"
    ),
    (#""keypoints": [1, 2]"#, "the keypoints are no triples of x, y and visibility"),
    (#""image_id": null, "bbox": [1, 2, 3, 4]"#, "there is no usable image_id"),
    (#""image_id": 77, "bbox": [1, 2, 3, 4]"#, "the image 77 is not among the images"),
  ])
  func `a bad annotation is counted with its line and a reason, and costs no other`(
    fields: String, reason: String
  ) throws {
    let dataset = try LabelText.read(
      """
      {"images": [{"id": 1, "frame_id": 0}], "annotations": [
      {"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1]},
      {"image_id": 1, "category_id": 1, \(fields)},
      {"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1]}]}
      """, as: COCO.self)
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 3, reason: reason)])
    #expect(dataset.report.rowCount == 3)
    #expect(dataset.videos[0].instanceCount == 2)
  }

  @Test func `in one line, bad annotations are told apart by their ids`() throws {
    let dataset = try LabelText.read(
      #"{"images": [{"id": 1, "frame_id": 0}], "categories": [{"id": 3, "name": "a"}], "#
        + #""annotations": [{"id": 17, "image_id": 1, "category_id": 3, "bbox": [1, 2]}, "#
        + #"{"id": "b", "image_id": 8, "category_id": 3, "bbox": [1, 2, 3, 4]}, "#
        + #"{"id": 19, "image_id": 1, "category_id": "x", "bbox": [1, 2, 3, 4]}, "#
        + #"{"id": 20, "image_id": 1, "category_id": "3", "bbox": [1, 2, 3, 4]}, "#
        + #"{"id": 21, "image_id": 1, "bbox": [1, 2, 3, 4]}]}"#)
    #expect(
      dataset.report.badRows.map(\.reason) == [
        "annotation 17: the bbox has 2 numbers instead of 4",
        "annotation b: the image 8 is not among the images",
        "annotation 19: the category x is not among the categories",
      ])
    #expect(dataset.videos[0].tracks.map(\.id) == ["#20", "#21"])
  }

  @Test func `a file that lists no categories may name any`() throws {
    let dataset = try LabelText.read(
      #"{"images": [{"id": 1, "frame_id": 0}], "categories": [], "#
        + #""annotations": [{"id": 1, "image_id": 1, "category_id": 5, "bbox": [1, 2, 3, 4]}]}"#)
    #expect(dataset.report.badRowCount == 0)
    #expect(dataset.videos[0].tracks.map(\.className) == ["5"])
  }

  @Test func `a file cut anywhere is damaged, and the line is named`() throws {
    let bytes = Data(Self.good.utf8)
    #expect(LabelText.error(Self.good, as: COCO.self) == nil)
    for length in 1..<bytes.count {
      let file = try LabelText(bytes.prefix(length), name: "labels.json")
      defer { file.remove() }
      let error = #expect(throws: LabelError.self) {
        try COCO.read(path: file.path, options: ReadOptions())
      }
      #expect(error?.code == .damaged)
      #expect((error?.line ?? 0) >= 1 && (error?.line ?? 9) <= 6)
    }
  }

  @Test(arguments: [
    "1,1,0,0,9,9,1,-1,-1,-1\n", "<?xml version=\"1.0\"?><annotations/>", "{\"frames\": []}",
    "hello", "{\"annotations\": 3}", "\"text\"", "[[1, 2], 3]", "{\"annotations\": [{}, {}]}",
  ])
  func `what is no COCO is of the wrong format`(text: String) {
    #expect(LabelText.error(text, as: COCO.self)?.code == .wrongFormat)
  }

  @Test(arguments: [
    "{\"annotations\": [{]}", "{\"annotations\" []}", "{\"annotations\": [1,]}", "{1: 2}",
    "{\"a\": tru}", "{\"\\q\": 1}", "{\"\\u12\": 1}", "{\"a\": \u{1}}", "{\"a\": -}",
  ])
  func `broken grammar is damage`(text: String) {
    #expect(LabelText.error(text, as: COCO.self)?.code == .damaged)
  }

  @Test func `values nested without end are survived`() {
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(
      LabelText.error("{\"annotations\": [], \"x\": " + deep, as: COCO.self)?.code == .damaged)
    #expect(LabelText.error(deep, as: COCO.self)?.code == .damaged)
    let error = LabelText.error("{\"annotations\": [{\"segmentation\": \(deep)", as: COCO.self)
    #expect(error?.code == .damaged)
  }

  @Test func `an empty list of annotations is no error`() throws {
    let dataset = try LabelText.read(
      "{\"images\": [{\"id\": 1, \"frame_id\": 0}], \"annotations\": []}")
    #expect(dataset.format == "coco")
    #expect(dataset.videos.map(\.tracks.count) == [0])
  }
}
