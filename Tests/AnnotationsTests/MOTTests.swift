import Annotations
import Foundation
import Testing
import Timeline

struct MOTTests {
  private func video(_ text: String, _ options: ReadOptions = ReadOptions()) throws
    -> VideoAnnotations
  {
    let dataset = try LabelText.read(text, as: MOT.self, options)
    return try #require(dataset.videos.first)
  }

  @Test(arguments: [
    "1,7,10,20,30,40,1,-1,-1,-1\n2,7,11.5,20,30,40,1,-1,-1,-1\n",
    "1, 7, 10, 20, 30, 40, 1, -1, -1, -1\r\n2, 7, 11.5, 20, 30, 40, 1, -1, -1, -1\r\n",
    "1 7 10 20 30 40 1 -1 -1 -1\n2 7 11.5 20 30 40 1 -1 -1 -1",
    "1\t7\t10\t20\t30\t40\t1\t-1\t-1\t-1\n\n2\t7\t11.5\t20\t30\t40\t1\t-1\t-1\t-1\n",
    "1;7;10;20;30;40;1;-1;-1;-1\n2;7;11.5;20;30;40;1;-1;-1;-1\n",
    "frame,id,x,y,w,h,conf\n1,7,10,20,30,40,1,\n2,7,11.5,20,30,40,1,\n",
    "\u{FEFF}1,7,10,20,30,40\n2,7,11.5,20,30,40\n",
    "1.0,7.0,1e1,2.0e+1,30.,40\n2e0,7,115e-1,20,+30,40.00\n",
    "  1   7  10 20   30 40  \n\t2 7 11.5 20 30 40\n",
  ])
  func `separators, line ends, column names and spellings of numbers make no difference`(
    text: String
  ) throws {
    let dataset = try LabelText.read(text)
    #expect(dataset.format == "mot")
    #expect(dataset.report.badRowCount == 0)
    #expect(dataset.report.rowCount == 2)
    let tracks = try #require(dataset.videos.first).tracks
    #expect(tracks.map(\.id) == ["7"])
    #expect(tracks[0].instances.map(\.frame) == [0, 1])
    #expect(
      tracks[0].instances.map(\.shape) == [
        .box(Box(left: 10, top: 20, width: 30, height: 40)),
        .box(Box(left: 11.5, top: 20, width: 30, height: 40)),
      ])
  }

  @Test func `a row with frame 0 makes 0 the first frame, and the report says so`() throws {
    let dataset = try LabelText.read("5,1,0,0,9,9\n0,1,0,0,9,9\n", as: MOT.self)
    #expect(dataset.videos[0].base == 0)
    #expect(dataset.videos[0].tracks[0].instances.map(\.frame) == [0, 5])
    #expect(dataset.report.notes.contains { $0.contains("count from 0") })
  }

  @Test func `without a frame 0 the first frame is 1, also where rows begin later`() throws {
    let dataset = try LabelText.read("2,1,0,0,9,9\n3,1,0,0,9,9\n", as: MOT.self)
    #expect(dataset.videos[0].base == 1)
    #expect(dataset.videos[0].tracks[0].instances.map(\.frame) == [1, 2])
    #expect(dataset.report.notes.isEmpty)
    #expect(dataset.dialect == "boxes without scores, frames from 1")
  }

  @Test func `a forced base overrules what is found, and rows below it are bad`() throws {
    let dataset = try LabelText.read(
      "0,1,0,0,9,9\n1,1,0,0,9,9\n", as: MOT.self, ReadOptions(base: 1))
    #expect(dataset.videos[0].tracks[0].instances.map(\.frame) == [0])
    #expect(dataset.report.badRows.map(\.line) == [1])
    #expect(try video("3,1,0,0,9,9\n", ReadOptions(base: 0)).tracks[0].instances[0].frame == 3)
  }

  @Test(arguments: [Int.min, Int.max, -5])
  func `a senseless base is survived`(base: Int) throws {
    let file = try LabelText("3,1,0,0,9,9\n")
    defer { file.remove() }
    _ = try? MOT.read(path: file.path, options: ReadOptions(base: base))
  }

  @Test func `pixels that count from 1 are moved to the origin on request only`() throws {
    let text = "1,1,1,11,9,9\n"
    #expect(try video(text).tracks[0].instances[0].shape.bounds?.left == 1)
    #expect(
      try video(text, ReadOptions(pixelOrigin: 1)).tracks[0].instances[0].shape
        == .box(Box(left: 0, top: 10, width: 9, height: 9)))
  }

  @Test func `rows in any order end up sorted by frame`() throws {
    let tracks = try video("3,1,0,0,9,9\n1,1,1,0,9,9\n2,2,0,0,9,9\n2,1,2,0,9,9\n").tracks
    #expect(tracks.map(\.id) == ["1", "2"])
    #expect(tracks[0].instances.map(\.frame) == [0, 1, 2])
    #expect(tracks[0].instances.map(\.line) == [2, 4, 1])
  }

  @Test func `a repeated row stays, in the order of the file`() throws {
    let tracks = try video("1,1,5,0,9,9\n1,1,6,0,9,9\n").tracks
    #expect(tracks.count == 1)
    #expect(tracks[0].instances.map(\.line) == [1, 2])
  }

  @Test func `an id of -1, or none, is a detection of its own named after its line`() throws {
    let tracks = try video("1,-1,0,0,9,9,0.5\n1,-1,1,0,9,9,0.5\n1,,2,0,9,9,0.5\n").tracks
    #expect(tracks.map(\.id) == ["#1", "#2", "#3"])
    #expect(tracks.allSatisfy { !$0.isTracked && $0.instances.count == 1 })
  }

  @Test func `ids that are no numbers are kept as spelled, also where one looks like a line`()
    throws
  {
    let tracks = try video("1,car-1,0,0,9,9\n1,\"ann b\",0,0,9,9\n1,#4,0,0,9,9\n1,-1,0,0,9,9\n")
      .tracks
    #expect(tracks.map(\.id) == ["car-1", "ann b", "#4", "##4"])
    #expect(tracks.map(\.isTracked) == [true, true, true, false])
  }

  @Test func `the quantum is the smallest decimal step of the coordinates`() throws {
    #expect(try video("1,1,10,20,30,40,0.5\n").quantum == 1)
    #expect(try video("1,1,10.00,20.50,30,40,0.123\n").quantum == 0.1)
    #expect(try video("1,1,10.25,20.5,30,40\n").quantum == 0.01)
    #expect(try video("1,1,10.25,20.5,3.0125e1,40\n").quantum == 0.001)
    #expect(try video("1,1,10.1234567890123456,20.5,30,40\n").quantum == 0)
  }

  @Test func `boxes of no or negative size are kept for the rules to judge`() throws {
    let dataset = try LabelText.read("1,1,5,5,0,9\n2,1,5,5,-3,9\n", as: MOT.self)
    #expect(dataset.report.badRowCount == 0)
    #expect(
      dataset.videos[0].tracks[0].instances.map { $0.shape.bounds?.width } == [0, -3])
  }

  @Test(arguments: [
    ("x,1,0,0,9,9", "the frame number is not a number"),
    ("1.5,1,0,0,9,9", "the frame number is not whole"),
    ("-1,1,0,0,9,9", "the frame number is negative"),
    ("1e300,1,0,0,9,9", "the frame number is too large"),
    ("99999999999999999999,1,0,0,9,9", "the frame number is too large"),
    ("2,1.5,0,0,9,9", "the id is not a whole number"),
    ("2,1,abc,0,9,9", "the left edge is not a number"),
    ("2,1,0,NaN,9,9", "the top edge is not finite"),
    ("2,1,0,0,-inf,9", "the width is not finite"),
    ("2,1,0,0,9,1e999", "the height is too large"),
    ("2,1,0,0,9,1e10", "the height is too large"),
    ("2,1,0,0,9,", "there are only 5 columns; at least 6 are needed"),
    ("2,1,0,,9,9", "the top edge is missing"),
    ("2,1,0,0,9,9,high", "the value in column 7 is not a number"),
    ("2,1,0 5,0,9,9", "the left edge is not a number"),
    ("2", "there are only 1 columns; at least 6 are needed"),
    ("0x2,1,0,0,9,9", "the frame number is not a number"),
  ])
  func `a bad row is counted with its line and a reason, and costs no other row`(
    row: String, reason: String
  ) throws {
    let dataset = try LabelText.read("1,1,0,0,9,9\n\(row)\n3,1,0,0,9,9\n", as: MOT.self)
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 2, reason: reason)])
    #expect(dataset.report.rowCount == 3)
    #expect(dataset.videos[0].tracks[0].instances.map(\.frame) == [0, 2])
  }

  @Test func `a last row that breaks off is bad`() throws {
    let dataset = try LabelText.read(
      "1,1,0,0,9,9,1,-1,-1,-1\n2,1,0,0,9,9,1,-1,-1,-1\n3,1,0,0,9,9,1,-", as: MOT.self)
    #expect(dataset.report.badRows.map(\.line) == [3])
    let shorter = try LabelText.read(
      "1,1,0,0,9,9,1,-1,-1,-1\n2,1,0,0,9,9", as: MOT.self)
    #expect(
      shorter.report.badRows.map(\.reason) == ["the row breaks off at the end of the file"])
  }

  @Test func `an endless line is one bad row`() throws {
    let dataset = try LabelText.read(
      "1,1,0,0,9,9\n" + String(repeating: "7", count: 3_000_000) + "\n2,1,0,0,9,9\n",
      as: MOT.self)
    #expect(dataset.report.badRows.map(\.line) == [2])
    #expect(dataset.videos[0].tracks[0].instances.map(\.line) == [1, 3])
  }

  @Test func `a file without a usable row is of the wrong format`() {
    let error = LabelText.error("hello\nworld\n", as: MOT.self)
    #expect(error?.code == .wrongFormat)
    #expect(LabelText.error("\n\n", as: MOT.self)?.code == .wrongFormat)
    #expect(LabelText.error("<annotations><track id=\"0\">", as: MOT.self)?.code == .wrongFormat)
    #expect(LabelText.error("{\"images\": [1, 2]}", as: MOT.self)?.code == .wrongFormat)
  }

  @Test func `a file that is not there cannot be read`() {
    #expect(throws: LabelError.self) {
      try MOT.read(path: "/nonexistent/gt.txt", options: ReadOptions())
    }
  }

  @Test func `labels are imported and predictions come from a model`() throws {
    let text = "1,1,0,0,9,9,0.5\n"
    #expect(try video(text).tracks[0].instances[0].origin == .imported)
    #expect(
      try video(text, ReadOptions(kind: .predictions)).tracks[0].instances[0].origin == .model)
  }

  @Test func `rows in every 5th frame only leave the others unannotated`() throws {
    let text = (0..<12).map { "\(1 + 5 * $0),1,0,0,9,9\n" }.joined()
    #expect(try video(text).annotated == .every(step: 5, in: FrameRange(0, 56)))
    #expect(try video(text + "3,2,0,0,9,9\n").annotated == .all)
    #expect(try video("1,1,0,0,9,9\n3,1,0,0,9,9\n").annotated == .all)
  }

  @Test func `seqinfo.ini one folder up and labels.txt beside are used`() throws {
    let file = try LabelText("1,1,0,0,9,9,1,2,0.5\n", name: "SEQ/gt/gt.txt")
    defer { file.remove() }
    try file.write(
      "[Sequence]\nname=SEQ-1\nframeRate = 25\nseqLength=71\nimWidth=640\nimHeight=oops\n",
      name: "SEQ/seqinfo.ini")
    try file.write("person\ncar\n", name: "SEQ/gt/labels.txt")
    let video = try #require(MOT.read(path: file.path, options: ReadOptions()).videos.first)
    #expect(video.name == "SEQ-1")
    #expect(video.frameRate == 25)
    #expect(video.frameCount == 71)
    #expect(video.width == 640)
    #expect(video.height == nil)
    #expect(video.tracks[0].className == "car")
    #expect(video.ontology.categories.map(\.name) == ["car"])
  }

  @Test func `rows are read whole wherever the pieces of a large file end`() throws {
    let text = (1...120_000).map { "\($0),7,\($0 % 977).25,\($0 % 13),9,9\n" }.joined()
    let dataset = try LabelText.read(text, as: MOT.self)
    #expect(dataset.report.badRowCount == 0)
    let instances = dataset.videos[0].tracks[0].instances
    #expect(instances.map(\.frame) == Array(0..<120_000))
    #expect(instances.allSatisfy { $0.line == $0.frame + 1 })
    #expect(
      instances.allSatisfy { instance in
        let number = instance.frame + 1
        return instance.shape
          == .box(
            Box(left: Double(number % 977) + 0.25, top: Double(number % 13), width: 9, height: 9))
      })
  }

  @Test(arguments: [
    "0.1", "340.829", "244.25", "79.4999", "1e-7", "123456.789012345", "0.30000000000000004",
    "9007199254740993", "1.7976931348623157e8", "5e-324", "00012.50", ".5", "5.", "-0.007",
    "3.14159265358979323846264338327950288",
  ])
  func `numbers are the nearest doubles, as the standard library reads them`(text: String) throws {
    let number = try #require(
      Double(text.hasPrefix(".") || text.hasSuffix(".") ? "0\(text)0" : text))
    guard abs(number) < 1e9 else { return }
    let instance = try video("1,1,\(text),0,9,9\n").tracks[0].instances[0]
    #expect(instance.shape.bounds?.left == number)
  }
}
