import Annotations
import Foundation
import Testing
import Timeline

/// The interpolated boxes are those of `interpolate` in DIVE's `dive_utils/models.py`.
struct DIVETests {
  private static let text = """
    {"tracks":{"4":{"id":4,"begin":0,"end":6,"confidencePairs":[["crab",0.25],["fish",0.75]],
    "attributes":{"sex":"f","wild":true},"features":[
    {"frame":0,"bounds":[0,0,10,10],"interpolate":true,"keyframe":true,"attributes":{"n":2}},
    {"frame":4,"bounds":[2,10,13,20],"interpolate":false},
    {"frame":6,"bounds":[5,5,9,9],"geometry":{"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"key":""},"geometry":{"type":"Polygon","coordinates":
    [[[5,5],[9,5],[9,9],[5,5]]]}},
    {"type":"Feature","properties":{"key":"head"},"geometry":{"type":"Point","coordinates":[6,7]}}
    ]}}]}},"groups":{"1":{}},"version":2}
    """

  @Test func `key frames, the frames between by DIVE's rule, and gaps`() throws {
    let dataset = try LabelText.read(Self.text, name: "tracks.json")
    #expect(dataset.format == "dive" && dataset.report.badRowCount == 0)
    let track = try #require(dataset.videos[0].tracks.first)
    #expect(track.id == "4" && track.className == "fish")
    #expect(track.attributes == ["sex": "f", "wild": "true", "track_score": "0.75"])
    #expect(track.instances.map(\.frame) == [0, 1, 2, 3, 4, 6])
    #expect(track.instances.map(\.isKeyFrame) == [true, false, false, false, true, true])
    #expect(
      track.instances.map(\.origin) == [
        .imported, .interpolated, .interpolated, .interpolated, .imported, .imported,
      ])
    // round() of Python: 0.5 -> 0, 2.5 -> 2, 10.75 -> 11, 12.5 -> 12; 1, 5, 11.5 -> 12, 15; 1.5 -> 2,
    // 7.5 -> 8, 12.25 -> 12, 17.5 -> 18.
    #expect(
      track.instances[1...3].map(\.shape) == [
        .box(Box(left: 0, top: 2, width: 11, height: 10)),
        .box(Box(left: 1, top: 5, width: 11, height: 10)),
        .box(Box(left: 2, top: 8, width: 10, height: 10)),
      ])
    #expect(track.instances[0].attributes == ["n": "2"])
    #expect(
      track.instances[5].shape == .polygon(Polygon([Point(5, 5), Point(9, 5), Point(9, 9)])))
    #expect(track.instances[5].attributes == ["kp:head": "6 7"])
    #expect(dataset.report.notes.contains("1 groups of tracks were left out"))
  }

  @Test func `written key frames stay key frames, and what DIVE fills in is left to it`() throws {
    let file = try LabelText(Self.text, name: "tracks.json")
    defer { file.remove() }
    let first = try LabelFormats.read(path: file.path)
    let out = file.folder.appendingPathComponent("out.json").path
    _ = try LabelFormats.write(first, as: DIVE.self, to: out)
    let text = try String(contentsOfFile: out, encoding: .utf8)
    #expect(text.components(separatedBy: "\"bounds\"").count == 4)
    let second = try LabelFormats.read(path: out)
    #expect(second.videos[0].tracks.map(\.attributes) == first.videos[0].tracks.map(\.attributes))
    #expect(
      second.videos[0].tracks[0].instances.map(\.shape)
        == first.videos[0].tracks[0].instances.map(\.shape))
    #expect(
      second.videos[0].tracks[0].instances.map(\.isKeyFrame)
        == first.videos[0].tracks[0].instances.map(\.isKeyFrame))
  }

  @Test func `the first version has no object around the tracks`() throws {
    // The file testutils/tracks.json of DIVE, by its numbers.
    let text = """
      {"999999": {"begin": 0, "end": 0, "trackId": 999999, "features": [{"frame": 0,
      "bounds": [670, 183, 968, 433], "interpolate": false, "keyframe": true}],
      "confidencePairs": [["motion_signature", 0.996269]], "attributes": {}}}
      """
    let track = try LabelText.read(text, name: "tracks.json").videos[0].tracks[0]
    #expect(track.id == "999999" && track.className == "motion_signature")
    #expect(track.attributes == ["track_score": "0.996269"])
    #expect(
      track.instances[0].shape == .box(Box(left: 670, top: 183, width: 298, height: 250)))
  }

  @Test func `the rate of annotation comes from a meta json beside the file`() throws {
    let file = try LabelText(Self.text, name: "annotations.json")
    defer { file.remove() }
    try file.write("{\"fps\": 10, \"type\": \"video\"}", name: "meta.json")
    let hint = VideoHint(name: "v.mp4", width: 64, height: 48, frameCount: 90, frameRate: 30)
    let video = try LabelFormats.read(
      path: file.path, options: ReadOptions(videos: [hint])
    ).videos[0]
    #expect(video.tracks[0].instances.map(\.frame) == [0, 3, 6, 9, 12, 18])
    #expect(video.annotated == .every(step: 3, in: FrameRange(0, 88)))
    #expect(try LabelFormats.read(path: file.path).videos[0].frameRate == 10)
  }

  @Test func `more frames between than any labels have are not filled in`() throws {
    let text = """
      {"tracks":{"1":{"id":1,"features":[{"frame":0,"bounds":[0,0,1,1],"interpolate":true},
      {"frame":9999999,"bounds":[0,0,1,1]}]}},"groups":{}}
      """
    let dataset = try LabelText.read(text, name: "a.json")
    #expect(dataset.videos[0].instanceCount == 2)
    #expect(dataset.report.notes[0].hasPrefix("1 stretches between key frames were not filled in"))
  }

  @Test(arguments: [
    ("{\"frame\":1.5,\"bounds\":[0,0,1,1]}", "track 1: a feature has no whole frame number"),
    ("{\"frame\":-1,\"bounds\":[0,0,1,1]}", "track 1: a frame number is below the first frame, 0"),
    ("{\"frame\":99999999,\"bounds\":[0,0,1,1]}", "track 1: a frame number is too large"),
    ("{\"frame\":1}", "track 1: the bounds of frame 1 are not four usable numbers"),
    (
      "{\"frame\":1,\"bounds\":[0,0,NaN,1]}",
      "track 1: the bounds of frame 1 are not four usable numbers"
    ),
  ])
  func `a bad feature costs nothing else`(feature: String, reason: String) throws {
    let dataset = try LabelText.read(
      "{\"tracks\":{\"1\":{\"id\":1,\"features\":[{\"frame\":0,\"bounds\":[0,0,1,1]},\(feature)]}}}",
      as: DIVE.self)
    #expect(dataset.report.badRows.map(\.reason) == [reason])
    #expect(dataset.videos[0].instanceCount == 1)
  }

  @Test func `what is no DIVE is refused`() {
    #expect(
      LabelText.error("{\"a\": 1}", as: DIVE.self)?.reason
        == "there are no tracks of DIVE in it; name the right format")
    #expect(LabelText.error("[1]", as: DIVE.self)?.code == .wrongFormat)
    #expect(LabelText.error("{\"tracks\":{\"1\":", as: DIVE.self)?.code == .damaged)
  }
}
