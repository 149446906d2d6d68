/// One kind of thing that labels can say and that a format may not be able to carry.
public enum LabelAspect: String, CaseIterable, Sendable {
  // Objects

  /// Whole instances.
  case instances
  /// The kind of a shape; a mask may become a polygon, and any shape its box.
  case shape
  /// Coordinates finer than the format writes.
  case precision
  /// Holes in polygons.
  case holes
  /// Polygons of several parts, of which the largest stays.
  case parts
  /// Pixels that two masks share.
  case overlaps
  /// Which instances are one object over time.
  case identity
  /// The spelling of ids, where the format numbers objects.
  case trackIDs = "track-ids"
  /// That a detection has no identity; it becomes a track of one instance.
  case untracked
  /// Tracks without any instance.
  case emptyTracks = "empty-tracks"
  /// Second instances of one track in one frame.
  case duplicates
  /// Names of classes.
  case classNames = "class-names"
  /// Instances of another class than their track.
  case classChanges = "class-changes"
  /// Scores of instances.
  case confidence
  /// Scores of joints.
  case jointConfidence = "joint-confidence"
  /// Whether a joint is hidden.
  case hiddenJoints = "hidden-joints"
  /// That an instance is occluded, or said to be wholly visible.
  case occlusion
  /// The share of an object that can be seen.
  case visibilityRatio = "visibility-ratio"
  /// Which instances are key frames.
  case keyFrames = "key-frames"
  /// Who or what made an instance.
  case origin
  /// Attributes that hold in one frame.
  case attributes
  /// Attributes that hold for a whole track.
  case trackAttributes = "track-attributes"
  /// That an object is not to be judged. See ``ReservedAttribute/ignore``.
  case ignore
  /// Which shape lies on top. See ``ReservedAttribute/zOrder``.
  case zOrder = "z-order"
  /// Which objects form a group. See ``ReservedAttribute/group``.
  case group
  /// That an object reaches beyond the picture. See ``ReservedAttribute/truncated``.
  case truncation
  /// Scores of tracks. See ``ReservedAttribute/trackScore``.
  case trackScore = "track-score"
  /// Which object another one came from. See ``ReservedAttribute/parent``.
  case parents

  // Time

  /// Stretches in which an object is declared absent.
  case absences
  /// Which frames were looked at.
  case annotatedFrames = "annotated-frames"
  /// Labels of frames and of stretches of frames.
  case ranges
  /// Values, tracks, attributes, scores and makers of such labels.
  case rangeDetails = "range-details"

  // Videos and classes

  /// The name of the video.
  case videoName = "video-name"
  /// The size of the picture.
  case pictureSize = "picture-size"
  /// The number of frames.
  case frameCount = "frame-count"
  /// The frames per second.
  case frameRate = "frame-rate"
  /// The file names of single images.
  case imageNames = "image-names"
  /// Classes that no instance has.
  case unusedClasses = "unused-classes"
  /// The number or hash of a class. See ``Ontology/Category/sourceID``.
  case classIDs = "class-ids"
  /// The bones of a skeleton.
  case bones

  /// Whether a format says for itself if it carries this; the others follow from its shapes, its
  /// identity and its precision, or are counted by writers.
  public var isDeclared: Bool {
    switch self {
    case .instances, .shape, .precision, .overlaps, .identity, .trackIDs: false
    default: true
    }
  }

  /// The lost thing in words, for a count before it.
  var words: String {
    switch self {
    case .instances: "instances left out"
    case .shape: "shapes turned into another kind"
    case .precision: "shapes with coordinates finer than the format writes"
    case .holes: "polygons without their holes"
    case .parts: "polygons of which only the largest part stayed"
    case .overlaps: "masks without pixels that another one covers"
    case .identity: "tracks taken apart into single detections"
    case .trackIDs: "tracks with another id"
    case .untracked: "detections without identity made into tracks"
    case .emptyTracks: "tracks without any instance"
    case .duplicates: "second instances of a track in one frame"
    case .classNames: "instances without their class"
    case .classChanges: "instances given the class of their track"
    case .confidence: "scores"
    case .jointConfidence: "skeletons without scores of their joints"
    case .hiddenJoints: "hidden joints"
    case .occlusion: "statements that an object is occluded or visible"
    case .visibilityRatio: "visible shares"
    case .keyFrames: "key-frame marks"
    case .origin: "instances without their origin"
    case .attributes: "attributes of instances"
    case .trackAttributes: "attributes of tracks"
    case .ignore: "marks not to judge an object"
    case .zOrder: "z orders"
    case .group: "groups"
    case .truncation: "truncation marks"
    case .trackScore: "scores of tracks"
    case .parents: "tracks without the one they came from"
    case .absences: "declared absences"
    case .annotatedFrames: "statements which frames were annotated"
    case .ranges: "labels of frames and ranges"
    case .rangeDetails: "details of labels of frames and ranges"
    case .videoName: "names of videos"
    case .pictureSize: "picture sizes"
    case .frameCount: "frame counts"
    case .frameRate: "frame rates"
    case .imageNames: "names of images"
    case .unusedClasses: "classes that no instance has"
    case .classIDs: "numbers of classes"
    case .bones: "bones of skeletons"
    }
  }
}
