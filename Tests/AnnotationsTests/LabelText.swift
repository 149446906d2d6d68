import Annotations
import Foundation

/// Label text in a folder of its own, for readers that take a path.
struct LabelText {
  let folder: URL
  let path: String

  /// Writes `bytes` as `name`, which may hold folders.
  init(_ bytes: Data, name: String = "labels.txt") throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("annotations-" + UUID().uuidString)
    path = folder.appendingPathComponent(name).path
    try write(bytes, name: name)
  }

  init(_ text: String, name: String = "labels.txt") throws {
    try self.init(Data(text.utf8), name: name)
  }

  func write(_ bytes: Data, name: String) throws {
    let file = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try bytes.write(to: file)
  }

  func write(_ text: String, name: String) throws { try write(Data(text.utf8), name: name) }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// Reads `text` as `format` and removes the file again.
  static func read(
    _ text: String, as format: (any LabelFormat.Type)? = nil, name: String = "labels.txt",
    _ options: ReadOptions = ReadOptions()
  ) throws -> Dataset {
    let file = try LabelText(text, name: name)
    defer { file.remove() }
    if let format { return try format.read(path: file.path, options: options) }
    return try LabelFormats.read(path: file.path, options: options)
  }

  /// What writing labels as `format` makes of them.
  static func written(
    _ dataset: Dataset, as format: any WritableFormat.Type
  ) throws -> String {
    let file = try LabelText("", name: "written")
    defer { file.remove() }
    _ = try LabelFormats.write(dataset, as: format, to: file.path)
    return try String(contentsOfFile: file.path, encoding: .utf8)
  }

  /// The error that reading `text` gives.
  static func error(_ text: String, as format: any LabelFormat.Type) -> LabelError? {
    do {
      _ = try read(text, as: format)
      return nil
    } catch {
      return error as? LabelError
    }
  }
}

/// The real files that nobody of this project made; tests on them are skipped where they are missing.
enum RealData {
  static let folder: URL = {
    if let named = ProcessInfo.processInfo.environment["CONTINUITY_DATA"] {
      return URL(fileURLWithPath: named)
    }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return root.deletingLastPathComponent().appendingPathComponent("shared/data")
  }()

  static let exists = FileManager.default.fileExists(atPath: folder.path)

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}
