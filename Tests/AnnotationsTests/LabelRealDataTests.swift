import Annotations
import Foundation
import Scan
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

/// Label images as the SOURCE.md of each folder describes them.
@Suite(.enabled(if: RealData.exists, "the folder of real data is missing; see CONTINUITY_DATA"))
struct LabelImageRealDataTests {
  private func read(_ name: String) throws -> Dataset {
    try LabelFormats.read(
      path: RealData.path(name), options: ReadOptions(images: FFmpegLabelImages()))
  }

  @Test func `schoolgirls: 80 masks, 7 objects, all in every frame`() throws {
    let dataset = try read("davis-schoolgirls")
    let video = dataset.videos[0]
    #expect(dataset.format == "davis" && dataset.videos.count == 1)
    #expect(dataset.report.badRowCount == 0 && dataset.report.notes.isEmpty)
    #expect(video.width == 432 && video.height == 240)
    #expect(video.annotated == .every(step: 1, in: FrameRange(0, 80)))
    #expect(video.tracks.map(\.id) == ["1", "2", "3", "4", "5", "6", "7"])
    #expect(video.tracks.allSatisfy { $0.instances.map(\.frame) == Array(0..<80) })
    // Counted by Pillow 13.0.0 and numpy 2.4.6: np.bincount of 00040.png.
    #expect(
      areas(video, 40) == ["1": 3363, "2": 384, "3": 2681, "4": 313, "5": 960, "6": 399, "7": 1079])
  }

  @Test func `judo: one new object a prompt, one image a column short`() throws {
    let dataset = try read("davis-judo/prompt_masks")
    let video = dataset.videos[0]
    #expect(video.annotated == .only([0, 5, 8, 13]))
    #expect(video.tracks.map { $0.instances.map(\.frame) } == [[0], [5], [8], [13]])
    #expect(video.width == 854 && video.height == 480)
    #expect(
      dataset.report.notes == [
        "1 of 4 label images are not 854x480 as the others; the first is 00005.png with 853x480"
      ])
  }

  @Test(arguments: [("pred_osvos", 2), ("pred_rvos", 20)])
  func `judo: predictions reach frame 33`(_ name: String, objects: Int) throws {
    let video = try read("davis-judo/" + name).videos[0]
    #expect(video.tracks.count == objects)
    #expect(video.annotated == .every(step: 1, in: FrameRange(0, 34)))
    #expect(video.extent?.end == 34)
  }

  @Test func `cells: 23 ids, and the gaps of four of them`() throws {
    let dataset = try read("cell-tracking")
    let video = dataset.videos[0]
    #expect(dataset.format == "ctc")
    #expect(dataset.report.badRowCount == 0 && dataset.report.notes.isEmpty)
    #expect(video.width == 608 && video.height == 592)
    #expect(video.annotated == .every(step: 1, in: FrameRange(0, 11)))
    #expect(video.tracks.count == 23)
    for frame in 0..<11 {
      let count = video.tracks.filter { $0.instance(at: frame) != nil }.count
      #expect((19...21).contains(count))
    }
    let frames = [
      "1": [0, 2, 3, 6], "16": [1, 4, 7, 8, 9, 10], "13": [5, 7, 8, 9, 10],
      "17": [0, 1, 2, 3, 4, 5, 7, 8, 9, 10],
    ]
    for (id, expected) in frames {
      let track = try #require(video.tracks.first { $0.id == id })
      #expect(track.instances.map(\.frame) == expected)
      let gaps = Set(expected[0]...expected[expected.count - 1]).subtracting(expected)
      #expect(gaps.allSatisfy { track.presence(at: $0, annotated: video.annotated) == .absent })
    }
    // Counted by tifffile 2026.3.3 and numpy 2.4.6.
    #expect(
      areas(video, 5) == [
        "2": 679, "3": 596, "4": 793, "5": 793, "6": 793, "7": 545, "8": 625, "9": 793, "10": 793,
        "11": 793, "12": 793, "13": 793, "14": 793, "15": 793, "17": 793, "18": 793, "21": 793,
        "22": 793, "23": 793, "25": 474,
      ])
  }

  private func areas(_ video: VideoAnnotations, _ frame: Int) -> [String: Int] {
    video.tracks.reduce(into: [:]) { areas, track in
      if case .mask(let mask)? = track.instance(at: frame)?.shape { areas[track.id] = mask.area }
    }
  }
}
