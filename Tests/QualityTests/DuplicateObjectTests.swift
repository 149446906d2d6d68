import Annotations
import Quality
import Testing
import Timeline

@Suite struct DuplicateObjectTests {
  /// A box of 40 x 80 that lies `offset` pixels to the right of the common place.
  private static func box(_ offset: Double) -> Box {
    Box(left: 300 + offset, top: 300, width: 40, height: 80)
  }

  @Test func aStubOnAnotherTrackIsOneFinding() throws {
    // IoU of two boxes of 40 x 80 shifted by 4: 36 / 44 = 0.82 by hand.
    let drawing = Drawing(
      """
      7 XXXXXXXXXXXX
      9 ....XXXX....
      """
    ) { track, _ in Self.box(track == "9" ? 4 : 0) }
    #expect(drawing.marks(of: DuplicateObject.self) == ["....^^^^...."])
    let finding = try #require(drawing.findings(of: DuplicateObject.self).first)
    #expect(finding.level == .warning)
    #expect(finding.track == "7")
    #expect(finding.otherTracks == ["9"])
    #expect(abs(finding.score - 36.0 / 44) < 1e-6)
    #expect(
      finding.reason == "person 7 and 9 cover the same place in 4 frames, mean IoU 0.82")
  }

  @Test func theSameBoxUnderTwoIdentitiesIsAnError() {
    let drawing = Drawing(
      """
      7 XXXXXXXXXXXX
      9 XXXX.....XXX
      """
    ) { track, frame in Self.box(track == "9" && frame < 8 ? 200 : 0) }
    #expect(drawing.findings(of: DuplicateObject.self).map(\.level) == [.error])
    #expect(drawing.marks(of: DuplicateObject.self) == [".........^^^"])
  }

  @Test func objectsThatCrossAreNoDuplicates() {
    // 9 walks past 7, 6 pixels a frame: IoU 0.74 beside the meeting, 1 at it.
    let drawing = Drawing(
      """
      7 XXXXXXXXXXXXXXXXXXXXX
      9 XXXXXXXXXXXXXXXXXXXXX
      """
    ) { track, frame in Self.box(track == "9" ? 6 * Double(frame - 10) : 0) }
    #expect(drawing.marks(of: DuplicateObject.self) == [])
    #expect(drawing.marks(of: DuplicateTrack.self) == [])
  }

  @Test func aTrackThatJumpsOntoAnotherAndBackIsFound() {
    let drawing = Drawing(
      """
      7 XXXXXXXXXXXX
      9 XXXXXXXXXXXX
      """
    ) { track, frame in Self.box(track == "9" ? (5...6 ~= frame ? 5 : 300) : 0) }
    #expect(drawing.marks(of: DuplicateObject.self) == [".....^^....."])
  }

  @Test func threeBoxesOnOneObjectAreOneGroup() throws {
    let drawing = Drawing(
      """
      7 XXXXXXXXXXXX
      8 ....XXXX....
      9 ....XXXX....
      """
    ) { track, _ in Self.box(track == "7" ? 0 : track == "8" ? 3 : -3) }
    let findings = drawing.findings(of: DuplicateObject.self)
    #expect(findings.count == 1)
    #expect(findings.first?.otherTracks == ["8", "9"])
    #expect(findings.first?.range == FrameRange(4, 8))
  }

  @Test func otherClassesNeedNearlyTheSameBox() {
    let text = """
      7     XXXXXXXXXXXX
      9:car ....XXXX....
      """
    let shifted = Drawing(text) { track, _ in Self.box(track == "9" ? 4 : 0) }
    #expect(shifted.marks(of: DuplicateObject.self) == [])
    let same = Drawing(text) { _, _ in Self.box(0) }
    #expect(same.marks(of: DuplicateObject.self) == ["....^^^^...."])
  }

  @Test func aRepeatedRowIsNamedWithItsLines() throws {
    let drawing = Drawing("7 XXXX2XXXX")
    #expect(drawing.marks(of: DuplicateObject.self) == ["....^...."])
    let finding = try #require(drawing.findings(of: DuplicateObject.self).first)
    #expect(finding.level == .error)
    #expect(
      finding.reason == "person 7 has 2 labels in frame 4 at the same place (lines 5 and 5)")
  }

  @Test func anIdentityUsedForTwoObjectsIsFound() throws {
    let instances = (0..<6).flatMap { frame in
      [0.0, 400].map { Instance(frame: frame, shape: .box(Self.box($0))) }
    }
    let input = RuleInput(
      video: VideoFacts(name: "v", frames: FrameTable(nominalCount: 6, rate: 5)),
      source: SourceFacts(
        name: "labels", kind: .labels,
        annotations: VideoAnnotations(
          tracks: [Track(id: "7", className: "person", instances: instances)])))
    let findings = DuplicateObject.findings(
      in: input, settings: RuleSettings(DuplicateObject.info))
    #expect(findings.map(\.range) == [FrameRange(0, 6)])
    #expect(
      findings.first?.reason
        == "person 7 has 2 labels in frame 0 at different places, and several in 5 frames after it")
  }

  @Test func aRangeEndsAtACut() {
    let drawing = Drawing(
      """
      7    XXXXXXXXXXXX
      9    ....XXXX....
      cuts ......|.....
      """
    ) { track, _ in Self.box(track == "9" ? 4 : 0) }
    #expect(drawing.marks(of: DuplicateObject.self) == ["....^^......", "......^^...."])
  }

  @Test func unannotatedFramesDoNotSplitARange() {
    let drawing = Drawing(
      """
      7 X?X?X?X?X?X?X
      9 ..X.X.X......
      """, rate: 10
    ) { track, _ in Self.box(track == "9" ? 4 : 0) }
    #expect(drawing.marks(of: DuplicateObject.self) == ["..^^^^^......"])
  }

  @Test func detectionsWithoutIdentityAreLinkedToOneRange() throws {
    let drawing = Drawing(
      """
      *a X....
      *b X....
      *c .X...
      *d .X...
      *e .X...
      *f ....X
      """
    ) { track, _ in Self.box(["a", "c", "f"].contains(track) ? 0 : track == "b" ? 5 : -5) }
    let findings = drawing.findings(of: DuplicateObject.self)
    #expect(findings.map(\.range) == [FrameRange(0, 2)])
    #expect(findings.first?.track == nil)
    #expect(findings.first?.reason.hasPrefix("3 person detections cover the same place") == true)
  }

  @Test func twoVideosAreJudgedApart() {
    // The same drawing alone and after another one: nothing is remembered.
    let first = Drawing("7 XXXX2XXXX")
    let second = Drawing("7 XXXXXXXXX")
    #expect(first.findings(of: DuplicateObject.self).count == 1)
    #expect(second.findings(of: DuplicateObject.self).isEmpty)
  }
}
