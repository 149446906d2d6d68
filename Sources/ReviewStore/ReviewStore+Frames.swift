import GRDB
public import Quality
public import Timeline

extension ReviewStore {
  /// Writes the values of some frames, and their hashes, in one transaction.
  ///
  /// The frames need no rows yet: ``putVideo(_:frames:run:)`` writes those when the video is read.
  ///
  /// - Parameters:
  ///   - columns: `columns[m][k]` is the value of `metrics[m]` at the frame `start + k`.
  ///   - metrics: The frame metrics, in the order of `columns`.
  ///   - hashes: `hashes[k]` belongs to the frame `start + k`; empty where none were computed.
  ///   - start: The first frame; no value was written of it or of a later one.
  ///   - video: The video.
  /// - Throws: A ``StoreError`` in one sentence.
  public func writeFrameValues(
    _ columns: [MetricColumn], metrics: [MetricInfo], hashes: [FrameHashes] = [],
    from start: FrameIndex, of video: VideoID
  ) throws(StoreError) {
    precondition(columns.count == metrics.count, "There is one column for each metric.")
    let count = columns.first?.count ?? 0
    precondition(columns.allSatisfy { $0.count == count }, "Every column has every frame.")
    try write { db in
      let ids = try metrics.map { try Self.id(of: $0, in: db) }
      try FrameColumns.add(ids, in: db)
      var rows = try RowWriter(
        db, table: "frame_measurement", columns: ["video", "frame"] + ids.map(FrameColumns.name))
      for offset in 0..<count {
        rows.bind(Int(video.number))
        rows.bind(start + offset)
        for column in columns { rows.bind(column.numbers[offset]) }
        try rows.insert()
      }
      var reasons = try RowWriter(db, table: "frame_value", columns: 5)
      for (metric, column) in zip(ids, columns) {
        try column.forEachUndefined { offset, reason in
          try reasons.insert(.undefined(reason), metric, start + offset, video)
        }
      }
      var hashRows = try RowWriter(db, table: "frame_hash", columns: 4)
      for (offset, hash) in hashes.enumerated() {
        hashRows.bind(Int(video.number))
        hashRows.bind(start + offset)
        hashRows.bind(Int(bitPattern: UInt(hash.dhash)))
        hashRows.bind(Int(bitPattern: UInt(hash.phash)))
        try hashRows.insert()
      }
    }
  }

  /// Writes the values of a metric that is computed after the last frame.
  ///
  /// - Parameters:
  ///   - column: One value for each frame of the video.
  ///   - metric: The metric, of which no value was written.
  ///   - video: The video.
  /// - Throws: A ``StoreError`` in one sentence.
  public func writeSeriesValues(
    _ column: MetricColumn, metric: MetricInfo, of video: VideoID
  ) throws(StoreError) {
    try write { db in
      let id = try Self.id(of: metric, in: db)
      var rows = try RowWriter(db, table: "frame_value", columns: 5)
      for (frame, value) in column.enumerated() { try rows.insert(value, id, frame, video) }
    }
  }

  /// Returns the hashes of the frames of a video, one a frame; empty where none were computed.
  public func frameHashes(ofVideo name: String) throws(StoreError) -> [FrameHashes] {
    try read { db in
      guard try db.tableExists("frame_hash") else { return [] }  // a store of version 1
      return try Row.fetchAll(
        db,
        sql: """
          SELECT dhash, phash FROM frame_hash JOIN video ON video.id = frame_hash.video
          WHERE video.name = ? ORDER BY frame
          """,
        arguments: [name]
      ).map { row in
        FrameHashes(
          dhash: UInt64(bitPattern: row["dhash"]), phash: UInt64(bitPattern: row["phash"]))
      }
    }
  }

  /// Returns the number of a metric in this store, and enters it where it is new.
  static func id(of metric: MetricInfo, in db: Database) throws -> Int64 {
    try db.cachedStatement(
      sql: """
        INSERT INTO metric (name, scope, unit, direction) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET
          scope = excluded.scope, unit = excluded.unit, direction = excluded.direction
        """
    ).execute(arguments: [
      metric.id, metric.scope.rawValue, metric.unit, metric.direction.rawValue,
    ])
    let statement = try db.cachedStatement(sql: "SELECT id FROM metric WHERE name = ?")
    return try Int64.fetchOne(statement, arguments: [metric.id]) ?? 0
  }
}

extension RowWriter {
  /// Writes a row of `frame_value`.
  fileprivate mutating func insert(
    _ value: MetricValue, _ metric: Int64, _ frame: FrameIndex, _ video: VideoID
  ) throws {
    bind(Int(video.number))
    bind(frame)
    bind(Int(metric))
    bind(value)
    try insert()
  }
}
