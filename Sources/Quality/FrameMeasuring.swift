public import VideoIO
/// Placeholder until branch frame lands.
public struct FrameMeasuring {
  public var columns: [[MetricValue]] = []
  public init(_ metrics: [any FrameMetric.Type]) { columns = metrics.map { _ in [] } }
  public mutating func measure(_ plane: borrowing LumaPlane) {
    for i in columns.indices { columns[i].append(.undefined("not measured")) }
  }
}
