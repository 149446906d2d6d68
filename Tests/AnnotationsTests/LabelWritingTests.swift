import Foundation
import Testing
import Timeline

@testable import Annotations

/// The way from labels to files, whatever the format.
@Suite struct LabelWritingTests {
  /// A format of one video a file, which carries nothing but the number of instances.
  private enum Tally: WritableFormat {
    static let id = "tally"
    static let summary = "The number of instances"
    static let page = FormatPage(frames: "None.")
    static let capabilities = FormatCapabilities(
      shapes: Set(Shape.Kind.allCases), identity: .text, aspects: [],
      output: .file(extension: "txt"), needsPictureSize: true)
    static func matches(head: Data, path: String) -> Bool { false }
    static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
      Dataset(format: id)
    }
    static func write(
      _ dataset: Dataset, to path: String, options: WriteOptions
    ) throws(LabelError) -> LossReport {
      let output = try TextOutput(path: path)
      try output.write("\(dataset.videos[0].instanceCount)\n")
      if dataset.videos[0].instanceCount > 2 {
        throw LabelError(.unwritable, path: path, "these are too many")
      }
      try output.finish()
      var losses = LossReport()
      losses.add(.overlaps)
      return losses
    }
  }

  private func video(_ name: String?, instances: Int = 1) -> VideoAnnotations {
    VideoAnnotations(
      name: name, width: 9, height: 9,
      tracks: [
        Track(id: "1", instances: (0..<instances).map { Instance(frame: $0, shape: .points([])) })
      ])
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let file = try LabelText("", name: "empty")
    defer { file.remove() }
    try body(file.folder.path)
  }

  private func names(_ names: String?...) -> [String] {
    LabelFormats.fileNames(of: names.map { video($0) }, .file(extension: "json"))
  }

  @Test func `One video is one file`() throws {
    try inFolder { folder in
      let losses = try LabelFormats.write(
        Dataset(format: "x", videos: [video("a.mp4")]), as: Tally.self, to: folder + "/out.txt")
      #expect(losses.counts == [.overlaps: 1, .videoName: 1, .pictureSize: 1])
      #expect(try String(contentsOfFile: folder + "/out.txt", encoding: .utf8) == "1\n")
    }
  }

  @Test func `Several videos are a folder of files named after them`() throws {
    try inFolder { folder in
      let losses = try LabelFormats.write(
        Dataset(format: "x", videos: [video("x/a.mp4"), video("b.avi", instances: 2)]),
        as: Tally.self, to: folder + "/out")
      #expect(losses.counts[.overlaps] == 2)
      #expect(try #require(LabelFolder(path: folder + "/out")).files == ["a.txt", "b.txt"])
      #expect(try String(contentsOfFile: folder + "/out/b.txt", encoding: .utf8) == "2\n")
    }
  }

  @Test func `Where one of several cannot be written, nothing is`() throws {
    try inFolder { folder in
      let error = #expect(throws: LabelError.self) {
        try LabelFormats.write(
          Dataset(format: "x", videos: [video("a"), video("b", instances: 3)]), as: Tally.self,
          to: folder + "/out")
      }
      #expect(error?.description == "\(folder)/out/b.txt: these are too many")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left == ["empty"])
    }
  }

  @Test func `Names of videos are file names and nothing else`() {
    #expect(names("a.mp4", "b") == ["a.json", "b.json"])
    #expect(
      names("../../etc/passwd", "/abs/clip.mp4", "C:\\x\\y.avi")
        == ["passwd.json", "clip.json", "y.json"])
    #expect(
      names(nil, "", "..", ".", "/", "a/..", ".hidden.mp4")
        == (1...7).map { "video-\($0).json" })
    #expect(
      names("x/a.mp4", "y/a.mp4", "A.avi", "a-2") == [
        "a.json", "a-2.json", "A-3.json", "a-2-4.json",
      ])
    #expect(names("a\u{0}b\n.mp4") == ["a_b_.json"])
    #expect(names("größe 1.mp4") == ["größe 1.json"])
    let long = names(String(repeating: "ü", count: 4000) + ".mp4")[0]
    #expect(long.utf8.count == 180 + ".json".utf8.count)
    #expect(
      LabelFormats.fileNames(of: [video("a.mp4"), video("a.mp4")], .folder) == ["a", "a-2"])
  }

  @Test func `Thousands of videos of one name are told apart`() {
    let names = LabelFormats.fileNames(
      of: (0..<3000).map { _ in video("a.mp4") }, .file(extension: "json"))
    #expect(Set(names).count == 3000)
  }

  @Test func `Labels of nothing are not written`() {
    let error = #expect(throws: LabelError.self) {
      try LabelFormats.write(Dataset(format: "x"), as: Tally.self, to: "/nowhere/out.txt")
    }
    #expect(error?.reason == "the labels speak of no video; nothing is written")
  }

  @Test func `A size that is needed and missing, or no size at all, is asked for`() {
    for (width, height) in [(nil, 9), (9, nil), (0, 9), (9, -1)] as [(Int?, Int?)] {
      var video = video("a.mp4")
      (video.width, video.height) = (width, height)
      let error = #expect(throws: LabelError.self) {
        try LabelFormats.write(
          Dataset(format: "x", videos: [video]), as: Tally.self, to: "/nowhere/out.txt")
      }
      #expect(error?.code == .incomplete)
      #expect(
        error?.reason == "tally needs the size of the picture, which the labels of a.mp4 do not"
          + " state; name the video with --video")
    }
  }

  @Test func `A video is found by its name, and not where two are called so`() {
    func found(_ videos: [String], _ name: String?) -> String? {
      ReadOptions(videos: videos.map { VideoHint(name: $0, width: 1, height: 1) })
        .video(named: name)?.name
    }
    #expect(found(["a.mp4"], "other") == "a.mp4")
    #expect(found(["a.mp4"], nil) == "a.mp4")
    #expect(found([], "a.mp4") == nil)
    let two = ["a.mp4", "b.mp4"]
    #expect(found(two, nil) == nil)
    #expect(found(two, "b.mp4") == "b.mp4")
    #expect(found(two, "videos\\b.mp4") == "b.mp4")
    #expect(found(two, "b") == "b.mp4")
    #expect(found(two, "b.json") == "b.mp4")
    #expect(found(two, "c") == nil)
    #expect(found(two, "") == nil)
    let twins = ["left/a.mp4", "right/a.mp4"]
    #expect(found(twins, "right/a.mp4") == "right/a.mp4")
    #expect(found(twins, "a.mp4") == nil)
    #expect(found(["a.mp4", "a.avi"], "a.avi") == "a.avi")
    #expect(found(["a.mp4", "a.avi"], "a.json") == nil)
    #expect(found([".a", ".b"], ".b") == ".b")
  }
}
