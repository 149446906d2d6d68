import Annotations
import Quality
import Testing
import Timeline

@Suite struct DuplicateTrackTests {
  private static func box(_ offset: Double) -> Box {
    Box(left: 300 + offset, top: 300, width: 40, height: 80)
  }

  @Test func aTrackOnAnotherForItsLifeIsFoundAndNotRepeatedFrameByFrame() throws {
    let drawing = Drawing(
      """
      7 XXXXXXXXXXXXXXXX
      9 ...XXXXXXXXXX...
      """
    ) { track, frame in Self.box((track == "9" ? 4 : 0) + 3 * Double(frame)) }
    #expect(drawing.marks(of: DuplicateTrack.self) == ["...^^^^^^^^^^..."])
    #expect(drawing.marks(of: DuplicateObject.self) == [])
    let finding = try #require(drawing.findings(of: DuplicateTrack.self).first)
    #expect(finding.level == .error)
    #expect(finding.track == "7")
    #expect(finding.otherTracks == ["9"])
    #expect(
      finding.reason
        == "person 7 and 9 cover the same place in 10 frames, mean IoU 0.82, "
        + "for 100 % of the shorter track")
  }

  @Test func threeTracksOnOneObjectAreOneFinding() {
    let drawing = Drawing(
      """
      7 XXXXXXXXXXXXXXXX
      8 ...XXXXXXXXXX...
      9 ..XXXXXXXX......
      """
    ) { track, _ in Self.box(track == "7" ? 0 : track == "8" ? 3 : -3) }
    #expect(drawing.findings(of: DuplicateTrack.self).map(\.otherTracks) == [["8", "9"]])
    #expect(drawing.marks(of: DuplicateTrack.self) == ["..^^^^^^^^^^^..."])
  }

  @Test(arguments: [
    // Shorter than a second: duplicate-object's.
    "7 XXXXXXXXXXXX\n9 ....XXXX....",
    // Lone detections have no life.
    "7 XXXXXXXXXXXX\n*9 ....X.......",
    // Different classes.
    "7 XXXXXXXXXXXX\n9:car ...XXXXXXX..",
  ])
  func otherPairsAreNoDuplicateTracks(drawn: String) {
    let drawing = Drawing(drawn) { track, _ in Self.box(track == "9" ? 4 : 0) }
    #expect(drawing.marks(of: DuplicateTrack.self) == [])
  }

  @Test func aRangeEndsAtACut() {
    let drawing = Drawing(
      """
      7    XXXXXXXXXXXX
      9    XXXXXXXXXXXX
      cuts ......|.....
      """
    ) { _, _ in Self.box(0) }
    #expect(drawing.marks(of: DuplicateTrack.self) == ["^^^^^^......", "......^^^^^^"])
  }
}
