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
  /// The number of packets of the video; nil where no video was read.
  public var packetCount: Int?
  /// The number of packets that the file declares hidden; nil where no video was read.
  public var hiddenPackets: Int?
  /// The number of packets that could not be decoded; nil where no video was read.
  public var corruptPackets: Int?
  /// The number of frames shown although parts are damaged; nil where no frame was decoded.
  public var corruptFrames: Int?

  /// Creates the description of a video.
  public init(
    name: String, path: String? = nil, width: Int? = nil, height: Int? = nil,
    codec: String? = nil, headerFrameCount: Int? = nil, packetCount: Int? = nil,
    hiddenPackets: Int? = nil, corruptPackets: Int? = nil, corruptFrames: Int? = nil
  ) {
    self.name = name
    self.path = path
    self.width = width
    self.height = height
    self.codec = codec
    self.headerFrameCount = headerFrameCount
    self.packetCount = packetCount
    self.hiddenPackets = hiddenPackets
    self.corruptPackets = corruptPackets
    self.corruptFrames = corruptFrames
  }
}

/// The number of a video in one store.
public struct VideoID: Hashable, Sendable {
  let number: Int64
}
