import ArgumentParser
import Exports
import Quality

/// `continuity findings`: prints what a scan found.
struct FindingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "findings", abstract: "Prints the findings of a store.")

  @OptionGroup var filter: FilterOptions

  @Flag(help: "Print one JSON array; the objects are those of `export --format jsonl`.")
  var json = false

  func run() throws {
    let findings = try filter.findings()
    let output = StandardOutput()
    if json {
      JSONFindings.writeArray(findings) { output.write($0) }
    } else {
      FindingText(terminal: .standardOutput).write(findings, to: output)
    }
    try output.flush()
  }
}
