import Annotations
import Testing
import Timeline

/// Values are counted by hand in the text of each file.
struct CVATVideoTests {
  @Test func `A task gives name, size, frames and quantum`() throws {
    let data = try CVATText.read(CVATText.task(CVATText.track("KXK")))
    let video = try #require(data.videos.first)
    #expect(data.format == "cvat")
    #expect(data.dialect == "CVAT for video 1.1, task")
    #expect(video.name == "clip.mp4")
    #expect(video.width == 640 && video.height == 480)
    #expect(video.frameCount == 10)
    #expect(video.annotated == .every(step: 1, in: FrameRange(0, 10)))
    #expect(video.quantum == 0.01)
    #expect(data.report.rowCount == 3)
    #expect(data.report.notes.isEmpty)
  }

  @Test func `The format is recognised by its content`() throws {
    let text = CVATText.task(CVATText.track("KX"))
    #expect(try CVATText.read(text, format: nil).format == "cvat")
    let commented = text.replacing("<annotations>", with: "<!-- <x> --><annotations>")
    #expect(try CVATText.read(commented, format: nil).format == "cvat")
  }

  @Test(arguments: [
    "1,2,3,4", "<annotation><folder/></annotation>", "{\"annotations\": \"<version>\"}",
    "<annotations></annotations>",
  ])
  func `Other content is not taken for CVAT`(text: String) {
    #expect((try? CVATText.read(text, format: nil))?.format != "cvat")
  }

  @Test func `Key frames are human and the frames between are interpolated`() throws {
    let data = try CVATText.read(CVATText.task(CVATText.track("KXK")))
    let instances = try #require(data.videos.first?.tracks.first).instances
    #expect(instances.map(\.origin) == [.human, .interpolated, .human])
    #expect(instances.map(\.isKeyFrame) == [true, false, true])
  }

  @Test(arguments: [
    ("source=\"manual\"", Origin.human), ("source=\"auto\"", .model),
    ("source=\"semi-auto\"", .tracked), ("source=\"file\"", .imported), ("", .human),
    ("source=\"consensus\"", .unknown),
  ])
  func `The source of a track is the origin of its key frames`(
    source: String, origin: Origin
  ) throws {
    let text = CVATText.task(CVATText.track("KX")).replacing("source=\"manual\"", with: source)
    let track = try #require(try CVATText.read(text).videos.first?.tracks.first)
    #expect(track.instances.map(\.origin) == [origin, .interpolated])
  }

  @Test func `A prediction without a source comes from a model`() throws {
    let text = CVATText.task(CVATText.track("K")).replacing(" source=\"manual\"", with: "")
    let data = try CVATText.read(text, options: ReadOptions(kind: .predictions))
    #expect(data.videos.first?.tracks.first?.instances.first?.origin == .model)
  }

  @Test(arguments: [
    ("KXXXKXXXX.", "PPPPPPPPP-??"), ("KXX...KXX.", "PPP---PPP-??"),
    ("KXXo..KXX.", "PPPAAAPPP-??"), ("KXXo......", "PPPAAAAAAAAA"),
    ("KoKo.K....", "PAPAAP----??"), ("..KXo.....", "--PPAAAAAAAA"),
    ("o..KX.....", "AAAPP-----??"), ("KXoo.oK...", "PPAAAAP---??"),
  ])
  func `A drawn track has these states on frames 0 to 11`(
    drawing: String, states: String
  ) throws {
    // A second track with an interpolated frame shows that all frames were written.
    let text = CVATText.task(CVATText.track(drawing) + CVATText.track(id: "1", "KX"))
    let video = try #require(try CVATText.read(text).videos.first)
    let track = try #require(video.tracks.first)
    #expect(CVATText.presence(track, in: video, frames: 0..<12) == states)
  }

  @Test func `An outside mark without a later shape leaves the absence open`() throws {
    let data = try CVATText.read(CVATText.task(CVATText.track("KXo")))
    #expect(data.videos.first?.tracks.first?.absences == [FrameRange(2, Int.max)])
  }

  @Test func `Shapes out of order give the same track`() throws {
    let box = { (frame: Int, out: Int) in
      "<box frame=\"\(frame)\" keyframe=\"0\" outside=\"\(out)\" occluded=\"0\" xtl=\"0\" "
        + "ytl=\"0\" xbr=\"1\" ybr=\"1\"/>"
    }
    let text = CVATText.task(
      "<track id=\"0\" label=\"a\">" + box(5, 0) + box(2, 1) + box(0, 0) + box(1, 0) + "</track>")
    let track = try #require(try CVATText.read(text).videos.first?.tracks.first)
    #expect(track.instances.map(\.frame) == [0, 1, 5])
    #expect(track.absences == [FrameRange(2, 5)])
  }

  @Test func `Frames between the steps were never annotated`() throws {
    let text = CVATText.task(
      start: 0, stop: 11, filter: "step=3", CVATText.track(step: 3, "KX.K"))
    let video = try #require(try CVATText.read(text).videos.first)
    let track = try #require(video.tracks.first)
    #expect(track.instances.map(\.frame) == [0, 3, 9])
    #expect(video.annotated == .every(step: 3, in: FrameRange(0, 12)))
    #expect(CVATText.presence(track, in: video, frames: 0..<12) == "P??P??-??P??")
    #expect(video.frameCount == nil)
  }

