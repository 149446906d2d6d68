import Annotations
import Foundation
import Testing
import Timeline

struct EncordTests {
  /// A row on a video of 200 times 100 pixels, with these entries by frame.
  private static func row(
    _ frames: String, answers: String = "", actions: String = "", classifications: String = "",
    size: String = #","width": 200, "height": 100"#
  ) -> String {
    #"""
    {"label_hash": "l", "data_hash": "d", "data_title": "clip.mp4", "data_type": "video",
     "data_units": {"d": {"data_hash": "d", "data_title": "clip.mp4", "data_type": "video/mp4",
      "data_sequence": 0, "labels": {\#(frames)}, "data_fps": 25.0, "data_duration": 0.4\#(size)}},
     "object_answers": {\#(answers)}, "object_actions": {\#(actions)},
     "classification_answers": {\#(classifications)}}
    """#
  }

  private static func frame(_ number: Int, _ objects: String, classes: String = "") -> String {
    #""\#(number)": {"objects": [\#(objects)], "classifications": [\#(classes)]}"#
  }

  private static func object(
    _ shape: String, hash: String = "aB+/cD12", more: String = #", "manualAnnotation": true"#
  ) -> String {
    #"{"objectHash": "\#(hash)", "featureHash": "F1", "name": "cat ", \#(shape)\#(more)}"#
  }

  private static let box = #""boundingBox": {"x": 0.25, "y": 0.5, "w": 0.1, "h": 0.2}"#

  // Counted by hand from the fractions; the client encord 0.1.211 agrees
  // (tools/conformance/checks/encord.py).
  private static let shapes: [(String, Shape)] = [
    (box, .box(Box(left: 50, top: 50, width: 20, height: 20))),
    (
      #""rotatableBoundingBox": {"x": 0.25, "y": 0.5, "w": 0.1, "h": 0.2, "theta": 180}"#,
      .rotatedBox(RotatedBox(center: Point(60, 60), width: 20, height: 20, angle: .pi))
    ),
    (
      #""polygon": {"2": {"x": 0.5, "y": 0.5}, "0": {"x": 0, "y": 0}, "1": {"x": 0.5, "y": 0}}"#,
      .polygon(Polygon([Point(0, 0), Point(100, 0), Point(100, 50)]))
    ),
    (
      #""polygon": [{"x": 0, "y": 0}, {"x": 0.5, "y": 0}, {"x": 0.5, "y": 0.5}]"#,
      .polygon(Polygon([Point(0, 0), Point(100, 0), Point(100, 50)]))
    ),
    (
      #""polygon": [{"x": 1, "y": 1}], "polygons": [[[0, 0, 0.5, 0, 0.5, 0.5], "#
        + "[0.25, 0.1, 0.4, 0.1, 0.4, 0.2]]]",
      .polygon(
        Polygon(parts: [
          Polygon.Part(
            outer: [Point(0, 0), Point(100, 0), Point(100, 50)],
            holes: [[Point(50, 10), Point(80, 10), Point(80, 20)]])
        ]))
    ),
    (
      #""polyline": [{"x": 0, "y": 0}, {"x": 0.5, "y": 1}]"#,
      .polyline([Point(0, 0), Point(100, 100)])
    ),
    (#""point": {"0": {"x": 0.5, "y": -0.1}}"#, .points([Point(100, -10)])),
    (
      #""skeleton": {"1": {"x": 0.5, "y": 0.5, "name": "b", "visibility": "selfOccluded"}, "#
        + #""0": {"x": 0.25, "y": 0.5, "name": "a"}, "#
        + #""2": {"x": 0, "y": 0, "name": "c", "invisible": true}}"#,
      .skeleton(
        Skeleton(joints: [
          Joint(name: "a", position: Point(50, 50), visibility: .visible),
          Joint(name: "b", position: Point(100, 50), visibility: .hidden),
          Joint(name: "c", position: Point(0, 0), visibility: .absent),
        ]))
    ),
    (
      #""cuboid_2d": {"front": [0, 0, 0.5, 0, 0.5, 0.5, 0, 0.5], "offset": {"x": 0.1, "y": -0.1}}"#,
      .cuboid(
        [(0, 0), (100, 0), (100, 50), (0, 50), (20, -10), (120, -10), (120, 40), (20, 40)]
          .map { Point($0.0, $0.1) })
    ),
    (
      #""circle": {"x": 0.5, "y": 0.5, "r": 0.1, "stretch": 0.5, "theta": 180}"#,
      .ellipse(Ellipse(center: Point(100, 50), radiusX: 20, radiusY: 10, angle: .pi))
    ),
  ]

  @Test(arguments: shapes)
  func `every shape is read`(text: String, expected: Shape) throws {
    let dataset = try LabelText.read(Self.row(Self.frame(3, Self.object(text))))
    #expect(dataset.format == "encord")
    #expect(dataset.report.badRowCount == 0)
    let track = try #require(dataset.videos[0].tracks.first)
    #expect(track.instances.map(\.frame) == [3])
    #expect(track.instances[0].shape == expected)
  }

  // Row 0 columns 1 to 3 and row 2 column 4 of a picture of 5 times 3, as encord 0.1.211 writes it.
  @Test func `a bit mask counts row by row`() throws {
    let mask = #""bitmask": {"top": 0, "left": 0, "width": 5, "height": 3, "rleString": "13:N"}"#
    let dataset = try LabelText.read(Self.row(Self.frame(0, Self.object(mask))))
    #expect(
      dataset.videos[0].tracks[0].instances[0].shape
        == .mask(try #require(Mask(left: 1, top: 0, width: 4, height: 3, runs: [0, 3, 8, 1]))))
  }

  @Test func `facts, makers and confidences are read`() throws {
    let dataset = try LabelText.read(
      Self.row(
        Self.frame(
          1, Self.object(Self.box, more: #", "manualAnnotation": false, "confidence": 0.5"#)) + ","
          + Self.frame(
            0, Self.object(Self.box, more: #", "manualAnnotation": true, "confidence": 1"#)) + ","
          + Self.frame(2, Self.object(Self.box, more: #", "confidence": 1"#)) + ","
          + Self.frame(3, Self.object(Self.box, more: #", "isDeleted": true"#))))
    let video = dataset.videos[0]
    #expect(video.name == "clip.mp4" && video.frameRate == 25)
    #expect([video.width, video.height, video.frameCount] == [200, 100, 10])
    #expect(video.quantum == 0.02)
    #expect(video.ontology.categories == [Ontology.Category(name: "cat ", sourceID: "F1")])
    let instances = video.tracks[0].instances
    #expect(video.tracks[0].id == "aB+/cD12")
    #expect(instances.map(\.frame) == [0, 1, 2])
    #expect(instances.map(\.origin) == [.human, .interpolated, .imported])
    #expect(instances.map(\.confidence) == [nil, 0.5, 1])
    #expect(dataset.report.notes == ["1 deleted object(s) were left out"])
  }

  @Test func `answers are attributes of the track or of its instances`() throws {
    func action(_ name: String, _ range: String, _ answers: String) -> String {
      #"{"name": "\#(name)", "range": \#(range), "answers": \#(answers), "dynamic": true}"#
    }
    let options = ["one", "two"].map { #"[{"name": "\#($0)", "value": "x"}]"# }
    let dataset = try LabelText.read(
      Self.row(
        (0..<4).map { Self.frame($0, Self.object(Self.box)) }.joined(separator: ","),
        answers: #""aB+/cD12": {"classifications": [{"name": "id", "answers": "Rex"}]}"#,
        actions: #""aB+/cD12": {"actions": ["#
          + [
            action("pose", "[[0, 1], [3, 3]]", #""up""#), action("kinds", "[[1, 1]]", options[0]),
            action("kinds", "[[1, 1]]", options[1]), action("age", "[[2, 2000]]", "3"),
          ].joined(separator: ",") + "]}"))
    let track = dataset.videos[0].tracks[0]
    #expect(track.attributes == ["id": "Rex"])
    #expect(
      track.instances.map(\.attributes) == [
        ["pose": "up"], ["pose": "up", "kinds": "one, two"], ["age": "3"],
        ["pose": "up", "age": "3"],
      ])
    #expect(
      dataset.videos[0].ontology.categories[0].mutableAttributes == ["pose", "kinds", "age"])
  }

  @Test func `classifications of frames and of ranges are labels of ranges`() throws {
    let entry = #"{"classificationHash": "h", "name": "weather", "manualAnnotation": true}"#
    let dataset = try LabelText.read(
      Self.row(
        [0, 1, 4].map { Self.frame($0, "", classes: entry) }.joined(separator: ","),
        classifications: #"""
          "h": {"classifications": [{"name": "weather", "answers": [{"name": "rain"}]}]},
          "g": {"classifications": [{"name": "place", "answers": "in"}], "range": [[2, 5]],
                "confidence": 0.5, "manualAnnotation": false},
          "w": {"classifications": [{"name": "all", "answers": "y"}], "range": [], "spaces": {}},
          "n": {"classifications": [{"name": "lost", "answers": "x"}]}
          """#))
    #expect(
      dataset.videos[0].ranges == [
        RangeLabel(range: FrameRange(0, 2), name: "weather", value: "rain", origin: .human),
        RangeLabel(range: FrameRange(4, 5), name: "weather", value: "rain", origin: .human),
        RangeLabel(
          range: FrameRange(2, 6), name: "place", value: "in", origin: .interpolated,
          confidence: 0.5),
        RangeLabel(range: FrameRange(0, 10), name: "all", value: "y"),
      ])
    #expect(dataset.report.notes == ["1 classification(s) that lie on no known frame were left out"])
  }

  @Test func `an image group is one video and a list of rows many`() throws {
    func unit(_ number: Int, _ objects: String) -> String {
      #""u\#(number)": {"data_title": "\#(number).png", "data_sequence": "\#(number)", "#
        + #""width": 200, "height": 100, "labels": {"objects": [\#(objects)]}}"#
    }
    let group =
      #"{"label_hash": "l", "data_title": "group", "data_type": "img_group", "data_units": {"#
      + [unit(1, Self.object(Self.box)), unit(0, ""), unit(2, Self.object(Self.box))]
      .joined(separator: ",") + "}}"
    let dataset = try LabelText.read("[" + group + "," + Self.row("") + "]")
    #expect(dataset.videos.map(\.name) == ["group", "clip.mp4"])
    #expect(dataset.videos[0].tracks[0].instances.map(\.frame) == [1, 2])
    #expect(dataset.videos[0].imageNames == [0: "0.png", 1: "1.png", 2: "2.png"])
    #expect(dataset.videos[0].frameCount == 3)
  }

  @Test func `the videos of a data group are spaces`() throws {
    let space =
      #"{"space_type": "video", "number_of_frames": 7, "width": 200, "height": 100, "#
      + #""child_info": {"file_name": "left.mp4"}, "labels": {"#
      + Self.frame(6, Self.object(Self.box)) + "}}"
    let dataset = try LabelText.read(
      #"{"label_hash": "l", "data_type": "group", "data_units": {"d": {"labels": {}}}, "#
        + #""object_actions": {"aB+/cD12": {"actions": [{"name": "a", "answers": "b", "#
        + #""range": [[6, 6]], "spaceId": "s"}]}}, "spaces": {"s": \#(space), "#
        + #""t": {"space_type": "audio"}}}"#)
    #expect(dataset.videos.map(\.name) == ["left.mp4"])
    #expect(dataset.videos[0].frameCount == 7)
    #expect(dataset.videos[0].tracks[0].instances.map(\.attributes) == [["a": "b"]])
    #expect(dataset.report.notes == ["1 piece(s) of sound, text or other media were left out"])
  }

  @Test func `fractions need the size of the picture`() throws {
    let text = Self.row(Self.frame(0, Self.object(Self.box)), size: "")
    #expect(
      LabelText.error(text, as: Encord.self)?.reason
        == "places are fractions of the picture, and the file does not state its size; name the "
        + "video clip.mp4 too")
    let options = ReadOptions(videos: [VideoHint(name: "q.mp4", width: 40, height: 20)])
    let dataset = try LabelText.read(text, options)
    #expect(
      dataset.videos[0].tracks[0].instances[0].shape
        == .box(Box(left: 10, top: 10, width: 4, height: 4)))
  }

  // MARK: Damage

  private static let flaws: [(String, String)] = [
    (
      #"{"objectHash": "x", "boundingBox": {"x": 1}}"#,
      "object x: the bounding box has no usable numbers"
    ),
    (
      #"{"objectHash": "x", "boundingBox": {"x": 1e9, "y": 0, "w": 0, "h": 0}}"#,
      "object x: the bounding box has no usable numbers"
    ),
    (
      #"{"objectHash": "x", "polygons": [[[0, 0, 1]]]}"#,
      "object x: the polygon has no usable numbers"
    ),
    (
      #"{"objectHash": "x", "bitmask": {"width": 5, "height": 3, "rleString": "1"}}"#,
      "object x: the runs of the bitmask do not fill its size"
    ),
    (
      #"{"objectHash": "x", "bitmask": {"width": 500000, "height": 300000, "rleString": "1"}}"#,
      "object x: the runs of the bitmask do not fill its size"
    ),
    (
      #"{"objectHash": "x", "shape": "audio"}"#,
      "object x: a shape audio has no place in a picture"
    ),
    (#"{"name": "x"}"#, "the object has no objectHash"), ("3", "the object has no objectHash"),
  ]

  @Test(arguments: flaws)
  func `a bad object is counted with its reason and costs no other`(
    object: String, reason: String
  ) throws {
    let dataset = try LabelText.read(
      Self.row(Self.frame(0, object + "," + Self.object(Self.box))), as: Encord.self)
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 3, reason: reason)])
    #expect(dataset.videos[0].instanceCount == 1)
  }

  @Test func `a bad frame number is a bad row`() throws {
    let dataset = try LabelText.read(
      Self.row(Self.frame(-1, "") + #","x": {}, "99999999999": {}"#), as: Encord.self)
    #expect(
      dataset.report.badRows.map(\.reason) == [
        "the frame -1 lies before the first frame", "the frame x is no whole number",
        "the frame 99999999999 is too large",
      ])
  }

  @Test(arguments: ["hello", "[]", "[3]", "{}", #"{"label_hash": 3}"#, "<a/>"])
  func `what is no label row is of the wrong format`(text: String) {
    #expect(LabelText.error(text, as: Encord.self)?.code == .wrongFormat)
  }

  @Test func `a file cut anywhere is damaged`() throws {
    let text = Self.row(Self.frame(0, Self.object(Self.box)))
    for length in stride(from: 1, to: text.utf8.count, by: 7) {
      let cut = String(decoding: text.utf8.prefix(length), as: UTF8.self)
      #expect(LabelText.error(cut, as: Encord.self)?.code == .damaged)
    }
  }
}

struct EncordWriterTests {
  private static func written(_ video: VideoAnnotations) throws -> (LossReport, Dataset) {
    let file = try LabelText("", name: "out.json")
    defer { file.remove() }
    let losses = try Encord.write(
      Dataset(format: "test", videos: [video]), to: file.path, options: WriteOptions())
    return (losses, try LabelFormats.read(path: file.path))
  }

  @Test func `a single place, a trapezoid of a block and makers come back or are counted`() throws {
    let front = [Point(10, 10), Point(40, 10), Point(40, 60), Point(10, 60)]
    // Half as large, with the vanishing point at (80, 20).
    let back = front.map { Point(80 + ($0.x - 80) / 2, 20 + ($0.y - 20) / 2) }
    let shapes: [Shape] = [
      .box(Box(left: 10, top: 20, width: 0, height: 0)), .cuboid(front + back),
    ]
    let origins: [Origin] = [.human, .interpolated, .tracked, .model, .imported]
    let tracks = shapes.enumerated().map { place, shape in
      Track(
        id: String(place), className: "a",
        instances: origins.enumerated().map {
          Instance(frame: $0.offset, shape: shape, origin: $0.element)
        })
    }
    let (losses, read) = try Self.written(
      VideoAnnotations(width: 200, height: 100, tracks: tracks))
    #expect(losses.counts == [.origin: 4])
    #expect(read.videos[0].tracks[0].instances[0].shape == .points([Point(10, 20)]))
    guard case .cuboid(let corners) = read.videos[0].tracks[1].instances[0].shape else {
      Issue.record("no block")
      return
    }
    for (corner, expected) in zip(corners, front + back) {
      #expect(abs(corner.x - expected.x) < 1e-6 && abs(corner.y - expected.y) < 1e-6)
    }
    #expect(
      read.videos[0].tracks[0].instances.map(\.origin)
        == [.human, .interpolated, .interpolated, .interpolated, .imported])
  }

  @Test func `a picture of unknown size cannot be written`() throws {
    let track = Track(
      id: "1",
      instances: [Instance(frame: 0, shape: .box(Box(left: 1, top: 1, width: 1, height: 1)))])
    let error = #expect(throws: LabelError.self) {
      try Self.written(VideoAnnotations(name: "a.mp4", tracks: [track]))
    }
    #expect(
      error?.reason
        == "Encord writes places as fractions, and nobody states the size of the picture of a.mp4; "
        + "name the video too")
  }
}
