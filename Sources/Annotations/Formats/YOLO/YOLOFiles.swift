import Foundation
import Timeline

/// The files of a folder of YOLO labels: which text belongs to which frame of which video.
struct YOLOFiles {
  /// One text with the labels of one frame.
  struct Text {
    /// The path within the folder.
    var path: String
    /// The place of the video in ``YOLOFiles/videos``.
    var video: Int
    /// The number in the name.
    var number: Int
  }

  /// The name of a text or picture taken apart: what stands before the number, and the number.
  struct Name {
    var stem: String
    var number: Int?

    /// Takes the name of a file apart.
    ///
    /// `clip_12.txt` is frame 12 of `clip`; `clip_mp4-12_jpg.rf.0a1b.txt`, as Roboflow calls it,
    /// frame 12 of `clip_mp4`.
    init(file: String) {
      let last = file.split(separator: "/").last.map { String($0) } ?? file
      var name = (last as NSString).deletingPathExtension
      if let mark = name.range(of: ".rf.", options: .backwards) {
        name = String(name[..<mark.lowerBound])
        for ending in ["_jpg", "_jpeg", "_png"] where name.hasSuffix(ending) {
          name.removeLast(ending.count)
        }
      }
      let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
      number = Int(name.suffix(digits))
      stem = String(name.dropLast(digits))
      if let separator = stem.last, "_-. ".contains(separator) { stem.removeLast() }
    }
  }

  /// The texts, by video and number.
  private(set) var texts: [Text] = []
  /// The stems of the videos, sorted.
  private(set) var videos: [String] = []
  /// Texts whose names hold no number.
  private(set) var unnumbered: [String] = []
  // The pictures beside the texts: their numbers and paths by stem.
  private var pictures: [String: [(number: Int, path: String)]] = [:]
  /// What the `data.yaml` says.
  private(set) var data = YOLOData()
  /// Whether there are more files than are looked at.
  let isCut: Bool

  /// The folder that the texts lie in.
  let folder: LabelFolder
  private let pictureFolder: LabelFolder?

  // Lists that stand beside labels and are none.
  private static let others: Set<String> = [
    "classes.txt", "labels.txt", "train.txt", "val.txt", "valid.txt", "test.txt", "readme.txt",
    "readme.dataset.txt", "readme.roboflow.txt", "requirements.txt", "license.txt", "notes.txt",
  ]
  private static let pictureEndings: Set<String> = [
    "jpg", "jpeg", "png", "bmp", "tif", "tiff", "webp",
  ]

  /// Looks through a folder.
  init(folder: LabelFolder) throws(LabelError) {
    self.folder = folder
    let whole = URL(fileURLWithPath: folder.path, isDirectory: true).standardizedFileURL
    let parent = whole.deletingLastPathComponent()
    var listed: [(name: Name, path: String)] = []
    let all = folder.files(extensions: ["txt"]).filter {
      !Self.others.contains(($0.split(separator: "/").last ?? "").lowercased())
    }
    let inLabels = all.filter { $0.split(separator: "/").dropLast().contains("labels") }
    for path in inLabels.isEmpty ? all : inLabels {
      let name = Name(file: path)
      if name.number == nil { unnumbered.append(path) } else { listed.append((name, path)) }
    }
    videos = Set(listed.map(\.name.stem)).sorted()
    let places = Dictionary(uniqueKeysWithValues: videos.enumerated().map { ($1, $0) })
    texts = listed.compactMap { name, path in
      guard let number = name.number, let video = places[name.stem] else { return nil }
      return Text(path: path, video: video, number: number)
    }
    texts.sort { ($0.video, $0.number, $0.path) < ($1.video, $1.number, $1.path) }
    // The labels folder itself may have been named: pictures and data.yaml then stand beside it.
    let isLabels = whole.lastPathComponent == "labels"
    var pictureFolder: LabelFolder? = folder
    if folder.files(extensions: Self.pictureEndings).isEmpty, isLabels {
      pictureFolder = LabelFolder(path: parent.appendingPathComponent("images").path)
    }
    self.pictureFolder = pictureFolder
    for path in pictureFolder?.files(extensions: Self.pictureEndings) ?? [] {
      let name = Name(file: path)
      if let number = name.number { pictures[name.stem, default: []].append((number, path)) }
    }
    for stem in pictures.keys { pictures[stem]?.sort { $0.number < $1.number } }
    isCut = folder.isCut
    let yaml = folder.files(extensions: ["yaml", "yml"]).filter { !$0.contains("/") }
    if let path = yaml.first(where: { $0.hasPrefix("data.") }) ?? yaml.first {
      data = try YOLOData(path: folder.path(of: path))
    } else if isLabels {
      let path = parent.appendingPathComponent("data.yaml").path
      if FileManager.default.fileExists(atPath: path) { data = try YOLOData(path: path) }
    }
    if data.names.isEmpty { readClassList() }
  }

  // Other tools write the names of classes one a line.
  private mutating func readClassList() {
    guard
      let path = folder.files.first(where: { path in
        ["classes.txt", "obj.names"].contains(path.split(separator: "/").last ?? "")
      })
    else { return }
    let text = String(decoding: folder.head(of: path), as: UTF8.self)
    for (place, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      data.names[place] = line.trimmingCharacters(in: .whitespaces)
    }
  }

  /// The whole path of a picture.
  func picturePath(_ path: String) -> String { pictureFolder?.path(of: path) ?? path }

  /// The frame numbers and paths of the pictures of a video, by rising number.
  func pictures(of video: Int) -> [(number: Int, path: String)] { pictures[videos[video]] ?? [] }
}
