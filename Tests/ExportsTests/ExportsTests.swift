import Exports
import Foundation
import Quality
import Testing

@Suite struct ExportsTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("exports-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  @Test func theCatalogFindsAnExportByItsId() throws {
    #expect(Exports.all.map { $0.id } == ["csv", "jsonl"])
    #expect(Exports.named("jsonl")?.id == "jsonl")
    #expect(Exports.named("xlsx") == nil)
  }

  @Test func aFileIsReplaced() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("findings.jsonl")
    try Data(repeating: 0x41, count: 100_000).write(to: file)
    let findings = [ReportedFinding](repeating: ExampleFindings.full, count: 500)
    try Exports.write(findings, as: JSONFindings.self, toPath: file.path)
    let line = JSONFindings.object(ExampleFindings.full) + "\n"
    #expect(
      try String(contentsOf: file, encoding: .utf8) == String(repeating: line, count: 500))
  }

  @Test func aPathThatCannotBeWrittenIsRefusedInOneSentence() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = #expect(throws: ExportError.self) {
      try Exports.write([], as: CSVFindings.self, toPath: folder.path)
    }
    #expect(directory?.description == "\(folder.path): this is a directory; name a file in it")
    let missing = folder.appendingPathComponent("nowhere/out.csv").path
    let error = #expect(throws: ExportError.self) {
      try Exports.write([], as: CSVFindings.self, toPath: missing)
    }
    #expect(
      error?.reason
        == "the folder \(folder.path)/nowhere does not exist; create it first")
  }

  // Linux has a device that is always full.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullDiskIsSaidInOneSentence() {
    let error = #expect(throws: ExportError.self) {
      try Exports.write([ExampleFindings.full], as: CSVFindings.self, toPath: "/dev/full")
    }
    #expect(error?.reason == "writing stopped (No space left on device)")
  }
}
