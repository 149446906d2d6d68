import Annotations
import Foundation
import Testing
import Timeline

struct DETRACTests {
  private static let text = """
    <sequence name="MVI_1">
      <ignored_region><box left="1" top="2" width="3" height="4"/></ignored_region>
      <frame density="1" num="1"><target_list><target id="5">
        <box left="10.5" top="20" width="30" height="40"/>
        <attribute orientation="18.4" speed="6.8" truncation_ratio="0.1" vehicle_type="car"/>
        <occlusion><region_overlap occlusion_id="2" occlusion_status="1" left="1"/></occlusion>
      </target></target_list></frame>
      <frame density="1" num="2"><target_list><target id="5">
        <box left="11.5" top="20" width="30" height="40"/>
        <attribute vehicle_type="car"/></target></target_list></frame>
    </sequence>
    """

  @Test func `frames count from 1, and regions to ignore hold in all of them`() throws {
    let dataset = try LabelText.read(Self.text)
    #expect(dataset.format == "detrac")
    let tracks = dataset.videos[0].tracks
    #expect(dataset.videos[0].name == "MVI_1")
    #expect(tracks.map(\.id) == ["5", "ignored-1"])
    #expect(tracks[0].className == "car")
    #expect(tracks[0].instances.map(\.frame) == [0, 1])
    #expect(tracks[0].instances[0].visibility == .occluded)
    #expect(
      tracks[0].instances[0].attributes == [
        "orientation": "18.4", "speed": "6.8", "truncated": "0.1",
      ])
    #expect(tracks[1].isIgnored && tracks[1].instances.count == 2)
  }

  @Test func `pixels that count from 1 are moved on request only`() throws {
    let moved = try LabelText.read(Self.text, as: DETRAC.self, ReadOptions(pixelOrigin: 1))
    #expect(moved.videos[0].tracks[0].instances[0].shape.bounds?.left == 9.5)
  }

  @Test func `damage is counted or said`() throws {
    let dataset = try LabelText.read(
      Self.text.replacingOccurrences(of: "width=\"30\"", with: "width=\"?\""), as: DETRAC.self)
    #expect(
      dataset.report.badRows.map(\.reason) == [
        "the box is not made of four usable numbers", "the box is not made of four usable numbers",
      ])
    #expect(
      LabelText.error("<dataset/>", as: DETRAC.self)?.reason
        == "the root element is <dataset>, where UA-DETRAC has <sequence>")
    #expect(LabelText.error(String(Self.text.prefix(300)), as: DETRAC.self)?.code == .damaged)
  }
}
