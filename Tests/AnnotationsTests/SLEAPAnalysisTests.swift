import Annotations
import Foundation
import HDF5
import Testing
import Timeline

/// The array is numbered so that every order of axes shows; sleap-io's and movement's files are
/// checked by `tools/conformance`.
@Suite(.enabled(if: HDF5File.isAvailable, "this build has no libhdf5"))
struct SLEAPAnalysisTests {
  // Two tracks, three frames, one node: x = 100 track + 10 frame, y = x + 1. The second track has
  // no coordinates in frame 1.
  private static let lengths = ["track": 2, "frame": 3, "node": 1, "xy": 2]

  private static func value(_ place: [String: Int]) -> Double {
    if place["track"] == 1, place["frame"] == 1 { return .nan }
    return Double(100 * place["track", default: 0] + 10 * place["frame", default: 0])
      + Double(place["xy", default: 0])
  }

  private static func places(_ axes: [String]) -> [[String: Int]] {
    axes.reduce([[:]]) { places, axis in
      places.flatMap { place in
        (0..<(lengths[axis] ?? 0)).map { place.merging([axis: $0]) { _, new in new } }
      }
    }
  }

  private func read(
    _ axes: [String], _ change: (borrowing HDF5Output) throws(HDF5Error) -> Void
  ) throws -> Dataset {
    let file = try LabelText("", name: "clip.analysis.h5")
    defer { file.remove() }
    let output = try HDF5Output.create(path: file.path)
    try output.add(
      numbers: "tracks", Self.places(axes).map(Self.value),
      dimensions: axes.map { Self.lengths[$0] ?? 0 }, isCompressed: true)
    try output.add(strings: "node_names", ["thorax"], as: .fixed)
    try output.add(strings: "track_names", ["a", "b"], as: .fixed)
    try change(output)
    try output.finish()
    return try LabelFormats.read(path: file.path)
  }

  private func isRight(_ dataset: Dataset) -> Bool {
    dataset.format == "sleap-h5" && dataset.videos[0].tracks.map(\.id) == ["a", "b"]
      && dataset.videos[0].tracks.map { $0.instances.map(\.frame) } == [[0, 1, 2], [0, 2]]
      && dataset.videos[0].tracks.enumerated().allSatisfy { number, track in
        track.instances.allSatisfy { instance in
          guard case .skeleton(let skeleton) = instance.shape else { return false }
          let x = Double(100 * number + 10 * instance.frame)
          return skeleton.joints.map(\.position) == [Point(x + 0.5, x + 1.5)]
        }
      }
  }

  @Test(arguments: [
    ["track", "xy", "node", "frame"], ["frame", "track", "node", "xy"],
    ["frame", "node", "xy", "track"], ["xy", "node", "frame", "track"],
  ])
  func `any order of axes that dims names`(_ axes: [String]) throws {
    let dataset = try read(axes) { output throws(HDF5Error) in
      let text = "[" + axes.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
      try output.add(attribute: "dims", .text([text]), to: "tracks")
    }
    #expect(isRight(dataset))
    #expect(dataset.videos[0].annotated == .every(step: 1, in: FrameRange(0, 3)))
  }

  @Test func `without dims SLEAP's own order`() throws {
    #expect(isRight(try read(["track", "xy", "node", "frame"]) { _ in }))
  }

  @Test func `and the other one where the file says it was not transposed`() throws {
    let dataset = try read(["frame", "node", "xy", "track"]) { output throws(HDF5Error) in
      try output.add(attribute: "transpose", .integers([0]))
    }
    #expect(isRight(dataset))
  }

  @Test func `scores by track and frame`() throws {
    let dataset = try read(["track", "xy", "node", "frame"]) { output throws(HDF5Error) in
      try output.add(
        numbers: "instance_scores", [0.1, .nan, 0.3, 0.4, 0.5, 0.6], dimensions: [2, 3])
      try output.add(
        numbers: "point_scores", [1, 2, 3, 4, 5, 6], dimensions: [2, 1, 3])
    }
    let tracks = dataset.videos[0].tracks
    #expect(tracks.map { $0.instances.map(\.confidence) } == [[0.1, nil, 0.3], [0.4, 0.6]])
    #expect(tracks[0].instances.map(\.origin) == [.model, .imported, .model])
    guard case .skeleton(let skeleton) = tracks[1].instances[1].shape else { return }
    #expect(skeleton.joints.map(\.confidence) == [6])
  }

