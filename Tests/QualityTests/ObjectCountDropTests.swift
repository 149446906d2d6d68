import Annotations
import Quality
import Testing
import Timeline

@Suite struct ObjectCountDropTests {
  @Test func aWipedFrameIsOneFinding() throws {
    let drawing = Drawing(
      """
      a XXXXXX.XXXXXX
      b XXXXXX.XXXXXX
      c XXXXXX.XXXXXX
      """)
    #expect(drawing.marks(of: ObjectCountDrop.self) == ["......^......"])
    let finding = try #require(drawing.findings(of: ObjectCountDrop.self).first)
    #expect(finding.level == .error)
    #expect(finding.cause == .unexplained)
    #expect(finding.track == nil)
    #expect(finding.score == 1)
    #expect(
      finding.reason
        == "3 objects labelled before and after have no label in frame 6, "
        + "where nothing is labelled")
  }

  @Test func mostObjectsMissingForSomeFramesIsOneFinding() throws {
    let drawing = Drawing(
      """
      a XXXXXX...XXXXXX
      b XXXXXX...XXXXXX
      c XXXXXX...XXXXXX
      d XXXXXXXXXXXXXXX
      """)
    #expect(drawing.marks(of: ObjectCountDrop.self) == ["......^^^......"])
    // Three of four are missing.
    #expect(drawing.findings(of: ObjectCountDrop.self).map(\.score) == [0.75])
  }

  @Test func aSecondDropIsASecondFinding() {
    let drawing = Drawing(
      """
      a XXXX.XXXXXX.XXXX
      b XXXX.XXXXXX.XXXX
      """)
    #expect(
      drawing.marks(of: ObjectCountDrop.self) == ["....^...........", "...........^...."])
  }

  @Test(arguments: [
    // They leave one after the other, and come one after the other.
    "a XXXXXXXXXXXXXXXX\nb XXXX........XXXX\nc XXXXXX....XXXXXX",
    // A lone track with a gap, which track-gap reports.
    "a XXXXXX.XXXXXX",
    // Half of them are still there.
    "a XXXXXX.XXXXXX\nb XXXXXXXXXXXXX",
    // They go for good, and others come for good.
    "a XXXXXX......\nb XXXXXX......\nc XXXXXX......\nd XXXXXXXXXXXX",
    "a ......XXXXXX\nb ......XXXXXX\nc ......XXXXXX\nd XXXXXXXXXXXX",
    // Nothing before the first label or after the last one.
    "a ...XXXXXXX...\nb ...XXXXXXX...",
    // Other objects come than those that went.
    "a XXXXXX.......\nb XXXXXX.......\nc .......XXXXXX\nd .......XXXXXX",
    // Away for longer than a second.
    "a XXXXXX.......XXXXXX\nb XXXXXX.......XXXXXX",
    // A cut, before which labels end early.
    "a XXXXXX.XXXXXX\nb XXXXXX.XXXXXX\ncuts .......|.....",
    // Every second or fifth frame labelled, without a word that the others were not.
    "a X.X.X.X.X.X.X\nb X.X.X.X.X.X.X",
    "a X....X....X....X\nb X....X....X....X",
    // Frames that nobody annotated.
    "a XXXXXX?XXXXXX\nb XXXXXX?XXXXXX",
    "a XXXXXX\nb XXXXXX",
  ])
  func harmlessChangesAreNoDrop(drawn: String) {
    #expect(Drawing(drawn).marks(of: ObjectCountDrop.self) == [])
  }

  @Test func aWipedFrameAmongSparselyAnnotatedOnesIsFound() {
    let drawing = Drawing(
      """
      a X?X?X?X?.?X?X?X?X
      b X?X?X?X?.?X?X?X?X
      """)
    #expect(drawing.marks(of: ObjectCountDrop.self) == ["........^........"])
  }

  @Test func objectsDeclaredOutsideAreANote() throws {
    let drawing = Drawing(
      """
      a XXXXXX--XXXXXX
      b XXXXXX--XXXXXX
      """)
    let finding = try #require(drawing.findings(of: ObjectCountDrop.self).first)
    #expect(finding.level == .note)
    #expect(finding.cause == .declared)
    #expect(finding.range == FrameRange(6, 8))
  }

  @Test func oneDeclaredObjectDoesNotExcuseTheOthers() {
    let drawing = Drawing(
      """
      a XXXXXX-XXXXXX
      b XXXXXX.XXXXXX
      c XXXXXX.XXXXXX
      """)
    #expect(drawing.findings(of: ObjectCountDrop.self).map(\.cause) == [.unexplained])
  }

  @Test func aBlackFrameIsANote() throws {
    let share = (0..<13).map { MetricValue.value($0 == 6 ? 1 : 0.02) }
    let drawing = Drawing(
      """
      a XXXXXX.XXXXXX
      b XXXXXX.XXXXXX
      """, metrics: ["black-share": share])
    let finding = try #require(drawing.findings(of: ObjectCountDrop.self).first)
    #expect(finding.level == .note)
    #expect(finding.cause == .frameQuality)
  }

  @Test func objectsAtTheBorderAreANote() throws {
    let drawing = Drawing(
      """
      a XXXXXX..XXXXXX
      b XXXXXX..XXXXXX
      """
    ) { track, _ in Box(left: track == "a" ? 0 : 1240, top: 300, width: 40, height: 80) }
    let finding = try #require(drawing.findings(of: ObjectCountDrop.self).first)
    #expect(finding.level == .note)
    #expect(finding.cause == .leftFrame)
  }

  @Test func aNewIdentityAfterTheDropIsTheSameObject() {
    let drawing = Drawing(
      """
      a XXXXXX........
      b XXXXXX........
      c ........XXXXXX
      d ........XXXXXX
      """
    ) { track, frame in
      Box(
        left: (track == "a" || track == "c" ? 300 : 600) + 4 * Double(frame), top: 300, width: 40,
        height: 80)
    }
    #expect(drawing.marks(of: ObjectCountDrop.self) == ["......^^......"])
  }

  @Test func detectionsWithoutIdentityAreFollowedByPlace() {
    let frames = Array(0..<13)
    let tracks = frames.filter { $0 != 6 }.flatMap { frame in
      [300.0, 600.0].map { left in
        Track(
          id: "\(frame)-\(left)", isTracked: false,
          instances: [
            Instance(
              frame: frame,
              shape: .box(Box(left: left + Double(frame), top: 300, width: 40, height: 80)))
          ])
      }
    }
    let input = RuleInput(
      video: VideoFacts(name: "v", frames: FrameTable(nominalCount: 13, rate: 5)),
      source: SourceFacts(
        name: "model", kind: .predictions, annotations: VideoAnnotations(tracks: tracks)))
    let findings = ObjectCountDrop.findings(
      in: input, settings: RuleSettings(ObjectCountDrop.info))
    #expect(findings.map(\.range) == [FrameRange(frame: 6)])
  }
}
