import Annotations
import Testing
import Timeline

/// Skeletons in both nestings.
struct CVATSkeletonTests {
  private let labels = """
    <label><name>man</name><type>skeleton</type><attributes></attributes>
    <svg>&lt;line data-type="edge" data-node-from="2" data-node-to="1"&gt;&lt;/line&gt;\
    &lt;circle data-node-id="1" data-label-name="head"&gt;&lt;/circle&gt;\
    &lt;circle data-node-id="2" data-label-name="foot"&gt;&lt;/circle&gt;</svg></label>
    <label><name>head</name><type>points</type><parent>man</parent></label>
    <label><name>foot</name><type>points</type><parent>man</parent></label>
    <label><name>hand</name><type>points</type><parent>man</parent></label>
    """

  private func joint(_ label: String, _ x: Int, outside: Int = 0, occluded: Int = 0) -> String {
    "<points label=\"\(label)\" keyframe=\"1\" outside=\"\(outside)\" occluded=\"\(occluded)\" "
      + "points=\"\(x).00,1.00\"></points>"
  }

  private func skeleton(_ frame: Int, key: Int = 1, _ joints: String...) -> String {
    "<skeleton frame=\"\(frame)\" keyframe=\"\(key)\" z_order=\"0\">\(joints.joined())</skeleton>"
  }

  private func track(_ elements: String..., labels: String? = nil) throws -> Track {
    let text = CVATText.task(
      labels: labels ?? self.labels,
      "<track id=\"3\" label=\"man\" source=\"manual\">\(elements.joined())</track>")
    let data = try CVATText.read(text)
    #expect(data.report.badRowCount == 0)
    #expect(data.videos.first?.tracks.map(\.id) == ["3"])
    return try #require(data.videos.first?.tracks.first)
  }

  private func joints(_ instance: Instance?) -> [Joint] {
    guard case .skeleton(let skeleton)? = instance?.shape else { return [] }
    return skeleton.joints
  }

  @Test func `A skeleton has its joints in the order of the class`() throws {
    let track = try track(skeleton(0, joint("foot", 5, occluded: 1), joint("head", 3)))
    #expect(
      joints(track.instances.first) == [
        Joint(name: "head", position: Point(3, 1), visibility: .visible),
        Joint(name: "foot", position: Point(5, 1), visibility: .hidden),
        Joint(name: "hand", position: Point(0, 0), visibility: .absent),
      ])
    #expect(track.instances.first?.visibility == .visible)
    #expect(track.instances.first?.isKeyFrame == true)
  }

  @Test func `Bones are read from the drawing of the class`() throws {
    let data = try CVATText.read(CVATText.task(labels: labels, ""))
    let categories = try #require(data.videos.first?.ontology.categories)
    #expect(categories.map(\.name) == ["man"])
    #expect(categories.first?.joints == ["head", "foot", "hand"])
    #expect(categories.first?.edges == [Ontology.Edge(1, 0)])
  }

  @Test func `A skeleton with all joints outside is absent`() throws {
    let track = try track(
      skeleton(0, joint("head", 1), joint("foot", 2, outside: 1)),
      skeleton(1, joint("head", 1, outside: 1), joint("foot", 2, outside: 1)))
    #expect(track.instances.map(\.frame) == [0])
    #expect(track.absences == [FrameRange(1, Int.max)])
  }

  @Test func `A skeleton of hidden joints is occluded`() throws {
    let track = try track(skeleton(0, joint("head", 1, occluded: 1)))
    #expect(track.instances.map(\.visibility) == [.occluded])
  }

  @Test func `Joints written as tracks of their own join their skeleton`() throws {
    func flags(_ frame: Int, key: Int = 1, out: Int = 0) -> String {
      "frame=\"\(frame)\" keyframe=\"\(key)\" outside=\"\(out)\" occluded=\"0\" z_order=\"0\""
    }
    let track = try track(
      """
      <skeleton \(flags(0)) points="1.00,1.00;2.00,1.00"></skeleton>
      <skeleton \(flags(1, key: 0)) points="1.00,1.00;2.00,1.00"></skeleton>
      <track id="0" label="head" source="manual">
        <points \(flags(0)) points="1.00,1.00"></points>
        <points \(flags(1, key: 0)) points="1.00,1.00"></points>
      </track>
      <track id="1" label="foot" source="manual">
        <points \(flags(0)) points="2.00,1.00"></points>
        <points \(flags(1, out: 1)) points="2.00,1.00"></points>
      </track>
      """)
    #expect(
      track.instances.map { joints($0).map(\.visibility) } == [
        [.visible, .visible, .absent], [.visible, .absent, .absent],
      ])
    #expect(track.instances.map(\.isKeyFrame) == [true, false])
    #expect(track.instances.map(\.origin) == [.human, .interpolated])
  }

  @Test func `Joints that the class does not name are added to it`() throws {
    let track = try track(
      skeleton(0, joint("a", 1)), skeleton(1, key: 0, joint("a", 1), joint("b", 2)), labels: "")
    #expect(track.instances.map { joints($0).map(\.name) } == [["a", "b"], ["a", "b"]])
  }
}
