import CLuma

/// How far the picture moved as a whole since the frame before, or why that cannot be said.
public enum GlobalShift: Hashable, Sendable {
  /// The shift of the content in shares of the shorter side, positive to the right and down, and
  /// how well the moved picture agrees, 0...1.
  case measured(x: Double, y: Double, response: Double)
  /// There is nothing to compare with, with the reason in a few words: `first frame`.
  case undefined(String)
}

/// What the shift kernel keeps of the frame before, for pictures of one size.
@safe final class ShiftMemory {
  private let memory: UnsafeMutableRawPointer

  init(_ size: Size) {
    unsafe memory = .allocate(
      byteCount: cluma_shift_size(size.width, size.height), alignment: 64)
    unsafe cluma_shift_start(memory, size.width, size.height)
  }

  deinit { unsafe memory.deallocate() }

  /// Takes in the next picture, without gaps between its rows; `nil` for the first.
  func shift(to picture: PictureMemory, width: Int) -> GlobalShift? {
    var shift = cluma_shift()
    guard unsafe cluma_shift_next(memory, picture.pixels, width, &shift) != 0 else { return nil }
    return .measured(x: shift.dx, y: shift.dy, response: shift.response)
  }
}
