public import Foundation
import Timeline

/// Label Studio's JSON for video: a list of tasks, one task, JSON-MIN, or bare predictions.
///
/// - Frames count from 1; ``ReadOptions/base`` overrules that.
/// - A `videorectangle` or `videovector` is a track. It is seen on every key frame, also on a
///   disabled one, and hidden after that until the next; after an enabled one it moves linearly to
///   the next, and stays to `framesCount` where there is none. Frames in between are filled in.
/// - A rectangle is turned about its corner (x, y), which does not move by that.
/// - Percent are taken of the `original_width` and `original_height` of the region, of the size in
///   the task's data, or of the video.
/// - `timelinelabels` are labels of ranges, both ends included. Answers (choices, texts, numbers)
///   with the id of a region are its attributes, others are labels of the whole video.
/// - The newest annotation of a task that is not cancelled counts; where predictions are asked for,
///   the newest prediction.
public enum LabelStudio: WritableFormat {
  /// The id on the command line.
  public static let id = "label-studio"
  /// One line for the list of formats.
  public static let summary = "Label Studio JSON for video: rectangles, vectors, timeline labels"
  /// What people have to know about it.
  public static let page = FormatPage(
    frames: "Frames count from 1 and are the time multiplied by the frameRate of the labelling "
      + "configuration, not counted by decoding. Ranges include both ends.",
    traps: [
      "An object is still seen on its disabled key frame and hidden after it; CVAT hides it on the "
        + "frame itself.",
      "A wrong frameRate in the configuration shifts every label: framesCount is compared with the "
        + "video, and a difference is noted.",
      "After the last enabled key frame the object stays to framesCount.",
      "Places are percent; where the file does not state the size of the picture, the video has to "
        + "be named.",
      "The pivot of a rotation is the top-left corner, not the centre.",
      "A task may have many annotations: the newest that is not cancelled is read.",
      "A gap in a track cannot be told from a declared absence: both are written as hidden, and "
        + "read back as declared.",
      "Written files need the controls box (VideoRectangle), vector (VideoVectorLabels), labels "
        + "(Labels) and timeline (TimelineLabels) in the configuration.",
    ])

  /// What it can carry.
  public static let capabilities = FormatCapabilities(
    shapes: [.box, .rotatedBox, .polygon, .polyline], identity: .text,
    aspects: [
      .classNames, .confidence, .keyFrames, .origin, .trackAttributes, .ranges, .rangeDetails,
      .videoName, .pictureSize, .frameCount, .frameRate,
    ],
    output: .file(extension: "json"), holdsManyVideos: true, needsPictureSize: true)

  /// The number of the first frame.
  static let base = 1
  /// The control whose answer is the value of a range.
  static let valueControl = "value"

  /// Tells whether a file is JSON and has the marks of Label Studio near its beginning.
  public static func matches(head: Data, path: String) -> Bool {
    let first = head.first { $0 > 32 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    guard first == UInt8(ascii: "[") || first == UInt8(ascii: "{") else { return false }
    func has(_ key: String) -> Bool { head.range(of: Data("\"\(key)\"".utf8)) != nil }
    return has("videorectangle") || has("timelinelabels") || has("videovector")
      || has("videovectorlabels") || has("from_name") || has("was_cancelled")
      || has("sequence") && has("framesCount")
  }

  /// Reads a file.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var file = LabelStudioFile(path: path, options: options)
    return try file.dataset()
  }

  /// Writes a list of tasks, one a video.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var writer = LabelStudioWriter(path: path)
    return try writer.write(dataset)
  }
}
