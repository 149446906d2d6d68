/// One frame as all frame metrics see it: the sums of one shared pass over its luma.
public struct FramePass: ~Copyable {
  /// The place of the frame, zero-based in presentation order.
  public let index: Int
}
