import Foundation
import Quality
import Timeline
import VideoIO

/// Real clips and labels, in the folder that CONTINUITY_DATA names; without it, in `shared/data`
/// beside the checkout.
enum RealData {
  static let folder: String =
    ProcessInfo.processInfo.environment["CONTINUITY_DATA"]
    ?? URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/data").standardized.path

  static func path(_ name: String) -> String { folder + "/" + name }

  static func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// The facts of the first frames of a clip with these metrics.
  static func facts(
    of name: String, frames count: Int = .max,
    metrics: [any FrameMetric.Type] = FrameMetrics.all
  ) throws -> VideoFacts {
    var reader = try VideoReader.open(path: path(name))
    var measurement = FrameMeasurement(metrics)
    let ids = measurement.metrics.map { $0.id }
    var columns: [[MetricValue]] = ids.map { _ in [] }
    var row: [MetricValue] = []
    var index = 0
    while index < count, let frame = try reader.next() {
      measurement.measure(frame, into: &row)
      for (column, value) in row.enumerated() { columns[column].append(value) }
      index += 1
    }
    return VideoFacts(
      name: name, frames: reader.frameTable,
      metrics: Dictionary(uniqueKeysWithValues: zip(ids, columns)))
  }
}
