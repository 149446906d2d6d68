import Quality
import Timeline

/// A video made of columns of numbers, as rules and series metrics see one.
struct ColumnVideo {
  var columns: [String: [MetricValue]]
  let frames: FrameTable
  let cuts: [FrameIndex]

  init(_ columns: [String: [Double?]], rate: Double = 25, cuts: [FrameIndex] = []) {
    self.columns = columns.mapValues { $0.map { $0.map { .value($0) } ?? .undefined("drawn") } }
    frames = FrameTable(nominalCount: columns.values.map(\.count).max() ?? 0, rate: rate)
    self.cuts = cuts
  }

  /// The values of a series metric, which the rules then see as well.
  mutating func compute(_ metric: any SeriesMetric.Type) -> [MetricValue] {
    let values = metric.values(of: SeriesInput(columns: columns, frames: frames, cuts: cuts))
    columns[metric.info.id] = values
    return values
  }

  /// What `rule` finds, in the order of reports; `parameters` replace its defaults.
  func findings(of rule: any Rule.Type, _ parameters: [String: Double] = [:]) -> [Finding] {
    var settings = RuleSettings(rule.info)
    for (id, value) in parameters {
      let isKnown = settings.set(id, to: value)
      precondition(isKnown, "The rule has no parameter \(id).")
    }
    let video = VideoFacts(name: "columns", frames: frames, metrics: columns, cuts: cuts)
    return rule.findings(in: RuleInput(video: video), settings: settings)
      .sorted(by: Finding.reportOrder)
  }

  func ranges(of rule: any Rule.Type, _ parameters: [String: Double] = [:]) -> [String] {
    findings(of: rule, parameters).map { $0.range.description }
  }
}

/// Reads a drawing of digits: `5` is 50, so that a column of levels can be seen.
func levels(_ drawing: String, times factor: Double = 10) -> [Double?] {
  drawing.map { $0.wholeNumberValue.map { Double($0) * factor } }
}
