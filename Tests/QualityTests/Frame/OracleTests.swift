import Quality
import Testing
import VideoIO

/// All frame metrics over encoded clips, against what other programs give for the same frames.
///
/// `frozen` is our own definition and has no oracle. blockiness has one where the picture is seen
/// whole: see also ``NativeMetricTests``.
@Suite struct OracleTests {
  /// What is expected of a clip.
  struct Clip: Sendable, CustomTestStringConvertible {
    let path: String
    let frames: [Int]
    /// dhash and phash of the frames.
    let hashes: [(String, String)]
    /// The values of the frames by metric; nil where there is none.
    let values: [String: [Double?]]

    var testDescription: String { path.split(separator: "/").last.map(String.init) ?? path }
  }

  /// Oracle: OpenCV 5.0.0, numpy 2.4.6, scikit-image 0.26.0 and imagehash 4.3.2 over Pillow 12.0.0,
  /// on the planes that ffmpeg 5.1.9 -f rawvideo writes. cv2.mean, meanStdDev, Laplacian, Sobel of
  /// Y = clip((y - 16) * 255/219, 0, 255); np.percentile with method inverted_cdf;
  /// shannon_entropy(y); cv2.absdiff(y, before); shifts by np.fft.fft2 as the page of shift-x says;
  /// noise by cv2.filter2D, combing and the rest by their formulas in numpy; blockiness by ffmpeg's
  /// blockdetect on each frame alone. What is smaller than the frame was averaged with whole
  /// numbers, halves up, and is within 2e-5 levels of cv2.resize with INTER_AREA before rounding.
  static let fixtures = [
    Clip(
      path: Fixture.path("cuts.mp4"), frames: [0, 9, 17],
      hashes: [
        ("ca952ada65aaca55", "ef5133050f113f5c"),
        ("55aaaa65daa855aa", "82ab383ba3af08ee"),
        ("a54aa44bb44bb469", "e614fec09e54f254"),
      ],
      values: [
        "luma-mean": [118.557898116, 118.715938927, 118.642861729],
        "rms-contrast": [0.211307896938, 0.209910692449, 0.211824325739],
        "luma-p1": [13.9726027397, 15.1369863014, 16.301369863],
        "luma-p10": [52.397260274, 52.397260274, 51.2328767123],
        "luma-p90": [185.136986301, 185.136986301, 185.136986301],
        "luma-p99": [228.219178082, 227.054794521, 227.054794521],
        "entropy": [7.13585307678, 7.0666205842, 7.02869299198],
        "laplacian-variance": [3516.81455016, 3350.67381081, 3525.56392146],
        "tenengrad": [40428.2338619, 39828.6162287, 33826.5145338],
        "spatial-information": [145.319307806, 144.514364969, 146.361157389],
        "black-share": [0.02328125, 0.0231770833333, 0.0272395833333],
        "temporal-information": [nil, 44.6027358583, 75.6438122341],
        "frame-difference": [nil, 26.5435787671, 58.2098994007],
        "scene-cut": [nil, 0.199564615885, 10.8208618164],
        "colourfulness": [62.3771103722, 61.5397503382, 61.9180460007],
        "saturation": [24.2045833333, 23.9258333333, 23.9508333333],
        "noise": [2.61445224444, 2.26943398914, 2.205118944],
        "combing": [0.9375, 0.953125, 0.953125],
        "shift-x": [nil, -0.0183067409264, -0.348635561565],
        "shift-y": [nil, 0.00679634515443, 0.380994391268],
        "shift-response": [nil, 0.505996729491, 0.204092271131],
        "dhash-distance": [nil, 8.0, 29.0],
        "blockiness": [3.94434, 2.5549, 20.487352],
      ]),
    Clip(
      path: Fixture.path("../demo.mp4"), frames: [0, 1, 40],
      hashes: [
        ("4d4da171714d4db3", "c2e321b6bc75f818"),
        ("4d4da171714d4db1", "c2eb21b2bc75f818"),
        ("cdcda1b5b5554c24", "da8227b6d875c958"),
      ],
      values: [
        "luma-mean": [135.322838185, 135.591647046, 135.536202376],
        "rms-contrast": [0.159414289358, 0.159860818591, 0.159968117948],
        "luma-p1": [64.0410958904, 64.0410958904, 64.0410958904],
        "luma-p10": [83.8356164384, 83.8356164384, 85.0],
        "luma-p90": [181.643835616, 181.643835616, 181.643835616],
        "luma-p99": [214.246575342, 218.904109589, 220.068493151],
        "entropy": [6.73518590933, 6.74420998459, 6.75125924518],
        "laplacian-variance": [850.614133265, 842.820315959, 852.437985364],
        "tenengrad": [10731.6166861, 10712.4703316, 10998.7171265],
        "spatial-information": [88.6473372126, 88.6290435951, 89.8280934075],
        "black-share": [0.0, 0.0, 0.0],
        "temporal-information": [nil, 9.24100213183, 11.5277679553],
        "frame-difference": [nil, 1.90922517123, 2.49422178225],
        "scene-cut": [nil, 0.640502929688, 0.0453033447266],
        "colourfulness": [51.6492172134, 51.4419997518, 50.9948881502],
        "saturation": [15.44421875, 15.4188020833, 15.3896354167],
        "noise": [1.1995735081, 1.19549054603, 1.21418818778],
        "combing": [0.78125, 0.859375, 0.84375],
        "shift-x": [nil, 0.000387197475827, 0.00090805701431],
        "shift-y": [nil, -0.000290328781428, 0.00159409591105],
        "shift-response": [nil, 0.822995707688, 0.821419449251],
        "dhash-distance": [nil, 1.0, 2.0],
      ]),
  ]

