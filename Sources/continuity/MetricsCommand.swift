import ArgumentParser
import Quality
import Scan

/// `continuity metrics`: the catalog of metrics, and one metric explained.
struct MetricsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "Lists the metrics, or explains one.")

  @Argument(help: "The metric to explain.")
  var id: String?

  func run() throws {
    let output = StandardOutput()
    let measured =
      FrameMetrics.all.map { $0.info } + SeriesMetrics.all.map { $0.info }
      + TrackMetrics.all.map { $0.info }
    let onRequest = FrameMetrics.onRequest.map { $0.info }
    if let id {
      guard let info = (measured + onRequest).first(where: { $0.id == id }) else {
        throw CallError(unknownName("metric", id, known: (measured + onRequest).map(\.id)))
      }
      output.write("\(info.id): \(info.summary)\n\n\(info.page)\n\n")
      output.write("Of every \(info.scope.rawValue). Unit: \(info.unit).")
      output.write(" Direction: \(info.direction.rawValue).\n")
    } else {
      output.write(
        columns(
          (measured + onRequest).map { info in
            let note = onRequest.contains(info) ? " (on request)" : ""
            return [info.id, info.scope.rawValue, info.unit, info.summary + note]
          }))
    }
    try output.flush()
  }
}
