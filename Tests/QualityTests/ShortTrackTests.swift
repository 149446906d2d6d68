import Annotations
import Quality
import Testing
import Timeline

@Suite struct ShortTrackTests {
  @Test func aSingleFrameIsABlip() throws {
    let drawing = Drawing("7 .....X.....\n8 XXXXXXXXXXX")
    #expect(drawing.marks(of: ShortTrack.self) == [".....^....."])
    let finding = try #require(drawing.findings(of: ShortTrack.self).first)
    #expect(finding.level == .warning)
    #expect(finding.score == 1)
    #expect(
      finding.reason == "person 7 is labelled in frame 5 only, away from the border")
  }

  @Test(arguments: [
    ("7:0", "class 0 track 7"), ("7:person2", "person2 7"), ("7:", "person 7"),
  ])
  func aNumberForAClassIsSaidToBeOne(drawn: String, spoken: String) {
    let drawing = Drawing("\(drawn) .....X.....\n8 XXXXXXXXXXX")
    #expect(
      drawing.findings(of: ShortTrack.self).map(\.reason)
        == ["\(spoken) is labelled in frame 5 only, away from the border"])
  }

  @Test(arguments: [
    // 0.2 seconds are five frames at 25 a second: four are too short, five are not.
    ("7 ...XXXX....\n8 XXXXXXXXXXX", ["...^^^^...."]),
    ("7 ...XXXXX...\n8 XXXXXXXXXXX", []),
    // Beside a cut, at the ends of the video, and at the ends of what was annotated.
    ("7 ...XX......\n8 XXXXXXXXXXX\ncuts .....|.....", []),
    ("7 .....XX....\n8 XXXXXXXXXXX\ncuts .....|.....", []),
    ("7 XX.........\n8 XXXXXXXXXXX", []),
    ("7 .........XX\n8 XXXXXXXXXXX", []),
    ("7 ??XX.......\n8 ??XXXXXXXXX", []),
    ("*7 .....X.....\n8 XXXXXXXXXXX", []),
  ])
  func tracksAreShortOnlyWhereNothingCutsThemOff(drawn: String, expected: [String]) {
    #expect(Drawing(drawn, rate: 25).marks(of: ShortTrack.self) == expected)
  }

  @Test func objectsComeAndGoAtTheBorder() {
    let drawing = Drawing("7 .....X.....\n8 XXXXXXXXXXX") { track, _ in
      track == "7" ? Box(left: 1242, top: 300, width: 40, height: 80) : nil
    }
    #expect(drawing.marks(of: ShortTrack.self) == [])
  }

  @Test func aBlipOfATrackerIsANote() {
    let drawing = Drawing("7 .....X.....\n8 XXXXXXXXXXX", kind: .predictions)
    #expect(drawing.findings(of: ShortTrack.self).map(\.level) == [.note])
  }
}

extension ShortTrackTests {
  @Test func aGlimpseBetweenOtherObjectsIsANote() throws {
    // 8 walks to the right and 9 follows it; 7 is seen in the hole between them.
    let drawing = Drawing(
      """
      7 ......X......
      8 XXXXXXXXXXXXX
      9 XXXXXXXXXXXXX
      """
    ) { track, frame in
      let left = 40 * Double(frame)
      return switch track {
      case "7": Box(left: 300, top: 320, width: 20, height: 40)
      case "8": Box(left: 84 + left, top: 300, width: 40, height: 80)
      default: Box(left: left - 4, top: 300, width: 40, height: 80)
      }
    }
    let finding = try #require(drawing.findings(of: ShortTrack.self).first)
    #expect(finding.level == .note)
    #expect(finding.cause == .occluded)
  }
}
