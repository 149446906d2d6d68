import Annotations
import Foundation
import Testing
import Timeline

struct LabelStudioTests {
  /// A task with the given regions, on a picture of 200 times 100.
  private static func task(_ regions: String..., tail: String = "") -> String {
    #"""
    [{"id": 1, "data": {"video": "/data/upload/3/0a1b2c3d-clip%20a.mp4?x=1"},
      "annotations": [{"id": 9, "was_cancelled": false, "result": [
    """# + regions.joined(separator: ",\n") + "]}]" + tail + "}]"
  }

  private static func box(
    id: String = "a", frames: Int = 10, _ sequence: String, more: String = ""
  ) -> String {
    #"""
    {"id": "\#(id)", "type": "videorectangle", "from_name": "box", "to_name": "video",
     "original_width": 200, "original_height": 100, "origin": "manual"\#(more),
     "value": {"framesCount": \#(frames), "duration": 0.4, "labels": ["cat"], "sequence": [
    \#(sequence)]}}
    """#
  }

  private static func key(
    _ frame: Int, _ enabled: Bool, x: Double = 10, rotation: Double = 0, more: String = ""
  ) -> String {
    #"{"frame": \#(frame), "enabled": \#(enabled), "x": \#(x), "y": 20, "width": 5, "height": 10, "#
      + #""rotation": \#(rotation), "time": \#(Double(frame) / 25)\#(more)}"#
  }

  /// `#` a key frame, `x` filled in, `.` declared absent, a space nothing.
  private static func drawing(of track: Track, frames: Int) -> String {
    String(
      (0..<frames).map { frame -> Character in
        if let instance = track.instance(at: frame) {
          return instance.isKeyFrame == true ? "#" : "x"
        }
        return track.isDeclaredAbsent(at: frame) ? "." : " "
      })
  }

  // Counted by hand from `isInLifespan` of Label Studio's VideoRegion.js, and for the frames in
  // between equal to `extract_key_frames` of label-studio-sdk 2.1.2. A minus disables a key frame.
  private static let presence: [([Int], String)] = [
    ([1, 4], "#xx#xxxxxx"), ([1, -4], "#xx#......"), ([-3, 6], "  #..#xxxx"),
    ([-3, -6], "  #..#...."), ([10], "         #"), ([-4, 1], "#xx#......"),
  ]

  @Test(arguments: presence)
  func `an object is seen on a disabled key frame and hidden after it`(
    frames: [Int], expected: String
  ) throws {
    let sequence = frames.map { Self.key(abs($0), $0 > 0) }.joined(separator: ",")
    let dataset = try LabelText.read(Self.task(Self.box(sequence)))
    #expect(dataset.format == "label-studio")
    let track = try #require(dataset.videos[0].tracks.first)
    #expect(Self.drawing(of: track, frames: 10) == expected)
  }

  @Test func `facts of the video, the track and its key frames are read`() throws {
    let dataset = try LabelText.read(
      Self.task(
        Self.box(Self.key(1, true, more: #", "score": 0.5"#), more: #", "score": 0.9"#),
        #"{"id": "a", "type": "choices", "from_name": "pose", "#
          + #""value": {"choices": ["up", "left"]}}"#,
        #"{"id": "b", "type": "textarea", "from_name": "weather", "value": {"text": ["rain"]}}"#,
        #"{"id": "c", "type": "relation", "from_id": "a"}"#))
    let video = dataset.videos[0]
    #expect(video.name == "clip a.mp4")
    #expect([video.width, video.height, video.frameCount] == [200, 100, 10])
    #expect(video.frameRate == 25)
    #expect(video.base == 1)
    let track = video.tracks[0]
    #expect(track.id == "a" && track.className == "cat")
    #expect(track.attributes == ["pose": "up, left", "track_score": "0.9"])
    #expect(track.instances.count == 10)
    #expect(track.instances.map(\.origin) == [.human] + Array(repeating: .interpolated, count: 9))
    #expect(track.instances.allSatisfy { $0.confidence == 0.5 })
    #expect(track.instances[0].shape == .box(Box(left: 20, top: 20, width: 10, height: 10)))
    #expect(
      video.ranges == [
        RangeLabel(
          range: FrameRange(0, 10), name: "weather", value: "rain")
      ])
    #expect(dataset.report.notes.contains { $0.contains("1 region(s) of the type relation") })
    #expect(dataset.report.badRowCount == 0)
  }

  @Test func `boxes move linearly between key frames and keep frames marked automatic`() throws {
    let dataset = try LabelText.read(
      Self.task(
        Self.box(
          [
            Self.key(1, true, x: 10), Self.key(5, true, x: 30),
            Self.key(6, true, x: 31, more: #", "auto": true"#), Self.key(7, false, x: 32),
          ].joined(separator: ","))))
    let track = dataset.videos[0].tracks[0]
    #expect(track.instances.map { $0.shape.bounds?.left } == [20, 30, 40, 50, 60, 62, 64])
    #expect(track.instances[5].isKeyFrame == false)
    #expect(track.instances[5].origin == .interpolated)
  }

  // The corner stays where it is: turned by 90 degrees clockwise the box of 10 times 10 pixels at
  // (20, 20) lies to the left of its corner.
  @Test func `a rectangle turns about its corner`() throws {
    let dataset = try LabelText.read(Self.task(Self.box(Self.key(1, false, rotation: 90))))
    guard case .rotatedBox(let box) = dataset.videos[0].tracks[0].instances[0].shape else {
      Issue.record("no turned box")
      return
    }
    #expect(abs(box.center.x - 15) < 1e-9 && abs(box.center.y - 25) < 1e-9)
    #expect(abs(box.corners[0].x - 20) < 1e-9 && abs(box.corners[0].y - 20) < 1e-9)
    #expect(box.angle == .pi / 2)
  }

  @Test func `vertices move to the one of the same id`() throws {
    func line(_ frame: Int, _ vertices: String, closed: Bool = true) -> String {
      #"{"frame": \#(frame), "enabled": true, "closed": \#(closed), "vertices": [\#(vertices)]}"#
    }
    func vertex(_ id: String, _ x: Double, _ y: Double) -> String {
      #"{"id": "\#(id)", "x": \#(x), "y": \#(y)}"#
    }
    let first = [vertex("a", 0, 0), vertex("b", 10, 0), vertex("c", 10, 10)]
    let second = [vertex("c", 20, 20), vertex("a", 10, 0), vertex("d", 50, 50)]
    let dataset = try LabelText.read(
      Self.task(
        #"""
        {"id": "v", "type": "videovectorlabels", "original_width": 200, "original_height": 100,
         "value": {"framesCount": 3, "labels": ["dog"], "sequence": [
        """# + line(1, first.joined(separator: ",")) + ","
          + line(3, second.joined(separator: ",")) + "]}}"))
    let track = dataset.videos[0].tracks[0]
    #expect(
      track.instances[1].shape
        == .polygon(Polygon([Point(10, 0), Point(20, 0), Point(30, 15)])))
    #expect(track.instances[2].isKeyFrame == true)
  }

  @Test func `ranges count from one and hold both ends`() throws {
    let dataset = try LabelText.read(
      Self.task(
        #"""
        {"id": "t", "type": "timelinelabels", "from_name": "timeline", "score": 0.25,
         "origin": "prediction", "parentID": "a",
         "value": {"ranges": [{"start": 1, "end": 10}, {"start": 12, "end": 12}],
         "timelinelabels": ["Run"]}}
        """#,
        #"{"id": "t", "type": "textarea", "from_name": "value", "value": {"text": "fast"}}"#))
    #expect(
      dataset.videos[0].ranges
        == [FrameRange(0, 10), FrameRange(11, 12)].map {
          RangeLabel(
            range: $0, name: "Run", value: "fast", track: "a", origin: .model, confidence: 0.25)
        })
  }

  @Test func `of several annotations the newest that is not cancelled counts`() throws {
    func annotation(_ id: String, _ time: String, cancelled: Bool = false) -> String {
      #"{"was_cancelled": \#(cancelled), "updated_at": "2026-01-0\#(time)T00:00:00Z", "result": ["#
        + Self.box(id: id, Self.key(1, false)) + "]}"
    }
    let text =
      #"[{"annotations": [\#(annotation("old", "1")), \#(annotation("new", "3")), "#
      + #"\#(annotation("bad", "4", cancelled: true)), \#(annotation("mid", "2"))], "#
      + #""predictions": [\#(annotation("model", "9"))], "data": {"video": "a.mp4"}}]"#
    let labels = try LabelText.read(text)
    #expect(labels.videos[0].tracks.map(\.id) == ["new"])
    #expect(
      labels.report.notes == [
        "the newest annotation of a.mp4 was read; 3 other annotation(s) or prediction(s) were left"
          + " out", "1 cancelled annotation(s) of a.mp4 were left out",
      ])
    let predictions = try LabelText.read(text, ReadOptions(kind: .predictions))
    #expect(predictions.videos[0].tracks.map(\.id) == ["model"])
    #expect(predictions.videos[0].tracks[0].instances.map(\.origin) == [.model])
  }

  @Test func `a task that nobody annotated says nothing about its frames`() throws {
    let dataset = try LabelText.read(
      #"[{"data": {"video": "a.mp4"}, "annotations": [{"was_cancelled": true, "result": []}]}, "#
        + #"{"data": {"video": "b.mp4"}, "annotations": [{"was_cancelled": false, "result": []}]}]"#)
    #expect(dataset.videos.map(\.name) == ["a.mp4", "b.mp4"])
    #expect(dataset.videos.map(\.annotated) == [.only([]), .all])
  }

  @Test func `bare predictions, JSON-MIN and what a backend is sent are read`() throws {
    let bare = try LabelText.read(
      #"[{"model_version": "yolo", "result": [\#(Self.box(Self.key(1, false)))]}]"#)
    #expect(bare.videos[0].tracks[0].instances[0].origin == .model)
    let minimal = try LabelText.read(
      #"[{"id": 3, "video": "b.mp4", "width": 200, "height": 100, "box": [{"framesCount": 2, "#
        + #""duration": 0.08, "labels": ["cat"], "sequence": [\#(Self.key(2, true))]}], "#
        + #""kind": "day", "annotator": 1}]"#)
    #expect(minimal.dialect == "JSON-MIN")
    #expect(minimal.videos[0].name == "b.mp4")
    #expect(minimal.videos[0].tracks[0].instances.map(\.frame) == [1])
    let sent = try LabelText.read(
      #"{"annotation": {"result": [\#(Self.box(Self.key(1, false)))]}, "#
        + #""task": {"data": {"video": "c.mp4"}}}"#)
    #expect(sent.videos.map(\.name) == ["c.mp4"])
    #expect(sent.videos[0].instanceCount == 1)
  }

  @Test func `a frame count that is not the video's is noted, and nothing is shown beyond it`()
    throws
  {
    let options = ReadOptions(
      videos: [VideoHint(name: "x.mp4", width: 9, height: 9, frameCount: 8, frameRate: 20)])
    let dataset = try LabelText.read(Self.task(Self.box(Self.key(1, true))), options)
    #expect(dataset.videos[0].tracks[0].instances.count == 8)
    #expect(dataset.videos[0].frameCount == 10)
    #expect(
      dataset.report.notes == [
        "clip a.mp4 has 10 frames instead of 8 and 25 frames per second instead of 20 in the file: "
          + "Label Studio counts frames as the time multiplied by the frameRate of its labelling "
          + "configuration, and a wrong one shifts every label"
      ])
  }

  @Test func `percent need the size of the picture`() throws {
    let text = Self.task(Self.box(Self.key(1, false)))
      .replacingOccurrences(of: "original_", with: "o_")
    #expect(
      LabelText.error(text, as: LabelStudio.self)?.reason
        == "places are percent of the picture, and the file does not state its size; name the "
        + "video clip a.mp4 too")
    let options = ReadOptions(videos: [VideoHint(name: "q.mp4", width: 400, height: 200)])
    let dataset = try LabelText.read(text, options)
    #expect(
      dataset.videos[0].tracks[0].instances[0].shape
        == .box(Box(left: 40, top: 40, width: 20, height: 20)))
  }
}

struct LabelStudioDamageTests {
  @Test(arguments: [
    (
      #"{"frame": 0, "x": 1, "y": 1, "width": 1, "height": 1}"#,
      "the frame 0 lies before the first frame, which is 1"
    ),
    (#"{"frame": 1.5, "x": 1, "y": 1, "width": 1, "height": 1}"#, "the frame is no whole number"),
    (
      #"{"frame": 1e15, "x": 1, "y": 1, "width": 1, "height": 1}"#,
      "the frame 1000000000000000 is too large"
    ),
    (
      #"{"frame": 4, "x": 1, "y": 1, "width": 1}"#,
      "the key frame 4 has no usable box or vertices"
    ),
    (
      #"{"frame": 4, "x": NaN, "y": 1, "width": 1, "height": 1}"#,
      "the key frame 4 has no usable box or vertices"
    ),
    (
      #"{"frame": 4, "closed": true, "vertices": [{"x": 1, "y": 1}, {"x": 2, "y": 2}]}"#,
      "the key frame 4 has no usable box or vertices"
    ),
    (#"{"frame": 2, "x": 1, "y": 1, "width": 1, "height": 1}"#, "the key frame 2 is there twice"),
    ("[]", "the frame is no whole number"),
  ])
  func `a bad key frame is counted with its reason and costs no other`(
    item: String, reason: String
  ) throws {
    let dataset = try LabelText.read(
      #"""
      [{"data": {}, "annotations": [{"result": [
      {"id": "a", "type": "videorectangle", "original_width": 100, "original_height": 100,
       "value": {"sequence": [{"frame": 2, "x": 1, "y": 1, "width": 1, "height": 1}, \#(item)]}}
      ]}]}]
      """#)
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 2, reason: reason)])
    #expect(dataset.report.rowCount == 2)
    #expect(dataset.videos[0].instanceCount == 1)
  }

  @Test(arguments: [
    "hello", "[]", "[1, 2]", #"{"images": [], "annotations": 3}"#, #"[{"a": [{"b": 1}]}]"#,
    "<a/>",
  ])
  func `what is no Label Studio file is of the wrong format`(text: String) {
    #expect(LabelText.error(text, as: LabelStudio.self)?.code == .wrongFormat)
  }

  @Test func `a file cut anywhere is damaged`() throws {
    let text =
      #"[{"data": {"video": "a"}, "annotations": [{"result": [{"id": "t", "type": "#
      + #""timelinelabels", "value": {"ranges": [{"start": 1, "end": 2}], "#
      + #""timelinelabels": ["x"]}}]}]}]"#
    #expect(LabelText.error(text, as: LabelStudio.self) == nil)
    for length in stride(from: 1, to: text.utf8.count, by: 3) {
      let cut = String(decoding: text.utf8.prefix(length), as: UTF8.self)
      #expect(LabelText.error(cut, as: LabelStudio.self)?.code == .damaged)
    }
  }

  @Test func `a frame count of damage fills no memory`() throws {
    let dataset = try LabelText.read(
      #"""
      [{"data": {}, "annotations": [{"result": [
      {"id": "a", "type": "videorectangle", "original_width": 100, "original_height": 100,
       "value": {"framesCount": 9000000,
       "sequence": [{"frame": 2, "x": 1, "y": 1, "width": 1, "height": 1}]}}
      ]}]}]
      """#)
    #expect(dataset.videos[0].instanceCount == 1)
    #expect(dataset.report.notes.contains { $0.contains("too many to fill in") })
  }
}

struct LabelStudioWriterTests {
  private static func track(_ drawing: String, _ left: (Int) -> Double) -> Track {
    Track(
      id: "a", className: "cat",
      instances: drawing.enumerated().compactMap { frame, mark in
        mark == "." || mark == " "
          ? nil
          : Instance(
            frame: frame, shape: .box(Box(left: left(frame), top: 2, width: 10, height: 10)),
            isKeyFrame: mark == "?" ? nil : mark == "#",
            origin: mark == "x" ? .interpolated : .human)
      })
  }

  private static func written(_ track: Track, frames: Int = 10) throws -> (text: String, Dataset) {
    let dataset = Dataset(
      format: "test",
      videos: [
        VideoAnnotations(
          name: "a.mp4", width: 200, height: 100, frameCount: frames, frameRate: 25,
          tracks: [track])
      ])
    let file = try LabelText("", name: "out.json")
    defer { file.remove() }
    _ = try LabelStudio.write(dataset, to: file.path, options: WriteOptions())
    return (
      try String(contentsOfFile: file.path, encoding: .utf8),
      try LabelFormats.read(path: file.path)
    )
  }

  /// The frames of the items as the file counts them; a minus marks a disabled one.
  private static func items(_ text: String) -> [Int] {
    text.components(separatedBy: #"{"frame":"#).dropFirst().compactMap { part in
      Int(part.prefix { $0.isNumber }).map { part.contains(#""enabled":false"#) ? -$0 : $0 }
    }
  }

  // By Label Studio's rule a disabled key frame is the last one on which the object is seen.
  @Test(arguments: [
    ("??????????", [1, 10]), ("???..?????", [1, -3, 6, 10]), ("..?......?", [-3, 10]),
    ("#xx#xx#...", [1, 4, -7]), ("#xxxx#xxxx", [1, 6, 10]), ("xxx.......", [1, -3]),
  ])
  func `key frames are written where the straight way between them tells the rest`(
    drawing: String, expected: [Int]
  ) throws {
    let track = Self.track(drawing) { Double($0) * 3 }
    let (text, dataset) = try Self.written(track)
    #expect(Self.items(text) == expected)
    let read = dataset.videos[0].tracks[0].instances
    #expect(read.map(\.frame) == track.instances.map(\.frame))
    for (a, b) in zip(read, track.instances) {
      #expect(abs((a.shape.bounds?.left ?? 0) - (b.shape.bounds?.left ?? 1)) < 1e-9)
      if let isKeyFrame = b.isKeyFrame { #expect(a.isKeyFrame == isKeyFrame) }
    }
  }

  @Test func `a bend is a key frame, and what stays to the end is not written`() throws {
    let bend = try Self.written(Self.track("??????????") { Double(abs($0 - 4)) })
    #expect(Self.items(bend.text) == [1, 5, 10])
    let still = try Self.written(Self.track("#xx#xxxxxx") { Double(min($0, 3)) })
    #expect(Self.items(still.text) == [1, 4])
    #expect(still.1.videos[0].tracks[0].instances.map(\.isKeyFrame).count { $0 == true } == 2)
  }
}
