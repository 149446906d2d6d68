import Annotations
import Archives
import Foundation
import Testing

/// Zip archives in the place of label files.
struct LabelArchiveTests {
  /// An archive of texts by name, in a folder of its own.
  private static func archive(_ files: [String: String]) throws -> LabelText {
    let archive = try LabelText("", name: "labels.zip")
    for (name, text) in files { try archive.write(text, name: "content/" + name) }
    try ZipArchive.write(
      files.keys.map {
        ZipArchive.File(name: $0, path: archive.folder.path + "/content/" + $0)
      }, to: archive.path)
    return archive
  }

  private static func read(_ files: [String: String], as format: String? = nil) throws -> Dataset {
    let archive = try archive(files)
    defer { archive.remove() }
    return try LabelFormats.read(path: archive.path, format: format)
  }

  private static func error(_ files: [String: String], as format: String? = nil) -> LabelError? {
    do {
      _ = try read(files, as: format)
      return nil
    } catch {
      return error as? LabelError
    }
  }

  private let rows = "1,1,10,20,30,40,1,1,1\n2,1,11,20,30,40,1,1,1\n"

  @Test func `The one label file in an archive is read`() throws {
    let data = try Self.read([
      "annotations.xml": CVATText.task(CVATText.track("KXo")), "images/frame_000000.png": "no",
      "README.md": "# text",
    ])
    #expect(data.format == "cvat")
    #expect(data.videos.map(\.name) == ["clip.mp4"])
    #expect(data.videos.first?.instanceCount == 2)
  }

  @Test func `Files deep in folders and of a Mac are no hindrance`() throws {
    let data = try Self.read([
      "task/more/annotations.xml": CVATText.task(CVATText.track("K")),
      "__MACOSX/task/more/._annotations.xml": "<annotations><meta/>", "task/.hidden.xml": "<a/>",
    ])
    #expect(data.format == "cvat" && data.videos.count == 1)
  }

  @Test func `Several files of one format are several videos`() throws {
    let data = try Self.read(["a/first.txt": rows, "a/second.txt": rows + "broken\n"])
    #expect(data.format == "mot")
    #expect(data.videos.map(\.name) == ["first", "second"])
    #expect(data.report.rowCount == 5 && data.report.badRowCount == 1)
    #expect(data.report.notes.contains { $0.contains("2 label files") })
  }

  @Test func `Files of several formats are named, and one can be chosen`() throws {
    let files = ["rows.txt": rows, "x.xml": CVATText.task(CVATText.track("K"))]
    let error = Self.error(files)
    #expect(
      error?.reason
        == "the archive holds labels of several formats: rows.txt (mot), x.xml (cvat);"
        + " name one format after a colon")
    #expect(try Self.read(files, as: "mot").videos.first?.instanceCount == 2)
  }

  @Test func `An archive without labels is said to have none`() {
    let error = Self.error(["a.md": "text", "b.json": "{\"a\": 1}"])
    #expect(
      error?.reason
        == "no file in the archive is of a known label format; unpack it and name the label file")
    #expect(error?.path.hasSuffix("labels.zip") == true)
  }

  @Test func `An error names the file within the archive, and nothing stays behind`() throws {
    let name = "broken-\(UUID().uuidString).xml"
    let error = Self.error([name: "<annotations>\n<meta>\n</track>"])
    #expect(error?.path.hasSuffix("/labels.zip/" + name) == true)
    #expect(error?.line == 3)
    let left = FileManager.default.enumerator(atPath: NSTemporaryDirectory())?.contains {
      ($0 as? String)?.hasSuffix(name) == true
    }
    #expect(left == false)
  }

  @Test func `Labels are written into an archive as CVAT has them`() throws {
    let data = try CVATText.read(CVATText.task(CVATText.track("KXXo")))
    let file = try LabelText("", name: "out.zip")
    defer { file.remove() }
    _ = try LabelFormats.write(data, as: CVATVideo.self, to: file.path)
    let folder = file.folder.path + "/unpacked"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let names = try ZipArchive.unpack(path: file.path, into: folder) { _ in true }
    #expect(names == ["annotations.xml"])
    #expect(try LabelFormats.read(path: file.path).videos.first?.instanceCount == 3)
  }

  @Test func `A format of many files becomes an archive of them`() throws {
    let data = try Self.read(["a/first.txt": rows, "a/second.txt": rows])
    let file = try LabelText("", name: "out.zip")
    defer { file.remove() }
    _ = try LabelFormats.write(data, as: CVATVideo.self, to: file.path)
    #expect(try LabelFormats.read(path: file.path).videos.map(\.instanceCount) == [2, 2])
  }
}
