import Annotations
import Foundation
import Scan
import Testing

@Suite struct MatchingTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// CVAT's XML names the task, COCO's JSON names any number of videos.
  private func coco(_ names: [String]) -> String {
    let videos = names.enumerated().map { #"{"id":\#($0.offset + 1),"name":"\#($0.element)"}"# }
    let images = names.indices.map {
      #"{"id":\#($0 + 1),"video_id":\#($0 + 1),"frame_id":0,"file_name":"0.jpg"}"#
    }
    let boxes = names.indices.map {
      #"{"id":\#($0 + 1),"image_id":\#($0 + 1),"category_id":1,"track_id":1,"bbox":[1,1,9,9]}"#
    }
    return """
      {"videos":[\(videos.joined(separator: ","))],"images":[\(images.joined(separator: ","))],
       "annotations":[\(boxes.joined(separator: ","))],"categories":[{"id":1,"name":"a"}]}
      """
  }

  @Test func `One label file and one video belong together whatever they are called`() throws {
    let video = try workspace.copyClip("one-frame.mp4")
    let labels = try workspace.writeMOT("X", to: "something-else.txt")
    let summary = try workspace.scan([video], labels: [labels])
    #expect(summary.videos.map(\.name) == ["one-frame.mp4"])
    #expect(summary.videos.first?.sources.map(\.instanceCount) == [1])
  }

  @Test func `A file of many videos is matched by file name and by stem`() throws {
    let a = try workspace.copyClip("one-frame.mp4", as: "a.mp4")
    let b = try workspace.copyClip("one-frame.mp4", as: "b.mp4")
    let labels = try workspace.write(coco(["videos/b.mp4", "a"]), to: "all.json")
    let summary = try workspace.scan([a, b], labels: [labels])
    #expect(summary.videos.map(\.sources.count) == [1, 1])
    #expect(summary.notes.isEmpty)
  }

  @Test func `Labels of a video that is not scanned are left out with a note`() throws {
    let a = try workspace.copyClip("one-frame.mp4", as: "a.mp4")
    let labels = try workspace.write(coco(["a.mp4", "other.mp4"]), to: "all.json")
    let summary = try workspace.scan([a], labels: [labels])
    #expect(summary.notes == ["\(labels): there is no video for other.mp4, so it was left out"])
  }

  @Test func `Labels that fit no video are refused`() throws {
    let a = try workspace.copyClip("one-frame.mp4", as: "a.mp4")
    let labels = try workspace.write(coco(["x.mp4", "y.mp4"]), to: "all.json")
    let error = #expect(throws: ScanError.self) { try workspace.scan([a], labels: [labels]) }
    #expect(error?.code == .labels)
    #expect(error?.description.contains("no video of the scan is called so") == true)
    #expect(!FileManager.default.fileExists(atPath: workspace.file("store.sqlite")))
  }

  @Test func `A folder of labels is matched by the stems of the videos`() throws {
    let a = try workspace.copyClip("one-frame.mp4", as: "a.mp4")
    let b = try workspace.copyClip("one-frame.mp4", as: "b.mp4")
    try workspace.writeMOT("X", "X", to: "labels/b.txt")
    try workspace.writeMOT("X", to: "labels/a.txt")
    let summary = try workspace.scan([a, b], labels: [workspace.file("labels")])
    #expect(summary.videos.map { $0.sources.map(\.instanceCount) } == [[1], [2]])
  }

  @Test func `Two files of a folder for one video are refused`() throws {
    let a = try workspace.copyClip("one-frame.mp4", as: "a.mp4")
    try workspace.writeMOT("X", to: "labels/a.txt")
    try workspace.writeMOT("X", to: "labels/a.csv")
    let error = #expect(throws: ScanError.self) {
      try workspace.scan([a], labels: [workspace.file("labels")])
    }
    #expect(error?.description.contains("more than one file for a.mp4: a.csv, a.txt") == true)
  }

  @Test func `A folder of labels without videos gives one timeline a file`() throws {
    try workspace.writeMOT("XX", to: "labels/a.txt")
    try workspace.writeMOT("XXX", to: "labels/b.txt")
    try workspace.write("Thanks for reading me.\n", to: "labels/README")
    let summary = try workspace.scan(labels: [workspace.file("labels")])
    #expect(summary.videos.map(\.name) == ["a", "b"])
    #expect(summary.videos.map(\.frameCount) == [2, 3])
    #expect(summary.notes.count == 1)
  }

  @Test func `Labels and predictions without a video share one timeline`() throws {
    let labels = try workspace.writeMOT("XX", to: "labels.txt")
    let model = try workspace.writeMOT("XXXX", to: "model.txt")
    let summary = try workspace.scan(labels: [labels], predictions: ["yolo=\(model)"])
    #expect(summary.videos.map(\.frameCount) == [4])
    #expect(summary.videos.first?.sources.map(\.name) == ["labels", "yolo"])
    #expect(summary.videos.first?.isNominal == true)
  }

  @Test func `Two videos of one name are told apart by their folders`() throws {
    let a = try workspace.copyClip("one-frame.mp4", as: "left/clip.mp4")
    let b = try workspace.copyClip("one-frame.mp4", as: "right/clip.mp4")
    let summary = try workspace.scan([a, b])
    #expect(summary.videos.map(\.name) == ["left/clip.mp4", "right/clip.mp4"])
  }

  @Test func `Two label files for one video are refused`() throws {
    let a = try workspace.copyClip("one-frame.mp4")
    let one = try workspace.writeMOT("X", to: "one.txt")
    let two = try workspace.writeMOT("X", to: "two.txt")
    let error = #expect(throws: ScanError.self) { try workspace.scan([a], labels: [one, two]) }
    #expect(
      error?.description.contains("comes from \(one) and \(two)") == true)
  }

  @Test func `A sequence folder brings its images, labels, detections and rate`() throws {
    for name in ["frame7.png", "frame8.png", "frame9.png"] {
      try workspace.copyClip("images/\(name)", as: "SEQ/img1/\(name)")
    }
    try workspace.write("[Sequence]\nname=SEQ\nframeRate=10\n", to: "SEQ/seqinfo.ini")
    try workspace.writeMOT("XXX", to: "SEQ/gt/gt.txt")
    try workspace.write("1,-1,5,5,9,9,0.9,-1,-1,-1\n", to: "SEQ/det/det.txt")
    let video = try #require(try workspace.scan([workspace.file("SEQ")]).videos.first)
    #expect(video.name == "SEQ")
    #expect(video.frameCount == 3)
    #expect(abs(video.duration - 0.3) < 1e-9)
    #expect(video.sources.map(\.name) == ["labels", "det"])
    #expect(video.sources.map(\.kind) == [.labels, .predictions])
  }

  @Test func `A sequence folder without images is scanned on its stated length`() throws {
    try workspace.write("[Sequence]\nseqLength=9\nframeRate=10\n", to: "SEQ/seqinfo.ini")
    try workspace.writeMOT("XXX", to: "SEQ/gt/gt.txt")
    let video = try #require(try workspace.scan([workspace.file("SEQ")]).videos.first)
    #expect(video.isNominal)
    #expect(video.frameCount == 9)
  }
}
