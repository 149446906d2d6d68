import GRDB

/// The tables and views, and how a file is known to be a store.
///
/// Base tables are keyed by small numbers. The views spell everything out and are what people are
/// meant to query; their columns are part of the outside contract.
enum Schema {
  /// `Ctny` in the header of the file: what `file(1)` and this tool know a store by.
  static let applicationID: Int32 = 0x4374_6E79
  /// The version this tool writes; a store with a higher one is refused.
  static let version = 2

  /// The steps from an empty file to ``version``; a step never changes once it was released.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try db.execute(sql: tables)
      try db.execute(sql: views)
      try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = 1")
    }
    migrator.registerMigration("2") { db in
      try db.execute(sql: measurements)
      try FrameColumns.putView(in: db)
      try db.execute(sql: "PRAGMA user_version = 2")
    }
    return migrator
  }

  // `instance` is clustered by track and frame, so that a track is one stretch of the file and no
  // second index is needed. Whole numbers take one to three bytes in a REAL column, and NULL and 0
  // take none. `repeat` counts the instances that a source puts into one frame of one track.
  private static let tables = """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY,
      tool_version TEXT NOT NULL,
      arguments TEXT NOT NULL,
      rules TEXT NOT NULL,
      metrics TEXT NOT NULL,
      started TEXT NOT NULL,
      finished TEXT
    ) STRICT;
    CREATE TABLE input (
      run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      path TEXT NOT NULL,
      size INTEGER NOT NULL,
      sha256 TEXT,
      PRIMARY KEY (run, path)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE metric (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      scope TEXT NOT NULL,
      unit TEXT NOT NULL,
      direction TEXT NOT NULL
    ) STRICT;
    CREATE TABLE video (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      path TEXT,
      width INTEGER,
      height INTEGER,
      codec TEXT,
      time_base_numerator INTEGER NOT NULL,
      time_base_denominator INTEGER NOT NULL,
      frame_count INTEGER NOT NULL,
      header_frame_count INTEGER,
      corrupt_packets INTEGER,
      duration REAL NOT NULL,
      frame_step REAL NOT NULL,
      is_nominal INTEGER NOT NULL,
      is_variable_frame_rate INTEGER NOT NULL,
      run INTEGER NOT NULL REFERENCES run
    ) STRICT;
    CREATE TABLE frame (
      video INTEGER NOT NULL REFERENCES video ON DELETE CASCADE,
      frame INTEGER NOT NULL,
      pts INTEGER NOT NULL,
      duration INTEGER NOT NULL,
      time REAL NOT NULL,
      is_key INTEGER NOT NULL,
      PRIMARY KEY (video, frame)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE frame_value (
      video INTEGER NOT NULL,
      frame INTEGER NOT NULL,
      metric INTEGER NOT NULL REFERENCES metric,
      value REAL,
      reason TEXT,
      PRIMARY KEY (video, frame, metric),
      FOREIGN KEY (video, frame) REFERENCES frame ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE source (
      id INTEGER PRIMARY KEY,
      video INTEGER NOT NULL REFERENCES video ON DELETE CASCADE,
      name TEXT NOT NULL,
      kind TEXT NOT NULL,
      format TEXT NOT NULL,
      dialect TEXT NOT NULL,
      path TEXT NOT NULL,
      frame_base INTEGER NOT NULL,
      quantum REAL NOT NULL,
      annotated TEXT,
      ontology TEXT,
      row_count INTEGER NOT NULL,
      bad_row_count INTEGER NOT NULL,
      notes TEXT,
      track_count INTEGER NOT NULL,
      instance_count INTEGER NOT NULL,
      run INTEGER NOT NULL REFERENCES run,
      UNIQUE (video, name)
    ) STRICT;
    CREATE TABLE bad_row (
      source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
      number INTEGER NOT NULL,
      line INTEGER NOT NULL,
      reason TEXT NOT NULL,
      PRIMARY KEY (source, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE track (
      id INTEGER PRIMARY KEY,
      source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
      name TEXT NOT NULL,
      class TEXT NOT NULL,
      is_tracked INTEGER NOT NULL,
      absences TEXT,
      attributes TEXT
    ) STRICT;
    CREATE INDEX track_source ON track (source);
    CREATE TABLE instance (
      track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
      frame INTEGER NOT NULL,
      repeat INTEGER NOT NULL,
      left REAL,
      top REAL,
      width REAL,
      height REAL,
      shape TEXT,
      is_key INTEGER,
      origin INTEGER,
      confidence REAL,
      visibility REAL,
      occluded INTEGER,
      attributes TEXT,
      line INTEGER,
      PRIMARY KEY (track, frame, repeat)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE instance_value (
      track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
      frame INTEGER NOT NULL,
      repeat INTEGER NOT NULL,
      metric INTEGER NOT NULL REFERENCES metric,
      value REAL,
      reason TEXT,
      PRIMARY KEY (track, frame, repeat, metric)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE track_value (
      track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
      metric INTEGER NOT NULL REFERENCES metric,
      value REAL,
      reason TEXT,
      PRIMARY KEY (track, metric)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE finding (
      id INTEGER PRIMARY KEY,
      video INTEGER NOT NULL REFERENCES video ON DELETE CASCADE,
      source INTEGER REFERENCES source ON DELETE CASCADE,
      run INTEGER NOT NULL REFERENCES run,
      fingerprint TEXT NOT NULL UNIQUE,
      rule TEXT NOT NULL,
      level TEXT NOT NULL CHECK (level IN ('note', 'warning', 'error')),
      track TEXT,
      other_tracks TEXT,
      class TEXT,
      start_frame INTEGER NOT NULL,
      end_frame INTEGER NOT NULL,
      score REAL NOT NULL,
      cause TEXT NOT NULL,
      reason TEXT NOT NULL,
      left REAL,
      top REAL,
      width REAL,
      height REAL
    ) STRICT;
    CREATE INDEX finding_source ON finding (video, source);
    CREATE TABLE proposal (
      finding INTEGER NOT NULL REFERENCES finding ON DELETE CASCADE,
      number INTEGER NOT NULL,
      frame INTEGER NOT NULL,
      left REAL NOT NULL,
      top REAL NOT NULL,
      width REAL NOT NULL,
      height REAL NOT NULL,
      PRIMARY KEY (finding, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE decision (
      fingerprint TEXT PRIMARY KEY,
      status TEXT NOT NULL CHECK (status IN ('accepted', 'rejected', 'snoozed')),
      note TEXT NOT NULL,
      decided TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  // Values come while a video is decoded, so they no longer wait for the rows of its frames. A frame
  // is one row of `frame_measurement`, with one column a metric (see ``FrameColumns``): a tenth of
  // the time and less than half the space of one row a metric. `frame_value` keeps what that table
  // cannot say: why there is no number, the metrics that are computed after the last frame, and what
  // version 1 wrote.
  private static let measurements = """
    ALTER TABLE video ADD COLUMN packet_count INTEGER;
    ALTER TABLE video ADD COLUMN hidden_packets INTEGER;
    ALTER TABLE video ADD COLUMN corrupt_frames INTEGER;
    DROP VIEW frame_metrics;
    ALTER TABLE frame_value RENAME TO frame_value_1;
    CREATE TABLE frame_value (
      video INTEGER NOT NULL REFERENCES video ON DELETE CASCADE,
      frame INTEGER NOT NULL,
      metric INTEGER NOT NULL REFERENCES metric,
      value REAL,
      reason TEXT,
      PRIMARY KEY (video, frame, metric)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO frame_value SELECT video, frame, metric, value, reason FROM frame_value_1;
    DROP TABLE frame_value_1;
    CREATE TABLE frame_measurement (
      video INTEGER NOT NULL REFERENCES video ON DELETE CASCADE,
      frame INTEGER NOT NULL,
      PRIMARY KEY (video, frame)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE frame_hash (
      video INTEGER NOT NULL REFERENCES video ON DELETE CASCADE,
      frame INTEGER NOT NULL,
      dhash INTEGER NOT NULL,
      phash INTEGER NOT NULL,
      PRIMARY KEY (video, frame)
    ) STRICT, WITHOUT ROWID;
    CREATE VIEW frame_hashes AS
    SELECT
      video.name AS video, frame, frame.time AS time, printf('%016x', dhash) AS dhash,
      printf('%016x', phash) AS phash
    FROM frame_hash
    JOIN frame USING (video, frame)
    JOIN video ON video.id = frame_hash.video;
    """

  private static let views = """
    CREATE VIEW findings AS
    SELECT
      rule, level, video.name AS video, source.name AS source, track, other_tracks, class,
      start_frame, end_frame, \(time(of: "start_frame")) AS start_time,
      \(time(of: "end_frame")) AS end_time, score, cause, reason, left, top, finding.width,
      finding.height, fingerprint,
      (SELECT count(*) FROM proposal WHERE proposal.finding = finding.id) AS proposals,
      decision.status AS decision, decision.note AS note
    FROM finding
    JOIN video ON video.id = finding.video
    LEFT JOIN source ON source.id = finding.source
    LEFT JOIN decision USING (fingerprint);
    CREATE VIEW proposals AS
    SELECT
      fingerprint, rule, video.name AS video, source.name AS source, track, class,
      proposal.frame AS frame, \(time(of: "proposal.frame")) AS time, proposal.left AS left,
      proposal.top AS top, proposal.width AS width, proposal.height AS height
    FROM proposal
    JOIN finding ON finding.id = proposal.finding
    JOIN video ON video.id = finding.video
    LEFT JOIN source ON source.id = finding.source;
    CREATE VIEW frame_metrics AS
    SELECT
      video.name AS video, frame, frame.time AS time, metric.name AS metric, value, reason
    FROM frame_value
    JOIN frame USING (video, frame)
    JOIN video ON video.id = frame_value.video
    JOIN metric ON metric.id = frame_value.metric;
    CREATE VIEW instances AS
    SELECT
      video.name AS video, source.name AS source, track.name AS track, class, frame,
      \(time(of: "instance.frame")) AS time, left, top, instance.width AS width,
      instance.height AS height, coalesce(json_extract(shape, '$.kind'), 'box') AS kind, shape,
      is_key,
      CASE origin
        WHEN 1 THEN 'human' WHEN 2 THEN 'interpolated' WHEN 3 THEN 'tracked' WHEN 4 THEN 'model'
        WHEN 5 THEN 'imported' ELSE 'unknown'
      END AS origin,
      confidence, visibility, occluded, instance.attributes AS attributes, line
    FROM instance
    JOIN track ON track.id = instance.track
    JOIN source ON source.id = track.source
    JOIN video ON video.id = source.video;
    CREATE VIEW instance_metrics AS
    SELECT
      video.name AS video, source.name AS source, track.name AS track, class, frame,
      \(time(of: "instance_value.frame")) AS time, metric.name AS metric, value, reason
    FROM instance_value
    JOIN track ON track.id = instance_value.track
    JOIN source ON source.id = track.source
    JOIN video ON video.id = source.video
    JOIN metric ON metric.id = instance_value.metric;
    CREATE VIEW track_metrics AS
    SELECT
      video.name AS video, source.name AS source, track.name AS track, class,
      metric.name AS metric, value, reason
    FROM track_value
    JOIN track ON track.id = track_value.track
    JOIN source ON source.id = track.source
    JOIN video ON video.id = source.video
    JOIN metric ON metric.id = track_value.metric;
    """

  /// The start of a frame in seconds, as `FrameTable.seconds(at:)` has it.
  static func time(of frame: String) -> String {
    """
    CASE
      WHEN \(frame) < 0 THEN \(frame) * video.frame_step
      WHEN \(frame) < video.frame_count THEN
        (SELECT f.time FROM frame AS f WHERE f.video = video.id AND f.frame = \(frame))
      ELSE video.duration + (\(frame) - video.frame_count) * video.frame_step
    END
    """
  }
}
