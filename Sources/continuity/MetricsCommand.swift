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
    let catalog = FrameMetrics.all.map { $0.info } + TrackMetrics.all.map { $0.info }
    if let id {
      guard let info = catalog.first(where: { $0.id == id }) else {
        throw CallError(unknownName("metric", id, known: catalog.map(\.id)))
      }
      output.write("\(info.id): \(info.summary)\n\n\(info.page)\n\n")
      output.write("Of every \(info.scope.rawValue). Unit: \(info.unit).")
      output.write(" Direction: \(info.direction.rawValue).\n")
    } else {
      output.write(columns(catalog.map { [$0.id, $0.scope.rawValue, $0.unit, $0.summary] }))
    }
    try output.flush()
  }
}
