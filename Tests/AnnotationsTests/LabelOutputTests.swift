import Foundation
import Testing

@testable import Annotations

/// Files and folders that appear when they are whole.
@Suite final class LabelOutputTests {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "label-output-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func path(_ name: String) -> String { folder + "/" + name }

  private func put(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
  }

  private func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Everything in the folder, hidden names too.
  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  private func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
  }

  private func setMode(_ mode: Int, _ name: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
  }

  private func write(_ name: String, _ text: String = "new") throws {
    let output = try TextOutput(path: path(name))
    try output.write(text)
    try output.finish()
  }

  private func refusal(_ body: () throws -> Void) -> String? {
    #expect(throws: LabelError.self, performing: body)?.reason
  }

  // MARK: Files

  @Test func `A file appears whole and alone`() throws {
    let output = try TextOutput(path: path("out.txt"))
    let half = String(repeating: "x", count: 400_000)
    try output.write(half)
    #expect(text("out.txt") == nil)
    #expect(names.count == 1)
    #expect(names.allSatisfy { $0.hasPrefix(".continuity-part-") })
    try output.write(Data("end".utf8))
    try output.finish()
    #expect(text("out.txt") == half + "end")
    #expect(names == ["out.txt"])
  }

  @Test func `A file that is not finished leaves the old one and nothing else`() throws {
    try put("old", "out.txt")
    do {
      let output = try TextOutput(path: path("out.txt"))
      try output.write(String(repeating: "x", count: 400_000))
    }
    #expect(text("out.txt") == "old")
    #expect(names == ["out.txt"])
  }

  @Test func `A new file has the permissions that others of the user have`() throws {
    try write("out.txt")
    let mask = umask(0)
    _ = umask(mask)
    #expect(try mode("out.txt") == Int(0o666 & ~mask))
  }

  @Test(arguments: [0o600, 0o640, 0o666])
  func `A replaced file keeps its permissions`(permissions: Int) throws {
    try put("old", "out.txt")
    try setMode(permissions, "out.txt")
    try write("out.txt")
    #expect(text("out.txt") == "new")
    #expect(try mode("out.txt") == permissions)
  }

  @Test func `A link stays, and what it names is replaced`() throws {
    try FileManager.default.createDirectory(
      atPath: path("other"), withIntermediateDirectories: false)
    try put("old", "other/real.txt")
    try FileManager.default.createSymbolicLink(
      atPath: path("out.txt"), withDestinationPath: "other/real.txt")
    try write("out.txt")
    #expect(text("other/real.txt") == "new")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: path("out.txt"))
        == "other/real.txt")
    #expect(names == ["other", "out.txt"])
  }

  @Test func `A name as long as the disk takes can be written`() throws {
    let name = String(repeating: "n", count: 251) + ".txt"
    try write(name)
    #expect(names == [name])
  }

  @Test func `What cannot be written is one sentence`() throws {
    try put("a file", "file")
    #expect(mkfifo(path("pipe"), 0o600) == 0)
    #expect(refusal { try write("") } == "this is a directory; name a file in it")
    #expect(refusal { try write("pipe") } == "this is no ordinary file; name another path")
    #expect(
      refusal { _ = try TextOutput(path: "/dev/null") }
        == "this is no ordinary file; name another path")
    #expect(refusal { try write("new/") } == "this names a folder; name a file")
    #expect(
      refusal { try write("missing/out.txt") }
        == "the folder \(folder)/missing does not exist; create it first")
    #expect(
      refusal { try write("file/out.txt") }
        == "the file cannot be written; check the permissions of its folder")
    #expect(names == ["file", "pipe"])
  }

  // Root may write everywhere, so only an ordinary user can try this one.
  @Test(.enabled(if: getuid() != 0))
  func `A file that may not be written is not replaced`() throws {
    try put("old", "out.txt")
    try setMode(0o444, "out.txt")
    #expect(
      refusal { try write("out.txt") }
        == "the file may not be written; check its permissions or name another")
    #expect(text("out.txt") == "old")
  }

  // Linux's device that is always full stands for a full disk.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func `A full disk is said`() throws {
    let output = try TextOutput(path: path("out.txt"))
    let part = try #require(names.first)
    let full = open("/dev/full", O_WRONLY)
    defer { close(full) }
    // The descriptor of the part is the one whose file is in the folder.
    let descriptor = try #require(
      (3..<1024).first { number in
        var (one, other) = (stat(), stat())
        return fstat(Int32(number), &one) == 0 && stat(path(part), &other) == 0
          && one.st_ino == other.st_ino && one.st_dev == other.st_dev
      })
    dup2(full, Int32(descriptor))
    #expect(
      refusal { try output.write(String(repeating: "x", count: 400_000)) }
        == "writing stopped (No space left on device); free space or name another path")
  }

  // MARK: Folders

  @Test func `A folder appears whole and alone`() throws {
    let output = try FolderOutput(path: path("out"))
    try output.write("1", to: "a.txt")
    try output.write(Data("2".utf8), to: "deep/er/b.txt")
    #expect(text("out/a.txt") == nil)
    try output.finish()
    #expect(text("out/a.txt") == "1")
    #expect(text("out/deep/er/b.txt") == "2")
    #expect(names == ["out"])
    let entries = try FileManager.default.contentsOfDirectory(atPath: path("out"))
    #expect(entries.sorted() == ["a.txt", "deep"])
  }

  @Test func `A folder that is not finished leaves nothing`() throws {
    do {
      let output = try FolderOutput(path: path("out"))
      try output.write("1", to: "deep/a.txt")
    }
    #expect(names == [])
  }

  @Test(arguments: ["out", "out/", "out//"])
  func `An empty folder is replaced and keeps its permissions`(name: String) throws {
    try FileManager.default.createDirectory(
      atPath: path("out"), withIntermediateDirectories: false)
    try setMode(0o750, "out")
    let output = try FolderOutput(path: path(name))
    try output.write("1", to: "a.txt")
    try output.finish()
    #expect(text("out/a.txt") == "1")
    #expect(try mode("out") == 0o750)
    #expect(names == ["out"])
  }

  @Test func `An empty folder behind a link is filled`() throws {
    try FileManager.default.createDirectory(
      atPath: path("real"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: path("out"), withDestinationPath: "real")
    let output = try FolderOutput(path: path("out"))
    try output.write("1", to: "a.txt")
    try output.finish()
    #expect(text("real/a.txt") == "1")
    #expect(names == ["out", "real"])
  }

  @Test func `A folder that cannot be made is one sentence`() throws {
    try put("a file", "file")
    #expect(
      refusal { _ = try FolderOutput(path: path("file")) }
        == "this is a file, but the format is a folder; name another path")
    #expect(
      refusal { _ = try FolderOutput(path: folder) }
        == "the folder is not empty; name one that is, or a new one")
    #expect(
      refusal { _ = try FolderOutput(path: path("missing/out")) }
        == "the folder cannot be made; check that its parent exists and may be written")
    #expect(names == ["file"])
  }

  @Test func `A folder that was filled meanwhile is left alone`() throws {
    let output = try FolderOutput(path: path("out"))
    try output.write("1", to: "a.txt")
    try FileManager.default.createDirectory(
      atPath: path("out"), withIntermediateDirectories: false)
    try put("mine", "out/b.txt")
    #expect(
      refusal { try output.finish() }
        == "the folder cannot be put in its place (Directory not empty)")
    #expect(text("out/b.txt") == "mine")
  }

  @Test(
    arguments: [
      "../out.txt", "..", ".", "a/../../b", "/etc/out.txt", "a//b", "", "a/./b", "a\u{0}b", "a/",
    ])
  func `No name leads out of the folder`(name: String) throws {
    let output = try FolderOutput(path: path("out"))
    #expect(
      refusal { try output.write("1", to: name) }
        == "a name in the labels would be the file \(name), which no folder can hold")
    try output.finish()
    #expect(names == ["out"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: path("out")) == [])
  }

  @Test func `Two files of one name are no loss without a word`() throws {
    let output = try FolderOutput(path: path("out"))
    try output.write("1", to: "a.txt")
    #expect(
      refusal { try output.write("2", to: "a.txt") }
        == "two parts of the labels would be the same file, a.txt")
  }

  @Test func `Errors speak of the folder to be`() throws {
    let output = try FolderOutput(path: path("out"))
    try output.write("1", to: "a")
    let error = #expect(throws: LabelError.self) {
      try output.inPlace { () throws(LabelError) in
        _ = try TextOutput(path: output.temporary + "/missing/b.txt")
      }
    }
    #expect(error?.path == path("out/missing/b.txt"))
  }
}
