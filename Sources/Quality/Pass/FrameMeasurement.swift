public import VideoIO

/// Measures the frames of one video, one after the other, with a choice of metrics.
///
/// All metrics share one walk over the planes of a frame, and only the parts of it that some metric
/// needs are computed. What is kept between frames has the size of a few pictures and does not grow
/// with the length of the video.
public struct FrameMeasurement: ~Copyable {
  /// What is measured, in the order of the values.
  public let metrics: [MetricInfo]

  private var running: [any FrameMetric]
  private let isAtFullSize: [Bool]
  private var working: PictureMeasurement
  private var fullSize: PictureMeasurement?

  /// Starts a video with fresh metrics.
  public init(_ metrics: [any FrameMetric.Type]) {
    self.metrics = metrics.map { $0.info }
    running = metrics.map { $0.init() }
    isAtFullSize = metrics.map { $0.isAtFullSize }
    func parts(_ isAtFullSize: Bool) -> FramePass.Parts {
      metrics.filter { $0.isAtFullSize == isAtFullSize }
        .reduce([]) { $0.union($1.needs) }
    }
    working = PictureMeasurement(parts(false), side: FramePass.workingSide)
    fullSize =
      isAtFullSize.contains(true) ? PictureMeasurement(parts(true), side: .max) : nil
  }

  /// Measures the next frame; writes one value a metric, in the order of ``metrics``.
  ///
  /// Frames come in presentation order. A frame of another size than the one before is compared
  /// with nothing.
  ///
  /// - Parameters:
  ///   - luma: The brightness of the frame.
  ///   - chroma: Its colour.
  ///   - index: The place of the frame, zero-based.
  ///   - values: Receives the values; what was in it is dropped.
  ///   - observe: Sees the pass as well, for those who need the working picture.
  public mutating func measure(
    _ luma: borrowing LumaPlane, _ chroma: borrowing ChromaPlanes, index: Int,
    into values: inout [MetricValue], observe: (borrowing FramePass) -> Void = { _ in }
  ) {
    values.removeAll(keepingCapacity: true)
    let pass = working.pass(over: luma, chroma, index: index)
    for place in running.indices {
      values.append(isAtFullSize[place] ? .undefined("") : running[place].measure(pass))
    }
    observe(pass)
    guard let raw = fullSize?.pass(over: luma, chroma, index: index) else { return }
    for place in running.indices where isAtFullSize[place] {
      values[place] = running[place].measure(raw)
    }
  }

  /// Measures the next frame, which is grey; returns one value a metric.
  public mutating func measure(_ luma: borrowing LumaPlane, index: Int) -> [MetricValue] {
    var values: [MetricValue] = []
    measure(luma, ChromaPlanes(), index: index, into: &values)
    return values
  }

  /// Measures the next frame; writes one value a metric.
  public mutating func measure(
    _ frame: borrowing VideoFrame, into values: inout [MetricValue],
    observe: (borrowing FramePass) -> Void = { _ in }
  ) {
    let index = frame.index
    frame.withLuma { luma in
      frame.withChroma { chroma in
        measure(luma, chroma, index: index, into: &values, observe: observe)
      }
    }
  }
}
