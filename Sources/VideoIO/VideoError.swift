/// What went wrong with a video: where, why, and what to do about it.
public struct VideoError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of a failure; more kinds may come.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The name of the kind.
    public let rawValue: String

    /// Names a kind of failure.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// There is nothing at the path.
    public static let notFound = Code(rawValue: "not-found")
    /// The file or folder is there but cannot be opened or read.
    public static let unreadable = Code(rawValue: "unreadable")
    /// The file holds nothing that FFmpeg takes for a video.
    public static let notAVideo = Code(rawValue: "not-a-video")
    /// The file is media, but without moving pictures.
    public static let noVideoStream = Code(rawValue: "no-video-stream")
    /// This build of FFmpeg cannot decode the video's codec.
    public static let noDecoder = Code(rawValue: "no-decoder")
    /// The folder or the pattern names no image.
    public static let noImages = Code(rawValue: "no-images")
    /// Not one picture could be decoded.
    public static let nothingDecoded = Code(rawValue: "nothing-decoded")
    /// The decoder failed so often in a row that the rest is taken for lost.
    public static let tooManyErrors = Code(rawValue: "too-many-errors")
    /// The pixels are in a layout that no brightness can be read from.
    public static let unsupportedPixels = Code(rawValue: "unsupported-pixels")
    /// The file is no picture of a kind that is read here.
    public static let notAnImage = Code(rawValue: "not-an-image")
    /// The file holds more than one picture where one was asked for.
    public static let severalPictures = Code(rawValue: "several-pictures")
    /// A picture or its file is larger than is sensible.
    public static let tooLarge = Code(rawValue: "too-large")
    /// The video gives other frames than it gave before.
    public static let changed = Code(rawValue: "changed")
    /// FFmpeg could not get memory.
    public static let outOfMemory = Code(rawValue: "out-of-memory")
  }

  /// The kind of the failure.
  public var code: Code
  /// The path as the caller gave it.
  public var path: String
  /// The frame that was to be decoded, where there is one.
  public var frame: Int?
  /// The cause and what to do, as one sentence without a full stop.
  public var reason: String
  /// FFmpeg's own error code, where FFmpeg failed.
  public var ffmpegCode: Int32?

  /// Creates an error.
  public init(
    _ code: Code, path: String, frame: Int? = nil, reason: String, ffmpegCode: Int32? = nil
  ) {
    self.code = code
    self.path = path
    self.frame = frame
    self.reason = reason
    self.ffmpegCode = ffmpegCode
  }

  /// The error as a person reads it: `clip.mp4, frame 412: the decoder failed …`.
  public var description: String {
    let place = frame.map { "\(path), frame \($0)" } ?? path
    return "\(place): \(reason)"
  }
}
