/// Fingerprints of the picture of one frame: pictures that look alike differ in few bits.
public struct FrameHashes: Hashable, Sendable {
  /// The difference hash.
  public var dhash: UInt64
  /// The perceptual hash.
  public var phash: UInt64

  /// Creates the fingerprints of a frame.
  public init(dhash: UInt64, phash: UInt64) {
    self.dhash = dhash
    self.phash = phash
  }
}
