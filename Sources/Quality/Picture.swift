import Annotations
import Timeline

/// The picture that labels lie in.
struct Picture: Sendable {
  /// Its area in pixels.
  let box: Box

  /// Finds the picture that the video has or the labels state; nil where neither tells.
  init?(stated input: RuleInput) {
    let labels = input.source?.annotations
    guard let width = input.video.width ?? labels?.width.map(Double.init), width > 0,
      let height = input.video.height ?? labels?.height.map(Double.init), height > 0
    else { return nil }
    box = Box(left: 0, top: 0, width: width, height: height)
  }

  /// Finds the stated picture of `input`, or else the extent of all labels.
  init?(_ input: RuleInput) {
    if let stated = Picture(stated: input) {
      self = stated
      return
    }
    guard let boxes = input.source?.boxes else { return nil }
    var extent: Box?
    for frame in boxes.extent.start..<boxes.extent.end {
      for entry in boxes[frame] { extent = extent.map { $0.union(entry.box) } ?? entry.box }
    }
    guard let extent else { return nil }
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
