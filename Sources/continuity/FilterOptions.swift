public import ArgumentParser
public import Quality
import ReviewStore
import Scan

extension Level: ExpressibleByArgument {}

/// The options that choose findings from a store, shared by `findings` and `export`.
struct FilterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The store that a scan wrote.", valueName: "file"))
  var store = "continuity.sqlite"

  @Option(help: ArgumentHelp("Only findings of this rule.", valueName: "id"))
  var rule: String?

  @Option(help: ArgumentHelp("Only findings of this level and above.", valueName: "level"))
  var level: Level?

  @Option(help: ArgumentHelp("Only findings about this source.", valueName: "name"))
  var source: String?

  @Option(help: ArgumentHelp("Only findings in this video.", valueName: "name"))
  var video: String?

  /// Reads the chosen findings; a name that the store does not know is refused.
  func findings() throws -> [ReportedFinding] {
    let store = try ReviewStore.openExisting(path: self.store)
    let findings = try store.findings(
      matching: FindingFilter(rule: rule, minimumLevel: level, source: source, video: video))
    if findings.isEmpty { try check(store) }
    if let run = try store.unfinishedRun() {
      Messages.note(
        "the scan\(Self.subject(run.inputs)) begun at \(run.started) was not finished;"
          + " scan again for complete findings")
    }
    return findings
  }

  private static func subject(_ inputs: [String]) -> String {
    guard let first = inputs.first else { return "" }
    return " of \(first)" + (inputs.count > 1 ? " and \(inputs.count - 1) more" : "")
  }

  // A typing error must not look like a clean result.
  private func check(_ store: ReviewStore) throws {
    let videos = try store.videos()
    try check(video, among: videos.map(\.info.name), what: "video", of: store)
    try check(source, among: videos.flatMap(\.sources).map(\.name), what: "source", of: store)
    if let rule, Rules.named(rule) == nil {
      throw CallError(unknownName("rule", rule, known: Rules.all.map { $0.info.id }))
    }
  }

  private func check(
    _ name: String?, among known: [String], what: String, of store: ReviewStore
  ) throws {
    guard let name, !known.contains(name) else { return }
    throw CallError(unknownName("\(what) in \(store.path)", name, known: Set(known).sorted()))
  }
}
