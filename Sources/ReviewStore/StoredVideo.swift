/// What a store keeps about one video besides its frames.
public struct StoredVideo: Hashable, Sendable {
  /// The name in findings; unique in a store.
  public var name: String
  /// The path it was read from; nil for labels without a video.
  public var path: String?
  /// The width of a frame in pixels; nil where unknown.
  public var width: Int?
  /// The height of a frame in pixels; nil where unknown.
  public var height: Int?
  /// The name of the codec as ffprobe prints it; nil where no video was read.
  public var codec: String?
  /// The number of frames the container claims; nil where it claims none.
  public var headerFrameCount: Int?
  /// The number of packets that could not be decoded; nil where no video was read.
  public var corruptPackets: Int?

  /// Creates the description of a video.
  public init(
    name: String, path: String? = nil, width: Int? = nil, height: Int? = nil,
    codec: String? = nil, headerFrameCount: Int? = nil, corruptPackets: Int? = nil
  ) {
    self.name = name
    self.path = path
    self.width = width
    self.height = height
    self.codec = codec
    self.headerFrameCount = headerFrameCount
    self.corruptPackets = corruptPackets
  }
}

/// The number of a video in one store.
public struct VideoID: Hashable, Sendable {
  let number: Int64
}
