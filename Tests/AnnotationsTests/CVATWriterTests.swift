import Annotations
import Foundation
import Testing
import Timeline

/// What CVAT is given, element by element.
struct CVATWriterTests {
  private static func box(_ frame: Int, _ left: Double, key: Bool?) -> Instance {
    Instance(
      frame: frame, shape: .box(Box(left: left, top: 0, width: 10, height: 10)), isKeyFrame: key,
      origin: key == false ? .interpolated : .human, visibility: .visible)
  }

  /// A track drawn as one letter a frame: `K` a key frame, `X` another on the line, `Y` one beside
  /// it, `.` nothing.
  private static func track(_ drawing: String, id: String = "0", absences: [FrameRange] = [])
    -> Track
  {
    let instances = drawing.enumerated().compactMap { frame, letter -> Instance? in
      letter == "."
        ? nil : box(frame, Double(frame) + (letter == "Y" ? 5 : 0), key: letter == "K")
    }
    return Track(id: id, className: "car", instances: instances, absences: absences)
  }

  private static func video(_ tracks: [Track], count: Int? = 10) -> VideoAnnotations {
    VideoAnnotations(
      name: "clip.mp4", width: 640, height: 480, frameCount: count,
      ontology: Ontology(categories: [Ontology.Category(name: "car")]), tracks: tracks)
  }

  private static func written(
    _ videos: [VideoAnnotations], as format: any WritableFormat.Type = CVATVideo.self
  ) throws -> (text: String, losses: LossReport) {
    let file = try LabelText("", name: "out.xml")
    defer { file.remove() }
    let losses = try LabelFormats.write(
      Dataset(format: "sample", videos: videos), as: format, to: file.path)
    return (try String(contentsOfFile: file.path, encoding: .utf8), losses)
  }

  /// The shapes as one letter an element: `K` a key frame, `x` none, `o` outside, with the frames.
  private static func shapes(_ text: String) -> String {
    text.split(separator: "\n").filter { $0.contains("<box ") }.map { line in
      let frame = line.split(separator: "\"")[1]
      if line.contains("outside=\"1\"") { return "o\(frame)" }
      return (line.contains("keyframe=\"1\"") ? "K" : "x") + frame
    }.joined(separator: " ")
  }

  @Test(arguments: [
    // CVAT shows an object until it is outside: every hole and every end is said.
    ("KXXXK.KK..", "K0 x1 x2 x3 K4 o5 K6 K7 o8"),
    ("KXXXXXXXXK", "K0 x1 x2 x3 x4 x5 x6 x7 x8 K9"),
    // A frame beside the line would be moved onto it: its stretch becomes key frames.
    ("KXYXK.....", "K0 K1 K2 K3 K4 o5"),
    // The last shape before the end moves on to it, so it is a key frame.
    ("KXXX......", "K0 x1 x2 K3 o4"),
    ("....K.....", "K4 o5"),
  ])
  func `Tracks are written so that CVAT shows them as they are`(
    drawing: String, expected: String
  ) throws {
    let text = try Self.written([Self.video([Self.track(drawing)])]).text
    #expect(Self.shapes(text) == expected)
  }

  @Test func `What becomes a key frame or a declared absence is counted`() throws {
    let losses = try Self.written([Self.video([Self.track("KXYXK.KK..")])]).losses
    #expect(losses.counts[.keyFrames] == 3)
    #expect(losses.counts[.absences] == 1)
    let declared = Self.track("KKKKK.KK..", absences: [FrameRange(5, 6)])
    #expect(try Self.written([Self.video([declared])]).losses.isEmpty)
  }

  @Test func `A declared absence before the first shape is kept`() throws {
    let track = Self.track("...KK.....", absences: [FrameRange(1, 3), FrameRange(5, Int.max)])
    let text = try Self.written([Self.video([track])]).text
    #expect(Self.shapes(text) == "o1 K3 K4 o5")
    let read = try CVATText.read(text)
    #expect(read.videos[0].tracks[0].absences == track.absences)
  }

