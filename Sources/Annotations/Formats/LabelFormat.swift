public import Foundation

/// A label or prediction format: how it is recognised and read. One format is one file.
public protocol LabelFormat: Sendable {
  /// The id used after a colon on the command line: `labels.txt:mot`.
  static var id: String { get }
  /// One line for the list of formats.
  static var summary: String { get }

  /// Tells whether a file looks like this format.
  ///
  /// `head` holds the first bytes of the file, at most ``LabelFormats/headLength``.
  static func matches(head: Data, path: String) -> Bool

  /// Reads a file.
  ///
  /// A bad row is counted in the report and costs nothing else; only a file that as a whole is not
  /// of this format, is cut off, or cannot be read throws.
  static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset
}

/// Choices a person may have to make because a file does not say.
public struct ReadOptions: Sendable {
  /// What the source is taken for.
  public enum Kind: String, Sendable {
    /// Drawn or corrected by people.
    case labels
    /// Made by a model.
    case predictions
  }

  /// What the source is taken for; it decides the origin of instances that do not say.
  public var kind: Kind
  /// The number of the first frame in the file; nil lets the reader find out.
  public var base: Int?
  /// What a MOT file calls the corner of the first pixel: 0, or 1 where it counts pixels from 1.
  ///
  /// The MOT Challenge's text says 1; nearly every tracker and evaluator takes 0.
  public var pixelOrigin: Double

  /// Creates options.
  public init(kind: Kind = .labels, base: Int? = nil, pixelOrigin: Double = 0) {
    self.kind = kind
    self.base = base
    self.pixelOrigin = pixelOrigin
  }
}

/// A label file that cannot be used, said in one sentence.
public struct LabelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure; open-ended, so that a new kind breaks no caller.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The spelling of the code.
    public let rawValue: String

    /// Creates a code from its spelling.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The file does not exist, is a directory, or may not be read.
    public static let unreadable = Code(rawValue: "unreadable")
    /// No format recognises the content.
    public static let unknownFormat = Code(rawValue: "unknown-format")
    /// The content is not of the format it was read as.
    public static let wrongFormat = Code(rawValue: "wrong-format")
    /// The file ends or breaks off in the middle.
    public static let damaged = Code(rawValue: "damaged")
  }

  /// The kind of failure.
  public var code: Code
  /// The file.
  public var path: String
  /// The line, from 1; nil where lines mean nothing.
  public var line: Int?
  /// What is wrong, and what to do: a sentence without its full stop.
  public var reason: String

  /// Creates an error.
  public init(_ code: Code, path: String, line: Int? = nil, _ reason: String) {
    self.code = code
    self.path = path
    self.line = line
    self.reason = reason
  }

  /// `task.xml:12: the track has no label`.
  public var description: String {
    path + (line.map { ":\($0)" } ?? "") + ": " + reason
  }
}