  @Test func `names that do not fit the nodes are damage`() throws {
    let error = #expect(throws: LabelError.self) {
      let file = try LabelText("", name: "a.h5")
      defer { file.remove() }
      let output = try HDF5Output.create(path: file.path)
      try output.add(numbers: "tracks", [1, 2], dimensions: [1, 2, 1, 1])
      try output.add(strings: "node_names", ["a", "b"], as: .fixed)
      try output.finish()
      _ = try LabelFormats.read(path: file.path)
    }
    #expect(
      error?.reason == "there are not as many names of nodes as nodes; export it again")
  }

  @Test func `axes that are none of those are damage`() throws {
    let error = #expect(throws: LabelError.self) {
      _ = try read(["track", "xy", "node", "frame"]) { output throws(HDF5Error) in
        try output.add(
          attribute: "dims", .text([#"["track", "xy", "node", "time"]"#]), to: "tracks")
      }
    }
    #expect(error?.reason == "the axes of the tracks are not frame, track, node and xy")
  }

  @Test func `instances of another class than the first are counted`() throws {
    let shape = Shape.skeleton(
      Skeleton(joints: [Joint(name: "a", position: Point(1, 2), visibility: .visible)]))
    let video = VideoAnnotations(
      tracks: ["fly", "mouse"].map {
        Track(id: $0, className: $0, instances: [Instance(frame: 0, shape: shape)])
      })
    let file = try LabelText("", name: "out.h5")
    defer { file.remove() }
    let losses = try LabelFormats.write(
      Dataset(format: "x", videos: [video]), as: SLEAPAnalysis.self, to: file.path)
    #expect(losses.counts == [.classNames: 1])
  }

  @Test func `an array that would not fit is refused`() throws {
    let shape = Shape.skeleton(
      Skeleton(joints: [Joint(name: "a", position: Point(1, 2), visibility: .visible)]))
    let video = VideoAnnotations(
      tracks: (0..<8).map {
        Track(id: String($0), instances: [Instance(frame: 9_999_999, shape: shape)])
      })
    let file = try LabelText("", name: "out.h5")
    defer { file.remove() }
    let error = #expect(throws: LabelError.self) {
      try LabelFormats.write(
        Dataset(format: "x", videos: [video]), as: SLEAPAnalysis.self, to: file.path)
    }
    #expect(
      error?.reason == "a SLEAP analysis holds every joint of every track in every frame, which is"
        + " too much here; write :slp instead")
  }
}

@Suite struct SLEAPCSVTests {
  private let text = """
    track,frame_idx,instance.score,A.x,A.y,A.score,B.x,B.y,B.score
    mouse,0,1.5,10,20,0.5,11.25,21,0.75
    mouse,2,1.25,12,22,0.5,,,
    ,2,0.5,nan,nan,0.0,31,41,0.25

    """

  @Test func `rows become instances`() throws {
    let dataset = try LabelText.read(text)
    #expect(dataset.format == "sleap-csv")
    let video = dataset.videos[0]
    #expect(video.tracks.map(\.id) == ["mouse", "#4"])
    #expect(video.tracks.map(\.isTracked) == [true, false])
    #expect(video.tracks[0].instances.map(\.confidence) == [1.5, 1.25])
    #expect(video.tracks[0].instances.map(\.line) == [2, 3])
    guard case .skeleton(let skeleton) = video.tracks[0].instances[1].shape else { return }
    #expect(skeleton.joints.map(\.name) == ["A", "B"])
    #expect(skeleton.joints.map(\.visibility) == [.visible, .absent])
    #expect(skeleton.joints[0].position == Point(12.5, 22.5))
    #expect(video.annotated == .all, "a model looked at every frame")
  }

  @Test func `without scores the rows are the annotated frames`() throws {
    let dataset = try LabelText.read(
      "track,frame_idx,instance.score,A.x,A.y\nm,3,,1,2\nm,7,,3,4\nm,8,,3,4\n")
    #expect(dataset.videos[0].annotated == .only([3, 7, 8]))
    #expect(dataset.videos[0].tracks[0].instances[0].origin == .imported)
  }

