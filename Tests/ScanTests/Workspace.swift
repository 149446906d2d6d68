import Foundation
import Quality
import Scan

/// A temporary folder with label files and fixtures, deleted with the test.
final class Workspace {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "continuity-scan-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `name` in the folder.
  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a text file and returns its path; folders in `name` are created.
  @discardableResult func write(_ text: String, to name: String) throws -> String {
    let target = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: target)
    return target.path
  }

  /// Writes tracks as MOT rows, drawn one character a frame: `X` is a box of 20 by 20 pixels.
  ///
  /// Row k of the drawing is track k, counted from 1; tracks stand beside each other.
  @discardableResult func writeMOT(_ drawing: String..., to name: String) throws -> String {
    var rows = ""
    for (track, frames) in drawing.enumerated() {
      for (frame, mark) in frames.enumerated() where mark == "X" {
        rows += "\(frame + 1),\(track + 1),\(10 + 40 * track),50,20,20,1,-1,-1,-1\n"
      }
    }
    return try write(rows, to: name)
  }

  /// Copies a clip of the fixtures into the folder, under its own or another name.
  @discardableResult func copyClip(_ clip: String, as name: String? = nil) throws -> String {
    let target = URL(fileURLWithPath: file(name ?? clip))
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: Workspace.clips.appendingPathComponent(clip), to: target)
    return target.path
  }

  /// The folder of small clips; `ffprobe.json` in it says what ffprobe counts.
  static let clips = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Fixtures/clips").standardized

  /// Scans into the folder's store.
  func scan(
    _ videos: [String] = [], labels: [String] = [], predictions: [String] = [],
    change: (inout ScanRequest) -> Void = { _ in }
  ) throws -> ScanSummary {
    var request = ScanRequest(
      videos: videos,
      sources: try labels.map(SourceRequest.labels)
        + predictions.map(SourceRequest.predictions),
      store: file("store.sqlite"))
    change(&request)
    return try Scan.run(request)
  }
}

extension ScanSummary {
  /// The findings of `rule`.
  func findings(of rule: String) -> [ReportedFinding] {
    findings.filter { $0.finding.rule == rule }
  }
}
