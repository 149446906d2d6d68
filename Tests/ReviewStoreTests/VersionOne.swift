/// The tables and views of version 1, as that version wrote them.
enum VersionOne {
  static let schema = """
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
    CREATE VIEW findings AS
    SELECT
      rule, level, video.name AS video, source.name AS source, track, other_tracks, class,
      start_frame, end_frame, CASE WHEN start_frame < 0 THEN start_frame * video.frame_step WHEN
      start_frame < video.frame_count THEN (SELECT f.time FROM frame AS f WHERE f.video = video.id
      AND f.frame = start_frame) ELSE video.duration + (start_frame - video.frame_count) *
      video.frame_step END AS start_time,
      CASE WHEN end_frame < 0 THEN end_frame * video.frame_step WHEN end_frame < video.frame_count
      THEN (SELECT f.time FROM frame AS f WHERE f.video = video.id AND f.frame = end_frame) ELSE
      video.duration + (end_frame - video.frame_count) * video.frame_step END AS end_time, score,
      cause, reason, left, top, finding.width,
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
      proposal.frame AS frame, CASE WHEN proposal.frame < 0 THEN proposal.frame * video.frame_step
      WHEN proposal.frame < video.frame_count THEN (SELECT f.time FROM frame AS f WHERE f.video =
      video.id AND f.frame = proposal.frame) ELSE video.duration + (proposal.frame -
      video.frame_count) * video.frame_step END AS time, proposal.left AS left,
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
      CASE WHEN instance.frame < 0 THEN instance.frame * video.frame_step WHEN instance.frame <
      video.frame_count THEN (SELECT f.time FROM frame AS f WHERE f.video = video.id AND f.frame =
      instance.frame) ELSE video.duration + (instance.frame - video.frame_count) *
      video.frame_step END AS time, left, top, instance.width AS width,
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
      CASE WHEN instance_value.frame < 0 THEN instance_value.frame * video.frame_step WHEN
      instance_value.frame < video.frame_count THEN (SELECT f.time FROM frame AS f WHERE f.video =
      video.id AND f.frame = instance_value.frame) ELSE video.duration + (instance_value.frame -
      video.frame_count) * video.frame_step END AS time, metric.name AS metric, value, reason
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
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
    INSERT INTO grdb_migrations VALUES ('1');
    PRAGMA application_id = \(0x4374_6E79); PRAGMA user_version = 1; PRAGMA journal_mode = WAL;
    """
}
