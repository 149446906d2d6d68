import ArgumentParser
import Exports
import Scan

/// `continuity export`: writes findings for another program.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes the findings of a store for another program.",
    discussion: "Formats:\n"
      + Exports.all.map { "  \($0.id): \($0.summary)" }.joined(separator: "\n"))

  @Option(help: ArgumentHelp("The format to write.", valueName: "id"))
  var format: String

  @Option(help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"))
  var output: String

  @OptionGroup var filter: FilterOptions

  func run() throws {
    guard let format = Exports.named(format) else {
      throw CallError(unknownName("export format", format, known: Exports.all.map { $0.id }))
    }
    let findings = try filter.findings()
    guard output == "-" || !isStoreFile(output, of: filter.store) else {
      throw CallError(
        "\(output) is the store that is read, so it cannot be the output; name another file")
    }
    guard output == "-" else {
      try Exports.write(findings, as: format, toPath: output)
      return
    }
    let output = StandardOutput()
    format.write(findings) { output.write($0) }
    try output.flush()
  }
}
