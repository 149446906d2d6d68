import Annotations
import Foundation
import Testing
import Timeline

/// Frames, ids and rows as the SOURCE.md of each folder states them. Skipped where the real files
/// are not there: they are no part of the project.
@Suite(.enabled(if: RealData.exists, "the folder of real data is missing; see CONTINUITY_DATA"))
struct LabelRealDataTests {
  private func read(_ name: String, _ kind: ReadOptions.Kind = .labels) throws -> Dataset {
    try LabelFormats.read(path: RealData.path(name), options: ReadOptions(kind: kind))
  }

  @Test(arguments: [
    ("tud-labels-only/TUD-Campus/gt.txt", 71, 8, 359),
    ("tud-labels-only/TUD-Stadtmitte/gt.txt", 179, 10, 1_156),
    ("pets09-s2l1/derived/gt.mot.txt", 795, 19, 4_650),
    ("bdd100k-b1c66a42/derived/b1c66a42-6f7d68ca.mot.txt", 202, 144, 3_241),
    ("sleap-flies-clip/derived/hulls.mot.txt", 1_500, 2, 3_000),
  ])
  func `labels`(_ name: String, frames: Int, ids: Int, rows: Int) throws {
    let dataset = try read(name)
    let video = dataset.videos[0]
    #expect(dataset.format == "mot")
    #expect(dataset.report.badRowCount == 0)
    #expect(video.base == 1)
    #expect(video.extent == FrameRange(0, frames))
    #expect(video.tracks.count == ids)
    #expect(video.instanceCount == rows)
    #expect(video.annotated == .all)
    #expect(video.tracks.allSatisfy { $0.isTracked && !$0.isIgnored && $0.className == "" })
  }

  @Test(arguments: [
    ("tud-labels-only/TUD-Campus/tracker.txt", 13, 222),
    ("tud-labels-only/TUD-Stadtmitte/tracker.txt", 12, 749),
  ])
  func `a tracker's results, where -1 is no score`(_ name: String, ids: Int, rows: Int) throws {
    let video = try read(name, .predictions).videos[0]
    #expect(video.tracks.count == ids)
    #expect(video.instanceCount == rows)
    #expect(video.tracks.allSatisfy { $0.instances.allSatisfy { $0.confidence == nil } })
  }

  @Test(arguments: [
    ("tud-labels-only/TUD-Campus/det.txt", 321, 0.504, 0.999),
    ("tud-labels-only/TUD-Stadtmitte/det.txt", 951, 0.521, 0.999),
    ("pets09-s2l1/det.txt", 4_359, 0.5004, 0.9984),
  ])
  func `detections without ids`(_ name: String, rows: Int, low: Double, high: Double) throws {
    let dataset = try read(name, .predictions)
    let tracks = dataset.videos[0].tracks
    #expect(dataset.dialect == "detections, frames from 1")
    #expect(tracks.count == rows)
    #expect(tracks.allSatisfy { !$0.isTracked })
    let scores = tracks.compactMap { $0.instances[0].confidence }
    #expect(scores.count == rows)
    #expect(abs((scores.min() ?? 0) - low) < 0.001)
    #expect(abs((scores.max() ?? 0) - high) < 0.001)
  }

  @Test func `seqinfo.ini with name and length only`() throws {
    let video = try read("tud-labels-only/TUD-Campus/gt.txt").videos[0]
    #expect(video.name == "TUD-Campus")
    #expect(video.frameCount == 71)
    #expect(video.frameRate == nil && video.width == nil)
  }

  @Test func `MOT15 world coordinates are told from classes`() throws {
    let dataset = try read("tud-labels-only/TUD-Stadtmitte/gt.txt")
    #expect(dataset.dialect == "MOT15, world coordinates in columns 8 to 10, frames from 1")
  }

  @Test(arguments: [
    "tud-labels-only/vatic-sample.txt", "pets09-s2l1/PETS2009-S2L1.xml", "pets09-s2l1/SOURCE.md",
    "bdd100k-b1c66a42/track_sample_anns.json", "pets09-s2l1/vtest.avi",
  ])
  func `files of other formats are neither MOT nor COCO`(_ name: String) throws {
    let path = RealData.path(name)
    let handle = try #require(FileHandle(forReadingAtPath: path))
    let head = try #require(try handle.read(upToCount: LabelFormats.headLength))
    #expect(!MOT.matches(head: head, path: path))
    #expect(!COCO.matches(head: head, path: path))
  }
}
