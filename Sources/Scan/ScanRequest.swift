public import Quality

/// Everything one scan is told: what to read, what to look for, and where to write.
public struct ScanRequest: Sendable {
  /// Whether frames are decoded.
  public enum Pixels: Hashable, Sendable {
    /// Frames are decoded once and every frame metric is measured.
    case measured
    /// Only packets are read; rules that need pixels find nothing.
    case skipped
  }

  /// Videos, folders of numbered images, printf patterns, or MOT sequence folders.
  ///
  /// Without any, labels are checked alone on a nominal timeline.
  public var videos: [String]
  /// Labels and predictions; without any, only the frames are measured.
  public var sources: [SourceRequest]
  /// The path of the SQLite file; it is created where there is none.
  public var store: String
  /// The catalog of rules; a package of one's own adds its rules here.
  public var rules: [any Rule.Type]
  /// The catalog of frame metrics; a package of one's own adds its metrics here.
  public var frameMetrics: [any FrameMetric.Type]
  /// The catalog of track metrics; a package of one's own adds its metrics here.
  public var trackMetrics: [any TrackMetric.Type]
  /// The ids of the rules to run; nil runs every rule that the configuration leaves on.
  public var chosenRules: [String]?
  /// Whether frames are decoded.
  public var pixels: Pixels
  /// Frames per second of labels without a video; nil takes what the source states, else 25.
  public var frameRate: Double?
  /// What a person changed about the rules.
  public var configuration: Configuration
  /// The arguments of the call, for the record of the run.
  public var arguments: [String]

  /// Creates a request; what is not named has the value the command line starts with.
  public init(
    videos: [String] = [], sources: [SourceRequest] = [], store: String,
    rules: [any Rule.Type] = Rules.all, frameMetrics: [any FrameMetric.Type] = FrameMetrics.all,
    trackMetrics: [any TrackMetric.Type] = TrackMetrics.all, chosenRules: [String]? = nil,
    pixels: Pixels = .measured, frameRate: Double? = nil,
    configuration: Configuration = Configuration(), arguments: [String] = []
  ) {
    self.videos = videos
    self.sources = sources
    self.store = store
    self.rules = rules
    self.frameMetrics = frameMetrics
    self.trackMetrics = trackMetrics
    self.chosenRules = chosenRules
    self.pixels = pixels
    self.frameRate = frameRate
    self.configuration = configuration
    self.arguments = arguments
  }

  /// Refuses what can be seen to be wrong without opening a file.
  func check() throws(ScanError) {
    guard !videos.isEmpty || !sources.isEmpty else {
      throw ScanError(.call, "there is nothing to scan; name a video, --labels or --predictions")
    }
    if let frameRate, !(frameRate.isFinite && frameRate > 0 && frameRate <= 10_000) {
      throw ScanError(.call, "a frame rate lies above 0 and up to 10000, not \(frameRate)")
    }
    for source in sources where source.name.isEmpty {
      throw ScanError(.call, "\(source.path) has no source name; write NAME=FILE")
    }
    if let chosenRules, chosenRules.isEmpty || chosenRules.contains("") {
      throw ScanError(
        .call,
        "--rules has an empty name; write ids separated by commas, or leave it out to run all rules"
      )
    }
    for id in chosenRules ?? [] where !rules.contains(where: { $0.info.id == id }) {
      throw ScanError(.call, unknownName("rule", id, known: rules.map { $0.info.id }))
    }
  }

  /// Whether frames are decoded: not where a person chose rules that look at labels alone.
  var decodesFrames: Bool {
    guard pixels == .measured else { return false }
    return chosenRules == nil
      || runningRules.contains { rule, _ in
        rule.info.scope != .source || !rule.info.frameMetrics.isEmpty || rule.info.asksPixels
      }
  }

  /// Whether some rule asks the pictures about the labels.
  var asksLabelPixels: Bool { runningRules.contains { $0.rule.info.asksPixels } }

  /// Says which of the chosen rules cannot find anything, because no frame is decoded.
  var pixelNotes: [String] {
    guard let chosenRules, pixels == .skipped || videos.isEmpty else { return [] }
    return runningRules.map { $0.rule.info }
      .filter { info in
        chosenRules.contains(info.id)
          && (info.asksPixels || info.scope == .video && !info.frameMetrics.isEmpty)
      }
      .map { "\($0.id) needs decoded frames and there are none, so it finds nothing" }
  }

  /// The rules that run, in the order of the catalog, with their settings.
  var runningRules: [(rule: any Rule.Type, settings: RuleSettings)] {
    rules.compactMap { rule in
      if let chosenRules, !chosenRules.contains(rule.info.id) { return nil }
      return configuration.settings(of: rule.info).map { (rule, $0) }
    }
  }
}
