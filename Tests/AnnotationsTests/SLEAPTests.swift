import Annotations
import Foundation
import HDF5
import Testing
import Timeline

/// Files of the test's own, table by table. What sleap-io 0.9.5 writes and reads is checked by
/// `tools/conformance`.
@Suite(.enabled(if: HDF5File.isAvailable, "this build has no libhdf5"))
struct SLEAPTests {
  private func read(
    _ text: SLEAPText = .example, _ options: ReadOptions = ReadOptions()
  ) throws -> Dataset {
    let file = try LabelText("", name: "labels.slp")
    defer { file.remove() }
    try text.write(to: file.path)
    return try LabelFormats.read(path: file.path, options: options)
  }

  private func joints(_ instance: Instance?) -> [Joint] {
    guard case .skeleton(let skeleton)? = instance?.shape else { return [] }
    return skeleton.joints
  }

  private func changed(_ change: (inout SLEAPText) -> Void) -> SLEAPText {
    var text = SLEAPText.example
    change(&text)
    return text
  }

  @Test func `videos, tracks and classes`() throws {
    let dataset = try read()
    #expect(dataset.format == "slp")
    #expect(dataset.dialect == "format 1.2")
    #expect(dataset.report.badRowCount == 0)
    let video = try #require(dataset.videos.first)
    #expect(video.name == "clip.mp4")
    #expect([video.width, video.height, video.frameCount] == [64, 48, 20])
    #expect(video.frameRate == 25)
    #expect(video.tracks.map(\.id) == ["female", "male", "#1"])
    #expect(video.tracks.map(\.isTracked) == [true, true, false])
    #expect(video.tracks.allSatisfy { $0.className == "fly" })
  }

  @Test func `labelled frames are the annotated ones, also without instances`() throws {
    #expect(try read().videos[0].annotated == .only([4, 9, 12]))
  }

  @Test func `nodes in the order of the skeleton, bones in the order they were drawn`() throws {
    let category = try #require(try read().videos[0].ontology.categories.first)
    #expect(category.joints == ["head", "tail", "ear"])
    // The link between mirrored joints, kind 2, is none.
    #expect(category.edges == [Ontology.Edge(1, 2), Ontology.Edge(0, 1)])
  }

  @Test func `a whole number is the middle of a pixel`() throws {
    let person = joints(try read().videos[0].tracks[1].instances.first)
    #expect(person.map(\.visibility) == [.visible, .hidden, .absent])
    #expect(person[0].position == Point(10.5, 20.5))
    #expect(person[1].position == Point(12, 21.5))
  }

  @Test func `before format 1.1 it is the corner`() throws {
    let tracks = try read(changed { $0.version = 1 }).videos[0].tracks
    #expect(joints(tracks[1].instances.first)[0].position == Point(10, 20))
  }

  @Test func `scores and origins`() throws {
    let tracks = try read().videos[0].tracks
    let predicted = try #require(tracks[0].instances.first)
    #expect(predicted.origin == .model)
    #expect(predicted.confidence == 2.5)
    #expect(joints(predicted).map(\.confidence) == [0.5, 1.25, nil])
    #expect(tracks[1].instances[0].origin == .human)
    #expect(tracks[1].instances[0].confidence == nil)
    #expect(tracks[2].instances[0].confidence == nil, "sleap-io stores 0 where there is none")
  }

