import Quality
import Testing
import VideoIO

/// The simple metrics against OpenCV 5.0.0 and numpy 2.4.6.
@Suite struct FrameMetricTests {
  /// The frame is `picture(seed: 11)`, the frame before `picture(seed: 3)`; a shorter side above 270
  /// is brought down with cv2.resize, INTER_AREA, in 64-bit floats, and rounded. Oracle, with
  /// Y = clip((y - 16) * 255/219, 0, 255) for limited range: Y.mean(), Y.std() / 255,
  /// cv2.Laplacian(Y, CV_64F, ksize=1).var(), the mean of the squares of cv2.Sobel with ksize 3 in
  /// both directions, the mean of abs(y - before) * 255/219, (y <= 37).mean(), the entropy of
  /// np.bincount(y), the level where its sum reaches 1, 10, 90 and 99 %, the deviation of the
  /// gradient inside the border, and that of Y - before.
  static let oracle: [(Int, Int, Bool, [Double?])] = [
    (
      1, 1, true,
      [187.0, 0.0, 0.0, 0.0, 136.0, 0.0, 0.0, 0.0, 0.0, 187.0, 187.0, nil, 0.0]
    ),
    (
      1, 1, false,
      [
        199.109589041, 0.0, 0.0, 0.0, 158.356164384, 0.0, 0.0, 0.0, 0.0, 199.109589041,
        199.109589041, nil, 0.0,
      ]
    ),
    (
      2, 2, true,
      [209.25, 0.069289523, 5142.0, 0.0, 148.0, 0.0, 2.0, 0.0, 0.0, 235.0, 235.0, nil, 8.94427191]
    ),
    (
      2, 2, false,
      [
        225.017123288, 0.080679582, 6971.467442297, 0.0, 172.328767123, 0.0, 2.0, 0.0, 0.0, 255.0,
        255.0, nil, 10.414563183,
      ]
    ),
    (
      5, 1, true,
      [
        175.8, 0.309882343, 50546.24, 135923.2, 136.0, 0.2, 2.321928095, 0.0, 0.0, 221.0, 247.0,
        nil, 94.738376596,
      ]
    ),
    (
      5, 1, false,
      [
        183.273972603, 0.351492601, 60059.503846876, 180118.206042409, 158.356164384, 0.2,
        2.321928095, 0.0, 0.0, 238.698630137, 255.0, nil, 108.695314621,
      ]
    ),
    (
      1, 6, true,
      [
        159.833333333, 0.27547372, 25346.222222222, 192426.666666667, 104.0, 0.0, 2.584962501,
        0.0, 42.0, 214.0, 251.0, nil, 104.817301371,
      ]
    ),
    (
      1, 6, false,
      [
        164.372146119, 0.305759015, 29157.901211401, 237751.172827923, 121.095890411, 0.0,
        2.584962501, 0.0, 30.273972603, 230.547945205, 255.0, nil, 118.642755787,
      ]
    ),
    (
      17, 13, true,
      [
        128.746606335, 0.291788704, 167234.19667902, 81371.511312217, 82.208144796, 0.117647059,
        6.910583232, 5.0, 21.0, 231.0, 251.0, 123.412360345, 103.063394406,
      ]
    ),
    (
      17, 13, false,
      [
        130.663856691, 0.330330183, 217516.835757455, 102912.906159331, 95.721812434, 0.140271493,
        6.910583232, 0.0, 5.821917808, 250.342465753, 255.0, 140.483527229, 116.617507807,
      ]
    ),
    (
      641, 269, true,
      [
        128.515023575, 0.289047834, 109230.358031325, 129698.803611921, 84.963016662, 0.099728004,
        7.417211074, 3.0, 27.0, 230.0, 254.0, 176.740938833, 104.107158499,
      ]
    ),
    (
      641, 269, false,
      [
        130.59567579, 0.327041403, 139793.730612599, 166109.190695247, 98.929539949, 0.140649195,
        7.417211074, 0.0, 12.808219178, 249.178082192, 255.0, 202.033255488, 117.713055764,
      ]
    ),
    (
      4100, 3, true,
      [
        130.517235772, 0.286118817, 111196.906818005, 110008.489105691, 85.451707317, 0.093821138,
        7.144889338, 3.0, 29.0, 231.0, 254.0, 183.262183899, 104.653758077,
      ]
    ),
    (
      4100, 3, false,
      [
        133.043412407, 0.32415077, 142232.994500155, 141821.373469603, 99.498563314, 0.130243902,
        7.144889338, 0.0, 15.136986301, 250.342465753, 255.0, 210.476011195, 118.529284118,
      ]
    ),
    (
      641, 361, true,
      [
        128.395499884, 0.161336703, 25548.112389669, 49195.122199026, 45.585641383, 0.001886647,
        7.392830029, 40.0, 74.0, 183.0, 217.0, 123.565726946, 58.217728236,
      ]
    ),
    (
      641, 361, false,
      [
        130.867186946, 0.18779559, 34621.171162587, 66640.679577397, 53.079171473, 0.008064641,
        7.392830029, 27.945205479, 67.534246575, 194.452054795, 234.04109589, 143.746699195,
        67.747477408,
      ]
    ),
    (
      960, 540, true,
      [
        128.249382716, 0.143419645, 27044.811443743, 31681.013333333, 39.80191358, 0.002044753,
        7.229017826, 41.0, 82.0, 175.0, 215.0, 102.578636474, 51.682302265,
      ]
    ),
    (
      960, 540, false,
      [
        130.697993827, 0.166937005, 36644.840112371, 42917.935797372, 46.344693895, 0.007337963,
        7.229017826, 29.109589041, 76.849315068, 185.136986301, 231.712328767, 119.342535247,
        60.125852989,
      ]
    ),
  ]

