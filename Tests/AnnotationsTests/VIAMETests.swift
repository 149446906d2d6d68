import Annotations
import Foundation
import Testing
import Timeline

/// Rows as DIVE's `export_tracks_as_csv` writes them.
struct VIAMETests {
  private static let header =
    "# 1: Detection or Track-id,2: Video or Image Identifier,3: Unique Frame Identifier,"
    + "4-7: Img-bbox(TL_x,TL_y,BR_x,BR_y),8: Detection or Length Confidence,"
    + "9: Target Length (0 or -1 if invalid),10-11+: Repeated Species,"
    + "Confidence Pairs or Attributes\r\n"
  private static let text =
    header
    + "# metadata,fps: 5,\"exported_by: \"\"dive:python\"\"\"\r\n"
    + "0,00:00:00.000000,0,10,20,40,60,0.9,-1,\"fish, big\",0.9,crab,0.1,(atr) state at rest,"
    + "(trk-atr) sex f,(kp) head 11 22,(poly) 10 20 40 20 40 60\r\n"
    + "0,00:00:00.200000,1,11.5,20,41,60,0.7,12.5,crab,0.7\r\n"
    + "3,a.png,2,1,2,3,4,0.25,-1\r\n"

  @Test func `corners, classes, notes and polygons`() throws {
    let dataset = try LabelText.read(Self.text)
    #expect(dataset.format == "viame" && dataset.report.badRowCount == 0)
    let video = dataset.videos[0]
    #expect(video.frameRate == 5 && video.imageNames == [2: "a.png"])
    #expect(video.tracks.map(\.id) == ["0", "3"])
    let track = video.tracks[0]
    #expect(track.className == "fish, big" && track.attributes == ["sex": "f"])
    #expect(track.instances.map(\.className) == [nil, "crab"])
    #expect(track.instances.map(\.confidence) == [0.9, 0.7])
    #expect(track.instances[0].attributes == ["state": "at rest", "kp:head": "11 22"])
    #expect(track.instances[1].attributes == ["length": "12.5"])
    #expect(
      track.instances[0].shape
        == .polygon(Polygon([Point(10, 20), Point(40, 20), Point(40, 60)])))
    #expect(
      track.instances[1].shape == .box(Box(left: 11.5, top: 20, width: 29.5, height: 40)))
    #expect(video.tracks[1].className == "" && video.tracks[1].instances[0].confidence == 0.25)
    #expect(
      dataset.report.notes == [
        "1 rows name several classes; the one of the highest score was kept"
      ])
  }

  @Test func `frames at 5 a second become those of a video of 30`() throws {
    let hint = VideoHint(name: "v.mp4", width: 64, height: 48, frameCount: 60, frameRate: 30)
    let video = try LabelText.read(Self.text, ReadOptions(videos: [hint])).videos[0]
    #expect(video.tracks[0].instances.map(\.frame) == [0, 6])
    #expect(video.annotated == .every(step: 6, in: FrameRange(0, 55)))
    #expect(video.frameRate == 30 && video.imageNames == [12: "a.png"])
  }

  @Test(arguments: [
    ("1,a,0,1,2,3", "there are only 6 columns; at least 9 are needed"),
    ("x,a,0,1,2,3,4,1,-1", "the id is not a whole number"),
    ("1,a,0.5,1,2,3,4,1,-1", "the frame number is not whole"),
    ("1,a,-1,1,2,3,4,1,-1", "the frame number is negative"),
    ("1,a,0,1,2,nan,4,1,-1", "the right edge is not a number"),
    ("1,a,0,1,2,3,4,1,-1,fish,much", "the score of the class fish is not a number"),
    (
      "1,a,0,1,2,3,4,1,-1,fish,1,(poly) 1 2 3",
      "the polygon is not made of at least three pairs of numbers"
    ),
  ])
  func `a bad row is counted with its line`(row: String, reason: String) throws {
    let dataset = try LabelText.read(Self.text + row + "\r\n", as: VIAME.self)
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 6, reason: reason)])
    #expect(dataset.videos[0].instanceCount == 3)
    #expect(
      LabelText.error(row, as: VIAME.self)?.reason
        == "no row can be used as VIAME CSV (\(reason)); name the right format")
  }

  @Test func `an open quote is said`() {
    #expect(LabelText.error(Self.header + "1,\"a", as: VIAME.self)?.code == .damaged)
  }
}
