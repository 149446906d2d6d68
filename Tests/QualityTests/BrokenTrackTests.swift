import Annotations
import Quality
import Testing
import Timeline

// Ranges, causes and levels are counted by hand on the drawings.
struct BrokenTrackTests {
  /// Both ids on one line, 6 pixels a frame; every other object stands elsewhere.
  private func drawing(
    _ first: String, _ second: String, class other: String = "person", cuts: String? = nil,
    kind: ReadOptions.Kind = .labels
  ) -> Drawing {
    Drawing(
      "a \(first)\nb:\(other) \(second)" + (cuts.map { "\ncuts \($0)" } ?? ""), rate: 25,
      kind: kind
    ) { _, frame in Box(left: 6 * Double(frame), top: 200, width: 40, height: 80) }
  }

  @Test(
    "a hole after which the id is another is one finding",
    arguments: [1, 2, 3, 5, 10])
  func lengths(missing: Int) {
    let silence = String(repeating: ".", count: missing)
    let labels = String(repeating: "X", count: 20)
    let rest = String(repeating: ".", count: 20)
    let findings = drawing(labels + silence + rest, rest + silence + labels)
      .findings(of: BrokenTrack.self)
    #expect(findings.map(\.range) == [FrameRange(20, 20 + missing)])
    #expect(findings.map(\.level) == [.error])
    #expect(findings.map(\.track) == ["a"])
    #expect(findings.map(\.otherTracks) == [["b"]])
    #expect(findings.first?.proposals.map(\.frame) == Array(20..<20 + missing))
  }

  @Test("the same after a long time, and with another object labelled in the hole")
  func longHole() {
    // 60 frames are 2.4 of the 4 seconds that tracks are joined across.
    let (labels, rest) = (String(repeating: "X", count: 60), String(repeating: ".", count: 60))
    let drawing = Drawing(
      """
      a \(labels)\(rest)\(rest)
      b \(rest)\(rest)\(labels)
      c \(labels)\(labels)\(labels)
      """, rate: 25
    ) { track, frame in
      Box(left: 2 * Double(frame), top: track == "c" ? 500 : 200, width: 40, height: 80)
    }
    let findings = drawing.findings(of: BrokenTrack.self)
    #expect(findings.map(\.range) == [FrameRange(60, 120)])
    #expect(findings.map(\.track) == ["a"])
  }

  @Test("an id that changes without a missing frame is found at the first frame of the new one")
  func noHole() {
    let drawing = drawing("XXXXXXXXXXXX............", "............XXXXXXXXXXXX")
    #expect(drawing.marks(of: BrokenTrack.self) == ["............^..........."])
    #expect(drawing.findings(of: BrokenTrack.self).map(\.proposals) == [[]])
  }

  @Test("another class, a cut, or a far place is another object")
  func othersAreNotJoined() {
    let (a, b) = ("XXXXXXXXXXXX...........", "..............XXXXXXXXX")
    #expect(drawing(a, b, class: "car").findings(of: BrokenTrack.self) == [])
    #expect(drawing(a, b, cuts: ".............|.........").findings(of: BrokenTrack.self) == [])
    let far = Drawing("a \(a)\nb \(b)", rate: 25) { track, frame in
      Box(left: 6 * Double(frame), top: track == "a" ? 100 : 500, width: 40, height: 80)
    }
    #expect(far.findings(of: BrokenTrack.self) == [])
  }

  @Test("in one track a hole is no broken track")
  func sameTrack() {
    #expect(Drawing("a XXXXX...XXXXX").findings(of: BrokenTrack.self) == [])
  }

  @Test("predictions get a warning")
  func predictions() {
    let drawing = drawing(
      "XXXXXXXXXXXX...........", "..............XXXXXXXXX", kind: .predictions)
    #expect(drawing.findings(of: BrokenTrack.self).map(\.level) == [.warning])
  }
}
