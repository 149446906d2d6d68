import Annotations
import Foundation
import Testing

/// `continuity convert` through the real program.
@Suite struct ConvertCommandTests {
  let program: Program

  /// Two tracks, three instances, a range, and a score.
  static let lines = """
    {"type":"header","format":"continuity","version":1}
    {"type":"video","video":0,"name":"clip.mp4","width":64,"height":48,"frame_rate":25}
    {"type":"category","video":0,"name":"fly"}
    {"type":"range","video":0,"start":1,"end":4,"name":"run"}
    {"type":"track","video":0,"id":"1","class":"fly"}
    {"type":"instance","video":0,"track":"1","frame":0,"shape":{"box":[1,2,3,4]},"confidence":0.5}
    {"type":"instance","video":0,"track":"1","frame":1,"shape":{"box":[1,2,3,4]}}
    {"type":"track","video":0,"id":"2","class":"fly"}
    {"type":"instance","video":0,"track":"2","frame":1,"shape":{"box":[5,6,7,8]}}

    """

  init() throws {
    program = try Program()
    try program.write(Self.lines, to: "in.jsonl")
  }

  private func path(_ name: String) -> String { program.folder.appendingPathComponent(name).path }

  private func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The names in the folder, without what the program printed.
  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
      .filter { ![".out", ".err"].contains($0) }.sorted()
  }

  @Test func `Labels are written in the format that the name tells`() throws {
    let result = try program.run("convert in.jsonl out.jsonl")
    #expect(result.status == 0)
    #expect(result.output == "")
    #expect(
      result.errors
        == "note: out.jsonl: 3 instances of 2 tracks in 1 video, from jsonl to jsonl.\n")
    #expect(try program.run("convert out.jsonl again.jsonl:jsonl").status == 0)
    #expect(text("again.jsonl") == text("out.jsonl"))
    #expect(try names() == ["again.jsonl", "in.jsonl", "out.jsonl"])
  }

  @Test func `The result is printed as JSON`() throws {
    let result = try program.run("convert in.jsonl out.jsonl --json")
    #expect(
      result.output
        == #"{"input":"in.jsonl","input_format":"jsonl","output":"out.jsonl","#
        + #""output_format":"jsonl","videos":1,"tracks":2,"instances":3,"bad_rows":0,"notes":[],"#
        + #""losses":{}}"# + "\n")
  }

  @Test func `MOT text becomes JSON Lines, with the size the call gives`() throws {
    try program.write("1,7,5,5,9,9,1,-1,-1,-1\n2,7,5,5,9,9,1,-1,-1,-1\n", to: "gt.txt")
    let result = try program.run("convert gt.txt:mot out.jsonl --size 64x48 --fps 12.5")
    #expect(result.status == 0)
    let written = try LabelFormats.read(path: path("out.jsonl"))
    let video = try #require(written.videos.first)
    #expect(video.width == 64 && video.height == 48 && video.frameRate == 12.5)
    #expect(video.tracks.map(\.id) == ["7"])
    #expect(video.instanceCount == 2)
  }

  @Test func `A rate alone is enough where nothing else is missing`() throws {
    try program.write("1,7,5,5,9,9,1,-1,-1,-1\n", to: "gt.txt")
    #expect(try program.run("convert gt.txt:mot out.jsonl --fps 12.5").status == 0)
    #expect(try LabelFormats.read(path: path("out.jsonl")).videos[0].frameRate == 12.5)
  }

  @Test func `The video tells what the labels leave out`() throws {
    try program.copyClip("cfr-bframes.mp4")
    try program.write("1,7,5,5,9,9,1,-1,-1,-1\n", to: "gt.txt")
    let result = try program.run("convert gt.txt:mot out.jsonl --video cfr-bframes.mp4")
    #expect(result.status == 0)
    let video = try LabelFormats.read(path: path("out.jsonl")).videos[0]
    // ffprobe counts 50 frames of 160x120 at 25 a second.
    #expect(video.width == 160 && video.height == 120)
    #expect(video.frameCount == 50 && video.frameRate == 25)
    #expect(video.name == "cfr-bframes.mp4")
  }

  @Test func `Losses are counted on standard error and in JSON`() throws {
    let result = try program.run("convert in.jsonl masks:davis --json")
    #expect(result.status == 0)
    let notes = result.errors.split(separator: "\n")
    #expect(
      notes.first == "note: masks: 3 instances of 2 tracks in 1 video, from jsonl to davis.")
    #expect(notes.contains("note: lost: 3 shapes turned into another kind (shape)."))
    #expect(notes.contains("note: lost: 1 scores (confidence)."))
    #expect(notes.contains("note: lost: 1 labels of frames and ranges (ranges)."))
    let facts = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let losses = try #require(facts["losses"] as? [String: Int])
    #expect(losses["shape"] == 3 && losses["confidence"] == 1 && losses["ranges"] == 1)
    #expect(notes.count == losses.count + 1)
    // Two frames have labels, and YouTube-VOS keeps the classes beside the images.
    #expect(text("masks/meta.json") != nil)
    let back = try program.run("convert masks back.jsonl")
    #expect(back.status == 0)
    #expect(back.errors.contains("back.jsonl: 3 instances of 2 tracks in 1 video, from davis"))
  }

  @Test func `Fractions are written and read of the size that the call or the video gives`() throws
  {
    try program.copyClip("cfr-bframes.mp4")
    let lines = """
      {"type":"header","format":"continuity","version":1}
      {"type":"instance","track":"1","frame":0,"shape":{"box":[40,30,80,60]}}

      """
    try program.write(lines, to: "bare.jsonl")
    let refused = try program.run("convert bare.jsonl yolo:yolo")
    #expect(refused.status == 2)
    #expect(
      refused.errors
        == "error: yolo: yolo needs the size of the picture, which the labels of the video do not"
        + " state; name the video with --video.\n")
    // The clip has 160x120, so that the box is the middle half of the picture.
    #expect(
      try program.run("convert bare.jsonl yolo:yolo --video cfr-bframes.mp4").status == 0)
    #expect(try program.run("convert yolo back.jsonl --size 320x240").status == 0)
    let box = try LabelFormats.read(path: path("back.jsonl")).videos[0].tracks[0].instances[0]
    #expect(box.shape == .box(Box(left: 80, top: 60, width: 160, height: 120)))
  }

  @Test func `A folder that is not empty is left alone`() throws {
    try program.write("mine", to: "masks/file.txt")
    let result = try program.run("convert in.jsonl masks:davis")
    #expect(result.status == 2)
    #expect(
      result.errors
        == "error: masks: the folder is not empty; name one that is, or a new one.\n")
    #expect(text("masks/file.txt") == "mine")
  }

  @Test func `Bad rows are named, counted and give status 1`() throws {
    try program.write(Self.lines + "{}\nbroken\n", to: "bad.jsonl")
    let result = try program.run("convert bad.jsonl out.jsonl --json")
    #expect(result.status == 1)
    #expect(
      result.errors == """
        note: bad.jsonl:10: the line has no type; it was left out.
        note: bad.jsonl:11: the line is no JSON object; it was left out.
        note: out.jsonl: 3 instances of 2 tracks in 1 video, from jsonl to jsonl.

        """)
    #expect(result.output.contains(#""bad_rows":2"#))
    #expect(text("out.jsonl") != nil)
  }

  @Test func `Of many bad rows the first ten are named`() throws {
    try program.write(Self.lines + String(repeating: "{}\n", count: 30), to: "bad.jsonl")
    let lines = try program.run("convert bad.jsonl out.jsonl").errors.split(separator: "\n")
    #expect(lines.count == 12)
    #expect(lines[10] == "note: bad.jsonl: 30 bad rows in all.")
  }

  @Test func `What is there is replaced, and what cannot be replaced stays`() throws {
    try program.write("old", to: "out.jsonl")
    #expect(try program.run("convert missing.jsonl out.jsonl").status == 2)
    #expect(text("out.jsonl") == "old")
    #expect(try program.run("convert in.jsonl out.jsonl").status == 0)
    #expect(text("out.jsonl") != "old")
  }

  @Test(arguments: [
    ("convert", "Missing expected argument '<in[:format]>'"),
    ("convert in.jsonl", "Missing expected argument '<out[:format]>'"),
    ("convert missing.jsonl out.jsonl", "missing.jsonl: there is no such file; check the path."),
    (
      "convert in.jsonl out", "out does not tell the format to write; name one after a colon."
    ),
    (
      "convert in.jsonl out.xyz",
      "out.xyz does not tell the format to write; name one after a colon."
    ),
    (
      "convert in.jsonl out.jsonl:nothing",
      "out.jsonl:nothing: there is no label format called nothing"
    ),
    ("convert in.jsonl in.jsonl", "in.jsonl is the input as well; name another output."),
    (
      "convert in.jsonl ./folder/../in.jsonl",
      "./folder/../in.jsonl is the input as well; name another output."
    ),
    ("convert in.jsonl link.jsonl", "link.jsonl is the input as well; name another output."),
    ("convert in.jsonl hard.jsonl", "hard.jsonl is the input as well; name another output."),
    (
      "convert in.jsonl one-frame.mp4:jsonl --video one-frame.mp4",
      "one-frame.mp4 is the video as well; name another output."
    ),
    (
      "convert in.jsonl missing/out.jsonl",
      "missing does not exist; create it first."
    ),
    ("convert in.jsonl folder:jsonl", "folder: this is a directory; name a file in it."),
    ("convert in.jsonl out.jsonl --size 64", "--size 64 is no size; write it as 1920x1080."),
    ("convert in.jsonl out.jsonl --size 0x9", "--size 0x9 is no size; write it as 1920x1080."),
    ("convert in.jsonl out.jsonl --fps 0", "--fps 0.0 is no rate; give frames per second above 0."),
    (
      "convert in.jsonl out.jsonl --fps nan",
      "--fps nan is no rate; give frames per second above 0."
    ),
    (
      "convert in.jsonl out.jsonl --size 9x9 --video one-frame.mp4",
      "the video tells its size; leave --size out."
    ),
    ("convert in.jsonl out.jsonl --video missing.mp4", "missing.mp4"),
    ("convert in.jsonl out.jsonl --kind guesses", "guesses"),
    ("convert :jsonl out.jsonl", "the input names no file."),
    ("convert in.jsonl :jsonl", "the output names no file."),
    (
      "convert text.txt out.jsonl",
      "text.txt: no known label format recognises the content; name one after a colon (continuity formats lists them)."
    ),
    (
      "convert later.jsonl out.jsonl",
      "later.jsonl:1: this is of a later version than this program reads; update it."
    ),
    ("convert empty.jsonl out.jsonl", "empty.jsonl: the file is empty."),
    (
      "convert header.jsonl out.jsonl",
      "out.jsonl: the labels speak of no video; nothing is written."
    ),
    ("formats nothing", "there is no label format called nothing"),
    ("formats mot --schema", "only the format jsonl has a JSON Schema."),
  ])
  func `A wrong call or input is one sentence and status 2`(
    call: String, sentence: String
  ) throws {
    try program.copyClip("one-frame.mp4")
    try program.write("hello\n", to: "text.txt")
    try program.write("", to: "empty.jsonl")
    let header = #"{"type":"header","format":"continuity","version":"#
    try program.write(header + "1}\n", to: "header.jsonl")
    try program.write(header + "2}\n", to: "later.jsonl")
    try program.write("x", to: "folder/file")
    try FileManager.default.createSymbolicLink(
      atPath: path("link.jsonl"), withDestinationPath: "in.jsonl")
    try FileManager.default.linkItem(atPath: path("in.jsonl"), toPath: path("hard.jsonl"))
    let before = try names()
    let result = try program.run(call)
    #expect(result.status == 2)
    #expect(result.output == "")
    #expect(result.errors.hasPrefix("error: "))
    #expect(result.errors.contains(sentence))
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(try names() == before)
    #expect(text("in.jsonl") == Self.lines)
  }

  @Test func `A device is never replaced`() throws {
    let result = try program.run("convert in.jsonl /dev/null:jsonl")
    #expect(result.status == 2)
    #expect(result.errors == "error: /dev/null: this is no ordinary file; name another path.\n")
  }

  @Test func `A link in the way of the output stays`() throws {
    try program.write("old", to: "real/out.jsonl")
    try FileManager.default.createSymbolicLink(
      atPath: path("out.jsonl"), withDestinationPath: "real/out.jsonl")
    #expect(try program.run("convert in.jsonl out.jsonl").status == 0)
    #expect(text("real/out.jsonl")?.hasPrefix(#"{"type":"header""#) == true)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: path("out.jsonl"))
        == "real/out.jsonl")
  }

  @Test func `An interrupt leaves nothing behind`() throws {
    var lines = #"{"type":"header","format":"continuity","version":1}"# + "\n"
    for frame in 0..<150_000 {
      lines +=
        #"{"type":"instance","track":"1","frame":\#(frame),"shape":{"box":[1,2,3,4]}}"# + "\n"
    }
    try program.write(lines, to: "large.jsonl")
    let before = try names()
    var status: Int32 = 0
    // A busy machine may look too late and find the file written: then once more.
    for _ in 0..<10 where status != 2 {
      let process = try program.start("convert large.jsonl out.jsonl")
      while process.isRunning, try names() == before { usleep(200) }
      process.interrupt()
      process.waitUntilExit()
      status = process.terminationStatus
      if status == 0 { try FileManager.default.removeItem(atPath: path("out.jsonl")) }
    }
    #expect(status == 2)
    #expect(try names() == before)
  }

  @Test func `Help is a result`() throws {
    for command in ["convert", "formats"] {
      let help = try program.run("\(command) --help")
      #expect(help.status == 0)
      #expect(help.output.hasPrefix("OVERVIEW: "))
      #expect(help.errors == "")
    }
  }
}

