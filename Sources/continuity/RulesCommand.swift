import ArgumentParser
import Quality
import Scan

/// `continuity rules`: the catalog of rules, and one rule explained.
struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Lists the rules, or explains one.",
    discussion: """
      Levels and parameters are set in a YAML file given to `scan --config`:

        rules:
          track-gap:
            level: warning     # note, warning, error or off
            longest-gap: 2.5   # a parameter, as `continuity rules track-gap` lists it
          short-track: off     # a level alone
      """)

  @Argument(help: "The rule to explain.")
  var id: String?

  func run() throws {
    let output = StandardOutput()
    if let id {
      guard let rule = Rules.named(id) else {
        throw CallError(unknownName("rule", id, known: Rules.all.map { $0.info.id }))
      }
      output.write(page(rule.info))
    } else {
      output.write(
        columns(Rules.all.map { [$0.info.id, $0.info.level.rawValue, $0.info.summary] }))
    }
    try output.flush()
  }

  private func page(_ info: RuleInfo) -> String {
    var text = "\(info.id): \(info.summary)\n\n\(info.page)\n\n"
    text += "Level: \(info.level.rawValue). Looks at: \(info.scope.rawValue).\n"
    if !info.frameMetrics.isEmpty {
      var seen: Set<String> = []
      let names = info.frameMetrics.filter { seen.insert($0).inserted }
      text += wrapped("Reads the frame metrics: \(names.joined(separator: ", ")).\n")
    }
    guard !info.parameters.isEmpty else { return text }
    let rows = info.parameters.map { parameter in
      [parameter.id, "\(plain(parameter.defaultValue)) \(parameter.unit)", parameter.meaning]
    }
    return text + "\nParameters:\n" + columns(rows, indent: "  ")
  }
}
