import Annotations
import Foundation
import GRDB
import Quality
import Testing

@testable import ReviewStore

@Suite struct OpeningTests {
  private let fixture: StoreFixture

  init() throws { fixture = try StoreFixture() }

  @Test func aNewStoreIsOneFileAfterItIsClosed() throws {
    let path = fixture.path()
    let store = try ReviewStore.open(path: path)
    try StoreFixture.scan(store)
    try store.close()
    let files = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)
    #expect(files == ["continuity.sqlite"])
  }

  @Test func theHeaderOfTheFileNamesTheProgramAndTheVersion() throws {
    let path = fixture.path()
    try ReviewStore.open(path: path).close()
    // https://www.sqlite.org/fileformat.html: application id at 68, user version at 60.
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(Array(bytes[68..<72]) == Array("Ctny".utf8))
    #expect(Array(bytes[60..<64]) == [0, 0, 0, 2])
  }

  @Test func everyTableIsStrictAndIntact() throws {
    let path = fixture.path()
    let store = try ReviewStore.open(path: path)
    try StoreFixture.scan(store)
    try store.close()
    let loose = try rows(
      path,
      """
      SELECT name FROM pragma_table_list
      WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'grdb%'
      """)
    #expect(loose == [])
    #expect(try rows(path, "PRAGMA integrity_check") == ["ok"])
    #expect(try rows(path, "PRAGMA foreign_key_check") == [])
    #expect(try rows(path, "PRAGMA journal_mode") == ["wal"])
  }

  @Test func anEmptyFileBecomesAStore() throws {
    let path = fixture.path()
    try Data().write(to: URL(fileURLWithPath: path))
    let store = try ReviewStore.open(path: path)
    #expect(try store.findings() == [])
  }

  @Test func aTextFileIsRefusedAndStaysAsItWas() throws {
    let path = fixture.path("notes.txt")
    let text = Data("1,2,3,4\n".utf8)
    try text.write(to: URL(fileURLWithPath: path))
    let error = StoreError(
      .notAStore, path: path, "this is no Continuity store; name another file with --store")
    #expect(throws: error) { try ReviewStore.open(path: path) }
    #expect(throws: error) { try ReviewStore.openExisting(path: path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
  }

  @Test func aDatabaseOfAnotherProgramIsRefusedAndStaysAsItWas() throws {
    let path = fixture.path("photos.sqlite")
    try execute(path, "CREATE TABLE photo (id INTEGER PRIMARY KEY)")
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let error = StoreError(
      .notAStore, path: path,
      "this is a database of another program; name another file with --store")
    #expect(throws: error) { try ReviewStore.open(path: path) }
    #expect(throws: error) { try ReviewStore.openExisting(path: path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test func aStoreOfANewerVersionIsRefused() throws {
    let path = fixture.path()
    try ReviewStore.open(path: path).close()
    try execute(path, "PRAGMA user_version = 3")
    let error = StoreError(
      .newerVersion, path: path,
      "a newer version of continuity wrote this store (version 3, this one knows 2); "
        + "update continuity or name another file with --store")
    #expect(throws: error) { try ReviewStore.open(path: path) }
    #expect(throws: error) { try ReviewStore.openExisting(path: path) }
  }

  @Test func aDirectoryIsRefused() throws {
    let path = fixture.folder.path
    let error = StoreError(
      .unreadable, path: path, "this is a directory; name a file in it with --store")
    #expect(throws: error) { try ReviewStore.open(path: path) }
    #expect(throws: error) { try ReviewStore.openExisting(path: path) }
  }

  @Test func aFolderThatIsNotThereIsRefused() throws {
    let path = fixture.path("nowhere/continuity.sqlite")
    let error = StoreError(
      .unwritable, path: path,
      "the folder \(fixture.path("nowhere")) does not exist; create it first")
    #expect(throws: error) { try ReviewStore.open(path: path) }
  }

  @Test func readingNeedsAStore() throws {
    let path = fixture.path()
    #expect(
      throws: StoreError(
        .unreadable, path: path, "there is no such store; scan a video first")
    ) { try ReviewStore.openExisting(path: path) }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  // The superuser may write everywhere.
  @Test(.enabled(if: geteuid() != 0))
  func aFolderThatMayNotBeWrittenIsRefusedForWritingAndReadable() throws {
    let path = fixture.path()
    try ReviewStore.open(path: path).close()
    let manager = FileManager.default
    try manager.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: fixture.folder.path)
    defer {
      try? manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fixture.folder.path)
    }
    #expect(try ReviewStore.openExisting(path: path).findings() == [])
    #expect(
      throws: StoreError(
        .unwritable, path: path,
        "the store cannot be written; check the permissions of the file and of its folder")
    ) { try ReviewStore.open(path: path) }
  }

  @Test func writingWhileAnotherProcessWritesIsRefusedInOneSentence() throws {
    let path = fixture.path()
    let store = try ReviewStore.open(path: path, waiting: 0)
    let other = try DatabaseQueue(path: path)
    try other.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      #expect(
        throws: StoreError(
          .locked, path: path,
          "another process is writing to the store; try again when it is done")
      ) { try store.beginRun(RunInfo(toolVersion: "0.1.0")) }
      try db.execute(sql: "ROLLBACK")
    }
  }

  // SQLite's own limit stands in for the disk: the code is the same, SQLITE_FULL.
  @Test func aFullDiskIsSaidInOneSentenceAndFindingsStay() throws {
    let path = fixture.path()
    let store = try ReviewStore.open(path: path)
    try StoreFixture.scan(store)
    let before = try store.findings()
    #expect(before.last?.finding == StoreFixture.gap)
    try store.database.writeWithoutTransaction { db in
      _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = 1")
    }
    let instances = (0..<10_000).map {
      Instance(frame: $0, shape: .box(Box(left: 0.1, top: 0.2, width: 3.3, height: 4.4)))
    }
    let labels = VideoAnnotations(tracks: [Track(id: "1", instances: instances)])
    #expect(
      throws: StoreError(.full, path: path, "the disk is full; make room and scan again")
    ) { try StoreFixture.scan(store, labels: labels, findings: []) }
    let after = try store.findings()
    #expect(after.last == before.last)
  }

  @Test func aDamagedStoreIsSaidInOneSentence() throws {
    let path = fixture.path()
    let store = try ReviewStore.open(path: path)
    try StoreFixture.scan(store)
    try store.close()
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    let size = try handle.seekToEnd()
    try handle.seek(toOffset: 4096)
    try handle.write(contentsOf: Data(repeating: 0x5A, count: Int(size) - 4096))
    try handle.close()
    #expect(
      throws: StoreError(
        .damaged, path: path, "the store is damaged; move it away and scan again")
    ) { try ReviewStore.openExisting(path: path).findings() }
  }
}
