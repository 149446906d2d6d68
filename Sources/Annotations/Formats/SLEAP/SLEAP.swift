public import Foundation
import Timeline

/// SLEAP's own file (`.slp`): skeletons with tracks, drawn by people and predicted, in HDF5.
///
/// Read are the formats 1.0 to 2.8 as SLEAP and sleap-io write them.
public enum SLEAP: LabelFormat {
  /// The id used after a colon on the command line.
  public static let id = "slp"
  /// One line for the list of formats.
  public static let summary = "SLEAP .slp: skeletons with tracks, people's and predicted (HDF5)"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "frame_idx from 0. The frames that the file lists are the annotated ones.",
    traps: [
      "Needs libhdf5 when continuity is built.",
      "A whole number is the middle of a pixel since format 1.1, its corner before.",
      "Where a person corrected a prediction, both stand in the file; the person's is read.",
      "Scores of instances are sums over joints, not 0 to 1, and those of joints may exceed 1.",
      "A joint without coordinates is absent, whatever its flag says; one that is flagged invisible"
        + " is hidden.",
      "Links between mirrored joints are no bones.",
      "Paths of videos are often another machine's: only the name is kept.",
      "Boxes, masks and events are read; outlines of an instance with joints, regions of interest,"
        + " label images and suggestions are not.",
      "Written are instances with a score (other than 1) as predicted, all others as a person's.",
    ])

  /// Tells whether a file is HDF5 and has the tables of SLEAP.
  public static func matches(head: Data, path: String) -> Bool {
    LabelHDF5.matches(
      head: head, path: path, endings: [".slp"], names: ["metadata", "videos_json", "instances"])
  }

  /// Reads a file.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    var content = try SLEAPContent(path: path, options: options)
    return try content.dataset()
  }
}
