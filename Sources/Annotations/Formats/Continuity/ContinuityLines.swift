public import Foundation

/// The project's own format: JSON Lines that carry everything the labels can say.
///
/// Every line is an object with a `type`: first `header`, then for every video `video`, its
/// `category`, `image`, `range` and `track` lines, and after a track its `instance` lines. Lines of
/// other types are left out and counted, so that later versions may add some. The JSON Schema of a
/// line is ``ContinuityLines/schema``.
public enum ContinuityLines: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "jsonl"
  /// See ``LabelFormat/summary``.
  public static let summary = "Continuity's own JSON Lines, which carry everything"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "Frames are zero-based places in presentation order; ranges are half-open.",
    traps: [
      "Boxes are [left, top, width, height] in pixels, angles radians clockwise on screen.",
      "A coordinate that is not a finite number is written as null.",
      "continuity formats jsonl --schema prints the JSON Schema of a line.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: Set(Shape.Kind.allCases), identity: .text, aspects: Set(LabelAspect.allCases),
    output: .file(extension: "jsonl"), holdsManyVideos: true)

  /// The version of the format that is written; a later one is refused.
  static let version = 1

  /// The longest line that is read; a mask of a large picture takes about a million bytes.
  private static let maximumLine = 1 << 25

  /// See ``LabelFormat/matches(head:path:)``.
  public static func matches(head: Data, path: String) -> Bool {
    let line = head.prefix { $0 != 10 }
    guard line.range(of: Data(#""continuity""#.utf8)) != nil else { return false }
    var json = JSONReader.open(line, path: path)
    guard let value = try? json.value() else { return false }
    return value["type"]?.string == "header" && value["format"]?.string == "continuity"
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    _ = try LabelFormats.head(of: path)
    var content = ContinuityContent()
    try ByteLines.forEach(in: path, maximumLength: maximumLine) { line throws(LabelError) in
      guard line.bytes.contains(where: { $0 > 32 }) else { return }
      content.report.rowCount += 1
      do throws(Flaw) {
        let value = try value(of: line, path: path)
        try content.take(value, line: line.number)
      } catch {
        guard content.hasHeader, !error.isFatal else {
          throw LabelError(.wrongFormat, path: path, line: line.number, error.reason)
        }
        content.report.addBadRow(line: line.number, error.reason)
      }
    }
    guard content.hasHeader else {
      throw LabelError(.wrongFormat, path: path, "the file holds nothing but empty lines")
    }
    return content.dataset()
  }

  private static func value(of line: ByteLine, path: String) throws(Flaw) -> JSONValue {
    guard !line.isOverlong else { throw Flaw("the line is too long") }
    var json = JSONReader.open(line.bytes, path: path, line: line.number)
    guard let value = try? json.value(), case .object = value else {
      throw Flaw("the line is no JSON object")
    }
    guard (try? json.isFinished()) == true else {
      throw Flaw("something follows the JSON object")
    }
    return value
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    let output = try TextOutput(path: path)
    var writer = ContinuityLinesWriter(output: output)
    try writer.write(dataset)
    try output.finish()
    return writer.losses
  }

  /// Why a line cannot be used.
  struct Flaw: Error {
    var reason: String
    var isFatal = false

    init(_ reason: String, isFatal: Bool = false) {
      self.reason = reason
      self.isFatal = isFatal
    }
  }
}
