import Annotations
import Quality
import Testing
import Timeline

@Suite struct TrackMetricTests {
  /// Values counted by hand in the drawing, at 5 frames a second.
  @Test(arguments: [
    ("7 XXXXXXXXXX", 2.0, 1.0, 0.0),
    ("7 .XXX..XXX.", 1.6, 0.75, 1.0),
    ("7 XX.XX--XX-.X", 2.4, 0.7778, 2.0),
    ("7 XX--XX", 1.2, 1.0, 0.0),
    ("7 X?X?X?.?X", 1.8, 0.8, 1.0),
    ("7 XX2X.X", 1.2, 0.8333, 1.0),
  ])
  func lengthCoverageAndGaps(drawn: String, length: Double, coverage: Double, gaps: Double) {
    let drawing = Drawing(drawn)
    func value(_ metric: any TrackMetric.Type) -> Double {
      metric.value(of: drawing.source.annotations.tracks[0], in: drawing.input).number ?? -1
    }
    #expect(abs(value(TrackLength.self) - length) < 1e-4)
    #expect(abs(value(LabelCoverage.self) - coverage) < 1e-4)
    #expect(value(GapCount.self) == gaps)
  }

  @Test(arguments: TrackMetrics.all.map { $0.info.id })
  func aDetectionWithoutIdentityHasNoTrack(id: String) throws {
    let drawing = Drawing("*7 X")
    let metric = try #require(TrackMetrics.named(id))
    #expect(metric.info.scope == .track)
    #expect(
      metric.value(of: drawing.source.annotations.tracks[0], in: drawing.input)
        == .undefined("no identity"))
  }
}
