import Annotations
import Scan
import Testing

@Suite struct RequestTests {
  @Test func `A label argument is a file and maybe a format`() throws {
    #expect(
      try SourceRequest.labels("gt.txt:mot")
        == SourceRequest(name: "labels", kind: .labels, path: "gt.txt", format: "mot"))
    #expect(
      try SourceRequest.labels("gt.txt")
        == SourceRequest(name: "labels", kind: .labels, path: "gt.txt"))
  }

  @Test func `A colon in a path is no format`() throws {
    #expect(try SourceRequest.labels("C:/a b/gt.txt").path == "C:/a b/gt.txt")
  }

  @Test func `A prediction argument begins with its name`() throws {
    #expect(
      try SourceRequest.predictions("yolo=out=1.json:coco")
        == SourceRequest(name: "yolo", kind: .predictions, path: "out=1.json", format: "coco"))
  }

  @Test(arguments: ["results.json", "=results.json"])
  func `A prediction without a name is refused`(argument: String) {
    #expect(throws: ScanError.self) { try SourceRequest.predictions(argument) }
  }

  @Test func `An unknown format is refused, and the near one named`() {
    let error = #expect(throws: ScanError.self) { try SourceRequest.labels("gt.txt:mott") }
    #expect(error?.description.contains("do you mean mot?") == true)
  }

  @Test func `A scan of nothing is refused`() {
    let error = #expect(throws: ScanError.self) { try Scan.run(ScanRequest(store: "s.sqlite")) }
    #expect(error?.code == .call)
  }

  @Test func `An unknown rule is refused, and the near one named`() {
    let request = ScanRequest(videos: ["a.mp4"], store: "s", chosenRules: ["frozen-frame"])
    let error = #expect(throws: ScanError.self) { try Scan.run(request) }
    #expect(error?.description.contains("do you mean frozen-frames?") == true)
  }

  @Test(arguments: [0, -25, .infinity, .nan] as [Double])
  func `A frame rate that is none is refused`(rate: Double) {
    let request = ScanRequest(videos: ["a.mp4"], store: "s", frameRate: rate)
    #expect(throws: ScanError.self) { try Scan.run(request) }
  }
}
