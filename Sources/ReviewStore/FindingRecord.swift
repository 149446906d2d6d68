import Annotations
import Foundation
import GRDB
import Quality
import Timeline

/// One row of the table `finding`.
struct FindingRecord {
  static let columns = """
    finding.id, fingerprint, rule, level, source.name AS source, track, other_tracks, class,
    start_frame, end_frame, score, cause, reason, left, top, finding.width AS width,
    finding.height AS height
    """

  let id: Int64
  let fingerprint: String
  var finding: Finding

  /// Reads a row of ``columns``.
  init(_ row: Row) throws {
    id = row["id"]
    fingerprint = row["fingerprint"]
    let (start, end): (Int, Int) = (row["start_frame"], row["end_frame"])
    guard let level = Level(rawValue: row["level"]), start <= end else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT)
    }
    let others: String? = row["other_tracks"]
    finding = Finding(
      rule: row["rule"], level: level, source: row["source"], track: row["track"],
      otherTracks: try others.map {
        try JSONDecoder().decode([String].self, from: Data($0.utf8))
      } ?? [],
      className: row["class"], range: FrameRange(start, end), score: row["score"],
      cause: Cause(rawValue: row["cause"]) ?? .unexplained, reason: row["reason"],
      box: Box(row))
  }

  /// Writes `finding` and its proposals.
  static func insert(
    _ finding: Finding, fingerprint: String, video: Int64, source: Int64?, run: Int64,
    in db: Database
  ) throws {
    let others = finding.otherTracks.isEmpty ? nil : finding.otherTracks.map(JSONText.string)
    let box = finding.box
    try db.cachedStatement(
      sql: """
        INSERT INTO finding (
          video, source, run, fingerprint, rule, level, track, other_tracks, class, start_frame,
          end_frame, score, cause, reason, left, top, width, height)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      video, source, run, fingerprint, finding.rule, finding.level.rawValue, finding.track,
      others.map(JSONText.array), finding.className, finding.range.start, finding.range.end,
      finding.score.isFinite ? finding.score : 0, finding.cause.rawValue, finding.reason,
      box?.left, box?.top, box?.width, box?.height,
    ])
    let id = Int(db.lastInsertedRowID)
    var rows = try RowWriter(db, table: "proposal", columns: 7)
    for (number, proposal) in finding.proposals.enumerated() {
      rows.bind(id)
      rows.bind(number)
      rows.bind(proposal.frame)
      rows.bind(proposal.box.left)
      rows.bind(proposal.box.top)
      rows.bind(proposal.box.width)
      rows.bind(proposal.box.height)
      try rows.insert()
    }
  }
}

extension Box {
  /// Reads the four columns of a box; nil where one is NULL.
  init?(_ row: Row) {
    guard let left: Double = row["left"], let top: Double = row["top"],
      let width: Double = row["width"], let height: Double = row["height"]
    else { return nil }
    self.init(left: left, top: top, width: width, height: height)
  }
}
