import Annotations
import Foundation
import Testing
import Timeline

struct YouTubeVISTests {
  // 3 rows, 5 columns; row 0 columns 1-3 and row 2 column 4. The texts are pycocotools 2.0.11's.
  private static let compressed = #"{"size": [3, 5], "counts": "31200020"}"#
  private static let counts = #"{"size": [3, 5], "counts": [3, 1, 2, 1, 2, 1, 4, 1]}"#
  private static let mask = Mask(left: 1, top: 0, width: 4, height: 3, runs: [0, 3, 8, 1])

  private func labels(_ fields: String, files: String = #""c/00000.jpg", "c/00005.jpg""#) -> String
  {
    #"{"videos": [{"id": 7, "width": 5, "height": 3, "length": 2, "file_names": [\#(files)]}],"#
      + #" "categories": [{"id": 40, "name": "panda"}],"#
      + "\n\"annotations\": [\n{\"id\": 3, \"video_id\": 7, \"category_id\": 40, \(fields)}]}"
  }

  private func read(_ text: String, _ options: ReadOptions = ReadOptions()) throws -> Dataset {
    try LabelText.read(text, name: "labels.json", options)
  }

  @Test func `places in the lists are the listed frames, often every fifth one`() throws {
    let dataset = try read(
      labels(#""segmentations": [null, \#(Self.counts)], "bboxes": [[1, 0, 2, 2], [1, 0, 4, 3]]"#))
    #expect(dataset.format == "youtube-vis")
    #expect(dataset.report.badRows == [])
    let video = try #require(dataset.videos.first)
    #expect(video.name == "c" && video.width == 5 && video.height == 3)
    #expect(video.annotated == .every(step: 5, in: FrameRange(0, 6)))
    #expect(video.imageNames == [0: "c/00000.jpg", 5: "c/00005.jpg"])
    #expect(video.ontology.categories.map(\.sourceID) == ["40"])
    let track = try #require(video.tracks.first)
    #expect(track.id == "3" && track.className == "panda" && track.isTracked)
    #expect(track.instances.map(\.frame) == [0, 5])
    #expect(track.instances[0].shape == .box(Box(left: 1, top: 0, width: 2, height: 2)))
    #expect(track.instances[1].shape == .mask(try #require(Self.mask)))
  }

  @Test func `null is silence, not a declared absence`() throws {
    let track = try #require(
      try read(labels(#""segmentations": [\#(Self.compressed), null]"#)).videos[0].tracks.first)
    #expect(track.absences == [])
    #expect(track.presence(at: 5, annotated: .every(step: 5, in: FrameRange(0, 6))) == nil)
    #expect(track.presence(at: 3, annotated: .every(step: 5, in: FrameRange(0, 6))) == .unknown)
  }

  @Test func `files numbered from 1 count from 1, those that only begin later from 0`() throws {
    func frames(_ files: String, _ options: ReadOptions = ReadOptions()) throws -> [Int] {
      let text = labels(
        #""segmentations": [\#(Self.counts), \#(Self.counts)]"#, files: files)
      return try read(text, options).videos[0].tracks[0].instances.map(\.frame)
    }
    #expect(try frames(#""v/img_0000001.jpg", "v/img_0000002.jpg""#) == [0, 1])
    #expect(try frames(#""v/00005.jpg", "v/00010.jpg""#) == [5, 10])
    #expect(try frames(#""v/a.jpg", "v/b.jpg""#) == [0, 1])
    // A video that was cut down to the listed frames has as many as are listed.
    let hint = VideoHint(name: "v", width: 5, height: 3, frameCount: 2)
    #expect(try frames(#""v/00005.jpg", "v/00010.jpg""#, ReadOptions(videos: [hint])) == [0, 1])
  }

  @Test func `OVIS says how much is occluded`() throws {
    let dataset = try read(
      labels(
        #""segmentations": [\#(Self.counts), \#(Self.counts), \#(Self.counts)],"#
          + #" "occlusion": ["no_occlusion", "slight_occlusion", "severe_occlusion"]"#,
        files: #""a/0.jpg", "a/1.jpg", "a/2.jpg""#))
    #expect(dataset.dialect == "OVIS")
    let instances = dataset.videos[0].tracks[0].instances
    #expect(instances.map(\.visibility) == [.visible, .occluded, .occluded])
    #expect(instances.map { $0.attributes["occlusion"] } == [nil, nil, "severe_occlusion"])
  }

  @Test func `in a list of results the score is the track's`() throws {
    let dataset = try read(
      #"[{"video_id": 2, "score": 0.75, "category_id": 4, "segmentations": [null, "#
        + Self.compressed + "]}]", ReadOptions(kind: .predictions))
    #expect(dataset.format == "youtube-vis-results")
    let track = try #require(dataset.videos.first?.tracks.first)
    #expect(dataset.videos[0].name == "2")
    #expect(track.attributes == [ReservedAttribute.trackScore: "0.75"])
    #expect(track.className == "4")
    #expect(track.instances.map(\.frame) == [1])
    #expect(track.instances[0].confidence == nil && track.instances[0].origin == .model)
  }

  @Test func `labels are written with lists of counts, results compressed`() throws {
    let video = VideoAnnotations(
      name: "c", width: 5, height: 3, annotated: .every(step: 5, in: FrameRange(0, 6)),
      tracks: [
        Track(
          id: "3", className: "panda",
          instances: [Instance(frame: 5, shape: .mask(try #require(Self.mask)))])
      ])
    let dataset = Dataset(format: "sample", videos: [video])
    let text = try LabelText.written(dataset, as: YouTubeVIS.self)
    #expect(text.contains(#""length":2,"frame_indices":[0,5],"file_names":["c/frame_000000.jpg","#))
    #expect(
      text.contains(
        #""segmentations":[null,{"size":[3,5],"counts":[3,1,2,1,2,1,4,1]}],"#
          + #""bboxes":[null,[1,0,4,3]],"areas":[null,4]"#))
    let results = try LabelText.written(dataset, as: YouTubeVISResults.self)
    #expect(results.contains(#"{"size":[3,5],"counts":"31200020"}"#))
  }

  @Test(arguments: [
    (#""bboxes": [[1, 2, 3], null]"#, "frame 0: the bbox has 3 numbers instead of 4"),
    (
      #""segmentations": [null, {"size": [3, 5], "counts": [3]}]"#,
      "frame 1: the runs of the mask do not fill its size"
    ),
    (
      #""bboxes": [null, null, [1, 2, 3, 4]]"#,
      "1 masks of track 3 lie behind the 2 listed frames"
    ),
    (#""bboxes": []"#, "there are neither segmentations nor bboxes"),
    (#""video_id": 9, "bboxes": [[1, 2, 3, 4]]"#, "the video 9 is not among the videos"),
    (#""category_id": 9, "bboxes": [[1, 2, 3, 4]]"#, "the category 9 is not among the categories"),
  ])
  func `what cannot be used is counted with its line and a reason`(
    fields: String, reason: String
  ) throws {
    let good = #"{"id": 8, "video_id": 7, "category_id": 40, "bboxes": [[1, 2, 3, 4]]}"#
    let dataset = try read(String(labels(fields).dropLast(2)) + ",\n" + good + "]}")
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 3, reason: reason)])
    #expect(dataset.videos[0].tracks.last?.instances.count == 1)
  }

  @Test func `what is no YouTube-VIS says so`() throws {
    #expect(
      LabelText.error(#"{"images": []}"#, as: YouTubeVIS.self)?.reason
        == "there are neither videos nor annotations as YouTube-VIS has; name the right format")
    #expect(
      LabelText.error(#"[{"video_id": 1}]"#, as: YouTubeVIS.self)?.reason
        == "no track can be used as YouTube-VIS (there are neither segmentations nor bboxes);"
        + " name the right format")
    let whole = labels(#""segmentations": [\#(Self.counts), null]"#)
    for length in stride(from: 1, to: whole.utf8.count, by: 7) {
      let error = LabelText.error(String(whole.prefix(length)), as: YouTubeVIS.self)
      #expect(error?.code == .damaged)
    }
  }
}
