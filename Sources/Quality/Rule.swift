public import Timeline
public import VideoIO

/// Turns labels and numbers into findings. One rule is one file.
public protocol Rule: Sendable {
  /// What the rule finds, and its parameters.
  static var info: RuleInfo { get }

  /// Looks at one video, or at one source on it, and returns what is wrong.
  ///
  /// A rule of the scope `.video` is called once a video with `input.source == nil`, a rule of the
  /// scope `.source` once a source, and one of the scope `.videoAndSource` both ways. The order of
  /// the findings does not matter.
  static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding]
}

/// What a rule finds and how it can be set.
public struct RuleInfo: Hashable, Sendable {
  /// What a rule looks at.
  public enum Scope: String, Sendable {
    /// The frames of a video, without labels.
    case video
    /// One source on one video.
    case source
    /// The frames of a video, and every source on it.
    case videoAndSource = "video and source"
  }

  /// A number that a person may change.
  public struct Parameter: Hashable, Sendable {
    /// The name in the configuration, such as `longest-gap`.
    public var id: String
    /// The value where nothing is configured.
    public var defaultValue: Double
    /// The unit: `seconds`, `object sizes`, `share`, `IoU`.
    public var unit: String
    /// What it does, in one sentence.
    public var meaning: String

    /// Creates a parameter.
    public init(_ id: String, _ defaultValue: Double, unit: String, _ meaning: String) {
      self.id = id
      self.defaultValue = defaultValue
      self.unit = unit
      self.meaning = meaning
    }
  }

  /// The id in stores and on the command line, such as `track-gap`.
  public var id: String
  /// What it looks at.
  public var scope: Scope
  /// The level of an unexplained finding.
  public var level: Level
  /// One sentence.
  public var summary: String
  /// The page that `continuity rules ID` prints: what it finds, what it excuses, examples, source.
  public var page: String
  /// The numbers a person may change.
  public var parameters: [Parameter]
  /// The frame metrics the rule reads: it sees no others, and none where a scan decodes nothing.
  public var frameMetrics: [String]
  /// Whether a rule about a source asks the pictures themselves; without them it finds nothing.
  public var asksPixels: Bool

  /// Creates a description.
  public init(
    id: String, scope: Scope, level: Level, summary: String, page: String,
    parameters: [Parameter] = [], frameMetrics: [String] = [], asksPixels: Bool = false
  ) {
    self.id = id
    self.scope = scope
    self.level = level
    self.summary = summary
    self.page = page
    self.parameters = parameters
    self.frameMetrics = frameMetrics
    self.asksPixels = asksPixels
  }
}

/// The parameters of one rule in one run.
public struct RuleSettings: Hashable, Sendable {
  /// Values by parameter id; a rule reads them through the subscript.
  public private(set) var values: [String: Double]
  /// The level of unexplained findings.
  public var level: Level

  /// Creates the defaults of a rule.
  public init(_ info: RuleInfo) {
    values = Dictionary(
      uniqueKeysWithValues: info.parameters.map { ($0.id, $0.defaultValue) })
    level = info.level
  }

  /// The value of the parameter `id`, which the rule must have declared.
  public subscript(id: String) -> Double {
    guard let value = values[id] else {
      preconditionFailure("The rule reads a parameter it does not declare: \(id).")
    }
    return value
  }

  /// Changes a declared parameter; returns false where the rule has no such parameter.
  public mutating func set(_ id: String, to value: Double) -> Bool {
    guard values[id] != nil else { return false }
    values[id] = value
    return true
  }
}

/// Everything rules may look at: one video and, for rules about labels, one source on it.
public struct RuleInput: Sendable {
  /// The video, or the nominal timeline of labels without one.
  public let video: VideoFacts
  /// The source; nil for rules about the video itself.
  public let source: SourceFacts?
  /// The ids of the rules that run, where one leaves a problem to another; nil for all of them.
  public let runningRules: Set<String>?

  /// Creates the input of a rule.
  public init(video: VideoFacts, source: SourceFacts? = nil, runningRules: Set<String>? = nil) {
    self.video = video
    self.source = source
    self.runningRules = runningRules
  }

  /// Whether `rule` runs as well.
  func runs(_ rule: any Rule.Type) -> Bool { runningRules?.contains(rule.info.id) ?? true }
}

/// What is known about a video when rules run.
public struct VideoFacts: Sendable {
  /// The name in findings.
  public var name: String
  /// Count and times of the frames.
  public var frames: FrameTable
  /// The width of a frame in pixels; nil where only labels are there and they do not say.
  public var width: Double?
  /// The height of a frame in pixels; nil as ``width``.
  public var height: Double?
  /// What happened while the video was read; nil for labels without one.
  public var reading: DecodeReport?
  /// Whether the times of the frames were made up, as those of a folder of images are.
  public var hasMadeUpTimes = false
  /// The codec as FFmpeg names it, such as `h264`; nil for labels without a video.
  public var codec: String?
  /// Measured frame metrics by id, one value a frame; empty where no pixels were read.
  ///
  /// Only those are here that a running rule names in ``RuleInfo/frameMetrics``.
  public var metrics: [String: MetricColumn]
  /// The first frames of new shots, rising; the first frame of the video is not among them.
  public private(set) var cuts: [FrameIndex]

  /// Creates the facts; cuts are read off the metric `scene-cut` where it was measured.
  ///
  /// Flashes are no cuts where `luma-mean` and `rms-contrast` were measured as well.
  public init<Column: Sequence<MetricValue>>(
    name: String, frames: FrameTable, width: Double? = nil, height: Double? = nil,
    metrics: [String: Column] = [String: MetricColumn](), cuts: [FrameIndex]? = nil
  ) {
    let metrics = metrics.mapValues { $0 as? MetricColumn ?? MetricColumn($0) }
    self.name = name
    self.frames = frames
    self.width = width
    self.height = height
    self.metrics = metrics
    self.cuts =
      cuts
      ?? SceneCut.cuts(in: metrics, longestFlash: frames.frames(in: SceneCut.longestFlash))
  }

  /// The first cut inside `range`, not counting its first frame.
  public func cut(in range: FrameRange) -> FrameIndex? {
    guard range.start < .max else { return nil }
    let place = firstCut(from: range.start + 1)
    return place < cuts.count && cuts[place] < range.end ? cuts[place] : nil
  }

  /// The place in ``cuts`` of the first cut at or after `frame`, found by binary search.
  func firstCut(from frame: FrameIndex) -> Int {
    cuts.partitioningIndex { $0 >= frame }
  }
}
