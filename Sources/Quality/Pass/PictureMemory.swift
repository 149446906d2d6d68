/// The pixels of one picture, whose place in memory stays the same.
@safe final class PictureMemory {
  /// The first of `count` pixels, 0 at first.
  let pixels: UnsafeMutablePointer<UInt8>

  init(count: Int) {
    unsafe pixels = .allocate(capacity: max(1, count))
    unsafe pixels.initialize(repeating: 0, count: max(1, count))
  }

  deinit { unsafe pixels.deallocate() }
}
