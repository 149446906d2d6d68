import Foundation
import Timeline

/// Paints the masks of one video and writes one image a frame, one image in memory at a time.
struct LabelImageWriter {
  /// The width of the images in pixels.
  let width: Int
  /// The height of the images in pixels.
  let height: Int
  /// The encoder.
  let images: any LabelImages
  /// The frames to write, rising.
  let frames: [FrameIndex]
  private let video: VideoAnnotations

  /// Prepares writing `video`, whose masks share no pixel.
  ///
  /// - Throws: A ``LabelError`` where the caller brought no encoder or the size cannot be.
  init(_ video: VideoAnnotations, _ options: WriteOptions, path: String) throws(LabelError) {
    guard let images = options.images else {
      throw LabelError(
        .incomplete, path: path, "the format is label images, and nothing here encodes them")
    }
    guard let width = video.width, let height = video.height, width > 0, height > 0,
      width <= Mask.maximumPixels, height <= Mask.maximumPixels,
      width * height <= Mask.maximumPixels
    else {
      throw LabelError(
        .incomplete, path: path, "label images need a picture size of at most 2^26 pixels")
    }
    self.width = width
    self.height = height
    self.images = images
    self.video = video
    frames = Self.frames(of: video)
    guard frames.count <= LabelFolder.maximumCount else {
      throw LabelError(
        .unwritable, path: path,
        "the labels speak of \(frames.count) frames, and a folder of label images holds at most"
          + " \(LabelFolder.maximumCount); check the frame count")
    }
  }

  // The annotated frames, and those that have labels all the same.
  private static func frames(of video: VideoAnnotations) -> [FrameIndex] {
    var frames: Set<FrameIndex> = []
    for track in video.tracks { frames.formUnion(track.instances.lazy.map(\.frame)) }
    let end = min(
      LabelFormats.maximumFrame, max(video.frameCount ?? 0, (frames.max() ?? -1) + 1))
    switch video.annotated {
    case .all: frames.formUnion(0..<end)
    case .every(let step, let range):
      let last = min(range.end, LabelFormats.maximumFrame)
      if range.start < last {
        frames.formUnion(stride(from: range.start, to: last, by: max(1, step)))
      }
    case .only(let stated): frames.formUnion(stated)
    }
    return frames.sorted()
  }

  /// Calls `body` with every frame and its picture.
  ///
  /// - Parameters:
  ///   - content: What the values stand for.
  ///   - value: The value of a track.
  ///   - body: Writes the picture.
  /// - Throws: What `body` throws.
  func forEachPicture(
    _ content: LabelImage.Content, value: (Track) -> UInt16,
    _ body: (FrameIndex, LabelImage) throws(LabelError) -> Void
  ) throws(LabelError) {
    var masks: [FrameIndex: [(mask: Mask, value: UInt16)]] = [:]
    for track in video.tracks {
      for instance in track.instances {
        if case .mask(let mask) = instance.shape {
          masks[instance.frame, default: []].append((mask, value(track)))
        }
      }
    }
    for frame in frames {
      var picture = LabelImage(blank: content, width: width, height: height)
      for (mask, value) in masks[frame] ?? [] { picture.paint(mask, value) }
      try body(frame, picture)
    }
  }

  /// A number with zeros in front, `digits` in all or as many as it needs.
  static func padded(_ number: Int, digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
