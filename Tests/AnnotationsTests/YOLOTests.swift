import Annotations
import Foundation
import Testing
import Timeline

/// Rows as ultralytics' `save_txt` writes them: `%g` of class, geometry, score and id in this order.
struct YOLOTests {
  /// Reads texts in a folder, named by their paths, as labels of a 200 x 100 video.
  private func read(
    _ files: [String: String], as format: any LabelFormat.Type = YOLO.self, path: String = "",
    hint: VideoHint? = VideoHint(name: "clip.mp4", width: 200, height: 100)
  ) throws -> Dataset {
    let folder = try LabelText("", name: "set/empty.log")
    defer { folder.remove() }
    for (name, text) in files { try folder.write(text, name: "set/" + name) }
    let whole = folder.folder.appendingPathComponent("set/" + path).path
    return try format.read(path: whole, options: ReadOptions(videos: hint.map { [$0] } ?? []))
  }

  private func recognised(_ files: [String: String]) throws -> String? {
    let folder = try LabelText("", name: "set/empty.log")
    defer { folder.remove() }
    for (name, text) in files { try folder.write(text, name: "set/" + name) }
    return try LabelFormats.recognised(path: folder.folder.appendingPathComponent("set").path)?.id
  }

  private func error(_ files: [String: String], path: String = "", hint: VideoHint? = nil)
    -> LabelError?
  {
    do {
      _ = try read(files, path: path, hint: hint)
      return nil
    } catch {
      return error as? LabelError
    }
  }

  private static let names = "names:\n  0: person\n  1: car\n"

