import Annotations
import Quality
import Testing
import Timeline

// Ranges, causes and levels are counted by hand on the drawings.
struct TrackGapTests {
  private func causes(_ drawing: Drawing) -> [String] {
    drawing.findings(of: TrackGap.self).map { "\($0.level) \($0.cause) \($0.range)" }
  }

  @Test(
    "a hole of any length is one range, with or without others labelled in it",
    arguments: [1, 2, 3, 5, 10, 60], [true, false])
  func lengths(missing: Int, isAlone: Bool) {
    let hole = "XXXXXXXX" + String(repeating: ".", count: missing) + "XXXXXXXX"
    let full = String(repeating: "X", count: hole.count)
    let drawing = Drawing("a \(hole)" + (isAlone ? "" : "\nb \(full)"), rate: 25)
    let findings = drawing.findings(of: TrackGap.self)
    #expect(findings.map(\.range) == [FrameRange(8, 8 + missing)])
    #expect(findings.map(\.level) == [.error])
    #expect(findings.first?.proposals.map(\.frame) == Array(8..<8 + missing))
  }

  @Test("a whole frame without labels is a hole of every track")
  func wipedFrame() {
    let drawing = Drawing(
      """
      a XXXX.XXXX
      b XXXX.XXXX
      """)
    #expect(drawing.marks(of: TrackGap.self) == ["....^....", "....^...."])
    #expect(causes(drawing) == ["error unexplained 4..<5", "error unexplained 4..<5"])
  }

  @Test("what the source declares is a note")
  func declared() {
    #expect(causes(Drawing("a XXXX----XXXX")) == ["note declared 4..<8"])
  }

  @Test("a hole with a cut in it is a note")
  func cut() {
    let drawing = Drawing(
      """
      a    XXXX....XXXX
      cuts ......|.....
      """)
    #expect(causes(drawing) == ["note cut 4..<8"])
  }

  @Test("frames that were never annotated are no hole, and that is said once")
  func unannotated() {
    let drawing = Drawing(
      """
      a X????X????X????X????X????X
      b X????X????X????X????X????X
      """)
    #expect(causes(drawing) == ["note unannotated 0..<26"])
  }

  @Test("labels on every fifth frame are sparse, and a hole among them is one still")
  func sparse() {
    let drawing = Drawing(
      """
      a X....X....X....X....X....X....X
      b X....X....X.........X....X....X
      """)
    #expect(causes(drawing) == ["note unannotated 0..<31", "error unexplained 15..<16"])
    #expect(drawing.findings(of: TrackGap.self)[0].reason.contains("every 5th frame"))
  }

  @Test("an object that walks behind a labelled one is occluded, in the same place it is not")
  func occluded() {
    // a walks to the right, 8 pixels a frame, past the pillar b in front of it.
    let walk = { (frame: Int) in Box(left: 8 * Double(frame), top: 310, width: 30, height: 60) }
    let pillar = Box(left: 160, top: 290, width: 110, height: 100)
    let hidden = Drawing(
      """
      a XXXXXXXXXXXXXXXXXXXXX..........XXXXXXXXXXXXXXXXXXXX
      b XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX
      """, rate: 25
    ) { track, frame in track == "a" ? walk(frame) : pillar }
    #expect(causes(hidden) == ["note occluded 21..<31"])
    #expect(hidden.findings(of: TrackGap.self)[0].reason.hasSuffix("% of its place"))
    let free = Drawing(
      """
      a XXXXXXXXXXXXXXXXXXXXX..........XXXXXXXXXXXXXXXXXXXX
      b XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX
      """, rate: 25
    ) { track, frame in
      track == "a" ? walk(frame) : Box(left: 160, top: 500, width: 110, height: 100)
    }
    #expect(causes(free) == ["error unexplained 21..<31"])
  }

