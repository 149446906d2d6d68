import Quality
import Testing
import VideoIO

/// The simple metrics against OpenCV 4.14.0 and numpy 2.4.6.
@Suite struct FrameMetricTests {
  /// The frame is `picture(seed: 11)`, the frame before `picture(seed: 3)`. Oracle, with
  /// Y = clip((y - 16) * 255/219, 0, 255) for limited range: Y.mean(), Y.std() / 255,
  /// cv2.Laplacian(Y, CV_64F, ksize=1).var(), the mean of the squares of cv2.Sobel with ksize 3 in
  /// both directions, the mean of abs(y - before) * 255/219, and (y <= 37).mean().
  static let oracle: [(Int, Int, Bool, [Double])] = [
    (
      1, 1, true,
      [187.0, 0.0, 0.0, 0.0, 136.0, 0.0]
    ),
    (
      1, 1, false,
      [199.109589041, 0.0, 0.0, 0.0, 158.356164384, 0.0]
    ),
    (
      2, 2, true,
      [209.25, 0.069289523, 5142.0, 0.0, 148.0, 0.0]
    ),
    (
      2, 2, false,
      [225.017123288, 0.080679582, 6971.467442297, 0.0, 172.328767123, 0.0]
    ),
    (
      5, 1, true,
      [175.8, 0.309882343, 50546.24, 135923.2, 136.0, 0.2]
    ),
    (
      5, 1, false,
      [183.273972603, 0.351492601, 60059.503846876, 180118.206042409, 158.356164384, 0.2]
    ),
    (
      1, 6, true,
      [159.833333333, 0.27547372, 25346.222222222, 192426.666666667, 104.0, 0.0]
    ),
    (
      1, 6, false,
      [164.372146119, 0.305759015, 29157.901211401, 237751.172827923, 121.095890411, 0.0]
    ),
    (
      17, 13, true,
      [128.746606335, 0.291788704, 167234.19667902, 81371.511312217, 82.208144796, 0.117647059]
    ),
    (
      17, 13, false,
      [130.663856691, 0.330330183, 217516.835757455, 102912.906159331, 95.721812434, 0.140271493]
    ),
    (
      641, 271, true,
      [128.556406906, 0.289030008, 109194.828527402, 129760.721934708, 84.956416116, 0.099648266]
    ),
    (
      641, 271, false,
      [130.641380981, 0.327018799, 139747.378023518, 166179.644192812, 98.921854382, 0.14050348]
    ),
    (
      4100, 3, true,
      [130.517235772, 0.286118817, 111196.906818005, 110008.489105691, 85.451707317, 0.093821138]
    ),
    (
      4100, 3, false,
      [133.043412407, 0.32415077, 142232.994500155, 141821.373469603, 99.498563314, 0.130243902]
    ),
  ]

  @Test("values equal OpenCV's", arguments: oracle)
  func valuesEqualOpenCV(width: Int, height: Int, isFullRange: Bool, expected: [Double]) throws {
    var measurement = FrameMeasurement([
      LumaMean.self, RMSContrast.self, LaplacianVariance.self, Tenengrad.self,
      FrameDifference.self, BlackShare.self,
    ])
    _ = measurement.measure(
      picture(width, height, seed: 3), width: width, index: 0, isFullRange: isFullRange)
    let measured = measurement.measure(
      picture(width, height, seed: 11), width: width, index: 1, isFullRange: isFullRange)
    for (value, expected) in zip(measured, expected) {
      let number = try #require(value.number)
      #expect(abs(number - expected) <= 1e-9 * max(1, abs(expected)))
    }
  }

  @Test("a flat frame has no contrast and no edges, and every value is a number")
  func flatFrame() {
    var measurement = FrameMeasurement(FrameMetrics.all)
    let flat = [UInt8](repeating: 126, count: 40 * 30)
    _ = measurement.measure(flat, width: 40, index: 0, isFullRange: false)
    let values = measurement.measure(flat, width: 40, index: 1, isFullRange: false)
    // By hand: (126 - 16) * 255 / 219 = 128.08...; the second of two equal frames repeats the first.
    let mean = 110.0 * 255 / 219
    #expect(values == [mean, 0, 0, 0, 0, 0, 0, 1].map { .value($0) })
  }

  @Test("the first frame has no difference, and says why")
  func firstFrame() {
    var measurement = FrameMeasurement([FrameDifference.self, SceneCut.self, Frozen.self])
    let values = measurement.measure([1, 2, 3, 4], width: 2, index: 0)
    #expect(values == Array(repeating: .undefined("first frame"), count: 3))
  }

  @Test("a frame of another size has no difference, the one after it has")
  func sizeChange() {
    var measurement = FrameMeasurement([FrameDifference.self, SceneCut.self, Frozen.self])
    _ = measurement.measure([1, 2, 3, 4], width: 2, index: 0)
    let changed = measurement.measure([1, 2, 3, 4, 5, 6], width: 3, index: 1)
    #expect(changed == Array(repeating: .undefined("the frame size changed"), count: 3))
    let after = measurement.measure([2, 3, 4, 5, 6, 7], width: 3, index: 2)
    #expect(after == [.value(1), .value(100.0 / 256), .value(0)])
  }

  @Test("levels beyond limited range count as black and white")
  func clampsLimitedRange() {
    let values = values(
      of: LumaMean.self, over: [[0, 16], [235, 255]], width: 2, isFullRange: false)
    #expect(values == [.value(0), .value(255)])
  }

  @Test("black ends at 37 in limited range and at 25 in full range")
  func blackLevel() {
    let levels: [UInt8] = [25, 26, 37, 38]
    #expect(
      values(of: BlackShare.self, over: [levels], width: 4, isFullRange: false) == [.value(0.75)])
    #expect(values(of: BlackShare.self, over: [levels], width: 4) == [.value(0.25)])
  }

  @Test("a metric of one's own sees the sums and the pixels")
  func customMetric() {
    #expect(values(of: BrightestPixel.self, over: [[3, 9, 4, 1]], width: 2) == [.value(9)])
  }

  @Test("ids are unique and every page explains its metric")
  func catalog() {
    let infos = FrameMetrics.all.map { $0.info }
    #expect(
      infos.map { $0.id } == [
        "luma-mean", "rms-contrast", "laplacian-variance", "tenengrad", "frame-difference",
        "scene-cut", "black-share", "frozen",
      ])
    for info in infos {
      for word in ["Formula", "Range", "Undefined", "Source"] { #expect(info.page.contains(word)) }
    }
  }
}

/// What a user could write: the brightest level of a frame.
private struct BrightestPixel: FrameMetric {
  static let info = MetricInfo(
    id: "brightest-pixel", scope: .frame, summary: "The brightest level.", unit: "levels 0...255",
    direction: .neutral, page: "")

  mutating func measure(_ pass: borrowing FramePass) -> MetricValue {
    let brightest = pass.withLuma { luma in
      (0..<luma.height).map { y in
        luma.withRow(y) { row in row.indices.map { row[$0] }.max() ?? 0 }
      }.max() ?? 0
    }
    return .value(Double(brightest))
  }
}
