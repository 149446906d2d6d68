import Annotations
import Quality
import Timeline
import VideoIO

/// What one reading of a video gave: the frame table, the counts of damage and, where frames were
/// decoded, the value of every frame metric.
struct VideoMeasurement {
  /// Count and times of the frames.
  var frames: FrameTable
  /// What happened on the way; nil for labels alone.
  var reading: DecodeReport?
  /// The codec; nil for labels alone.
  var codec: String?
  /// The width of a frame as it is shown, in pixels.
  var width: Int?
  /// The height of a frame as it is shown, in pixels.
  var height: Int?
  /// The metrics that were measured.
  var metrics: [MetricInfo] = []
  /// One column a metric, one value a frame.
  var columns: [[MetricValue]] = []
  /// What the pixels say about shifts of the labels, one a source; empty where they were not asked.
  var offsetEvidence: [OffsetEvidence] = []
  /// Whether the times of the frames were made up, as those of a folder of images are.
  var hasMadeUpTimes = false

  /// The rate of a folder of images whose sequence states none.
  static let imagesPerSecond = 25.0

  /// Reads only the packets of a video.
  static func packets(path: String, rate: Double?) throws(ScanError) -> VideoMeasurement {
    do throws(VideoError) {
      let scan = try FrameScanner.packetScan(path: path, imagesPerSecond: rate ?? imagesPerSecond)
      return VideoMeasurement(frames: scan.table, reading: scan.report, info: scan.info)
    } catch {
      throw ScanError(.video, error.description)
    }
  }

  /// Decodes a video and measures every frame, and `labels` on it.
  ///
  /// No frame outlives its turn: values are all that is kept. Labels on a turned video are not
  /// measured.
  static func decoded(
    path: String, rate: Double?, metrics: [any FrameMetric.Type], labels: [VideoAnnotations],
    progress: (_ frames: Int, _ expected: Int?) -> Void
  ) throws(ScanError) -> VideoMeasurement {
    var measuring = FrameMeasurement(metrics)
    var pixels = LabelPixels([], width: 0, height: 0)
    var columns: [[MetricValue]] = []
    var values: [MetricValue] = []
    var expected: Int?
    do throws(VideoError) {
      let scan = try FrameScanner.scan(path: path, imagesPerSecond: rate ?? imagesPerSecond) {
        info in
        measuring = FrameMeasurement(metrics)
        pixels = LabelPixels(
          info.rotation == 0 ? labels : [], width: info.width, height: info.height)
        columns = metrics.map { _ in [] }
        expected = info.headerFrameCount
      } visit: { frame in
        measuring.measure(frame, into: &values) { pass in pixels.measure(pass) }
        for (place, value) in values.enumerated() { columns[place].append(value) }
        progress(frame.index + 1, expected)
      }
      var measurement = VideoMeasurement(frames: scan.table, reading: scan.report, info: scan.info)
      measurement.metrics = measuring.metrics
      measurement.columns = columns
      measurement.offsetEvidence = pixels.evidence()
      return measurement
    } catch {
      throw ScanError(.video, error.description)
    }
  }

  /// Makes up the timeline of labels without a video.
  static func nominal(frameCount: Int, rate: Double, width: Int?, height: Int?) -> VideoMeasurement
  {
    VideoMeasurement(
      frames: FrameTable(nominalCount: frameCount, rate: rate), width: width, height: height)
  }
}

extension VideoMeasurement {
  // Labels are drawn on the picture as players show it, so a quarter turn swaps the sides.
  fileprivate init(frames: FrameTable, reading: DecodeReport, info: VideoInfo) {
    let isTurned = info.rotation % 180 == 90
    self.init(
      frames: frames, reading: reading, codec: info.codec,
      width: isTurned ? info.height : info.width, height: isTurned ? info.width : info.height)
    hasMadeUpTimes = !info.imageNames.isEmpty
  }
}
