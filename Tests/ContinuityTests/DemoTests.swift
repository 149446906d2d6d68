import Foundation
import Testing

/// Runs the built program over the demo and compares what it finds with what was put in.
///
/// The expected findings come from `Fixtures/demo.errors.json`, which the tool that drew the scene
/// and damaged its labels wrote beside them.
struct DemoTests {
  /// What was put into the labels, and what must be excused.
  struct Known: Decodable {
    let frameCount: Int
    let findings: [Expected]
  }

  /// One entry of `demo.errors.json`.
  struct Expected: Decodable, CustomStringConvertible {
    let rule: String
    let file: String?
    let track: String?
    let otherTracks: [String]
    let startFrame: Int
    let endFrame: Int
    let level: String
    let cause: String
    let also: [String]
    let note: String

    var description: String { "\(rule) \(track ?? "-") \(startFrame)..<\(endFrame): \(note)" }

    /// Whether `found` is about the same tracks; an entry without track is about all of them.
    func sharesTrack(with found: Found) -> Bool {
      guard let track else { return true }
      return !found.tracks.isDisjoint(with: [track] + otherTracks)
    }

    func overlaps(_ found: Found) -> Bool {
      startFrame < found.endFrame && found.startFrame < endFrame
    }

    /// Whether `found` reports this entry: holes to the frame, other ranges by an overlap.
    func isReported(by found: Found) -> Bool {
      guard rule == found.rule, sharesTrack(with: found) else { return false }
      let isHole = ["track-gap", "broken-track", "object-count-drop"].contains(rule)
      return isHole && level != "note"
        ? startFrame == found.startFrame && endFrame == found.endFrame : overlaps(found)
    }

    /// Whether `found` may stand beside the report of this entry, seen by another rule.
    func explains(_ found: Found) -> Bool {
      isReported(by: found)
        || also.contains(found.rule) && sharesTrack(with: found) && overlaps(found)
    }
  }

  /// One line of `continuity export --format jsonl`.
  struct Found: Decodable, CustomStringConvertible {
    let rule: String
    let level: String
    let track: String?
    let otherTracks: [String]?
    let startFrame: Int
    let endFrame: Int
    let cause: String
    let reason: String

    var tracks: Set<String> { Set((otherTracks ?? []) + (track.map { [$0] } ?? [])) }
    var description: String { "\(level) \(rule) \(startFrame)..<\(endFrame): \(reason)" }
  }

  /// One run of the program.
  struct Output {
    let status: Int32
    let text: String
  }

  static let labelFiles = ["demo.cvat.xml", "demo.mot.txt"]

  @Test("Every error put into the labels is found on its track", arguments: labelFiles)
  func findsEveryError(file: String) throws {
    let found = try Self.findings(Self.scan(file))
    for expected in try Self.known().findings where expected.level != "note" {
      guard expected.file == file || expected.file == nil else { continue }
      #expect(
        found.contains { expected.isReported(by: $0) && $0.level == expected.level },
        "\(expected)")
    }
  }

  @Test("Nothing is an error but what was put into the labels", arguments: labelFiles)
  func findsNothingElse(file: String) throws {
    let errors = try Self.known().findings.filter { $0.file == file && $0.level != "note" }
    for found in try Self.findings(Self.scan(file)) where found.level == "error" {
      #expect(errors.contains { $0.explains(found) }, "\(found)")
    }
  }

  @Test("A harmless gap is a note with its cause", arguments: labelFiles)
  func excusesHarmlessGaps(file: String) throws {
    let found = try Self.findings(Self.scan(file))
    for expected in try Self.known().findings where expected.level == "note" {
      guard expected.file == file else { continue }
      let reports = found.filter { expected.isReported(by: $0) }
      #expect(!reports.isEmpty, "\(expected)")
      for report in reports {
        #expect(report.level == "note" && report.cause == expected.cause, "\(report)")
      }
    }
  }

  @Test("Errors give the exit status 1, and a second scan the same findings")
  func repeats() throws {
    let (first, second) = (try Self.scan("demo.cvat.xml"), try Self.scan("demo.cvat.xml"))
    #expect(first.status == 1)
    #expect(!first.text.isEmpty && first.text == second.text)
  }

  @Test("The video has as many frames as the scene that was drawn")
  func countsFrames() throws {
    let output = try Self.run(["probe", Self.path("demo.mp4"), "--json"])
    let probe = try JSONSerialization.jsonObject(with: Data(output.text.utf8)) as? [String: Any]
    #expect(output.status == 0)
    #expect(try probe?["frame_count"] as? Int == Self.known().frameCount)
  }

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func path(_ name: String) -> String {
    root.appendingPathComponent("Fixtures").appendingPathComponent(name).path
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  private static func known() throws -> Known {
    let data = try Data(contentsOf: URL(fileURLWithPath: path("demo.errors.json")))
    return try decoder.decode(Known.self, from: data)
  }

  private static func findings(_ output: Output) throws -> [Found] {
    try output.text.split(separator: "\n").map { line in
      try decoder.decode(Found.self, from: Data(line.utf8))
    }
  }

  /// Scans the demo with `labels` into a store of its own.
  ///
  /// Returns the status of the scan with the findings as JSON lines.
  private static func scan(_ labels: String) throws -> Output {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("continuity-demo-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = folder.appendingPathComponent("demo.sqlite").path
    let scan = try run(["scan", path("demo.mp4"), "--labels", path(labels), "--store", store])
    let export = try run(["export", "--format", "jsonl", "--output", "-", "--store", store])
    return Output(status: scan.status, text: export.text)
  }

  /// Runs the program that was built beside these tests.
  private static func run(_ arguments: [String]) throws -> Output {
    let program = try #require(Self.program, "the program lies beside the tests")
    let process = Process()
    let output = Pipe()
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Output(
      status: process.terminationStatus, text: String(decoding: data, as: UTF8.self))
  }

  // The tests are a bundle on macOS and a program elsewhere; both lie in the folder of the products.
  private static var program: URL? {
    let bundles = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
    let places = bundles + [URL(fileURLWithPath: CommandLine.arguments[0])]
    return places.map { $0.deletingLastPathComponent().appendingPathComponent("continuity") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
