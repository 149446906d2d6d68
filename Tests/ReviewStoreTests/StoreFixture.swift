import Annotations
import Foundation
import GRDB
import Quality
import ReviewStore
import Timeline

/// A folder that vanishes with the test, and a small scan to fill stores with.
final class StoreFixture {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("review-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The path of a file in the folder.
  func path(_ name: String = "continuity.sqlite") -> String {
    folder.appendingPathComponent(name).path
  }

  /// Four frames at 0, 40, 80 and 200 ms; the third is shown for 120 ms and the last for 40 ms.
  static let frames = FrameTable(
    timeBase: TimeBase(1, 1000), ticks: [1000, 1040, 1080, 1200], durations: [40, 40, 120, 40],
    keyFlags: [true, false, false, true])

  static let brightness = MetricInfo(
    id: "luma-mean", scope: .frame, summary: "Mean brightness.", unit: "levels 0...255",
    direction: .neutral, page: "")

  /// Track 7, a person in the frames 0 and 3; at 0 the box is given twice.
  static let labels = VideoAnnotations(
    base: 1,
    tracks: [
      Track(
        id: "7", className: "person",
        instances: [
          Instance(
            frame: 0, shape: .box(Box(left: 10, top: 20.5, width: 30, height: 40)),
            isKeyFrame: true, origin: .human, confidence: 0.5, visibility: .ratio(0.25),
            attributes: ["b": "2", "a": "\"1\""], line: 3),
          Instance(
            frame: 0, shape: .box(Box(left: 11, top: 20.5, width: 30, height: 40)),
            visibility: .occluded),
          Instance(
            frame: 3, shape: .polyline([Point(1, 2), Point(3.5, 2)]), origin: .interpolated,
            visibility: .visible),
        ])
    ])

  /// The gap of track 7 between its frames.
  static let gap = Finding(
    rule: "track-gap", level: .error, source: "labels", track: "7", otherTracks: ["8", "9"],
    className: "person", range: FrameRange(1, 3), score: 0.93,
    reason: "person 7 is labelled at 0 and 3 but not in between",
    box: Box(left: 10, top: 20.5, width: 30, height: 40),
    proposals: [
      Proposal(frame: 1, box: Box(left: 10.25, top: 20, width: 30, height: 40)),
      Proposal(frame: 2, box: Box(left: 11, top: 20, width: 30, height: 40)),
    ])

  /// Two dark frames at the end.
  static let dark = Finding(
    rule: "black-frames", level: .warning, range: FrameRange(2, 4), cause: .frameQuality,
    reason: "2 frames are black")

  /// Scans one video with one source, as the scan does it.
  @discardableResult
  static func scan(
    _ store: ReviewStore, video name: String = "clip.mp4", labels: VideoAnnotations = labels,
    findings: [Finding] = [gap], videoFindings: [Finding] = [dark]
  ) throws -> (video: VideoID, source: SourceID) {
    let run = try store.beginRun(RunInfo(toolVersion: "0.1.0"))
    let info = StoredVideo(
      name: name, path: "/videos/\(name)", width: 640, height: 480, codec: "h264")
    let video = try store.startVideo(info, run: run)
    try store.writeFrameValues(
      [[.value(16), .undefined("damaged")]], metrics: [brightness],
      hashes: [FrameHashes(dhash: 1, phash: .max), FrameHashes(dhash: 1 << 63, phash: 0)],
      from: 0, of: video)
    try store.writeFrameValues(
      [[.value(0.5), .value(0)]], metrics: [brightness], from: 2, of: video)
    try store.putVideo(info, frames: frames, run: run)
    var report = ReadReport()
    report.rowCount = 4
    report.addBadRow(line: 2, "the width is not a number")
    let source = try store.putSource(
      SourceInfo(
        name: "labels", kind: .labels, format: "mot", dialect: "MOT16", path: "gt.txt",
        report: report),
      annotations: labels, on: video, run: run)
    try store.replaceFindings(videoFindings, of: nil, on: video, run: run)
    try store.replaceFindings(findings, of: source, on: video, run: run)
    try store.finishRun(run)
    return (video, source)
  }
}

/// Reads a store as people do: with SQL and nothing else.
func rows(_ path: String, _ sql: String) throws -> [String] {
  var configuration = Configuration()
  configuration.readonly = true
  let database = try DatabaseQueue(path: path, configuration: configuration)
  defer { try? database.close() }
  return try database.read { db in
    try Row.fetchAll(db, sql: sql).map { row in
      row.databaseValues.map { value in
        value.isNull ? "NULL" : String.fromDatabaseValue(value) ?? "\(value)"
      }.joined(separator: "|")
    }
  }
}

/// Changes a file as another program would.
func execute(_ path: String, _ sql: String) throws {
  let database = try DatabaseQueue(path: path)
  try database.writeWithoutTransaction { try $0.execute(sql: sql) }
  try database.close()
}