  @Test("an object that leaves through the border and comes back has left the frame")
  func leftFrame() {
    // The picture is 1280 wide: out on the right at 10 pixels a frame, and back again.
    let box = { (frame: Int) in
      Box(
        left: frame < 20 ? 1050 + 10 * Double(frame) : 1240 - 10 * Double(frame - 30), top: 300,
        width: 40, height: 80)
    }
    let drawing = Drawing("a XXXXXXXXXXXXXXXXXXXX..........XXXXXXXXXXXXXXXXXXXX", rate: 25) {
      box($1)
    }
    #expect(causes(drawing) == ["note leftFrame 20..<30"])
  }

  @Test("in a black or frozen stretch the frames are to blame")
  func frameQuality() {
    for metric in ["black-share", "frozen"] {
      let values = (0..<12).map { MetricValue.value((4..<8).contains($0) ? 1 : 0) }
      let drawing = Drawing("a XXXX....XXXX", metrics: [metric: values])
      #expect(causes(drawing) == ["note frameQuality 4..<8"])
    }
  }

  @Test("a hole over the longest gap is a warning without boxes")
  func longGap() {
    let drawing = Drawing("a XXXX" + String(repeating: ".", count: 21) + "XXXX", rate: 5)
    let findings = drawing.findings(of: TrackGap.self)
    #expect(findings.map(\.level) == [.warning])
    #expect(findings.map(\.proposals) == [[]])
    #expect(drawing.findings(of: TrackGap.self, ["longest-gap": 5]).map(\.level) == [.error])
  }

  @Test("predictions get a warning")
  func predictions() {
    let drawing = Drawing("a XXXX..XXXX", kind: .predictions)
    #expect(causes(drawing) == ["warning unexplained 4..<6"])
  }

  @Test("an id that another one replaces for a while is named, and nothing is proposed")
  func replacedForAWhile() {
    let drawing = Drawing(
      """
      a XXXXXXXX...XXXXXXXX
      b ........XXX........
      """
    ) { _, frame in Box(left: 6 * Double(frame), top: 200, width: 40, height: 80) }
    let findings = drawing.findings(of: TrackGap.self)
    #expect(findings.map(\.otherTracks) == [["b"]])
    #expect(findings.map(\.proposals) == [[]])
    #expect(findings.map(\.level) == [.error])
  }

  @Test("an object that passes by in the hole replaces nobody")
  func passesBy() {
    // b crosses a in frame 8, the one in which a has no label.
    let drawing = Drawing(
      """
      a XXXXXXXX.XXXXXXXX
      b XXXXXXXXXXXXXXXXX
      """
    ) { track, frame in
      Box(left: (track == "a" ? 6 : 10) * Double(frame - 8) + 400, top: 200, width: 40, height: 80)
    }
    let findings = drawing.findings(of: TrackGap.self)
    #expect(findings.map(\.otherTracks) == [[]])
    #expect(findings.map { $0.proposals.map(\.frame) } == [[8]])
  }

  @Test("a doubled row is no hole, nor is a label with an invalid box, nor a lone detection")
  func noHoles() {
    #expect(causes(Drawing("a XXXX2XXXX")) == [])
    let invalid = Drawing("a XXXXXXXXX") { _, frame in
      frame == 4 ? Box(left: 10, top: 10, width: 0, height: 5) : nil
    }
    #expect(causes(invalid) == [])
    #expect(causes(Drawing("*a X\n*b ....X")) == [])
  }

  @Test("the proposed boxes lie where the object was, also on a curve")
  func proposals() throws {
    // A parabola: half the square of the frame, 0.4 pixels a frame squared.
    let truth = { (frame: Int) in
      let t = Double(frame)
      return Box(left: 10 * t, top: 100 + 0.4 * t * t, width: 40, height: 80)
    }
    let drawing = Drawing(
      "a XXXXXXXXXXXXXXXXXXXX..........XXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", rate: 25
    ) { truth($1) }
    let finding = try #require(drawing.findings(of: TrackGap.self).first)
    #expect(finding.proposals.count == 10)
    for proposal in finding.proposals {
      // A straight line would be off by up to 12 pixels, which is an IoU of 0.74.
      #expect(proposal.box.iou(truth(proposal.frame)) > 0.97)
    }
  }
}
