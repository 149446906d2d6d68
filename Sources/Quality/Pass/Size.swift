import VideoIO

/// The size of a picture in pixels.
struct Size: Hashable {
  var width: Int
  var height: Int

  init(width: Int, height: Int) { (self.width, self.height) = (width, height) }
  init(_ luma: borrowing LumaPlane) { self.init(width: luma.width, height: luma.height) }

  var count: Int { width * height }
  var shorter: Int { min(width, height) }

  /// The size with the shorter side at most `side`, and the longer one in proportion, rounded.
  func shrunk(toSide side: Int) -> Size {
    guard shorter > side else { return self }
    func scaled(_ length: Int) -> Int { (2 * length * side + shorter) / (2 * shorter) }
    return Size(width: scaled(width), height: scaled(height))
  }
}
