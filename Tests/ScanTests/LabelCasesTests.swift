import Foundation
import Quality
import Scan
import Testing
import Timeline

/// Missing and superfluous labels in drawn label files, read as MOT and as CVAT and judged by all
/// rules. Ranges and causes are counted by hand on the drawings.
///
/// `X` is a label, `2` the same label twice, `-` declared outside, `.` nothing. Objects with one
/// number stand in the same place and walk a pixel a frame. The rate is 25 frames a second.
struct LabelCasesTests {
  struct Case: CustomStringConvertible, Sendable {
    var description: String
    var lines: [(place: Int, frames: String)]
    var expected: [String]
    var canBeMOT = true
    var canBeCVAT = true
  }

  private static let long = String(repeating: "X", count: 80)

  private static func hole(_ length: Int, ending: String = "XXXXXXXXXXXXXXXX") -> String {
    "XXXXXXXXXXXXXXXX" + String(repeating: ".", count: length) + ending
  }

  static let cases: [Case] =
    [1, 2, 3, 5, 10, 60].flatMap { length in
      let hole = hole(length)
      let full = hole.replacing(".", with: "X")
      return [
        Case(
          description: "a hole of \(length), with others labelled in it",
          lines: [(0, hole), (1, full)],
          expected: ["error track-gap unexplained 16..<\(16 + length)"]),
        Case(
          description: "a hole of \(length), with nothing labelled in it", lines: [(0, hole)],
          expected: ["error track-gap unexplained 16..<\(16 + length)"]),
      ]
    }
    + [1, 2, 3, 5, 10, 60].map { length in
      let (rest, silence) = (long.replacing("X", with: "."), String(repeating: ".", count: length))
      return Case(
        description: "a hole of \(length) and another id after it",
        lines: [
          (0, long + silence + rest), (0, rest + silence + long),
          (1, long + silence.replacing(".", with: "X") + long),
        ],
        expected: ["error broken-track unexplained 80..<\(80 + length)"])
    } + [
      Case(
        description: "a frame without labels between full ones",
        lines: [(0, "XXXXXXXX.XXXXXXXX"), (1, "XXXXXXXX.XXXXXXXX"), (2, "XXXXXXXX.XXXXXXXX")],
        expected: ["error object-count-drop unexplained 8..<9"]
          + Array(repeating: "error track-gap unexplained 8..<9", count: 3)),
      Case(
        description: "every fifth frame labelled",
        lines: [(0, "X....X....X....X....X....X"), (1, "X....X....X....X....X....X")],
        expected: ["note track-gap unannotated 0..<26"], canBeCVAT: false),
      Case(
        description: "declared outside", lines: [(0, "XXXXXXXX----XXXXXXXX"), (1, hole(0))],
        expected: ["note track-gap declared 8..<12"], canBeMOT: false),
      Case(
        description: "a doubled row", lines: [(0, "XXXXXXXX2XXXXXXX"), (1, "XXXXXXXXXXXXXXXX")],
        expected: ["error duplicate-object unexplained 8..<9"]),
      Case(
        description: "one isolated frame",
        lines: [(0, "........X......."), (1, "XXXXXXXXXXXXXXXX")],
        expected: ["warning short-track unexplained 8..<9"]),
      Case(
        description: "nothing wrong", lines: [(0, "XXXXXXXXXXXXXXXX"), (1, "XXXXXXXXXXXXXXXX")],
        expected: []),
    ]

  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static func left(_ place: Int, _ frame: Int) -> Int { 100 + 120 * place + frame }

  private static func motRows(_ lines: [(place: Int, frames: String)], class: Int = 1) -> [String] {
    lines.enumerated().flatMap { track, line in
      line.frames.enumerated().flatMap { frame, mark in
        Array(
          repeating: "\(frame + 1),\(track),\(left(line.place, frame)),300,40,80,1,\(`class`),1",
          count: mark == "X" ? 1 : mark == "2" ? 2 : 0)
      }
    }
  }

