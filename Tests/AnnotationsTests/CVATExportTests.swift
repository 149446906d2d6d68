import Annotations
import Foundation
import Testing
import Timeline

/// Files written by CVAT itself. They are no part of the package: the variable CONTINUITY_DATA
/// names their folder, and without the folder these tests are skipped.
struct CVATExportTests {
  private static let exports = RealData.path("cvat-exports")
  private static let isThere = FileManager.default.fileExists(atPath: exports)

  private func read(_ name: String) throws -> Dataset {
    try LabelFormats.read(path: "\(CVATExportTests.exports)/\(name)/annotations.xml")
  }

  // Counts by the SOURCE.md beside the files: two boxes on frame 0, outside at 1, 25 frames.
  @Test(.enabled(if: isThere, "the data folder is missing"))
  func `A project of one video task has two boxes that end after one frame`() throws {
    let data = try read("video_task")
    let video = try #require(data.videos.first)
    #expect(data.dialect == "CVAT for video 1.1, project")
    #expect(data.videos.count == 1)
    #expect(video.name == "test_video_1.mp4")
    #expect(video.width == 1280 && video.height == 720)
    #expect(video.annotated == .every(step: 1, in: FrameRange(0, 25)))
    #expect(video.tracks.map(\.className) == ["car", "person"])
    #expect(video.tracks.map { $0.instances.map(\.frame) } == [[0], [0]])
    #expect(video.tracks.map(\.absences) == Array(repeating: [FrameRange(1, Int.max)], count: 2))
    // As `grep -n` counts the lines.
    #expect(video.tracks.map { $0.instances.map(\.line) } == [[71], [77]])
    #expect(data.report.rowCount == 4 && data.report.badRowCount == 0)
    #expect(data.report.notes.isEmpty)
  }

  // Counts by the SOURCE.md: frames 6...9, four joints of which one is outside on frame 6.
  @Test(.enabled(if: isThere, "the data folder is missing"))
  func `A job of images has a skeleton and a box on frame 6`() throws {
    let data = try read("skeleton_job")
    let video = try #require(data.videos.first)
    #expect(data.dialect == "CVAT for video 1.1, job")
    #expect(video.annotated == .every(step: 1, in: FrameRange(6, 10)))
    #expect(video.width == nil && video.name == nil)
    #expect(video.tracks.map(\.className) == ["skeleton1", "cat"])
    #expect(video.tracks.map { $0.instances.map(\.frame) } == [[6], [6]])
    let track = try #require(video.tracks.first)
    guard case .skeleton(let skeleton) = track.instances.first?.shape else {
      Issue.record("no skeleton")
      return
    }
    #expect(skeleton.joints.map(\.name) == ["1", "2", "3", "4"])
    #expect(skeleton.joints.map(\.visibility) == [.absent, .visible, .visible, .visible])
    #expect(skeleton.joints.last?.position == Point(237.31, 192.9))
    #expect(
      video.ontology.categories.last?.edges
        == [Ontology.Edge(2, 1), Ontology.Edge(3, 2), Ontology.Edge(0, 3)])
    #expect(CVATText.presence(track, in: video, frames: 5..<10) == "?PAAA")
  }
}
