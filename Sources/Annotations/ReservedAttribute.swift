/// The names under which attributes of tracks and instances hold what several formats know.
///
/// The values are texts, as those of all attributes. Formats that have a place of their own for one
/// of these read it into and write it from the attribute.
public enum ReservedAttribute {
  /// `true`: the object or instance is not to be judged, as a crowd or an ignore region.
  public static let ignore = "ignore"
  /// A whole number; shapes of a higher one lie on top. Absent where it is 0.
  public static let zOrder = "z_order"
  /// The number or name of the group that objects form, on a track.
  public static let group = "group_id"
  /// How far the object reaches beyond the picture: `true`, or a number as the source counts.
  public static let truncated = "truncated"
  /// The score of a whole track, in the source's own range, on a track.
  public static let trackScore = "track_score"
  /// The id of the track that the object came from, as a cell from the one that divided, on a track.
  public static let parent = "parent"

  /// All of them.
  public static let all: Set<String> = [ignore, zOrder, group, truncated, trackScore, parent]
}