  @Test func `Frame numbers count from the video's start, not from the task's`() throws {
    let track = """
      <track id="0" label="car"><box frame="13" keyframe="1" outside="0" occluded="1"
        xtl="1" ytl="2" xbr="4" ybr="8"/></track>
      """
    let text = CVATText.task(start: 10, stop: 19, filter: "step=3", track)
    let video = try #require(try CVATText.read(text).videos.first)
    let instance = try #require(video.tracks.first?.instances.first)
    #expect(instance.frame == 13)
    #expect(instance.visibility == .occluded)
    #expect(video.annotated.contains(10) && video.annotated.contains(19))
    #expect(!video.annotated.contains(12) && !video.annotated.contains(9))
  }

  @Test func `A base moves labels and annotated frames`() throws {
    let text = CVATText.task(start: 1, stop: 9, CVATText.track(".KX"))
    let data = try CVATText.read(text, options: ReadOptions(base: 1))
    let video = try #require(data.videos.first)
    #expect(video.tracks.first?.instances.map(\.frame) == [0, 1])
    #expect(video.annotated == .every(step: 1, in: FrameRange(0, 9)))
  }

  @Test func `A shape before the base is a bad row`() throws {
    let data = try CVATText.read(
      CVATText.task(CVATText.track("KX")), options: ReadOptions(base: 1))
    #expect(data.videos.first?.tracks.first?.instances.map(\.frame) == [0])
    #expect(data.report.badRowCount == 1)
  }

  @Test func `Instances carry the line of their element`() throws {
    let text = CVATText.task(
      """
      <track id="0" label="car">
        <box frame="0" keyframe="1" outside="0" occluded="0" xtl="1" ytl="2" xbr="4" ybr="8">
        </box>
        <box frame="1" keyframe="0" outside="0" occluded="0" xtl="1" ytl="2" xbr="4" ybr="8">
        </box>
      </track>
      """)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let first = try #require(lines.firstIndex { $0.contains("<box") }) + 1
    let track = try #require(try CVATText.read(text).videos.first?.tracks.first)
    #expect(track.instances.map { Int($0.line) } == [first, first + 2])
  }

  @Test func `Ids are kept as spelled and made unique where they collide`() throws {
    let tracks = ["7", "a b", "7", "7"].map { CVATText.track(id: $0, "KX") }.joined()
    let data = try CVATText.read(CVATText.task(tracks))
    #expect(data.videos.first?.tracks.map(\.id) == ["7", "a b", "7#2", "7#3"])
    #expect(data.report.notes.contains { $0.hasPrefix("2 track id(s)") })
  }

  @Test func `Unknown elements are counted and cost nothing`() throws {
    let text = CVATText.task(
      "<thing/>" + CVATText.track("KX").replacing("</track>", with: "<speed/></track>"))
    let data = try CVATText.read(text)
    #expect(data.videos.first?.instanceCount == 2)
    #expect(data.report.notes.count == 2)
    #expect(data.report.badRowCount == 0)
  }

  @Test func `Shapes outside the stated frames are kept and noted`() throws {
    let data = try CVATText.read(CVATText.task(stop: 2, CVATText.track("KXXX")))
    #expect(data.videos.first?.instanceCount == 4)
    #expect(data.report.notes.contains { $0.hasPrefix("1 shape(s) lie on frames") })
  }

  @Test func `Older files name the source beside the task`() throws {
    let text = CVATText.task(CVATText.track("K"))
      .replacing("<source>clip.mp4</source>", with: "")
      .replacing("</meta>", with: "<source>old.avi</source></meta>")
    #expect(try CVATText.read(text).videos.first?.name == "old.avi")
  }

  @Test func `A job is read and the size beside it is found`() throws {
    let text = """
      <annotations><version>1.1</version><meta><job><id>3</id><size>5</size>
      <start_frame>20</start_frame><stop_frame>24</stop_frame><frame_filter></frame_filter>
      </job><original_size><width>32</width><height>16</height></original_size></meta>
      <track id="0" label="car" source="manual"><box frame="21" keyframe="1" outside="0"
       occluded="0" xtl="0" ytl="0" xbr="1" ybr="1"/></track></annotations>
      """
    let data = try CVATText.read(text)
    let video = try #require(data.videos.first)
    #expect(data.dialect == "CVAT for video 1.1, job")
    #expect(video.name == nil && video.width == 32 && video.height == 16)
    #expect(video.annotated == .every(step: 1, in: FrameRange(20, 25)))
    #expect(video.frameCount == nil)
  }

  @Test func `A file without meta data is read as one video`() throws {
    let video = try #require(
      try CVATText.read("<annotations>\(CVATText.track("KX"))</annotations>").videos.first)
    #expect(video.width == nil && video.annotated == .all && video.instanceCount == 2)
  }
}
