public import Annotations

/// One source of labels or predictions that a scan is asked to read.
public struct SourceRequest: Hashable, Sendable {
  /// The name in findings, such as `labels`.
  public var name: String
  /// What the source is taken for.
  public var kind: ReadOptions.Kind
  /// A label file, or a folder with one label file a video.
  public var path: String
  /// The id of its format; nil lets the content decide.
  public var format: String?

  /// Creates a request.
  public init(name: String, kind: ReadOptions.Kind, path: String, format: String? = nil) {
    self.name = name
    self.kind = kind
    self.path = path
    self.format = format
  }

  /// Reads `FILE[:FORMAT]`, as `--labels` takes it.
  public static func labels(_ argument: String) throws(ScanError) -> SourceRequest {
    let (path, format) = try fileAndFormat(argument, option: "--labels")
    return SourceRequest(name: "labels", kind: .labels, path: path, format: format)
  }

  /// Reads `NAME=FILE[:FORMAT]`, as `--predictions` takes it.
  public static func predictions(_ argument: String) throws(ScanError) -> SourceRequest {
    guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else {
      throw ScanError(
        .call, "--predictions \(argument) has no name; write --predictions NAME=FILE")
    }
    let name = String(argument[..<sign])
    let (path, format) = try fileAndFormat(
      String(argument[argument.index(after: sign)...]), option: "--predictions \(name)=")
    return SourceRequest(name: name, kind: .predictions, path: path, format: format)
  }

  // What follows the last colon is a format where it is spelled like one; an unknown format is
  // refused here, before any file is read. A colon inside a file name stays part of it.
  static func fileAndFormat(
    _ argument: String, option: String
  ) throws(ScanError) -> (path: String, format: String?) {
    guard !argument.isEmpty else {
      throw ScanError(.call, "\(option) names no file")
    }
    guard let colon = argument.lastIndex(of: ":") else { return (argument, nil) }
    let path = String(argument[..<colon])
    let format = String(argument[argument.index(after: colon)...])
    if LabelFormats.named(format) != nil {
      guard !path.isEmpty else { throw ScanError(.call, "\(option) names no file") }
      return (path, format)
    }
    let isSpelledLikeFormat =
      !format.isEmpty && format.utf8.allSatisfy { isFormatLetter($0) } && !path.isEmpty
    guard isSpelledLikeFormat, !fileExists(argument) else { return (argument, nil) }
    let known = LabelFormats.all.map { $0.id }
    throw ScanError(
      .call, "\(argument): " + unknownName("label format", format, known: known))
  }

  private static func isFormatLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}