  private static func cvat(_ lines: [(place: Int, frames: String)]) -> String {
    let tracks = lines.enumerated().map { track, line in
      let boxes = line.frames.enumerated().map { frame, mark in
        let left = left(line.place, frame)
        let box =
          "<box frame=\"\(frame)\" keyframe=\"1\" outside=\"\(mark == "-" ? 1 : 0)\""
          + " occluded=\"0\" xtl=\"\(left)\" ytl=\"300\" xbr=\"\(left + 40)\" ybr=\"380\"/>\n"
        return mark == "." ? "" : mark == "2" ? box + box : box
      }
      return "<track id=\"\(track)\" label=\"person\">\n\(boxes.joined())</track>\n"
    }
    let size = "<original_size><width>1280</width><height>720</height></original_size>"
    return "<annotations><version>1.1</version><meta><task>\(size)</task></meta>\n"
      + "\(tracks.joined())</annotations>\n"
  }

  private func everything(_ summary: ScanSummary) -> [String] {
    summary.findings.map {
      let finding = $0.finding
      return "\(finding.level) \(finding.rule) \(finding.cause.rawValue) \(finding.range)"
    }
  }

  @Test("in a MOT file", arguments: cases.filter(\.canBeMOT))
  func mot(_ example: Case) throws {
    let rows = Self.motRows(example.lines).joined(separator: "\n") + "\n"
    let labels = try workspace.write(rows, to: "gt.txt")
    try workspace.write("[Sequence]\nimWidth=1280\nimHeight=720\n", to: "seqinfo.ini")
    #expect(try everything(workspace.scan(labels: [labels])) == example.expected)
  }

  // CVAT fills in the frames between key frames.
  @Test("in a CVAT file", arguments: cases.filter(\.canBeCVAT))
  func cvat(_ example: Case) throws {
    let labels = try workspace.write(Self.cvat(example.lines), to: "task.xml")
    #expect(try everything(workspace.scan(labels: [labels])) == example.expected)
  }

  @Test("a frame without labels is an error also where nothing tells the size of the picture")
  func wipedFrameWithoutSize() throws {
    let lines = (0..<3).map { (place: $0, frames: "XXXXXXXX.XXXXXXXX") }
    let labels = try workspace.write(Self.motRows(lines).joined(separator: "\n"), to: "gt.txt")
    let found = try workspace.scan(labels: [labels]).findings(of: "object-count-drop")
    #expect(found.map { "\($0.finding.level) \($0.finding.range)" } == ["error 8..<9"])
  }

  @Test("rows in any order give the same findings")
  func unsorted() throws {
    let lines = [(place: 0, frames: Self.hole(5)), (place: 1, frames: Self.hole(0))]
    // Every seventh row, then the next ones, and so on: no row stays beside its neighbour.
    let rows = Self.motRows(lines)
    let shuffled = (0..<7).flatMap { start in stride(from: start, to: rows.count, by: 7) }
      .map { rows[$0] }
    let sorted = try workspace.write(rows.joined(separator: "\n") + "\n", to: "gt.txt")
    let expected = try workspace.scan(labels: [sorted]).findings
    try workspace.write(shuffled.joined(separator: "\n") + "\n", to: "gt.txt")
    #expect(expected.count == 1)
    #expect(try workspace.scan(labels: [sorted]).findings == expected)
  }

  @Test("ids that are words and the class 0 are kept")
  func wordsAndZero() throws {
    let rows = Self.motRows([(0, Self.hole(5)), (1, Self.hole(0))], class: 0).map { row in
      var columns = row.split(separator: ",").map(String.init)
      columns[1] = columns[1] == "0" ? "left-hand" : "right hand"
      return columns.joined(separator: ",")
    }
    let labels = try workspace.write(rows.joined(separator: "\n") + "\n", to: "gt.txt")
    let found = try workspace.scan(labels: [labels]).findings.map(\.finding)
    #expect(found.map(\.track) == ["left-hand"])
    #expect(found.map(\.className) == ["0"])
  }

