import Annotations
import Quality
import ReviewStore
import Testing

/// The views that people query with SQL, pandas or DuckDB. The times were worked out by hand.
@Suite struct ViewTests {
  private let fixture: StoreFixture
  private let path: String

  init() throws {
    fixture = try StoreFixture()
    path = fixture.path()
    let store = try ReviewStore.open(path: path)
    let (_, source) = try StoreFixture.scan(store)
    let speed = MetricInfo(
      id: "speed", scope: .instance, summary: "", unit: "object sizes a second",
      direction: .neutral, page: "")
    let length = MetricInfo(
      id: "length", scope: .track, summary: "", unit: "seconds", direction: .neutral, page: "")
    try store.writeInstanceValues(
      [[.undefined("first frame"), .value(0.25), .value(2)]], metric: speed,
      annotations: StoreFixture.labels, of: source)
    try store.writeTrackValues([.value(0.24)], metric: length, of: source)
    try store.close()
  }

  private func columns(_ view: String) throws -> String {
    try rows(path, "SELECT name FROM pragma_table_info('\(view)')").joined(separator: " ")
  }

  @Test func findingsHaveTimesNamesAndDecisions() throws {
    #expect(
      try columns("findings")
        == "rule level video source track other_tracks class start_frame end_frame start_time "
        + "end_time score cause reason left top width height fingerprint proposals decision note")
    #expect(
      try rows(
        path,
        """
        SELECT rule, level, video, source, track, other_tracks, class, start_frame, end_frame,
          start_time, end_time, score, cause, reason, left, top, width, height, proposals,
          decision, note
        FROM findings ORDER BY rule
        """)
        == [
          "black-frames|warning|clip.mp4|NULL|NULL|NULL|NULL|2|4|0.08|0.24|1.0|frame-quality|"
            + "2 frames are black|NULL|NULL|NULL|NULL|0|NULL|NULL",
          "track-gap|error|clip.mp4|labels|7|[\"8\",\"9\"]|person|1|3|0.04|0.2|0.93|unexplained|"
            + "person 7 is labelled at 0 and 3 but not in between|10.0|20.5|30.0|40.0|2|NULL|NULL",
        ])
  }

  @Test func proposalsStandBesideTheirFinding() throws {
    #expect(
      try columns("proposals")
        == "fingerprint rule video source track class frame time left top width height")
    #expect(
      try rows(
        path,
        """
        SELECT rule, video, source, track, class, frame, time, left, top, width, height
        FROM proposals
        """)
        == [
          "track-gap|clip.mp4|labels|7|person|1|0.04|10.25|20.0|30.0|40.0",
          "track-gap|clip.mp4|labels|7|person|2|0.08|11.0|20.0|30.0|40.0",
        ])
  }

  @Test func frameMetricsHaveOneRowAMetricAndAReasonWhereThereIsNoNumber() throws {
    #expect(try columns("frame_metrics") == "video frame time metric value reason")
    #expect(
      try rows(path, "SELECT * FROM frame_metrics ORDER BY frame")
        == [
          "clip.mp4|0|0.0|luma-mean|16.0|NULL", "clip.mp4|1|0.04|luma-mean|NULL|damaged",
          "clip.mp4|2|0.08|luma-mean|0.5|NULL", "clip.mp4|3|0.2|luma-mean|0.0|NULL",
        ])
  }

  @Test func frameHashesAreSixteenHexadecimalDigits() throws {
    #expect(try columns("frame_hashes") == "video frame time dhash phash")
    #expect(
      try rows(path, "SELECT * FROM frame_hashes")
        == [
          "clip.mp4|0|0.0|0000000000000001|ffffffffffffffff",
          "clip.mp4|1|0.04|8000000000000000|0000000000000000",
        ])
    #expect(
      try ReviewStore.openExisting(path: path).frameHashes(ofVideo: "clip.mp4")
        == [FrameHashes(dhash: 1, phash: .max), FrameHashes(dhash: 1 << 63, phash: 0)])
  }

  @Test func instanceMetricsNameTheTrack() throws {
    #expect(
      try columns("instance_metrics")
        == "video source track class frame time metric value reason")
    #expect(
      try rows(path, "SELECT * FROM instance_metrics")
        == [
          "clip.mp4|labels|7|person|0|0.0|speed|NULL|first frame",
          "clip.mp4|labels|7|person|0|0.0|speed|0.25|NULL",
          "clip.mp4|labels|7|person|3|0.2|speed|2.0|NULL",
        ])
  }

  @Test func trackMetricsHaveOneRowATrack() throws {
    #expect(try columns("track_metrics") == "video source track class metric value reason")
    #expect(
      try rows(path, "SELECT * FROM track_metrics")
        == ["clip.mp4|labels|7|person|length|0.24|NULL"])
  }

  @Test func instancesSpellOutWhatIsStoredAsNumbers() throws {
    #expect(
      try rows(path, "SELECT * FROM instances")
        == [
          "clip.mp4|labels|7|person|0|0.0|10.0|20.5|30.0|40.0|box|NULL|1|human|0.5|0.25|NULL|"
            + #"{"a":"\"1\"","b":"2"}|3"#,
          "clip.mp4|labels|7|person|0|0.0|11.0|20.5|30.0|40.0|box|NULL|NULL|unknown|NULL|NULL|1|"
            + "NULL|NULL",
          "clip.mp4|labels|7|person|3|0.2|1.0|2.0|2.5|0.0|polyline|"
            + #"{"kind":"polyline","points":[[1,2],[3.5,2]]}|NULL|interpolated|NULL|NULL|0|"#
            + "NULL|NULL",
        ])
  }

  @Test func theFrameTableHasOneRowAShownFrame() throws {
    #expect(
      try rows(path, "SELECT frame, pts, duration, time, is_key FROM frame")
        == [
          "0|1000|40|0.0|1", "1|1040|40|0.04|0", "2|1080|120|0.08|0", "3|1200|40|0.2|1",
        ])
  }

  @Test func badRowsKeepTheirLine() throws {
    #expect(
      try rows(path, "SELECT line, bad_row.reason, row_count, bad_row_count FROM bad_row, source")
        == ["2|the width is not a number|4|1"])
  }
}
