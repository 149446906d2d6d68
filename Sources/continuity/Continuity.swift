import ArgumentParser
import Foundation
import Scan

/// The program `continuity`.
@main
struct Continuity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "continuity",
    abstract: "A linter for labels and predictions on video.",
    discussion: """
      Start with: continuity scan VIDEO --labels FILE

      Exit status: 0 nothing at or above --fail-on, 1 findings, 2 the input or the call is wrong.
      """,
    version: Scan.version,
    subcommands: [
      ProbeCommand.self, ScanCommand.self, FindingsCommand.self, ExportCommand.self,
      ConvertCommand.self, RulesCommand.self, MetricsCommand.self, FormatsCommand.self,
    ])

  static func main() {
    // A reader that goes away (`| head`) must not end a scan before its status is known.
    signal(SIGPIPE, SIG_IGN)
    Foundation.exit(status(of: Array(CommandLine.arguments.dropFirst())))
  }

  private static func status(of arguments: [String]) -> Int32 {
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
      return 0
    } catch {
      return status(reporting: error)
    }
  }

  // Help and version are results. Everything else the parser has to say is one sentence and status
  // 2, since 1 means findings.
  private static func status(reporting error: any Error) -> Int32 {
    if let status = error as? ExitCode { return status.rawValue }
    if let error = error as? any SentenceError {
      Messages.error(error.description)
      return 2
    }
    if exitCode(for: error) == .success {
      let output = StandardOutput()
      output.write(fullMessage(for: error) + "\n")
      return (try? output.flush()) == nil ? 2 : 0
    }
    Messages.error(message(for: error))
    return 2
  }
}
