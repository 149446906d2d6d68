import Foundation
import Testing
import Timeline

@testable import Annotations

/// The lines are written by hand after the JSON Schema; `tools/conformance` checks that schema
/// itself against the Python package jsonschema.
@Suite struct ContinuityLinesTests {
  private static let header = #"{"type":"header","format":"continuity","version":1}"#

  private func read(_ lines: String...) throws -> Dataset {
    try LabelText.read(
      ([Self.header] + lines).joined(separator: "\n") + "\n", as: ContinuityLines.self)
  }

  private func written(_ dataset: Dataset) throws -> (text: String, losses: LossReport) {
    let file = try LabelText("", name: "out.jsonl")
    defer { file.remove() }
    let losses = try LabelFormats.write(dataset, as: ContinuityLines.self, to: file.path)
    return (try String(contentsOfFile: file.path, encoding: .utf8), losses)
  }

  private func instance(_ shape: String, _ more: String = "") -> String {
    #"{"type":"instance","track":"1","frame":3,"shape":\#(shape)\#(more)}"#
  }

  private func shape(_ text: String) throws -> Shape? {
    try read(instance(text)).videos.first?.tracks.first?.instances.first?.shape
  }

  // MARK: Reading

  @Test func `A video is read with all its facts`() throws {
    let video = try read(
      #"{"type":"video","video":0,"name":"a.mp4","width":64,"height":48,"frame_count":9,"#
        + #""frame_rate":29.97,"base":1,"quantum":0.01,"annotated":{"step":2,"start":1,"end":9}}"#,
      #"{"type":"category","video":0,"name":"fly","source_id":"4","joints":["x","y"],"#
        + #""edges":[[0,1]],"mutable_attributes":["pose"]}"#,
      #"{"type":"image","video":0,"frame":2,"name":"b.png"}"#
    ).videos[0]
    #expect(video.name == "a.mp4" && video.width == 64 && video.height == 48)
    #expect(video.frameCount == 9 && video.frameRate == 29.97)
    #expect(video.base == 1 && video.quantum == 0.01)
    #expect(video.annotated == .every(step: 2, in: FrameRange(1, 9)))
    #expect(
      video.ontology.categories == [
        Ontology.Category(
          name: "fly", sourceID: "4", joints: ["x", "y"], edges: [Ontology.Edge(0, 1)],
          mutableAttributes: ["pose"])
      ])
    #expect(video.imageNames == [2: "b.png"])
  }

  @Test func `Annotated frames are all, some or every so many`() throws {
    func annotated(_ text: String) throws -> AnnotatedFrames {
      try read(#"{"type":"video","video":0\#(text)}"#).videos[0].annotated
    }
    #expect(try annotated("") == .all)
    #expect(try annotated(#","annotated":"all""#) == .all)
    #expect(try annotated(#","annotated":{"frames":[5,1]}"#) == .only([1, 5]))
    #expect(
      try annotated(#","annotated":{"step":3,"start":0,"end":null}"#)
        == .every(step: 3, in: FrameRange(0, .max)))
  }

  @Test func `A track is read with its absences, also before its line`() throws {
    let track = try read(
      #"{"type":"instance","video":0,"track":"7","frame":5,"shape":{"box":[1,2,3,4]}}"#,
      #"{"type":"track","video":0,"id":"7","class":"fly","tracked":true,"#
        + #""absences":[[9,null],[1,3],[2,4]],"attributes":{"colour":"red"}}"#,
      #"{"type":"instance","video":0,"track":"7","frame":0,"shape":{"box":[1,2,3,4]}}"#
    ).videos[0].tracks[0]
    #expect(track.id == "7" && track.className == "fly" && track.isTracked)
    #expect(track.absences == [FrameRange(1, 4), FrameRange(9, .max)])
    #expect(track.attributes == ["colour": "red"])
    #expect(track.instances.map(\.frame) == [0, 5])
    #expect(track.instances.map(\.line) == [4, 2])
  }

  @Test func `An instance is read with all it says`() throws {
    let read = try read(
      instance(
        #"{"box":[1,2,3,4]}"#,
        #","class":"b","key_frame":false,"origin":"tracked","confidence":0.5,"visibility":0.25,"#
          + #""attributes":{"pose":"up","count":2,"seen":true}"#))
    #expect(
      read.videos[0].tracks[0].instances == [
        Instance(
          frame: 3, shape: .box(Box(left: 1, top: 2, width: 3, height: 4)), className: "b",
          isKeyFrame: false, origin: .tracked, confidence: 0.5, visibility: .ratio(0.25),
          attributes: ["pose": "up", "count": "2", "seen": "true"], line: 2)
      ])
    #expect(read.report.rowCount == 2 && read.report.badRowCount == 0)
  }

  @Test func `What an instance does not say is unknown`() throws {
    let instance = try #require(
      try read(instance(#"{"box":[1,2,3,4]}"#, #","confidence":null"#)).videos[0].tracks[0]
        .instances.first)
    #expect(instance.className == nil && instance.isKeyFrame == nil && instance.confidence == nil)
    #expect(instance.origin == .unknown && instance.visibility == .unknown)
  }

  @Test func `A range is read with its details`() throws {
    let ranges = try read(
      #"{"type":"range","video":0,"start":2,"end":9,"name":"run"}"#,
      #"{"type":"range","start":2,"end":null,"name":"sky","value":"grey","track":"7","#
        + #""origin":"human","confidence":0.5,"attributes":{"a":"b"}}"#
    ).videos[0].ranges
    #expect(
      ranges == [
        RangeLabel(range: FrameRange(2, 9), name: "run"),
        RangeLabel(
          range: FrameRange(2, .max), name: "sky", value: "grey", track: "7",
          attributes: ["a": "b"], origin: .human, confidence: 0.5),
      ])
  }

  @Test func `Every kind of shape is read`() throws {
    #expect(try shape(#"{"box":[1,2,3,4]}"#) == .box(Box(left: 1, top: 2, width: 3, height: 4)))
    #expect(
      try shape(#"{"rotated_box":[1,2,3,4,0.5]}"#)
        == .rotatedBox(RotatedBox(center: Point(1, 2), width: 3, height: 4, angle: 0.5)))
    #expect(
      try shape(#"{"ellipse":[1,2,3,4,0.5]}"#)
        == .ellipse(Ellipse(center: Point(1, 2), radiusX: 3, radiusY: 4, angle: 0.5)))
    #expect(try shape(#"{"polyline":[[1,2],[3,4]]}"#) == .polyline([Point(1, 2), Point(3, 4)]))
    #expect(try shape(#"{"points":[[1,2]]}"#) == .points([Point(1, 2)]))
    #expect(
      try shape(#"{"cuboid":[[0,0],[1,1],[2,2],[3,3],[4,4],[5,5],[6,6],[7,7]]}"#)
        == .cuboid((0..<8).map { Point(Double($0), Double($0)) }))
    #expect(
      try shape(#"{"polygon":[[[[0,0],[9,0],[9,9]],[[1,1],[2,1],[2,2]]],[[[20,20],[21,20]]]]}"#)
        == .polygon(
          Polygon(parts: [
            Polygon.Part(
              outer: [Point(0, 0), Point(9, 0), Point(9, 9)],
              holes: [[Point(1, 1), Point(2, 1), Point(2, 2)]]),
            Polygon.Part(outer: [Point(20, 20), Point(21, 20)]),
          ])))
    #expect(
      try shape(#"{"skeleton":[["a",1,2,2,0.5],["b",3,4,1,null]]}"#)
        == .skeleton(
          Skeleton(joints: [
            Joint(name: "a", position: Point(1, 2), visibility: .visible, confidence: 0.5),
            Joint(name: "b", position: Point(3, 4), visibility: .hidden),
          ])))
    #expect(
      try shape(#"{"mask":{"left":1,"top":2,"width":2,"height":2,"runs":[1,3]}}"#)
        == Mask(left: 1, top: 2, width: 2, height: 2, runs: [1, 3]).map { .mask($0) })
  }

  @Test func `A null is a coordinate that is no finite number`() throws {
    guard case .box(let box) = try shape(#"{"box":[null,2,3,4]}"#) else {
      Issue.record("this is a box")
      return
    }
    #expect(box.left.isNaN && box.width == 3)
  }

  @Test func `Marks and line ends of Windows do no harm`() throws {
    let text = "\u{FEFF}\(Self.header)\r\n\r\n  \r\n" + instance(#"{"box":[1,2,3,4]}"#) + "\r\n"
    #expect(ContinuityLines.matches(head: Data(text.utf8), path: "x"))
    let dataset = try LabelText.read(text, as: ContinuityLines.self)
    #expect(dataset.videos[0].instanceCount == 1 && dataset.report.badRowCount == 0)
  }

  @Test func `Frames before the first are carried, endless ones are not`() throws {
    func frame(_ text: String) throws -> [Int] {
      try read(#"{"type":"instance","track":"1","frame":\#(text),"shape":{"box":[1,2,3,4]}}"#)
        .videos.flatMap(\.tracks).flatMap(\.instances).map(\.frame)
    }
    #expect(try frame("-1") == [-1])
    #expect(try frame("10000000") == [10_000_000])
    for text in ["10000001", "-10000001", "1e300", "0.5", "NaN", "\"3\"", "null", "true"] {
      #expect(try frame(text) == [], "\(text)")
    }
  }

  // MARK: Bad rows

  @Test(
    arguments: [
      ("{", "the line is no JSON object"), ("[1]", "the line is no JSON object"),
      ("{} {}", "something follows the JSON object"), ("{}", "the line has no type"),
      (#"{"type":"pose"}"#, "lines of the type pose are not known"),
      (
        #"{"type":"instance","video":2,"track":"1"}"#,
        "the number of the video does not follow the one before"
      ),
      (#"{"type":"track","video":"0","id":"1"}"#, "the value of video cannot be used"),
      (#"{"type":"video","width":0}"#, "the value of width cannot be used"),
      (#"{"type":"video","height":1e18}"#, "the value of height cannot be used"),
      (#"{"type":"video","frame_count":-1}"#, "the value of frame_count cannot be used"),
      (#"{"type":"video","frame_rate":0}"#, "the value of frame_rate cannot be used"),
      (#"{"type":"video","quantum":Infinity}"#, "the value of quantum cannot be used"),
      (
        #"{"type":"video","annotated":{"step":0,"start":0,"end":1}}"#,
        "the value of step cannot be used"
      ),
      (
        #"{"type":"video","annotated":"some"}"#, "the frame is no number that a video can have"
      ),
      (#"{"type":"category"}"#, "the category has no name"),
      (
        #"{"type":"category","name":"a","joints":["x"],"edges":[[0,1]]}"#,
        "an edge does not join two joints"
      ),
      (#"{"type":"category","name":"a","joints":[[]]}"#, "the value of joints cannot be used"),
      (#"{"type":"image","frame":1}"#, "the image has no name"),
      (#"{"type":"range","start":1,"end":2}"#, "the range has no name"),
      (#"{"type":"range","start":2,"end":1,"name":"a"}"#, "the range ends before it begins"),
      (#"{"type":"track"}"#, "the track has no id"),
      (#"{"type":"track","id":"1","absences":[[1]]}"#, "an absence is no pair of frames"),
      (
        #"{"type":"track","id":"1","absences":[[5,2]]}"#, "the range ends before it begins"
      ),
      (#"{"type":"instance"}"#, "the instance names no track"),
      (#"{"type":"instance","track":"1"}"#, "the shape cannot be read"),
      (
        #"{"type":"instance","track":"1","shape":{"points":[]}}"#,
        "the frame is no number that a video can have"
      ),
    ])
  func `A bad row is counted with its line and costs nothing else`(
    row: String, reason: String
  ) throws {
    let good = instance(#"{"box":[1,2,3,4]}"#)
    let dataset = try read(good, row, good)
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 3, reason: reason)])
    #expect(dataset.videos.map(\.instanceCount) == [2])
  }

  @Test(
    arguments: [
      (#""class":1"#, "class"), (#""key_frame":"yes""#, "key_frame"),
      (#""origin":"robot""#, "origin"), (#""confidence":"high""#, "confidence"),
      (#""confidence":NaN"#, "confidence"), (#""visibility":"half""#, "visibility"),
      (#""visibility":[]"#, "visibility"),
    ])
  func `A value of the wrong kind makes a row bad`(member: String, key: String) throws {
    let report = try read(instance(#"{"box":[1,2,3,4]}"#, "," + member)).report
    #expect(report.badRows.map(\.reason) == ["the value of \(key) cannot be used"])
  }

  @Test func `Attributes are texts`() throws {
    let box = #"{"box":[1,2,3,4]}"#
    let report = try read(
      instance(box, #","attributes":{"a":null}"#), instance(box, #","attributes":[]"#)
    ).report
    #expect(
      report.badRows.map(\.reason) == [
        "the attribute a is no text", "the attributes are no object",
      ])
  }

  @Test(arguments: [
    #"{}"#, #"[]"#, #"{"box":[1,2,3]}"#, #"{"box":[1,2,3,"4"]}"#, #"{"circle":[1,2,3]}"#,
    #"{"box":[1,2,3,4],"points":[[1,2]]}"#, #"{"rotated_box":[1,2,3,4]}"#, #"{"ellipse":{}}"#,
    #"{"polyline":[[1]]}"#, #"{"points":5}"#, #"{"cuboid":[[1,2]]}"#, #"{"polygon":5}"#,
    #"{"polygon":[[]]}"#, #"{"polygon":[[[[1]]]]}"#, #"{"polygon":[[[[1,2]],5]]}"#,
    #"{"skeleton":null}"#, #"{"skeleton":[["a",1,2,3,null]]}"#, #"{"skeleton":[["a",1,2]]}"#,
    #"{"skeleton":[["a","1",2,2,null]]}"#, #"{"skeleton":[["a",1,2,2,"0.5"]]}"#, #"{"mask":{}}"#,
    #"{"mask":{"left":0,"top":0,"width":2,"height":2,"runs":[1,2]}}"#,
    #"{"mask":{"left":0,"top":0,"width":2,"height":2,"runs":[5,-1]}}"#,
    #"{"mask":{"left":0,"top":0,"width":2,"height":2,"runs":[1.5,2.5]}}"#,
    #"{"mask":{"left":-9223372036854775808,"top":0,"width":1,"height":1,"runs":[1]}}"#,
    #"{"mask":{"left":0,"top":0,"width":1e18,"height":1e18,"runs":[0]}}"#,
  ])
  func `What is no shape is a bad row`(text: String) throws {
    #expect(try read(instance(text)).report.badRows.map(\.reason) == ["the shape cannot be read"])
  }

  @Test func `A second line for one thing is a bad row`() throws {
    let dataset = try read(
      #"{"type":"video","video":0,"name":"a"}"#, #"{"type":"video","video":0,"name":"b"}"#,
      #"{"type":"track","id":"1","class":"a"}"#, #"{"type":"track","id":"1","class":"b"}"#,
      #"{"type":"image","frame":1,"name":"a"}"#, #"{"type":"image","frame":1,"name":"b"}"#)
    #expect(
      dataset.report.badRows == [
        ReadReport.BadRow(line: 3, reason: "video 0 has a line already"),
        ReadReport.BadRow(line: 5, reason: "the track 1 has a line already"),
        ReadReport.BadRow(line: 7, reason: "a second image is given for frame 1"),
      ])
    #expect(dataset.videos[0].name == "a" && dataset.videos[0].tracks[0].className == "a")
  }

  @Test func `A file that is cut off loses its last line only`() throws {
    let text = Self.header + "\n" + instance(#"{"box":[1,2,3,4]}"#) + "\n"
    let dataset = try LabelText.read(text + #"{"type":"inst"#, as: ContinuityLines.self)
    #expect(dataset.videos[0].instanceCount == 1)
    #expect(
      dataset.report.badRows == [ReadReport.BadRow(line: 3, reason: "the line is no JSON object")])
  }

  // MARK: Refusals

  @Test(
    arguments: [
      ("", nil, "the file is empty"),
      ("\n \n", nil, "the file holds nothing but empty lines"),
      ("hello\n", 1, "the line is no JSON object"),
      (
        "\n{\"type\":\"video\"}\n", 2,
        "there is no header line of Continuity's own format; name the right format"
      ),
      (
        #"{"type":"header","format":"other","version":1}"#, 1,
        "the header is not of Continuity's own format"
      ),
      (#"{"type":"header","format":"continuity"}"#, 1, "the header states no version"),
      (#"{"type":"header","format":"continuity","version":0}"#, 1, "the header states no version"),
      (
        #"{"type":"header","format":"continuity","version":2}"#, 1,
        "this is of a later version than this program reads; update it"
      ),
      (
        header + "\n" + header + "\n", 2,
        "a second header begins here; keep joined files apart"
      ),
    ] as [(String, Int?, String)])
  func `What is not of this format is refused in one sentence`(
    text: String, line: Int?, reason: String
  ) {
    let error = LabelText.error(text, as: ContinuityLines.self)
    #expect(error?.reason == reason)
    #expect(error?.line == line)
  }

  @Test(arguments: [
    #"{"images":[],"info":{"description":"continuity of the header"}}"#,
    #"{"type":"header","format":"other","note":"continuity"}"#,
    #"{"type":"header","format":"conti"#,
    "continuity,header\n",
  ])
  func `Other content is not taken for it`(text: String) {
    #expect(!ContinuityLines.matches(head: Data(text.utf8), path: "x.jsonl"))
  }

  // MARK: Writing

  @Test func `What is written is the documented text`() throws {
    let video = VideoAnnotations(
      name: "a.mp4", width: 64, height: 48, frameCount: 9, frameRate: 25,
      annotated: .only([4, 2]),
      ontology: Ontology(categories: [Ontology.Category(name: "fly", sourceID: "1")]),
      tracks: [
        Track(
          id: "7", className: "fly",
          instances: [
            Instance(
              frame: 2, shape: .box(Box(left: 1, top: 2, width: 3.5, height: 4)), isKeyFrame: true,
              origin: .human, confidence: 0.25, visibility: .occluded,
              attributes: ["b": "2", "a": "1"])
          ], absences: [FrameRange(3, 5), FrameRange(7, .max)])
      ], ranges: [RangeLabel(range: FrameRange(1, 4), name: "run")], imageNames: [0: "0.png"])
    let (text, losses) = try written(Dataset(format: "x", videos: [video]))
    #expect(losses.isEmpty)
    #expect(
      text == """
        {"type":"header","format":"continuity","version":1}
        {"type":"video","video":0,"name":"a.mp4","width":64,"height":48,"frame_count":9,\
        "frame_rate":25,"annotated":{"frames":[2,4]}}
        {"type":"category","video":0,"name":"fly","source_id":"1"}
        {"type":"image","video":0,"frame":0,"name":"0.png"}
        {"type":"range","video":0,"start":1,"end":4,"name":"run"}
        {"type":"track","video":0,"id":"7","class":"fly","tracked":true,\
        "absences":[[3,5],[7,null]]}
        {"type":"instance","video":0,"track":"7","frame":2,"shape":{"box":[1,2,3.5,4]},\
        "key_frame":true,"origin":"human","confidence":0.25,"visibility":"occluded",\
        "attributes":{"a":"1","b":"2"}}

        """)
  }

  @Test func `Everything comes back as it was`() throws {
    for seed in 41...44 {
      var sample = SampleLabels(seed: UInt64(seed))
      var video = sample.video()
      video.base = -3
      video.quantum = 0.25
      video.annotated = .every(step: 3, in: FrameRange(-2, .max))
      let file = try LabelText("", name: "out.jsonl")
      defer { file.remove() }
      let dataset = Dataset(format: "x", videos: [video, sample.video(name: "b\n\"/..")])
      #expect(
        try LabelFormats.write(dataset, as: ContinuityLines.self, to: file.path).isEmpty)
      var read = try LabelFormats.read(path: file.path)
      #expect(read.report.badRowCount == 0)
      // Lines are those of the file it was read from.
      for place in read.videos.indices {
        read.videos[place].tracks = read.videos[place].tracks.map { track in
          Track(
            id: track.id, className: track.className, isTracked: track.isTracked,
            instances: track.instances.map {
              var instance = $0
              instance.line = 0
              return instance
            }, absences: track.absences, attributes: track.attributes)
        }
        let (one, other) = (dataset.videos[place], read.videos[place])
        #expect(one.tracks == other.tracks)
        #expect(one.ranges == other.ranges && one.imageNames == other.imageNames)
        #expect(one.ontology == other.ontology && one.annotated == other.annotated)
        #expect(one.name == other.name && one.base == other.base && one.quantum == other.quantum)
        #expect(one.width == other.width && one.height == other.height)
        #expect(one.frameCount == other.frameCount && one.frameRate == other.frameRate)
      }
    }
  }

  @Test func `Scores that are no numbers are counted as lost`() throws {
    let instance = Instance(
      frame: 0, shape: .points([Point(.nan, 1)]), confidence: .nan, visibility: .ratio(.infinity))
    let (text, losses) = try written(
      Dataset(
        format: "x", videos: [VideoAnnotations(tracks: [Track(id: "1", instances: [instance])])]))
    #expect(losses.counts == [.confidence: 1, .visibilityRatio: 1])
    #expect(text.hasSuffix(#""frame":0,"shape":{"points":[[null,1]]}}"# + "\n"))
  }
}