  @Test func `texts count from 1, and a missing one is a frame without detections`() throws {
    let dataset = try read([
      "labels/clip_1.txt": "0 0.5 0.5 0.1 0.2\n", "labels/clip_4.txt": "1 0.25 0.5 0.1 0.2\n",
      "data.yaml": Self.names,
    ])
    let video = dataset.videos[0]
    #expect(video.name == "clip" && video.base == 1)
    #expect(video.annotated == .all)
    #expect(video.tracks.map(\.className) == ["person", "car"])
    #expect(video.tracks.map { $0.instances[0].frame } == [0, 3])
    #expect(video.tracks.allSatisfy { !$0.isTracked })
    #expect(
      video.tracks[0].instances[0].shape
        == .box(Box(left: 90, top: 40, width: 20, height: 20)))
    #expect(video.ontology.categories.map(\.name) == ["person", "car"])
  }

  @Test func `objects the tracker did not take up have a score and no id`() throws {
    let dataset = try read([
      "labels/clip_1.txt": "0 0.5 0.5 0.1 0.2 0.9 1\n0 0.2 0.5 0.1 0.2 0.4\n",
      "labels/clip_2.txt": "0 0.5 0.5 0.1 0.2 0.4\n",
      "labels/clip_3.txt": "0 0.5 0.5 0.1 0.2 1 1\n",
    ])
    let tracks = dataset.videos[0].tracks
    #expect(tracks.map(\.id) == ["1", "#1:2", "#2:1"])
    #expect(tracks.map(\.isTracked) == [true, false, false])
    #expect(tracks[0].instances.map(\.confidence) == [0.9, 1])
    #expect(tracks[1].instances[0].confidence == 0.4)
  }

  @Test(arguments: [
    (["3", "12"], ["3", "12"], [nil, nil]),
    (["1", "1"], ["1"], [nil]),
    (["0.5", "1"], ["#1:1", "#2:1"], [0.5, 1]),
    (["0", "1"], ["#1:1", "#2:1"], [0, 1]),
    (["0", "7"], ["0", "7"], [nil, nil]),
  ])
  func `a sixth value is an id or a score by what the whole folder holds`(
    values: [String], ids: [String], scores: [Double?]
  ) throws {
    var files: [String: String] = [:]
    for (place, value) in values.enumerated() {
      files["labels/clip_\(place + 1).txt"] = "0 0.5 0.5 0.1 0.2 \(value)\n"
    }
    let tracks = try read(files).videos[0].tracks
    #expect(tracks.map(\.id) == ids)
    #expect(tracks.map { $0.instances[0].confidence } == scores)
  }

  @Test func `ones that repeat within a frame are scores, and a person may force it`() throws {
    let files = ["labels/clip_1.txt": "0 0.5 0.5 0.1 0.2 1\n0 0.2 0.5 0.1 0.2 1\n"]
    #expect(try read(files).videos[0].tracks.map(\.id) == ["#1:1", "#1:2"])
    let forced = try read(files, as: YOLOIdentities.self).videos[0].tracks
    #expect(forced.map(\.id) == ["1"] && forced[0].instances.count == 2)
    let ids = ["labels/clip_1.txt": "0 0.5 0.5 0.1 0.2 3\n"]
    #expect(try read(ids, as: YOLOScores.self).videos[0].tracks[0].instances[0].confidence == 3)
  }

  @Test func `outlines with a score and an id, and boxes among them`() throws {
    let dataset = try read([
      "labels/clip_1.txt": "0 0.1 0.1 0.2 0.1 0.2 0.3 0.8 7\n1 0.5 0.5 0.1 0.2 0.7 8\n",
      "labels/clip_2.txt": "0 0.1 0.1 0.2 0.1 0.2 0.3 0.1 0.3 0.6\n",
    ])
    let tracks = dataset.videos[0].tracks
    #expect(tracks.map(\.id) == ["7", "8", "#2:1"])
    #expect(
      tracks[0].instances[0].shape
        == .polygon(Polygon([Point(20, 10), Point(40, 10), Point(40, 30)])))
    #expect(tracks[1].instances[0].shape.kind == .box)
    #expect(tracks.map { $0.instances[0].confidence } == [0.8, 0.7, 0.6])
    guard case .polygon(let last) = tracks[2].instances[0].shape else { return }
    #expect(last.parts[0].outer.count == 4)
  }

  @Test func `four corners of a turned box`() throws {
    // A box of 40 x 20 pixels about (100, 50), turned by 90 degrees clockwise.
    let files = ["labels/clip_1.txt": "0 0.55 0.3 0.55 0.7 0.45 0.7 0.45 0.3 0.9 5\n"]
    #expect(try recognised(files) == "yolo-obb")
    let track = try read(files, as: YOLORotated.self).videos[0].tracks[0]
    #expect(track.id == "5" && track.instances[0].confidence == 0.9)
    guard case .rotatedBox(let box) = track.instances[0].shape else {
      Issue.record("The shape is no rotated box.")
      return
    }
    #expect(abs(box.width - 40) < 1e-9 && abs(box.height - 20) < 1e-9)
    #expect(abs(box.angle - .pi / 2) < 1e-9)
  }

  @Test func `poses by kpt_shape, with visibilities or scores, and names of key points`() throws {
    let yaml =
      "names: [fly]\nkpt_shape: [2, 3]\nkpt_names:\n  0: [head, tail]\ntrain: images/train\n"
    let files = [
      "data.yaml": yaml, "labels/train/clip_1.txt": "0 0.5 0.5 0.2 0.2 0.5 0.5 2 0.45 0.5 1 3\n",
      "labels/train/clip_2.txt": "0 0.5 0.5 0.2 0.2 0.5 0.5 2 0 0 0 3\n",
    ]
    #expect(try recognised(files) == "yolo-pose")
    let dataset = try read(files, as: YOLOPose.self)
    #expect(dataset.report.badRowCount == 0)
    let track = dataset.videos[0].tracks[0]
    #expect(track.id == "3")
    guard case .skeleton(let one) = track.instances[0].shape,
      case .skeleton(let two) = track.instances[1].shape
    else {
      Issue.record("The shapes are no skeletons.")
      return
    }
    #expect(one.joints.map(\.name) == ["head", "tail"])
    #expect(one.joints.map(\.visibility) == [.visible, .hidden])
    #expect(one.joints[1].position == Point(90, 50))
    #expect(two.joints.map(\.visibility) == [.visible, .absent])
  }

  @Test func `poses without a data yaml are told by their points in the box`() throws {
    let files = [
      "labels/clip_1.txt": "0 0.5 0.5 0.2 0.2 0.5 0.5 0.98 0.45 0.5 0.7 0.52 0.55 0.1 0.9 1\n",
      "labels/clip_2.txt": "0 0.5 0.5 0.2 0.2 0.5 0.5 0.98 0.45 0.5 0.7 0 0 0.1 0.9 1\n",
    ]
    #expect(try recognised(files) == "yolo-pose")
    let track = try read(files, as: YOLOPose.self).videos[0].tracks[0]
    guard case .skeleton(let pose) = track.instances[1].shape else {
      Issue.record("The shape is no skeleton.")
      return
    }
    #expect(track.id == "1" && track.instances[0].confidence == 0.9)
    #expect(pose.joints.map(\.confidence) == [0.98, 0.7, 0.1])
    #expect(pose.joints.map(\.visibility) == [.visible, .visible, .absent])
  }

  @Test func `several videos in one folder`() throws {
    let dataset = try read([
      "labels/a_1.txt": "0 0.5 0.5 0.1 0.2\n", "labels/b-clip_12.txt": "0 0.5 0.5 0.1 0.2\n",
      "labels/b-clip_13.txt": "",
    ])
    #expect(dataset.videos.map(\.name) == ["a", "b-clip"])
    #expect(dataset.videos[1].tracks[0].instances[0].frame == 11)
  }

  @Test func `pictures beside the texts say what was annotated and where counting begins`() throws {
    let row = "0 0.5 0.5 0.1 0.2\n"
    let dataset = try read([
      "labels/train/frame_000000.txt": row, "labels/train/frame_000010.txt": row,
      "images/train/frame_000000.jpg": "", "images/train/frame_000005.jpg": "",
      "images/train/frame_000010.jpg": "",
    ])
    let video = dataset.videos[0]
    #expect(video.name == nil && video.base == 0)
    #expect(video.annotated == .every(step: 5, in: FrameRange(0, 11)))
    #expect(video.imageNames[5] == "frame_000005.jpg")
    #expect(video.tracks.map { $0.instances[0].frame } == [0, 10])
  }

  @Test func `a data yaml stands for its folder, and names may be a list`() throws {
    let dataset = try read(
      ["labels/clip_1.txt": "1 0.5 0.5 0.1 0.2\n", "data.yaml": "nc: 2\nnames: ['a', \"b c\"]\n"],
      path: "data.yaml")
    #expect(dataset.videos[0].tracks[0].className == "b c")
  }

  @Test(arguments: [
    ("x 0.5 0.5 0.1 0.2", "the class is not a whole number"),
    ("0 0.5 0.5 0.1", "there are 4 values; a class and at least 4 are needed"),
    ("0 0.5 nan 0.1 0.2", "value 3 is not a number"),
    ("0 320 0.5 0.1 0.2", "value 2 is no fraction of the picture"),
    ("-1 0.5 0.5 0.1 0.2", "the class is out of range"),
  ])
  func `a bad row is counted with its file and line`(row: String, reason: String) throws {
    let dataset = try read(["labels/clip_1.txt": "0 0.5 0.5 0.1 0.2\n" + row + "\n"])
    #expect(
      dataset.report.badRows == [ReadReport.BadRow(line: 2, reason: "clip_1.txt: " + reason)])
    #expect(dataset.videos[0].instanceCount == 1)
  }

  @Test func `what cannot be read is said`() throws {
    let row = "0 0.5 0.5 0.1 0.2\n"
    #expect(
      error(["labels/clip_1.txt": row])?.reason
        == "YOLO labels are fractions of the picture and do not state its size; name the video"
        + " clip, or put the pictures into a folder images beside labels")
    let whole = error(["labels/clip.txt": row + row])
    #expect(whole?.reason.contains("labels/clip.txt may hold all frames") == true)
    let tracked = "0 0.5 0.5 0.1 0.2 3\n0 0.6 0.5 0.1 0.2 3\n0 0.7 0.5 0.1 0.2 3\n"
    #expect(
      error(["labels/clip2.txt": tracked])?.reason.contains("names one id several times") == true)
    #expect(
      error(["labels/clip_1.txt": row], path: "labels/clip_1.txt")?.reason
        .hasPrefix("one text of YOLO labels is one frame; name the folder") == true)
    let hint = VideoHint(name: "a.mp4", width: 9, height: 9)
    #expect(
      error(["labels/a_1.txt": row, "data.yaml": "names: [a\n"], hint: hint)?.reason
        == "the file is no YAML; write it again")
    #expect(
      error(["labels/a_1.txt": row, "data.yaml": "- a\n"], hint: hint)?.reason
        == "this YAML names no classes; name a data.yaml")
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", " ", "a: [", "!!x ", "&a "])
  func `YAML that nests without end is refused or read, and never traps`(piece: String) {
    let yaml = "names: [a]\nx: " + String(repeating: piece, count: 100_000)
    let hint = VideoHint(name: "a.mp4", width: 9, height: 9)
    _ = error(["labels/a_1.txt": "0 0.5 0.5 0.1 0.2\n", "data.yaml": yaml], hint: hint)
    _ = error(
      ["labels/a_1.txt": "0 0.5 0.5 0.1 0.2\n", "data.yaml": "x:\n" + yaml.dropFirst(13)],
      hint: hint)
  }

  @Test func `what is written is what ultralytics writes`() throws {
    let folder = try LabelText("", name: "x")
    defer { folder.remove() }
    let dataset = Dataset(
      format: "",
      videos: [
        VideoAnnotations(
          name: "clip.mp4", width: 200, height: 100,
          tracks: [
            Track(
              id: "4", className: "person",
              instances: [
                Instance(
                  frame: 0, shape: .box(Box(left: 90, top: 40, width: 20, height: 20)),
                  confidence: 0.5)
              ]),
            Track(
              id: "#", className: "car", isTracked: false,
              instances: [
                Instance(frame: 2, shape: .box(Box(left: 0, top: 0, width: 1, height: 1)))
              ]),
          ])
      ])
    let out = folder.folder.appendingPathComponent("out").path
    _ = try LabelFormats.write(dataset, as: YOLO.self, to: out)
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: out + "/" + name, encoding: .utf8)
    }
    #expect(try text("labels/clip_1.txt") == "0 0.5 0.5 0.1 0.2 0.5 4\n")
    #expect(try text("labels/clip_3.txt") == "1 0.0025 0.005 0.005 0.01 -1\n")
    #expect(
      try text("data.yaml")
        == """
        path: .
        train: images
        val: images
        videos:
          "clip": "clip.mp4"
        names:
          0: "person"
          1: "car"

        """)
  }
}
