import Annotations
import ArgumentParser
import Quality
import Scan

/// `continuity convert`: writes labels in another format and says what that loses.
struct ConvertCommand: ParsableCommand {
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case labels
    case predictions
  }

  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Writes labels in another format and says what is lost.",
    discussion: """
      What the new format cannot carry is counted on standard error, and printed as JSON with --json.

        continuity convert task.xml out.json:coco
        continuity convert labels.zip masks:davis --video clip.mp4

      `continuity formats` lists the formats. Exit status: 1 where rows of the input were bad.
      """)

  @Argument(
    help: ArgumentHelp(
      "A label file, folder or zip; :FORMAT forces the format.", valueName: "in[:format]"))
  var input: String

  @Argument(
    help: ArgumentHelp("The file or folder to write, and its format.", valueName: "out[:format]"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "The video of the labels, for formats that need its size, rate or times.", valueName: "video")
  )
  var video: String?

  @Option(
    help: ArgumentHelp("The size of the picture where there is no video.", valueName: "WxH"))
  var size: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Frames per second where the video does not tell.", valueName: "rate"))
  var fps: Double?

  @Option(help: "What the labels are, where their file does not tell.")
  var kind = Kind.labels

  @Flag(help: "Print what was read, written and lost as JSON.")
  var json = false

  func run() throws {
    if let fps, !(fps > 0 && fps <= 100_000) {
      throw CallError("--fps \(fps) is no rate; give frames per second above 0")
    }
    let conversion = LabelConversion(
      input: input, output: output, kind: kind == .labels ? .labels : .predictions, video: video,
      size: try size.map(pixels), frameRate: fps)
    let summary = try Interruption.discardingOutput { try conversion.run() }
    report(summary)
    if json {
      let output = StandardOutput()
      output.write(text(summary) + "\n")
      try output.flush()
    }
    if summary.report.badRowCount > 0 { throw ExitCode(1) }
  }

  private func pixels(_ text: String) throws -> (width: Int, height: Int) {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1],
      (1...1_000_000).contains(width), (1...1_000_000).contains(height)
    else { throw CallError("--size \(text) is no size; write it as 1920x1080") }
    return (width, height)
  }

  private func report(_ summary: LabelConversion.Summary) {
    for note in summary.report.notes { Messages.note("\(summary.input.path): \(note)") }
    for row in summary.report.badRows.prefix(10) {
      let place = row.line > 0 ? ":\(row.line)" : ""
      Messages.note("\(summary.input.path)\(place): \(row.reason); it was left out")
    }
    let badRows = summary.report.badRowCount
    if badRows > 10 { Messages.note("\(summary.input.path): \(badRows) bad rows in all") }
    let counts = summary.counts
    Messages.note(
      "\(summary.output.path): \(counted(counts.instances, "instance")) of"
        + " \(counted(counts.tracks, "track")) in \(counted(counts.videos, "video")), from"
        + " \(summary.input.format) to \(summary.output.format)")
    for line in summary.losses.lines { Messages.note("lost: \(line)") }
  }

  private func text(_ summary: LabelConversion.Summary) -> String {
    JSONText.object([
      (key: "input", value: JSONText.string(summary.input.path)),
      (key: "input_format", value: JSONText.string(summary.input.format)),
      (key: "output", value: JSONText.string(summary.output.path)),
      (key: "output_format", value: JSONText.string(summary.output.format)),
      (key: "videos", value: String(summary.counts.videos)),
      (key: "tracks", value: String(summary.counts.tracks)),
      (key: "instances", value: String(summary.counts.instances)),
      (key: "bad_rows", value: String(summary.report.badRowCount)),
      (key: "notes", value: JSONText.array(summary.report.notes.map(JSONText.string))),
      (key: "losses", value: summary.losses.json),
    ])
  }
}
