public import Foundation

/// A label or prediction format: how it is recognised and read. One format is one file.
public protocol LabelFormat: Sendable {
  /// The id used after a colon on the command line: `labels.txt:mot`.
  static var id: String { get }
  /// One line for the list of formats.
  static var summary: String { get }
  /// What people have to know about the format.
  static var page: FormatPage { get }

  /// Tells whether a file looks like this format.
  ///
  /// `head` holds the first bytes of the file, at most ``LabelFormats/headLength``.
  static func matches(head: Data, path: String) -> Bool

  /// Tells whether a folder as a whole is of this format; most formats are single files.
  static func matches(folder: LabelFolder) -> Bool

  /// Reads a file, or a folder where the format is one.
  ///
  /// A bad row is counted in the report and costs nothing else; only a file that as a whole is not
  /// of this format, is cut off, or cannot be read throws.
  static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset
}

extension LabelFormat {
  /// False: the format is a file.
  public static func matches(folder: LabelFolder) -> Bool { false }
}

/// A format that can be written, too.
public protocol WritableFormat: LabelFormat {
  /// What it can carry.
  static var capabilities: FormatCapabilities { get }

  /// Writes labels to a file or folder that appears when it is whole.
  ///
  /// - Parameters:
  ///   - dataset: Labels that hold only what ``capabilities`` allow; see
  ///     ``Dataset/reduced(to:)``. Exactly one video unless the format holds many.
  ///   - path: Where to write; a file there is replaced, a folder has to be empty or missing.
  ///   - options: What the writer needs from outside.
  /// - Returns: What was lost beyond what ``capabilities`` tell.
  /// - Throws: A ``LabelError`` where the output cannot be written; nothing is left behind then.
  static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport
}

/// What people have to know about a format, besides what it can carry.
public struct FormatPage: Hashable, Sendable {
  /// How it numbers frames, in a sentence or two.
  public var frames: String
  /// What goes wrong with it, and what the reader does about it; one entry a trap.
  public var traps: [String]

  /// Creates a page.
  public init(frames: String, traps: [String] = []) {
    self.frames = frames
    self.traps = traps
  }
}

/// What the video itself says, for formats that leave it out.
public struct VideoHint: Sendable {
  /// The file name of the video.
  public var name: String
  /// The width of a frame in pixels.
  public var width: Int
  /// The height of a frame in pixels.
  public var height: Int
  /// The number of shown frames; nil where nobody counted them.
  public var frameCount: Int?
  /// Frames per second; nil where the video does not say.
  public var frameRate: Double?
  /// Gives the time of every shown frame in seconds, rising; nil where the video cannot be read.
  ///
  /// It costs reading the video's packets: only formats that speak of seconds ask for it.
  public var frameTimes: @Sendable () -> [Double]?

  /// Creates a hint.
  public init(
    name: String, width: Int, height: Int, frameCount: Int? = nil, frameRate: Double? = nil,
    frameTimes: @escaping @Sendable () -> [Double]? = { nil }
  ) {
    self.name = name
    self.width = width
    self.height = height
    self.frameCount = frameCount
    self.frameRate = frameRate
    self.frameTimes = frameTimes
  }
}

/// What a writer needs from outside.
public struct WriteOptions: Sendable {
  /// Encodes label images; nil where the caller has none, and then formats that are images refuse.
  public var images: (any LabelImages)?

  /// Creates options.
  public init(images: (any LabelImages)? = nil) { self.images = images }
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
  /// The videos the labels may belong to, as far as they are at hand.
  public var videos: [VideoHint]
  /// Decodes label images; nil where the caller has none, and then formats that are images refuse.
  public var images: (any LabelImages)?

  /// Creates options.
  public init(
    kind: Kind = .labels, base: Int? = nil, pixelOrigin: Double = 0, videos: [VideoHint] = [],
    images: (any LabelImages)? = nil
  ) {
    self.kind = kind
    self.base = base
    self.pixelOrigin = pixelOrigin
    self.videos = videos
    self.images = images
  }

  /// The origin of an instance where the file does not say.
  public var origin: Origin { kind == .predictions ? .model : .imported }

  /// The video that a file calls `name`: the one of that name, file name or stem, else the only one
  /// there is; nil where several videos are called so.
  public func video(named name: String?) -> VideoHint? {
    if videos.count == 1 { return videos[0] }
    guard let name else { return nil }
    func last(_ path: String) -> Substring {
      path.split { $0 == "/" || $0 == "\\" }.last ?? Substring(path)
    }
    func stem(_ name: Substring) -> Substring {
      guard let point = name.lastIndex(of: "."), point != name.startIndex else { return name }
      return name[..<point]
    }
    let wanted = last(name)
    let ways: [(VideoHint) -> Bool] = [
      { $0.name == name }, { last($0.name) == wanted },
      { stem(last($0.name)) == stem(wanted) || stem(last($0.name)) == wanted },
    ]
    for way in ways {
      let found = videos.filter(way)
      if !found.isEmpty { return found.count == 1 ? found[0] : nil }
    }
    return nil
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
    /// Something has to be known that neither the file nor the call says.
    public static let incomplete = Code(rawValue: "incomplete")
    /// The output cannot be written.
    public static let unwritable = Code(rawValue: "unwritable")
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
