import Foundation

/// What the first bytes of a PNG file say, enough to tell label images apart without decoding them.
struct PNGHead {
  /// The bits of a sample.
  let depth: UInt8
  /// Whether the samples are places in a palette.
  let isPalette: Bool
  /// Whether the samples are grey.
  let isGrey: Bool

  /// Reads the head; nil where it is not that of a PNG file.
  init?(_ head: Data) {
    let bytes = [UInt8](head.prefix(26))
    guard bytes.count == 26, bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A]) else {
      return nil
    }
    depth = bytes[24]
    isPalette = bytes[25] == 3
    isGrey = bytes[25] == 0
  }
}