  @Test func `a person's instance stands for the prediction it was made from`() throws {
    let dataset = try read(changed { $0.instances[0][3] = 1 })
    #expect(dataset.videos[0].tracks.map(\.id) == ["male", "#1"])
    #expect(
      dataset.report.notes == ["1 predicted instances that a person corrected are left out"])
  }

  @Test func `and for a prediction of its track in its frame`() throws {
    let dataset = try read(changed { $0.instances[0][2] = 0 })
    let track = dataset.videos[0].tracks[0]
    #expect(track.id == "female")
    #expect(track.instances.map(\.origin) == [.human])
  }

  @Test func `two tracks of one name stay two`() throws {
    let dataset = try read(changed { $0.tracks = [#"[0,"fly"]"#, #"[0,"fly"]"#] })
    #expect(dataset.videos[0].tracks.map(\.id) == ["fly", "fly#2", "#1"])
  }

  @Test(arguments: [
    // SLEAP 1.3.2 and later.
    #"{"version":"2.0.0","nodes":[{"name":"a"},{"name":"b"}],"skeletons":[{"nx_graph":{"graph":{"name":"s"},"links":[{"source":1,"target":0,"type":{"py/reduce":[{"py/type":"x"},{"py/tuple":[1]}]}}],"nodes":[{"id":1},{"id":0}]},"description":null}]}"#,
    // Nodes spelled out, and the kind of a link by the number of the object: two nodes, then it.
    #"{"nodes":[],"skeletons":[{"graph":{"name":"s"},"links":[{"source":{"py/object":"sleap.skeleton.Node","py/state":{"py/tuple":["b",1.0]}},"target":{"py/object":"sleap.skeleton.Node","py/state":{"py/tuple":["a",1.0]}},"type":{"py/reduce":[{"py/type":"x"},{"py/tuple":[1]}]}},{"source":{"py/id":2},"target":{"py/id":1},"type":{"py/reduce":[{"py/type":"x"},{"py/tuple":[2]}]}}],"nodes":[{"id":{"py/id":1}},{"id":{"py/id":2}}]}]}"#,
    // Names in an object instead of a tuple, and a link whose kind is not stated.
    #"{"nodes":[],"skeletons":[{"graph":{"name":"s"},"links":[{"source":{"py/object":"n","py/state":{"name":"b"}},"target":{"py/object":"n","py/state":{"name":"a"}}}],"nodes":[{"id":{"py/id":1}},{"id":{"py/id":2}}]}]}"#,
  ])
  func `skeletons in the spellings of jsonpickle`(_ metadata: String) throws {
    var text = SLEAPText()
    text.metadata = metadata
    let category = try #require(try read(text).videos[0].ontology.categories.first)
    #expect(category.name == "s")
    #expect(category.joints == ["b", "a"])
    #expect(category.edges == [Ontology.Edge(0, 1)])
  }

  @Test func `pictures in the label file: the number and the original of a video`() throws {
    let file = try LabelText("", name: "labels.slp")
    defer { file.remove() }
    var text = SLEAPText.example
    text.videos = [
      #"{"backend":{"filename":".","dataset":"video15/video","shape":[2,10,12,1]}}"#,
      #"{"backend":{"type":"ImageVideo","filename":"x/0.png","filenames":["a\\b\\0.png","a\\b\\1.png"]}}"#,
      #"{"backend":{"filename":"C:\\d\\other.mp4"},"source_video":{"backend":{"filename":"/x/first.avi"}}}"#,
    ]
    text.frames = [[15, 4, 0, 2], [1, 1, 2, 3]]
    try text.write(to: file.path)
    let videos = try SLEAP.read(path: file.path, options: ReadOptions()).videos
    #expect(videos.map(\.name) == [nil, "b", "first.avi"])
    #expect(videos.map(\.instanceCount) == [2, 1, 0])
    #expect(videos[0].frameCount == nil, "only the labelled pictures are there")
    #expect(videos[1].imageNames == [0: "0.png", 1: "1.png"])
    #expect(videos[1].frameCount == 2)
  }

  @Test func `bad rows cost nothing else`() throws {
    let dataset = try read(
      changed { text in
        text.frames += [[7, 1, 3, 3], [0, 99_999_999, 3, 3], [0, 13, 0, 1], [0, 14, 3, 9]]
        text.frames += [[0, 15, 3, 9]]
        text.frames[7] = [0, 14, 3, 8]
        text.instances += [
          [2, 0, 0, -1, 0, 6, 9], [0, 5, 0, -1, 0, 6, 9], [0, 0, 9, -1, 0, 6, 9],
          [0, 0, 0, -1, 0, 6, 8], [0, 0, 0, -1, 0, 60, 63],
        ]
      })
    #expect(dataset.videos[0].instanceCount == 3)
    #expect(
      dataset.report.badRows.map(\.reason) == [
        "frame 3 is of a video that the file does not list", "frame 4 has no usable number",
        "frame 5 has instances that are not there or are another frame's",
        "frame 6 has instances that are not there or are another frame's",
        "instance 3 is neither a person's nor predicted",
        "instance 4 has a skeleton that is not listed", "instance 5 has a track that is not listed",
        "instance 6 has not as many points as its skeleton has joints",
        "instance 7 has points that are not there or are another instance's",
      ])
  }

  @Test func `instances that share points are refused`() throws {
    let dataset = try read(changed { $0.instances[2][5...6] = [2, 5] })
    #expect(
      dataset.report.badRows.map(\.reason)
        == ["instance 2 has points that are not there or are another instance's"])
  }

  @Test func `an infinite coordinate is none, one beyond any picture is bad`() throws {
    let dataset = try read(
      changed { text in
        text.points[0][0] = .infinity
        text.points[3][0] = 1e12
      })
    #expect(joints(dataset.videos[0].tracks[1].instances.first)[0].visibility == .absent)
    #expect(
      dataset.report.badRows.map(\.reason) == ["instance 2 has a coordinate that no picture has"])
  }

  private func error(_ text: SLEAPText, cut: Int? = nil) throws -> LabelError? {
    let file = try LabelText("", name: "labels.slp")
    defer { file.remove() }
    try text.write(to: file.path)
    if let cut {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: file.path))
      try bytes.prefix(cut).write(to: URL(fileURLWithPath: file.path))
    }
    do throws(LabelError) {
      _ = try SLEAP.read(path: file.path, options: ReadOptions())
      return nil
    } catch { return error }
  }

  @Test func `a newer format is refused`() throws {
    #expect(
      try error(changed { $0.version = 3 })?.reason
        == "the file is of SLEAP's format 3.0, which is newer than 2; save it with SLEAP 1 or"
        + " sleap-io")
  }

  @Test func `a cut file is refused`() throws {
    #expect(
      try error(.example, cut: 2_000)?.reason
        == "this is no HDF5 file that libhdf5 can open; it may be cut off, so copy it again")
  }

  @Test func `broken metadata is refused`() throws {
    #expect(
      try error(changed { $0.metadata = #"{"nodes": ["# })?.reason
        == "a text within the file is no whole JSON; export it again")
  }

  @Test func `HDF5 without metadata is no SLEAP file`() throws {
    let file = try LabelText("", name: "labels.slp")
    defer { file.remove() }
    let output = try HDF5Output.create(path: file.path)
    try output.add(strings: "videos_json", ["{}"], as: .fixed)
    try output.finish()
    #expect(throws: LabelError.self) { try LabelFormats.read(path: file.path) }
    let error = #expect(throws: LabelError.self) {
      try SLEAP.read(path: file.path, options: ReadOptions())
    }
    #expect(
      error?.reason == "there is no metadata with skeletons, so this is no SLEAP file; name its"
        + " format after a colon")
  }

  @Test func `scores decide who made what is written`() throws {
    let shape = Shape.skeleton(
      Skeleton(joints: [Joint(name: "a", position: Point(1, 2), visibility: .visible)]))
    let track = Track(
      id: "1", className: "fly",
      instances: [
        Instance(frame: 0, shape: shape), Instance(frame: 1, shape: shape, confidence: 1),
        Instance(frame: 2, shape: shape, confidence: 0.5),
      ])
    let file = try LabelText("", name: "out.slp")
    defer { file.remove() }
    _ = try LabelFormats.write(
      Dataset(format: "x", videos: [VideoAnnotations(name: "v.mp4", tracks: [track])]),
      as: SLEAP.self, to: file.path)
    let read = try LabelFormats.read(path: file.path).videos[0].tracks[0].instances
    #expect(read.map(\.origin) == [.human, .human, .model])
    #expect(read.map(\.confidence) == [nil, 1, 0.5])
  }

  @Test func `joints in another order find their nodes`() throws {
    func joint(_ name: String, _ x: Double) -> Joint {
      Joint(name: name, position: Point(x, 0), visibility: .visible)
    }
    let shape = Shape.skeleton(Skeleton(joints: [joint("b", 2), joint("a", 1)]))
    let video = VideoAnnotations(
      name: "v.mp4",
      ontology: Ontology(categories: [Ontology.Category(name: "fly", joints: ["a", "b", "c"])]),
      tracks: [Track(id: "1", className: "fly", instances: [Instance(frame: 0, shape: shape)])])
    let file = try LabelText("", name: "out.slp")
    defer { file.remove() }
    _ = try LabelFormats.write(
      Dataset(format: "x", videos: [video]), as: SLEAP.self, to: file.path)
    let read = try LabelFormats.read(path: file.path).videos[0]
    #expect(read.ontology.categories.map(\.joints) == [["a", "b", "c"]])
    let joints = joints(read.tracks[0].instances.first)
    #expect(joints.map(\.visibility) == [.visible, .visible, .absent])
    #expect(joints.prefix(2).map(\.position.x) == [1, 2])
  }
}