  @Test("many videos in one run find what each finds alone", arguments: 0..<4)
  func videosApart(seed: Int) throws {
    // Every fifth case, so that one file's gap frames are full in the other.
    let chosen = Self.cases.filter(\.canBeMOT).enumerated().filter { $0.offset % 4 == seed }
    for (place, example) in chosen {
      let rows = Self.motRows(example.lines).joined(separator: "\n") + "\n"
      try workspace.write(rows, to: "labels/video\(place).txt")
    }
    let together = try workspace.scan(labels: [workspace.file("labels")])
    let alone = try chosen.map { place, _ in
      try workspace.scan(labels: [workspace.file("labels/video\(place).txt")])
    }
    #expect(together.videos.count == chosen.count)
    let expected = alone.flatMap(\.findings).sorted { $0.video < $1.video }
    #expect(
      together.findings.sorted { $0.video < $1.video }.map(\.finding) == expected.map(\.finding))
  }

  @Test("a copy of labels with a hole in it shows the hole, as labels and as predictions")
  func copyWithHole() throws {
    let full = [(place: 0, frames: Self.hole(0)), (place: 1, frames: Self.hole(0))]
    let holed = [(place: 0, frames: "XXXXXXXXXX....XXXXXXXXXXXXXXXXXX"), full[1]]
    let labels = try workspace.write(Self.motRows(full).joined(separator: "\n"), to: "gt.txt")
    let copy = try workspace.write(Self.motRows(holed).joined(separator: "\n"), to: "copy.txt")
    let found = try workspace.scan(labels: [labels], predictions: ["model=\(copy)"]).findings
    #expect(
      found.map { "\($0.finding.source ?? "") \($0.finding.rule) \($0.finding.range)" }
        == ["model track-gap 10..<14"])
    let both = try workspace.scan(labels: [copy], predictions: ["model=\(copy)"]).findings
    #expect(both.map { "\($0.finding.level)" } == ["error", "warning"])
  }

  @Test("polygons that cross themselves and shapes without area are reported, not dropped")
  func brokenShapes() throws {
    let shapes = [
      "<polygon frame=\"0\" keyframe=\"1\" outside=\"0\" points=\"10,10;50,50;50,10;10,50\"/>",
      "<polygon frame=\"1\" keyframe=\"1\" outside=\"0\" points=\"10,10;30,30;50,50\"/>",
      "<box frame=\"2\" keyframe=\"1\" outside=\"0\" xtl=\"10\" ytl=\"10\" xbr=\"10\" ybr=\"40\"/>",
      "<box frame=\"3\" keyframe=\"1\" outside=\"0\" xtl=\"40\" ytl=\"10\" xbr=\"10\" ybr=\"40\"/>",
    ]
    let tracks = shapes.enumerated().map { number, shape in
      "<track id=\"\(number)\" label=\"a\">\n\(shape)\n</track>\n"
    }
    let labels = try workspace.write(
      "<annotations><version>1.1</version>\n\(tracks.joined())</annotations>", to: "task.xml")
    let summary = try workspace.scan(labels: [labels]) { $0.chosenRules = ["geometry-invalid"] }
    #expect(summary.videos.first?.sources.first?.instanceCount == 4)
    #expect(summary.findings.map(\.finding.range.start) == [0, 1, 2, 3])
    #expect(
      summary.findings.map(\.finding.reason) == [
        "a 0 crosses itself at (30.0, 30.0) in frame 0 (line 3)",
        "a 1 is a polygon of area 0 in frame 1 (line 6)",
        "a 2 is 0.00 wide and 30.00 high in frame 2 (line 9)",
        "a 3 is -30.00 wide and 30.00 high in frame 3 (line 12)",
      ])
  }
}
