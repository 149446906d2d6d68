import Annotations
import GRDB
public import Quality

extension ReviewStore {
  /// Returns findings ordered by video, source, frames, rule and track, the same at every call.
  public func findings(
    matching filter: FindingFilter = FindingFilter()
  ) throws(StoreError) -> [ReportedFinding] {
    try read { db in
      var proposals = try Self.proposals(matching: filter, in: db)
      let (condition, arguments) = filter.condition
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT \(FindingRecord.columns), video.name AS video,
            \(Schema.time(of: "start_frame")) AS start_time,
            \(Schema.time(of: "end_frame")) AS end_time
          FROM finding
          JOIN video ON video.id = finding.video
          LEFT JOIN source ON source.id = finding.source
          WHERE \(condition)
          ORDER BY video.name, coalesce(source.name, ''), start_frame, end_frame, rule,
            coalesce(track, ''), reason, finding.id
          """,
        arguments: arguments)
      var findings: [ReportedFinding] = []
      while let row = try rows.next() {
        var record = try FindingRecord(row)
        record.finding.proposals = proposals.removeValue(forKey: record.id) ?? []
        findings.append(
          ReportedFinding(
            finding: record.finding, video: row["video"], startTime: row["start_time"] ?? 0,
            endTime: row["end_time"] ?? 0, fingerprint: record.fingerprint))
      }
      return findings
    }
  }

  /// Returns how many findings there are of each level that has some.
  public func counts(
    matching filter: FindingFilter = FindingFilter()
  ) throws(StoreError) -> [Level: Int] {
    try read { db in
      let (condition, arguments) = filter.condition
      var counts: [Level: Int] = [:]
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT level, count(*) AS count
          FROM finding
          JOIN video ON video.id = finding.video
          LEFT JOIN source ON source.id = finding.source
          WHERE \(condition)
          GROUP BY level
          """,
        arguments: arguments)
      while let row = try rows.next() {
        if let level = Level(rawValue: row["level"]) { counts[level] = row["count"] }
      }
      return counts
    }
  }

  /// Returns all videos by name, each with its sources.
  public func videos() throws(StoreError) -> [VideoSummary] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM video ORDER BY name").map { row in
        VideoSummary(
          info: StoredVideo(
            name: row["name"], path: row["path"], width: row["width"], height: row["height"],
            codec: row["codec"], headerFrameCount: row["header_frame_count"],
            packetCount: row["packet_count"], hiddenPackets: row["hidden_packets"],
            corruptPackets: row["corrupt_packets"], corruptFrames: row["corrupt_frames"]),
          frameCount: row["frame_count"], duration: row["duration"],
          isNominal: row["is_nominal"], sources: try Self.sources(of: row["id"], in: db))
      }
    }
  }

  /// Returns the frame metrics of a video by metric id, one value a frame.
  ///
  /// A frame that was not reached, because the scan was stopped, is undefined.
  public func frameMetrics(
    ofVideo name: String
  ) throws(StoreError) -> [String: MetricColumn] {
    try read { db in
      let count = try Int.fetchOne(
        db, sql: "SELECT frame_count FROM video WHERE name = ?", arguments: [name])
      guard let count else { return [:] }
      var metrics: [String: MetricColumn] = [:]
      for metric in try String.fetchAll(db, sql: "SELECT name FROM metric WHERE scope = 'frame'") {
        let rows = try Row.fetchCursor(
          db,
          sql: """
            SELECT frame, value, reason FROM frame_metrics
            WHERE video = ? AND metric = ? ORDER BY frame
            """,
          arguments: [name, metric])
        var column = MetricColumn()
        while let row = try rows.next() {
          let frame: Int = row[0]
          while column.count < frame { column.append(.undefined("not measured")) }
          let value: Double? = row[1]
          column.append(value.map { .value($0) } ?? .undefined(row[2] ?? ""))
        }
        guard !column.isEmpty else { continue }
        while column.count < count { column.append(.undefined("not measured")) }
        metrics[metric] = column
      }
      return metrics
    }
  }

  private static func sources(of video: Int64, in db: Database) throws -> [SourceSummary] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM source WHERE video = ? ORDER BY name", arguments: [video]
    ).map { row in
      SourceSummary(
        name: row["name"], kind: ReadOptions.Kind(rawValue: row["kind"]) ?? .labels,
        format: row["format"], dialect: row["dialect"], path: row["path"],
        trackCount: row["track_count"], instanceCount: row["instance_count"],
        badRowCount: row["bad_row_count"])
    }
  }

  private static func proposals(
    matching filter: FindingFilter, in db: Database
  ) throws -> [Int64: [Proposal]] {
    let (condition, arguments) = filter.condition
    var proposals: [Int64: [Proposal]] = [:]
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT proposal.*
        FROM proposal
        JOIN finding ON finding.id = proposal.finding
        JOIN video ON video.id = finding.video
        LEFT JOIN source ON source.id = finding.source
        WHERE \(condition)
        ORDER BY proposal.finding, proposal.number
        """,
      arguments: arguments)
    while let row = try rows.next() {
      guard let box = Box(row) else { continue }
      proposals[row["finding"], default: []].append(Proposal(frame: row["frame"], box: box))
    }
    return proposals
  }
}

extension FindingFilter {
  /// The filter over the tables `finding`, `video` and `source`, and its arguments.
  fileprivate var condition: (sql: String, arguments: StatementArguments) {
    var parts = ["true"]
    var arguments = StatementArguments()
    func require(_ sql: String, _ value: String?) {
      guard let value else { return }
      parts.append(sql)
      arguments += [value]
    }
    require("finding.rule = ?", rule)
    require("source.name = ?", source)
    require("video.name = ?", video)
    if let minimumLevel {
      let levels = Level.allCases.filter { $0 >= minimumLevel }.map { "'\($0.rawValue)'" }
      parts.append("finding.level IN (\(levels.joined(separator: ", ")))")
    }
    return (parts.joined(separator: " AND "), arguments)
  }
}
