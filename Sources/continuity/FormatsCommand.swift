import Annotations
import ArgumentParser
import Scan

/// `continuity formats`: the catalog of label formats, and one format explained.
struct FormatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats", abstract: "Lists the label formats, or explains one.",
    discussion: "A format is recognised by its content; FILE:ID forces it.")

  @Argument(help: "The format to explain.")
  var id: String?

  @Flag(help: "Print the JSON Schema of Continuity's own format, jsonl.")
  var schema = false

  func run() throws {
    let output = StandardOutput()
    if let id {
      guard let format = LabelFormats.named(id) else {
        throw CallError(unknownName("label format", id, known: LabelFormats.all.map { $0.id }))
      }
      guard !schema || id == ContinuityLines.id else {
        throw CallError("only the format \(ContinuityLines.id) has a JSON Schema")
      }
      output.write(schema ? ContinuityLines.schema + "\n" : page(format))
    } else if schema {
      output.write(ContinuityLines.schema + "\n")
    } else {
      let rows = LabelFormats.all.sorted { $0.id < $1.id }.map { format in
        [format.id, format is any WritableFormat.Type ? "read, write" : "read", format.summary]
      }
      output.write(columns(rows))
    }
    try output.flush()
  }

  private func page(_ format: any LabelFormat.Type) -> String {
    var text =
      "\(format.id): \(format.summary)\n\n" + wrapped("Frames: " + format.page.frames) + "\n"
    if !format.page.traps.isEmpty {
      text += "\nTraps:\n" + format.page.traps.map { wrapped("- " + $0) + "\n" }.joined()
    }
    guard let format = format as? any WritableFormat.Type else {
      return text + "\nIt can only be read.\n"
    }
    let can = format.capabilities
    text += "\nWritten as: \(output(can))\n"
    text += wrapped("Shapes: " + names(Shape.Kind.allCases.filter(can.shapes.contains))) + "\n"
    text += "Objects are called by: \(identity(can.identity)).\n"
    text += "Coordinates: \(precision(can.precision)).\n"
    let aspects = LabelAspect.allCases.filter { $0.isDeclared }
    text += wrapped("Carries: " + names(aspects.filter(can.carries))) + "\n"
    text += wrapped("Loses: " + names(aspects.filter { !can.carries($0) })) + "\n"
    return text
  }

  private func names(_ values: [some RawRepresentable<String>]) -> String {
    values.isEmpty ? "nothing" : values.map(\.rawValue).joined(separator: ", ")
  }

  private func output(_ can: FormatCapabilities) -> String {
    let videos = can.holdsManyVideos ? "any number of videos" : "one video"
    switch can.output {
    case .file(let ending): return "a file (.\(ending)) for \(videos)."
    case .folder: return "a folder for \(videos)."
    }
  }

  private func identity(_ identity: FormatCapabilities.Identity) -> String {
    switch identity {
    case .none: "nothing; there is no identity over time"
    case .numbers(let range) where range.upperBound == .max: "numbers from \(range.lowerBound)"
    case .numbers(let range): "numbers from \(range.lowerBound) to \(range.upperBound)"
    case .numbersOfClass: "1000 times the number of the class, plus 1 to 999"
    case .places(let first): "their places in the file, from \(first)"
    case .text: "any text"
    }
  }

  private func precision(_ precision: FormatCapabilities.Precision) -> String {
    switch precision {
    case .exact: "exact"
    case .decimals(0): "whole pixels"
    case .decimals(let decimals): "\(decimals) decimals of a pixel"
    case .fraction(let decimals): "fractions of the picture with \(decimals) decimals"
    }
  }
}
