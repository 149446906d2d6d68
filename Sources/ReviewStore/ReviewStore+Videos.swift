import GRDB
public import Quality
public import Timeline

extension ReviewStore {
  /// Writes a video and one row for each of its frames; what was known under its name is replaced.
  ///
  /// Sources and findings on it stay until they are replaced themselves.
  ///
  /// - Parameters:
  ///   - info: The name, the path and what the container says.
  ///   - frames: The frames, measured or nominal.
  ///   - run: The run that writes.
  /// - Returns: The video, which following writes name.
  /// - Throws: A ``StoreError`` in one sentence.
  public func putVideo(
    _ info: StoredVideo, frames: FrameTable, run: RunID
  ) throws(StoreError) -> VideoID {
    try write { db in
      let id = try Self.upsert(info, frames: frames, run: run, in: db)
      try db.execute(sql: "DELETE FROM frame_value WHERE video = ?", arguments: [id])
      try db.execute(sql: "DELETE FROM frame WHERE video = ?", arguments: [id])
      var rows = try RowWriter(db, table: "frame", columns: 6)
      for frame in 0..<frames.count {
        rows.bind(Int(id))
        rows.bind(frame)
        rows.bind(Int(frames.ticks[frame]))
        rows.bind(Int(frames.durations[frame]))
        rows.bind(frames.seconds(at: frame))
        rows.bind(frames.keyFlags[frame] ? 1 : 0)
        try rows.insert()
      }
      return VideoID(number: id)
    }
  }

  /// Writes the values of some frames in one transaction.
  ///
  /// - Parameters:
  ///   - rows: `rows[k][m]` is the value of `metrics[m]` at the frame `start + k`.
  ///   - metrics: The frame metrics, in the order of the columns of `rows`.
  ///   - start: The first frame; all frames must be among those of the video.
  ///   - video: The video.
  /// - Throws: A ``StoreError`` in one sentence.
  public func writeFrameValues(
    _ rows: [[MetricValue]], metrics: [MetricInfo], from start: FrameIndex, of video: VideoID
  ) throws(StoreError) {
    try write { db in
      let ids = try metrics.map { try Self.id(of: $0, in: db) }
      var writer = try RowWriter(db, table: "frame_value", columns: 5)
      for (offset, row) in rows.enumerated() {
        precondition(row.count == ids.count, "A row has one value for each metric.")
        for (metric, value) in zip(ids, row) {
          writer.bind(Int(video.number))
          writer.bind(start + offset)
          writer.bind(Int(metric))
          writer.bind(value)
          try writer.insert()
        }
      }
    }
  }

  /// Returns the number of a metric in this store, and enters it where it is new.
  static func id(of metric: MetricInfo, in db: Database) throws -> Int64 {
    try db.execute(
      sql: """
        INSERT INTO metric (name, scope, unit, direction) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET
          scope = excluded.scope, unit = excluded.unit, direction = excluded.direction
        """,
      arguments: [
        metric.id, metric.scope.rawValue, metric.unit, metric.direction.rawValue,
      ])
    return try Int64.fetchOne(
      db, sql: "SELECT id FROM metric WHERE name = ?", arguments: [metric.id]) ?? 0
  }

  private static func upsert(
    _ info: StoredVideo, frames: FrameTable, run: RunID, in db: Database
  ) throws -> Int64 {
    try db.execute(
      sql: """
        INSERT INTO video (
          name, path, width, height, codec, time_base_numerator, time_base_denominator,
          frame_count, header_frame_count, corrupt_packets, duration, frame_step, is_nominal,
          is_variable_frame_rate, run)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET
          path = excluded.path, width = excluded.width, height = excluded.height,
          codec = excluded.codec, time_base_numerator = excluded.time_base_numerator,
          time_base_denominator = excluded.time_base_denominator,
          frame_count = excluded.frame_count, header_frame_count = excluded.header_frame_count,
          corrupt_packets = excluded.corrupt_packets, duration = excluded.duration,
          frame_step = excluded.frame_step, is_nominal = excluded.is_nominal,
          is_variable_frame_rate = excluded.is_variable_frame_rate, run = excluded.run
        """,
      arguments: [
        info.name, info.path, info.width, info.height, info.codec, frames.timeBase.numerator,
        frames.timeBase.denominator, frames.count, info.headerFrameCount, info.corruptPackets,
        frames.duration, frames.medianFrameSeconds, frames.isNominal,
        frames.isVariableFrameRate, run.number,
      ])
    return try Int64.fetchOne(
      db, sql: "SELECT id FROM video WHERE name = ?", arguments: [info.name]) ?? 0
  }
}