/// `continuity formats` through the real program.
@Suite struct FormatsCommandTests {
  let program: Program

  init() throws { program = try Program() }

  static let ids = LabelFormats.all.map { $0.id }

  @Test func `The list has every format, sorted, and what can be done with it`() throws {
    let result = try program.run("formats")
    #expect(result.status == 0)
    let rows = result.output.split(separator: "\n")
    #expect(rows.map { String($0.prefix { $0 != " " }) } == Self.ids.sorted())
    let writable = Set(LabelFormats.writable.map { $0.id })
    for (row, id) in zip(rows, Self.ids.sorted()) {
      #expect(row.contains(" read, write ") == writable.contains(id))
      #expect(row.contains(" read"))
    }
  }

  @Test func `Ids and summaries are told apart`() {
    #expect(Set(Self.ids).count == Self.ids.count)
    #expect(Set(LabelFormats.all.map { $0.summary }).count == Self.ids.count)
  }

  @Test(arguments: ids)
  func `Every format has a page`(id: String) throws {
    let result = try program.run("formats \(id)")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("\(id): "))
    #expect(result.output.contains("\nFrames: "))
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    let isWritable = LabelFormats.writable.contains { $0.id == id }
    #expect(result.output.hasSuffix("\nIt can only be read.\n") != isWritable)
    #expect(result.output.contains("\nWritten as: ") == isWritable)
  }

  @Test func `The page of the own format tells what it carries`() throws {
    #expect(
      try program.run("formats jsonl").output.contains(
        """
        Written as: a file (.jsonl) for any number of videos.
        Shapes: box, rotated-box, polygon, polyline, points, skeleton, mask, ellipse, cuboid
        Objects are called by: any text.
        Coordinates: exact.

        """))
    #expect(try program.run("formats jsonl").output.hasSuffix("\nLoses: nothing\n"))
  }

  @Test(arguments: ["formats --schema", "formats jsonl --schema"])
  func `The schema is JSON`(call: String) throws {
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(try program.run(call).output.utf8))
        as? [String: Any])
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect((schema["oneOf"] as? [Any])?.count == 7)
  }
}
