import Annotations
import GRDB
public import Quality

extension ReviewStore {
  /// Replaces the findings about a source, or about a video itself, in one transaction.
  ///
  /// Nobody ever reads half of them. What people decided stays with findings that are found again.
  ///
  /// - Parameters:
  ///   - findings: All findings, in any order.
  ///   - source: The source they are about; nil for findings about the video itself.
  ///   - video: The video.
  ///   - run: The run that found them.
  /// - Throws: A ``StoreError`` in one sentence.
  public func replaceFindings(
    _ findings: [Finding], of source: SourceID?, on video: VideoID, run: RunID
  ) throws(StoreError) {
    let findings = findings.sorted(by: Self.isBefore)
    try write { db in
      let videoName = try String.fetchOne(
        db, sql: "SELECT name FROM video WHERE id = ?", arguments: [video.number])
      let sourceName = try String.fetchOne(
        db, sql: "SELECT name FROM source WHERE id = ?", arguments: [source?.number])
      let names = Fingerprint.continued(
        try Self.decided(of: source, on: video, in: db), by: findings,
        named: Fingerprint.all(of: findings, video: videoName ?? "", source: sourceName))
      try db.execute(
        sql: "DELETE FROM finding WHERE video = ? AND source IS ?",
        arguments: [video.number, source?.number])
      for (finding, name) in zip(findings, names) {
        try FindingRecord.insert(
          finding, fingerprint: name, video: video.number, source: source?.number,
          run: run.number, in: db)
      }
    }
  }

  /// Keeps what a person says about a finding, in place of what was said before.
  ///
  /// - Parameters:
  ///   - decision: The decision.
  ///   - fingerprint: The finding.
  /// - Throws: A ``StoreError`` in one sentence.
  public func decide(_ decision: Decision, fingerprint: String) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO decision (fingerprint, status, note, decided)
          VALUES (?, ?, ?, ?)
          """,
        arguments: [fingerprint, decision.status.rawValue, decision.note, Self.now])
    }
  }

  /// Returns what a person said about a finding, or nil where nobody said anything.
  public func decision(fingerprint: String) throws(StoreError) -> Decision? {
    try read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT status, note FROM decision WHERE fingerprint = ?",
        arguments: [fingerprint])
      guard let row, let status = Decision.Status(rawValue: row["status"]) else { return nil }
      return Decision(status, note: row["note"])
    }
  }

  // Rules may give findings in any order, and report order has ties: names and rows must not
  // depend on either.
  private static func isBefore(_ a: Finding, _ b: Finding) -> Bool {
    if Finding.reportOrder(a, b) { return true }
    if Finding.reportOrder(b, a) { return false }
    let (x, y) = (a.box, b.box)
    let (p, q) = ((x?.left ?? 0, x?.top ?? 0), (y?.left ?? 0, y?.top ?? 0))
    if p != q { return p < q }
    return a.otherTracks.lexicographicallyPrecedes(b.otherTracks)
  }

  private static func decided(
    of source: SourceID?, on video: VideoID, in db: Database
  ) throws -> [Fingerprint.Decided] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT \(FindingRecord.columns)
        FROM finding
        JOIN decision USING (fingerprint)
        LEFT JOIN source ON source.id = finding.source
        WHERE finding.video = ? AND finding.source IS ?
        ORDER BY finding.id
        """,
      arguments: [video.number, source?.number]
    ).map { row in
      let record = try FindingRecord(row)
      return Fingerprint.Decided(fingerprint: record.fingerprint, finding: record.finding)
    }
  }
}
