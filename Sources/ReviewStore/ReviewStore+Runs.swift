import Annotations
import Foundation
import GRDB
import Quality

extension ReviewStore {
  /// Notes the beginning of a run: version, arguments, inputs and every parameter.
  ///
  /// - Parameter info: What somebody needs to repeat the run.
  /// - Returns: The run, which every following write names.
  /// - Throws: A ``StoreError`` in one sentence.
  public func beginRun(_ info: RunInfo) throws(StoreError) -> RunID {
    let rules = info.rules.sorted { $0.key < $1.key }.map { id, settings in
      let level = (key: "level", value: JSONText.string(settings.level.rawValue))
      return (key: id, value: JSONText.object([level] + Self.members(settings.values)))
    }
    let metrics = info.metrics.sorted { $0.key < $1.key }.map { id, parameters in
      (key: id, value: JSONText.object(Self.members(parameters)))
    }
    let arguments = JSONText.array(info.arguments.map(JSONText.string))
    return try write { db in
      try db.execute(
        sql: """
          INSERT INTO run (tool_version, arguments, rules, metrics, started)
          VALUES (?, ?, ?, ?, ?)
          """,
        arguments: [
          info.toolVersion, arguments, JSONText.object(rules), JSONText.object(metrics),
          Self.now,
        ])
      let run = db.lastInsertedRowID
      for input in info.inputs {
        // The same file may be named twice.
        try db.execute(
          sql: "INSERT OR REPLACE INTO input (run, path, size, sha256) VALUES (?, ?, ?, ?)",
          arguments: [run, input.path, input.size, input.sha256])
      }
      return RunID(number: run)
    }
  }

  /// Notes the end of a run, and moves everything into the one file.
  ///
  /// A run without an end was killed or failed; what it wrote is replaced by the next scan.
  ///
  /// - Parameter run: The run.
  /// - Throws: A ``StoreError`` in one sentence.
  public func finishRun(_ run: RunID) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "UPDATE run SET finished = ? WHERE id = ?", arguments: [Self.now, run.number])
    }
    do {
      // Whoever reads at this moment keeps the log alive; the last one to close moves it then.
      try database.writeWithoutTransaction { db in
        _ = try Row.fetchAll(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
    } catch { throw StoreError(error, path: path) }
  }

  /// Returns the latest run without an end: it was killed, it failed, or it still goes on.
  ///
  /// A run before others counts as long as a video is left as that run left it.
  public func unfinishedRun() throws(StoreError) -> UnfinishedRun? {
    try read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT id, started FROM run
          WHERE finished IS NULL
            AND (id = (SELECT max(id) FROM run) OR id IN (SELECT run FROM video))
          ORDER BY id DESC LIMIT 1
          """)
      guard let row else { return nil }
      return UnfinishedRun(
        started: row["started"],
        inputs: try String.fetchAll(
          db, sql: "SELECT path FROM input WHERE run = ? ORDER BY path", arguments: [row["id"]]))
    }
  }

  /// The moment as the store writes it: `2026-11-24T21:05:07Z`.
  static var now: String { Date.now.formatted(.iso8601) }

  private static func members(_ numbers: [String: Double]) -> [(key: String, value: String)] {
    numbers.sorted { $0.key < $1.key }.map { (key: $0.key, value: JSONText.number($0.value)) }
  }
}
