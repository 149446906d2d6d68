import Annotations
import Quality
import Testing
import Timeline

@Suite struct TrackAcrossCutTests {
  @Test func aTrackThatGoesOnAfterACutIsAnErrorAtTheCut() throws {
    let drawing = Drawing(
      """
      7    XXXXXXXXXX
      8    XXXXX.....
      9    .....XXXXX
      cuts .....|....
      """)
    #expect(drawing.marks(of: TrackAcrossCut.self) == [".....^...."])
    let finding = try #require(drawing.findings(of: TrackAcrossCut.self).first)
    #expect(finding.level == .error)
    #expect(finding.track == "7")
    #expect(finding.reason == "person 7 is labelled at 4 and at 5, with a cut at 5 in between")
    // The box stays in place, so the cut may be mistaken.
    #expect(finding.score == 0.5)
  }

  @Test(arguments: [
    // A cut a second and a half, and half a second, before the track goes on: 5 frames a second.
    ("7 XXXXX.........XXXXX\ncuts .....|.............", []),
    ("7 XXXXX..XXXXX\ncuts .....|......", [".....^^^...."]),
    // One finding a cut, also where both lie in one gap.
    ("7 XXXXXXXXXXXX\ncuts ...|....|...", ["...^........", "........^..."]),
    ("7 XXXX....XXXX\ncuts .....|.|....", [".....^^....."]),
    // A cut at the first label.
    ("7 .....XXXXX\ncuts .....|....", []),
    ("*7 .....X....\ncuts .....|....", []),
    ("7 XXXXXXXXXX", []),
  ])
  func onlyTracksThatGoOnAreFound(drawn: String, expected: [String]) {
    #expect(Drawing(drawn).marks(of: TrackAcrossCut.self) == expected)
  }

  @Test func anObjectDeclaredOutsideInBetweenIsANote() throws {
    let drawing = Drawing(
      """
      7    XXXXX--XXXX
      cuts .....|.....
      """)
    let finding = try #require(drawing.findings(of: TrackAcrossCut.self).first)
    #expect(finding.level == .note)
    #expect(finding.cause == .declared)
  }
}
