import Foundation
import Testing

@testable import Annotations

@Suite final class LabelFolderTests {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "label-folder-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func put(_ names: String...) throws {
    for name in names {
      let file = URL(fileURLWithPath: folder).appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(name.utf8).write(to: file)
    }
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/" + name, withDestinationPath: target)
  }

  private func list(_ path: String? = nil) throws -> [String] {
    try #require(LabelFolder(path: path ?? folder)).files
  }

  @Test func `Files are listed by their path in the folder, sorted`() throws {
    try put("b.txt", "a/2.png", "a/10.png", "c/d/e.json", "a.txt")
    let folder = try #require(LabelFolder(path: folder))
    #expect(folder.files == ["a.txt", "a/10.png", "a/2.png", "b.txt", "c/d/e.json"])
    #expect(!folder.isCut)
    #expect(folder.files.allSatisfy { folder.contains($0) })
    for name in ["a", "a/", "b", "", "z", "c/d/f.json"] { #expect(!folder.contains(name)) }
    #expect(folder.files(extensions: ["png", "txt"]).count == 4)
    #expect(folder.head(of: "c/d/e.json") == Data("c/d/e.json".utf8))
    #expect(folder.head(of: "missing") == Data())
  }

  @Test func `A slash at the end changes nothing`() throws {
    try put("a/b.txt")
    let folder = try #require(LabelFolder(path: folder + "/"))
    #expect(folder.files == ["a/b.txt"])
    #expect(folder.path(of: "a/b.txt") == self.folder + "/a/b.txt")
  }

  @Test func `Hidden files and what is in hidden folders stay out`() throws {
    try put(".hidden", ".git/config", "a/.DS_Store", "a/b.txt")
    #expect(try list() == ["a/b.txt"])
  }

  @Test func `A file and what is not there are no folders`() throws {
    try put("a.txt")
    #expect(LabelFolder(path: folder + "/a.txt") == nil)
    #expect(LabelFolder(path: folder + "/missing") == nil)
    #expect(LabelFolder(path: "") == nil)
  }

  @Test func `Links are followed, and a loop of them ends`() throws {
    try put("real/a.txt", "other/b.txt")
    try link("linked.txt", to: "real/a.txt")
    try link("nothing.txt", to: "missing")
    try link("real/up", to: "..")
    try link("real/self", to: ".")
    try link("other/real", to: "../real")
    #expect(try list() == ["linked.txt", "other/b.txt", "real/a.txt"])
    // A link that leads elsewhere is as good as a folder.
    try link("train", to: folder + "/other")
    #expect(try list(folder + "/train") == ["b.txt", "real/a.txt", "real/up/linked.txt"])
  }

  @Test func `Pipes are no label files`() throws {
    try put("a.txt")
    #expect(mkfifo(folder + "/pipe", 0o600) == 0)
    #expect(try list() == ["a.txt"])
  }

  @Test func `Only so many levels are looked into`() throws {
    try put("1/2/3/4/5/deep.txt", "1/2/3/4/5/6/deeper.txt", "top.txt")
    #expect(try list() == ["1/2/3/4/5/deep.txt", "top.txt"])
  }

  @Test func `A folder of too many files is cut off and says so`() throws {
    try put("a", "b", "c", "d")
    let cut = try #require(LabelFolder(path: folder, maximumCount: 3))
    #expect(cut.files.count == 3)
    #expect(cut.isCut)
    let whole = try #require(LabelFolder(path: folder, maximumCount: 4))
    #expect(whole.files.count == 4)
    #expect(!whole.isCut)
  }

  @Test func `Names of any bytes are listed`() throws {
    try put("größe, \"a\".txt", "tab\t\n.txt")
    #expect(try list() == ["größe, \"a\".txt", "tab\t\n.txt"])
  }
}
