public import Timeline

/// Everything one label file or folder holds.
public struct Dataset: Sendable {
  /// The id of the format it was read with, such as `mot`.
  public var format: String
  /// The variant within the format, in words; empty where there is only one.
  public var dialect: String
  /// One entry per video the file speaks of.
  public var videos: [VideoAnnotations]
  /// What was read and what could not be.
  public var report: ReadReport

  /// Creates a dataset.
  public init(
    format: String, dialect: String = "", videos: [VideoAnnotations] = [],
    report: ReadReport = ReadReport()
  ) {
    self.format = format
    self.dialect = dialect
    self.videos = videos
    self.report = report
  }
}

/// The labels or predictions of one source on one video.
public struct VideoAnnotations: Sendable {
  /// The file name or the title of the video as the source spells it; nil where it has none.
  public var name: String?
  /// The size of a frame in pixels as the source states it.
  public var width: Int?
  /// See ``width``.
  public var height: Int?
  /// The number of frames as the source states it.
  public var frameCount: Int?
  /// Frames per second as the source states it.
  public var frameRate: Double?
  /// The frame numbers of the source: canonical index = (number - `base`).
  public var base: Int
  /// Which frames were looked at.
  public var annotated: AnnotatedFrames
  /// The smallest step in pixels the source can express; 0 where it is finer than a double shows.
  ///
  /// Jitter below it is rounding.
  public var quantum: Double
  /// Classes, their joints and edges.
  public var ontology: Ontology
  /// The objects, in the order in which the source first names them.
  public var tracks: [Track]
  /// What the source says about whole frames and stretches of frames, in its own order.
  public var ranges: [RangeLabel]
  /// The file names of single images, by frame; empty where the source knows a video only.
  public var imageNames: [FrameIndex: String]

  /// Creates the labels of one video.
  public init(
    name: String? = nil, width: Int? = nil, height: Int? = nil, frameCount: Int? = nil,
    frameRate: Double? = nil, base: Int = 0, annotated: AnnotatedFrames = .all,
    quantum: Double = 0, ontology: Ontology = Ontology(), tracks: [Track] = [],
    ranges: [RangeLabel] = [], imageNames: [FrameIndex: String] = [:]
  ) {
    self.name = name
    self.width = width
    self.height = height
    self.frameCount = frameCount
    self.frameRate = frameRate
    self.base = base
    self.annotated = annotated
    self.quantum = quantum
    self.ontology = ontology
    self.tracks = tracks
    self.ranges = ranges
    self.imageNames = imageNames
  }

  /// The number of instances in all tracks.
  public var instanceCount: Int { tracks.reduce(0) { $0 + $1.instances.count } }

  /// The range from the first to the last frame with an instance; nil where there is none.
  public var extent: FrameRange? {
    let extents = tracks.compactMap(\.extent)
    guard let start = extents.map(\.start).min(), let end = extents.map(\.end).max() else {
      return nil
    }
    return FrameRange(start, end)
  }
}

/// The classes of a source.
public struct Ontology: Hashable, Sendable {
  /// One class.
  public struct Category: Hashable, Sendable {
    /// The name as the source spells it.
    public var name: String
    /// The number or hash by which the source calls the class; nil where the name is all it has.
    public var sourceID: String?
    /// The names of the joints, in order; empty for a class without skeleton.
    public var joints: [String]
    /// Bones as pairs of zero-based places in ``joints``.
    public var edges: [Edge]
    /// Names of the attributes that may change from frame to frame.
    public var mutableAttributes: Set<String>

    /// Creates a class.
    public init(
      name: String, sourceID: String? = nil, joints: [String] = [], edges: [Edge] = [],
      mutableAttributes: Set<String> = []
    ) {
      self.name = name
      self.sourceID = sourceID
      self.joints = joints
      self.edges = edges
      self.mutableAttributes = mutableAttributes
    }
  }

  /// A bone between two joints.
  public struct Edge: Hashable, Sendable {
    /// The zero-based place of one end.
    public var from: Int
    /// The zero-based place of the other end.
    public var to: Int

    /// Creates a bone.
    public init(_ from: Int, _ to: Int) {
      self.from = from
      self.to = to
    }
  }

  /// The classes, in the order of the source.
  public var categories: [Category]

  /// Creates an ontology.
  public init(categories: [Category] = []) { self.categories = categories }
}

/// What a reader read and what it had to leave out; nothing is lost without an entry here.
public struct ReadReport: Hashable, Sendable {
  /// A row, element or record that could not be used.
  public struct BadRow: Hashable, Sendable {
    /// The line in the file, from 1; 0 where lines mean nothing.
    public var line: Int
    /// What is wrong with it, as part of a sentence: `the width is not a number`.
    public var reason: String

    /// Creates an entry.
    public init(line: Int, reason: String) {
      self.line = line
      self.reason = reason
    }
  }

  /// How many bad rows are kept with line and reason; the rest are only counted.
  public static let keptBadRows = 100

  /// The number of rows, elements or records seen, good and bad.
  public var rowCount = 0
  /// The number of bad ones.
  public private(set) var badRowCount = 0
  /// The first ``keptBadRows`` bad ones.
  public private(set) var badRows: [BadRow] = []
  /// Things worth knowing that cost no row, one sentence each.
  public var notes: [String] = []

  /// Creates an empty report.
  public init() {}

  /// Counts a bad row and keeps its reason while there is room.
  public mutating func addBadRow(line: Int, _ reason: String) {
    badRowCount += 1
    if badRows.count < Self.keptBadRows { badRows.append(BadRow(line: line, reason: reason)) }
  }

  /// Adds a note unless the same one stands there already.
  public mutating func addNote(_ note: String) {
    if !notes.contains(note) { notes.append(note) }
  }
}