  @Test func `Ids that are not places, and masks of one track, are kept by an attribute`() throws {
    let mask = Shape.mask(
      try #require(Mask(left: 1, top: 0, width: 4, height: 3, runs: [0, 3, 8, 1])))
    let masks = Track(
      id: "m", className: "car",
      instances: (2..<5).map { Instance(frame: $0, shape: mask, isKeyFrame: true, origin: .human) })
    let (text, losses) = try Self.written([Self.video([Self.track("KK........", id: "7"), masks])])
    #expect(losses.isEmpty)
    // The test vector of section 0.4.
    #expect(text.contains("rle=\"0, 3, 8, 1\" left=\"1\" top=\"0\" width=\"4\" height=\"3\""))
    #expect(text.components(separatedBy: "<track ").count == 5)
    let read = try CVATText.read(text)
    #expect(read.videos[0].tracks.map(\.id) == ["7", "m"])
    #expect(read.videos[0].tracks[1].instances.map(\.frame) == [2, 3, 4])
    #expect(read.videos[0].tracks.allSatisfy { $0.attributes.isEmpty })
  }

  @Test func `An attribute track_id that means something else stays one`() throws {
    let labels =
      "<label><name>car</name><attributes><attribute><name>track_id</name>"
      + "<mutable>False</mutable></attribute></attributes></label>"
    let named = "<attribute name=\"track_id\">x</attribute></box>"
    let tracks = CVATText.track("KK") + CVATText.track(id: "1", "KK")
    let read = try CVATText.read(
      CVATText.task(labels: labels, tracks.replacingOccurrences(of: "</box>", with: named)))
    #expect(read.videos[0].tracks.map(\.id) == ["0", "1"])
    #expect(read.videos[0].tracks.map(\.attributes) == [["track_id": "x"], ["track_id": "x"]])
  }

  @Test func `Every fifth frame is a task of that step`() throws {
    var video = Self.video([
      Track(
        id: "0", className: "car",
        instances: [2, 7, 17].map { Self.box($0, Double($0), key: true) })
    ])
    video.annotated = .only([2, 7, 12, 17, 22])
    video.frameCount = nil
    let text = try Self.written([video]).text
    #expect(text.contains("<start_frame>2</start_frame>\n"))
    #expect(text.contains("<stop_frame>22</stop_frame>\n"))
    #expect(text.contains("<frame_filter>step=5</frame_filter>\n"))
    #expect(Self.shapes(text) == "K2 K7 o12 K17 o22")
    let read = try CVATText.read(text).videos[0]
    #expect(read.annotated == .every(step: 5, in: FrameRange(2, 23)))
  }

  @Test func `Frames that no step fits are lost with a count`() throws {
    var video = Self.video([Self.track("K.K..K....")])
    video.annotated = .only([0, 2, 5])
    #expect(try Self.written([video]).losses.counts[.annotatedFrames] == 1)
    #expect(try Self.written([video], as: CVATImages.self).losses.counts[.annotatedFrames] == nil)
  }

  @Test func `Images of all frames are written, with tags`() throws {
    var video = Self.video([Self.track("K.K.......")])
    video.ranges = [
      RangeLabel(
        range: FrameRange(1, 3), name: "night", attributes: ["lamp": "on"], origin: .human)
    ]
    video.imageNames[2] = "third.png"
    let (text, losses) = try Self.written([video], as: CVATImages.self)
    #expect(text.components(separatedBy: "<image ").count == 11)
    #expect(text.contains("<image id=\"1\" name=\"frame_000001\" width=\"640\" height=\"480\">"))
    #expect(text.components(separatedBy: "<tag label=\"night\" source=\"manual\">").count == 3)
    #expect(losses.counts == [.keyFrames: 2])
    let read = try CVATText.read(text, format: nil)
    #expect(read.format == "cvat-images")
    #expect(read.videos[0].ranges.map(\.range) == [FrameRange(1, 2), FrameRange(2, 3)])
    #expect(read.videos[0].ranges.first?.attributes == ["lamp": "on"])
    #expect(read.videos[0].imageNames == [2: "third.png"])
    #expect(read.videos[0].annotated == .every(step: 1, in: FrameRange(0, 10)))
    #expect(read.videos[0].tracks.map(\.id) == ["0"])
  }

  @Test func `Joints, their attributes and the bones come back`() throws {
    let joints = ["nose", "a/b"]
    func joint(_ name: String, _ x: Double, _ visibility: Joint.Visibility) -> Joint {
      Joint(name: name, position: Point(x, 2), visibility: visibility)
    }
    let track = Track(
      id: "0", className: "fly",
      instances: [
        Instance(
          frame: 0,
          shape: .skeleton(
            Skeleton(joints: [joint("nose", 1, .visible), joint("a/b", 3, .hidden)])),
          isKeyFrame: true, origin: .human, visibility: .occluded,
          attributes: ["a/b/sure": "no", "mood": "<&\">\n"])
      ])
    var video = Self.video([track])
    video.ontology.categories = [
      Ontology.Category(name: "fly", joints: joints, edges: [Ontology.Edge(0, 1)])
    ]
    let text = try Self.written([video]).text
    let read = try CVATText.read(text).videos[0]
    #expect(read.tracks[0].instances[0].shape == track.instances[0].shape)
    #expect(read.tracks[0].instances[0].attributes == track.instances[0].attributes)
    #expect(read.tracks[0].instances[0].visibility == .occluded)
    #expect(read.ontology.categories.first?.edges == [Ontology.Edge(0, 1)])
    #expect(read.ontology.categories.first?.joints == joints)
  }

  @Test func `What cannot be drawn is left out with a count`() throws {
    let shapes: [Shape] = [
      .polyline([]), .cuboid([Point(0, 0)]), .box(Box(left: .nan, top: 0, width: 1, height: 1)),
    ]
    let tracks = shapes.enumerated().map { place, shape in
      Track(
        id: String(place), className: "car",
        instances: [Instance(frame: 0, shape: shape, isKeyFrame: true, origin: .human)])
    }
    for format in [CVATVideo.self, CVATImages.self] as [any WritableFormat.Type] {
      let (text, losses) = try Self.written([Self.video(tracks)], as: format)
      #expect(losses.counts[.instances] == 3)
      #expect(try CVATText.read(text).videos[0].tracks.isEmpty)
    }
  }

  @Test func `Groups and orders that are no numbers would stop CVAT's importer`() throws {
    var track = Self.track("K.........")
    track.attributes = [ReservedAttribute.group: "team a"]
    for format in [CVATVideo.self, CVATImages.self] as [any WritableFormat.Type] {
      let (text, losses) = try Self.written([Self.video([track])], as: format)
      #expect(!text.contains("group_id") && losses.counts[.group] == 1)
    }
  }

  @Test func `A frame count beyond all bounds does not fill the disk`() throws {
    var video = Self.video([Self.track("K.........")], count: Int.max)
    video.annotated = .every(step: 1_000_000, in: FrameRange(0, Int.max))
    let text = try Self.written([video], as: CVATImages.self).text
    #expect(text.components(separatedBy: "<image ").count < 20)
  }

  @Test func `An object without a class gets the name that CVAT needs`() throws {
    var track = Self.track("K.........")
    track.className = ""
    #expect(try Self.written([Self.video([track])]).text.contains("label=\"object\""))
  }
}