/// Frames, tracks, instances and joints as the SOURCE.md of each folder states them; where it does
/// not say, as sleap-io 0.9.5 reads them.
@Suite(
  .enabled(if: HDF5File.isAvailable, "this build has no libhdf5"),
  .enabled(if: RealData.exists, "the folder of real data is missing; see CONTINUITY_DATA"))
struct SLEAPRealDataTests {
  struct Figures: Sendable {
    var name: String
    var frames: Int
    var tracks: Int
    var instances: Int
    var nodes: Int
    // As sleap-io counts them: links between mirrored joints are none.
    var bones: Int
    var missing: Int
    var hidden = 0
    var lone = 0
  }

  @Test(arguments: [
    Figures(
      name: "sleap-centered-pair/centered_pair_predictions.slp", frames: 1100, tracks: 27,
      instances: 2274, nodes: 24, bones: 23, missing: 5956),
    Figures(
      name: "sleap-centered-pair/minimal_instance.slp", frames: 1, tracks: 0, instances: 2,
      nodes: 2,
      bones: 1, missing: 0, lone: 2),
    Figures(
      name: "sleap-centered-pair/minimal_instance.json", frames: 1, tracks: 0, instances: 2,
      nodes: 2, bones: 1, missing: 0, lone: 2),
    Figures(
      name: "sleap-flies-clip/clip.slp", frames: 1500, tracks: 2, instances: 3000, nodes: 13,
      bones: 12, missing: 637),
    Figures(
      name: "sleap-flies-clip/clip.2node.slp", frames: 1500, tracks: 2, instances: 3000, nodes: 2,
      bones: 1, missing: 0),
    Figures(
      name: "sleap-flies-clip/clip.predictions.slp", frames: 1500, tracks: 2, instances: 2948,
      nodes: 2, bones: 1, missing: 142),
    Figures(
      name: "dreem-two-flies/two_flies.slp", frames: 128, tracks: 2, instances: 256, nodes: 13,
      bones: 12, missing: 258),
    Figures(
      name: "dreem-two-flies/two_flies_noisy_detections.slp", frames: 128, tracks: 2,
      instances: 259, nodes: 13, bones: 12, missing: 114, hidden: 162, lone: 3),
    Figures(
      name: "dreem-two-flies/single_fly.slp", frames: 128, tracks: 1, instances: 128, nodes: 13,
      bones: 12, missing: 0),
  ])
  func figures(_ figures: Figures) throws {
    let dataset = try LabelFormats.read(path: RealData.path(figures.name))
    #expect(dataset.report.badRowCount == 0)
    let video = try #require(dataset.videos.first)
    #expect(dataset.videos.count == 1)
    #expect(video.annotated == .every(step: 1, in: FrameRange(0, figures.frames)))
    #expect(video.tracks.filter(\.isTracked).count == figures.tracks)
    #expect(video.tracks.filter { !$0.isTracked }.count == figures.lone)
    #expect(video.instanceCount == figures.instances)
    #expect(video.ontology.categories.map(\.joints.count) == [figures.nodes])
    #expect(video.ontology.categories.map(\.edges.count) == [figures.bones])
    let joints = video.tracks.flatMap(\.instances).flatMap { instance -> [Joint] in
      guard case .skeleton(let skeleton) = instance.shape else { return [] }
      return skeleton.joints
    }
    #expect(joints.count == figures.instances * figures.nodes)
    #expect(joints.filter { $0.visibility == .absent }.count == figures.missing)
    #expect(joints.filter { $0.visibility == .hidden }.count == figures.hidden)
  }