  // 768x576: the working picture is 360x270, the colour planes 180x135, and native pixels are a
  // sample, of which the oracle took the same rows.
  static let vtest = Clip(
    path: RealData.path(RealClipTests.pets), frames: [0, 10],
    hashes: [("26fed4f0fcfeb7b8", "90d56c2ed8ccf51a"), ("26fed4dafafeb3b8", "91d56c2cd9ccf41a")],
    values: [
      "luma-mean": [121.180847286, 120.856029793],
      "rms-contrast": [0.202524835461, 0.201357343983],
      "luma-p1": [19.7945205479, 20.9589041096],
      "luma-p10": [62.8767123288, 62.8767123288],
      "luma-p90": [197.945205479, 196.780821918],
      "luma-p99": [244.520547945, 249.178082192],
      "entropy": [7.34713686661, 7.3484030788],
      "laplacian-variance": [1097.92010244, 1187.03226561],
      "tenengrad": [13627.0787394, 14664.8557172],
      "spatial-information": [98.8008146801, 102.169284966],
      "black-share": [0.0124382716049, 0.0123765432099],
      "temporal-information": [nil, 17.9456114007],
      "frame-difference": [nil, 2.55140157281],
      "scene-cut": [nil, 0.341467335391],
      "rms-contrast-raw": [0.206183119899, 0.205330501151],
      "entropy-raw": [7.37311397003, 7.37676275937],
      "laplacian-variance-raw": [724.66030387, 790.981442411],
      "tenengrad-raw": [10328.1529363, 11082.7580295],
      "spatial-information-raw": [88.0740352954, 90.7322035312],
      "temporal-information-raw": [nil, 18.5659240512],
      "frame-difference-raw": [nil, 2.88264475396],
      "scene-cut-raw": [nil, 0.34527513716],
      "colourfulness": [43.0545422423, 43.4167569189],
      "saturation": [16.9840740741, 17.1208230453],
      "noise": [1.47445250153, 1.7056918512],
      "combing": [0.671875, 0.6875],
      "shift-x": [nil, 0.000105043970839],
      "shift-y": [nil, -0.000948128767779],
      "shift-response": [nil, 0.493716510233],
      "dhash-distance": [nil, 2.0],
    ])

  @Test("every value equals that of the other programs", arguments: fixtures)
  func fixture(clip: Clip) throws { try check(clip) }

  @Test(
    "every value of a real clip equals that of the other programs",
    .enabled(
      if: RealData.has(RealClipTests.pets), "vtest.avi is in the folder that CONTINUITY_DATA names")
  )
  func realClip() throws { try check(Self.vtest) }

