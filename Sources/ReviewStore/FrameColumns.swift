import GRDB

/// The columns of `frame_measurement`: one for each metric that was ever measured, `m7` for the
/// metric 7, added when it is first written.
enum FrameColumns {
  /// The name of the column of a metric.
  static func name(of metric: Int64) -> String { "m\(metric)" }

  /// Adds the columns of `metrics` that are not there yet.
  static func add(_ metrics: [Int64], in db: Database) throws {
    let known = Set(try all(in: db))
    let new = Set(metrics).subtracting(known).sorted()
    for metric in new {
      try db.execute(sql: "ALTER TABLE frame_measurement ADD COLUMN \(name(of: metric)) REAL")
    }
    if !new.isEmpty { try putView(in: db) }
  }

  /// Writes the view `frame_metrics` anew, which shows the columns as one row a metric.
  static func putView(in db: Database) throws {
    let cases = try all(in: db).map { "WHEN \($0) THEN \(name(of: $0))" }.joined(separator: " ")
    let value = cases.isEmpty ? "NULL" : "CASE metric.id \(cases) END"
    try db.execute(
      sql: """
        DROP VIEW IF EXISTS frame_metrics;
        CREATE VIEW frame_metrics AS
        SELECT
          video.name AS video, frame, frame.time AS time, metric.name AS metric,
          \(value) AS value, NULL AS reason
        FROM frame_measurement
        JOIN frame USING (video, frame)
        JOIN video ON video.id = frame_measurement.video
        JOIN metric
        WHERE \(value) IS NOT NULL
        UNION ALL
        SELECT
          video.name AS video, frame, frame.time AS time, metric.name AS metric, value, reason
        FROM frame_value
        JOIN frame USING (video, frame)
        JOIN video ON video.id = frame_value.video
        JOIN metric ON metric.id = frame_value.metric;
        """)
  }

  private static func all(in db: Database) throws -> [Int64] {
    try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info('frame_measurement')")
      .compactMap { $0.first == "m" ? Int64($0.dropFirst()) : nil }
  }
}
