import Quality
import Testing
import VideoIO

/// Colourfulness and saturation against numpy 2.4.6 and ffmpeg 5.1.9.
@Suite struct ColourTests {
  /// U is `picture(seed: 3)`, V `picture(seed: 11)`. Oracle: R, G and B by the matrix, as floats,
  /// with a random brightness; then np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(),
  /// yb.mean()); and np.floor(np.hypot(U - 128, V - 128)).mean(). The largest planes are averaged to
  /// 240x135 first, 2x2 samples each, halves up.
  static let oracle: [(Int, Int, ChromaPlanes.Matrix, Bool, Double, Double)] = [
    (1, 1, .bt601, true, 58.916515247, 97.000000000),
    (1, 1, .bt601, false, 67.070140125, 97.000000000),
    (1, 1, .bt709, false, 72.166996549, 97.000000000),
    (1, 1, .bt2020, true, 62.428121657, 97.000000000),
    (17, 13, .bt601, true, 216.050160926, 96.461538462),
    (17, 13, .bt601, false, 245.949959983, 96.461538462),
    (17, 13, .bt709, false, 242.997512294, 96.461538462),
    (17, 13, .bt2020, true, 212.948670301, 96.461538462),
    (240, 135, .bt601, true, 215.870533757, 97.610401235),
    (240, 135, .bt601, false, 245.745473697, 97.610401235),
    (240, 135, .bt709, false, 243.137344909, 97.610401235),
    (240, 135, .bt2020, true, 213.053556667, 97.610401235),
    (480, 270, .bt601, true, 107.728674311, 45.021327160),
    (480, 270, .bt601, false, 122.637553345, 45.021327160),
    (480, 270, .bt709, false, 121.157484966, 45.021327160),
    (480, 270, .bt2020, true, 106.205084382, 45.021327160),
  ]

  @Test("values equal numpy's over red, green and blue", arguments: oracle)
  func equalsNumpy(
    width: Int, height: Int, matrix: ChromaPlanes.Matrix, isFullRange: Bool, colourfulness: Double,
    saturation: Double
  ) throws {
    var measurement = FrameMeasurement([Colourfulness.self, Saturation.self])
    var values: [MetricValue] = []
    ChromaPlanes.withPlanes(
      u: picture(width, height, seed: 3), v: picture(width, height, seed: 11), width: width,
      height: height, matrix: matrix, isFullRange: isFullRange
    ) { chroma in
      LumaPlane.withPlane(of: [9, 1, 7, 3], width: 2, height: 2) { luma in
        measurement.measure(luma, chroma, index: 0, into: &values)
      }
    }
    #expect(abs(try #require(values[0].number) - colourfulness) < 1e-8)
    #expect(abs(try #require(values[1].number) - saturation) < 1e-8)
  }

  /// Frames 0 and 9: SATAVG of ffmpeg's signalstats, colourfulness as above from the planes that
  /// ffmpeg -pix_fmt yuv420p writes, BT.601 in limited range.
  static let clips: [(String, [(Int, Double, Double)])] = [
    ("cfr-bframes.mp4", [(0, 62.381026407, 24.1783), (9, 61.756594042, 23.9812)]),
    ("odd-size.mkv", [(0, 62.405952101, 24.1623), (9, 62.504722511, 24.3335)]),
  ]

  @Test("values of clips equal ffmpeg's signalstats and numpy's", arguments: clips)
  func ofClips(name: String, expected: [(Int, Double, Double)]) throws {
    try check(Fixture.path(name), expected)
  }

  @Test(
    "values of a real clip equal ffmpeg's signalstats and numpy's",
    .enabled(
      if: RealData.has("davis-schoolgirls/schoolgirls.mp4"),
      "the clips are in the folder that CONTINUITY_DATA names"))
  func ofRealClip() throws {
    try check(
      RealData.path("davis-schoolgirls/schoolgirls.mp4"),
      [(0, 35.269721486, 11.0216), (9, 34.514435573, 10.8831)])
  }

  @Test("grey video has no colour")
  func grey() {
    let values = values(
      of: [Colourfulness.self, Saturation.self], picture(20, 20, seed: 1), width: 20)
    #expect(values == [.value(0), .value(0)])
  }

  private func check(_ path: String, _ expected: [(Int, Double, Double)]) throws {
    let rows = try rows(of: path, [Colourfulness.self, Saturation.self], frames: 10)
    for (frame, colourfulness, saturation) in expected {
      #expect(abs(try #require(rows[frame][0].number) - colourfulness) < 1e-8)
      // ffmpeg prints six digits.
      #expect(abs(try #require(rows[frame][1].number) - saturation) <= 0.00005)
    }
  }
}
