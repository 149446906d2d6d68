import Annotations
import Foundation
import Testing
import Timeline

struct CVMLTests {
  private static let text = """
    <?xml version="1.0" encoding="utf-8"?>
    <dataset name="walk">
      <frame number="2"><objectlist>
        <object id="9">
          <orientation>90</orientation>
          <box h="75.17" w="31.03" xc="514.7109" yc="195.2731"/>
          <appearance>visible</appearance>
          <hypothesislist>
            <hypothesis id="1" prev="1.0" evaluation="1.0">
              <movement evaluation="1.0">walking</movement><role evaluation="1.0">walker</role>
            </hypothesis>
            <hypothesis id="2"><movement>running</movement></hypothesis>
          </hypothesislist>
        </object>
      </objectlist><grouplist><group id="0"/></grouplist></frame>
      <frame number="4"><objectlist/></frame>
      <frame number="6"><objectlist><object id="9"><box h="4" w="3" xc="1.5" yc="2"/></object>
      </objectlist></frame>
    </dataset>
    """

  @Test func `centres become corners, and listed frames are the annotated ones`() throws {
    let dataset = try LabelText.read(Self.text)
    #expect(dataset.format == "cvml")
    let video = dataset.videos[0]
    #expect(video.name == "walk")
    #expect(video.annotated == .every(step: 2, in: FrameRange(2, 7)))
    let track = try #require(video.tracks.first)
    #expect(track.id == "9")
    #expect(track.instances.map(\.frame) == [2, 6])
    // 514.7109 - 31.03 / 2 and 195.2731 - 75.17 / 2 by hand.
    #expect(
      track.instances[0].shape
        == .box(Box(left: 499.1959, top: 157.6881, width: 31.03, height: 75.17)))
    #expect(
      track.instances[0].attributes == [
        "orientation": "90", "appearance": "visible", "movement": "walking", "role": "walker",
      ])
    #expect(dataset.report.notes == ["1 groups of objects were left out"])
  }

  @Test(arguments: [
    ("<box h=\"x\" w=\"3\" xc=\"1\" yc=\"2\"/>", "the height of the box is not a number"),
    ("<box h=\"1\" w=\"3\" xc=\"1\"/>", "the centre of the box is not a number"),
    ("<box h=\"1\" w=\"1e99\" xc=\"1\" yc=\"2\"/>", "the width of the box is too large"),
    ("", "the object has no box"),
  ])
  func `a bad object costs nothing else`(box: String, reason: String) throws {
    let dataset = try LabelText.read(
      """
      <dataset><frame number="0"><objectlist><object id="1">\(box)</object>
      <object id="2"><box h="4" w="3" xc="1.5" yc="2"/></object></objectlist></frame></dataset>
      """, as: CVML.self)
    #expect(dataset.report.badRows.map(\.reason) == [reason])
    #expect(dataset.videos[0].tracks.map(\.id) == ["2"])
  }

  @Test func `other XML and broken XML are refused`() {
    #expect(
      LabelText.error("<annotations/>", as: CVML.self)?.reason
        == "the root element is <annotations>, where CVML has <dataset>")
    #expect(
      LabelText.error("<dataset><frame number=\"0\">", as: CVML.self)?.code == .damaged)
    #expect(
      LabelText.error("<!DOCTYPE d [<!ENTITY a \"b\">]><dataset/>", as: CVML.self) != nil)
  }

  @Test(
    .enabled(if: RealData.exists, "the folder of real data is missing; see CONTINUITY_DATA"))
  func `the real file equals its MOT twin, which was made by arithmetic alone`() throws {
    let labels = try LabelFormats.read(path: RealData.path("pets09-s2l1/PETS2009-S2L1.xml"))
    let twin = try LabelFormats.read(path: RealData.path("pets09-s2l1/derived/gt.mot.txt"))
    #expect(labels.format == "cvml")
    #expect(labels.report.badRowCount == 0)
    #expect(labels.videos[0].extent == FrameRange(0, 795))
    #expect(labels.videos[0].instanceCount == 4_650)
    let others = Dictionary(uniqueKeysWithValues: twin.videos[0].tracks.map { ($0.id, $0) })
    #expect(labels.videos[0].tracks.count == 19 && others.count == 19)
    var worst = 0.0
    for track in labels.videos[0].tracks {
      let other = try #require(others[track.id])
      #expect(track.instances.map(\.frame) == other.instances.map(\.frame))
      for (one, two) in zip(track.instances, other.instances) {
        let (a, b) = (try #require(one.shape.bounds), try #require(two.shape.bounds))
        let edges = [
          a.left - b.left, a.top - b.top, a.width - b.width, a.height - b.height,
        ]
        worst = max(worst, edges.map(abs).max() ?? 0)
      }
    }
    // The twin has three decimals.
    #expect(worst <= 0.000_500_001)
  }

  @Test(
    .enabled(if: RealData.exists, "the folder of real data is missing; see CONTINUITY_DATA"))
  func `the second real file has the counts of its SOURCE.md`() throws {
    let video = try LabelFormats.read(
      path: RealData.path("pets09-s2l1/PETS2009-S2L1-cropped.xml")
    ).videos[0]
    #expect(video.tracks.count == 23 && video.instanceCount == 3_955)
  }
}
