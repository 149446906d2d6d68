import Foundation

/// The catalog of formats, and the way in for reading a file.
public enum LabelFormats {
  /// How many bytes of a file the formats may look at to recognise it.
  public static let headLength = 65_536

  /// Every format, the most specific ones first: the first match wins.
  public static let all: [any LabelFormat.Type] = [
    CVATImages.self,
    CVATVideo.self,
    CVATBackup.self,
    Datumaro.self,
    DatumaroCVAT.self,
    ContinuityLines.self,
    SLEAP.self,
    SLEAPAnalysis.self,
    SLEAPJSON.self,
    SLEAPCSV.self,
    DeepLabCut.self,
    Darwin.self,
    OpenLABEL.self,
    ETAVideo.self,
    FiftyOneTemporal.self,
    Labelbox.self,
    Scalabel.self,
    Encord.self,
    LabelStudio.self,
    Supervisely.self,
    BURST.self,
    PoseTrack.self,
    YouTubeVIS.self,
    YouTubeVISResults.self,
    DIVE.self,
    VIA.self,
    COCO.self,
    COCOResults.self,
    UltralyticsJSON.self,
    CellTracking.self,
    DAVIS.self,
    MOTSImages.self,
    MOTS.self,
    YOLOPose.self,
    YOLORotated.self,
    YOLO.self,
    YOLOIdentities.self,
    YOLOScores.self,
    CVML.self,
    DETRAC.self,
    KITTI.self,
    VATIC.self,
    VIAME.self,
    VIATracks.self,
    MOT.self,
  ]

  /// The largest frame number a reader takes: 100 hours at 25 frames a second, and more than any
  /// one video has. What lies beyond is a damaged number, and would fill the memory of rules.
  static let maximumFrame = 10_000_000

  /// The size of a file in bytes; 0 where it is not known.
  static func size(of path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? Int) ?? 0
  }

  /// Keeps the first frame number a person names within what can be subtracted safely.
  static func safeBase(_ base: Int?) -> Int? {
    base.map { max(-1_000_000_000, min(1_000_000_000, $0)) }
  }

  /// The smallest step that numbers with so many decimals express; 0 for finer than doubles show.
  static func quantum(decimals: Int) -> Double {
    decimals > 12 ? 0 : 1 / pow(10, Double(decimals))
  }

  /// Returns the format called `id`.
  public static func named(_ id: String) -> (any LabelFormat.Type)? {
    all.first { $0.id == id }
  }

  /// Reads `path` as `format`, or as the first format that recognises its content.
  public static func read(
    path: String, format id: String? = nil, options: ReadOptions = ReadOptions()
  ) throws(LabelError) -> Dataset {
    if let archive = try LabelArchive.recognised(path: path) {
      return try archive.read(format: id, options: options)
    }
    if let id {
      guard let format = named(id) else {
        let known = all.map { $0.id }.joined(separator: ", ")
        throw LabelError(
          .unknownFormat, path: path, "there is no format called \(id); known are \(known)")
      }
      return try format.read(path: path, options: options)
    }
    guard let format = try recognised(path: path) else {
      throw LabelError(
        .unknownFormat, path: path,
        "no known label format recognises the content; name one after a colon"
          + " (continuity formats lists them)")
    }
    return try format.read(path: path, options: options)
  }

  /// The first format that recognises the content of a file or folder; nil where none does.
  public static func recognised(path: String) throws(LabelError) -> (any LabelFormat.Type)? {
    if let folder = LabelFolder(path: path) { return all.first { $0.matches(folder: folder) } }
    let head = try head(of: path)
    return all.first { $0.matches(head: head, path: path) }
  }

  /// Reads the first bytes of a file and refuses what is no readable, non-empty file.
  static func head(of path: String) throws(LabelError) -> Data {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw LabelError(.unreadable, path: path, "there is no such file; check the path")
    }
    guard !isDirectory.boolValue else {
      throw LabelError(.unreadable, path: path, "this is a directory; name a label file in it")
    }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw LabelError(.unreadable, path: path, "the file may not be read; check its permissions")
    }
    defer { try? handle.close() }
    guard let data = try? handle.read(upToCount: headLength), !data.isEmpty else {
      throw LabelError(.damaged, path: path, "the file is empty")
    }
    return data
  }
}
