import Foundation
import ReviewStore
import Testing

/// What happens to a store between scans: nothing overwrites it, nothing replaces silently.
@Suite struct StoreCommandTests {
  let program: Program

  init() throws { program = try Program() }

  private func path(_ name: String) -> String { program.folder.appendingPathComponent(name).path }

  private func makeFolders(_ names: String...) throws {
    for name in names {
      try FileManager.default.createDirectory(
        atPath: path(name), withIntermediateDirectories: false)
    }
  }

  private func copy(_ clip: String, to name: String) throws {
    try program.copyClip(clip)
    try FileManager.default.moveItem(atPath: path(clip), toPath: path(name))
  }

  @Test(arguments: [
    "s.sqlite", "./s.sqlite", "folder/../s.sqlite", "linked/s.sqlite", "link.sqlite", "hard.sqlite",
    "s.sqlite-wal", "linked/s.sqlite-shm", "wal",
  ])
  func `An export never writes over the store it reads`(output: String) throws {
    try program.copyClip("one-frame.mp4")
    try makeFolders("folder")
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: path("linked"), withDestinationPath: ".")
    try manager.createSymbolicLink(atPath: path("link.sqlite"), withDestinationPath: "s.sqlite")
    try manager.createSymbolicLink(atPath: path("wal"), withDestinationPath: "s.sqlite-wal")
    #expect(try program.run("scan one-frame.mp4 --store s.sqlite").status == 0)
    try manager.linkItem(atPath: path("s.sqlite"), toPath: path("hard.sqlite"))
    let before = try Data(contentsOf: URL(fileURLWithPath: path("s.sqlite")))
    for store in ["s.sqlite", "link.sqlite"] {
      let result = try program.run("export --store \(store) --format csv --output \(output)")
      #expect(result.status == 2)
      #expect(
        result.errors == "error: \(output) is the store that is read, so it cannot be the output;"
          + " name another file.\n")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path("s.sqlite"))) == before)
    #expect(try program.run("findings --store s.sqlite").status == 0)
  }

  // 50 frames and 1 frame, as ffprobe counts them.
  @Test func `Two videos of one file name keep apart in one store, scan after scan`() throws {
    try makeFolders("d1", "d2")
    try copy("cfr-bframes.mp4", to: "d1/clip.mp4")
    try copy("one-frame.mp4", to: "d2/clip.mp4")
    let first = try program.run("scan d1/clip.mp4")
    let second = try program.run("scan d2/clip.mp4")
    #expect(first.output.hasPrefix("clip.mp4 (50 frames"))
    #expect(second.output.hasPrefix("d2/clip.mp4 (1 frame,"))
    #expect(
      second.errors
        == "note: the store holds another clip.mp4, so d2/clip.mp4 is called d2/clip.mp4 in it.\n")
    #expect(try program.run("scan d1/../d1/clip.mp4").output == first.output)
    #expect(try program.run("scan \(path("d2/clip.mp4"))").output == second.output)
    let both = try program.run("scan d2/clip.mp4 d1/clip.mp4").output
    #expect(both.contains("clip.mp4 (50 frames"))
    let store = try ReviewStore.openExisting(path: path("continuity.sqlite"))
    #expect(try store.videos().map(\.info.name) == ["clip.mp4", "d2/clip.mp4"])
    #expect(try store.videos().map(\.frameCount) == [50, 1])
    #expect(
      try store.videos().map(\.info.path) == [path("d1/clip.mp4"), path("d2/clip.mp4")])
  }

  @Test func `A video that was moved takes the place it had`() throws {
    try makeFolders("d1", "d2")
    try copy("cfr-bframes.mp4", to: "d1/clip.mp4")
    let first = try program.run("scan d1/clip.mp4")
    try FileManager.default.moveItem(atPath: path("d1/clip.mp4"), toPath: path("d2/clip.mp4"))
    #expect(try program.run("scan d2/clip.mp4") == first)
    let store = try ReviewStore.openExisting(path: path("continuity.sqlite"))
    #expect(try store.videos().map(\.info.name) == ["clip.mp4"])
  }

  @Test(arguments: ["findings", "findings --json", "export --format csv --output -"])
  func `A scan that was not finished is told, and the next one mends it`(call: String) throws {
    try program.copyClip("one-frame.mp4")
    let store = try ReviewStore.open(path: path("continuity.sqlite"))
    _ = try store.beginRun(
      RunInfo(
        toolVersion: "1", inputs: [.init(path: "one-frame.mp4", size: 1, sha256: nil)]))
    try store.close()
    let result = try program.run(call)
    #expect(result.status == 0)
    #expect(result.errors.hasPrefix("note: the scan of one-frame.mp4 begun at 20"))
    #expect(result.errors.hasSuffix("Z was not finished; scan again for complete findings.\n"))
    #expect(try program.run("scan one-frame.mp4").status == 0)
    #expect(try program.run(call).errors == "")
  }
}
