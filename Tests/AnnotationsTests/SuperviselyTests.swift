import Annotations
import Foundation
import Testing
import Timeline

struct SuperviselyTests {
  private static let key = String(repeating: "ab", count: 16)

  /// An annotation of a video of 200 times 100 pixels with one object.
  private static func annotation(
    _ figures: String, tags: String = "", objectTags: String = "", frame: Int = 3
  ) -> String {
    #"""
    {"size": {"height": 100, "width": 200}, "description": "", "key": "\#(key)", "tags": [\#(tags)],
    "framesCount": 9,"objects": [{"key": "\#(key)", "classTitle": "fly", "tags": [\#(objectTags)]}],
    "frames": [{"index": \#(frame), "figures": [
    \#(figures)]}]}
    """#
  }

  private static func figure(_ type: String, _ geometry: String, more: String = "") -> String {
    #"{"key": "k", "objectKey": "\#(key)", "geometryType": "\#(type)", "#
      + #""geometry": \#(geometry)\#(more)}"#
  }

  private static func points(_ exterior: String, _ interior: String = "") -> String {
    #"{"points": {"exterior": [\#(exterior)], "interior": [\#(interior)]}}"#
  }

  // By hand from the documentation of the format; supervisely 6.74.51 agrees
  // (tools/conformance/checks/supervisely.py), also that a rectangle holds both corners.
  private static let shapes: [(String, Shape)] = [
    (
      figure("rectangle", points("[10, 20], [40, 40]")),
      .box(Box(left: 10, top: 20, width: 31, height: 21))
    ),
    (
      figure("rectangle", points("[40, 40], [10, 20]")),
      .box(Box(left: 10, top: 20, width: 31, height: 21))
    ),
    (
      figure("oriented_bbox", #"{"points": [[10, 20], [39, 39]], "angle": 0.5}"#),
      .rotatedBox(RotatedBox(center: Point(25, 30), width: 30, height: 20, angle: 0.5))
    ),
    (
      figure("polygon", points("[0, 0], [9, 0], [9, 9]", "[[1, 1], [2, 1], [2, 2]]")),
      .polygon(
        Polygon(parts: [
          Polygon.Part(
            outer: [Point(0, 0), Point(9, 0), Point(9, 9)],
            holes: [[Point(1, 1), Point(2, 1), Point(2, 2)]])
        ]))
    ),
    (figure("line", points("[0, 0], [9, 0]")), .polyline([Point(0, 0), Point(9, 0)])),
    (figure("point", points("[4, 5]")), .points([Point(4, 5)])),
    (
      figure(
        "graph", #"{"nodes": {"b": {"loc": [1, 2]}, "a": {"loc": [3, 4], "disabled": true}}}"#),
      .skeleton(
        Skeleton(joints: [
          Joint(name: "b", position: Point(1, 2), visibility: .visible),
          Joint(name: "a", position: Point(3, 4), visibility: .absent),
        ]))
    ),
  ]

  @Test(arguments: shapes)
  func `every geometry is read`(figure: String, expected: Shape) throws {
    let dataset = try LabelText.read(Self.annotation(figure), name: "ann/clip.mp4.json")
    #expect(dataset.format == "supervisely")
    #expect(dataset.report.badRowCount == 0)
    let video = dataset.videos[0]
    #expect(video.name == "clip.mp4")
    #expect([video.width, video.height, video.frameCount] == [200, 100, 9])
    #expect(video.tracks.map(\.id) == [Self.key])
    #expect(video.tracks[0].className == "fly")
    #expect(video.tracks[0].instances.map(\.frame) == [3])
    #expect(video.tracks[0].instances[0].shape == expected)
  }

  // Written by supervisely 6.74.51: Bitmap([[1, 0], [1, 1]], origin=(row 3, column 4)).
  @Test func `a bitmap is a PNG, deflated and in base64`() throws {
    let data =
      "eJzrDPBz5+WS4mJgYOD19HAJAtJMIMzIDCQ9KuanAym2AJ8QVyD9////pTfn3wWyGEuC/IIZHJ7dSANyeDxdHEMq"
      + "5iRnJFgANbowOr5YyMEOFGfwdPVzWeeU0AQAPdsYYQ=="
    let figure = Self.figure(
      "bitmap", #"{"bitmap": {"origin": [4, 3], "data": "\#(data)"}, "shape": "bitmap"}"#)
    let dataset = try LabelText.read(
      Self.annotation(figure), ReadOptions(images: labelImages))
    #expect(dataset.report.badRows.map(\.reason) == [])
    #expect(
      dataset.videos[0].tracks[0].instances.map(\.shape)
        == [.mask(try #require(Mask(left: 4, top: 3, width: 2, height: 2, runs: [0, 1, 1, 2])))])
  }

  @Test func `names and bones of joints come from meta.json`() throws {
    let file = try LabelText(
      Self.annotation(
        Self.figure("graph", #"{"nodes": {"u2": {"loc": [1, 2]}, "u1": {"loc": [3, 4]}}}"#)),
      name: "project/ds/ann/clip.mp4.json")
    defer { file.remove() }
    try file.write(
      #"""
      {"classes": [{"title": "fly", "id": 7, "shape": "graph", "geometry_config": {
        "nodes": {"u1": {"label": "nose"}, "u2": {"label": "tail"}, "u3": {"label": "wing"}},
        "edges": [{"src": "u2", "dst": "u1"}, {"src": "u2", "dst": "gone"}]}}], "tags": []}
      """#, name: "project/meta.json")
    let project = file.folder.appendingPathComponent("project").path
    for path in [file.path, project] {
      let dataset = try LabelFormats.read(path: path)
      #expect(dataset.videos.map(\.name) == ["clip.mp4"])
      let category = dataset.videos[0].ontology.categories[0]
      #expect(category.joints == ["nose", "tail", "wing"] && category.sourceID == "7")
      #expect(category.edges == [Ontology.Edge(1, 0)])
      guard case .skeleton(let skeleton) = dataset.videos[0].tracks[0].instances[0].shape else {
        Issue.record("no skeleton")
        return
      }
      #expect(skeleton.joints.map(\.name) == ["nose", "tail", "wing"])
      #expect(skeleton.joints.map(\.position).prefix(2) == [Point(3, 4), Point(1, 2)])
      #expect(skeleton.joints.map(\.visibility) == [.visible, .visible, .absent])
    }
  }

  @Test func `tags hold for videos, ranges, objects and their instances`() throws {
    let dataset = try LabelText.read(
      Self.annotation(
        Self.figure("point", Self.points("[4, 5]")),
        tags: #"{"name": "indoor"}, {"name": "pose", "value": "up", "frameRange": [2, 4]}"#,
        objectTags: #"{"name": "track_id", "value": "7"}, {"name": "colour", "value": "red"}, "#
          + #"{"name": "bent", "frameRange": [3, 3]}, {"name": "late", "frameRange": [4, 8]}"#))
    #expect(
      dataset.videos[0].ranges == [
        RangeLabel(range: FrameRange(0, 9), name: "indoor"),
        RangeLabel(range: FrameRange(2, 5), name: "pose", value: "up"),
      ])
    let track = dataset.videos[0].tracks[0]
    #expect(track.id == "7" && track.attributes == ["colour": "red"])
    #expect(track.instances.map(\.attributes) == [["bent": "true"]])
  }

  @Test(arguments: [
    ("", Origin.imported), (#", "nnCreated": false, "nnUpdated": false"#, .human),
    (#", "nnCreated": true, "nnUpdated": false"#, .human),
    (#", "nnCreated": true, "nnUpdated": true"#, .model),
    (#", "nnCreated": true, "nnUpdated": true, "trackId": "1234""#, .tracked),
  ])
  func `what made a figure shows in its flags`(flags: String, expected: Origin) throws {
    let dataset = try LabelText.read(
      Self.annotation(Self.figure("point", Self.points("[4, 5]"), more: flags)))
    #expect(dataset.videos[0].tracks[0].instances.map(\.origin) == [expected])
  }

  // MARK: Damage

  private static let flaws: [(String, String)] = [
    (figure("rectangle", points("[1, 2]")), "the rectangle has no usable places"),
    (figure("rectangle", points("[1, 2], [3, NaN]")), "the rectangle has no usable places"),
    (figure("polygon", points("[1, 2], [3, 4]")), "the polygon has no usable places"),
    (
      figure("cuboid", #"{"points": [[1, 2]], "faces": [[0, 1, 2, 9]]}"#),
      "the cuboid has no usable places"
    ),
    (figure("mask_3d", "{}"), "a mask_3d has no place in a picture"),
    (
      figure("bitmap", #"{"bitmap": {"origin": [0, 0], "data": "AAAA"}}"#),
      "the data of the bitmap is no deflated PNG"
    ),
    (#"{"geometryType": "point"}"#, "the figure has no objectKey"),
    (#"{"objectKey": "zz", "geometryType": "point"}"#, "the object zz is not among the objects"),
    (#"{"objectKey": "zz"}"#, "the figure has no geometryType"),
  ]

  @Test(arguments: flaws)
  func `a bad figure is counted with its line and reason and costs no other`(
    figure: String, reason: String
  ) throws {
    let good = Self.figure("point", Self.points("[4, 5]"))
    let dataset = try LabelText.read(
      Self.annotation(figure + ",\n" + good), as: Supervisely.self,
      ReadOptions(images: labelImages))
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 4, reason: reason)])
    #expect(dataset.videos[0].instanceCount == 1)
  }

  @Test func `a frame number of damage is a bad row`() throws {
    let point = Self.figure("point", Self.points("[4, 5]"))
    for frame in [-1, 99_999_999_999] {
      let dataset = try LabelText.read(Self.annotation(point, frame: frame))
      #expect(
        dataset.report.badRows.map(\.reason) == ["the index of the frame is no frame number"])
    }
  }

  @Test(arguments: ["hello", "[]", "{}", #"{"size": {}, "objects": []}"#, #"{"frames": 3}"#])
  func `what is no annotation of a video is of the wrong format`(text: String) {
    #expect(LabelText.error(text, as: Supervisely.self)?.code == .wrongFormat)
  }

  @Test func `a file cut anywhere is damaged`() throws {
    let text = Self.annotation(Self.figure("point", Self.points("[4, 5]")))
    for length in stride(from: 1, to: text.utf8.count - 1, by: 7) {
      let cut = String(decoding: text.utf8.prefix(length), as: UTF8.self)
      #expect(LabelText.error(cut, as: Supervisely.self)?.code == .damaged)
    }
  }

  @Test func `one broken annotation of a project costs no other`() throws {
    let file = try LabelText(
      Self.annotation(Self.figure("point", Self.points("[4, 5]"))), name: "p/ds/ann/a.mp4.json")
    defer { file.remove() }
    try file.write(#"{"size": {"#, name: "p/ds/ann/b.mp4.json")
    let project = file.folder.appendingPathComponent("p").path
    let dataset = try LabelFormats.read(path: project)
    #expect(dataset.videos.map(\.name) == ["a.mp4"])
    #expect(
      dataset.report.badRows == [
        ReadReport.BadRow(
          line: 1,
          reason: "ds/ann/b.mp4.json: the file ends in the middle; export the file again")
      ])
  }
}
