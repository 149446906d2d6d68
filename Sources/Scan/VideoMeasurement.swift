import Annotations
import Quality
import Timeline
import VideoIO

/// What one reading of a video gave besides the values of its frames: the frame table and the
/// counts of damage.
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
  /// No frame outlives its turn, and its values leave with the stream. Labels on a turned video are
  /// not measured.
  ///
  /// - Parameters:
  ///   - path: What the video reader opens.
  ///   - rate: The rate of a folder of images.
  ///   - threads: Decoder threads; 0 means as many as keep all cores busy.
  ///   - metrics: What is measured.
  ///   - labels: What the pixels are asked about.
  ///   - stream: Takes the values.
  ///   - decoded: Called after every frame with the number of frames so far; false ends the scan
  ///     with an error.
  /// - Returns: The frame table and the counts.
  /// - Throws: A ``ScanError`` where the video cannot be decoded or the stream not be written.
  static func decoded(
    path: String, rate: Double?, threads: Int, metrics: [any FrameMetric.Type],
    labels: [VideoAnnotations], into stream: inout ValueStream, decoded: (_ frames: Int) -> Bool
  ) throws(ScanError) -> VideoMeasurement {
    var measuring = FrameMeasurement(metrics)
    var pixels = LabelPixels([], width: 0, height: 0)
    let hasHashes = metrics.contains { $0.needs.contains(.hashes) }
    var values: [MetricValue] = []
    do throws(VideoError) {
      let scan = try FrameScanner.scan(
        path: path, threads: threads, imagesPerSecond: rate ?? imagesPerSecond
      ) { info in
        measuring = FrameMeasurement(metrics)
        pixels = LabelPixels(
          info.rotation == 0 ? labels : [], width: info.width, height: info.height)
        stream.restart()
      } visit: { (frame) throws(VideoError) in
        var hashes: FrameHashes?
        measuring.measure(frame, into: &values) { pass in
          pixels.measure(pass)
          if hasHashes { hashes = pass.hashes }
        }
        stream.append(values, hashes: hashes)
        guard decoded(frame.index + 1), stream.failure == nil else {
          throw VideoError(.stopped, path: path, reason: "the scan was stopped")
        }
      }
      var measured = VideoMeasurement(frames: scan.table, reading: scan.report, info: scan.info)
      measured.offsetEvidence = pixels.evidence()
      return measured
    } catch {
      throw stream.failure ?? ScanError(.video, error.description)
    }
  }

  /// Makes up the timeline of labels without a video.
  static func nominal(frameCount: Int, rate: Double, width: Int?, height: Int?) -> VideoMeasurement
  {
    VideoMeasurement(
      frames: FrameTable(nominalCount: frameCount, rate: rate), width: width, height: height)
  }
}

extension VideoError.Code {
  /// The caller has no use for further frames.
  fileprivate static let stopped = VideoError.Code(rawValue: "stopped")
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
