import Annotations
import Foundation
import Testing

struct LabelFormatTests {
  private func matches(_ text: String) -> [String] {
    let head = Data(text.utf8)
    return [
      MOT.matches(head: head, path: "x") ? "mot" : nil,
      COCO.matches(head: head, path: "x") || COCOResults.matches(head: head, path: "x")
        ? "coco" : nil,
    ]
    .compactMap { $0 }
  }

  @Test(arguments: [
    "1,-1,340.829,79.4999,87.662,244.25,0.998128,-1,-1,-1\n", "1 2 3 4 5 6\n2 2 3 4 5 6\n",
    "1\t2\t3\t4\t5\t6\t0.5", "frame;id;x;y;w;h\r\n0;car;3;4;5;6\r\n", "\n\n1,2,3,4,5,6",
    // Some rows are damaged.
    "1,1,5,5,9,9,1\n2,1,5,abc,9,9,1\n3,1,5,5,9,9,1\n", "1,1,5,5,9,9\n2,1,nan,5,9,9\n",
    "1 1 5 5 9 9\n2 1 5\n3 1 5 5 9 9\n", "1,1,5,5,9,9\nthe end\n2,1,5,5,9,9\n",
    "frame,id,x,y,w,h\n1,1,5,,9,9\n2,1,5,5,9,9\n",
  ])
  func `MOT is recognised`(text: String) { #expect(matches(text) == ["mot"]) }

  @Test(arguments: [
    "{\"images\": [], \"annotations\": [], \"categories\": []}",
    "\u{FEFF}{\"info\": {}, \"images\" : [{\"id\": 1, \"file_name\": \"a.jpg\"",
    " [ {\"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 3, 4], \"score\": 1}",
  ])
  func `COCO is recognised`(text: String) { #expect(matches(text) == ["coco"]) }

  @Test(arguments: [
    "<annotations>\n<track id=\"1\"/>", "hello world, this is text\nwith 1 2 3 4 5 6 numbers\n",
    // KITTI tracking, YOLO with a score, Cell Tracking Challenge, Scalabel, DeepLabCut.
    "0 0 Car 0 0 -1.57 10.0 20.0 30.0 40.0 1.5 1.6 3.9 1.0 2.0 3.0 0.1\n",
    "0 0.5 0.5 0.1 0.2 0.9\n1 0.25 0.5 0.1 0.2 0.8\n", "1 0 10 0\n2 0 10 0\n",
    "[{\"name\": \"a\", \"labels\": [], \"frameIndex\": 0}]",
    "scorer,m,m,m\nbodyparts,a,a,a\ncoords,x,y,likelihood\n0,1.25,2.5,0.9,3.5,4.5,0.8\n",
    // Rows inside other text, and numbers that are seldom rows.
    "[\n1, 2, 3, 4, 5, 6,\n7, 8, 9, 10, 11, 12\n]\n", "{\"a\": [\n1, 2, 3, 4, 5, 6\n]}\n",
    "<points>\n1,2,3,4,5,6\n1,2,3,4,5,6\n1,2,3,4,5,6\n</points>\n",
    "some\ntext\n1,2,3,4,5,6\nand\n1,2,3,4,5,6\n",
    "0,10,2.5,0.9,3.5,4.5\n1,11.5,2.5,0.9,3.5,4.5\n2,12.25,2.5,0.9,3.5,4.5\n",
    "", "\n\n", "1,2,3\n", "{}", "[]", "\0\0\0\0",
  ])
  func `other text is neither`(text: String) { #expect(matches(text) == []) }

  @Test func `formats swapped give one sentence with what to do`() {
    let error = LabelText.error("<annotations><track id=\"0\">", as: MOT.self)
    #expect(
      error?.reason
        == "no row can be used as MOT (the frame number is not a number); name the right format")
    #expect(error?.line == 1)
    #expect(
      LabelText.error("1,1,0,0,9,9\n", as: COCO.self)?.reason
        == "this is no JSON as COCO is; name the right format")
  }

  /// A small fixed generator, so that a failure can be repeated.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 33
    }
  }

  private static let texts: [(any LabelFormat.Type, String)] = [
    (MOT.self, "1,-1,340.829,79.4999,87.662,244.25,0.998128,-1,-1,-1\n2,7,1e2,2,3,4,1,1,0.5\n"),
    (
      COCO.self,
      #"{"videos": [{"id": 1, "name": "a"}], "images": [{"id": 1, "frame_id": 0, "video_id": 1},"#
        + #"{"id": 2, "file_name": "a/b_12.jpg"}], "categories": [{"id": 1, "name": "x\u00e9", "#
        + #""keypoints": ["a", "b"], "skeleton": [[1, 2]]}], "annotations": [{"id": 1, "#
        + #""image_id": 1, "category_id": 1, "track_id": 3, "bbox": [1, 2, 3.5, 4e1]}, {"id": 2, "#
        + #""image_id": 2, "segmentation": {"size": [3, 5], "counts": "31200020"}}, {"image_id": 1,"#
        + #""segmentation": {"size": [3, 5], "counts": [3, 1, 2, 1, 2, 1, 4, 1]}}, {"image_id": 1,"#
        + #""segmentation": [[1, 2, 3, 4, 5, 6]], "keypoints": [1, 2, 2, 3, 4, 0], "score": 0.5}]}"#
    ),
  ]

  @Test(arguments: 0..<8)
  func `flipped, lost, doubled and swapped bytes end in labels or in an error`(seed: Int) throws {
    var dice = Dice(state: UInt64(seed))
    for (format, text) in Self.texts {
      for _ in 0..<100 {
        var bytes = Data(text.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &dice) {
          let place = Int.random(in: 0..<bytes.count, using: &dice)
          switch Int.random(in: 0..<4, using: &dice) {
          case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
          case 1: bytes.remove(at: place)
          case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &dice)], at: place)
          default: bytes[place] = UInt8.random(in: 0...255, using: &dice)
          }
        }
        let file = try LabelText(bytes)
        defer { file.remove() }
        _ = MOT.matches(head: bytes, path: file.path)
        do throws(LabelError) {
          let dataset = try format.read(path: file.path, options: ReadOptions())
          for track in dataset.videos.flatMap(\.tracks) {
            #expect(track.instances.allSatisfy { (0...10_000_000).contains($0.frame) })
          }
        } catch {
          #expect(!error.reason.isEmpty)
        }
      }
    }
  }
}
