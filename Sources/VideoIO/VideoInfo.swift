public import Timeline

/// What a video's header says, before any frame is decoded.
///
/// A header is a claim: the number of frames and their times are known only from a ``FrameTable``.
public struct VideoInfo: Sendable, Equatable {
  /// The path as the caller gave it.
  public var path: String
  /// The container as FFmpeg names it, such as `mov,mp4,m4a,3gp,3g2,mj2` or `images`.
  public var container: String
  /// The codec as FFmpeg names it, such as `h264`.
  public var codec: String
  /// The pixel format as FFmpeg names it, such as `yuv420p10le`.
  public var pixelFormat: String
  /// The stored width in pixels, before any rotation.
  public var width: Int
  /// The stored height in pixels, before any rotation.
  public var height: Int
  /// The turn of the display matrix in degrees, counterclockwise, in `0..<360`.
  ///
  /// The sign is ffprobe's, whose `-90` is 270 here: a player turns the stored picture by this
  /// angle against the clock. Frames are lent as stored, never turned.
  public var rotation: Int
  /// The clock of the stream.
  public var timeBase: TimeBase
  /// The number of frames the container claims, or nil where it claims none.
  public var headerFrameCount: Int?
  /// The length in seconds the container states, or nil where it states none.
  public var headerDuration: Double?
  /// Frames per second as the container states or FFmpeg estimates it, or nil where unknown.
  public var nominalFrameRate: Double?
  /// Bits a sample, 8 for ordinary video.
  public var bitDepth: Int
  /// Whether black is 0 and white the largest value; otherwise 16 and 235 (scaled to the depth).
  public var isFullRange: Bool
  /// How many streams of moving pictures the file holds; the first of them is read.
  public var videoStreamCount: Int
  /// How many still pictures are attached to the file, such as covers; they are no frames.
  public var attachedPictureCount: Int
  /// Whether the stream says that its frames are woven of two fields; nil where it does not say.
  public var isInterlaced: Bool?
  /// The tick at which the stream says it starts, or nil where it does not say.
  public var startTick: Int64?
  /// The file names of a folder of images in the order of their frames; empty for a video file.
  public var imageNames: [String]
  /// Whose length ``headerDuration`` is; nil where FFmpeg estimated it from the data.
  var durationScope: DurationScope?

  /// What a stated length is the length of.
  enum DurationScope {
    /// The video stream that is read.
    case stream
    /// The longest stream of the file, which may be another.
    case file
  }
}
