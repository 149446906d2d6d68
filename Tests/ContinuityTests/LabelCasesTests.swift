import Foundation
import Quality
import Testing

/// Acceptance of labels through the built program: what is printed, and the exit status.
@Suite struct LabelCasesTests {
  let program: Program

  init() throws {
    program = try Program()
    try program.copyClip("cfr-bframes.mp4")
  }

  private static func mot(_ frames: some Sequence<Int>) -> String {
    frames.map { "\($0 + 1),7,\(20 + $0),20,30,40,1,-1,-1,-1\n" }.joined()
  }

  private static func cvat(_ frames: some Sequence<Int>) -> String {
    let boxes = frames.map {
      "<box frame=\"\($0)\" keyframe=\"1\" outside=\"0\" occluded=\"0\" xtl=\"\(20 + $0)\""
        + " ytl=\"20\" xbr=\"\(50 + $0)\" ybr=\"60\"/>\n"
    }
    return "<annotations><version>1.1</version>\n<track id=\"7\" label=\"cat\">\n"
      + boxes.joined() + "</track></annotations>\n"
  }

  @Test(arguments: [1, 2, 3, 5, 10, 20])
  func `A hole is one line with its time, its frames and its reason`(length: Int) throws {
    let frames = Array(0..<15) + Array(15 + length..<50)
    try program.write(Self.mot(frames), to: "gt.txt")
    try program.write(Self.cvat(frames), to: "task.xml")
    let range = "15..<\(15 + length)"
    for labels in ["gt.txt", "task.xml"] {
      let result = try program.run("scan cfr-bframes.mp4 --labels \(labels)")
      #expect(result.status == 1)
      let lines = result.output.split(separator: "\n").filter { $0.hasPrefix("  error") }
      #expect(lines.count == 1)
      // Frame 15 at 25 frames a second.
      for word in ["00:00:00.600", range, "track-gap", "at 14 and \(15 + length)"] {
        #expect(lines.first?.contains(word) == true, "\(labels): \(word)")
      }
    }
  }

  @Test(arguments: ["gt.txt", "task.xml"])
  func `Complete labels are clean`(labels: String) throws {
    try program.write(Self.mot(0..<50), to: "gt.txt")
    try program.write(Self.cvat(0..<50), to: "task.xml")
    let result = try program.run("scan cfr-bframes.mp4 --labels \(labels) --fail-on note")
    #expect(result.status == 0, "\(result.output)")
  }

  @Test(arguments: [
    "2,7,20,twenty,30,40,1,-1,-1,-1", "2,7,nan,20,30,40,1,-1,-1,-1", "2,7,20,20,inf,40,1,-1,-1,-1",
    "2,7,20", "-2,7,20,20,30,40", "nonsense",
  ])
  func `One bad row is named with its line, the others are kept, and the status is 1`(row: String)
    throws
  {
    let rows = Self.mot(0..<3).split(separator: "\n")
    try program.write("\(rows[0])\n\(row)\n\(rows[2])\n", to: "labels.txt")
    let result = try program.run("scan cfr-bframes.mp4 --labels labels.txt")
    #expect(result.status == 1)
    #expect(result.output.contains("(labels.txt: mot"))
    #expect(result.output.contains("2 instances"))
    #expect(result.output.contains("1 row was left out: line 2: "))
  }

  @Test func `A negative size and the same id twice in a frame are findings`() throws {
    let rows = Self.mot(0..<50) + "50,7,69,20,30,40,1,-1,-1,-1\n50,8,60,20,-30,40,1,-1,-1,-1\n"
    try program.write(rows, to: "gt.txt")
    let result = try program.run("scan cfr-bframes.mp4 --labels gt.txt")
    #expect(result.status == 1)
    #expect(result.output.contains("duplicate-object"))
    #expect(result.output.contains("is -30.00 wide and 40.00 high in frame 49 (line 52)"))
  }

  @Test func `Labels on every third frame, counted from 1, stay where they are and it is said`()
    throws
  {
    try program.write(Self.mot(stride(from: 0, to: 50, by: 3)), to: "gt.txt")
    let result = try program.run("scan cfr-bframes.mp4 --labels gt.txt --verbose")
    #expect(result.status == 0)
    #expect(result.errors.contains("one frame in 3 has rows"))
    #expect(result.errors.contains("frames to count from 1"))
    #expect(result.output.contains("only every 3rd frame from 0 to 48 is annotated"))
  }

  @Test func `Labels that are shifted beyond the end are an error with their frames`() throws {
    try program.write(Self.mot(10..<60), to: "gt.txt")
    let result = try program.run("scan cfr-bframes.mp4 --labels gt.txt")
    #expect(result.status == 1)
    #expect(result.output.contains("10 labels lie after the last frame, 49: frames 50 to 59"))
  }

  @Test(arguments: ["1e300", "0", "1e18"])
  func `A senseless number in a configuration does not end the program`(number: String) throws {
    try program.write(Self.mot(Array(0..<15) + Array(20..<50)), to: "gt.txt")
    let rules = Rules.all.map { $0.info }.filter { !$0.parameters.isEmpty }
    let configuration =
      "rules:\n"
      + rules.map { rule in
        "  \(rule.id):\n" + rule.parameters.map { "    \($0.id): \(number)\n" }.joined()
      }.joined()
    try program.write(configuration, to: "c.yml")
    let result = try program.run("scan cfr-bframes.mp4 --labels gt.txt --config c.yml")
    #expect([0, 1].contains(result.status), "\(result.errors)")
  }
}