  @Test func `scores of instances and joints`() throws {
    let predictions = try LabelFormats.read(
      path: RealData.path("sleap-flies-clip/clip.predictions.slp"))
    let instances = predictions.videos[0].tracks.flatMap(\.instances)
    let scores = instances.compactMap(\.confidence).sorted()
    #expect(scores.count == 2948)
    #expect(abs(scores[0] - 0.201) < 0.0005 && abs(scores[2947] - 1.538) < 0.0005)
    #expect(instances.allSatisfy { $0.origin == .model })
    var frames: [FrameIndex: Int] = [:]
    for instance in instances { frames[instance.frame, default: 0] += 1 }
    #expect(frames.values.filter { $0 == 1 }.count == 52)
  }

  @Test func `frames with more instances than animals`() throws {
    let path = RealData.path("sleap-centered-pair/centered_pair_predictions.slp")
    var frames: [FrameIndex: Int] = [:]
    for instance in try LabelFormats.read(path: path).videos[0].tracks.flatMap(\.instances) {
      frames[instance.frame, default: 0] += 1
    }
    #expect(
      (2...5).map { count in frames.values.filter { $0 == count }.count } == [1034, 59, 6, 1])
  }

  @Test(arguments: [
    ("sleap-flies-clip/clip.2node.slp", "clip.mp4"),
    ("dreem-two-flies/two_flies_noisy_detections.slp", "two_flies.mp4"),
  ])
  func `a path that is not there keeps its name`(_ name: String, video: String) throws {
    #expect(try LabelFormats.read(path: RealData.path(name)).videos[0].name == video)
  }

  @Test func `three untracked instances lie in frames 0, 1 and 2`() throws {
    let path = RealData.path("dreem-two-flies/two_flies_noisy_detections.slp")
    let lone = try LabelFormats.read(path: path).videos[0].tracks.filter { !$0.isTracked }
    #expect(lone.compactMap { $0.instances.first?.frame } == [0, 1, 2])
  }
}
