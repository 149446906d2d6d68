import CLuma

/// What a picture looks like in 64 bits; pictures that look alike differ in few of them.
///
/// Both are those of the Python package imagehash over Pillow up to 12, first bit highest. Pillow 13
/// reduces the columns of tall pictures first, which changes a few bits of some of them.
public struct FrameHashes: Hashable, Sendable {
  /// The longest shorter side of a picture that is hashed: a working picture that is larger is
  /// halved first.
  public static let side = 135

  /// Where the picture gets brighter from left to right, in 8 rows of 8 steps.
  public let dhash: UInt64
  /// Which of the 8x8 lowest frequencies are above their median.
  public let phash: UInt64

  /// Creates hashes from their bits.
  public init(dhash: UInt64, phash: UInt64) {
    self.dhash = dhash
    self.phash = phash
  }

  /// Returns the number of bits in which two hashes differ, 0...64.
  public static func distance(_ a: UInt64, _ b: UInt64) -> Int { (a ^ b).nonzeroBitCount }

  /// Returns a hash as imagehash prints it: 16 hexadecimal digits.
  public static func text(_ hash: UInt64) -> String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// What the hash kernel needs for pictures of one size.
@safe final class HashMemory {
  private let size: Size
  // The picture that is hashed, where the working picture is larger.
  private let half: PictureMemory?
  private let hashed: Size
  private let memory: UnsafeMutableRawPointer

  init(_ size: Size) {
    self.size = size
    let isHalved = size.shorter > FrameHashes.side
    hashed =
      isHalved ? Size(width: (size.width + 1) / 2, height: (size.height + 1) / 2) : size
    half = isHalved ? PictureMemory(count: hashed.count) : nil
    unsafe memory = .allocate(
      byteCount: cluma_hash_size(hashed.width, hashed.height), alignment: 64)
    unsafe cluma_hash_start(memory, hashed.width, hashed.height)
  }

  deinit { unsafe memory.deallocate() }

  /// The hashes of a picture without gaps between its rows.
  func hashes(of picture: PictureMemory) -> FrameHashes {
    if let half {
      unsafe cluma_halve(picture.pixels, size.width, size.width, size.height, half.pixels)
    }
    var (dhash, phash) = (UInt64(0), UInt64(0))
    unsafe cluma_hash(memory, (half ?? picture).pixels, hashed.width, &dhash, &phash)
    return FrameHashes(dhash: dhash, phash: phash)
  }
}
