import Foundation
import Quality
import ReviewStore
import Testing

/// Stores that an older version of the tool wrote.
@Suite struct MigrationTests {
  private let fixture: StoreFixture
  private let path: String

  init() throws {
    fixture = try StoreFixture()
    path = fixture.path()
    try execute(path, VersionOne.schema)
    try execute(
      path,
      """
      INSERT INTO run VALUES (1, '0.1.0', '[]', '{}', '{}', '2026-11-01T00:00:00Z', NULL);
      INSERT INTO metric VALUES (1, 'scene-cut', 'frame', '', ''), (2, 'luma-mean', 'frame', '', '');
      INSERT INTO video VALUES (
        1, 'clip.mp4', '/videos/clip.mp4', 640, 480, 'h264', 1, 25, 2, 2, 0, 0.08, 0.04, 0, 0, 1);
      INSERT INTO frame VALUES (1, 0, 0, 1, 0, 1), (1, 1, 1, 1, 0.04, 0);
      INSERT INTO frame_value VALUES
        (1, 0, 1, NULL, 'first frame'), (1, 0, 2, 16.5, NULL), (1, 1, 1, 3, NULL),
        (1, 1, 2, 17, NULL);
      INSERT INTO finding VALUES (
        1, 1, NULL, 1, '0123456789abcdef', 'black-frames', 'warning', NULL, NULL, NULL, 0, 2, 1,
        'unexplained', 'dark', NULL, NULL, NULL, NULL);
      INSERT INTO decision VALUES ('0123456789abcdef', 'rejected', 'night', '2026-11-02T00:00:00Z');
      """)
  }

  @Test func aStoreOfVersionOneKeepsEverything() throws {
    let all = "SELECT * FROM frame_metrics ORDER BY frame, metric"
    let before = try rows(path, all)
    #expect(before.count == 4)
    let store = try ReviewStore.open(path: path)
    #expect(
      try store.frameMetrics(ofVideo: "clip.mp4") == [
        "scene-cut": [.undefined("first frame"), .value(3)],
        "luma-mean": [.value(16.5), .value(17)],
      ])
    #expect(try store.findings().map(\.fingerprint) == ["0123456789abcdef"])
    #expect(try store.decision(fingerprint: "0123456789abcdef")?.note == "night")
    try store.close()
    #expect(try rows(path, all) == before)
    #expect(try rows(path, "PRAGMA user_version") == ["2"])
    #expect(try rows(path, "PRAGMA integrity_check") == ["ok"])
    #expect(try rows(path, "PRAGMA foreign_key_check") == [])
  }

  @Test func aStoreOfVersionOneCanBeReadWithoutBeingChanged() throws {
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let store = try ReviewStore.openExisting(path: path)
    #expect(try store.frameMetrics(ofVideo: "clip.mp4")["luma-mean"] == [.value(16.5), .value(17)])
    try store.close()
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test func aNewScanReplacesValuesOfVersionOne() throws {
    let store = try ReviewStore.open(path: path)
    try StoreFixture.scan(store)
    #expect(
      try store.frameMetrics(ofVideo: "clip.mp4") == [
        "luma-mean": [.value(16), .undefined("damaged"), .value(0.5), .value(0)]
      ])
  }
}
