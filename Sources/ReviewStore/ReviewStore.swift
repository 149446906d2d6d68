import Foundation
import GRDB

/// One SQLite file with everything that was measured and found, of one or many videos.
///
/// Every call that writes is one transaction, or, for many rows, one transaction a batch; findings
/// of a source are always replaced as a whole. A process that is killed leaves a store that opens.
public final class ReviewStore: Sendable {
  /// The file.
  public let path: String
  let database: DatabaseQueue

  private init(path: String, database: DatabaseQueue) {
    self.path = path
    self.database = database
  }

  /// Opens the store at `path` for reading and writing, and creates it where there is none.
  ///
  /// A store of an older version is brought up to date. A file that is something else, or that a
  /// newer version of the tool wrote, is refused and stays as it was.
  ///
  /// - Parameters:
  ///   - path: The file; its folder must exist.
  ///   - seconds: How long to wait, at every call, for another process that is writing.
  /// - Returns: The open store.
  /// - Throws: A ``StoreError`` in one sentence.
  public static func open(
    path: String, waiting seconds: Double = 5
  ) throws(StoreError) -> ReviewStore {
    let manager = FileManager.default
    let file = URL(fileURLWithPath: path)
    let folder = file.deletingLastPathComponent().path
    var isDirectory: ObjCBool = false
    if manager.fileExists(atPath: path, isDirectory: &isDirectory) {
      try refuseDirectory(path, isDirectory.boolValue)
    } else {
      guard manager.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue
      else {
        throw StoreError(
          .unwritable, path: path, "the folder \(folder) does not exist; create it first")
      }
    }
    // SQLite opens a file that may not be written for reading, and fails only much later.
    for item in [folder, path]
    where manager.fileExists(atPath: item) && !manager.isWritableFile(atPath: item) {
      throw StoreError(DatabaseError(resultCode: .SQLITE_READONLY), path: path)
    }
    var configuration = configuration(waiting: seconds)
    configuration.prepareDatabase { db in
      _ = try checkedVersion(of: db, path: path)
      try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    }
    do {
      let database = try DatabaseQueue(path: file.path, configuration: configuration)
      let version = try database.read { try checkedVersion(of: $0, path: path) }
      if version < Schema.version { try Schema.migrator.migrate(database) }
      return ReviewStore(path: path, database: database)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Opens the store at `path`, which must exist, for reading.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - seconds: How long to wait, at every call, for another process that is writing.
  /// - Returns: The open store; writing to it throws.
  /// - Throws: A ``StoreError`` in one sentence.
  public static func openExisting(
    path: String, waiting seconds: Double = 5
  ) throws(StoreError) -> ReviewStore {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw StoreError(.unreadable, path: path, "there is no such store; scan a video first")
    }
    try refuseDirectory(path, isDirectory.boolValue)
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw StoreError(
        .unreadable, path: path, "the store may not be read; check its permissions")
    }
    var configuration = configuration(waiting: seconds)
    configuration.readonly = true
    do {
      let database = try openForReading(path, configuration)
      let version = try database.read { try checkedVersion(of: $0, path: path) }
      guard version > 0 else {
        throw StoreError(.notAStore, path: path, "the store is empty; scan a video first")
      }
      return ReviewStore(path: path, database: database)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Closes the store; the side files of SQLite vanish with the last one that has it open.
  ///
  /// - Throws: A ``StoreError`` in one sentence.
  public func close() throws(StoreError) {
    do { try database.close() } catch { throw StoreError(error, path: path) }
  }

  func write<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
    do { return try database.write(body) } catch { throw StoreError(error, path: path) }
  }

  /// Runs a transaction in which SQLite does not look for children of what is deleted.
  ///
  /// With a million tracks that search takes longer than all the rest of a scan.
  func writeWithoutForeignKeys<Result>(
    _ body: (Database) throws -> Result
  ) throws(StoreError) -> Result {
    do {
      return try database.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA foreign_keys = OFF")
        defer { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
        var result: Result?
        try db.inTransaction(.immediate) {
          result = try body(db)
          return .commit
        }
        guard let result else { preconditionFailure("The transaction ran.") }
        return result
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  func read<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
    do { return try database.read(body) } catch { throw StoreError(error, path: path) }
  }

  private static func refuseDirectory(
    _ path: String, _ isDirectory: Bool
  ) throws(StoreError) {
    if isDirectory {
      throw StoreError(
        .unreadable, path: path, "this is a directory; name a file in it with --store")
    }
  }

  private static func configuration(waiting seconds: Double) -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(seconds)
    return configuration
  }

  /// Opens a finished store also where SQLite may not put its side files: on a read-only disk.
  private static func openForReading(
    _ path: String, _ configuration: Configuration
  ) throws -> DatabaseQueue {
    let file = URL(fileURLWithPath: path)
    do {
      let database = try DatabaseQueue(path: file.path, configuration: configuration)
      _ = try database.read { try checkedVersion(of: $0, path: path) }
      return database
    } catch let error as DatabaseError
      where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
      && !FileManager.default.fileExists(atPath: path + "-wal")
    {
      return try DatabaseQueue(
        path: file.absoluteString + "?immutable=1", configuration: configuration)
    }
  }

  /// Returns the version of the store, 0 for an empty file; throws where it cannot be used.
  private static func checkedVersion(of db: Database, path: String) throws -> Int {
    let id = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    // A process killed while it created the store leaves at most the list of migrations.
    let tables = try Int.fetchOne(
      db, sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'")
    guard id == Schema.applicationID || (id == 0 && version == 0 && tables == 0) else {
      throw StoreError(
        .notAStore, path: path,
        "this is a database of another program; name another file with --store")
    }
    guard version <= Schema.version else {
      throw StoreError(
        .newerVersion, path: path,
        "a newer version of continuity wrote this store (version \(version), this one knows "
          + "\(Schema.version)); update continuity or name another file with --store")
    }
    return version
  }
}