  @Test func `bad rows`() throws {
    let dataset = try LabelText.read(text + "m,x,,1,2\nm,-1,,1,2\nm,3,,1e300,2\nm,4\n")
    #expect(
      dataset.report.badRows.map(\.reason) == [
        "the frame is no usable number", "the frame is no usable number",
        "a coordinate is none that a picture has",
      ])
    #expect(dataset.report.badRows.map(\.line) == [5, 6, 7])
  }

  @Test func `a file of other columns`() {
    #expect(
      LabelText.error("frame,x\n1,2\n", as: SLEAPCSV.self)?.reason
        == "the first row does not name frame_idx and the joints; name the file's format after a"
        + " colon")
  }
}

@Suite struct SLEAPJSONTests {
  private func text(_ instances: String) -> String {
    #"""
    {"version": "2.0.0", "labels": [{"video": "0", "frame_idx": 3, "_instances": [\#(instances)]}],
     "skeletons": [{"graph": {"name": "s"}, "nodes": [{"id": 1}, {"id": 0}],
       "links": [{"source": 1, "target": 0, "type": {"py/reduce": [{}, {"py/tuple": [1]}]}}]}],
     "nodes": [{"name": "b"}, {"name": "a"}], "tracks": [[0, "t"]],
     "videos": [{"backend": {"filename": "x\\y.mp4"}}], "negative_anchors": {}}
    """#
  }

  @Test func `labels may come before what they refer to`() throws {
    let dataset = try LabelText.read(
      text(
        #"{"skeleton": "0", "track": "0", "_points": {"0": {"x": 1, "y": 2, "visible": false}}}"#)
    )
    #expect(dataset.format == "sleap-json")
    let video = dataset.videos[0]
    #expect(video.name == "y.mp4")
    #expect(video.annotated == .every(step: 1, in: FrameRange(3, 4)))
    #expect(video.tracks.map(\.id) == ["t"])
    guard case .skeleton(let skeleton) = video.tracks[0].instances[0].shape else { return }
    #expect(skeleton.joints.map(\.name) == ["a", "b"])
    #expect(skeleton.joints.map(\.visibility) == [.absent, .hidden])
    #expect(skeleton.joints[1].position == Point(1.5, 2.5))
    #expect(video.ontology.categories[0].edges == [Ontology.Edge(0, 1)])
  }

  @Test func `a corrected prediction is left out`() throws {
    let points = #""_points": {"0": {"x": 1, "y": 2, "visible": true, "score": 0.5}}"#
    let predicted = #"{"skeleton": 0, "track": null, "score": 0.75, \#(points)}"#
    let person = #"{"skeleton": 0, "track": null, "from_predicted": \#(predicted), \#(points)}"#
    let alone = try LabelText.read(text(predicted)).videos[0].tracks
    #expect(alone.map { $0.instances[0].origin } == [.model])
    #expect(alone[0].instances[0].confidence == 0.75)
    let both = try LabelText.read(text(predicted + "," + person))
    #expect(both.videos[0].tracks.map { $0.instances[0].origin } == [.human])
    #expect(
      both.report.notes == ["1 predicted instances that a person corrected are left out"])
  }

  @Test func `bad instances`() throws {
    let dataset = try LabelText.read(
      text(
        #"""
        {"skeleton": 4, "_points": {}}, {"skeleton": 0, "track": 5, "_points": {}},
        {"skeleton": 0, "_points": {"7": {"x": 1, "y": 2}}},
        {"skeleton": 0, "_points": {"0": {"x": 1e99, "y": 2}}}, 3
        """#))
    #expect(
      dataset.report.badRows.map(\.reason) == [
        "an instance has a skeleton that is not listed",
        "an instance has a track that is not listed",
        "an instance has a point whose node its skeleton lacks",
        "an instance has a coordinate that no picture has",
        "an instance has a skeleton that is not listed",
      ])
  }

  @Test func `a cut file and one of something else`() {
    #expect(
      LabelText.error(String(text("").dropLast(40)), as: SLEAPJSON.self)?.code == .damaged)
    #expect(
      LabelText.error("{\"images\": []}", as: SLEAPJSON.self)?.reason
        == "there are no skeletons with labels, so this is no SLEAP JSON; name its format after a"
        + " colon")
  }
}