  @Test("values equal OpenCV's", arguments: oracle)
  func valuesEqualOpenCV(width: Int, height: Int, isFullRange: Bool, expected: [Double?]) throws {
    var measurement = FrameMeasurement([
      LumaMean.self, RMSContrast.self, LaplacianVariance.self, Tenengrad.self,
      FrameDifference.self, BlackShare.self, Entropy.self, LumaP1.self, LumaP10.self, LumaP90.self,
      LumaP99.self, SpatialInformation.self, TemporalInformation.self,
    ])
    _ = measurement.measure(
      picture(width, height, seed: 3), width: width, index: 0, isFullRange: isFullRange)
    let measured = measurement.measure(
      picture(width, height, seed: 11), width: width, index: 1, isFullRange: isFullRange)
    for (metric, (value, expected)) in zip(measurement.metrics, zip(measured, expected)) {
      guard let expected else {
        #expect(value == .undefined("too few pixels"))
        continue
      }
      let number = try #require(value.number)
      // Of spatial-information the magnitudes are rounded to sixteenths of a level.
      let rounding = metric.id == "spatial-information" ? 1.0 / 32 : 1e-9 * max(1, abs(expected))
      #expect(abs(number - expected) <= rounding, "\(metric.id)")
    }
  }

  @Test("a flat frame has no contrast and no edges, and all but the grid of blocks is a number")
  func flatFrame() {
    var measurement = FrameMeasurement(FrameMetrics.all)
    let flat = [UInt8](repeating: 126, count: 40 * 30)
    _ = measurement.measure(flat, width: 40, index: 0, isFullRange: false)
    let values = measurement.measure(flat, width: 40, index: 1, isFullRange: false)
    // By hand: (126 - 16) * 255 / 219 = 128.08...; the second of two equal frames repeats the first.
    let mean = 110.0 * 255 / 219
    let names = measurement.metrics.map(\.id)
    for (name, value) in zip(names, values) {
      if name == "blockiness" {
        #expect(value == .undefined("no detail"))
        continue
      }
      let isMean = name == "luma-mean" || name.hasPrefix("luma-p")
      #expect(value == .value(isMean ? mean : name == "frozen" ? 1 : 0), "\(name)")
    }
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
    let infos = (FrameMetrics.all + FrameMetrics.onRequest).map { $0.info }
    #expect(Set(infos.map { $0.id }).count == infos.count)
    for info in infos { #expect(FrameMetrics.named(info.id)?.info == info) }
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
