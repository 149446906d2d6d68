import Annotations
import Foundation
import Scan
import Testing
import Timeline

/// Formats that are folders, and label files that leave out what the video says.
@Suite struct LabelFolderTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// Labels of `count` boxes of 20 by 20 pixels in every of these frames, in a picture of 160 by 120.
  private func labels(_ name: String? = nil, boxes count: Int, frames: Int = 1) -> Dataset {
    let video = VideoAnnotations(
      name: name, width: 160, height: 120,
      tracks: (0..<count).map { track in
        Track(
          id: String(track + 1), className: "",
          instances: (0..<frames).map {
            let left = Double(10 + 40 * track)
            return Instance(
              frame: $0, shape: .box(Box(left: left, top: 50, width: 20, height: 20)))
          })
      })
    return Dataset(format: "drawn", videos: [video])
  }

  private func write(
    _ labels: Dataset, as format: any WritableFormat.Type, to name: String
  ) throws -> String {
    let path = workspace.file(name)
    try FileManager.default.createDirectory(
      at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    _ = try LabelFormats.write(
      labels, as: format, to: path, options: WriteOptions(images: FFmpegLabelImages()))
    return path
  }

  @Test func `A folder of label images is one source of one video`() throws {
    let video = try workspace.copyClip("one-frame.mp4")
    let masks = try write(labels(boxes: 3), as: DAVIS.self, to: "masks")
    let summary = try workspace.scan([video], labels: [masks])
    #expect(summary.videos.first?.sources.map(\.instanceCount) == [3])
    #expect(summary.notes.isEmpty)
    // The format may be forced as for a file.
    let forced = try workspace.scan([video], labels: [masks + ":davis"])
    #expect(forced.videos.first?.sources.map(\.instanceCount) == [3])
  }

  @Test func `A folder of label images needs no video`() throws {
    let masks = try write(labels(boxes: 2, frames: 3), as: DAVIS.self, to: "masks")
    let summary = try workspace.scan(labels: [masks])
    #expect(summary.videos.map(\.frameCount) == [3])
    #expect(summary.videos.first?.sources.map(\.instanceCount) == [6])
  }

  @Test func `A folder with one folder of label images a video is matched by their names`() throws {
    let a = try workspace.copyClip("one-frame.mp4", as: "a.mp4")
    let b = try workspace.copyClip("one-frame.mp4", as: "b.mp4")
    _ = try write(labels(boxes: 2), as: DAVIS.self, to: "labels/b")
    _ = try write(labels(boxes: 1), as: DAVIS.self, to: "labels/a")
    let summary = try workspace.scan([a, b], labels: [workspace.file("labels")])
    #expect(summary.videos.map { $0.sources.map(\.instanceCount) } == [[1], [2]])
  }

  @Test func `A folder of files beside folders is still one of files`() throws {
    let a = try workspace.copyClip("one-frame.mp4", as: "labels/a.mp4")
    try workspace.writeMOT("X", to: "labels/a.txt")
    // Images of the video, as tools leave them, and the video itself are no labels.
    try workspace.copyClip("images/frame7.png", as: "labels/a/frame7.png")
    let summary = try workspace.scan([a], labels: [workspace.file("labels")])
    #expect(summary.videos.first?.sources.map(\.instanceCount) == [1])
  }

  @Test func `Fractions of the picture are taken of the video that is scanned`() throws {
    let texts = try write(labels("one-frame", boxes: 2), as: YOLO.self, to: "yolo")
    let error = #expect(throws: ScanError.self) { try workspace.scan(labels: [texts]) }
    #expect(error?.code == .labels)
    let video = try workspace.copyClip("one-frame.mp4")
    let summary = try workspace.scan([video], labels: [texts])
    #expect(summary.videos.first?.sources.map(\.instanceCount) == [2])
    #expect(summary.findings(of: "frame-size-mismatch").isEmpty)
  }
}
