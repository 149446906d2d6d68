import Foundation
import Testing

/// `cfr-bframes.mp4` has 50 frames at 25 frames per second, as ffprobe counts them.
@Suite struct ScanCommandTests {
  let program: Program
  private let scan = "scan cfr-bframes.mp4 --labels gt.txt:mot --rules label-out-of-range"

  init() throws {
    program = try Program()
    try program.copyClip("cfr-bframes.mp4")
    try program.write(
      "1,7,10,10,20,20,1,-1,-1,-1\n50,7,10,10,20,20,1,-1,-1,-1\n52,7,10,10,20,20,1,-1,-1,-1\n",
      to: "gt.txt")
  }

  @Test func `Findings are printed like a linter's, and make the status 1`() throws {
    let result = try program.run(scan)
    #expect(result.status == 1)
    #expect(result.errors == "")
    #expect(
      result.output == """
        cfr-bframes.mp4 (50 frames, 00:00:02.000)
        labels (gt.txt: mot, ground truth, boxes only, frames from 1, 1 track, 3 instances)
          error  00:00:02.040  51..<52  7  label-out-of-range  1 label lies after the last frame, 49: frame 51

        1 error in 1 video
        export:     continuity export --format csv --output findings.csv
        explain:    continuity rules label-out-of-range
        everything is in continuity.sqlite

        """)
  }

  // Four tracks of 50 frames; frame 20 is empty.
  @Test func `What many tracks have in common is one line`() throws {
    var rows = ""
    for frame in 1...50 where frame != 21 {
      for track in 1...4 { rows += "\(frame),\(track),\(100 * track),50,20,40,1,-1,-1,-1\n" }
    }
    try program.write(rows, to: "gt.txt")
    let result = try program.run("scan --labels gt.txt:mot --rules track-gap")
    #expect(
      result.output.contains(
        """
          error  00:00:00.800  20..<21  4 tracks  track-gap  track 1 is labelled at 19 and 21 but \
        not in between; nothing explains it; the same for 2, 3, 4

        4 errors in 1 video
        """))
  }

  @Test(arguments: [("never", 0), ("error", 1), ("warning", 1), ("note", 1)] as [(String, Int32)])
  func `The status follows the threshold`(threshold: String, status: Int32) throws {
    #expect(try program.run("\(scan) --fail-on \(threshold)").status == status)
  }

  @Test func `A clean scan ends with status 0`() throws {
    let result = try program.run("scan cfr-bframes.mp4 --rules label-out-of-range")
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(result.output.contains("no findings in 1 video\n"))
    #expect(!result.output.contains("explain:"))
  }

  @Test func `Workflow commands name the label file`() throws {
    let result = try program.run("\(scan) --format github")
    #expect(
      result.output
        == "::error file=gt.txt,title=label-out-of-range::cfr-bframes.mp4 00:00:02.040 (51..<52):"
        + " 1 label lies after the last frame, 49: frame 51\n")
  }

  @Test func `JSON holds videos, counts and findings`() throws {
    let result = try program.run("\(scan) --format json")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(
      Set(json.keys) == ["counts", "findings", "notes", "store", "version", "videos"])
    #expect((json["counts"] as? [String: Int]) == ["note": 0, "warning": 0, "error": 1])
    let finding = try #require((json["findings"] as? [[String: Any]])?.first)
    #expect(finding["start_frame"] as? Int == 51)
    #expect(finding["end_frame"] as? Int == 52)
    #expect(finding["track"] as? String == "7")
  }

  @Test func `Findings and exports of a store agree, byte for byte from scan to scan`() throws {
    _ = try program.run("scan cfr-bframes.mp4 --labels gt.txt")
    let first = try program.run("export --format jsonl --output -")
    _ = try program.run("scan cfr-bframes.mp4 --labels gt.txt")
    #expect(try program.run("export --format jsonl --output -") == first)
    #expect(first.status == 0)
    #expect(first.output.contains("\"rule\":\"label-out-of-range\""))
    let lines = first.output.split(separator: "\n")
    let array = try program.run("findings --json").output
    #expect(array == "[\n" + lines.joined(separator: ",\n") + "\n]\n")
  }

  @Test func `Filters choose findings`() throws {
    _ = try program.run(scan)
    let all = try program.run("findings --rule label-out-of-range --level error --source labels")
    #expect(
      all.output == """
        cfr-bframes.mp4 labels
          error  00:00:02.040  51..<52  7  label-out-of-range  1 label lies after the last frame, 49: frame 51

        1 error

        """)
    #expect(try program.run("findings --rule bad-label-rows").output == "no findings\n")
    #expect(try program.run("findings --source other").status == 2)
  }

  @Test func `An export goes to a file`() throws {
    _ = try program.run(scan)
    let result = try program.run("export --format csv --output findings.csv")
    #expect(result == Program.Result(status: 0, output: "", errors: ""))
    let file = program.folder.appendingPathComponent("findings.csv")
    let rows = String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n")
    #expect(rows.count == 2)
  }

  @Test func `Labels are scanned without a video, at a rate of choice`() throws {
    let result = try program.run("scan --labels gt.txt --fps 10 --rules label-out-of-range")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("gt (52 frames, 00:00:05.200, no video)\n"))
  }

  @Test func `A configuration switches rules off`() throws {
    try program.write("rules:\n  label-out-of-range: off\n", to: "c.yml")
    #expect(try program.run("\(scan) --config c.yml").status == 0)
  }
}
