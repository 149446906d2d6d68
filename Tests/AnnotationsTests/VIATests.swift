import Annotations
import Foundation
import Testing
import Timeline

struct VIATests {
  // Shapes and attributes are numbered as VIA's `_via_metadata.js` and `_via_attribute.js` do.
  private static let text = """
    {"project":{"pid":"p","data_format_version":"3.1.1","vid_list":["1","2"]},"config":{},
    "attribute":{"1":{"aname":"Track","type":1,"options":{}},
    "2":{"aname":"class","type":3,"options":{"0":"person","1":"car"}},
    "3":{"aname":"action","type":2,"options":{"a":"run","b":"jump"}}},
    "file":{"1":{"fid":"1","fname":"clip.mp4","type":4,"loc":1,"src":""},
    "2":{"fid":"2","fname":"still.png","type":2,"loc":1,"src":""}},
    "metadata":{
    "m1":{"vid":"1","flg":0,"z":[0.04],"xy":[2,10,20,30,40],"av":{"1":"7","2":"1"}},
    "m2":{"vid":"1","flg":0,"z":[0.079],"xy":[7,0,0,9,0,9,9],"av":{"1":"7","2":"1"}},
    "m3":{"vid":"1","flg":0,"z":[0.2],"xy":[4,50,60,5,6],"av":{"3":"a"}},
    "m4":{"vid":"1","flg":0,"z":[0.1,0.2],"xy":[],"av":{"3":"a,b"}},
    "m5":{"vid":"2","flg":0,"z":[],"xy":[2,1,2,3,4],"av":{}},
    "m6":{"vid":"1","flg":0,"z":[],"xy":[],"av":{"3":"a"}}},
    "view":{"1":{"fid_list":["1"]},"2":{"fid_list":["2"]}}}
    """

  private static let hint = VideoHint(name: "clip.mp4", width: 64, height: 48, frameRate: 25)

  @Test func `seconds become the frames shown then`() throws {
    let dataset = try LabelText.read(Self.text, ReadOptions(videos: [Self.hint]))
    #expect(dataset.format == "via" && dataset.report.badRowCount == 0)
    #expect(dataset.videos.map(\.name) == ["clip.mp4"])
    let tracks = dataset.videos[0].tracks
    #expect(tracks.map(\.id) == ["7", "#m3"])
    #expect(tracks[0].className == "car")
    // 0.079 s lies in frame 1; 0.04 s is where it begins.
    #expect(tracks[0].instances.map(\.frame) == [1, 1])
    #expect(
      tracks[0].instances[0].shape == .box(Box(left: 10, top: 20, width: 30, height: 40)))
    #expect(tracks[0].instances[1].shape.kind == .polygon)
    #expect(tracks[1].instances[0].frame == 5)
    #expect(tracks[1].instances[0].attributes == ["action": "run"])
    #expect(
      tracks[1].instances[0].shape
        == .ellipse(Ellipse(center: Point(50, 60), radiusX: 5, radiusY: 6)))
    #expect(
      dataset.videos[0].ranges == [
        RangeLabel(range: FrameRange(2, 5), name: "action", value: "run,jump", origin: .imported)
      ])
    #expect(
      dataset.report.notes == [
        "1 entries of still images were left out",
        "1 entries speak of whole files and were left out",
      ])
  }

  @Test func `the times of the frames count before the rate`() throws {
    var hint = Self.hint
    hint.frameTimes = { [0, 0.03, 0.035, 0.15, 0.21] }
    let video = try LabelText.read(Self.text, ReadOptions(videos: [hint])).videos[0]
    #expect(video.tracks[0].instances.map(\.frame) == [2, 2])
    #expect(video.tracks[1].instances[0].frame == 3)
    #expect(video.ranges[0].range == FrameRange(2, 4))
  }

  @Test func `without a video that knows its rate there are no frames`() {
    #expect(
      LabelText.error(Self.text, as: VIA.self)?.reason
        == "VIA counts seconds and not frames; name the video clip.mp4 to turn them into frames")
  }

  @Test(arguments: [
    (
      "\"xy\":[2,10,20,30,40]", "\"xy\":[2,10,20]",
      "the region is of a kind or a length that is not known"
    ),
    ("\"xy\":[2,10,20,30,40]", "\"xy\":[2,10,20,NaN,40]", "a coordinate is too large or no number"),
    ("\"z\":[0.04]", "\"z\":[-1]", "the time -1 lies in no frame"),
    ("\"z\":[0.04]", "\"z\":[1e300]", "the time 1e+300 lies in no frame"),
    ("\"z\":[0.04]", "\"z\":[1,2]", "the region has 2 times instead of one"),
    ("\"z\":[0.04]", "\"z\":\"x\"", "its times or its region are no list of numbers"),
    ("{\"vid\":\"1\",\"flg\":0,\"z\":[0.04]", "{\"z\":[0.04]", "it names no view"),
  ])
  func `a bad entry costs nothing else`(old: String, new: String, reason: String) throws {
    let dataset = try LabelText.read(
      Self.text.replacingOccurrences(of: old, with: new), as: VIA.self,
      ReadOptions(videos: [Self.hint]))
    #expect(dataset.report.badRows.map(\.reason) == ["m1: " + reason])
    #expect(dataset.videos[0].instanceCount == 2)
  }

  @Test func `what is no project, or holds no video, is refused`() {
    #expect(
      LabelText.error("{}", as: VIA.self)?.reason
        == "there is no project of VIA 3 in it; name the right format")
    #expect(
      LabelText.error(
        Self.text.replacingOccurrences(of: "\"type\":4", with: "\"type\":2"), as: VIA.self)?.reason
        == "the project holds no video but other files; export still images in another format")
    #expect(LabelText.error(String(Self.text.prefix(300)), as: VIA.self)?.code == .damaged)
  }
}

