import GRDB
public import Timeline

extension ReviewStore {
  /// Forgets what was measured of a video, so that values can be written while it is decoded.
  ///
  /// A video that is new has no frames until ``putVideo(_:frames:run:)``. The frames of one that was
  /// known, sources and findings stay until they are replaced themselves.
  ///
  /// - Parameters:
  ///   - info: The name, the path and what the container says.
  ///   - run: The run that writes.
  /// - Returns: The video, which following writes name.
  /// - Throws: A ``StoreError`` in one sentence.
  public func startVideo(_ info: StoredVideo, run: RunID) throws(StoreError) -> VideoID {
    try write { db in
      let known = try Self.id(ofVideo: info.name, in: db)
      let none = FrameTable(timeBase: TimeBase(1, 1), ticks: [], durations: [], keyFlags: [])
      let id = try known ?? Self.upsert(info, frames: none, run: run, in: db)
      for table in ["frame_measurement", "frame_value", "frame_hash"] {
        try db.execute(sql: "DELETE FROM \(table) WHERE video = ?", arguments: [id])
      }
      return VideoID(number: id)
    }
  }

  /// Writes a video and one row for each of its frames; what was known under its name is replaced.
  ///
  /// What was measured of its frames stays until ``startVideo(_:run:)``, sources and findings until
  /// they are replaced themselves.
  ///
  /// - Parameters:
  ///   - info: The name, the path and what the container says.
  ///   - frames: The frames, measured or nominal.
  ///   - run: The run that writes.
  /// - Returns: The video, which following writes name.
  /// - Throws: A ``StoreError`` in one sentence.
  @discardableResult public func putVideo(
    _ info: StoredVideo, frames: FrameTable, run: RunID
  ) throws(StoreError) -> VideoID {
    try write { db in
      let id = try Self.upsert(info, frames: frames, run: run, in: db)
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

  private static func upsert(
    _ info: StoredVideo, frames: FrameTable, run: RunID, in db: Database
  ) throws -> Int64 {
    try db.execute(
      sql: """
        INSERT INTO video (
          name, path, width, height, codec, time_base_numerator, time_base_denominator,
          frame_count, header_frame_count, packet_count, hidden_packets, corrupt_packets,
          corrupt_frames, duration, frame_step, is_nominal, is_variable_frame_rate, run)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET
          path = excluded.path, width = excluded.width, height = excluded.height,
          codec = excluded.codec, time_base_numerator = excluded.time_base_numerator,
          time_base_denominator = excluded.time_base_denominator,
          frame_count = excluded.frame_count, header_frame_count = excluded.header_frame_count,
          packet_count = excluded.packet_count, hidden_packets = excluded.hidden_packets,
          corrupt_packets = excluded.corrupt_packets, corrupt_frames = excluded.corrupt_frames,
          duration = excluded.duration,
          frame_step = excluded.frame_step, is_nominal = excluded.is_nominal,
          is_variable_frame_rate = excluded.is_variable_frame_rate, run = excluded.run
        """,
      arguments: [
        info.name, info.path, info.width, info.height, info.codec, frames.timeBase.numerator,
        frames.timeBase.denominator, frames.count, info.headerFrameCount, info.packetCount,
        info.hiddenPackets, info.corruptPackets, info.corruptFrames, frames.duration,
        frames.medianFrameSeconds, frames.isNominal, frames.isVariableFrameRate, run.number,
      ])
    return try id(ofVideo: info.name, in: db) ?? 0
  }

  private static func id(ofVideo name: String, in db: Database) throws -> Int64? {
    try Int64.fetchOne(db, sql: "SELECT id FROM video WHERE name = ?", arguments: [name])
  }
}
