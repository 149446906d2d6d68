import Archives
import Foundation
import Testing

@Suite("Zip archives")
struct ZipArchiveTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private func unpack(
    _ entries: [ZipText.Entry], limits: ZipArchive.Limits = ZipArchive.Limits(),
    wanted: (String) -> Bool = { _ in true }
  ) throws -> [String] {
    try unpack(ZipText.archive(entries), limits: limits, wanted: wanted)
  }

  private func unpack(
    _ archive: Data, limits: ZipArchive.Limits = ZipArchive.Limits(),
    wanted: (String) -> Bool = { _ in true }
  ) throws -> [String] {
    try ZipArchive.unpack(
      path: folder.write("a.zip", archive), into: folder.folder("out"), limits: limits,
      wanted: wanted)
  }

  /// The error without the path of the test's folder.
  private func failure(_ body: () throws -> [String]) -> ArchiveError? {
    do {
      _ = try body()
      return nil
    } catch {
      var error = error as? ArchiveError
      error?.path = ""
      return error
    }
  }

  @Test func isKnownByItsFirstBytes() {
    #expect(ZipArchive.isZip(head: ZipText.archive([.init(name: "a")])))
    #expect(ZipArchive.isZip(head: ZipText.archive([])))
    #expect(!ZipArchive.isZip(head: Data("PK is not enough".utf8)))
    #expect(!ZipArchive.isZip(head: Data()))
  }

  @Test func unpacksOnlyWhatIsWanted() throws {
    let names = try unpack([
      .init(name: "b/annotations.xml", content: "<b/>"), .init(name: "./a.xml", content: "<a/>"),
      .init(name: "image.png"), .init(name: "empty/", content: "", mode: 0o40755),
    ]) { $0.hasSuffix(".xml") }
    #expect(names == ["a.xml", "b/annotations.xml"])
    #expect(try folder.files(below: "out") == ["a.xml", "b", "b/annotations.xml"])
    #expect(try folder.text("out/b/annotations.xml") == "<b/>")
  }

  @Test func readsNamesBeyondASCII() throws {
    #expect(try unpack([.init(name: "Straße/物体.xml")]) == ["Straße/物体.xml"])
  }

  /// Old tools of Windows do; libarchive takes them for what they mean.
  @Test func readsBackslashesBetweenFolders() throws {
    #expect(try unpack([.init(name: "a\\b.xml")]) == ["a/b.xml"])
  }

  @Test(
    "Names that lead out are refused, wanted or not",
    arguments: [
      "../evil", "a/../../evil", "a/..", "/etc/evil", "C:/evil", "C:\\evil", "..\\evil",
      "b/..\\evil",
      "a\nb", String(repeating: "d/", count: 70) + "x",
    ])
  func namesThatLeadOut(name: String) throws {
    let error = failure { try unpack([.init(name: name)]) { _ in false } }
    #expect(error?.code == .unsafeName)
    #expect(error?.reason.hasPrefix("the archive holds a name that leads out of it") == true)
    #expect(try folder.files(below: "out").isEmpty)
  }

  @Test func linksAreRefused() {
    let error = failure {
      try unpack([.init(name: "link", content: "/etc/passwd", mode: 0o120777)])
    }
    #expect(
      error
        == ArchiveError(
          .unsafeName,
          "the archive holds a link or device ('link'), which no label tool writes; unpack it "
            + "yourself and name a label file in it"))
  }

  @Test func aNameThatStandsTwiceIsRefused() {
    let error = failure { try unpack([.init(name: "a.xml"), .init(name: "./a.xml")]) }
    #expect(
      error
        == ArchiveError(
          .unsafeName,
          "the archive holds 'a.xml' twice; unpack it yourself and name a label file in it"))
  }

  @Test func aFileThatIsAFolderTooCannotBeUnpacked() {
    let error = failure { try unpack([.init(name: "a"), .init(name: "a/b")]) }
    #expect(
      error
        == ArchiveError(
          .unwritable, "'a/b' cannot be unpacked; check the room for temporary files"))
  }

  @Test func aPasswordIsNamedOnlyWhereTheEntryIsWanted() throws {
    let entries = [ZipText.Entry(name: "a.xml"), .init(name: "b.png", flags: 1 << 11 | 1)]
    #expect(try unpack(entries) { $0 == "a.xml" } == ["a.xml"])
    let error = failure { try unpack(entries) { $0 == "b.png" } }
    #expect(
      error
        == ArchiveError(
          .encrypted,
          "the archive needs a password; unpack it yourself and name a label file in it"))
  }

  @Test("An archive that is cut off is an error", arguments: [4, 5, 30, 60, 90, 110, 130])
  func cutOff(length: Int) {
    let whole = ZipText.archive([.init(name: "a.xml"), .init(name: "b.xml")])
    let error = failure { try unpack(whole.prefix(length)) }
    #expect(
      error
        == ArchiveError(
          .damaged, "the zip archive is damaged or cut off; copy it again or export it again"))
  }

  @Test func aWrongChecksumIsDamage() {
    #expect(failure { try unpack([.init(name: "a.xml", checksum: 1)]) }?.code == .damaged)
  }

  @Test func moreEntriesThanAllowedAreRefused() {
    let error = failure {
      try unpack(
        [.init(name: "a"), .init(name: "b"), .init(name: "c")], limits: .init(entryCount: 2))
    }
    #expect(
      error
        == ArchiveError(
          .tooLarge,
          "the archive holds more than 2 files; unpack it yourself and name a label file in it"))
  }

  @Test func whatGrowsBeyondItsSizeIsRefused() throws {
    let plain = try folder.write("zeros", Data(count: 80 << 20))
    let bomb = folder.path + "/bomb.zip"
    try ZipArchive.write([.init(name: "zeros", path: plain)], to: bomb)
    let error = failure {
      try ZipArchive.unpack(path: bomb, into: folder.folder("out")) { _ in true }
    }
    #expect(
      error
        == ArchiveError(
          .tooLarge,
          "the archive unpacks to more than 64 MiB, far more than its size explains; unpack it "
            + "yourself if you trust it, and name a label file in it"))
  }

  @Test func aMissingArchiveIsNamed() {
    #expect(
      throws: ArchiveError(
        .unreadable, path: "/no/such.zip", "the archive cannot be read; check path and permissions")
    ) { try ZipArchive.unpack(path: "/no/such.zip", into: folder.path) { _ in true } }
  }

  @Test func writesWhatItReadsAndTheSameBytes() throws {
    let files = [
      ZipArchive.File(name: "images/名.txt", path: try folder.write("x", Data("two".utf8))),
      ZipArchive.File(name: "annotations.xml", path: try folder.write("y", Data("<a/>".utf8))),
      ZipArchive.File(name: "empty", path: try folder.write("z", Data())),
    ]
    let (first, second) = (folder.path + "/1.zip", folder.path + "/2.zip")
    try ZipArchive.write(files, to: first)
    try ZipArchive.write(files.reversed(), to: second)
    #expect(
      FileManager.default.contents(atPath: first) == FileManager.default.contents(atPath: second))
    let names = try ZipArchive.unpack(path: first, into: folder.folder("out")) { _ in true }
    #expect(names == ["annotations.xml", "empty", "images/名.txt"])
    #expect(try folder.text("out/images/名.txt") == "two")
  }

  @Test func aFailedWriteLeavesWhatWasThere() throws {
    let path = try folder.write("1.zip", Data("before".utf8))
    #expect(throws: ArchiveError.self) {
      try ZipArchive.write([.init(name: "a", path: "/no/such/file")], to: path)
    }
    #expect(try folder.text("1.zip") == "before")
    #expect(try folder.files(below: ".") == ["1.zip"])
  }
}
