public import Foundation

/// The text labels of Ultralytics YOLO: a folder with one text a frame, whose rows are a class and
/// fractions of the picture. These are boxes, and outlines of one ring.
///
/// - `clip_12.txt` is frame 12 of `clip`. Numbers count from 1, as `predict` and `track` write them,
///   or from 0 where a text or a picture has the number 0. Several videos may share a folder.
/// - Nothing is written for a frame without detections: a missing text is an empty frame, and not
///   one that nobody looked at. Where the pictures lie beside the texts in `images`, they are the
///   frames that were looked at; else texts that lie evenly apart tell the step.
/// - Behind the geometry stand a score, an id, or both in this order, and rows of one folder differ:
///   objects that the tracker did not take up have no id. All rows together tell what a single
///   column is: whole numbers of which one is above 1, or ones that do not repeat within a frame,
///   are ids, all else scores. The formats `yolo-ids` and `yolo-scores` force it.
/// - The size of the picture comes from the video, or from the pictures beside the texts.
/// - Names of classes come from `names` of a `data.yaml` beside the folders or in the one above,
///   else from a `classes.txt`.
public enum YOLO: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "yolo"
  /// See ``LabelFormat/summary``.
  public static let summary =
    "Ultralytics YOLO text: a folder of boxes and outlines, with data.yaml"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "From 1, or from 0 where a text or a picture has the number 0.",
    traps: [
      "Coordinates are fractions: name the video, or keep the pictures in images beside labels.",
      "A missing text is a frame without detections.",
      "A sixth value of a box is a score or an id; the whole folder tells which, and yolo-ids and"
        + " yolo-scores force it.",
      "Older versions wrote all frames into one text when track was called frame by frame: the"
        + " frames cannot be told apart any more.",
      "Scores that are unknown beside known ones are written as -1; ids stand in the last column,"
        + " which has to go before training.",
      "An outline is one ring: parts are often joined by bridges.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = YOLOFormat.capabilities([.box, .polygon])

  /// Tells whether the file is a `data.yaml`, or a text with rows that only a folder makes useful.
  public static func matches(head: Data, path: String) -> Bool {
    YOLOFormat.isDescription(head, path) || YOLOFormat.hasRows(head)
  }

  /// Tells whether most rows of some texts are classes with fractions.
  public static func matches(folder: LabelFolder) -> Bool {
    YOLOFormat.columns(of: folder) != nil
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    try YOLOFormat.read(path: path, id: id, task: nil, single: nil, options)
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    try YOLOWriter(dataset, task: .boxes).write(to: path)
  }
}

/// YOLO labels of turned boxes: the four corners of each. See ``YOLO`` for all else.
public enum YOLORotated: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "yolo-obb"
  /// See ``LabelFormat/summary``.
  public static let summary = "Ultralytics YOLO text: a folder of turned boxes (OBB)"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: YOLO.page.frames,
    traps: ["Rows are four corners, without a box before them."] + YOLO.page.traps.dropLast())

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = YOLOFormat.capabilities([.rotatedBox])

  /// False: the format is a folder.
  public static func matches(head: Data, path: String) -> Bool { false }

  /// Tells whether all rows of some texts are four corners of which opposite ones have one middle.
  public static func matches(folder: LabelFolder) -> Bool {
    YOLOFormat.columns(of: folder)?.task == .rotatedBoxes
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    try YOLOFormat.read(path: path, id: id, task: .rotatedBoxes, single: nil, options)
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    try YOLOWriter(dataset, task: .rotatedBoxes).write(to: path)
  }
}

/// YOLO labels of poses: a box and key points. See ``YOLO`` for all else.
///
/// The `kpt_shape` of the `data.yaml` says how many key points there are and whether each has a third
/// value, which is its visibility 0, 1 or 2 in labels and a score in predictions; where it is
/// missing, rows of one length whose points lie within their box tell. A key point at 0, 0 is not
/// labelled.
public enum YOLOPose: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "yolo-pose"
  /// See ``LabelFormat/summary``.
  public static let summary =
    "Ultralytics YOLO text: a folder of poses, with kpt_shape in data.yaml"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: YOLO.page.frames,
    traps: [
      "The box of a pose is not kept; it is written as the one around the labelled key points.",
      "Names of key points come from kpt_names of the data.yaml; else they are their places.",
    ] + YOLO.page.traps.dropLast())

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = YOLOFormat.capabilities([.skeleton], others: [.hiddenJoints])

  /// False: the format is a folder.
  public static func matches(head: Data, path: String) -> Bool { false }

  /// Tells whether the `data.yaml` has a `kpt_shape`, or some texts hold boxes with points in them.
  public static func matches(folder: LabelFolder) -> Bool {
    YOLOFormat.columns(of: folder)?.task == .poses
  }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    try YOLOFormat.read(path: path, id: id, task: .poses, single: nil, options)
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    try YOLOWriter(dataset, task: .poses).write(to: path)
  }
}

/// YOLO labels whose single column behind the geometry is an id. See ``YOLO`` for all else.
public enum YOLOIdentities: LabelFormat {
  /// See ``LabelFormat/id``.
  public static let id = "yolo-ids"
  /// See ``LabelFormat/summary``.
  public static let summary = "Ultralytics YOLO text, a single column behind the geometry is an id"
  /// See ``LabelFormat/page``.
  public static let page = YOLO.page

  /// False: it is never taken unless a person names it.
  public static func matches(head: Data, path: String) -> Bool { false }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    try YOLOFormat.read(path: path, id: YOLO.id, task: nil, single: .identity, options)
  }
}

/// YOLO labels whose single column behind the geometry is a score. See ``YOLO`` for all else.
public enum YOLOScores: LabelFormat {
  /// See ``LabelFormat/id``.
  public static let id = "yolo-scores"
  /// See ``LabelFormat/summary``.
  public static let summary =
    "Ultralytics YOLO text, a single column behind the geometry is a score"
  /// See ``LabelFormat/page``.
  public static let page = YOLO.page

  /// False: it is never taken unless a person names it.
  public static func matches(head: Data, path: String) -> Bool { false }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    try YOLOFormat.read(path: path, id: YOLO.id, task: nil, single: .score, options)
  }
}
