import Annotations
import Foundation
import Testing
import Timeline

struct MOTWriterTests {
  private func written(_ video: VideoAnnotations, _ name: String) throws -> [String: String] {
    let folder = try LabelText("", name: "x")
    defer { folder.remove() }
    let out = folder.folder.appendingPathComponent(name)
    _ = try LabelFormats.write(Dataset(format: "", videos: [video]), as: MOT.self, to: out.path)
    guard let files = LabelFolder(path: out.path) else {
      return [name: try String(contentsOf: out, encoding: .utf8)]
    }
    return try Dictionary(
      uniqueKeysWithValues: files.files.map {
        ($0, try String(contentsOfFile: files.path(of: $0), encoding: .utf8))
      })
  }

  private func track(
    _ id: String, _ name: String, _ frames: [Int], confidence: Double? = nil,
    isTracked: Bool = true, attributes: [String: String] = [:],
    visibility: Visibility = .unknown
  ) -> Track {
    Track(
      id: id, className: name, isTracked: isTracked,
      instances: frames.map {
        Instance(
          frame: $0, shape: .box(Box(left: 1.5, top: 2, width: 3, height: 4)),
          confidence: confidence, visibility: visibility)
      }, attributes: attributes)
  }

  @Test func `ground truth has marks, classes and visible shares, and files around it`() throws {
    let files = try written(
      VideoAnnotations(
        name: "clip", width: 64, height: 48, frameCount: 9, frameRate: 29.97,
        tracks: [
          track("2", "dog", [0, 1], visibility: .ratio(0.5)),
          track("5", "cat", [0], attributes: [ReservedAttribute.ignore: "true"]),
        ]), "out")
    #expect(
      files == [
        "gt/gt.txt": "1,2,1.5,2,3,4,1,1,0.5\n1,5,1.5,2,3,4,0,2,-1\n2,2,1.5,2,3,4,1,1,0.5\n",
        "gt/labels.txt": "dog\ncat\n",
        "seqinfo.ini": "[Sequence]\nname=clip\nimDir=img1\nframeRate=29.97\nseqLength=9\n"
          + "imWidth=64\nimHeight=48\nimExt=.jpg\n",
      ])
  }

  @Test func `classes of the Challenge keep their numbers`() throws {
    let files = try written(
      VideoAnnotations(tracks: [track("1", "car", [0]), track("2", "pedestrian", [0])]), "out")
    #expect(files["gt/gt.txt"] == "1,1,1.5,2,3,4,1,3,-1\n1,2,1.5,2,3,4,1,1,-1\n")
    #expect(files["gt/labels.txt"]?.hasPrefix("pedestrian\nperson on vehicle\ncar\n") == true)
    #expect(files["seqinfo.ini"] == nil)
  }

  @Test func `labels without class are MOT15, detections have no id, results a score`() throws {
    #expect(
      try written(VideoAnnotations(tracks: [track("1", "", [0])]), "out")
        == ["gt/gt.txt": "1,1,1.5,2,3,4,1,-1,-1,-1\n"])
    #expect(
      try written(
        VideoAnnotations(tracks: [track("#1", "", [4], confidence: 0.25, isTracked: false)]), "out")
        == ["det/det.txt": "5,-1,1.5,2,3,4,0.25,-1,-1,-1\n"])
    #expect(
      try written(
        VideoAnnotations(
          name: "a/clip.mp4", tracks: [track("3", "", [0], confidence: 0.25), track("4", "", [0])]),
        "out")["clip.txt"] == "1,3,1.5,2,3,4,0.25,-1,-1,-1\n1,4,1.5,2,3,4,-1,-1,-1,-1\n")
  }

  @Test func `a file is the rows alone, and what stands beside them is lost`() throws {
    let folder = try LabelText("", name: "x")
    defer { folder.remove() }
    let out = folder.folder.appendingPathComponent("out.txt").path
    let losses = try LabelFormats.write(
      Dataset(
        format: "", videos: [VideoAnnotations(frameRate: 25, tracks: [track("2", "dog", [0])])]),
      as: MOT.self, to: out)
    #expect(try String(contentsOfFile: out, encoding: .utf8) == "1,2,1.5,2,3,4,1,1,-1\n")
    #expect(losses.counts[.classNames] == 1 && losses.counts[.frameRate] == 1)
  }

  @Test func `a sequence folder is read by what it is taken for`() throws {
    let folder = try LabelText("1,1,0,0,9,9,1,-1,-1,-1\n", name: "seq/gt/gt.txt")
    defer { folder.remove() }
    try folder.write("1,-1,0,0,9,9,0.5\n1,-1,0,0,9,9,0.5\n", name: "seq/det/det.txt")
    try folder.write("[Sequence]\nname=seq\nframeRate=14\n", name: "seq/seqinfo.ini")
    let path = folder.folder.appendingPathComponent("seq").path
    let labels = try LabelFormats.read(path: path)
    #expect(labels.format == "mot" && labels.videos[0].tracks.map(\.id) == ["1"])
    #expect(labels.videos[0].frameRate == 14)
    let found = try LabelFormats.read(path: path, options: ReadOptions(kind: .predictions))
    #expect(found.videos[0].tracks.map(\.id) == ["#1", "#2"])
  }

  // The columns as the readme of the UAVDT benchmark lists them.
  @Test func `UAVDT tells out of view, occlusion and class in columns 7 to 9`() throws {
    let dataset = try LabelText.read("1,1,0,0,9,9,1,1,1\n1,2,5,0,9,9,2,3,3\n", as: MOT.self)
    #expect(dataset.dialect.hasPrefix("UAVDT"))
    let tracks = dataset.videos[0].tracks
    #expect(tracks.map(\.className) == ["car", "bus"])
    #expect(tracks.map { $0.instances[0].visibility } == [.visible, .occluded])
    #expect(tracks[1].instances[0].attributes == ["truncated": "true"])
  }

  // MOTSynth adds the place in the world behind the ninth column.
  @Test func `more than ten columns are read as the first nine say`() throws {
    let dataset = try LabelText.read(
      "1,1,0,0,9,9,1,1,0.5,3.25,-1.5,20\n2,1,0,0,9,9,1,1,0.75,3.25,-1.5,20\n", as: MOT.self)
    #expect(dataset.dialect == "MOT16 ground truth, frames from 1")
    #expect(dataset.videos[0].tracks[0].className == "pedestrian")
    #expect(dataset.videos[0].tracks[0].instances[0].visibility == .ratio(0.5))
  }
}