  private func check(_ clip: Clip) throws {
    let run = try Run(clip.path, frames: (clip.frames.max() ?? 0) + 1)
    for (place, frame) in clip.frames.enumerated() {
      for (id, values) in clip.values {
        let measured = try #require(run.columns[id])[frame].number
        guard let expected = values[place] else {
          #expect(measured == nil, "\(id) \(frame)")
          continue
        }
        #expect(
          abs(try #require(measured) - expected) <= Self.rounding(id, expected), "\(id) \(frame)")
      }
      #expect(FrameHashes.text(run.hashes[frame].dhash) == clip.hashes[place].0)
      #expect(FrameHashes.text(run.hashes[frame].phash) == clip.hashes[place].1)
    }
  }

  /// How far two programs may be apart without one being wrong.
  private static func rounding(_ id: String, _ expected: Double) -> Double {
    switch id {
    // Each magnitude is rounded to a sixteenth of a level.
    case "spatial-information", "spatial-information-raw": 1.0 / 32
    // The transforms are in 32-bit floats.
    case "shift-x", "shift-y", "shift-response": 2e-6
    // ffmpeg adds up 32-bit floats one by one and prints six decimals.
    case "blockiness": 2e-6 * expected
    default: 1e-9 * max(1, abs(expected))
    }
  }

  /// Oracle: ffmpeg 5.1.9 -vf signalstats,scdet,entropy,siti: YLOW, YHIGH, YDIF, SATAVG, scd.score,
  /// entropy.normal.Y, si, ti. These clips are their own working pictures.
  static let ffmpeg: [(String, Int, [Double])] = [
    ("cuts.mp4", 9, [61, 175, 22.7963, 23.9258, 0.2, 7.066617, 144.55, 44.61]),
    ("cuts.mp4", 17, [60, 175, 49.992, 23.9508, 10.821, 7.02869, 146.4, 75.63]),
    ("../demo.mp4", 1, [88, 172, 1.63969, 15.4188, 0.641, 6.744209, 88.65, 9.24]),
    ("../demo.mp4", 40, [89, 172, 2.1421, 15.3896, 0.045, 6.751259, 89.87, 11.54]),
  ]

  @Test("values equal those of ffmpeg's filters", arguments: ffmpeg)
  func ofFFmpeg(name: String, frame: Int, expected: [Double]) throws {
    let run = try Run(Fixture.path(name), frames: frame + 1)
    // ffmpeg leaves limited range as it is: undo the stretching.
    let columns: [(String, (Double) -> Double, Double)] = [
      ("luma-p10", { 16 + $0 * 219 / 255 }, 1e-9),
      ("luma-p90", { 16 + $0 * 219 / 255 }, 1e-9),
      // Six digits, and three decimals of the score, are printed.
      ("frame-difference", { $0 * 219 / 255 }, 0.00005),
      ("saturation", { $0 }, 0.00005),
      ("scene-cut", { $0 }, 0.0005),
      // The sum is a 32-bit float.
      ("entropy", { $0 }, 1e-5),
      // siti drops the fraction of the stretched level: numpy on such levels gives its values to
      // the two decimals that it prints.
      ("spatial-information", { $0 }, 0.1),
      ("temporal-information", { $0 }, 0.02),
    ]
    for ((id, scale, rounding), expected) in zip(columns, expected) {
      let measured = try #require(run.columns[id]?[frame].number)
      #expect(abs(scale(measured) - expected) <= rounding, "\(id)")
    }
  }

  @Test("scores say the same cuts as ffmpeg's scdet")
  func cuts() throws {
    // ffmpeg 5.1.9 -vf scdet: 10.821 in frame 17 and 13.420 in frame 34 of 50.
    let scores = try #require(Run(Fixture.path("cuts.mp4"), frames: 50).columns["scene-cut"])
    #expect(scores.count == 50)
    #expect(SceneCut.cuts(in: MetricColumn(scores)) == [17, 34])
  }
}

/// All values and hashes of the first frames of a clip.
private struct Run {
  var columns: [String: [MetricValue]] = [:]
  var hashes: [FrameHashes] = []

  init(_ path: String, frames count: Int) throws {
    var reader = try VideoReader.open(path: path)
    var measurement = FrameMeasurement(FrameMetrics.all + FrameMetrics.onRequest)
    let ids = measurement.metrics.map(\.id)
    var row: [MetricValue] = []
    while hashes.count < count, let frame = try reader.next() {
      measurement.measure(frame, into: &row) { hashes.append($0.hashes) }
      for (id, value) in zip(ids, row) { columns[id, default: []].append(value) }
    }
  }
}