struct VIATracksTests {
  // Rows as movement's `to_via_tracks_file` writes them, and one in Python's quotes.
  private static let header =
    "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,"
    + "region_attributes\r\n"
  private static let text =
    header + """
      04.09.2023-04-Right_000.png,0,"{""shot"": 0}",2,0,"{""name"": ""rect"", ""x"": 1.5, ""y"": 2, \
      ""width"": 30, ""height"": 40}","{""track"": 71, ""confidence"": 0.9}"
      04.09.2023-04-Right_000.png,0,"{""shot"": 0}",2,1,"{'name': 'rect', 'x': 5, 'y': 2, \
      'width': 3, 'height': 4}","{'track': '5', 'type': 'crab', 'sex': 'f'}"
      04.09.2023-04-Right_005.png,0,"{}",0,0,"{}","{}"
      04.09.2023-04-Right_010.png,0,"{}",1,0,"{""name"": ""polygon"", ""all_points_x"": [0,9,9], \
      ""all_points_y"": [0,0,9]}","{}"

      """

  @Test func `tracks, scores, classes and the number of the picture`() throws {
    let dataset = try LabelText.read(Self.text, name: "tracks.csv")
    #expect(dataset.format == "via-tracks" && dataset.report.badRowCount == 0)
    let video = dataset.videos[0]
    #expect(video.tracks.map(\.id) == ["71", "5", "#5"])
    #expect(video.tracks.map(\.isTracked) == [true, true, false])
    #expect(video.tracks[0].instances[0].confidence == 0.9)
    #expect(video.tracks[1].className == "crab")
    #expect(video.tracks[1].instances[0].attributes == ["sex": "f"])
    #expect(video.tracks[2].instances[0].frame == 10)
    #expect(video.tracks[2].instances[0].shape.kind == .polygon)
    #expect(video.imageNames[5] == "04.09.2023-04-Right_005.png")
    #expect(video.annotated == .every(step: 5, in: FrameRange(0, 11)))
  }

  @Test(arguments: [
    ("a_001.png,0,{},1,0,{}", "there are 6 columns instead of 7"),
    ("a.png,0,{},1,0,{},{}", "the file name holds no frame number"),
    ("a_1.png,0,x,1,0,{},{}", "the attributes of the file are no object"),
    (
      "a_1.png,0,{},1,0,\"{\"\"name\"\":\"\"rect\"\",\"\"x\"\":1}\",{}",
      "y of the region is not a usable number"
    ),
    (
      "a_1.png,0,{},1,0,\"{\"\"name\"\":\"\"star\"\"}\",{}",
      "the region is of a kind that is not known"
    ),
  ])
  func `a bad row is counted with its line`(row: String, reason: String) throws {
    let dataset = try LabelText.read(Self.header + row + "\n", as: VIATracks.self)
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 2, reason: reason)])
  }

  @Test func `another header is refused`() {
    #expect(
      LabelText.error("a,b\n1,2\n", as: VIATracks.self)?.reason
        == "the first line does not name the columns of VIA; name the right format")
  }
}
