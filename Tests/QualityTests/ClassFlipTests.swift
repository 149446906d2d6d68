import Annotations
import Quality
import Testing
import Timeline

@Suite struct ClassFlipTests {
  @Test func aShortRunOfAnotherClassIsARange() throws {
    let drawing = Drawing("7 XXXXXXYYXXXXXX")
    #expect(drawing.marks(of: ClassFlip.self) == ["......^^......"])
    let finding = try #require(drawing.findings(of: ClassFlip.self).first)
    #expect(finding.level == .error)
    #expect(finding.className == "person")
    #expect(
      finding.reason
        == "track 7 is other in 2 labels (frames 6 to 7), but person in 12 of 14")
    #expect(finding.proposals.isEmpty)
  }

  @Test func aNumberForAClassIsSaidToBeOne() {
    #expect(
      Drawing("7:0 XXXXXXYYXXXXXX").findings(of: ClassFlip.self).map(\.reason)
        == ["track 7 is other in 2 labels (frames 6 to 7), but class 0 in 12 of 14"])
  }

  @Test(arguments: [
    // Also where the object moves 0.3 of its width a frame, and at an end of the track.
    ("7 XXXXXXXXXXXYXXXX", ["...........^...."]),
    ("7 XXXXXXXXXXXXXXXY", ["...............^"]),
    ("7 XXXXYXXXXXXXYXXX", ["....^...........", "............^..."]),
    // Closer together than 0.2 seconds, at 25 frames a second.
    ("7 XXXXXXXXYXYXXXXX", ["........^^^....."]),
    // Half and half is one change.
    ("7 XXXXXXXXYYYYYYYY", [".......^^......."]),
    // Long, but enclosed.
    ("7 XXXXXXYYYYXXXXXX", ["......^^^^......"]),
    // Gaps do not hide it.
    ("7 XXXXXX...YXXXXXX", [".........^......"]),
    ("7 XXXXXXXXXXXXXXXX", []),
    ("*7 Y...............", []),
  ])
  func flipsAndChangesAreTold(drawn: String, expected: [String]) {
    let drawing = Drawing(drawn, rate: 25) { _, frame in
      Box(left: 100 + 12 * Double(frame), top: 300, width: 40, height: 80)
    }
    #expect(drawing.marks(of: ClassFlip.self) == expected)
  }

  @Test func anotherIdentityUnderOneClassIsNoClassFlip() {
    let drawing = Drawing(
      """
      7 XXXXXXXX........
      9 ........XXXXXXXX
      """)
    #expect(drawing.marks(of: ClassFlip.self) == [])
  }

  @Test func aRangeEndsAtACut() {
    let drawing = Drawing(
      """
      7    XXXXXXYYXXXXXX
      cuts .......|......
      """)
    #expect(drawing.marks(of: ClassFlip.self) == ["......^.......", ".......^......"])
  }
}
