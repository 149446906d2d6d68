import ArgumentParser
import Foundation
import Quality
import Scan

/// `continuity scan`: measures videos and labels, and reports what is wrong with them.
struct ScanCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
    case github
  }

  enum Threshold: String, CaseIterable, ExpressibleByArgument {
    case note
    case warning
    case error
    case never
  }

  static let configuration = CommandConfiguration(
    commandName: "scan", abstract: "Measures videos and labels, and reports what is wrong.",
    discussion: """
      Without a video, labels are checked alone; without labels, only the frames are measured.

        continuity scan clip.mp4 --labels task.xml
        continuity scan a.mp4 b.mp4 --labels folder --predictions yolo=results.json:coco
        continuity scan MOT17-02 --fail-on warning
      """)

  @Argument(
    help: ArgumentHelp(
      "A video, a folder of numbered images, a printf pattern, or a MOT sequence folder.",
      valueName: "video"))
  var videos: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A label file, or a folder with one file a video; :FORMAT forces the format.",
      valueName: "file[:format]"))
  var labels: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "What a model made, under a name of its own.", valueName: "name=file[:format]"))
  var predictions: [String] = []

  @Option(help: ArgumentHelp("The store to write; created where there is none.", valueName: "file"))
  var store = "continuity.sqlite"

  @Option(
    help: ArgumentHelp(
      "Levels and parameters of rules as YAML; see `continuity help rules`.", valueName: "file"))
  var config: String?

  @Option(help: ArgumentHelp("Run only these rules, separated by commas.", valueName: "ids"))
  var rules: String?

  @Option(
    help: ArgumentHelp(
      "Measure these too, separated by commas; see `continuity metrics`.", valueName: "ids"))
  var metrics: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many videos to scan at a time; one a core without it.", valueName: "n"))
  var jobs: Int?

  @Flag(help: "Decode nothing; rules that need pixels find nothing.")
  var noPixels = false

  // A rate below 0 is to be refused as what it is, not taken for an option.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Frames per second of labels without a video, or of images.", valueName: "rate"))
  var fps: Double?

  @Option(help: "What to print.")
  var format = Format.text

  @Option(help: "The lowest level that makes the exit status 1.")
  var failOn = Threshold.error

  @Flag(name: .shortAndLong, help: "Print notes too; otherwise they are only counted.")
  var verbose = false

  func run() throws {
    let request = try request()
    stopInOneSentence()
    let bar = ProgressBar()
    let summary: ScanSummary
    do {
      defer { bar.clear() }
      summary = try Scan.run(request) { bar.show($0) }
    }
    try write(summary)
    if let level = Level(rawValue: failOn.rawValue),
      summary.findings.contains(where: { $0.finding.level >= level })
    {
      throw ExitCode(1)
    }
  }

  // The store is written in whole transactions, so ending at once leaves nothing half done in it.
  private func stopInOneSentence() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        let text: StaticString =
          "\nerror: stopped before the end; scan again to complete the store.\n"
        _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
        _exit(2)
      }
    }
  }

  private func request() throws -> ScanRequest {
    if let config, isStoreFile(config, of: store) {
      throw CallError(
        "\(config) is the configuration, so it cannot be the store; name another with --store")
    }
    return ScanRequest(
      videos: videos,
      sources: try labels.map(SourceRequest.labels)
        + predictions.map(SourceRequest.predictions),
      store: store,
      chosenRules: rules.map(ids), chosenMetrics: metrics.map(ids) ?? [],
      pixels: noPixels ? .skipped : .measured, jobs: jobs, frameRate: fps,
      configuration: try config.map { try Configuration.read(path: $0) } ?? Configuration(),
      arguments: Array(CommandLine.arguments.dropFirst()))
  }

  private func ids(_ list: String) -> [String] {
    list.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func write(_ summary: ScanSummary) throws {
    for note in summary.notes { Messages.note(note) }
    for source in summary.videos.flatMap(\.sources) {
      for note in source.notes { Messages.note("\(source.path): \(note)") }
    }
    let output = StandardOutput()
    switch format {
    case .text:
      ScanText(terminal: .standardOutput, showsNotes: verbose).write(summary, to: output)
    case .json: try ScanJSON().write(summary, to: output)
    case .github: GitHubLines().write(summary, to: output)
    }
    try output.flush()
  }
}
