import Annotations
import Testing
import Timeline

/// Projects of several tasks, and files for images.
struct CVATProjectTests {
  private func project(secondTrackFrame: Int) -> String {
    let tasks = [("11", "a.mp4", 2, 9, ""), ("12", "b.mp4", 0, 4, "step=2")].map {
      id, source, start, stop, filter in
      """
      <task><id>\(id)</id><name>t\(id)</name><size>\(id == "11" ? 8 : 3)</size>
      <subset>train</subset><start_frame>\(start)</start_frame><stop_frame>\(stop)</stop_frame>
      <frame_filter>\(filter)</frame_filter><source>\(source)</source></task>
      """
    }
    let tracks = [("0", "11", 3), ("1", "12", secondTrackFrame)].map { id, task, frame in
      """
      <track id="\(id)" label="car" source="manual" task_id="\(task)" subset="train">
      <box frame="\(frame)" keyframe="1" outside="0" occluded="0" xtl="0" ytl="0" xbr="1"
       ybr="1"/></track>
      """
    }
    return "<annotations><meta><project><id>1</id><tasks>\(tasks.joined())</tasks>"
      + "<labels><label><name>car</name></label></labels></project></meta>"
      + tracks.joined() + "</annotations>"
  }

  @Test func `Each task of a project is a video with its own frame numbers`() throws {
    // Task 11 covers 2 + 1 * 8 = 10 numbers, so number 12 is frame 2 of task 12.
    let data = try CVATText.read(project(secondTrackFrame: 12))
    #expect(data.videos.map(\.name) == ["a.mp4", "b.mp4"])
    #expect(data.videos.map { $0.tracks.map(\.id) } == [["0"], ["1"]])
    #expect(data.videos.map { $0.tracks.first?.instances.first?.frame } == [3, 2])
    #expect(data.videos.last?.annotated == .every(step: 2, in: FrameRange(0, 5)))
    #expect(data.videos.map { $0.ontology.categories.map(\.name) } == [["car"], ["car"]])
    #expect(data.report.notes.isEmpty)
  }

  @Test func `A task that counts from its own start is taken as it is, with a note`() throws {
    let data = try CVATText.read(project(secondTrackFrame: 4))
    #expect(data.videos.last?.tracks.first?.instances.first?.frame == 4)
    #expect(data.report.notes.contains { $0.contains("task 12") })
  }

  @Test func `Tracks of a task that the file does not describe stand apart`() throws {
    let text = project(secondTrackFrame: 12).replacing("task_id=\"12\"", with: "task_id=\"99\"")
    let data = try CVATText.read(text)
    #expect(data.videos.map { $0.tracks.count } == [1, 0, 1])
    #expect(data.report.notes.contains { $0.contains("does not describe") })
  }

  @Test func `All images count where the file describes one task and names others`() throws {
    let images = (0..<6).map { #"<image id="\#($0)" task_id="\#(10 + $0)"/>"# }
    let data = try CVATText.read(
      "<annotations><meta><task><id>1</id></task></meta>\(images.joined())</annotations>")
    #expect(data.videos.map(\.annotated) == [.only([0, 1, 2, 3, 4, 5])])
  }

  @Test(arguments: [Int.min, Int.max])
  func `A first frame beyond all bounds costs the labels, not the program`(base: Int) throws {
    let data = try CVATText.read(
      project(secondTrackFrame: 12), options: ReadOptions(base: base))
    #expect(data.videos.count == 2)
  }

  private let images = """
    <annotations><version>1.1</version><meta><task><id>1</id><size>3</size></task></meta>
    <image id="0" name="frame_000000" width="64" height="48">
      <box label="car" source="manual" occluded="0" xtl="1" ytl="2" xbr="4" ybr="8"/>
      <box label="car" source="auto" occluded="1" xtl="5" ytl="2" xbr="9" ybr="8">
        <attribute name="track_id">7</attribute></box>
      <tag label="night" source="manual"></tag>
    </image>
    <image id="2" name="frame_000002" width="64" height="48">
      <box label="car" source="auto" occluded="0" xtl="6" ytl="2" xbr="10" ybr="8">
        <attribute name="track_id">7</attribute></box>
      <skeleton label="man" source="manual">
        <points label="head" source="manual" outside="0" occluded="0" points="3,4"/>
      </skeleton>
    </image></annotations>
    """

  @Test func `Files for images are read with the image id as frame`() throws {
    let data = try CVATText.read(images)
    let video = try #require(data.videos.first)
    #expect(data.dialect == "CVAT for images 1.1, task")
    #expect(video.tracks.map(\.id) == ["0/1", "7", "2/2"])
    #expect(video.tracks.map(\.isTracked) == [false, true, false])
    #expect(video.tracks.map { $0.instances.map(\.frame) } == [[0], [0, 2], [2]])
    #expect(
      video.tracks.map { $0.instances.map(\.origin) } == [[.human], [.model, .model], [.human]])
    #expect(video.annotated == .only([0, 2]))
    #expect(video.width == 64 && video.height == 48)
    #expect(
      video.ranges == [RangeLabel(range: FrameRange(0, 1), name: "night", origin: .human)])
    #expect(data.report.notes.contains { $0.contains("no identity over time") })
  }
}
