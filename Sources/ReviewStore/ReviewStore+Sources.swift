public import Annotations
import GRDB
public import Quality

extension ReviewStore {
  /// How many instances one transaction holds.
  static let batchCount = 100_000

  /// Writes a source with its tracks and instances; what the source had before is deleted first.
  ///
  /// Its findings stay until they are replaced, so that nobody reads a source without them.
  ///
  /// - Parameters:
  ///   - info: The name and where it comes from.
  ///   - annotations: The labels or predictions.
  ///   - video: The video.
  ///   - run: The run that writes.
  /// - Returns: The source, which following writes name.
  /// - Throws: A ``StoreError`` in one sentence.
  public func putSource(
    _ info: SourceInfo, annotations: VideoAnnotations, on video: VideoID, run: RunID
  ) throws(StoreError) -> SourceID {
    let source = try writeWithoutForeignKeys { db in
      let id = try Self.upsert(info, annotations, on: video, run: run, in: db)
      try Self.deleteValues(of: id, in: db)
      try Self.insertBadRows(info.report, of: id, in: db)
      return id
    }
    var next = 0
    while next < annotations.tracks.count {
      let start = next
      var count = 0
      while next < annotations.tracks.count, count < Self.batchCount {
        count += annotations.tracks[next].instances.count + 1
        next += 1
      }
      try write { db in
        try Self.insert(annotations.tracks[start..<next], of: source, in: db)
      }
    }
    return SourceID(number: source)
  }

  /// Writes one value for each track of a source.
  ///
  /// - Parameters:
  ///   - values: `values[t]` belongs to `annotations.tracks[t]` of the last ``putSource``.
  ///   - metric: The track metric.
  ///   - source: The source.
  /// - Throws: A ``StoreError`` in one sentence.
  public func writeTrackValues(
    _ values: [MetricValue], metric: MetricInfo, of source: SourceID
  ) throws(StoreError) {
    try write { db in
      let tracks = try Self.tracks(of: source, in: db)
      precondition(tracks.count == values.count, "There is one value for each track.")
      let metric = try Self.id(of: metric, in: db)
      var writer = try RowWriter(db, table: "track_value", columns: 4)
      for (track, value) in zip(tracks, values) {
        writer.bind(track)
        writer.bind(Int(metric))
        writer.bind(value)
        try writer.insert()
      }
    }
  }

  /// Writes one value for each instance of a source.
  ///
  /// - Parameters:
  ///   - values: `values[t][i]` belongs to `annotations.tracks[t].instances[i]`.
  ///   - metric: The instance metric.
  ///   - annotations: The labels of the last ``putSource``.
  ///   - source: The source.
  /// - Throws: A ``StoreError`` in one sentence.
  public func writeInstanceValues(
    _ values: [[MetricValue]], metric: MetricInfo, annotations: VideoAnnotations,
    of source: SourceID
  ) throws(StoreError) {
    try write { db in
      let tracks = try Self.tracks(of: source, in: db)
      precondition(tracks.count == values.count, "There is one row of values for each track.")
      let metric = try Self.id(of: metric, in: db)
      var writer = try RowWriter(db, table: "instance_value", columns: 6)
      for ((number, track), values) in zip(zip(tracks, annotations.tracks), values) {
        precondition(track.instances.count == values.count, "There is one value an instance.")
        var place = InstancePlace()
        for (instance, value) in zip(track.instances, values) {
          writer.bind(number)
          writer.bind(instance.frame)
          writer.bind(place.next(instance.frame))
          writer.bind(Int(metric))
          writer.bind(value)
          try writer.insert()
        }
      }
    }
  }

  private static func tracks(of source: SourceID, in db: Database) throws -> [Int] {
    try Int.fetchAll(
      db, sql: "SELECT id FROM track WHERE source = ? ORDER BY id", arguments: [source.number])
  }

  // Deletes from the leaves to the root, so that nothing is left without its parent.
  private static func deleteValues(of source: Int64, in db: Database) throws {
    for table in ["instance_value", "track_value", "instance"] {
      try db.execute(
        sql: "DELETE FROM \(table) WHERE track IN (SELECT id FROM track WHERE source = ?)",
        arguments: [source])
    }
    for table in ["track", "bad_row"] {
      try db.execute(sql: "DELETE FROM \(table) WHERE source = ?", arguments: [source])
    }
  }

  private static func upsert(
    _ info: SourceInfo, _ annotations: VideoAnnotations, on video: VideoID, run: RunID,
    in db: Database
  ) throws -> Int64 {
    let report = info.report
    let notes = report.notes.isEmpty ? nil : JSONText.array(report.notes.map(JSONText.string))
    try db.execute(
      sql: """
        INSERT INTO source (
          video, name, kind, format, dialect, path, frame_base, quantum, annotated, ontology,
          row_count, bad_row_count, notes, track_count, instance_count, run)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (video, name) DO UPDATE SET
          kind = excluded.kind, format = excluded.format, dialect = excluded.dialect,
          path = excluded.path, frame_base = excluded.frame_base, quantum = excluded.quantum,
          annotated = excluded.annotated, ontology = excluded.ontology,
          row_count = excluded.row_count, bad_row_count = excluded.bad_row_count,
          notes = excluded.notes, track_count = excluded.track_count,
          instance_count = excluded.instance_count, run = excluded.run
        """,
      arguments: [
        video.number, info.name, info.kind.rawValue, info.format, info.dialect, info.path,
        annotations.base, annotations.quantum, annotations.annotated.text,
        annotations.ontology.text, report.rowCount, report.badRowCount, notes,
        annotations.tracks.count, annotations.instanceCount, run.number,
      ])
    return try Int64.fetchOne(
      db, sql: "SELECT id FROM source WHERE video = ? AND name = ?",
      arguments: [video.number, info.name]) ?? 0
  }

  private static func insertBadRows(
    _ report: ReadReport, of source: Int64, in db: Database
  ) throws {
    for (number, row) in report.badRows.enumerated() {
      try db.execute(
        sql: "INSERT INTO bad_row (source, number, line, reason) VALUES (?, ?, ?, ?)",
        arguments: [source, number, row.line, row.reason])
    }
  }

  private static func insert(
    _ tracks: ArraySlice<Track>, of source: Int64, in db: Database
  ) throws {
    let first = try Int.fetchOne(db, sql: "SELECT coalesce(max(id), 0) + 1 FROM track") ?? 1
    var trackRows = try RowWriter(db, table: "track", columns: 7)
    var instanceRows = try RowWriter(db, table: "instance", columns: 15)
    for (offset, track) in tracks.enumerated() {
      trackRows.bind(first + offset)
      trackRows.bind(Int(source))
      trackRows.bind(track.id)
      trackRows.bind(track.className)
      trackRows.bind(track.isTracked ? 1 : 0)
      trackRows.bind(track.absenceText)
      trackRows.bind(track.attributes.text)
      try trackRows.insert()
      var place = InstancePlace()
      for instance in track.instances {
        instanceRows.bind(first + offset)
        instanceRows.bind(instance.frame)
        instanceRows.bind(place.next(instance.frame))
        instanceRows.bind(instance)
        try instanceRows.insert()
      }
    }
  }
}

/// Counts the instances that share a frame of one track.
private struct InstancePlace {
  private var frame: Int?
  private var count = 0

  mutating func next(_ frame: Int) -> Int {
    count = self.frame == frame ? count + 1 : 0
    self.frame = frame
    return count
  }
}
