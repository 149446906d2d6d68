import Timeline

/// Writes labels as a list of results of COCO's evaluation.
struct COCOResultsWriter {
  /// What could not be written.
  private(set) var losses = LossReport()

  private let output: TextOutput
  private let classes: COCOClassNumbers
  private var classesWithJoints: Set<String> = []
  private let pictureSize: String?
  private var isFirst = true

  /// Prepares to write `dataset` to `output`.
  init(_ dataset: Dataset, to output: TextOutput) {
    self.output = output
    classes = COCOClassNumbers(dataset)
    pictureSize = dataset.videos.first.flatMap(Self.pictureSize)
    losses.add(.classIDs, classes.changedCount)
  }

  /// Writes everything.
  mutating func write(_ dataset: Dataset) throws(LabelError) {
    try output.write("[")
    for video in dataset.videos {
      let size = video.maskSize
      for track in video.tracks {
        for instance in track.instances { try write(instance, of: track, size: size) }
      }
    }
    try output.write("\n]\n")
  }

  private mutating func write(
    _ instance: Instance, of track: Track, size: (width: Int, height: Int)
  ) throws(LabelError) {
    let className = instance.className ?? track.className
    guard
      let shape = COCOShapeText(
        instance.shape, className: className, classes: classes, size: size)
    else { return losses.add(.instances) }
    if shape.isCut { losses.add(.shape) }
    var members = [
      (key: "image_id", value: String(instance.frame + 1)),
      ("category_id", String(classes.number(of: className))),
      (COCOAnnotationReader.categoryNameKey, JSONText.string(className)),
    ]
    if isFirst, let pictureSize {
      members.append((COCOAnnotationReader.pictureSizeKey, pictureSize))
    }
    if track.isTracked { members.append(("track_id", track.id)) }
    switch instance.shape {
    case .rotatedBox(let box):
      members.append(("rbox", Self.numbers(of: box)))
      members.append(
        (
          "poly",
          JSONText.array(
            box.corners.flatMap { [JSONText.number($0.x), JSONText.number($0.y)] })
        ))
    case .skeleton(let skeleton):
      members.append(("keypoints", shape.keypoints ?? "[]"))
      if let scores = shape.scores { members.append(("scores", scores)) }
      if classesWithJoints.insert(className).inserted,
        let category = classes.categories.first(where: { $0.name == className })
      {
        members.append(
          (
            COCOAnnotationReader.jointNamesKey,
            JSONText.array(category.joints.map(JSONText.string))
          ))
      }
      // Where no joint is seen, the hidden ones are read as seen.
      if !skeleton.joints.contains(where: { $0.visibility == .visible }) {
        losses.add(.hiddenJoints, skeleton.joints.count { $0.visibility == .hidden })
      }
    case .mask: members.append(("segmentation", shape.segmentation ?? "[]"))
    default: if let box = shape.box { members.append(("bbox", box)) }
    }
    if let score = instance.confidence { members.append(("score", JSONText.number(score))) }
    try output.write((isFirst ? "\n" : ",\n") + JSONText.object(members))
    isFirst = false
  }

  /// `[height,width]`; nil where the size of the picture is not known.
  static func pictureSize(of video: VideoAnnotations) -> String? {
    guard let width = video.width, let height = video.height else { return nil }
    return "[\(height),\(width)]"
  }

  private static func numbers(of box: RotatedBox) -> String {
    JSONText.array(
      [box.center.x, box.center.y, box.width, box.height, box.angle].map { JSONText.number($0) })
  }
}
