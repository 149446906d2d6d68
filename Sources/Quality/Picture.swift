import Annotations

/// The picture that labels lie in.
struct Picture: Sendable {
  /// Its area in pixels.
  let box: Box

  /// Takes the size that the video has or the labels state; nil where neither tells.
  init?(statedBy labels: VideoAnnotations?, or video: VideoFacts) {
    guard let width = video.width ?? labels?.width.map(Double.init), width > 0,
      let height = video.height ?? labels?.height.map(Double.init), height > 0
    else { return nil }
    box = Box(left: 0, top: 0, width: width, height: height)
  }

  /// Takes the stated size, or else the extent of all labels.
  init?(_ input: RuleInput) {
    if let stated = Picture(statedBy: input.source?.annotations, or: input.video) {
      self = stated
      return
    }
    guard let extent = input.source?.boxes.bounds else { return nil }
    box = extent
  }

  /// Tells whether `object` reaches the border, or beyond it.
  ///
  /// Near is a tenth of the object's size, and at least two pixels: labels of an object that is
  /// half out of the picture seldom end on the very last pixel.
  func isTouched(by object: Box) -> Bool {
    let near = max(2, object.size / 10)
    return object.left <= box.left + near || object.top <= box.top + near
      || object.right >= box.right - near || object.bottom >= box.bottom - near
  }
}
