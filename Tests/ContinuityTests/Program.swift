import Foundation

/// The built program, run in a temporary folder of its own.
final class Program {
  /// What one run printed and how it ended.
  struct Result: Equatable {
    var status: Int32
    var output: String
    var errors: String
  }

  let folder: URL

  init() throws {
    folder = URL(fileURLWithPath: NSTemporaryDirectory())
      .appendingPathComponent("continuity-cli-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The program stands beside the test bundle that SwiftPM built.
  static let executable: URL = {
    let bundles = Bundle.allBundles.filter { $0.bundlePath.hasSuffix(".xctest") }.map(\.bundleURL)
    let beside = bundles.first ?? Bundle.main.executableURL ?? URL(fileURLWithPath: "/")
    return beside.deletingLastPathComponent().appendingPathComponent("continuity")
  }()

  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Fixtures").standardized

  /// Writes a text file into the folder; folders in `name` are created.
  func write(_ text: String, to name: String) throws {
    let file = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Copies a clip of the fixtures into the folder.
  func copyClip(_ name: String) throws {
    try FileManager.default.copyItem(
      at: Program.fixtures.appendingPathComponent("clips/\(name)"),
      to: folder.appendingPathComponent(name))
  }

  /// Runs another program in the folder, which must succeed.
  func execute(_ command: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command.split(separator: " ").map(String.init)
    process.currentDirectoryURL = folder
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }

  /// Starts `continuity`, whose output goes nowhere, and does not wait for its end.
  func start(_ arguments: String) throws -> Process {
    let process = Process()
    process.executableURL = Program.executable
    process.arguments = arguments.split(separator: " ").map(String.init)
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs `continuity` with arguments separated by spaces, and waits for its end.
  func run(_ arguments: String) throws -> Result {
    let process = Process()
    process.executableURL = Program.executable
    process.arguments = arguments.split(separator: " ").map(String.init)
    process.currentDirectoryURL = folder
    let files = try ["out", "err"].map { name in
      let file = folder.appendingPathComponent(".\(name)")
      _ = FileManager.default.createFile(atPath: file.path, contents: nil)
      return (file: file, handle: try FileHandle(forWritingTo: file))
    }
    process.standardOutput = files[0].handle
    process.standardError = files[1].handle
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { String(decoding: try Data(contentsOf: $0.file), as: UTF8.self) }
    return Result(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }
}
