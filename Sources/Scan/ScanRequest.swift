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
  /// The catalog of frame metrics that are measured where ``chosenMetrics`` names them.
  public var requestMetrics: [any FrameMetric.Type]
  /// The catalog of series metrics; a package of one's own adds its metrics here.
  public var seriesMetrics: [any SeriesMetric.Type]
  /// The catalog of track metrics; a package of one's own adds its metrics here.
  public var trackMetrics: [any TrackMetric.Type]
  /// The ids of the rules to run; nil runs every rule that the configuration leaves on.
  public var chosenRules: [String]?
  /// The ids of frame metrics to measure besides the catalog.
  public var chosenMetrics: [String]
  /// Whether frames are decoded.
  public var pixels: Pixels
  /// How many videos are scanned at a time; nil means one a core.
  public var jobs: Int?
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
    requestMetrics: [any FrameMetric.Type] = FrameMetrics.onRequest,
    seriesMetrics: [any SeriesMetric.Type] = SeriesMetrics.all,
    trackMetrics: [any TrackMetric.Type] = TrackMetrics.all, chosenRules: [String]? = nil,
    chosenMetrics: [String] = [], pixels: Pixels = .measured, jobs: Int? = nil,
    frameRate: Double? = nil,
    configuration: Configuration = Configuration(), arguments: [String] = []
  ) {
    self.videos = videos
    self.sources = sources
    self.store = store
    self.rules = rules
    self.frameMetrics = frameMetrics
    self.requestMetrics = requestMetrics
    self.seriesMetrics = seriesMetrics
    self.trackMetrics = trackMetrics
    self.chosenRules = chosenRules
    self.chosenMetrics = chosenMetrics
    self.pixels = pixels
    self.jobs = jobs
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
    let metrics =
      (frameMetrics + requestMetrics).map { $0.info.id } + seriesMetrics.map { $0.info.id }
    for id in chosenMetrics where !metrics.contains(id) {
      throw ScanError(
        .call,
        id.isEmpty
          ? "--metrics has an empty name; write ids separated by commas, or leave it out"
          : unknownName("frame metric", id, known: metrics))
    }
    if let jobs, jobs < 1 {
      throw ScanError(.call, "--jobs is the number of videos at a time, so at least 1, not \(jobs)")
    }
  }

  /// Whether frames are decoded: not where a person chose rules that look at labels alone, and no
  /// metric.
  var decodesFrames: Bool {
    guard pixels == .measured else { return false }
    return chosenRules == nil || !chosenMetrics.isEmpty
      || runningRules.contains { rule, _ in
        rule.info.scope != .source || !rule.info.frameMetrics.isEmpty || rule.info.asksPixels
      }
  }

  /// The frame metrics that are measured where frames are decoded.
  var measuredMetrics: [any FrameMetric.Type] {
    let catalog = Set(frameMetrics.map { $0.info.id })
    let chosen = Set(chosenMetrics).subtracting(catalog)
    return frameMetrics + requestMetrics.filter { chosen.contains($0.info.id) }
  }

  /// The ids of the frame metrics that running rules read.
  var readMetrics: Set<String> { Set(runningRules.flatMap { $0.rule.info.frameMetrics }) }

  /// The ids of the frame metrics whose columns stay in memory until the rules have run.
  var keptMetrics: Set<String> {
    let inputs = seriesMetrics.flatMap { $0.inputs }
    return readMetrics.union(inputs.isEmpty ? [] : inputs + SceneCut.metricsForCuts)
  }

  /// Whether some rule asks the pictures about the labels.
  var asksLabelPixels: Bool { runningRules.contains { $0.rule.info.asksPixels } }

  /// Says which of the chosen rules and metrics come to nothing, because no frame is decoded.
  var pixelNotes: [String] {
    guard pixels == .skipped || videos.isEmpty else { return [] }
    let needing = runningRules.map { $0.rule.info }.filter { info in
      chosenRules?.contains(info.id) == true
        && (info.asksPixels || info.scope == .video && !info.frameMetrics.isEmpty)
    }
    return needing.map { "\($0.id) needs decoded frames and there are none, so it finds nothing" }
      + chosenMetrics.map { "\($0) needs decoded frames and there are none" }
  }

  /// The rules that run, in the order of the catalog, with their settings.
  var runningRules: [(rule: any Rule.Type, settings: RuleSettings)] {
    rules.compactMap { rule in
      if let chosenRules, !chosenRules.contains(rule.info.id) { return nil }
      return configuration.settings(of: rule.info).map { (rule, $0) }
    }
  }
}
