import Foundation
import Testing

/// Everything wrong is one sentence on standard error and status 2; the store stays as it was.
@Suite struct WrongInputTests {
  let program: Program

  init() throws {
    program = try Program()
    try program.copyClip("one-frame.mp4")
    try program.write("1,1,5,5,9,9,1,-1,-1,-1\n", to: "gt.txt")
    try program.write("", to: "empty.txt")
    try program.write("This is no video at all.\n", to: "text.mp4")
    try program.write(
      "<?xml version=\"1.0\"?>\n<annotations>\n  <track id=\"0\" lab", to: "half.xml")
    try program.write(#"{"images":[{"id":1,"file_name":"a.jpg"}],"annot"#, to: "half.json")
    try program.write("frame,id,x\nnone of,these are,numbers\n", to: "letters.txt")
    try program.write("This is no store.\n", to: "text.sqlite")
    try program.write("1,1,5,5,9,9,1,-1,-1,-1\n", to: "x-wal")
    try program.write(String(repeating: "#\n", count: 600_000), to: "large.yml")
    try program.write("rules:\n  track-gap:\n    longest-gap: -1\n", to: "negative.yml")
    try FileManager.default.createDirectory(
      at: program.folder.appendingPathComponent("folder"), withIntermediateDirectories: false)
  }

  @Test(arguments: [
    ("scan missing.mp4", "missing.mp4"),
    ("scan folder", "folder"),
    ("scan empty.txt", "empty.txt"),
    ("scan text.mp4", "text.mp4"),
    ("scan one-frame.mp4 --labels missing.txt", "missing.txt"),
    ("scan one-frame.mp4 --labels folder", "folder"),
    ("scan one-frame.mp4 --labels empty.txt", "empty.txt"),
    ("scan one-frame.mp4 --labels half.xml", "half.xml:3"),
    ("scan one-frame.mp4 --labels half.json", "half.json"),
    ("scan one-frame.mp4 --labels half.json:coco", "half.json"),
    ("scan one-frame.mp4 --labels letters.txt", "letters.txt"),
    ("scan one-frame.mp4 --labels letters.txt:mot", "letters.txt:"),
    ("scan one-frame.mp4 --labels half.xml:mot", "half.xml"),
    ("scan one-frame.mp4 --labels gt.txt:cvat", "gt.txt"),
    ("scan one-frame.mp4 --labels gt.txt:coco", "gt.txt"),
    ("scan one-frame.mp4 --labels one-frame.mp4", "one-frame.mp4"),
    ("scan gt.txt --labels one-frame.mp4", "gt.txt"),
    ("scan one-frame.mp4 --labels gt.txt:unknown", "gt.txt:unknown"),
    ("scan one-frame.mp4 --predictions gt.txt", "NAME=FILE"),
    ("scan one-frame.mp4 one-frame.mp4", "given twice"),
    ("scan one-frame.mp4 --store missing/s.sqlite", "missing"),
    ("scan one-frame.mp4 --store folder", "folder"),
    ("scan one-frame.mp4 --store text.sqlite", "text.sqlite"),
    ("scan one-frame.mp4 --fail-on always", "always"),
    ("scan one-frame.mp4 --format xml", "xml"),
    ("scan one-frame.mp4 --fps fast", "fast"),
    ("scan one-frame.mp4 --rules frozen-frame", "frozen-frames"),
    ("scan one-frame.mp4 --rules=", "--rules"),
    ("scan one-frame.mp4 --rules ,", "--rules has an empty name"),
    ("scan one-frame.mp4 --rules frozen-frames,", "--rules has an empty name"),
    ("scan one-frame.mp4 --fps -3", "not -3"),
    ("scan one-frame.mp4 --fps --verbose", "--fps"),
    ("scan gt.txt", "give labels with --labels"),
    ("scan one-frame.mp4 --store one-frame.mp4", "one-frame.mp4"),
    ("scan one-frame.mp4 --labels gt.txt --store ./folder/../gt.txt", "cannot be the store"),
    ("scan one-frame.mp4 --labels x-wal:mot --store x", "cannot be the store"),
    ("scan one-frame.mp4 --config empty.txt --store empty.txt", "cannot be the store"),
    ("scan one-frame.mp4 --config missing.yml", "missing.yml"),
    ("scan one-frame.mp4 --config large.yml", "more than 1 MiB"),
    ("scan one-frame.mp4 --config negative.yml", "negative.yml:3"),
    ("scan one-frame.mp4 --config gt.txt", "gt.txt"),
    ("scan", "nothing to scan"),
    ("scan --unknown", "--unknown"),
    ("probe", "<video>"),
    ("probe missing.mp4", "missing.mp4"),
    ("findings --store missing.sqlite", "missing.sqlite"),
    ("findings --store text.sqlite", "text.sqlite"),
    ("findings --store folder", "folder"),
    ("export --format csv", "--output"),
    ("export --format unknown --output -", "unknown"),
    ("rules track", "track"),
    ("metrics luma", "luma"),
    ("unknown", "unknown"),
  ])
  func `A wrong call or input is one sentence and status 2`(call: String, word: String) throws {
    let result = try program.run(call)
    #expect(result.status == 2)
    #expect(result.output == "")
    #expect(result.errors.hasPrefix("error: "))
    #expect(result.errors.hasSuffix(".\n"))
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(result.errors.contains(word))
    let store = program.folder.appendingPathComponent("continuity.sqlite")
    #expect(!FileManager.default.fileExists(atPath: store.path))
  }

  @Test func `A question ends a message as it is`() throws {
    let result = try program.run("scan one-frame.mp4 --label gt.txt")
    #expect(result.status == 2)
    #expect(result.errors.hasSuffix("Did you mean '--labels'?\n"))
  }

  @Test func `Unknown rules are told the order of the catalog`() throws {
    let scan = try program.run("scan one-frame.mp4 --rules unknown").errors
    #expect(try program.run("rules unknown").errors == scan)
  }

  // Root may write everywhere, so only an ordinary user can try this one.
  @Test(.enabled(if: getuid() != 0))
  func `A folder that may not be written is refused`() throws {
    let folder = program.folder.appendingPathComponent("folder").path
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
    let result = try program.run("scan one-frame.mp4 --store folder/s.sqlite")
    #expect(result.status == 2)
    #expect(result.errors.contains("folder/s.sqlite"))
  }

  @Test func `A label file with control characters cannot write to the terminal`() throws {
    try program.write("1,a\u{1B}[31mb,5,5,9,9,1,-1,-1,-1\n5,a\u{1B}[31mb,5,5,9,9,1\n", to: "c.txt")
    let result = try program.run("scan one-frame.mp4 --labels c.txt:mot")
    #expect(!result.output.contains("\u{1B}"))
    #expect(!result.errors.contains("\u{1B}"))
  }
}
