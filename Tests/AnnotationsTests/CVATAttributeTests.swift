import Annotations
import Testing

/// Attributes of tracks and of frames.
struct CVATAttributeTests {
  private let labels = """
    <label><name>car</name><attributes>
      <attribute><name>colour</name><mutable>False</mutable></attribute>
      <attribute><name>moving</name><mutable>True</mutable></attribute>
    </attributes></label>
    """

  private func track(_ values: [(colour: String, moving: String)]) -> String {
    let shapes = values.enumerated().map { frame, value in
      """
      <box frame="\(frame)" keyframe="1" outside="0" occluded="0" xtl="0" ytl="0" xbr="1" ybr="1">
        <attribute name="colour">\(value.colour)</attribute>
        <attribute name="moving">\(value.moving)</attribute>
        <attribute name="other">1</attribute></box>
      """
    }
    return "<track id=\"0\" label=\"car\">\(shapes.joined())</track>"
  }

  @Test func `Fixed attributes go to the track and changing ones stay with the frame`() throws {
    let text = CVATText.task(
      labels: labels,
      track([("red &amp; blue", "yes"), ("red &amp; blue", "yes"), ("red &amp; blue", "no")]))
    let data = try CVATText.read(text)
    let track = try #require(data.videos.first?.tracks.first)
    #expect(track.attributes == ["colour": "red & blue"])
    #expect(
      track.instances.map(\.attributes) == [
        ["moving": "yes", "other": "1"], ["moving": "yes", "other": "1"],
        ["moving": "no", "other": "1"],
      ])
    #expect(data.videos.first?.ontology.categories.first?.mutableAttributes == ["moving"])
    #expect(data.report.notes.isEmpty)
  }

  @Test func `A fixed attribute that changes is kept by frame and noted`() throws {
    let text = CVATText.task(labels: labels, track([("red", "no"), ("blue", "no")]))
    let data = try CVATText.read(text)
    let track = try #require(data.videos.first?.tracks.first)
    #expect(track.attributes == ["colour": "red"])
    #expect(track.instances.map { $0.attributes["colour"] } == [nil, "blue"])
    #expect(data.report.notes.contains { $0.contains("declared immutable") })
  }

  @Test func `A value in a CDATA section is read`() throws {
    let text = CVATText.task(labels: labels, track([("<![CDATA[a<b]]>", "no")]))
    #expect(try CVATText.read(text).videos.first?.tracks.first?.attributes["colour"] == "a<b")
  }
}
