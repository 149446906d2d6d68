import Foundation
import Quality
import Timeline
import VideoIO

/// A picture that every test and every oracle can compute: a polynomial of the place, modulo 256.
func picture(_ width: Int, _ height: Int, seed: Int) -> [UInt8] {
  (0..<height).flatMap { y in
    (0..<width).map { x in
      UInt8((x * x * 3 + y * y * 5 + x * y * 7 + seed * (x + 2 * y) + seed * 17) % 256)
    }
  }
}

/// Numbers that look random and are the same on every machine.
struct Noise {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 2 &+ 1 }

  /// The next number in `range`.
  mutating func next(in range: ClosedRange<Int>) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return range.lowerBound + Int((state >> 33) % UInt64(range.count))
  }
}

extension FrameMeasurement {
  /// Measures a picture of `width` pixels a row.
  mutating func measure(
    _ pixels: [UInt8], width: Int, index: Int, isFullRange: Bool = true
  ) -> [MetricValue] {
    LumaPlane.withPlane(
      of: pixels, width: width, height: pixels.count / width, isFullRange: isFullRange
    ) { measure($0, index: index) }
  }
}

/// The values of one metric over pictures of one width.
func values(
  of metric: any FrameMetric.Type, over pictures: [[UInt8]], width: Int, isFullRange: Bool = true
) -> [MetricValue] {
  var measurement = FrameMeasurement([metric])
  return pictures.enumerated().flatMap {
    measurement.measure($1, width: width, index: $0, isFullRange: isFullRange)
  }
}
